"""Every operation of the documentation has its name, its arguments and its answer, in both clients."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import reduce
from typing import Any

import pytest
from zendesk_csat import AsyncListing, Client, Listing, OAuthToken
from zendesk_csat.testing import Emulator
from zendesk_csat.types import (
    Brand,
    Count,
    CreatedSurveyResponse,
    CurrentUser,
    Group,
    Organization,
    SatisfactionRating,
    SatisfactionReason,
    Survey,
    SurveyResponse,
    Ticket,
    TicketAudit,
    TicketForm,
    User,
)

SINCE = datetime(2020, 1, 1, tzinfo=timezone.utc)
UNTIL = "2030-01-01T00:00:00Z"


@dataclass
class Operation:
    """One line of the table: where it is, what it takes, what it answers."""

    path: str
    answer: type
    positions: tuple[str, ...] = ()
    names: dict[str, Any] = field(default_factory=dict)
    """Arguments by name; a text that is a place among the known ids stands for the id."""
    writes: bool = False

    def __str__(self) -> str:
        return self.path


OPERATIONS = [
    Operation(
        "satisfaction_ratings.list",
        SatisfactionRating,
        names={"score": "good", "start_time": SINCE, "end_time": UNTIL, "page_size": 50},
    ),
    Operation("satisfaction_ratings.count", Count),
    Operation("satisfaction_ratings.show", SatisfactionRating, ("rating",)),
    Operation(
        "satisfaction_ratings.create",
        SatisfactionRating,
        ("ticket",),
        {"score": "good", "comment": "Thanks", "reason_code": None, "on_behalf_of": None},
        writes=True,
    ),
    Operation("satisfaction_reasons.list", SatisfactionReason),
    Operation("satisfaction_reasons.show", SatisfactionReason, ("reason",)),
    Operation(
        "survey_responses.list",
        SurveyResponse,
        names={
            "responder_ids": ["responder"],
            "subject_zrns": ["zrn"],
            "created_at_start": SINCE,
            "created_at_end": UNTIL,
            "sort": "id",
            "page_size": 20,
        },
    ),
    Operation("survey_responses.show", SurveyResponse, ("response",), {"locale": "en-us"}),
    Operation(
        "survey_responses.create",
        CreatedSurveyResponse,
        names={"survey_id": "survey", "responder_id": "responder", "subject_zrns": ["zrn"], "locale": "en-us"},
        writes=True,
    ),
    Operation(
        "survey_responses.submit",
        SurveyResponse,
        ("offered",),
        {"answers": ["answer"], "locale": "en-us", "access_token": "token"},
        writes=True,
    ),
    Operation("surveys.list", Survey, names={"locale": "en-us"}),
    Operation("tickets.export", Ticket, names={"start_time": SINCE, "cursor": None, "page_size": 100}),
    Operation("tickets.export_by_time", Ticket, names={"start_time": SINCE}),
    Operation("tickets.audits", TicketAudit, ("ticket",), {"events": ["SurveyOffered", "Comment", "Create"]}),
    Operation("tickets.show_many", Ticket, ("tickets",)),
    Operation("groups.list", Group, names={"exclude_deleted": False, "page_size": 2}),
    Operation("users.list", User, names={"role": ["agent", "admin"], "page_size": 7}),
    Operation("users.show_many", User, ("users",)),
    Operation("users.me", CurrentUser),
    Operation("brands.list", Brand, names={"page_size": 2}),
    Operation("ticket_forms.list", TicketForm),
    Operation("organizations.show_many", Organization, ("organizations",)),
]

EMPTY = inspect.Parameter.empty


@dataclass
class Place:
    """An account, and the ids of what is in it."""

    zendesk: Emulator
    known: dict[str, Any]
    user: str

    def fill(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        return self.known.get(value, value) if isinstance(value, str) else value


@pytest.fixture
def place(account: Emulator, client: Client) -> Iterator[Place]:
    """What reads finds in an account that stays as it is."""
    response = next(response for response in client.survey_responses.list() if response.ticket_id and response.csat_answer)
    assert response.subject_zrns
    rating, reason = client.satisfaction_ratings.list().first(), client.satisfaction_reasons.list().first()
    assert rating is not None and reason is not None
    tickets = client.tickets.export(start_time=SINCE)
    organizations = {ticket.organization_id for ticket in tickets if ticket.organization_id is not None}
    known = {
        "rating": rating.id,
        "reason": reason.id,
        "response": response.id,
        "responder": response.responder_id,
        "zrn": response.subject_zrns[0],
        "ticket": response.ticket_id,
        "tickets": [response.ticket_id],
        "users": [account.account["users"][kind]["id"] for kind in ("admin", "agent")],
        "organizations": list(organizations),
    }
    yield Place(account, known, account.account["oauth_token"])


@pytest.fixture
def writing() -> Iterator[Any]:
    """An account to write to, for a customer to rate in, or to offer a survey in."""
    started: list[Emulator] = []

    def start(operation: Operation) -> Place:
        legacy = operation.path.startswith("satisfaction_ratings")
        zendesk = Emulator(seed=3, tickets=300, surveys=not legacy, clock_speed=0)
        started.append(zendesk)
        user = zendesk.account["users"]["end_user"]
        ticket = zendesk.put_ticket(status="solved", requester_id=user["id"])
        known: dict[str, Any] = {"ticket": ticket.id, "responder": user["id"], "zrn": f"zen:ticket:{ticket.id}"}
        if legacy:
            return Place(zendesk, known, user["oauth_token"])
        with zendesk.client() as admin:
            survey = next(survey for survey in admin.surveys.list() if survey.state == "enabled")
            offered = admin.survey_responses.create(
                survey_id=survey.id, responder_id=user["id"], subject_zrns=[known["zrn"]]
            )
        assert survey.questions and offered.links is not None and offered.links.url_path is not None
        scale = next(question for question in survey.questions if question.sub_type == "customer_satisfaction")
        known |= {
            "survey": survey.id,
            "offered": offered.id,
            "token": offered.links.url_path.expose().partition("access_token=")[2],
            "answer": {"type": "rating_scale", "question_id": scale.id, "rating": 1},
        }
        return Place(zendesk, known, zendesk.account["oauth_token"])

    yield start
    for zendesk in started:
        zendesk.stop()


def method_of(client: object, path: str) -> Any:
    return reduce(getattr, path.split("."), client)


def test_the_table_is_whole(client: Client) -> None:
    paths = {operation.path for operation in OPERATIONS}
    resources = {path.partition(".")[0] for path in paths}
    found = {
        f"{resource}.{verb}"
        for resource in resources
        for verb in dir(getattr(client, resource))
        if not verb.startswith("_") and verb != "with_raw_response"
    }
    assert found == paths and len(paths) == 22


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_arguments_are_by_name_but_for_what_is_meant(operation: Operation, client: Client, account: Emulator) -> None:
    for one in (client, account.async_client()):
        parameters = inspect.signature(method_of(one, operation.path)).parameters
        by_position = [name for name, parameter in parameters.items() if parameter.kind is not parameter.KEYWORD_ONLY]
        assert len(by_position) == len(operation.positions)
        assert operation.names.keys() <= parameters.keys() - set(by_position)


SIGNATURES = [
    "satisfaction_ratings.list(*, score, start_time, end_time, page_size)",
    "satisfaction_ratings.count()",
    "satisfaction_ratings.show(id)",
    "satisfaction_ratings.create(ticket_id, *, score, comment, reason_code, on_behalf_of)",
    "satisfaction_reasons.list()",
    "satisfaction_reasons.show(id)",
    "survey_responses.list(*, responder_ids, subject_zrns, created_at_start, created_at_end, sort, page_size)",
    "survey_responses.show(id, *, locale='en-us')",
    "survey_responses.create(*, survey_id, responder_id, subject_zrns, locale='en-us')",
    "survey_responses.submit(id, *, answers, locale='en-us')",
    "surveys.list(*, locale='en-us')",
    "tickets.export(*, start_time, cursor, page_size)",
    "tickets.export_by_time(*, start_time)",
    "tickets.audits(ticket_id, *, events)",
    "tickets.show_many(ids)",
    "groups.list(*, exclude_deleted, page_size)",
    "users.list(*, role, page_size)",
    "users.show_many(ids)",
    "users.me()",
    "brands.list(*, page_size)",
    "ticket_forms.list()",
    "organizations.show_many(ids)",
]
"""What everybody calls: the names never change, and what is not given by position is given by name."""


@pytest.mark.parametrize("promised", SIGNATURES)
@pytest.mark.parametrize("asynchronous", [False, True])
def test_names_are_as_promised(promised: str, asynchronous: bool, client: Client, account: Emulator) -> None:
    path, _, parameters = promised.rstrip(")").partition("(")
    positions, _, names = parameters.partition("*")
    one = account.async_client() if asynchronous else client
    found = inspect.signature(method_of(one, path)).parameters
    by_position = [name for name, parameter in found.items() if parameter.kind is not parameter.KEYWORD_ONLY]
    assert by_position == [name for name in positions.replace(" ", "").split(",") if name]
    for wanted in filter(None, names.replace(" ", "").split(",")):
        name, _, default = wanted.partition("=")
        assert name in found
        assert not default or repr(found[name].default) == default


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_it_answers_the_same_in_both_clients(operation: Operation, place: Place, writing: Any) -> None:
    # What writes has an account for each client: the second call would find what the first has done.
    def somewhere() -> Place:
        return writing(operation) if operation.writes else place

    def arguments(at: Place) -> tuple[list[Any], dict[str, Any]]:
        return [at.fill(name) for name in operation.positions], {
            name: at.fill(value) for name, value in operation.names.items()
        }

    at = somewhere()
    positions, names = arguments(at)
    with at.zendesk.client(credentials=OAuthToken(at.user)) as client:
        answer = method_of(client, operation.path)(*positions, **names)
        records = answer.collect() if isinstance(answer, Listing) else [answer]

    async def ask() -> list[Any]:
        at = somewhere()
        positions, names = arguments(at)
        async with at.zendesk.async_client(credentials=OAuthToken(at.user)) as client:
            answer = method_of(client, operation.path)(*positions, **names)
            if isinstance(answer, AsyncListing):
                return await answer.collect()
            return [await answer]

    others = asyncio.run(ask())
    assert records and all(isinstance(record, operation.answer) for record in records)
    if operation.answer is CreatedSurveyResponse:
        # Each has an id and a link of its own.
        assert len(others) == 1 and isinstance(others[0], CreatedSurveyResponse)
    else:
        assert [record.to_dict() for record in others] == [record.to_dict() for record in records]
