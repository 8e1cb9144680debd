"""The log says what the client does, when asked, and nothing that is private."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest
from service import Answer, scripted
from zendesk_csat import OAuthClient, OAuthToken, ZendeskError
from zendesk_csat.testing import Emulator

SCRIPT = """
import sys
from zendesk_csat import Client, OAuthToken
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]))
client.satisfaction_ratings.count()
"""


def test_calls_are_logged_when_asked(account: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    with account.client() as client:
        client.satisfaction_ratings.count()
        assert caplog.records == []
        # The level counts as it is when a call is made.
        with caplog.at_level(logging.DEBUG, logger="zendesk_csat"):
            client.satisfaction_ratings.count()
        client.satisfaction_ratings.count()
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("zendesk_csat", logging.DEBUG)
    assert "operation=count_satisfaction_ratings" in record.getMessage()
    assert "status=200" in record.getMessage()


def test_another_attempt_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with scripted(Answer(503), Answer(body={"count": {"value": 1}})) as service:
        with caplog.at_level(logging.DEBUG, logger="zendesk_csat"):
            service.client().satisfaction_ratings.count()
    said = [record.getMessage() for record in caplog.records]
    assert any("another attempt follows" in line for line in said)
    assert len(said) == 3


def test_nothing_private_is_logged(account: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    secret, known = "s3cr3t-planted", account.account
    with caplog.at_level(1, logger="zendesk_csat"):
        for credentials in (OAuthToken(secret), OAuthClient(known["oauth_client_id"], secret)):
            with account.client(credentials=credentials) as client:
                with pytest.raises(ZendeskError):
                    client.satisfaction_ratings.count()
        signed_in = OAuthClient(known["oauth_client_id"], known["oauth_client_secret"])
        with account.client(credentials=signed_in) as client:
            ratings = client.satisfaction_ratings.list(score="bad_with_comment").collect()
            client.survey_responses.list().first()
    log = "\n".join(record.getMessage() for record in caplog.records)
    assert "operation=list_satisfaction_ratings" in log
    for private in (secret, known["oauth_client_secret"], known["oauth_token"], "Bearer"):
        assert private not in log
    comments = [rating.comment.strip() for rating in ratings if rating.comment]
    assert comments and not any(comment in log for comment in comments if len(comment) > 8)


def test_the_environment_can_ask_for_the_log(account: Emulator) -> None:
    def run(log: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", SCRIPT, account.base_url, account.account["oauth_token"]],
            env=os.environ | {"ZENDESK_CSAT_LOG": log},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert (run("").returncode, run("").stderr) == (0, "")
    debug = run("debug")
    assert debug.returncode == 0 and "DEBUG zendesk_csat: answered" in debug.stderr
    wrong = run("loud")
    assert wrong.returncode == 1 and "ZENDESK_CSAT_LOG: one of trace, debug" in wrong.stderr
