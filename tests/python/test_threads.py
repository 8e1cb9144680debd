"""Threads at the same objects, with the global lock and without."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from zendesk_csat import Client, History, Page
from zendesk_csat.testing import Emulator
from zendesk_csat.types import RatingScaleAnswer, SatisfactionRating, SurveyResponse

T = TypeVar("T")

THREADS = 8


def at_once(call: Callable[[int], T]) -> list[T]:
    """What each thread gets; all of them begin together."""
    barrier = threading.Barrier(THREADS)

    def run(place: int) -> T:
        barrier.wait(30)
        return call(place)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.fixture(autouse=True)
def switching() -> object:
    """Where there is a global lock, it changes hands often."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def test_a_page_becomes_objects_once(client: Client) -> None:
    pages: list[Page[SatisfactionRating]] = list(client.satisfaction_ratings.list(page_size=50).pages())
    for page in pages:
        lists = at_once(lambda _, page=page: page.items)  # type: ignore[misc]
        assert all(items is lists[0] for items in lists)


def test_records_are_read_by_many(client: Client) -> None:
    responses = client.survey_responses.list().collect()

    def read(_: int) -> list[tuple[object, ...]]:
        return [
            (
                response.id,
                response.sent_at,
                response.ticket_id,
                hash(response),
                repr(response),
                [answer.rating for answer in response.answers or [] if isinstance(answer, RatingScaleAnswer)],
                SurveyResponse.from_json(response.to_json()) == response,
            )
            for response in responses
        ]

    read_by_all = at_once(read)
    assert read_by_all[0] and all(read == read_by_all[0] for read in read_by_all)


def test_a_listing_is_read_by_many(client: Client) -> None:
    listing = client.satisfaction_ratings.list(page_size=20)
    wanted = [rating.id for rating in listing]
    assert wanted and at_once(lambda _: [rating.id for rating in listing]) == [wanted] * THREADS


def test_pages_are_shared_out(client: Client) -> None:
    """Each page goes to one of those who ask; after the last all get none, as often as they ask."""
    listing = client.satisfaction_ratings.list(page_size=10)
    wanted = sorted(rating.id for rating in listing)
    core = listing._core.pages()

    def take(_: int) -> list[int]:
        taken = []
        while (page := core.next().wait()) is not None:
            taken += [rating.id for rating in page.items]
        return taken

    assert sorted(sum(at_once(take), [])) == wanted


def test_a_history_is_read_while_others_read(client: Client, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    client.sync(history)
    wanted = history.csat().to_dicts()
    table = history.csat()
    results = at_once(lambda place: table.to_dicts() if place % 2 else history.csat().to_dicts())
    assert wanted and all(dicts == wanted for dicts in results)


def test_each_thread_has_an_account(account: Emulator) -> None:
    def count(place: int) -> int | None:
        with Emulator(seed=place, tickets=20) as zendesk, zendesk.client() as client:
            return client.satisfaction_ratings.count().value

    assert len(at_once(count)) == THREADS
