"""Both clients: one surface, and how they end."""

from __future__ import annotations

import asyncio
import inspect
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from service import Answer, scripted
from zendesk_csat import (
    ApiTimeoutError,
    AsyncClient,
    AuthenticationError,
    Client,
    ConfigurationError,
    History,
    NotFoundError,
    OAuthClient,
    OAuthToken,
    RateLimitError,
    Secret,
)
from zendesk_csat.testing import Emulator


def surface(client: Any) -> dict[str, inspect.Signature]:
    """Every public method of the client and its resources, by name."""
    methods = {}
    for name, member in inspect.getmembers(client):
        if name.startswith("_"):
            continue
        if inspect.ismethod(member):
            methods[name] = inspect.signature(member)
        elif type(member).__module__.startswith("zendesk_csat._") and "client" in type(member).__module__:
            for verb, method in inspect.getmembers(member, inspect.ismethod):
                if not verb.startswith("_"):
                    methods[f"{name}.{verb}"] = inspect.signature(method)
            raw = getattr(member, "with_raw_response", None)
            for verb, method in inspect.getmembers(raw, inspect.ismethod):
                if not verb.startswith("_"):
                    methods[f"{name}.with_raw_response.{verb}"] = inspect.signature(method)
    return methods


def test_both_clients_have_one_surface(account: Emulator) -> None:
    sync, other = surface(account.client()), surface(account.async_client())
    other["close"] = other.pop("aclose")
    assert sync.keys() == other.keys()
    assert {
        "satisfaction_ratings.list",
        "satisfaction_ratings.count",
        "satisfaction_ratings.show",
        "satisfaction_ratings.create",
        "satisfaction_reasons.list",
        "satisfaction_reasons.show",
        "survey_responses.list",
        "survey_responses.show",
        "survey_responses.create",
        "survey_responses.submit",
        "surveys.list",
        "tickets.export",
        "tickets.export_by_time",
        "tickets.audits",
        "tickets.show_many",
        "groups.list",
        "users.list",
        "users.show_many",
        "users.me",
        "brands.list",
        "ticket_forms.list",
        "organizations.show_many",
    } <= sync.keys()
    for name, signature in sync.items():
        assert signature.parameters == other[name].parameters, name
        result = str(signature.return_annotation).replace("Listing", "AsyncListing")
        assert result == other[name].return_annotation, name
    constructors = [inspect.signature(client.__init__).parameters for client in (Client, AsyncClient)]
    assert constructors[0].keys() == constructors[1].keys()
    for name, parameter in constructors[0].items():
        other_one = constructors[1][name]
        annotation = "AsyncCredentials" if name == "credentials" else parameter.annotation
        assert (parameter.kind, parameter.default, annotation) == (
            other_one.kind,
            other_one.default,
            other_one.annotation,
        )
    options = constructors[0].keys() - {"self", "subdomain", "credentials"}
    assert options == inspect.signature(Client.from_env).parameters.keys()
    assert options > inspect.signature(Client.with_options).parameters.keys() - {"self"}


def test_the_async_client_answers_the_same(account: Emulator, client: Client) -> None:
    async def read() -> tuple[Any, ...]:
        async with account.async_client() as other:
            ratings = other.satisfaction_ratings.list(page_size=30)
            listed = [rating async for rating in ratings]
            pages = [page async for page in ratings.pages()]
            assert [rating for page in pages for rating in page.items] == listed
            assert await ratings.collect() == listed and await ratings.first() == listed[0]
            shown = await asyncio.gather(*(other.satisfaction_ratings.show(r.id) for r in listed[:20]))
            history = History(":memory:")
            summary = await other.sync(history)
            return listed, list(shown), await other.satisfaction_ratings.count(), summary.rows.ratings

    listed, shown, count, synced = asyncio.run(read())
    assert listed == client.satisfaction_ratings.list().collect()
    assert shown == listed[:20]
    assert count.value == len(listed) == synced


def test_answers_that_come_together_reach_who_awaits_them(account: Emulator, client: Client) -> None:
    ids = [rating.id for rating in client.satisfaction_ratings.list()][:60]
    missing = max(ids) + 1

    async def shown() -> list[Any]:
        async with account.async_client() as asynchronous:
            show = asynchronous.satisfaction_ratings.show
            cancelled = asyncio.ensure_future(show(ids[0]))
            shows = asyncio.gather(*map(show, [*ids, missing]), return_exceptions=True)
            await asyncio.sleep(0)
            cancelled.cancel()
            return await shows

    *ratings, error = asyncio.run(shown())
    assert [rating.id for rating in ratings] == ids
    assert isinstance(error, NotFoundError)
    # Another loop of this thread has answers of its own.
    assert len(asyncio.run(shown())) == len(ids) + 1


def test_a_listing_that_is_ahead_lets_others_run(account: Emulator) -> None:
    async def both() -> tuple[int, int]:
        pages = turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        async with account.async_client() as client:
            running = asyncio.create_task(other())
            async for _ in client.satisfaction_ratings.list(page_size=5).pages():
                pages += 1
                # The pages ahead come meanwhile.
                time.sleep(0.002)
            running.cancel()
        return pages, turns

    pages, turns = asyncio.run(both())
    assert 20 < pages <= turns + 2


def test_an_async_error_is_raised_where_it_is_awaited() -> None:
    async def ask(base_url: str) -> None:
        client = AsyncClient("acme", credentials=OAuthToken("t"), base_url=base_url, max_retries=0)
        async with client:
            with pytest.raises(RateLimitError):
                await client.satisfaction_ratings.count()
            with pytest.raises(RateLimitError):
                await client.satisfaction_ratings.list().first()

    with scripted(Answer(429)) as service:
        asyncio.run(ask(service.base_url))


def test_cancelling_a_task_ends_its_request() -> None:
    async def ask(base_url: str) -> None:
        client = AsyncClient("acme", credentials=OAuthToken("t"), base_url=base_url)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.satisfaction_ratings.count(), 0.1)
        # The loop is free while a request is under way.
        slow = asyncio.ensure_future(client.satisfaction_ratings.count())
        await asyncio.sleep(0.01)
        assert not slow.done()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow

    with scripted(Answer(delay=30)) as service:
        asyncio.run(ask(service.base_url))


def test_a_cancelled_request_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        async def ask() -> None:
            port = server.getsockname()[1]
            client = AsyncClient("acme", credentials=OAuthToken("t"), base_url=f"http://127.0.0.1:{port}")
            task = asyncio.ensure_future(client.satisfaction_ratings.count())
            connection, _ = await asyncio.to_thread(server.accept)
            with connection:
                connection.settimeout(30)
                assert await asyncio.to_thread(connection.recv, 1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                # What was sent is read to its end, which comes only where the client has hung up.
                while await asyncio.to_thread(connection.recv, 4096):
                    pass

        asyncio.run(ask())


def test_threads_share_a_client(account: Emulator, client: Client) -> None:
    ids = [rating.id for rating in client.satisfaction_ratings.list()][:60]
    before = client.call_counts.support
    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(client.satisfaction_ratings.show, ids))
    assert [rating.id for rating in shown] == ids
    assert client.call_counts.support - before == len(ids)


def test_other_threads_run_while_one_waits() -> None:
    with scripted(Answer(delay=30, body={"count": {"value": 1}})) as service:
        client = service.client()
        caller = threading.Thread(target=client.satisfaction_ratings.count)
        caller.start()
        while not service.requests:
            pass
        # The caller waits for its answer by now, and this thread goes on.
        turns = sum(1 for _ in range(1_000))
        assert caller.is_alive() and turns > 0
        service.release()
        caller.join(10)
        assert not caller.is_alive()


def test_a_closed_client_says_so(account: Emulator) -> None:
    with account.client() as client:
        client.satisfaction_ratings.count()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.satisfaction_ratings.count()
    with pytest.raises(RuntimeError, match="closed"):
        client.satisfaction_ratings.list().collect()
    assert repr(client) == f"<Client of {account.base_url}>"


def test_options_can_be_changed_for_some_calls() -> None:
    with scripted(Answer(503), Answer(503), Answer(body={"count": {"value": 5}})) as service:
        client = service.client(max_retries=0, user_agent="first/1")
        again = client.with_options(max_retries=2)
        assert again.satisfaction_ratings.count().value == 5
        assert len(service.requests) == 3
        assert {headers["user-agent"] for headers in service.headers} == {"first/1"}
        # They share what the service counts.
        assert client.call_counts == again.call_counts
        assert client.call_counts.total == 3
    with scripted(Answer(delay=30)) as service:
        begun = time.monotonic()
        with pytest.raises(ApiTimeoutError):
            service.client(max_retries=0).with_options(deadline=0.1).satisfaction_ratings.count()
        assert time.monotonic() - begun < 5


def test_an_oauth_client_asks_for_its_tokens(account: Emulator) -> None:
    known = account.account
    signed_in = OAuthClient(known["oauth_client_id"], known["oauth_client_secret"])
    with account.client(credentials=signed_in) as client:
        ids = [rating.id for rating in client.satisfaction_ratings.list(page_size=50)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(client.satisfaction_ratings.show, ids[:8]))
        assert client.call_counts.oauth == 1
    with account.client(credentials=OAuthClient(known["oauth_client_id"], "wrong")) as client:
        with pytest.raises(AuthenticationError):
            client.satisfaction_ratings.count()


def test_a_function_can_give_the_tokens(account: Emulator) -> None:
    asked: list[str] = []

    def token() -> Secret:
        asked.append(threading.current_thread().name)
        # The first is refused: the function is asked again.
        return Secret("stale" if len(asked) == 1 else account.account["oauth_token"])

    async def count() -> int | None:
        async with account.async_client(credentials=token) as client:
            return (await client.satisfaction_ratings.count()).value

    with account.client(credentials=token) as client:
        counted = client.satisfaction_ratings.count().value
        assert client.satisfaction_ratings.count().value == counted
    assert len(asked) == 2
    assert asyncio.run(count()) == counted

    def broken() -> str:
        raise LookupError("no vault")

    with account.client(credentials=broken) as client:
        with pytest.raises(ConfigurationError, match="LookupError: no vault"):
            client.satisfaction_ratings.count()
    with pytest.raises(TypeError, match="credentials: .* not str"):
        account.client(credentials="a-token")


def test_an_async_function_gives_tokens_in_the_event_loop(account: Emulator) -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    async def token() -> str:
        await asyncio.sleep(0)
        loops.append(asyncio.get_running_loop())
        return "stale" if len(loops) == 1 else str(account.account["oauth_token"])

    async def ask() -> None:
        async with account.async_client(credentials=token) as client:
            counts = await asyncio.gather(*(client.satisfaction_ratings.count() for _ in range(5)))
            assert len({count.value for count in counts}) == 1
            assert [rating async for rating in client.satisfaction_ratings.list()]
        assert len(loops) == 2 and set(loops) == {asyncio.get_running_loop()}

    asyncio.run(ask())

    async def broken() -> str:
        raise LookupError("no vault")

    async def fail() -> None:
        async with account.async_client(credentials=broken) as client:
            with pytest.raises(ConfigurationError, match="LookupError: no vault"):
                await client.satisfaction_ratings.count()

    asyncio.run(fail())


def test_a_sync_client_says_that_it_takes_no_async_function(account: Emulator) -> None:
    async def token() -> str:
        return "t"

    with pytest.raises(TypeError, match="an async function needs AsyncClient"):
        account.client(credentials=token)
    # A function that returns an awaitable is only known when it is asked.
    with account.client(credentials=lambda: token()) as client:
        with pytest.raises(ConfigurationError, match="async functions are for AsyncClient"):
            client.satisfaction_ratings.count()
    with account.client(credentials=lambda: 7) as client:
        with pytest.raises(ConfigurationError, match="a token is a str or Secret, not <class 'int'>"):
            client.satisfaction_ratings.count()


def test_a_proxy_and_certificates_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="proxy"):
        Client("acme", credentials=OAuthToken("t"), proxy="::")
    missing = tmp_path / "missing.pem"
    with pytest.raises(ConfigurationError, match="missing.pem"):
        Client("acme", credentials=OAuthToken("t"), ca_bundle=missing)


def test_an_emulator_can_be_stopped_twice() -> None:
    emulator = Emulator(tickets=10)
    emulator.stop()
    emulator.stop()
    with pytest.raises(RuntimeError, match="stopped"):
        emulator.truth()
    with pytest.raises(ValueError, match="plan"):
        Emulator(tickets=10, plan="golden")
