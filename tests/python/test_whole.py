"""What a history lacks, its accounts, and how far back it reaches."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from zendesk_csat import (
    Client,
    ConfigurationError,
    DecodeError,
    History,
    IncompleteHistoryWarning,
)
from zendesk_csat.testing import Emulator


def broken(changing: Emulator, path: Path) -> History:
    """A history whose second sync did not come to its end."""
    history = History(path)
    with changing.client() as client:
        client.sync(history)
        changing.faults(script=[{"kind": "html", "path": "survey_responses", "times": 9}])
        with pytest.raises(DecodeError, match="HTML"):
            client.sync(history, patience=0)
        changing.clear_faults()
    return history


def test_what_is_not_whole_warns(changing: Emulator, tmp_path: Path) -> None:
    history = broken(changing, tmp_path / "csat.db")
    (gap,) = history.gaps()
    assert (gap.kind, gap.subdomain, gap.records) == ("unfinished", "acme", None)
    assert gap.whole_to is not None and str(gap).startswith("acme: the last sync has not come to its end")
    said = "not whole: acme: the last sync"
    with pytest.warns(IncompleteHistoryWarning, match=said):
        report = history.report()
    assert str(report).startswith("Not whole: acme") and report.to_dict()["gaps"][0]["kind"] == "unfinished"
    with pytest.warns(IncompleteHistoryWarning, match=said):
        rows = list(history.csat())
    with pytest.warns(IncompleteHistoryWarning, match=said):
        assert history.csat().to_polars().height == len(rows)
    with pytest.warns(IncompleteHistoryWarning, match=said):
        export = history.export(tmp_path / "csat.csv")
    assert [gap.kind for gap in export.gaps] == ["unfinished"]


def test_what_is_whole_says_nothing(changing: Emulator, tmp_path: Path) -> None:
    history = broken(changing, tmp_path / "csat.db")
    with changing.client() as client:
        client.sync(history)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert history.gaps() == [] and history.export(tmp_path / "csat.csv").gaps == []
        total = history.report(all=True, count="answers").to_dict()["total"]
        assert len(history.csat()) == total["sent"] + total["unasked"]


def test_since_is_remembered_and_all_widens(client: Client, account: Emulator) -> None:
    history = History(":memory:")
    truth = account.truth()
    later = [row for row in truth if row["sent_at"] >= "2026-01-01"]
    assert 0 < len(later) < len(truth)
    for options in ({"since": "2026-01-01T00:00:00Z"}, {}, {"full": True}):
        summary = client.sync(history, **options)  # pyright: ignore[reportArgumentType]
        assert summary.since is not None and summary.since.isoformat() == "2026-01-01T00:00:00+00:00"
        assert len(history.csat()) == len(later)
    assert client.plan(history, since="all").first
    assert client.sync(history, since="all").since is None
    assert len(history.csat()) == len(truth)
    with pytest.raises(ValueError, match="since"):
        client.sync(history, since="ever")


def test_accounts_are_listed_renamed_and_forgotten(client: Client) -> None:
    history = History(":memory:")
    client.sync(history)
    (account,) = history.accounts()
    assert (account.subdomain, account.rows, account.since) == ("acme", len(history.csat()), None)
    history.rename_account("ACME", "acme-support")
    assert history.subdomains == ["acme-support"]
    for refused in (
        lambda: history.forget_account("acme"),
        lambda: history.report(subdomain="acme"),
        lambda: history.explain("acme"),
        lambda: history.gaps("acme"),
    ):
        with pytest.raises(ConfigurationError, match="it has acme-support"):
            refused()
    assert history.forget_account("acme-support") == account.rows
    assert history.accounts() == []


def test_a_locale_is_checked(client: Client) -> None:
    history = History(":memory:")
    with pytest.raises(ValueError, match="locale"):
        client.sync(history, locale="../users")
    assert client.sync(history, locale="de").reconciliation.unknown_questions == 0
