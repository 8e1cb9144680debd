"""Secrets never show by themselves."""

from __future__ import annotations

import copy
import pickle
import warnings

import pytest
from zendesk_csat import ApiToken, ApiTokenDeprecationWarning, Client, OAuthClient, OAuthToken, Secret, ZendeskError
from zendesk_csat.testing import Emulator
from zendesk_csat.types import CreatedSurveyResponse, SurveyResponse

PLANTED = "s3cr3t-planted"


def test_credentials_do_not_show() -> None:
    with warnings.catch_warnings(action="ignore"):
        credentials: list[OAuthToken | OAuthClient | ApiToken] = [OAuthToken(PLANTED), OAuthToken(Secret(PLANTED)), OAuthClient("id", PLANTED), ApiToken("ada@acme.example", PLANTED)]
    for held in credentials:
        client = Client("acme", credentials=held)
        for shown in (repr(held), str(held), repr(client), repr(vars(client)), str(held._core)):
            assert PLANTED not in shown
        for what in (held, client):
            with pytest.raises(TypeError):
                pickle.dumps(what)
            with pytest.raises(TypeError):
                copy.deepcopy(what)


def test_a_secret_shows_when_asked() -> None:
    secret = Secret(PLANTED)
    assert PLANTED not in repr(secret) and PLANTED not in f"{secret}"
    assert secret.expose() == PLANTED
    assert secret == Secret(PLANTED) and secret != Secret("other") and hash(secret) == hash(Secret(PLANTED))
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_an_api_token_warns_where_it_is_made() -> None:
    with pytest.warns(ApiTokenDeprecationWarning, match="2027-04-30") as caught:
        ApiToken("ada@acme.example", PLANTED)
    assert caught[0].filename == __file__
    assert issubclass(ApiTokenDeprecationWarning, DeprecationWarning)


def test_links_of_a_survey_do_not_show(changing: Emulator) -> None:
    with changing.client() as client:
        survey = client.surveys.list().first()
        ticket = client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
        assert survey is not None and ticket is not None and ticket.requester_id is not None
        created = client.survey_responses.create(
            survey_id=survey.id, responder_id=ticket.requester_id, subject_zrns=[f"zen:ticket:{ticket.id}"]
        )
    assert isinstance(created, CreatedSurveyResponse)
    link = created.links
    assert link is not None and link.url_path is not None
    token = link.url_path.expose().partition("access_token=")[2]
    assert token
    for shown in (repr(created), str(created), repr(created.to_dict()), repr(link)):
        assert token not in shown
    assert not hasattr(created, "to_json")
    with pytest.raises(TypeError, match="secret"):
        pickle.dumps(created)
    assert created == created and created.to_dict()["id"] == created.id


def test_errors_do_not_show_what_was_sent(account: Emulator) -> None:
    with account.client(credentials=OAuthToken(PLANTED)) as client:
        with pytest.raises(ZendeskError) as caught:
            client.satisfaction_ratings.count()
    assert PLANTED not in repr(caught.value) + str(caught.value) + repr(vars(caught.value))
    assert PLANTED.encode() not in pickle.dumps(caught.value)


def test_what_has_no_secret_is_pickled(client: Client) -> None:
    response = client.survey_responses.list().first()
    assert isinstance(response, SurveyResponse)
    for again in (pickle.loads(pickle.dumps(response)), copy.deepcopy(response)):
        assert again == response and hash(again) == hash(response)
