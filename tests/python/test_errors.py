"""The error tree: which error, and what it carries."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import zendesk_csat
from service import Answer, scripted
from zendesk_csat import (
    ApiConnectionError,
    ApiError,
    ApiTimeoutError,
    AuthenticationError,
    BadRequestError,
    Client,
    ConfigurationError,
    ConflictError,
    DecodeError,
    NotFoundError,
    OAuthClient,
    OAuthToken,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    UnprocessableError,
    ZendeskError,
)
from zendesk_csat.testing import Emulator


def test_a_wrong_token_says_what_to_do(account: Emulator) -> None:
    with account.client(credentials=OAuthToken("wrong")) as client:
        with pytest.raises(AuthenticationError) as caught:
            client.satisfaction_ratings.count()
    error = caught.value
    assert (error.status, error.attempts) == (401, 1)
    assert error.request_id and 0 < error.elapsed < 30
    assert "get a new token" in str(error)
    assert "wrong" not in str(error)


def test_an_agent_may_not_read_ratings(account: Emulator) -> None:
    agent = account.account["users"]["agent"]["oauth_token"]
    with account.client(credentials=OAuthToken(agent)) as client:
        with pytest.raises(PermissionDeniedError):
            client.satisfaction_ratings.list().collect()


def test_what_is_not_there_is_not_found(client: Client) -> None:
    with pytest.raises(NotFoundError) as caught:
        client.satisfaction_ratings.show(1)
    assert (caught.value.status, caught.value.code) == (404, "RecordNotFound")


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, PermissionDeniedError),
        (404, NotFoundError),
        (409, ConflictError),
        (418, ApiError),
        (422, UnprocessableError),
        (429, RateLimitError),
        (500, ServerError),
        (503, ServerError),
    ],
)
def test_each_status_has_its_error(status: int, error: type[ApiError]) -> None:
    body = {"error": "Oops", "description": "It went wrong", "details": {"base": [{"description": "x"}]}}
    headers = {"X-Request-Id": "abc", "Retry-After": "7"}
    with scripted(Answer(status, body, headers)) as service:
        with pytest.raises(error) as caught:
            service.client(max_retries=0).satisfaction_ratings.count()
    assert type(caught.value) is error
    assert isinstance(caught.value, ApiError) and isinstance(caught.value, ZendeskError)
    assert (caught.value.status, caught.value.code, caught.value.request_id) == (status, "Oops", "abc")
    assert caught.value.details == {"base": [{"description": "x"}]}
    assert caught.value.retry_after == (7.0 if status == 429 or status >= 500 else None)
    assert caught.value.attempts == 1


def test_what_is_safe_to_repeat_is_repeated() -> None:
    with scripted(Answer(503), Answer(503), Answer(body={"count": {"value": 3}})) as service:
        assert service.client(max_retries=2).satisfaction_ratings.count().value == 3
        assert len(service.requests) == 3


def test_a_limit_that_lasts_too_long_raises() -> None:
    with scripted(Answer(429, headers={"Retry-After": "60"})) as service:
        with pytest.raises(RateLimitError) as caught:
            service.client(max_wait=1).satisfaction_ratings.count()
    assert caught.value.retry_after == 60.0


def test_no_answer_within_the_timeout() -> None:
    with scripted(Answer(delay=30)) as service:
        with pytest.raises(ApiTimeoutError) as caught:
            service.client(timeout=0.05, max_retries=0).satisfaction_ratings.count()
    assert isinstance(caught.value, ApiConnectionError)
    assert caught.value.attempts == 1


def test_no_server_at_all() -> None:
    with scripted(Answer()) as service:
        client = service.client(max_retries=0)
    with pytest.raises(ApiConnectionError) as caught:
        client.satisfaction_ratings.count()
    assert not isinstance(caught.value, ApiTimeoutError)


@pytest.mark.parametrize("body", ["<html>private</html>", {"count": {"value": "private"}}, {"private": 1}])
def test_an_answer_of_another_shape_is_not_shown(body: Any) -> None:
    with scripted(Answer(body=body)) as service:
        with pytest.raises(DecodeError) as caught:
            service.client().satisfaction_ratings.count()
    assert caught.value.json_path is not None and caught.value.json_path.startswith("$")
    assert "private" not in str(caught.value)


@pytest.mark.parametrize(
    ("subdomain", "options", "message"),
    [
        ("https://acme.zendesk.com", {}, "acme"),
        ("", {}, "subdomain"),
        ("acme", {"base_url": "http://acme.zendesk.com"}, "https"),
        ("acme", {"credentials": OAuthToken("line\nbreak")}, "oauth_token: token"),
        ("acme", {"credentials": OAuthToken("")}, "oauth_token: token is empty"),
    ],
)
def test_what_cannot_be_used_is_a_value_error_too(subdomain: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        given: dict[str, Any] = {"credentials": OAuthToken("t")} | options
        Client(subdomain, **given)
    assert isinstance(caught.value, ValueError)


def test_the_environment_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, account: Emulator) -> None:
    for name in ("SUBDOMAIN", "OAUTH_TOKEN", "EMAIL", "API_TOKEN", "BASE_URL"):
        monkeypatch.delenv(f"ZENDESK_{name}", raising=False)
    with pytest.raises(ConfigurationError, match="ZENDESK_SUBDOMAIN is not set"):
        Client.from_env()
    monkeypatch.setenv("ZENDESK_SUBDOMAIN", account.account["subdomain"])
    monkeypatch.setenv("ZENDESK_BASE_URL", account.base_url)
    monkeypatch.setenv("ZENDESK_EMAIL", account.account["email"])
    monkeypatch.setenv("ZENDESK_API_TOKEN", account.account["api_token"])
    with Client.from_env() as client:
        assert client.satisfaction_ratings.count().value
    with Client.from_env(timeout=5, max_retries=0, user_agent="a-job/1") as client:
        assert client.satisfaction_ratings.count().value
    with pytest.raises(ConfigurationError, match="https"):
        Client.from_env(base_url="http://acme.zendesk.com")


def test_a_wrong_subdomain_says_what_to_check() -> None:
    with scripted(Answer(404, "<html>No help desk here</html>", {"Content-Type": "text/html"})) as service:
        with pytest.raises(NotFoundError, match="check the subdomain"):
            service.client().satisfaction_ratings.list().collect()


def test_a_wrong_secret_says_what_to_check(account: Emulator) -> None:
    wrong = OAuthClient(account.account["oauth_client_id"], "wrong")
    with account.client(credentials=wrong) as client:
        with pytest.raises(AuthenticationError, match="check the identifier and the secret") as caught:
            client.satisfaction_ratings.count()
    assert caught.value.code == "invalid_client"


def test_a_role_that_may_not_says_what_to_check(account: Emulator) -> None:
    agent = account.account["users"]["agent"]["oauth_token"]
    with account.client(credentials=OAuthToken(agent)) as client:
        with pytest.raises(PermissionDeniedError, match="it takes an admin"):
            client.satisfaction_ratings.list().collect()


ERRORS = [
    getattr(zendesk_csat, name)
    for name in zendesk_csat.__all__
    if name.endswith("Error") and issubclass(getattr(zendesk_csat, name), ZendeskError)
]


@pytest.mark.parametrize("error", ERRORS)
def test_tracebacks_name_errors_as_they_are_imported(error: type[ZendeskError]) -> None:
    assert error.__module__ == "zendesk_csat" and error.__qualname__ in zendesk_csat.__all__


@pytest.mark.parametrize("error", ERRORS)
def test_errors_survive_pickling(error: type[ZendeskError]) -> None:
    original = error("what went wrong", attempts=3, elapsed=1.5)
    if isinstance(original, ApiError):
        original.status, original.code, original.details = 418, "Teapot", {"pot": ["short"]}
    for again in (pickle.loads(pickle.dumps(original)), copy.copy(original)):
        assert type(again) is error
        assert (str(again), vars(again)) == (str(original), vars(original))
