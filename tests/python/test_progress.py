"""Progress of what takes long."""

from __future__ import annotations

import asyncio
import sys

import pytest
from zendesk_csat import History
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


def test_bars_need_tqdm(account: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with account.client() as client:
        assert client.sync(History(":memory:"), progress=True).rows.ratings > 0
        monkeypatch.setitem(sys.modules, "tqdm.auto", None)
        with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
            client.sync(History(":memory:"), progress=True)
