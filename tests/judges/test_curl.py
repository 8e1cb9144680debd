"""The lines that the documentation gives for curl, with the account's address in them."""

import json
import subprocess

import pytest

LINES = {
    "{root}/satisfaction_ratings.json": "satisfaction_ratings",
    "{root}/satisfaction_ratings/count.json": "count",
    "{root}/satisfaction_ratings/{satisfaction_rating_id}.json": "satisfaction_rating",
    "{root}/satisfaction_reasons.json": "reasons",
    "{root}/satisfaction_reasons/{satisfaction_reason_id}.json": "reason",
    "{root}/guide/survey_responses?filter=&page=&sort=": "survey_responses",
    "{root}/guide/en-us/survey_responses/{survey_response_id}": "survey_response",
    "{root}/incremental/tickets?start_time={unix_epoch_time}": "tickets",
    "{root}/incremental/tickets/cursor.json?start_time={unix_epoch_time}": "tickets",
    "{root}/tickets/{ticket_id}/audits": "audits",
}


def curl(emulator, url: str, *more: str) -> tuple[int, dict]:
    options = ["--silent", "--show-error", "--write-out", "\n%{http_code}"]
    command = ["curl", *options, "-u", ":".join(emulator.api_token), url, *more]
    body, _, status = subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("\n")
    return int(status), json.loads(body)


@pytest.fixture(scope="module")
def names(emulator) -> dict[str, str]:
    """What the lines leave open."""
    truth = emulator.truth()
    rating = next(row for row in truth if row["source"] == "rating" and row["reasons"])
    response = next(row for row in truth if row["source"] == "survey" and row["score"])
    return {
        "root": f"{emulator.base_url}/api/v2",
        "satisfaction_rating_id": rating["id"],
        "satisfaction_reason_id": rating["reason_id"],
        "survey_response_id": response["id"],
        "ticket_id": str(rating["ticket_id"]),
        "unix_epoch_time": "1717204386",
    }


@pytest.mark.parametrize("line", LINES)
def test_a_documented_line_is_answered(emulator, names, line):
    status, body = curl(emulator, line.format_map(names), "-H", "Content-Type: application/json")
    assert status == 200, body
    assert body[LINES[line]]


def test_the_records_are_those_asked_for(emulator, names):
    truth = {row["id"]: row for row in emulator.truth()}
    _, body = curl(emulator, "{root}/satisfaction_ratings/{satisfaction_rating_id}.json".format_map(names))
    rating, row = body["satisfaction_rating"], truth[names["satisfaction_rating_id"]]
    assert {name: rating[name] for name in ("ticket_id", "requester_id", "score")} == {
        name: row[name] for name in ("ticket_id", "requester_id", "score")
    }
    _, body = curl(emulator, "{root}/satisfaction_reasons/{satisfaction_reason_id}.json".format_map(names))
    assert body["reason"]["value"] == row["reasons"][0]["label"]


def test_a_wrong_token_is_refused(emulator, names):
    status, _ = curl(emulator, "{root}/satisfaction_ratings.json".format_map(names), "-u", "admin@example.com/token:no")
    assert status == 401


@pytest.mark.parametrize(
    "rating",
    [
        {"score": "good", "comment": "Quick and kind."},
        {"score": "bad", "comment": "Too short.", "reason_code": 100},
    ],
    ids=lambda rating: rating["score"],
)
def test_a_ticket_is_rated_as_documented(legacy_emulator, rating):
    customer = legacy_emulator.account["users"]["end_user"]
    solved = {"status": "solved", "requester_id": customer["id"]}
    ticket = legacy_emulator.control("tickets", solved)["ticket"]
    url = f"{legacy_emulator.base_url}/api/v2/tickets/{ticket['id']}/satisfaction_rating.json"
    body = json.dumps({"satisfaction_rating": rating})
    caller = f"{customer['email']}/token:{legacy_emulator.account['api_token']}"
    status, answer = curl(
        legacy_emulator, url, "-X", "POST", "-d", body, "-u", caller, "-H", "Content-Type: application/json"
    )
    assert status == 200, answer
    stored = answer["satisfaction_rating"]
    assert (stored["score"], stored["comment"]) == (rating["score"], rating["comment"])
    row = next(row for row in legacy_emulator.truth() if row["id"] == str(stored["id"]))
    assert (row["ticket_id"], row["score"]) == (ticket["id"], rating["score"])
