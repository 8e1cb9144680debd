"""What is printed survives a console that is not UTF-8, as far as it is not what people wrote."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from service import Answer, scripted
from zendesk_csat import History
from zendesk_csat.testing import Emulator

PRINT = """
import sys
from zendesk_csat import ApiToken, Client, History, OAuthClient, OAuthToken, Secret, ZendeskError
history = History(sys.argv[1])
client = Client.from_env()
summary = client.sync(history)
report = history.report(by=sys.argv[2].split(","))
rows = history.csat()
for printed in (
    client.plan(history), summary, summary.reconciliation, summary.tickets, summary.rows, summary.calls, report,
    history.export(sys.argv[1] + ".csv"), rows, history, *history.gaps(), *history.accounts(), client,
    client.satisfaction_ratings.list(), client.call_counts, Secret("t"), OAuthToken("t"), OAuthClient("id", "t"),
    ZendeskError("x"),
):
    print(printed)
    print(repr(printed))
plain = [row for row in rows if str(row.to_dict()).isascii()]
assert plain
for row in plain:
    print(row)
"""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory, account: Emulator) -> Path:
    return tmp_path_factory.mktemp("consoles") / "csat.db"


def environment(account: Emulator, encoding: str) -> dict[str, str]:
    return os.environ | {
        "ZENDESK_SUBDOMAIN": account.account["subdomain"],
        "ZENDESK_BASE_URL": account.base_url,
        "ZENDESK_OAUTH_TOKEN": account.account["oauth_token"],
        "PYTHONIOENCODING": encoding,
        "PYTHONWARNINGS": "ignore",
    }


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp932", "cp949", "cp1252"])
def test_everything_prints_on_every_code_page(account: Emulator, history: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PRINT, str(history), "day,week,month,source"],
        env=environment(account, encoding),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr.decode(errors="replace")) == (0, "")


def test_a_printed_report_is_the_drawn_one_with_plain_marks(account: Emulator) -> None:
    history = History(":memory:")
    with account.client() as client:
        client.sync(history)
    report = history.report(by=["day", "week", "month", "agent", "group", "reason", "source"])
    drawn, printed = report.to_text().splitlines(), str(report).splitlines()
    assert len(drawn) == len(printed)
    for one, other in zip(drawn, printed, strict=True):
        assert len(one) == len(other)
    assert "\u2500" in report.to_text() and "\u2500" not in str(report)


def test_what_an_unknown_property_is_called_is_in_a_plain_repr() -> None:
    page = {"satisfaction_ratings": [{"id": 1, "mood": "fine"}], "meta": {"has_more": False}}
    with scripted(Answer(body=page)) as service, service.client() as client:
        rating = client.satisfaction_ratings.list().first()
    assert repr(rating).isascii() and "extra={\"mood\": ...}" in repr(rating)
