"""The testing kit: faults, the clock, and records put in by hand."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from zendesk_csat import DecodeError, History, ServerError
from zendesk_csat.testing import Emulator


def test_faults_come_by_script_and_by_rate(changing: Emulator) -> None:
    with changing.client(max_retries=2) as client:
        changing.faults(script=["server_error", None, {"kind": "html", "path": "ratings", "times": 4}])
        assert client.satisfaction_ratings.with_raw_response.count().attempts == 2
        with pytest.raises(DecodeError, match="an HTML page"):
            client.satisfaction_ratings.count()
        assert client.satisfaction_ratings.with_raw_response.count().attempts == 2
        assert changing.faults(server_error=1.0, seed=5)["seed"] == 5
        with changing.client(max_retries=0) as hasty, pytest.raises(ServerError):
            hasty.satisfaction_ratings.count()
        changing.clear_faults()
        assert client.satisfaction_ratings.with_raw_response.count().attempts == 1
    with pytest.raises(ValueError, match="gremlins"):
        changing.faults(gremlins=1.0)
    with pytest.raises(ValueError, match="gremlins"):
        changing.faults(script=["gremlins"])


def test_a_sync_through_faults_gets_the_truth(changing: Emulator) -> None:
    changing.faults(reordered_records=0.3, duplicated_record=0.3, empty_page=0.3, seed=3)
    history = History(":memory:")
    with changing.client() as client:
        client.sync(history)
    assert {(row.source, row.id) for row in history.csat()} == {
        (row["source"], row["id"]) for row in changing.truth()
    }


def test_the_clock_steps(changing: Emulator) -> None:
    begun = changing.now
    assert begun == datetime(2026, 6, 1, 8, tzinfo=timezone.utc)
    changing.advance(timedelta(hours=2))
    changing.advance(60)
    assert changing.now == begun + timedelta(hours=2, minutes=1)
    with pytest.raises(ValueError, match="back"):
        changing.advance(timedelta(seconds=-1))


def test_what_is_put_in_is_there(changing: Emulator) -> None:
    ticket = changing.put_ticket(subject="Broken", status="solved")
    rating = changing.put_rating(ticket.id, score="bad", comment="Slow")
    about = changing.put_ticket(status="solved")
    survey_response_id = changing.send_survey(about.id)
    answered = changing.answer_survey(survey_response_id, rating=1, comment="Nobody called")
    assert answered.csat_answer is not None and answered.csat_answer.rating == 1
    changing.advance(120)
    with changing.client() as client:
        assert client.satisfaction_ratings.show(rating.id) == rating
        assert client.survey_responses.show(survey_response_id).ticket_id == about.id
        history = History(":memory:")
        client.sync(history)
    rows = {row.id: row for row in history.csat()}
    assert rows[str(rating.id)].comment == "Slow" and rows[str(rating.id)].ticket_subject == "Broken"
    assert (rows[survey_response_id].score, rows[survey_response_id].comment) == ("bad", "Nobody called")
    assert len(rows) == len(changing.truth())


def test_what_cannot_be_put_in_is_refused(changing: Emulator) -> None:
    with pytest.raises(ValueError, match="score must be offered, good or bad"):
        changing.put_rating(changing.put_ticket().id, score="fine")
    with pytest.raises(ValueError, match="status"):
        changing.put_ticket(status="lost")
    with pytest.raises(ValueError, match="rating must be on the survey's scale"):
        changing.answer_survey(changing.send_survey(changing.put_ticket(status="solved").id), rating=99)


def test_it_serves_async_with() -> None:
    async def count() -> int | None:
        async with Emulator(seed=3, tickets=40) as zendesk, zendesk.async_client() as client:
            return (await client.satisfaction_ratings.count()).value

    assert asyncio.run(count())
