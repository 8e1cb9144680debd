"""Listings as tables of Polars, pandas and pyarrow, by Arrow's PyCapsule protocol."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pandas
import polars
import pyarrow
import pytest
from service import Answer, scripted
from zendesk_csat import AuthenticationError, Client, DecodeError, OAuthToken, PermissionDeniedError
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
