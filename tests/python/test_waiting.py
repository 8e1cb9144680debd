"""Functions of the program that are called while something waits for them: they cannot wait for it in turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from zendesk_csat import AsyncClient, Client, ConfigurationError, History, HistoryBusyError, OAuthToken
from zendesk_csat.testing import Emulator

USES: dict[str, Callable[[Client], object]] = {
    "a call": lambda client: client.satisfaction_ratings.count(),
    "a listing": lambda client: client.satisfaction_ratings.list().first(),
    "other options": lambda client: client.with_options(timeout=5).satisfaction_ratings.count(),
    "a frame": lambda client: client.satisfaction_ratings.list().to_polars(),
    "a sync": lambda client: client.sync(History(":memory:")),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_a_function_that_gives_tokens_cannot_use_its_own_client(
    account: Emulator, use: Callable[[Client], object]
) -> None:
    clients: list[Client] = []

    def token() -> str:
        use(clients[0])
        return "never"

    with account.client(credentials=token, max_retries=0) as client:
        clients.append(client)
        with pytest.raises(ConfigurationError, match="cannot use the client that waits for the token"):
            client.satisfaction_ratings.count()


def test_a_listing_that_was_begun_before_counts_as_its_client(account: Emulator) -> None:
    good = str(account.account["oauth_token"])
    readings: list[Any] = []

    def token() -> str:
        if len(readings) == 1:
            next(readings[0])
        return good

    with account.client(credentials=token, max_retries=0) as client:
        readings.append(client.satisfaction_ratings.list().pages())
        with pytest.raises(ConfigurationError, match="cannot use the client that waits for the token"):
            client.satisfaction_ratings.count()


def test_an_async_function_cannot_use_its_own_client_either(account: Emulator) -> None:
    async def ask() -> None:
        clients: list[AsyncClient] = []

        async def token() -> str:
            await clients[0].satisfaction_ratings.count()
            return "never"

        async with account.async_client(credentials=token, max_retries=0) as client:
            clients.append(client)
            with pytest.raises(ConfigurationError, match="cannot use the client that waits for the token"):
                await client.satisfaction_ratings.count()

    asyncio.run(ask())


def test_what_an_async_function_leaves_running_may_use_the_client(account: Emulator) -> None:
    async def ask() -> None:
        clients: list[AsyncClient] = []
        given = asyncio.Event()
        left: list[asyncio.Task[int | None]] = []

        async def later() -> int | None:
            await given.wait()
            return (await clients[0].satisfaction_ratings.count()).value

        async def token() -> str:
            if not left:
                left.append(asyncio.ensure_future(later()))
            return str(account.account["oauth_token"])

        async with account.async_client(credentials=token) as client:
            clients.append(client)
            counted = (await client.satisfaction_ratings.count()).value
            given.set()
            assert await left[0] == counted

    asyncio.run(ask())


def test_a_function_that_gives_tokens_may_use_another_client(account: Emulator) -> None:
    good = OAuthToken(str(account.account["oauth_token"]))
    with account.client(credentials=good) as other:

        def token() -> str:
            other.satisfaction_ratings.count()
            return str(account.account["oauth_token"])

        with account.client(credentials=token) as client:
            assert client.satisfaction_ratings.count() == other.satisfaction_ratings.count()


def told_once(errors: list[str], use: Callable[[], object]) -> Callable[[str, int], None]:
    """A listener that does this when it is first told something, and notes what comes of it."""

    def listen(step: str, rows: int) -> None:
        if errors:
            return
        try:
            use()
            errors.append("nothing")
        except Exception as error:
            errors.append(type(error).__name__)

    return listen


def test_a_listener_cannot_use_the_history_in_memory_that_waits_for_it(account: Emulator) -> None:
    with account.client() as client:
        history = History(":memory:")
        for use in (
            lambda: client.sync(history),
            lambda: client.plan(history),
            lambda: len(history.csat()),
            lambda: history.report(),
            lambda: history.accounts(),
            lambda: history.forget_account("acme"),
        ):
            errors: list[str] = []
            client.sync(history, full=True, progress=told_once(errors, use))
            assert errors == [HistoryBusyError.__name__]
        # Once it is done, nobody waits.
        assert len(history.csat()) > 0


def test_a_listener_may_read_the_file_that_is_written_and_not_write_to_it(account: Emulator, tmp_path: Any) -> None:
    history = History(tmp_path / "csat.db")
    with account.client() as client:
        for use, comes in (
            (lambda: client.sync(history), HistoryBusyError.__name__),
            (lambda: client.sync(History(tmp_path / "csat.db")), HistoryBusyError.__name__),
            (lambda: history.rename_account("acme", "other"), HistoryBusyError.__name__),
            (lambda: history.report(), "nothing"),
            (lambda: client.sync(History(tmp_path / "other.db")), "nothing"),
        ):
            errors: list[str] = []
            client.sync(history, full=True, progress=told_once(errors, use))
            assert errors == [comes]


def test_a_listener_of_an_async_sync_gets_the_same(account: Emulator) -> None:
    async def ask() -> list[str]:
        history, errors = History(":memory:"), list[str]()
        async with account.async_client() as client:
            await client.sync(history, progress=told_once(errors, lambda: len(history.csat())))
        return errors

    assert asyncio.run(ask()) == [HistoryBusyError.__name__]


def test_a_listener_of_a_frame_may_make_calls(account: Emulator) -> None:
    counted: list[int | None] = []
    with account.client() as client:

        def count(rows: int) -> None:
            counted.append(client.satisfaction_ratings.count().value)

        assert client.satisfaction_ratings.list(page_size=50).to_polars(progress=count).height > 0

        async def same() -> int:
            async with account.async_client() as other:
                return (await other.satisfaction_ratings.list(page_size=50).to_polars(progress=count)).height

        assert asyncio.run(same()) > 0
    assert len(set(counted)) == 1 and counted[0]
