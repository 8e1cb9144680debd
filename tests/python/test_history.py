"""The history's file and its report."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow.feather
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
    report = history.report(all=True, count="answers")
    total = report.to_dict()["total"]
    rows = list(history.csat())
    assert total["sent"] == sum(row.is_offer for row in rows)
    assert total["sent"] + total["unasked"] == len(rows)
    assert total["good"] == sum(row.score == "good" for row in rows)
    assert total["csat_percent"] == pytest.approx(100 * total["good"] / total["answered"])
    text = str(report)
    assert f"{total['csat_percent']:.1f}%" in text
    assert max(map(len, text.splitlines())) <= 100
    assert max(map(len, report.to_text(70).splitlines())) <= 70
    page = report.to_html()
    assert page.lstrip().lower().startswith("<!doctype html>") and "</html>" in page
    markdown = report.to_markdown()
    assert markdown.startswith("## CSAT of acme, ") and f"| {total['csat_percent']:.1f}% |" in markdown


def test_comments_are_as_many_as_asked_for_and_a_notebook_has_none_of_agents(history: History) -> None:
    written = [row for row in history.csat() if row.comment and row.score]
    of_agents = history.report(all=True, count="answers", comments=2).to_dict()["agent_comments"]
    assert sum(of["comments"] for of in of_agents) == len(written)
    assert {len(of["latest"]) for of in of_agents} <= {1, 2}
    report = history.report(all=True, count="answers")
    assert "<tr class=\"said\"" in report.to_html()
    assert "comments-of-" not in report._repr_html_()
    assert "agent_comments" not in report.to_dict()
    without = history.report(all=True, comments=0, bad_comments=0)
    assert "blockquote dir" not in without.to_html() and "agent_comments" not in without.to_dict()


def test_a_fall_is_told_where_there_is_enough_to_tell(history: History) -> None:
    change = history.report(all=True).to_dict()["comparison"]["change"]
    fell = history.report(all=True).fell(1)
    assert fell is None if change is None else fell is (change["significant_change"] and change["csat_points"] <= -1)
    assert History(":memory:").report().fell(1) is None


def test_groupings_are_chosen_by_name(history: History) -> None:
    report = history.report(by=["month", "agent"]).to_dict()
    assert [breakdown["by"] for breakdown in report["breakdowns"]] == ["month", "agent"]
    with pytest.raises(ConfigurationError, match='cannot group by "mood": there are day, '):
        history.report(by=["mood"])


def test_rows_tables_and_reports_have_the_names_of_the_account(
    history: History, account: Emulator, tmp_path: Path
) -> None:
    names = {kind: {one["id"]: one["name"] for one in known} for kind, known in account.names().items()}
    rows = list(history.csat())
    assert {row.id: row.tags for row in rows} == {row["id"]: row["tags"] for row in account.truth()}
    for row in rows:
        for kind, number, name in [
            ("agents", row.assignee_id, row.agent),
            ("groups", row.group_id, row.group),
            ("brands", row.brand_id, row.brand),
            ("organizations", row.organization_id, row.organization),
            ("ticket_forms", row.ticket_form_id, row.ticket_form),
        ]:
            assert name == (None if number is None else names[kind][number])
    frame = polars.DataFrame(history.csat())
    assert frame.schema["tags"] == polars.List(polars.String)
    assert frame["group"].to_list() == [row.group for row in rows]
    for table in ("agents", "groups", "brands", "organizations", "ticket_forms"):
        path = tmp_path / f"{table}.jsonl"
        history.export(path, table=table)
        exported = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert exported and all(one["name"] == names[table][one["id"]] for one in exported)
    report = history.report(all=True, by=["agent", "brand", "tag"]).to_dict()
    agents, brands, tags = (breakdown["buckets"] for breakdown in report["breakdowns"])
    labels = {one["key"]: one["label"] for one in brands if one["key"]}
    assert labels == {str(key): name for key, name in names["brands"].items()}
    assert all(one["label"] == names["agents"][int(one["key"])] for one in agents if one["key"])
    assert {one["key"] for one in tags if one["key"]} == {tag for row in rows for tag in row.tags or []}


def test_customers_have_names_only_where_they_are_asked_for(account: Emulator, tmp_path: Path) -> None:
    def named(requesters: bool) -> int:
        history = History(":memory:")
        with account.client() as client:
            client.sync(history, requesters=requesters)
        return history.export(tmp_path / "requesters.csv", table="requesters").rows

    assert named(requesters=False) == 0
    assert named(requesters=True) > 100


def test_a_ticket_counts_once_where_nothing_else_is_said(history: History) -> None:
    latest = [row for row in history.csat() if row.is_latest]
    total = history.report(all=True).to_dict()["total"]
    assert total["answered"] == len(latest)
    assert total["good"] == sum(row.score == "good" for row in latest)
    explore = history.report(like="explore").to_dict()
    assert (explore["count"], explore["like"], explore["total"]["neutral"]) == ("tickets", "explore", 0)


def test_times_are_those_that_people_write_in_the_zone_that_they_say(history: History) -> None:
    def period(**options: Any) -> tuple[str, str]:
        data = history.report(by="week", **options).to_dict()
        return data["since"], data["until"]

    may = ("2026-04-30T22:00:00Z", "2026-05-31T22:00:00Z")
    assert period(since="2026-05", until="2026-05", time_zone="Europe/Berlin") == may
    assert period(since=date(2026, 5, 1), until=date(2026, 5, 31), time_zone="Europe/Berlin") == may
    assert period(since="2026-05-01", until="2026-05-31T22:00:00Z", time_zone="Europe/Berlin") == may
    utc = ("2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z")
    assert period(since=datetime(2026, 5, 1, tzinfo=timezone.utc), until=date(2026, 5, 31)) == utc
    assert len(history.csat(since=date(2026, 5, 1), until="2026-05")) == len(history.csat(since=utc[0], until=utc[1]))
    assert period(month="2026-05", time_zone="Europe/Berlin") == period(month=date(2026, 5, 9), time_zone="Europe/Berlin") == may
    assert period(week="2026-W20") == period(week=date(2026, 5, 17)) == ("2026-05-11T00:00:00Z", "2026-05-18T00:00:00Z")
    assert period(quarter="2026-Q2") == ("2026-04-01T00:00:00Z", "2026-07-01T00:00:00Z")
    assert period(year="2025") == ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
    weeks = history.report(by=["week"], week_start="sunday", date="rated").to_dict()["breakdowns"][0]["buckets"]
    assert {date.fromisoformat(week["starts_on"]).weekday() for week in weeks} == {6}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"time_zone": "Berlin"}, "time_zone: .*Europe/Berlin"),
        ({"week_start": "friday"}, "week_start: .*monday"),
        ({"date": "solved"}, "date: .*sent, rated"),
        ({"count": "rows"}, "count: .*tickets, answers"),
        ({"like": "excel"}, "like: .*explore"),
        ({"since": "next-month"}, "since: .*2026-03-01"),
        ({"month": "2026"}, "month: .*2026-05"),
        ({"last": "month"}, "last: .*28d"),
        ({"month": "2026-05", "week": "2026-W20"}, "not beside"),
        ({"month": "2026-05", "since": "2026"}, "month: not beside since and until"),
        ({"month": "2026-05", "all": True}, "all: not beside a period"),
        ({"compare": "next"}, "compare: .*2026-04"),
    ],
)
def test_a_wrong_option_is_named(history: History, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        history.report(**options)


def test_a_report_without_a_period_is_of_the_last_full_month(history: History) -> None:
    as_of = history.accounts()[0].as_of
    assert as_of is not None
    until = as_of.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    report = history.report(by="month").to_dict()
    assert datetime.fromisoformat(report["until"].replace("Z", "+00:00")) == until
    assert [bucket["key"] for bucket in report["breakdowns"][0]["buckets"]] == [report["since"][:7]]
    assert report["comparison"]["previous"]["until"] == report["since"]
    # The last whole days end before the day of the last sync.
    last = history.report(last="7d").to_dict()
    assert last["until"][:10] == as_of.date().isoformat()


def test_filters_take_a_text_or_several_and_ids(history: History) -> None:
    rows = list(history.csat())
    name, id, count = next(
        (row.agent, row.assignee_id, sum(other.assignee_id == row.assignee_id for other in rows))
        for row in rows
        if row.agent and row.assignee_id
    )
    assert 0 < count < len(rows)
    assert len(history.csat(agent=name)) == len(history.csat(agent=[id])) == len(history.csat(agent=[name, id])) >= count
    bad = history.csat(score="bad", source=["rating", "survey"])
    assert {row.id for row in bad} == {row.id for row in rows if row.score == "bad"}
    report = history.report(all=True, by="agent", agent=id, count="answers").to_dict()
    assert report["filters"] == [{"by": "agent", "keys": [str(id)], "names": [name]}]
    assert report["total"]["sent"] + report["total"]["unasked"] == count
    with pytest.raises(ConfigurationError, match="no agent of the file is called .*perhaps"):
        history.report(agent=name[:-1] + "_")
    with pytest.raises(TypeError, match="agent"):
        history.report(agent=1.5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_the_call_and_the_command_give_the_same_report(tmp_path: Path) -> None:
    path = tmp_path / "csat.db"
    with Emulator(seed=7, tickets=2000) as zendesk, zendesk.client() as client:
        client.sync(History(path))
    said = ["--month", "2026-05", "--brand", "Acme Pro", "--by", "agent", "--time-zone", "Europe/Berlin", "--without-tag", "refund"]
    command = [sys.executable, "-m", "zendesk_csat", "report", "--json", "--history", str(path), *said]
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    report = History(path).report(
        month="2026-05", brand="Acme Pro", by="agent", time_zone="Europe/Berlin", without_tag="refund", comments=0
    )
    assert report.to_dict() == json.loads(printed)
    assert report.to_dict()["total"]["answered"] > 1
    assert str(report).splitlines()[1] == "Only: brand Acme Pro; without the tag refund."
    rows = History(path).csat(month="2026-05", brand="Acme Pro", time_zone="Europe/Berlin", without_tag="refund")
    assert {row.brand for row in rows} == {"Acme Pro"}
    export = History(path).export(tmp_path / "may.csv", month="2026-05", brand="Acme Pro", time_zone="Europe/Berlin", without_tag="refund")
    assert export.rows == len(rows)


def test_an_empty_period_is_refused(history: History) -> None:
    with pytest.raises(ConfigurationError, match="period is empty"):
        history.report(since="2026-03-02T00:00:00Z", until="2026-03-01T00:00:00Z")


def test_a_file_that_is_no_history_is_named(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    for path, reason in [
        (other, "not a CSAT history"),
        (tmp_path / "missing" / "csat.db", "cannot make"),
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


def test_a_plan_comes_close_to_the_sync_that_follows(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        plan = client.plan(history)
        calls = client.sync(history).calls
        assert plan.first and abs(plan.calls.total - calls.total) <= 6 + calls.total / 5
        assert plan.spent.total > 0 and "a first sync" in str(plan)
        later = client.plan(history)
        assert not later.first and later.calls.total < plan.calls.total
        with pytest.raises(ValueError, match="via: .*neither listings nor audits"):
            client.plan(history, via="mail")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def test_tickets_are_read_by_export_or_by_their_ids(account: Emulator, tmp_path: Path) -> None:
    exported, shown = History(tmp_path / "exported.db"), History(tmp_path / "shown.db")
    with account.client() as client:
        plan = client.plan(shown, tickets="show-many")
        assert plan.tickets.via == "show-many" and plan.calls.incremental == 0
        summary = client.sync(shown, tickets="show-many")
        assert (summary.tickets.via, summary.tickets.because) == ("show-many", "asked")
        assert summary.calls.incremental == 0
        chosen = client.sync(exported).tickets
        assert (chosen.via, chosen.because) == ("export", "calls")
        assert chosen.export_calls is not None and str(chosen).startswith("by export, about")
        with pytest.raises(ValueError, match="tickets: .*none of auto, export and show-many"):
            client.sync(shown, tickets="mail")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    by_id = {(row.source, row.id): row for row in exported.csat()}
    assert len(by_id) == len(shown.csat())
    for row in shown.csat():
        assert row.ticket_status == by_id[row.source, row.id].ticket_status
        if row.ticket_status != "deleted":
            assert row == by_id[row.source, row.id]


def test_a_question_is_said_to_ask_for_reasons(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")

    def labels() -> set[str | None]:
        return {reason.label for row in history.csat() if row.survey_version == 4 for reason in row.reasons}

    area = {"Product", "Delivery", "Support"}
    with account.client() as client:
        client.sync(history)
        assert not labels() & area
        for question in ("area", ["area"], ()):
            client.sync(history, reason_question=question)
            assert labels() == area
        with pytest.raises(ConfigurationError, match=r'no closed question "arena" was answered.*\(area\)'):
            client.sync(history, reason_question="arena")
        with pytest.raises(TypeError, match="reason_question: neither a text nor a list of texts"):
            client.sync(history, reason_question=4)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
        client.sync(history, reason_question="auto")
        assert not labels() & area


def test_custom_fields_have_the_tickets_own_values_under_the_names_that_are_given(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        raw = {ticket.id: ticket.custom_fields or [] for ticket in client.tickets.export(start_time="2000-01-01T00:00:00Z", support_type_scope="all")}

        def field_of(kind: type[object]) -> int:
            return next(field.id for fields in raw.values() for field in fields if type(field.value) is kind)

        names = {field_of(bool): "flag", field_of(int): "amount", field_of(str): "region", field_of(list): "plan"}
        client.sync(history)
        assert all(row.custom_fields == {} for row in history.csat())
        before = client.plan(history, fields=names)
        summary = client.sync(history, fields=names, tickets="export")
        assert not before.first and before.calls.incremental > 0 and summary.calls.incremental > 0
        for name, wrong in (("agent", "something else of this name"), ("2nd", "begins with a letter")):
            with pytest.raises(ValueError, match=wrong):
                client.sync(history, fields={1: name})
        with pytest.raises(ConfigurationError, match="cannot both be"):
            client.sync(history, fields={1: "Plan"})
        with pytest.raises(TypeError, match="fields: a mapping of ids to names"):
            client.sync(history, fields=["plan"])  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]

    with_values = 0
    for row in history.csat():
        fields = raw.get(row.ticket_id, []) if row.ticket_id is not None else []
        values = {names[field.id]: field.value for field in fields if field.id in names and field.value is not None}
        # Tickets that can no longer be read have none.
        assert row.custom_fields == values or not row.custom_fields
        with_values += row.custom_fields == values != {}
    assert with_values > 50

    groups = {bucket["key"]: bucket for bucket in history.report(all=True, by="region").to_dict()["breakdowns"][0]["buckets"]}
    assert {"europe", "asia", "americas"} <= set(groups)
    europe = history.report(all=True, field={"region": "EUROPE"}).to_dict()
    assert europe["total"]["answered"] == groups["europe"]["answered"] > 0
    both = history.csat(field={"region": ["europe", "asia"], "flag": True})
    assert {row.custom_fields["region"] for row in both} == {"europe", "asia"}
    assert {row.custom_fields["flag"] for row in both} == {True}
    export = history.export(tmp_path / "plus.jsonl", field={"plan": "plus"})
    lines = [json.loads(line)["custom_fields"]["plan"] for line in (tmp_path / "plus.jsonl").read_text("utf-8").splitlines()]
    assert lines == [["plus"]] * export.rows != []
    frame = history.csat().to_polars()
    assert json.loads(frame["custom_fields"][0]) == history.csat()[0].custom_fields
    with pytest.raises(ConfigurationError, match='cannot group by "regoin", perhaps region'):
        history.report(by="regoin")
    with pytest.raises(ConfigurationError, match="perhaps region"):
        history.csat(field={"regoin": "europe"})[0]
    with pytest.raises(ConfigurationError, match="perhaps europe"):
        history.report(field={"region": "europa"})
    with pytest.raises(TypeError, match="field: a mapping of names to values"):
        history.report(field="region")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def rows_of(total: dict[str, Any]) -> int:
    return int(total["sent"] + total["unasked"])


def test_what_is_stored_can_be_read_while_a_sync_runs(tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    seen: list[tuple[int, int, int]] = []
    pages: list[int] = []

    def read_in_another_thread(step: str, rows: int) -> None:
        if step != "survey responses" or rows == 0:
            return
        # No more than 20 pages are stored at a time: the 21st is not there yet when the first is told of.
        pages.append(rows)
        if len(pages) not in (1, 21):
            return
        with ThreadPoolExecutor() as threads:
            # This step stands still until they are read: they cannot wait for it. Another stores what it has at hand.
            while True:
                before = threads.submit(lambda: len(history.csat())).result(60)
                report = threads.submit(lambda: rows_of(history.report(all=True, count="answers").to_dict()["total"]))
                export = threads.submit(lambda: history.export(tmp_path / "csat.jsonl").rows)
                table = threads.submit(lambda: len(history.csat()))
                read = (table.result(60), report.result(60), export.result(60))
                if threads.submit(lambda: len(history.csat())).result(60) == before:
                    break
            seen.append(read)

    with Emulator(seed=7, tickets=4000, clock_speed=0) as zendesk, zendesk.client() as client:
        summary = client.sync(history, progress=read_in_another_thread)
    assert len(seen) > 1 and len(set(seen)) > 1
    for table, report, export in seen:
        assert table == report == export > 0
    # Until a sync ends, copies of answers are rows.
    assert max(seen)[0] <= len(history.csat()) + summary.reconciliation.copies


def test_a_history_in_memory_is_read_when_its_sync_has_ended(account: Emulator) -> None:
    history = History(":memory:")
    with ThreadPoolExecutor() as threads, account.client() as client:
        reading: list[Future[int]] = []

        def read_in_another_thread(step: str, rows: int) -> None:
            if not reading:
                reading.append(threads.submit(lambda: len(history.csat())))

        summary = client.sync(history, progress=read_in_another_thread)
        assert reading[0].result(60) == summary.reconciliation.sent


def test_what_a_summary_counts_apart_can_be_listed(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        summary = client.sync(history)
    explained = history.explain(summary.subdomain)
    assert summary.is_complete
    for category, count in [
        ("copy", summary.reconciliation.copies),
        ("conversation_only", summary.reconciliation.conversation_only),
        ("deleted", summary.reconciliation.deleted),
        ("archived", summary.reconciliation.archived),
    ]:
        assert sum(record.category == category for record in explained) == count
    assert {record.id for record in explained if record.category == "conversation_only"} == {
        row.id for row in history.csat() if row.ticket_id is None
    }


def test_answers_are_attributed_by_audits_where_asked(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        assert client.sync(history, attribution="audit").rows.audits > 0
        assert any(row.attribution == "audit" for row in history.csat())
        assert client.sync(history, attribution="audit").rows.audits == 0
        by_audits = History(":memory:")
        client.sync(by_audits, via="audits")
    answered = {row.id: row.rating for row in history.csat() if row.rating is not None}
    found = {row.id: row.rating for row in by_audits.csat() if row.rating is not None}
    assert found and found.items() <= answered.items()


def test_a_table_is_exported_for_other_libraries(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        client.sync(history)
    truth = {(row.source, row.id): row for row in history.csat()}
    columns = [name for name, _, _ in _columns(tmp_path / "csat.db", "csat")]

    export = history.export(tmp_path / "csat.jsonl")
    assert (export.table, export.format, export.rows, export.columns) == ("csat", "jsonl", len(truth), len(columns))
    assert export.bytes == (tmp_path / "csat.jsonl").stat().st_size
    lines = [json.loads(line) for line in (tmp_path / "csat.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(line) for line in lines] == [columns] * len(truth)

    history.export(tmp_path / "csat.csv")
    with open(tmp_path / "csat.csv", encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    history.export(tmp_path / "csat.parquet")
    parquet = polars.read_parquet(tmp_path / "csat.parquet").to_dicts()
    history.export(tmp_path / "csat.arrow")
    arrow = pyarrow.feather.read_table(tmp_path / "csat.arrow").to_pylist()
    frame = pandas.read_parquet(tmp_path / "csat.parquet")
    assert str(frame["sent_at"].dtype) == "datetime64[ms, UTC]"

    assert len(cells) == len(parquet) == len(arrow) == len(frame) == len(truth)
    for line, cell, typed, other in zip(lines, cells, parquet, arrow, strict=True):
        row = truth[line["source"], line["id"]]
        assert typed == other
        for name in columns:
            value = getattr(row, name)
            if name == "reasons":
                value = [{"id": reason.id, "label": reason.label} for reason in value]
            assert (json.loads(typed[name]) if name == "custom_fields" else typed[name]) == value, name
            if isinstance(value, datetime):
                value = value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            assert line[name] == value, name
            if isinstance(value, (bool, list, dict)):
                value = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            text = "" if value is None else str(value)
            assert cell[name] in (text, f"'{text}"), name
            assert not (isinstance(value, str) and cell[name].startswith(("=", "+", "-", "@", "\t", "\r"))), name


def test_spreadsheets_are_written_for(history: History, tmp_path: Path) -> None:
    export = history.export(tmp_path / "csat.xlsx", time_zone="Europe/Berlin")
    assert (export.format, export.rows, export.notes) == ("xlsx", len(history.csat()), [])
    with zipfile.ZipFile(tmp_path / "csat.xlsx") as workbook:
        assert workbook.testzip() is None
        assert "sent_at (Europe/Berlin)" in workbook.read("xl/worksheets/sheet1.xml").decode()
    history.export(tmp_path / "csat.csv", excel=True, time_zone="Europe/Berlin")
    text = (tmp_path / "csat.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbfsubdomain,") and b"sent_at (Europe/Berlin)" in text
    history.report(by=["agent"]).to_xlsx(tmp_path / "report.xlsx")
    with zipfile.ZipFile(tmp_path / "report.xlsx") as workbook:
        assert [f'name="{name}"' in workbook.read("xl/workbook.xml").decode() for name in ("Summary", "By agent")] == [True, True]
    with pytest.raises(HistoryError, match="make it first"):
        history.report().to_xlsx(tmp_path / "no" / "report.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of Unix")
def test_a_workbook_for_which_there_is_no_room_is_an_error(account: Emulator, tmp_path: Path) -> None:
    """Its rows wait in a temporary file, whose end is the disk's too."""
    with account.client() as client:
        client.sync(History(tmp_path / "csat.db"))
    workbook = tmp_path / "workbooks" / "csat.xlsx"
    workbook.parent.mkdir()
    workbook.write_text("yesterday's")
    export = [sys.executable, "-c", FULL, str(tmp_path / "csat.db"), str(workbook)]
    done = subprocess.run(export, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "HistoryError"), done.stderr
    assert workbook.read_text() == "yesterday's"
    assert list(workbook.parent.iterdir()) == [workbook]


FULL = """
import resource, signal, sys
from zendesk_csat import History, HistoryError
history = History(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    history.export(sys.argv[2])
except HistoryError as error:
    assert "cannot write" in str(error), error
    print("HistoryError")
"""


def _columns(path: Path, table: str) -> list[tuple[str, str, int]]:
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT name, type, \"notnull\" FROM pragma_table_info(?)", [table]).fetchall()


def test_an_export_that_cannot_be_says_what_to_do(history: History, tmp_path: Path) -> None:
    for path, options, advice in [
        ("csat.txt", {}, "end the name in .xlsx, .csv"),
        ("csat.xlsx", {"excel": True}, "only CSV can be written for spreadsheets"),
        ("csat.csv", {"time_zone": "Berlin"}, "time_zone: "),
        ("reasons.csv", {"table": "reasons", "since": "2026-01-01T00:00:00Z"}, "leave out since and until"),
        ("csat", {"format": "xls"}, "csv, jsonl, parquet, arrow, xlsx"),
        ("csat.csv", {"table": "birds"}, "survey_responses, answers"),
    ]:
        with pytest.raises(ValueError, match=advice):
            history.export(tmp_path / path, **options)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    with pytest.raises(HistoryError, match="make it first"):
        history.export(tmp_path / "no" / "csat.csv")
    assert list(tmp_path.iterdir()) == []
