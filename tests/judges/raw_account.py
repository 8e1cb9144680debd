"""An account's CSAT ratings, from the raw pages of the API: one row for each answer, and for each time that a customer was asked.

Written from the definitions, with none of the project's code: what the command reports is held against it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests

# A copy of an answer is stamped within so many milliseconds of it.
MINUTES = 5 * 60_000


def milliseconds(text: str | None) -> int | None:
    if text is None:
        return None
    time = datetime.fromisoformat(text)
    return int(time.timestamp()) * 1000 + time.microsecond // 1000


@dataclass
class Row:
    source: str
    id: str
    ticket: int | None
    requester: int
    agent: int | None
    group: int | None
    sent: int
    rated: int | None
    first_rated: int | None
    expires: int | None
    score: str | None
    scale: int | None
    comment: str | None
    survey: str | None
    is_offer: bool
    reasons: list[tuple[str, str]] = field(default_factory=list)
    is_latest: bool = False
    channel: str | None = None
    status: str | None = None
    brand: int | None = None
    organization: int | None = None
    form: int | None = None
    priority: str | None = None
    tags: list[str] = field(default_factory=list)


class Account:
    """All pages of an account as it stands now, and the rows that they make."""

    def __init__(self, base_url: str, token: str) -> None:
        self.base_url = base_url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.known_until = 0
        self.ratings = list(self.listed("satisfaction_ratings", 100))
        self.responses = list(self.listed("guide/survey_responses", 50))
        self.tickets = {ticket["id"]: ticket for ticket in self.exported()}
        self.brands = {brand["name"]: brand["id"] for brand in self.listed("brands", 100)}
        self.reasons = {reason["id"]: reason for reason in self.get("satisfaction_reasons")["reasons"]}
        self.questions: dict[str, dict] = {}
        self.labels: dict[str, tuple[int, str]] = {}
        # The questions that a customer is led to who is not content.
        self.asks_why: set[str] = set()
        for survey in self.listed("guide/en-us/surveys", 50):
            self.read_questions(survey["questions"], survey["version"])
            for question in survey["questions"]:
                if question.get("sub_type") == "customer_satisfaction":
                    worst = min(question["options"], key=lambda option: option["rating"])
                    if "follow_up" in worst:
                        self.asks_why.add(worst["follow_up"]["question_id"])
        self.scales = {response["id"]: self.scale(response) for response in self.responses if csat(response)}
        self.copies = self.find_copies()
        self.rows = [self.rating(rating) for rating in self.ratings if self.is_row(rating)]
        self.rows += [self.survey(response) for response in self.responses]
        self.find_latest()
        self.names = self.read_names()

    def read_names(self) -> dict[str, dict[int, str]]:
        """Names by their ids, for each dimension that has them."""

        def shown(path: str, ids: Iterator[int | None]) -> dict[int, str]:
            known = sorted(set(ids) - {None})
            pages = (known[start : start + 100] for start in range(0, len(known), 100))
            found = (self.get(f"{path}/show_many", ids=",".join(map(str, page)))[path] for page in pages)
            return {one["id"]: one["name"] for page in found for one in page}

        def listed(path: str, **query: object) -> dict[int, str]:
            return {one["id"]: one["name"] for one in self.get(path, **query)[path]}

        return {
            "agent": shown("users", (row.agent for row in self.rows)),
            "group": listed("groups", exclude_deleted="false"),
            "brand": listed("brands"),
            "organization": shown("organizations", (row.organization for row in self.rows)),
            "form": listed("ticket_forms"),
        }

    def get(self, path: str, **query: object) -> dict:
        answer = self.session.get(f"{self.base_url}/api/v2/{path}", params=query, timeout=60)
        answer.raise_for_status()
        date = int(parsedate_to_datetime(answer.headers["Date"]).timestamp()) * 1000
        # What can still be answered is told by the service's clock, when the reading begins.
        self.known_until = self.known_until or date
        return answer.json()

    def listed(self, path: str, size: int) -> Iterator[dict]:
        name, cursor = path.split("/")[-1], None
        while True:
            page = self.get(path, **{"page[size]": size}, **({"page[after]": cursor} if cursor else {}))
            yield from page[name]
            if not page["meta"]["has_more"]:
                return
            cursor = page["meta"]["after_cursor"]

    def exported(self) -> Iterator[dict]:
        scope = {"support_type_scope": "all"}
        page = self.get("incremental/tickets/cursor", start_time=0, **scope)
        while True:
            yield from page["tickets"]
            if page["end_of_stream"]:
                return
            page = self.get("incremental/tickets/cursor", cursor=page["after_cursor"], **scope)

    def read_questions(self, questions: list[dict], version: int) -> None:
        """The newest label of each option is that of the highest version that has it."""
        for question in questions:
            if question["type"] == "closed_ended":
                for option in question["options"]:
                    known = self.labels.get(option["id"], (-1, ""))
                    self.labels[option["id"]] = max(known, (version, option["label"]["value"]))

    def scale(self, response: dict) -> int:
        """How many points the answer was chosen from: only a response shown by itself says it."""
        shown = self.get(f"guide/en-us/survey_responses/{response['id']}")["survey_response"]
        self.read_questions([answer["question"] for answer in shown["answers"]], version(response)[1])
        return len(csat(shown)["question"]["options"])

    def is_row(self, rating: dict) -> bool:
        return rating["score"].lower() != "unoffered" and rating["id"] not in self.copies

    def find_copies(self) -> dict[int, dict]:
        """The ratings that are the copy of a survey's answer: of its customer, about its ticket or about any where it names none,
        within minutes of when it was given or changed, and as good or as bad."""
        of_customer: dict[int, list[dict]] = {}
        for response in self.responses:
            if csat(response):
                of_customer.setdefault(int(response["responder_id"]), []).append(response)
        found = []
        for rating in self.ratings:
            if rating["score"].lower() not in ("good", "bad"):
                continue
            for response in of_customer.get(rating["requester_id"], []):
                answer = csat(response)
                ticket = ticket_of(response)
                as_good = (answer["rating_category"] == "good") == (rating["score"].lower() == "good")
                apart = min(
                    abs(milliseconds(one) - milliseconds(other))
                    for one in (rating["created_at"], rating["updated_at"])
                    for other in (answer["created_at"], answer["updated_at"])
                    if one
                )
                if as_good and apart <= MINUTES and ticket in (None, rating["ticket_id"]):
                    found.append((ticket is None, apart, rating["id"], response["id"]))
        copies: dict[int, str] = {}
        for _, _, rating, response in sorted(found):
            if rating not in copies and response not in copies.values():
                copies[rating] = response
        self.copy_of_response = {response: rating for rating, response in copies.items()}
        return copies

    def of_ticket(self, row: Row, own: dict | None) -> Row:
        """Agent and group as the rating names them, else as the ticket does."""
        ticket = self.tickets.get(row.ticket)
        for named in (own, ticket):
            if named and (named["assignee_id"] is not None or named["group_id"] is not None):
                row.agent, row.group = named["assignee_id"], named["group_id"]
                break
        if ticket:
            row.channel, row.status = ticket["via"]["channel"], ticket["status"]
            row.brand, row.organization = ticket["brand_id"], ticket["organization_id"]
            row.form, row.priority, row.tags = ticket["ticket_form_id"], ticket["priority"], ticket["tags"]
        return row

    def rating(self, rating: dict) -> Row:
        score = rating["score"].lower()
        rated = milliseconds(rating["updated_at"] or rating["created_at"]) if score != "offered" else None
        changed = rating["updated_at"] not in (None, rating["created_at"])
        row = Row(
            source="rating",
            id=str(rating["id"]),
            ticket=rating["ticket_id"],
            requester=rating["requester_id"],
            agent=None,
            group=None,
            sent=milliseconds(rating["created_at"]),
            rated=rated,
            first_rated=rated,
            expires=None,
            score=score if rated is not None else None,
            scale=None,
            comment=rating["comment"] or None,
            survey=None,
            is_offer=score == "offered" or changed,
        )
        reason = self.reasons.get(rating.get("reason_id"))
        if reason and reason["reason_code"] != 0:
            row.reasons = [(str(reason["id"]), reason["value"])]
        return self.of_ticket(row, rating)

    def survey(self, response: dict) -> Row:
        answer, ticket = csat(response), ticket_of(response)
        copy = None
        if ticket is None and response["id"] in self.copy_of_response:
            copy = next(one for one in self.ratings if one["id"] == self.copy_of_response[response["id"]])
            ticket = copy["ticket_id"]
        texts = (one["value"] for one in response["answers"] if one["type"] == "open_ended")
        closed = (one for one in response["answers"] if one["type"] == "closed_ended")
        chosen = next((one for one in closed if one["question"]["id"] in self.asks_why), {"selections": []})
        ids = [selection["option_id"] for selection in chosen["selections"]]
        expires = milliseconds(response["expires_at"])
        row = Row(
            source="survey",
            id=response["id"],
            ticket=ticket,
            requester=int(response["responder_id"]),
            agent=None,
            group=None,
            sent=ulid_time(response["id"]),
            rated=milliseconds(answer["updated_at"]) if answer else None,
            first_rated=milliseconds(answer["created_at"]) if answer else None,
            expires=expires,
            score=answer["rating_category"] if answer else None,
            scale=self.scales.get(response["id"]),
            comment=next((text for text in texts if text), None),
            survey="{} v{}".format(*version(response)),
            is_offer=True,
            reasons=[(option, self.labels[option][1]) for option in ids],
        )
        return self.of_ticket(row, copy)

    def find_latest(self) -> None:
        """Each ticket's latest answer; an answer about no ticket is its own."""
        latest: dict[object, Row] = {}
        for row in self.rows:
            if row.rated is not None:
                key = row.ticket if row.ticket is not None else row.id
                if key not in latest or latest[key].rated < row.rated:
                    latest[key] = row
        for row in latest.values():
            row.is_latest = True


def csat(response: dict) -> dict | None:
    for answer in response["answers"]:
        if answer["type"] == "rating_scale" and answer["question"].get("sub_type") == "customer_satisfaction":
            return answer
    return None


def ticket_of(response: dict) -> int | None:
    for zrn in response["subject_zrns"]:
        _, kind, number = zrn.split(":", 2)
        if kind in ("ticket", "request"):
            return int(number)
    return None


def version(response: dict) -> tuple[str, int]:
    survey = response.get("survey")
    return (survey["id"], survey["version"]) if survey else (response["survey_id"], response["survey_version"])


def ulid_time(ulid: str) -> int:
    """A survey response's id begins with the millisecond in which it was sent, in Crockford's base 32."""
    time = 0
    for letter in ulid[:10]:
        time = time * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    return time
