"""Listings page by themselves, once, and as late as possible."""

from __future__ import annotations

import pytest
from service import Answer, scripted
from zendesk_csat import Client, DecodeError, PaginationError


def page(items: list[object], after: str | None) -> dict[str, object]:
    return {"satisfaction_ratings": items, "meta": {"has_more": after is not None, "after_cursor": after}}


def test_every_rating_comes_once(client: Client) -> None:
    ids = [rating.id for rating in client.satisfaction_ratings.list(page_size=7)]
    assert len(ids) == len(set(ids)) == client.satisfaction_ratings.count().value
    assert ids == [rating.id for rating in client.satisfaction_ratings.list()]


def test_filters_reach_the_service(client: Client) -> None:
    ratings = client.satisfaction_ratings.list().collect()
    good = client.satisfaction_ratings.list(score="good").collect()
    assert good == [rating for rating in ratings if rating.score == "good"]
    middle = sorted(rating.created_at for rating in ratings if rating.created_at)[len(ratings) // 2]
    later = client.satisfaction_ratings.list(start_time=middle).collect()
    assert later == [rating for rating in ratings if rating.created_at and rating.created_at >= middle]
    responses = client.survey_responses.list().collect()
    some = [response.responder_id for response in responses[:2]]
    asked = client.survey_responses.list(responder_ids=(id for id in some if id is not None))
    assert {response.responder_id for response in asked} == set(some)
    assert client.survey_responses.list(sort="id").collect() == responses[::-1]


def test_pages_tell_of_their_call_and_can_be_resumed(client: Client) -> None:
    pages = list(client.satisfaction_ratings.list(page_size=50).pages())
    assert len(pages) > 2
    assert [page.has_more for page in pages] == [True] * (len(pages) - 1) + [False]
    assert all(page.meta.status == 200 and page.meta.attempts == 1 for page in pages)
    assert all(page.meta.request_id and 0 < page.meta.elapsed < 30 for page in pages)
    rest = client.satisfaction_ratings.list(after=pages[0].cursor).collect()
    assert rest == [rating for page in pages[1:] for rating in page.items]


def test_nothing_is_asked_for_before_it_is_read() -> None:
    with scripted(Answer(body=page([{"id": 1}, {"id": 2}], "c")), Answer(body=page([{"id": 3}], None))) as service:
        client = service.client()
        listing = client.satisfaction_ratings.list()
        assert service.requests == []
        first = listing.first()
        assert first is not None and first.id == 1
        assert len(service.requests) == 1


def test_reading_again_asks_again() -> None:
    with scripted(Answer(body=page([{"id": 1}], None))) as service:
        listing = service.client().satisfaction_ratings.list()
        assert listing.collect() == listing.collect()
        assert len(service.requests) == 2


def test_a_malformed_record_raises_in_its_place() -> None:
    records = [{"id": 1}, {"id": "private"}, {"id": 3}]
    with scripted(Answer(body=page(records, None))) as service:
        seen = []
        with pytest.raises(DecodeError) as caught:
            for rating in service.client().satisfaction_ratings.list():
                seen.append(rating.id)
        assert seen == [1]
        assert caught.value.json_path == "$.satisfaction_ratings[1].id"
        assert "private" not in str(caught.value)


def test_a_malformed_record_can_be_skipped_and_is_kept() -> None:
    records = [{"id": 1}, {"id": "private"}, {"id": 3}, None]
    with scripted(Answer(body=page(records, None))) as service:
        listing = service.client().satisfaction_ratings.list(on_malformed="skip")
        for _ in range(2):
            assert [rating.id for rating in listing] == [1, 3]
            assert [malformed.index for malformed in listing.malformed] == [1, 3]
        assert listing.malformed[0].path == "$.satisfaction_ratings[1].id"
        assert listing.malformed[0].raw == '{"id": "private"}'
        assert "private" not in repr(listing.malformed[0])
    with pytest.raises(ValueError, match="on_malformed"):
        service.client().satisfaction_ratings.list(on_malformed="ignore")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_a_cursor_that_repeats_ends_the_walk() -> None:
    with scripted(Answer(body=page([{"id": 1}], "same"))) as service:
        with pytest.raises(PaginationError):
            service.client().satisfaction_ratings.list().collect()
        assert len(service.requests) == 2


def test_every_reading_operation_answers(client: Client) -> None:
    rating = client.satisfaction_ratings.list().first()
    assert rating is not None and client.satisfaction_ratings.show(rating.id) == rating
    reason = client.satisfaction_reasons.list().first()
    assert reason is not None and client.satisfaction_reasons.show(reason.id).value == reason.value
    response = next(r for r in client.survey_responses.list() if r.csat_answer is not None)
    shown = client.survey_responses.show(response.id)
    assert shown.csat_answer is not None and shown.csat_answer.question is not None
    assert shown.csat_answer.question.options
    survey = client.surveys.list().first()
    assert survey is not None and survey.questions
    tickets = client.tickets.export(start_time="2020-01-01T00:00:00Z").collect()
    assert len(tickets) > 300
    by_time = client.tickets.export_by_time(start_time="2020-01-01T00:00:00Z").collect()
    assert {ticket.id for ticket in by_time} == {ticket.id for ticket in tickets}
    kept = [ticket for ticket in tickets if ticket.status != "deleted"]
    many = client.tickets.show_many(ticket.id for ticket in kept[:150]).collect()
    assert [ticket.id for ticket in many] == [ticket.id for ticket in kept[:150]]
    audits = client.tickets.audits(kept[0].id).collect()
    assert audits and all(audit.ticket_id == kept[0].id for audit in audits)


def test_an_export_goes_on_from_its_cursor(client: Client) -> None:
    pages = list(client.tickets.export(start_time="2020-01-01T00:00:00Z", page_size=150).pages())
    assert not pages[-1].has_more and pages[-1].cursor is not None
    rest = client.tickets.export(cursor=pages[0].cursor).collect()
    assert [ticket.id for ticket in rest] == [ticket.id for page in pages[1:] for ticket in page.items]
