"""Progress of what takes long."""

from __future__ import annotations

import asyncio
import io
import sys
from typing import Any

import pytest
from zendesk_csat import Client, History
from zendesk_csat.testing import Emulator


def test_a_sync_tells_each_step_and_its_rows(account: Emulator) -> None:
    told: dict[str, list[int]] = {}
    with account.client() as client:
        summary = client.sync(History(":memory:"), progress=lambda step, rows: told.setdefault(step, []).append(rows))
    assert told["ratings"][-1] == summary.rows.ratings
    assert told["survey responses"][-1] == summary.rows.survey_responses
    assert told["tickets"][-1] == summary.rows.tickets
    assert all(rows == sorted(rows) for rows in told.values())


def test_the_async_client_tells_the_same(account: Emulator) -> None:
    async def sync(told: dict[str, int]) -> int:
        async with account.async_client() as client:
            return (await client.sync(History(":memory:"), progress=told.__setitem__)).rows.ratings

    told: dict[str, int] = {}
    assert asyncio.run(sync(told)) == told["ratings"] > 0


def test_what_a_listener_raises_is_reported_and_ends_nothing(
    account: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda raised: reported.append(raised.exc_value))

    def stumble(step: str, rows: int) -> None:
        raise LookupError(step)

    with account.client() as client:
        assert client.sync(History(":memory:"), progress=stumble).rows.ratings > 0
    assert reported and all(isinstance(error, LookupError) for error in reported)


FRAMES: list[Any] = ["to_polars", "to_pandas", "to_arrow"]


@pytest.mark.parametrize("method", FRAMES)
def test_a_frame_tells_its_rows_page_by_page(client: Client, account: Emulator, method: str) -> None:
    told: list[int] = []
    frame = getattr(client.satisfaction_ratings.list(page_size=50), method)(progress=told.append)
    assert len(told) > 2 and told == sorted(told) and told[-1] == len(frame)

    async def same() -> int:
        async with account.async_client() as other:
            listing = other.satisfaction_ratings.list(page_size=50)
            return len(await getattr(listing, method)(progress=told.append))

    told.clear()
    assert asyncio.run(same()) == told[-1]


def test_bars_are_drawn_where_somebody_looks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a tqdm that notes what it is told."""
    from tqdm import auto  # type: ignore[import-untyped, unused-ignore]

    bars: list[tuple[str, int]] = []

    class Bar(auto.tqdm):  # type: ignore[misc, type-arg, unused-ignore]
        def close(self) -> None:
            bars.append((self.desc, self.n))
            super().close()

    monkeypatch.setattr(auto, "tqdm", lambda **options: Bar(**options | {"disable": False, "file": io.StringIO()}))
    ratings = client.satisfaction_ratings.list(page_size=50)
    collected = len(ratings.collect(progress=True))
    ratings.to_polars(progress=True)
    summary = client.sync(History(":memory:"), progress=True)
    assert set(bars[:2]) == {("list_satisfaction_ratings", collected)}
    assert ("ratings", summary.rows.ratings) in bars and ("tickets", summary.rows.tickets) in bars


def test_bars_need_tqdm(account: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with account.client() as client:
        assert client.sync(History(":memory:"), progress=True).rows.ratings > 0
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
            client.sync(History(":memory:"), progress=True)
        for method in ("collect", *FRAMES):
            with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
                getattr(client.satisfaction_ratings.list(), method)(progress=True)
