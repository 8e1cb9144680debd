"""A program as users write it, for the type checkers: every type that it states is the one that they find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, assert_type

from zendesk_csat import (
    AsyncClient,
    AsyncListing,
    Client,
    CsatRow,
    Headers,
    History,
    Listing,
    OAuthClient,
    RawResponse,
    SyncSummary,
    ZendeskError,
)
from zendesk_csat.testing import Emulator
from zendesk_csat.types import (
    Answer,
    ClosedEndedAnswer,
    Count,
    OpenEndedAnswer,
    RatingScaleAnswer,
    RatingScore,
    SatisfactionRating,
    Selection,
    SurveyResponse,
    Ticket,
)


def credentials(account: Mapping[str, str]) -> OAuthClient:
    return OAuthClient(account["oauth_client_id"], account["oauth_client_secret"], scope="read")


def words(answer: Answer) -> str:
    match answer:
        case RatingScaleAnswer(rating=rating, rating_category=category):
            assert_type(rating, int | None)
            return f"{rating}: {category}"
        case ClosedEndedAnswer(selections):
            assert_type(selections, list[Selection] | None)
            return f"{len(selections or [])} options"
        case OpenEndedAnswer(value=str(text)):
            return text
        case _:
            return answer.type


def report(client: Client) -> dict[RatingScore, int]:
    counts: dict[RatingScore, int] = {}
    since = datetime(2026, 1, 1, tzinfo=timezone.utc)
    ratings = assert_type(client.satisfaction_ratings.list(score="good", start_time=since), Listing[SatisfactionRating])
    for rating in ratings:
        assert_type(rating.assignee_id, int | None)
        assert_type(rating.created_at, datetime | None)
        assert_type(rating.extra, Mapping[str, Any])
        score = assert_type(rating.score, RatingScore | None)
        if score is not None:
            counts[score] = counts.get(score, 0) + 1
        if score == "good" or score is RatingScore.BAD:
            continue
    return counts


def answers(client: Client) -> list[str]:
    said = []
    for response in client.survey_responses.list(page_size=20):
        answer = assert_type(response.csat_answer, RatingScaleAnswer | None)
        if answer is not None:
            said.append(words(answer))
        said.extend(words(other) for other in response.answers or [])
    return said


def around(client: Client) -> Headers:
    answer = assert_type(client.satisfaction_ratings.with_raw_response.count(), RawResponse[Count])
    assert_type(answer.parse(), Count)
    assert_type(answer.request_id, str | None)
    return answer.headers


def rows(client: Client, history: History) -> list[CsatRow]:
    summary = assert_type(client.sync(history, since="2020-01-01T00:00:00Z"), SyncSummary)
    assert_type(summary.reconciliation.sent, int)
    return [row for row in history.csat() if row.score == "bad"]


async def at_once(client: AsyncClient) -> tuple[int | None, SurveyResponse | None, list[Ticket]]:
    listing = assert_type(client.survey_responses.list(), AsyncListing[SurveyResponse])
    first = assert_type(await listing.first(), SurveyResponse | None)
    count = assert_type(await client.satisfaction_ratings.with_raw_response.count(), RawResponse[Count])
    tickets = [ticket async for ticket in client.tickets.export(start_time="2020-01-01T00:00:00Z")]
    return count.parse().value, first, tickets


def refused(client: Client) -> str | None:
    try:
        client.survey_responses.show("01HZZZZZZZZZZZZZZZZZZZZZZZ")
    except ZendeskError as error:
        return str(error)
    return None


def offline() -> Emulator:
    zendesk = Emulator(seed=5, tickets=60, clock_speed=0)
    ticket = assert_type(zendesk.put_ticket(subject="Refund", status="solved"), Ticket)
    assert_type(zendesk.put_rating(ticket.id, score="bad"), SatisfactionRating)
    assert_type(zendesk.now, datetime)
    return zendesk
