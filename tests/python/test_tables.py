"""Listings as tables of Polars, pandas and pyarrow, by Arrow's PyCapsule protocol."""

from __future__ import annotations

import asyncio
import dataclasses
import html
import json
import os
import pprint
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas
import polars
import pyarrow
import pytest
from service import Answer, scripted
from zendesk_csat import (
    AuthenticationError,
    Client,
    DecodeError,
    History,
    HistoryError,
    OAuthToken,
    PermissionDeniedError,
)
from zendesk_csat.testing import Emulator


def page(items: list[object], after: str | None) -> Answer:
    return Answer(body={"satisfaction_ratings": items, "meta": {"has_more": after is not None, "after_cursor": after}})


def test_a_frame_holds_what_the_records_hold(client: Client) -> None:
    ratings = client.satisfaction_ratings.list(page_size=30)
    frame = polars.DataFrame(ratings)
    rows = [{name: getattr(rating, name) for name in frame.columns} for rating in ratings]
    assert frame.to_dicts() == rows
    assert frame.schema["created_at"] == polars.Datetime("ms", "UTC")
    assert frame.schema["ticket_id"] == polars.Int64
    assert pyarrow.table(ratings).to_pylist() == rows
    assert ratings.to_arrow().to_pylist() == rows
    assert ratings.to_polars().equals(frame)


def test_a_survey_response_has_its_answers_as_columns(client: Client) -> None:
    responses = client.survey_responses.list()
    frame = responses.to_polars()
    for row, response in zip(frame.to_dicts(), responses, strict=True):
        answer = response.csat_answer
        assert row["id"] == response.id and row["ticket_id"] == response.ticket_id
        assert row["rating"] == (answer and answer.rating)
        assert row["rating_category"] == (answer and answer.rating_category)
    assert frame["rating"].drop_nulls().len() > 10
    assert frame["comment"].drop_nulls().len() > 10


def test_every_listing_of_tickets_has_columns(client: Client) -> None:
    start = "2020-01-01T00:00:00Z"
    export = client.tickets.export(start_time=start).to_polars()
    by_time = client.tickets.export_by_time(start_time=start).to_polars()
    assert export.height > 300 and set(by_time["id"]) == set(export["id"])
    some = export.filter(polars.col("status") != "deleted")["id"].head(5).to_list()
    assert client.tickets.show_many(some).to_polars()["id"].to_list() == some


def test_pandas_keeps_whole_numbers_and_missing_values(client: Client) -> None:
    frame = client.satisfaction_ratings.list().to_pandas()
    assert str(frame.dtypes["reason_id"]) == "Int64"
    assert frame["reason_id"].isna().tolist().count(True) > 0
    assert str(frame.dtypes["created_at"]) == "datetime64[ms, UTC]"
    assert isinstance(frame.dtypes["comment"], pandas.StringDtype)
    ids = [rating.reason_id for rating in client.satisfaction_ratings.list() if rating.reason_id is not None]
    assert frame["reason_id"].dropna().tolist() == ids


def test_a_listing_without_records_is_a_table_without_rows() -> None:
    with scripted(page([], None)) as service:
        frame = service.client().satisfaction_ratings.list().to_polars()
    assert frame.height == 0 and "ticket_id" in frame.columns


def test_a_listing_without_columns_says_which_have_some(client: Client) -> None:
    for listing in (client.surveys.list(), client.satisfaction_reasons.list(), client.tickets.audits(1)):
        with pytest.raises(TypeError, match="ratings, survey responses and tickets"):
            listing.to_polars()
        with pytest.raises(TypeError, match="ratings, survey responses and tickets"):
            pyarrow.table(listing)


def test_pages_are_fetched_as_the_stream_is_read() -> None:
    pages = [page([{"id": number}], f"c{number}") for number in range(20)]
    with scripted(*pages, page([{"id": 99}], None)) as service:
        listing = service.client().satisfaction_ratings.list()
        reader = pyarrow.RecordBatchReader.from_stream(listing)
        assert len(service.requests) == 1
        assert reader.read_next_batch().to_pydict()["id"] == [0]
        assert reader.read_next_batch().to_pydict()["id"] == [1]
        # Two pages are read ahead, and one may be on its way.
        assert len(service.requests) <= 5
        rest = reader.read_all()
        assert rest["id"].to_pylist() == [*range(2, 20), 99]
        assert len(service.requests) == 21


def test_what_the_service_refuses_is_raised_as_itself(account: Emulator) -> None:
    with account.client(credentials=OAuthToken("wrong")) as client:
        for read in (polars.DataFrame, pyarrow.table, lambda listing: listing.to_pandas()):
            with pytest.raises(AuthenticationError) as caught:
                read(client.satisfaction_ratings.list())
            assert caught.value.status == 401


def test_an_error_on_a_later_page_keeps_its_message() -> None:
    def listing(service: Any) -> Any:
        return service.client(max_retries=0).satisfaction_ratings.list()

    answers = (page([{"id": 1}], "c"), Answer(403, {"error": "Forbidden"}))
    with scripted(*answers) as service, pytest.raises(Exception, match="PermissionDeniedError.*403"):
        polars.DataFrame(listing(service))
    with scripted(*answers) as service, pytest.raises(OSError, match="PermissionDeniedError.*403"):
        pyarrow.table(listing(service))
    with scripted(*answers) as service, pytest.raises(PermissionDeniedError):
        listing(service).to_polars()


def test_a_malformed_record_is_an_error_or_kept() -> None:
    records = page([{"id": 1}, {"id": "private"}, {"id": 3}], None)
    with scripted(records) as service:
        raising = service.client().satisfaction_ratings.list()
        for read in (polars.DataFrame, lambda listing: listing.to_polars()):
            with pytest.raises(DecodeError) as caught:
                read(raising)
            assert caught.value.json_path == "$.satisfaction_ratings[1].id"
        skipping = service.client().satisfaction_ratings.list(on_malformed="skip")
        for read in (polars.DataFrame, lambda listing: listing.to_polars()):
            assert read(skipping)["id"].to_list() == [1, 3]
            assert [malformed.raw for malformed in skipping.malformed] == ['{"id": "private"}']


def test_other_threads_run_while_a_stream_waits() -> None:
    with scripted(page([{"id": 1}], "c"), Answer(body=page([{"id": 2}], None).body, delay=60)) as service:
        listing = service.client().satisfaction_ratings.list()
        frames: list[polars.DataFrame] = []
        reading = threading.Thread(target=lambda: frames.append(polars.DataFrame(listing)))
        reading.start()
        while len(service.requests) < 2:
            time.sleep(0.005)
        # The stream waits for its second page: it would never come if this thread had to wait too.
        service.release()
        reading.join(30)
        assert frames[0]["id"].to_list() == [1, 2]


def test_a_missing_library_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = client.satisfaction_ratings.list()
    for library, read, extra in (
        ("polars", listing.to_polars, r"zendesk-csat\[polars\]"),
        ("pandas", listing.to_pandas, r"zendesk-csat\[pandas\]"),
        ("pyarrow", listing.to_pandas, r"zendesk-csat\[pandas\]"),
        ("pyarrow", listing.to_arrow, "pyarrow"),
    ):
        with monkeypatch.context() as without:
            without.setitem(sys.modules, library, None)
            with pytest.raises(ModuleNotFoundError, match=f"needs {library}.*pip install '{extra}'"):
                read()


def test_the_async_client_makes_the_same_tables(account: Emulator, client: Client) -> None:
    async def read() -> tuple[Any, ...]:
        async with account.async_client() as other:
            listing = other.satisfaction_ratings.list()
            with pytest.raises(TypeError, match="await listing.to_polars"):
                polars.DataFrame(listing)
            return await listing.to_polars(), await listing.to_arrow(), await listing.to_pandas()

    listing = client.satisfaction_ratings.list()
    frame, table, pandas_frame = asyncio.run(read())
    assert frame.equals(listing.to_polars())
    assert table.equals(listing.to_arrow())
    assert pandas_frame.equals(listing.to_pandas())


STREAM = """
import signal, sys, time
import polars, pyarrow
from zendesk_csat import Client, OAuthToken
signal.signal(signal.SIGINT, signal.default_int_handler)
listing = Client("acme", base_url=sys.argv[1], credentials=OAuthToken("t"), timeout=60).satisfaction_ratings.list()
read = {"polars": polars.DataFrame, "pyarrow": pyarrow.table, "to_polars": lambda listing: listing.to_polars()}[sys.argv[2]]
print("waiting", flush=True)
try:
    try:
        read(listing)
    except Exception as error:
        # The consumer's own: the interrupt follows it.
        for _ in range(4000):
            time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("reader", ["polars", "pyarrow", "to_polars"])
def test_ctrl_c_ends_a_stream(reader: str) -> None:
    with scripted(page([{"id": 1}], "c"), Answer(delay=120)) as service:
        process = subprocess.Popen(
            [sys.executable, "-c", STREAM, service.base_url, reader], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        while len(service.requests) < 2:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=50)
        assert said == "interrupted\n"
        assert process.returncode == 0


@pytest.fixture(scope="module")
def history(account: Emulator) -> History:
    history = History(":memory:")
    with account.client() as client:
        client.sync(history)
    return history


def test_the_one_table_is_a_frame(history: History) -> None:
    table = history.csat(since="2020-01-01T00:00:00Z")
    # A frame has no type for an object of any names.
    rows = [{"subdomain": row.subdomain, **row.to_dict(), "custom_fields": json.dumps(row.custom_fields)} for row in table]
    assert len(rows) == len(table) > 100
    for frame in (polars.DataFrame(table), table.to_polars()):
        assert frame.to_dicts() == rows
        assert frame.schema["sent_at"] == polars.Datetime("ms", "UTC")
    assert pyarrow.table(table).to_pylist() == table.to_arrow().to_pylist() == rows
    pandas_frame = table.to_pandas()
    assert pandas_frame["ticket_id"].isna().tolist() == [row["ticket_id"] is None for row in rows]
    assert str(pandas_frame.dtypes["ticket_id"]) == "Int64"


def test_the_one_table_is_read_when_it_is_asked_for(account: Emulator, tmp_path: Path) -> None:
    history = History(tmp_path / "csat.db")
    table = history.csat()
    assert table.to_polars().height == 0
    with account.client() as client:
        client.sync(history)
    total = history.report(all=True, count="answers").to_dict()["total"]
    assert table.to_polars().height == len(table) == total["sent"] + total["unasked"] > 0
    (tmp_path / "csat.db").write_bytes(b"no longer a history")
    with pytest.raises(HistoryError, match="csat.db"):
        History(tmp_path / "csat.db").csat().to_polars()


def test_a_report_is_a_table_of_its_scores(history: History) -> None:
    report = history.report(all=True, by=["month", "agent", "reason"])
    data = report.to_dict()
    scores = [{"by": "total", "key": None, "label": None, "starts_on": None, **data["total"]}]
    for breakdown in data["breakdowns"]:
        scores += [{"by": breakdown["by"], "label": None, "starts_on": None, **bucket} for bucket in breakdown["buckets"]]
    for frame in (report.to_polars(), polars.DataFrame(report)):
        for row, score in zip(frame.to_dicts(), scores, strict=True):
            starts_on = row.pop("starts_on")
            assert (starts_on and starts_on.isoformat()) == score["starts_on"]
            assert row == {name: score[name] for name in row}
    assert frame.schema["csat_percent"] == polars.Float64
    assert report.to_arrow().to_pylist() == frame.to_dicts()
    assert report.to_pandas()["sent"].tolist() == frame["sent"].to_list()


@pytest.mark.parametrize("escape", ["<script>alert(1)</script>", '"><img src=x>', "<b>"])
def test_notebooks_show_what_customers_write_as_text(escape: str) -> None:
    records: list[object] = [{"id": number, "score": "bad", "comment": escape} for number in range(50)]
    with scripted(page(records, None)) as service:
        (first,) = service.client().satisfaction_ratings.list().pages()
    shown = first._repr_html_()
    assert escape not in shown and html.escape(escape) in shown
    assert shown.count("<tr>") == 21 and "20 of 50 rows" in shown


def test_notebooks_show_the_one_table_and_reports(history: History) -> None:
    table = history.csat()
    shown = table._repr_html_()
    assert f"20 of {len(table)} rows" in shown and "<th>score</th>" in shown
    framed = history.report()._repr_html_()
    assert framed.startswith("<iframe sandbox srcdoc=") and framed.count("<") == 2
    assert html.unescape(framed).count("</html>") == 1


def test_notebooks_show_plans_summaries_and_listings(account: Emulator, client: Client) -> None:
    history = History(":memory:")
    plan = client.plan(history)
    summary = client.sync(history)
    for told in (plan, summary):
        shown = told._repr_html_()
        assert shown == f"<pre>{html.escape(str(told).rstrip())}</pre>"
    listing = client.satisfaction_ratings.list(page_size=50)
    before = len(account.journal())
    shown = listing._repr_html_()
    assert len(account.journal()) == before + 1
    assert "20 of 50 rows" in shown and "<th>score</th>" in shown and "the first page of" in shown
    # Listings without columns show themselves all the same.
    assert "<table>" in client.surveys.list()._repr_html_()


def test_a_notebook_is_told_how_to_wait_for_a_listing(account: Emulator) -> None:
    async def shown() -> str:
        async with account.async_client() as client:
            before = len(account.journal())
            shown = client.satisfaction_ratings.list()._repr_html_()
            assert len(account.journal()) == before
            return shown

    assert "await listing.collect()" in asyncio.run(shown())


def test_a_listing_without_records_shows_that_there_are_none() -> None:
    with scripted(page([], None)) as service:
        shown = service.client().satisfaction_ratings.list()._repr_html_()
    assert "0 rows" in shown


def test_libraries_make_columns_of_the_one_table_itself(history: History) -> None:
    table = history.csat()
    # Neither library's stubs know what it does with them.
    rows: Any = table
    frames: Any = pandas.DataFrame
    names = list(table.to_polars().columns)
    frame = frames(rows)
    assert list(frame.columns) == names and len(frame) == len(table) > 0
    for name in ("id", "score", "comment"):
        assert frame[name].astype(object).where(frame[name].notna(), None).tolist() == [getattr(row, name) for row in table]
    assert frame["sent_at"].tolist() == [row.sent_at for row in table]
    from_arrow = frames.from_arrow(table)
    assert list(from_arrow.columns) == names and from_arrow["id"].tolist() == frame["id"].tolist()
    assert polars.DataFrame(table).columns == names
    assert pyarrow.table(table).column_names == names
    row = rows[0]
    assert dataclasses.asdict(row)["id"] == row.id
    pprint.pformat(row)


def test_pages_of_what_leads_to_secrets_show_none(changing: Emulator) -> None:
    with changing.client() as client:
        survey = client.surveys.list().first()
        earlier = client.survey_responses.list().first()
        assert survey is not None and earlier is not None and earlier.responder_id is not None
        offered = client.survey_responses.create(
            survey_id=survey.id, responder_id=earlier.responder_id, subject_zrns=earlier.subject_zrns or []
        )
        assert offered.links is not None and offered.links.url_path is not None
        token = offered.links.url_path.expose().partition("access_token=")[2]
        for listing in (client.survey_responses.list(), client.surveys.list(), client.tickets.audits(1)):
            for shown in listing.pages():
                assert token not in shown._repr_html_()


def test_the_service_counts_ratings_without_a_filter(account: Emulator, client: Client) -> None:
    def sent() -> int:
        return len(account.journal())

    ratings = client.satisfaction_ratings.list(page_size=100)
    before = sent()
    counted = len(ratings)
    assert sent() == before + 1
    listed = list(ratings)
    assert len(listed) == counted
    # list() asks for a length as well: that is no call.
    assert sent() == before + 1 + -(-counted // 100)
    assert ratings and client.satisfaction_ratings.list(score="bad")
    assert sent() == before + 1 + -(-counted // 100)
    for filtered in (
        client.satisfaction_ratings.list(score="bad"),
        client.satisfaction_ratings.list(end_time="2026-01-01T00:00:00Z"),
        client.satisfaction_ratings.list(after="cursor"),
    ):
        with pytest.raises(TypeError, match="not those that a filter leaves"):
            len(filtered)
    with pytest.raises(TypeError, match="the service does not count them"):
        len(client.survey_responses.list())


def test_progress_is_told_page_by_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ratings = client.satisfaction_ratings.list(page_size=50)
    told: list[int] = []
    records = ratings.collect(progress=told.append)
    assert told == [*range(50, len(records), 50), len(records)]
    assert ratings.collect(progress=True) == records
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "tqdm.auto", None)
        with pytest.raises(ModuleNotFoundError, match="pip install tqdm"):
            ratings.collect(progress=True)


def test_progress_of_the_async_client_is_the_same(account: Emulator, client: Client) -> None:
    async def read(told: list[int]) -> int:
        async with account.async_client() as other:
            return len(await other.satisfaction_ratings.list(page_size=50).collect(progress=told.append))

    told: list[int] = []
    number = asyncio.run(read(told))
    assert told == [*range(50, number, 50), number]
