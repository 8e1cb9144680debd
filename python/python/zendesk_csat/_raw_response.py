"""A record with what came around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime

    from ._core import CallMeta, Page

T = TypeVar("T")


class Headers(Mapping[str, str]):
    """The headers of an answer, by names in any capitals. Those that can hold credentials, such as cookies, are left out.

    Example:
        >>> headers = client.satisfaction_ratings.with_raw_response.count().headers
        >>> headers["Content-Type"] == headers["content-type"], headers.get("Set-Cookie")
        (True, None)
    """

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, str] = {}
        for name, value in pairs:
            name = name.lower()
            known = self._values.get(name)
            self._values[name] = value if known is None else f"{known}, {value}"

    def __getitem__(self, name: str, /) -> str:
        return self._values[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object, /) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __repr__(self) -> str:
        return f"Headers({list(self._values)})"


class RawResponse(Generic[T]):
    """The answer to a call of ``with_raw_response``: a record or a page of them, and what came around it.

    A listing's pages have the same in their `meta`.

    Example:
        >>> answer = client.satisfaction_ratings.with_raw_response.count()
        >>> answer.status, answer.attempts, answer.parse().value > 0
        (200, 1, True)
    """

    __slots__ = ("_meta", "_record")

    def __init__(self, record: T, meta: CallMeta) -> None:
        self._record = record
        self._meta = meta

    def parse(self) -> T:
        """The record; of a listing, the page.

        Example:
            >>> client.satisfaction_ratings.with_raw_response.count().parse() == client.satisfaction_ratings.count()
            True
        """
        return self._record

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._meta.status

    @property
    def headers(self) -> Headers:
        """The headers of the answer, without those that can hold credentials."""
        return self._meta.headers

    @property
    def request_id(self) -> str | None:
        """The id that Zendesk's support can find the request by."""
        return self._meta.request_id

    @property
    def attempts(self) -> int:
        """How many requests were sent."""
        return self._meta.attempts

    @property
    def elapsed(self) -> float:
        """The time from the first request to the whole body, in seconds."""
        return self._meta.elapsed

    @property
    def date(self) -> datetime | None:
        """The service's clock when it answered, to the second; none where the answer does not tell."""
        return self._meta.date

    def __repr__(self) -> str:
        return f"<RawResponse: {self.status}, {type(self._record).__name__}, request {self.request_id or 'none'}>"


def raw_page(page: Page[T] | None) -> RawResponse[Page[T]]:
    """The first page of a listing, which is there whatever it holds."""
    assert page is not None
    return RawResponse(page, page.meta)
