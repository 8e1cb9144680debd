"""The examples of the READMEs and guides run as they stand."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import duckdb_extension_sqlite_scanner  # type: ignore[import-untyped, unused-ignore]
import pytest
import zendesk_csat
from zendesk_csat import AsyncListing, Client, History, Listing, OAuthToken
from zendesk_csat.testing import Emulator

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "python/README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


BLOCKS = [
    pytest.param(block, id=f"{name}-{number}")
    for name in PAGES
    for number, block in enumerate(re.findall(r"^```python\n(.*?)^```", text_of(name), re.DOTALL | re.MULTILINE))
]
SCRIPTS = [block for block in BLOCKS if "def test_" not in str(block.values[0])]
TESTS = [block for block in BLOCKS if block not in SCRIPTS]


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 20 and len(TESTS) >= 1


@pytest.fixture(scope="module")
def files(account: Emulator, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A synced history, and what the command has exported of it."""
    folder = tmp_path_factory.mktemp("files")
    history, table = folder / "csat.db", folder / "csat.parquet"
    with account.client() as client:
        client.sync(History(history))
    command = [sys.executable, "-m", "zendesk_csat", "export", "--history", str(history), str(table)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return [history, table]


@pytest.fixture(scope="module", autouse=True)
def duckdb_reads_sqlite(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Gives DuckDB the extension that it would fetch at its first SQLite file."""
    folder = Path(duckdb_extension_sqlite_scanner.__file__).parent
    duckdb.execute(f"SET extension_directory = '{tmp_path_factory.mktemp('duckdb')}'")
    duckdb.execute(f"INSTALL '{next(folder.rglob('*.duckdb_extension'))}'")


@pytest.mark.parametrize("view", ["csat", "csat_ms", "csat_reasons", "legacy_ratings"])
def test_duckdb_reads_numbers_as_numbers(view: str, files: list[Path]) -> None:
    history = files[0]
    with sqlite3.connect(history) as connection:
        columns = connection.execute("SELECT name, type FROM pragma_table_info(?)", [view]).fetchall()
        numbers = [name for name, declared in columns if declared.startswith("INT")]
        assert all(declared in ("TEXT", "INTEGER", "INT") for _, declared in columns), columns
        assert numbers or view == "csat_reasons"
        sums = ", ".join(["count(*)", *(f"sum({name})" for name in numbers)])
        expected = connection.execute(f"SELECT {sums} FROM {view}").fetchone()
    assert expected[0] > 0
    read = duckdb.cursor()  # of the database that has the extension
    try:
        read.execute(f"ATTACH '{history}' AS attached_{view} (TYPE sqlite)")
        assert read.execute(f"SELECT {sums} FROM attached_{view}.{view}").fetchone() == expected
        described = {name: kind for name, kind, *_ in read.execute(f"DESCRIBE SELECT * FROM attached_{view}.{view}").fetchall()}
        assert {described[name] for name in numbers} <= {"BIGINT"}
    finally:
        read.execute(f"DETACH DATABASE IF EXISTS attached_{view}")


@pytest.mark.parametrize("block", SCRIPTS)
def test_examples_run(
    block: str,
    files: list[Path],
    account: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if "History(" not in block:
        for file in files:
            shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZENDESK_SUBDOMAIN", account.account["subdomain"])
    monkeypatch.setenv("ZENDESK_BASE_URL", account.base_url)
    monkeypatch.setenv("ZENDESK_OAUTH_CLIENT_ID", account.account["oauth_client_id"])
    monkeypatch.setenv("ZENDESK_OAUTH_CLIENT_SECRET", account.account["oauth_client_secret"])
    with warnings.catch_warnings():
        exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out or "print" not in block


@pytest.mark.parametrize("block", TESTS)
def test_examples_of_tests_pass(block: str, tmp_path: Path) -> None:
    (tmp_path / "test_example.py").write_text(block, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def counterparts() -> Iterator[str]:
    """The right-hand side of the tables of the guide from zenpy."""
    for line in text_of("docs/from-zenpy.md").splitlines():
        cells = line.strip("| ").split(" | ")
        if line.startswith("|") and (code := re.match(r"`([^`]+\))`", cells[1])):
            yield code[1]


def test_every_counterpart_is_there() -> None:
    assert len(list(counterparts())) >= 18


@pytest.mark.parametrize("call", list(counterparts()))
def test_the_counterparts_of_zenpy_run(call: str, account: Emulator, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENDESK_SUBDOMAIN", "acme")
    monkeypatch.setenv("ZENDESK_OAUTH_TOKEN", "t")
    names: dict[str, Any] = {name: getattr(zendesk_csat, name) for name in zendesk_csat.__all__}
    names |= {"client": client, "history": History(":memory:"), "since": "2026-01-01T00:00:00Z"}
    if "customer." in call:
        with Emulator(seed=3, tickets=1000, surveys=False, clock_speed=0) as zendesk:
            user = zendesk.account["users"]["end_user"]
            ticket = zendesk.put_ticket(status="solved", requester_id=user["id"])
            with zendesk.client(credentials=OAuthToken(user["oauth_token"])) as customer:
                assert eval(call, names | {"customer": customer, "ticket_id": ticket.id}).score == "good"
        return
    rating, response = client.satisfaction_ratings.list().first(), client.survey_responses.list().first()
    ticket_of_export = client.tickets.export(start_time="2020-01-01T00:00:00Z").first()
    assert rating and response and ticket_of_export
    names |= {"rating_id": rating.id, "survey_response_id": response.id, "ticket_id": ticket_of_export.id}
    with warnings.catch_warnings(action="ignore"):
        answer = eval(call, names)
    assert answer is not None and not isinstance(answer, AsyncListing)
    if isinstance(answer, Listing):
        answer.first()


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)]+)\)", text_of(name)):
        if "://" not in link and not link.startswith("#"):
            assert ((ROOT / name).parent / link.partition("#")[0]).exists(), link
