"""Every number of the report is what an independent calculation finds in the raw pages of the account."""

import csv
import json
import math
import os
import sqlite3
import subprocess
from datetime import date, datetime

import pytest
from conftest import running
from raw_account import Account, milliseconds
from recompute import COMMENTS, Asked, report

DIMENSIONS = ["day", "week", "month", "agent", "group", "reason", "survey-version", "source", "channel", "scale", "brand"]
DIMENSIONS += ["organization", "form", "tag", "priority", "account"]
NOT_RECOMPUTED = {"gaps", "scope", "filters", "subdomains", "small_sample_below_answers"}
BOUNDS = [(None, None), ("2025-05-01", "2025-12-31"), ("2026-05-04", "2026-05-31")]


class Command:
    """The command in a folder of its own, on one account."""

    def __init__(self, folder, emulator) -> None:
        names = {"ZENDESK_SUBDOMAIN": "subdomain", "ZENDESK_BASE_URL": "base_url", "ZENDESK_OAUTH_TOKEN": "oauth_token"}
        self.environment = os.environ | {name: emulator.account[key] for name, key in names.items()}
        self.folder = folder

    def run(self, *arguments: str) -> str:
        command = [os.environ["ZENDESK_CSAT_COMMAND"], *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    def report(self, *arguments: str) -> dict:
        by = [word for dimension in DIMENSIONS for word in ("--by", dimension)]
        return json.loads(self.run("report", "--json", "--comments", str(COMMENTS), *by, *arguments))


def differences(ours: object, theirs: object, place: str = "") -> list[str]:
    """Where the report and the calculation differ; what only the report has is of no number."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        return [line for key in theirs for line in differences(ours.get(key), theirs[key], f"{place}/{key}")]
    if isinstance(theirs, list) and isinstance(ours, list) and len(ours) == len(theirs):
        return [line for at in range(len(theirs)) for line in differences(ours[at], theirs[at], f"{place}/{at}")]
    if isinstance(ours, str) and isinstance(theirs, int):
        ours = milliseconds(ours)
    if isinstance(theirs, float) and isinstance(ours, float):
        same = math.isclose(ours, theirs, rel_tol=1e-7, abs_tol=1e-9)
    else:
        same = ours == theirs or not ours and theirs is False
    return [] if same else [f"{place}: {ours!r}, and not {theirs!r}"]


def assert_equal(command: Command, account: Account, bounds: tuple[str | None, str | None], **options: str) -> None:
    asked = Asked(**options, as_of=account.known_until)
    since, until = (datetime.fromisoformat(day).date() if day else None for day in bounds)
    asked.since = asked.midnight(since) if since else None
    asked.until = asked.midnight(until.fromordinal(until.toordinal() + 1)) if until else None
    arguments = ["--time-zone", asked.zone, "--week-start", asked.week_start, "--date", asked.date]
    arguments += ["--like", asked.like] if asked.like else ["--count", asked.count]
    arguments += ["--since", bounds[0], "--until", bounds[1]] if since else ["--all"]
    compare(command.report(*arguments), report(account, asked, DIMENSIONS), arguments)


def compare(ours: dict, theirs: dict, arguments: list[str]) -> None:
    ours["breakdowns"] = {one["by"]: {bucket["key"]: bucket for bucket in one["buckets"]} for one in ours["breakdowns"]}
    assert set(ours) - set(theirs) <= NOT_RECOMPUTED
    for dimension, groups in theirs["breakdowns"].items():
        assert list(ours["breakdowns"][dimension]) == list(groups), (dimension, arguments)
        assert sum(bucket["sent"] for bucket in groups.values()) > 0, dimension
    found = differences(ours, theirs)
    assert found == [], f"{len(found)} differ with {arguments}:\n" + "\n".join(found[:30])


def assert_all_equal(command: Command, emulator) -> Account:
    account = Account(emulator.base_url, emulator.account["oauth_token"])
    for zone in ("UTC", "America/New_York"):
        for bounds in BOUNDS:
            assert_equal(command, account, bounds, zone=zone)
    assert_equal(command, account, BOUNDS[0], count="answers", zone="Asia/Kolkata")
    assert_equal(command, account, BOUNDS[0], like="explore", week_start="sunday")
    assert_equal(command, account, BOUNDS[1], date="rated", zone="Europe/Berlin")
    return account


# `tests/python/test_history.py` holds the call of Python against this command.
MAY = ["--month", "2026-05", "--brand", "Acme Pro", "--time-zone", "Europe/Berlin", "--without-tag", "refund"]


@pytest.mark.parametrize("seed", [1, 7])
def test_a_month_of_a_brand_in_berlin_s_days_without_a_tag(seed, tmp_path):
    with running("--seed", str(seed), tickets=3000) as emulator:
        command = Command(tmp_path, emulator)
        command.run("sync")
        account = Account(emulator.base_url, emulator.account["oauth_token"])
    asked = Asked(zone="Europe/Berlin", as_of=account.known_until, is_month=True)
    asked.since, asked.until = (asked.midnight(date(2026, month, 1)) for month in (5, 6))
    whole = report(account, asked, DIMENSIONS)
    asked.brand = account.brands["Acme Pro"]
    tagged = report(account, asked, DIMENSIONS)
    asked.without_tag = "refund"
    theirs = report(account, asked, DIMENSIONS)
    # The filters leave out some, and leave some.
    assert 0 < theirs["total"]["answered"] < tagged["total"]["answered"] < whole["total"]["answered"]
    compare(command.report(*MAY), theirs, MAY)
    command.run("export", "may.csv", *MAY)
    with open(tmp_path / "may.csv", newline="") as file:
        exported = {row["id"] for row in csv.DictReader(file)}
    sent = {row.id for row in account.rows if asked.picks(row) and asked.since <= row.sent < asked.until}
    assert exported == sent


@pytest.mark.parametrize("seed", [1, 2, 3, 7, 42])
def test_every_number_of_the_report(seed, tmp_path):
    with running("--seed", str(seed), tickets=3000) as emulator:
        command = Command(tmp_path, emulator)
        command.run("sync")
        before = assert_all_equal(command, emulator)
        emulator.control("clock", {"advance_seconds": 9 * 86_400})
        command.run("sync")
        after = assert_all_equal(command, emulator)
        truth = emulator.control("truth")
    assert len(after.rows) > len(before.rows) > 1000
    # What the calculation found by evidence is what the account made.
    made = {copy["rating_id"]: copy["survey_response_id"] for copy in truth["copies"]}
    assert {str(rating): response for rating, response in after.copies.items()} == made
    latest = {row["id"] for row in truth["rows"] if row["is_latest"]}
    assert {row.id for row in after.rows if row.is_latest} == latest
    offers = {row["id"] for row in truth["rows"] if row["is_offer"]}
    assert {row.id for row in after.rows if row.is_offer} == offers
    reasons = {row["id"]: [(one["id"], one["label"]) for one in row["reasons"]] for row in truth["rows"]}
    assert {row.id: row.reasons for row in after.rows} == reasons


def test_one_altered_answer_is_found(tmp_path):
    with running("--seed", "7") as emulator:
        command = Command(tmp_path, emulator)
        command.run("sync")
        account = Account(emulator.base_url, emulator.account["oauth_token"])
        assert_equal(command, account, BOUNDS[0])
        with sqlite3.connect(tmp_path / "csat.db") as connection:
            good = "SELECT max(id) FROM survey_responses WHERE score = 'good'"
            connection.execute(f"UPDATE survey_responses SET score = 'bad' WHERE id = ({good})")
        connection.close()
        with pytest.raises(AssertionError, match="total/good"):
            assert_equal(command, account, BOUNDS[0])


def test_a_single_wrong_number_is_found():
    right = {"total": {"sent": 3, "csat_percent": 50.0, "first": 1_000}}
    same = {"total": {"sent": 3, "csat_percent": 50.0 + 1e-9, "first": "1970-01-01T00:00:01Z", "more": 1}}
    assert differences(same, right) == []
    for wrong in ({"sent": 4}, {"csat_percent": 50.01}, {"csat_percent": None}, {"first": "1970-01-01T00:00:02Z"}):
        assert len(differences({"total": same["total"] | wrong}, right)) == 1
