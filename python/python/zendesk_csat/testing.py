"""An offline Zendesk account to test against.

>>> from zendesk_csat.testing import Emulator
>>> with Emulator(seed=7, tickets=200) as zendesk, zendesk.client() as client:
...     count = client.satisfaction_ratings.count().value
>>> count > 0
True
"""

from __future__ import annotations

from os import PathLike
from types import TracebackType
from typing import Any, Self

from . import _core
from ._async_client import AsyncClient
from ._client import Client
from ._credentials import OAuthToken

__all__ = ["Emulator"]


class Emulator:
    """An offline Zendesk account that listens on a loopback port of this machine until it is stopped.

    It runs in this process, beside the interpreter. Use it in a ``with`` statement, or call `stop`.

    Args:
        seed: Chooses the account: the same seed and number of tickets make the same account.
        tickets: How many tickets the account has when it starts.
        port: The port to listen on; 0 takes any that is free.
        clock_speed: How many seconds pass in the account for each real one; 0 for a clock that only steps.
        mirrors: Whether the legacy ratings that repeat a survey answer are listed.
        surveys: Whether the account changed to surveys half-way through its past. Without, legacy ratings are
            active to this day: the one case in which a customer can rate over the API.
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
        """Forgets the requests so far."""
        self._core.clear_journal()

    def advance(self, seconds: int) -> None:
        """Lets so many seconds pass in the account: tickets arrive, customers answer, edit and rate again.

        Example:
            >>> zendesk.advance(24 * 60 * 60)
        """
        self._core.advance(seconds)

    def stop(self) -> None:
        """Stops the account. Stopping it again does nothing."""
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

    def __repr__(self) -> str:
        return f"<Emulator at {self.base_url}>"
