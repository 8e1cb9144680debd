"""The history's file and its report."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from zendesk_csat import (
    AuthenticationError,
    ConfigurationError,
    History,
    HistoryError,
    OAuthToken,
    ZendeskError,
)
from zendesk_csat.testing import Emulator


@pytest.fixture(scope="module")
def history(account: Emulator) -> History:
    history = History(":memory:")
    with account.client() as client:
        client.sync(history)
    return history


def test_a_report_is_text_a_page_and_data(history: History) -> None:
    report = history.report()
    total = report.to_dict()["total"]
    rows = list(history.csat())
    assert total["sent"] == len(rows)
    assert total["good"] == sum(row.score == "good" for row in rows)
    assert total["csat_percent"] == pytest.approx(100 * total["good"] / total["answered"])
    text = str(report)
    assert f"{total['csat_percent']:.1f} %" in text
    assert max(map(len, text.splitlines())) <= 100
    assert max(map(len, report.to_text(70).splitlines())) <= 70
    page = report.to_html()
    assert page.lstrip().lower().startswith("<!doctype html>") and "</html>" in page


def test_groupings_are_chosen_by_name(history: History) -> None:
    report = history.report(by=["month", "agent"]).to_dict()
    assert [breakdown["by"] for breakdown in report["breakdowns"]] == ["month", "agent"]
    with pytest.raises(ValueError, match="by: .*mood"):
        history.report(by=["mood"])  # type: ignore[list-item] # pyright: ignore[reportArgumentType]


def test_an_empty_period_is_refused(history: History) -> None:
    with pytest.raises(ConfigurationError, match="period is empty"):
        history.report(since="2026-03-02T00:00:00Z", until="2026-03-01T00:00:00Z")


def test_a_file_that_is_no_history_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    for path, reason in [
        (other, "not a CSAT history"),
        (tmp_path / "missing" / "csat.db", "cannot open"),
    ]:
        with pytest.raises(HistoryError, match=reason) as caught:
            History(path)
        assert str(path) in str(caught.value)
        assert isinstance(caught.value, ZendeskError)


def test_a_refused_sync_raises_what_any_call_raises(account: Emulator, tmp_path: Path) -> None:
    with account.client(credentials=OAuthToken("wrong")) as client:
        with pytest.raises(AuthenticationError) as caught:
            client.sync(History(tmp_path / "csat.db"))
    assert caught.value.status == 401


def test_a_history_knows_its_accounts(history: History, account: Emulator) -> None:
    assert history.subdomains == [account.account["subdomain"]]
    assert history.path == ":memory:"
