"""The synced table equals the account's truth, row by row, column by column."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from zendesk_csat import ConfigurationError, CsatReason, CsatTable, History
from zendesk_csat.testing import Emulator


def in_json(value: Any) -> Any:
    """Times as the truth writes them."""
    if isinstance(value, datetime):
        assert value.tzinfo is timezone.utc
        return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"
    if isinstance(value, list):
        return [item.to_dict() if isinstance(item, CsatReason) else item for item in value]
    return value


def keyed(rows: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    table = {(row["source"], row["id"]): row for row in rows}
    assert len(table) == len(rows), "a row is there twice"
    return table


def assert_equal(table: CsatTable, truth: list[dict[str, Any]]) -> None:
    # By attribute and by dict: both are what people read.
    columns = list(truth[0])
    by_attribute = [{column: in_json(getattr(row, column)) for column in columns} for row in table]
    by_dict = [{column: in_json(row[column]) for column in columns} for row in table.to_dicts()]
    assert keyed(by_attribute) == keyed(truth)
    assert keyed(by_dict) == keyed(truth)


@pytest.mark.parametrize("seed", [1, 7, 42, 2026])
def test_the_table_is_the_truth(seed: int, tmp_path: Path) -> None:
    with Emulator(seed=seed, tickets=300, clock_speed=0) as zendesk, zendesk.client() as client:
        history = History(tmp_path / "csat.db")
        summary = client.sync(history)
        truth = zendesk.truth()
        assert {row["source"] for row in truth} == {"rating", "survey"}
        assert_equal(history.csat(), truth)
        assert summary.reconciliation.sent == len(truth)
        assert summary.calls.total == len(zendesk.journal())


def test_a_later_sync_follows_what_happened(changing: Emulator, tmp_path: Path) -> None:
    with changing.client() as client:
        history = History(tmp_path / "csat.db")
        client.sync(history)
        before = changing.truth()
        changing.advance(7 * 24 * 60 * 60)
        # Opened again, as a job does the next day.
        history = History(tmp_path / "csat.db")
        client.sync(history)
        assert changing.truth() != before
        assert_equal(history.csat(), changing.truth())


def test_bounds_are_on_the_time_of_sending(changing: Emulator) -> None:
    with changing.client() as client:
        history = History(":memory:")
        client.sync(history)
    every = list(history.csat())
    times = sorted(row.sent_at for row in every if row.sent_at is not None)
    since, until = times[len(times) // 3], times[2 * len(times) // 3]
    some = history.csat(since=since, until=until.isoformat())
    assert 0 < len(some) < len(every)
    assert {row.id for row in some} == {
        row.id for row in every if row.sent_at is not None and since <= row.sent_at < until
    }
    assert list(history.csat(subdomain=" ACME ")) == every
    with pytest.raises(ConfigurationError, match="it has acme"):
        list(history.csat(subdomain="other"))


def test_a_table_is_a_sequence_of_rows(changing: Emulator) -> None:
    with changing.client() as client:
        history = History(":memory:")
        client.sync(history)
    table = history.csat()
    rows = list(table)
    assert len(table) == len(rows) > 10
    assert (table[0], table[-1], table[3:6], table[::-1]) == (rows[0], rows[-1], rows[3:6], rows[::-1])
    for missing in (len(rows), -len(rows) - 1):
        with pytest.raises(IndexError):
            table[missing]
    assert len(set(rows)) == len(rows)
