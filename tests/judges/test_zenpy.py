"""zenpy, as its users have it: nothing is changed but where its requests go. Its numbers are the account's."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import requests
from requests.adapters import HTTPAdapter
from zenpy import Zenpy


class Elsewhere(HTTPAdapter):
    """Sends what is meant for the account's address to the emulator."""

    def __init__(self, meant: str, base_url: str) -> None:
        super().__init__()
        self.meant, self.base_url = meant, base_url

    def send(self, request, **options):
        sent = request.copy()
        sent.headers["Host"] = self.meant.removeprefix("https://")
        sent.url = request.url.replace(self.meant, self.base_url, 1)
        response = super().send(sent, **options)
        response.request = request
        return response


@pytest.fixture(params=["api token", "OAuth token"])
def zenpy(emulator, request) -> Zenpy:
    account = emulator.account
    if request.param == "api token":
        credentials = {"email": account["email"], "token": account["api_token"]}
    else:
        credentials = {"oauth_token": account["oauth_token"]}
    session = requests.Session()
    meant = f"https://{account['subdomain']}.zendesk.com"
    session.mount("https://", Elsewhere(meant, emulator.base_url))
    return Zenpy(subdomain=account["subdomain"], session=session, **credentials)


def of(truth: list[dict], source: str) -> dict[str, dict]:
    return {row["id"]: row for row in truth if row["source"] == source}


def whole_second(time: str) -> datetime:
    return datetime.fromisoformat(time).replace(microsecond=0)


def test_ratings(emulator, zenpy):
    truth = emulator.control("truth")
    rows = of(truth["rows"], "rating")
    copies = {copy["rating_id"] for copy in truth["copies"]}
    listed = {str(rating.id): rating for rating in zenpy.satisfaction_ratings()}
    # One that was never offered, or whose answer was taken back, is no row.
    own = {id: rating for id, rating in listed.items() if id not in copies and rating.score != "unoffered"}
    assert own.keys() == rows.keys()
    assert len(listed) > len(own)
    for id, rating in own.items():
        row = rows[id]
        assert (rating.ticket_id, rating.requester_id) == (row["ticket_id"], row["requester_id"])
        assert rating.score == (row["score"] or "offered")
        assert (rating.comment or None) == row["comment"]
        if row["attribution"] == "rating":
            assert (rating.assignee_id, rating.group_id) == (row["assignee_id"], row["group_id"])
        assert whole_second(rating.created_at) == whole_second(row["sent_at"])
    scores = Counter(rating.score for rating in listed.values())
    for score in ("good", "bad"):
        assert sum(1 for _ in zenpy.satisfaction_ratings(score=score)) == scores[score] > 0


@pytest.mark.parametrize("by_time", [False, True])
def test_incremental_tickets(emulator, zenpy, by_time):
    rows = [row for row in emulator.truth() if row["ticket_id"] and row["ticket_status"]]
    exported = {ticket.id: ticket for ticket in zenpy.tickets.incremental(start_time=1, paginate_by_time=by_time)}
    assert {row["ticket_id"] for row in rows} <= exported.keys()
    for row in rows:
        ticket = exported[row["ticket_id"]]
        assert (ticket.subject, ticket.status) == (row["ticket_subject"], row["ticket_status"])
    since = emulator.now() - timedelta(days=60)
    late = list(zenpy.tickets.incremental(start_time=since, paginate_by_time=by_time))
    assert 0 < len(late) < len(exported)
    assert all(ticket.generated_timestamp >= int(since.timestamp()) for ticket in late)


def test_audits(emulator, zenpy):
    rows = of(emulator.truth(), "survey")
    expected = {id for id, row in rows.items() if row["score"] and row["ticket_id"] and row["ticket_status"] != "deleted"}
    found = {}
    for ticket_id in {rows[id]["ticket_id"] for id in expected}:
        for audit in zenpy.tickets.audits(ticket=ticket_id):
            for event in audit.events:
                if event["type"] == "SurveyResponseSubmitted":
                    found[event["survey_response_id"]] = audit.ticket_id
    assert found == {id: rows[id]["ticket_id"] for id in expected}
