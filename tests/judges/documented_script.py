"""The control flow of the documentation's own script, in our words: the rated tickets, their audits, the survey responses.

https://developer.zendesk.com/documentation/ticketing/managing-tickets/getting-csat-ratings-of-tickets/

The original ends at the first ticket whose rating is null or whose audits are not found; this goes on.
"""

from collections.abc import Iterator
from datetime import datetime

import requests


class DocumentedScript:
    """One call after another, two for each rated ticket."""

    def __init__(self, base_url: str, auth: tuple[str, str]) -> None:
        self.root = f"{base_url}/api/v2"
        self.session = requests.Session()
        self.session.auth = auth

    def answered(self, start_time: int) -> Iterator[tuple[dict, dict]]:
        """Each rated ticket changed since, with the survey response of its last answer."""
        for ticket in self.rated_tickets(start_time):
            if response_id := self.survey_response_id(ticket["id"], start_time):
                shown = self.session.get(f"{self.root}/guide/en-us/survey_responses/{response_id}", timeout=60)
                if shown.status_code != 404:
                    shown.raise_for_status()
                    yield ticket, shown.json()["survey_response"]

    def rated_tickets(self, start_time: int) -> Iterator[dict]:
        url, parameters = f"{self.root}/incremental/tickets/cursor.json", {"start_time": start_time}
        while True:
            exported = self.session.get(url, params=parameters, timeout=60)
            exported.raise_for_status()
            page = exported.json()
            for ticket in page["tickets"]:
                rating = ticket.get("satisfaction_rating")
                if rating and rating["score"] not in ("offered", "unoffered"):
                    yield ticket
            if page["end_of_stream"]:
                return
            url, parameters = page["after_url"], None

    def survey_response_id(self, ticket_id: int, start_time: int) -> str | None:
        """Of the ticket's last audit since that has one; the original reads the first page of audits only."""
        listed = self.session.get(f"{self.root}/tickets/{ticket_id}/audits.json", timeout=60)
        if listed.status_code == 404:
            return None
        listed.raise_for_status()
        found = None
        for audit in listed.json()["audits"]:
            if seconds(audit["created_at"]) >= start_time:
                found = next((e["survey_response_id"] for e in audit["events"] if e.get("survey_response_id")), found)
        return found


def seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()
