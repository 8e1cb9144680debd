"""LibreOffice and openpyxl open what is written for spreadsheets: types of cells, hostile texts, numbers of the report."""

import csv
import json
import os
import sqlite3
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from spreadsheets import sheets

COMMAND = os.environ["ZENDESK_CSAT_COMMAND"]
ZONE = "Europe/Berlin"
EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "fine;=1+1",
    "before\0after",
    "a non-character: \ufffe, another: \uffff",
    "_x0041_ is no escape",
    "</t></is></c><script>alert(1)</script>&amp;",
    "  spaces before and after  ",
    "two\nlines",
    "'apostrophe",
    "😀 é 好 \u202etxt.exe",
    "1E5",
    "2026-03-01",
    "007",
    "TRUE",
    "x" * 40_000,
]


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run([COMMAND, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def synced(emulator, tmp_path_factory) -> Path:
    """A folder with a history in which customers wrote what they should not."""
    folder = tmp_path_factory.mktemp("workbooks")
    account = emulator.account
    environment = os.environ | {
        "ZENDESK_SUBDOMAIN": account["subdomain"],
        "ZENDESK_BASE_URL": account["base_url"],
        "ZENDESK_OAUTH_TOKEN": account["oauth_token"],
    }
    subprocess.run([COMMAND, "sync"], cwd=folder, env=environment, check=True, capture_output=True)
    with sqlite3.connect(folder / "csat.db") as history:
        answered = history.execute(
            "SELECT id FROM survey_responses WHERE score IS NOT NULL ORDER BY score = 'bad' DESC, rated_at DESC LIMIT ?",
            (len(HOSTILE),),
        ).fetchall()
        for (id,), comment in zip(answered, HOSTILE, strict=True):
            history.execute("UPDATE survey_responses SET comment = ? WHERE id = ?", (comment, id))
    history.close()
    return folder


@pytest.fixture(scope="module")
def rows(synced) -> list[dict]:
    """The one table as JSON has it."""
    return [json.loads(line) for line in run(synced, "export", "--format", "jsonl", "-").splitlines()]


@pytest.fixture(scope="module")
def exported(synced) -> Path:
    said = run(synced, "export", "csat.xlsx", "--time-zone", ZONE)
    assert "the whole of one text is in the sheet" in said
    return synced / "csat.xlsx"


def on_the_wall(time: str) -> datetime:
    return datetime.fromisoformat(time).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)


def is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def is_time(name: str) -> bool:
    return name.endswith("_at")


def as_a_workbook_says(text: str) -> str:
    """What XML cannot hold is written as the format's own escapes, which openpyxl leaves as they are; a line ends as in Excel."""
    escaped = text.replace("_x0041_", "_x005F_x0041_").replace("\r\n", "\n")
    for character in "\0\ufffe\uffff":
        escaped = escaped.replace(character, f"_x{ord(character):04X}_")
    return escaped


def test_openpyxl_reads_every_row_as_it_is(exported, rows):
    book = openpyxl.load_workbook(exported)
    assert book.sheetnames == ["csat", "long texts"]
    sheet = book["csat"]
    heads = [cell.value for cell in sheet[1]]
    assert heads == [f"{name} ({ZONE})" if is_time(name) else name for name in rows[0]]
    assert sheet.max_row == len(rows) + 1
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    long = "".join(str(part) for *_, part in book["long texts"].iter_rows(min_row=2, values_only=True))
    assert long == HOSTILE[-1]
    for cells, row in zip(sheet.iter_rows(min_row=2), rows, strict=True):
        for cell, (name, value) in zip(cells, row.items(), strict=True):
            assert cell.data_type != "f", (name, cell.value)
            if value is None:
                assert cell.value is None, name
            elif is_time(name):
                assert cell.is_date
                assert abs(cell.value - on_the_wall(value)) < timedelta(milliseconds=1)
            elif is_id(name):
                assert (cell.data_type, cell.value) == ("s", str(value)), name
            elif isinstance(value, bool | int):
                assert cell.value == value and cell.data_type in "bn", name
            elif isinstance(value, list | dict):
                assert json.loads(cell.value) == value, name
            elif len(value) > 32_767:
                assert cell.value.endswith(' … (goes on in the sheet "long texts")')
                assert value.startswith(cell.value[:32_000])
            else:
                assert (cell.data_type, cell.value) == ("s", as_a_workbook_says(value)), name
            if name == "ticket_id" and value is not None:
                assert cell.hyperlink.target == f"https://{row['subdomain']}.zendesk.com/agent/tickets/{value}"
            else:
                assert cell.hyperlink is None, name
    found = {row["comment"] for row in rows}
    assert found.issuperset(HOSTILE)


def test_libreoffice_sees_dates_texts_and_no_formula(exported, rows):
    read = sheets(exported)
    assert list(read) == ["csat", "long texts"]
    cells = read["csat"][1:]
    assert len(cells) == len(rows)
    for line, row in zip(cells, rows, strict=True):
        for cell, (name, value) in zip(line, row.items(), strict=False):
            if value is None:
                assert cell.kind is None, name
            elif is_time(name):
                assert cell.kind == "date", name
                # A clock that shows seconds.
                assert abs(datetime.fromisoformat(cell.value) - on_the_wall(value)) <= timedelta(seconds=1)
            elif isinstance(value, bool):
                # LibreOffice's own way of writing them.
                assert cell.formula == f"of:={str(value).upper()}()" or cell.kind == "boolean", name
            elif isinstance(value, int) and not is_id(name):
                assert (cell.kind, float(cell.value)) == ("float", value), name
            else:
                assert (cell.kind, cell.formula) == ("string", None), (name, cell)
                if is_id(name):
                    assert cell.value == str(value), name
                elif name == "comment" and value.isprintable() and len(value) < 32_767:
                    assert cell.value.strip() == value.strip()


def test_the_workbook_of_a_report_has_its_numbers(synced):
    by = [word for name in ("month", "agent", "group", "reason", "scale") for word in ("--by", name)]
    report = json.loads(run(synced, "report", "--all", *by, "--time-zone", ZONE, "--json", "--xlsx", "report.xlsx"))
    book = openpyxl.load_workbook(synced / "report.xlsx")
    summary = {line[0]: line[1] for line in book["Summary"].iter_rows(values_only=True) if line[0]}
    assert summary["Accounts"] == ", ".join(report["subdomains"])
    assert summary["Time zone of every time here"] == ZONE
    assert summary["What counts once"] == "tickets, each by its latest answer"
    assert abs(summary["Synced until"] - on_the_wall(report["as_of"])) < timedelta(milliseconds=1)
    assert summary["CSAT"] == pytest.approx(report["total"]["csat_percent"] / 100)
    names = book.sheetnames[1:]
    assert len(names) == len(report["breakdowns"]) + 1
    numbers = {
        "CSAT": ("csat_percent", 100),
        "95% CI low": ("csat_percent_low", 100),
        "95% CI high": ("csat_percent_high", 100),
        "Response rate": ("response_rate_percent", 100),
        "Answered": ("answered", 1),
        "Good": ("good", 1),
        "Neutral": ("neutral", 1),
        "Bad": ("bad", 1),
        "Sent": ("sent", 1),
    }
    for name, breakdown in zip(names, report["breakdowns"], strict=False):
        head, *lines = book[name].iter_rows(values_only=True)
        assert len(lines) == len(breakdown["buckets"]), name
        for line, bucket in zip(lines, breakdown["buckets"], strict=True):
            cells = dict(zip(head, line, strict=True))
            for title, (key, divisor) in numbers.items():
                if bucket[key] is None:
                    assert cells[title] is None
                else:
                    assert cells[title] == pytest.approx(bucket[key] / divisor), (name, title)
            if breakdown["by"] == "month":
                assert cells["From"].date().isoformat() == bucket["starts_on"]
            else:
                assert cells["Id"] == bucket["key"]
    for sheet in book:
        assert not any(cell.data_type == "f" for line in sheet.iter_rows() for cell in line)


def test_libreoffice_sees_the_reports_percentages_and_dates(synced):
    run(synced, "report", "--all", "--by", "month", "--xlsx", "seen.xlsx")
    read = sheets(synced / "seen.xlsx")
    head, *lines = read["By month"]
    columns = [cell.value for cell in head]
    for line in lines:
        cells = dict(zip(columns, line, strict=False))
        assert cells["From"].kind == "date" and cells["Good"].kind == "float"
        for share in ("CSAT", "95% CI low", "95% CI high", "Response rate"):
            assert cells[share].kind in ("percentage", None), (share, cells[share])
    assert any(dict(zip(columns, line, strict=False))["CSAT"].kind == "percentage" for line in lines)
    comments = read["Bad comments"]
    assert any(cell.link and "/agent/tickets/" in cell.link for line in comments for cell in line)
    formulas = [cell for lines in read.values() for line in lines for cell in line if cell.formula]
    assert all(cell.formula in ("of:=TRUE()", "of:=FALSE()") for cell in formulas), formulas


# By commas, by semicolons, by tabs and by bars; quotes; UTF-8; from the first line; what looks like a formula is one.
PARTED_BY = {"comma": 44, "semicolon": 59, "tab": 9, "bar": 124}


@pytest.mark.parametrize("separator", PARTED_BY)
def test_libreoffice_runs_nothing_of_the_csv_however_it_parts_it(synced, separator):
    options = f"CSV:{PARTED_BY[separator]},34,76,1,,0,false,true,false,false,false,-1,true"
    # It does run what is not marked: without that the rest would say nothing.
    unmarked = synced / f"unmarked-{separator}.csv"
    unmarked.write_text(f"acme,fine{chr(PARTED_BY[separator])}=1+1")
    (control,) = sheets(unmarked, options=options).values()
    assert [cell.formula for line in control for cell in line if cell.formula] == ["of:=1+1"]
    run(synced, "export", f"{separator}.csv", "--excel", "--time-zone", ZONE)
    (read,) = sheets(synced / f"{separator}.csv", options=options).values()
    assert len(read) > 100
    formulas = [cell for line in read for cell in line if cell.formula and cell.formula not in ("of:=TRUE()", "of:=FALSE()")]
    assert formulas == []


def test_libreoffice_reads_the_dates_and_ids_of_the_csv(synced, rows):
    run(synced, "export", "dates.csv", "--excel", "--time-zone", ZONE)
    (read,) = sheets(synced / "dates.csv", options="CSV:44,34,76,1,,0,false,true").values()
    head, *lines = read
    columns = [cell.value for cell in head]
    assert columns[0] == "subdomain" and f"sent_at ({ZONE})" in columns
    with (synced / "dates.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    for line, row, cells in zip(lines, rows, written, strict=True):
        seen = dict(zip(columns, line, strict=False))
        sent = seen[f"sent_at ({ZONE})"]
        assert sent.kind == "date"
        assert datetime.fromisoformat(sent.value) == on_the_wall(row["sent_at"]).replace(microsecond=0)
        for name in ("requester_id", "assignee_id"):
            if row[name] is not None:
                assert seen[name].kind == "string" and seen[name].value.lstrip("'") == str(row[name])
                assert cells[name] == f"'{row[name]}"
