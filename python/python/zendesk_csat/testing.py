"""An offline Zendesk account to test against.

>>> from zendesk_csat.testing import Emulator
>>> with Emulator(seed=7, tickets=200) as zendesk, zendesk.client() as client:
...     count = client.satisfaction_ratings.count().value
>>> count > 0
True
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from os import PathLike
from types import TracebackType
from typing import Any, Self

from . import _core
from ._async_client import AsyncClient
from ._client import Client
from ._core import SatisfactionRating, SurveyResponse, Ticket
from ._credentials import OAuthToken
from ._vocabulary import AnswerInput

__all__ = ["Emulator"]


class Emulator:
    """An offline Zendesk account that listens on a loopback port of this machine until it is stopped.

    It runs in this process, beside the interpreter. Use it in a ``with`` or an ``async with`` statement, or call `stop`.

    Args:
        seed: Chooses the account: the same seed and number of tickets make the same account.
        tickets: How many tickets the account has when it starts.
        port: The port to listen on; 0 takes any that is free.
        clock_speed: How many seconds pass in the account for each real one; 0 for a clock that only steps.
        mirrors: Whether the legacy ratings that repeat a survey answer are listed.
        surveys: Whether the account changed to surveys half-way through its past. Without, legacy ratings are
            active to this day: the one case in which a customer can rate over the API.
        open_days: How many days a survey can be answered and edited after it was sent, 1 to 365.
        plan: Limits calls as that plan does, such as ``suite-professional``; no limits where not given.
        state: Keeps the account in that file; one started with the same file goes on where the last one stopped.

    Example:
        >>> from zendesk_csat.testing import Emulator
        >>> with Emulator(seed=7, tickets=50) as zendesk:
        ...     zendesk.base_url.startswith("http://127.0.0.1:")
        True
    """

    def __init__(
        self,
        *,
        seed: int = 7,
        tickets: int = 1000,
        port: int = 0,
        clock_speed: float = 1.0,
        mirrors: bool = True,
        surveys: bool = True,
        open_days: int = 28,
        plan: str | None = None,
        state: str | PathLike[str] | None = None,
    ) -> None:
        self._core = _core.Emulator(
            seed=seed,
            tickets=tickets,
            port=port,
            clock_speed=clock_speed,
            mirrors=mirrors,
            surveys=surveys,
            open_days=open_days,
            plan=plan,
            state=state,
        )
        self._account: dict[str, Any] = self._core.account

    @property
    def base_url(self) -> str:
        """The account's address, such as ``http://127.0.0.1:4000``."""
        return str(self._account["base_url"])

    @property
    def account(self) -> dict[str, Any]:
        """The account's address and credentials, and users of each role with theirs.

        Example:
            >>> sorted(zendesk.account["users"])
            ['admin', 'agent', 'end_user', 'unverified_end_user']
        """
        return self._account

    def client(self, **options: Any) -> Client:
        """A client of the account, signed in as its admin.

        Args:
            options: Any of `Client`'s, such as ``max_retries``.

        Example:
            >>> with zendesk.client(max_retries=0) as client:
            ...     count = client.satisfaction_ratings.count()
        """
        return Client(**self._connection(options))

    def async_client(self, **options: Any) -> AsyncClient:
        """An asynchronous client of the account, signed in as its admin.

        Args:
            options: Any of `AsyncClient`'s, such as ``max_retries``.

        Example:
            >>> import asyncio
            >>> async def count():
            ...     async with zendesk.async_client() as client:
            ...         return (await client.satisfaction_ratings.count()).value
            >>> asyncio.run(count()) > 0
            True
        """
        return AsyncClient(**self._connection(options))

    def _connection(self, options: dict[str, Any]) -> dict[str, Any]:
        connection = {
            "subdomain": self._account["subdomain"],
            "base_url": self._account["base_url"],
            "credentials": OAuthToken(self._account["oauth_token"]),
        }
        return connection | options

    def truth(self) -> list[dict[str, Any]]:
        """The rows of the one CSAT table as they should come out of the account now.

        Example:
            >>> sources = {row["source"] for row in zendesk.truth()}
        """
        return self._core.truth()

    def names(self) -> dict[str, list[dict[str, Any]]]:
        """Who and what ids stand for now, by kind: each its id, its name, and whether it still is.

        Example:
            >>> former = [group["name"] for group in zendesk.names()["groups"] if not group["is_active"]]
            >>> former
            ['VIP desk']
        """
        return self._core.names()

    def journal(self) -> list[dict[str, Any]]:
        """The requests so far, oldest first: method, path, query, status and bucket of each.

        Example:
            >>> zendesk.clear_journal()
            >>> count = client.satisfaction_ratings.count()
            >>> [(request["method"], request["path"]) for request in zendesk.journal()]
            [('GET', '/api/v2/satisfaction_ratings/count')]
        """
        return self._core.journal()

    def clear_journal(self) -> None:
        """Forgets the requests so far.

        Example:
            >>> zendesk.clear_journal()
            >>> zendesk.journal()
            []
        """
        self._core.clear_journal()

    @property
    def now(self) -> datetime:
        """The time in the account.

        Example:
            >>> zendesk.now.tzinfo
            datetime.timezone.utc
        """
        return self._core.now

    def advance(self, time: timedelta | int) -> None:
        """Lets time pass in the account: tickets arrive, customers answer, edit and rate again.

        Args:
            time: How long, or how many seconds; at most ten years.

        Example:
            >>> from datetime import timedelta
            >>> before = zendesk.now
            >>> zendesk.advance(timedelta(days=1))
            >>> zendesk.now - before >= timedelta(days=1)
            True
        """
        seconds = int(time.total_seconds()) if isinstance(time, timedelta) else time
        if seconds < 0:
            raise ValueError(f"time: it cannot go back, by {-seconds} seconds")
        self._core.advance(seconds)

    def faults(
        self,
        *,
        seed: int = 0,
        script: Iterable[str | Mapping[str, Any] | None] = (),
        **rates: float,
    ) -> dict[str, Any]:
        """Sets what goes wrong from now on, in the place of what did before.

        Args:
            seed: Decides which requests fail; the same seed makes the same run.
            script: What the next requests meet, a step each: the kind of a fault, None for nothing, or a mapping with
                ``kind``, ``path`` (a part of the paths it is for) and ``times``.
            rates: How often a kind of fault happens, from 0 to 1.

        Returns:
            Every kind of fault and its rate, the seed, and what is left of the script.

        Raises:
            ValueError: There is no such kind of fault, or a rate is out of range.

        Example:
            >>> in_force = zendesk.faults(script=["server_error"])
            >>> answer = client.satisfaction_ratings.with_raw_response.count()
            >>> answer.attempts
            2
            >>> zendesk.clear_faults()
        """
        self._core.set_faults(json.dumps({"seed": seed, "script": list(script), **rates}))
        return self._core.faults()

    def clear_faults(self) -> None:
        """Lets nothing go wrong any more; tokens that were revoked are good again.

        Example:
            >>> in_force = zendesk.faults(server_error=1.0)
            >>> zendesk.clear_faults()
            >>> count = client.satisfaction_ratings.count()
        """
        self._core.clear_faults()

    def put_ticket(
        self,
        *,
        subject: str | None = None,
        status: str | None = None,
        requester_id: int | None = None,
        assignee_id: int | None = None,
        group_id: int | None = None,
    ) -> Ticket:
        """Puts in a ticket. It is in the export a minute later, as in Zendesk.

        Example:
            >>> ticket = zendesk.put_ticket(subject="The app crashes", status="solved")
            >>> ticket.subject
            'The app crashes'
        """
        return Ticket.from_json(
            self._put(
                "tickets",
                "ticket",
                subject=subject,
                status=status,
                requester_id=requester_id,
                assignee_id=assignee_id,
                group_id=group_id,
            )
        )

    def put_rating(
        self,
        ticket_id: int,
        *,
        score: str = "offered",
        comment: str | None = None,
        reason_code: int | None = None,
    ) -> SatisfactionRating:
        """Offers a legacy rating of a ticket, or rates it: ``offered``, ``good`` or ``bad``. No rule of the API is in the way.

        Example:
            >>> rating = zendesk.put_rating(zendesk.put_ticket().id, score="bad", comment="Too slow")
            >>> rating.score, rating.comment
            ('bad', 'Too slow')
        """
        return SatisfactionRating.from_json(
            self._put(
                "satisfaction_ratings",
                "satisfaction_rating",
                ticket_id=ticket_id,
                score=score,
                comment=comment,
                reason_code=reason_code,
            )
        )

    def send_survey(
        self,
        ticket_id: int | None = None,
        *,
        conversation_id: str | None = None,
        responder_id: int | None = None,
        survey_id: str | None = None,
    ) -> str:
        """Sends a survey about a ticket, a conversation or both, and returns the id of the survey response.

        Example:
            >>> survey_response_id = zendesk.send_survey(zendesk.put_ticket(status="solved").id)
            >>> client.survey_responses.show(survey_response_id).answers
            []
        """
        sent = self._put(
            "survey_responses",
            "survey_response",
            ticket_id=ticket_id,
            conversation_id=conversation_id,
            responder_id=responder_id,
            survey_id=survey_id,
        )
        return str(json.loads(sent)["id"])

    def answer_survey(
        self,
        survey_response_id: str,
        *,
        rating: int | None = None,
        comment: str | None = None,
        answers: Iterable[AnswerInput] | None = None,
    ) -> SurveyResponse:
        """Answers a survey as its customer: with a rating, a comment, or any answers as the API takes them.

        An empty list of answers takes back what was answered.

        Example:
            >>> survey_response_id = zendesk.send_survey(zendesk.put_ticket(status="solved").id)
            >>> response = zendesk.answer_survey(survey_response_id, rating=1, comment="Nobody called back")
            >>> response.csat_answer.rating, response.csat_answer.rating_category
            (1, 'bad')
        """
        return SurveyResponse.from_json(
            self._put(
                f"survey_responses/{survey_response_id}",
                "survey_response",
                rating=rating,
                comment=comment,
                answers=None if answers is None else list(answers),
            )
        )

    def _put(self, path: str, name: str, **record: object) -> str:
        given = {key: value for key, value in record.items() if value is not None}
        return json.dumps(json.loads(self._core.put(path, json.dumps(given)))[name])

    def stop(self) -> None:
        """Stops the account. Stopping it again does nothing.

        Example:
            >>> from zendesk_csat.testing import Emulator
            >>> other = Emulator(tickets=10)
            >>> other.stop()
        """
        self._core.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Emulator at {self.base_url}>"
