"""What is given is read strictly, and an error names the parameter."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from service import Answer, scripted
from zendesk_csat import Client, History, Time


def test_times_are_aware_or_rfc_3339() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    same: list[Time] = [
        datetime(2026, 3, 1, tzinfo=timezone.utc),
        datetime(2026, 3, 1, 1, tzinfo=berlin),
        datetime(2026, 2, 28, 19, tzinfo=timezone(timedelta(hours=-5))),
        "2026-03-01T00:00:00Z",
        "2026-03-01T01:00:00+01:00",
    ]
    # A page of ratings, and one of survey responses.
    body = {"satisfaction_ratings": [], "survey_responses": [], "meta": {"has_more": False}}
    with scripted(Answer(body=body)) as service:
        client = service.client()
        for time in same:
            client.satisfaction_ratings.list(start_time=time).collect()
            client.survey_responses.list(created_at_start=time).collect()
    # The one endpoint reads seconds, the other milliseconds.
    assert {request for request in service.requests if "start_time" in request} == {
        "/api/v2/satisfaction_ratings?page%5Bsize%5D=100&start_time=1772323200"
    }
    assert sum("created_at_start%5D=1772323200000" in request for request in service.requests) == len(same)


@pytest.mark.parametrize(
    ("time", "error"),
    [
        (datetime(2026, 3, 1), ValueError),
        # In UTC it would be before the first year.
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), ValueError),
        ("2026-03-01T00:00:00", ValueError),
        ("tomorrow", ValueError),
        (1772323200, TypeError),
        (1772323200.0, TypeError),
    ],
)
def test_what_could_mean_several_times_is_refused(client: Client, time: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="^start_time: "):
        client.satisfaction_ratings.list(start_time=time)
    with pytest.raises(error, match="^since: "):
        History(":memory:").csat(since=time)
    with pytest.raises(error, match="^since: "):
        client.sync(History(":memory:"), since=time)


@pytest.mark.parametrize(
    ("day", "error"), [("2026-03-01", ValueError), ("yesterday", ValueError), (date(2026, 3, 1), TypeError)]
)
def test_days_are_for_histories(client: Client, day: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="^start_time: "):
        client.satisfaction_ratings.list(start_time=day)
    assert len(History(":memory:").csat(since=day)) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"score": 1}, "score: a str, not int"),
        ({"page_size": "100"}, "page_size: an int, not str"),
        ({"page_size": True}, "page_size: an int, not bool"),
        ({"after": 7}, "after: a str, not int"),
    ],
)
def test_a_wrong_type_is_named(client: Client, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        client.satisfaction_ratings.list(**arguments)


def test_a_wrong_value_is_named(client: Client) -> None:
    with pytest.raises(ValueError, match="page_size"):
        client.satisfaction_ratings.list(page_size=101).collect()
    with pytest.raises(ValueError, match="page_size: -1 is out of range"):
        client.satisfaction_ratings.list(page_size=-1)
    with pytest.raises(TypeError, match=r"ids\[1\]: an int, not str"):
        client.tickets.show_many([1, "2"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError, match="events: an iterable of values, not str"):
        client.tickets.audits(1, events="Comment")
    with pytest.raises(ValueError, match="score: 'good' or 'bad', not \"fine\""):
        client.satisfaction_ratings.create(1, score="fine")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match=r"answers\[0\]: "):
        client.survey_responses.submit("01J", answers=[{"type": "song"}])  # type: ignore[list-item] # pyright: ignore
    with pytest.raises(ValueError, match="id"):
        client.survey_responses.show("../surveys")


def test_options_are_by_keyword_and_in_range(account: Any) -> None:
    for options in ({"timeout": -1.0}, {"max_wait": float("nan")}):
        (name,) = options
        with pytest.raises(ValueError, match=f"^{name}: "):
            account.client(**options)
    with pytest.raises(OverflowError):
        account.client(max_retries=-1)
    with pytest.raises(TypeError):
        Client("acme")  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
