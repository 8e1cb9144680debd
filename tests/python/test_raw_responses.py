"""Answers with what came around them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from inspect import signature
from typing import Any

import pytest
from service import Answer, scripted
from zendesk_csat import AsyncClient, BadRequestError, Client, Headers, NotFoundError, OAuthToken, RawResponse
from zendesk_csat.testing import Emulator

HEADERS = {
    "X-Request-Id": "abc",
    "X-Rate-Limit-Remaining": "699",
    "Set-Cookie": "_zendesk_session=planted",
    "Location": "/hc/survey_responses/1?access_token=planted",
}


def test_status_headers_and_effort_come_along() -> None:
    counted = Answer(body={"count": {"value": 5}}, headers=HEADERS)
    with scripted(Answer(503), counted) as service:
        answer = service.client().satisfaction_ratings.with_raw_response.count()
    assert (answer.status, answer.request_id, answer.attempts) == (200, "abc", 2)
    assert 0 < answer.elapsed < 60
    assert answer.parse().value == 5
    assert "abc" in repr(answer)


def test_the_date_is_the_clock_of_the_service() -> None:
    with scripted(Answer(body={"count": {"value": 5}})) as service:
        answer = service.client().satisfaction_ratings.with_raw_response.count()
    assert answer.date is not None
    assert abs(answer.date - datetime.now(timezone.utc)) < timedelta(minutes=5)


def test_headers_are_a_mapping_by_names_in_any_capitals() -> None:
    with scripted(Answer(body={"count": {"value": 5}}, headers=HEADERS)) as service:
        headers = service.client().satisfaction_ratings.with_raw_response.count().headers
    assert isinstance(headers, Mapping)
    assert headers["X-RATE-LIMIT-REMAINING"] == headers["x-rate-limit-remaining"] == "699"
    assert "x-request-ID" in headers and "x-nothing" not in headers and len(headers) == len(dict(headers))
    with pytest.raises(KeyError):
        headers["x-nothing"]
    assert dict(Headers([("A", "1"), ("a", "2")])) == {"a": "1, 2"}


def test_what_signs_is_not_among_the_headers() -> None:
    with scripted(Answer(body={"count": {"value": 5}}, headers=HEADERS)) as service:
        answer = service.client().satisfaction_ratings.with_raw_response.count()
    shown = repr(answer) + repr(answer.headers) + repr(dict(answer.headers))
    assert "planted" not in shown and "set-cookie" not in answer.headers


def test_an_error_is_raised_as_ever(client: Client) -> None:
    with pytest.raises(NotFoundError):
        client.satisfaction_ratings.with_raw_response.show(1)


def test_pages_have_the_same(client: Client) -> None:
    page = next(client.satisfaction_ratings.list(page_size=10).pages())
    assert page.meta.status == 200 and page.meta.headers["content-type"].startswith("application/json")


def test_every_call_for_one_record_has_it(account: Emulator, client: Client) -> None:
    rating = client.satisfaction_ratings.list().first()
    reason = client.satisfaction_reasons.list().first()
    response = client.survey_responses.list().first()
    assert rating and reason and response
    raw: list[tuple[RawResponse[Any], Any]] = [
        (client.satisfaction_ratings.with_raw_response.show(rating.id), rating),
        (client.satisfaction_reasons.with_raw_response.show(reason.id), reason),
        (client.survey_responses.with_raw_response.show(response.id), client.survey_responses.show(response.id)),
    ]
    for answer, record in raw:
        assert (answer.status, answer.parse()) == (200, record)

    async def same() -> None:
        async with account.async_client() as other:
            answer = await other.satisfaction_ratings.with_raw_response.show(rating.id)
            assert (answer.status, answer.parse()) == (200, rating)

    asyncio.run(same())


def test_a_listing_answers_with_one_page_for_one_call(account: Emulator, client: Client) -> None:
    account.clear_journal()
    answer = client.satisfaction_ratings.with_raw_response.list(score="good", page_size=7)
    first = answer.parse()
    assert len(account.journal()) == 1
    assert (answer.status, answer.attempts, answer.request_id) == (200, 1, first.meta.request_id)
    assert len(first.items) == 7 and first.has_more
    second = client.satisfaction_ratings.with_raw_response.list(score="good", page_size=7, after=first.cursor).parse()
    listed = client.satisfaction_ratings.list(score="good", page_size=7).pages()
    assert [first.items, second.items] == [next(listed).items, next(listed).items]

    async def same() -> None:
        async with account.async_client() as other:
            page = (await other.satisfaction_ratings.with_raw_response.list(score="good", page_size=7)).parse()
            assert page.items == first.items

    asyncio.run(same())


def test_a_page_with_a_record_that_cannot_be_read_is_an_answer() -> None:
    body = {"satisfaction_ratings": [{"id": 1}, "nothing"], "meta": {"has_more": False}}
    with scripted(Answer(body=body)) as service:
        page = service.client().satisfaction_ratings.with_raw_response.list().parse()
    assert [rating.id for rating in page.items] == [1]
    assert [malformed.path for malformed in page.malformed] == ["$.satisfaction_ratings[1]"]


def test_a_page_that_is_refused_raises(client: Client) -> None:
    with pytest.raises(BadRequestError):
        client.satisfaction_ratings.with_raw_response.list(after="not a cursor")


RESOURCES = (
    "satisfaction_ratings",
    "satisfaction_reasons",
    "survey_responses",
    "surveys",
    "tickets",
    "groups",
    "users",
    "brands",
    "ticket_forms",
    "organizations",
)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("name", RESOURCES)
def test_the_arguments_are_the_same(kind: type[Client] | type[AsyncClient], name: str) -> None:
    resource = getattr(kind("acme", credentials=OAuthToken("t")), name)
    raw = resource.with_raw_response
    verbs = {verb for verb in dir(resource) if not verb.startswith("_")} - {"with_raw_response"}
    assert verbs and verbs == {verb for verb in dir(raw) if not verb.startswith("_")}
    for verb in verbs:
        plain, wrapped = signature(getattr(resource, verb)), signature(getattr(raw, verb))
        # What to do with an unreadable record is a matter of iterating.
        wanted = [parameter for parameter in plain.parameters.values() if parameter.name != "on_malformed"]
        assert list(wrapped.parameters.values()) == wanted
        answer = str(plain.return_annotation)
        for listing in ("AsyncListing[", "Listing["):
            answer = answer.replace(listing, "Page[")
        assert wrapped.return_annotation == f"RawResponse[{answer}]"
