"""Access tokens from async functions."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Union

from ._core import Secret

Token = Union[str, Secret]


class TokenInEventLoop:
    """Asks a function for a token on a thread of its own, and awaits what it returns in the event loop of the latest call."""

    __slots__ = ("_event_loop", "_token")

    def __init__(self, token: Callable[[], Token | Awaitable[Token]]) -> None:
        self._token = token
        self._event_loop: asyncio.AbstractEventLoop | None = None

    def follow(self) -> None:
        """Called in the event loop before every call."""
        try:
            self._event_loop = asyncio.get_running_loop()
        except RuntimeError:
            # No call: options can be changed, and counts read, outside of a loop.
            pass

    def __call__(self) -> Token:
        token = self._token()
        if not isawaitable(token):
            return token
        if self._event_loop is None:
            raise RuntimeError("an async function gives tokens to calls in an event loop only")
        return asyncio.run_coroutine_threadsafe(_awaited(token), self._event_loop).result()


async def _awaited(token: Awaitable[Token]) -> Token:
    return await token
