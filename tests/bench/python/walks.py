"""The ways to read a listing: ours, and what people write with the libraries that they know."""

import asyncio
import http.client
import json
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx
import msgspec
import polars
import requests
from requests.adapters import HTTPAdapter
from zendesk_csat import AsyncClient, Client, OAuthToken
from zenpy import Zenpy

RATINGS = "/api/v2/satisfaction_ratings"
RESPONSES = "/api/v2/guide/survey_responses"
AUTHORIZATION = {"Authorization": "Bearer token"}


class Rating(msgspec.Struct):
    id: int
    url: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    requester_id: int | None = None
    ticket_id: int | None = None
    score: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    comment: str | None = None
    reason: str | None = None
    reason_id: int | None = None


class Meta(msgspec.Struct):
    has_more: bool
    after_cursor: str | None = None


class Ratings(msgspec.Struct):
    satisfaction_ratings: list[Rating]
    meta: Meta


class Question(msgspec.Struct):
    id: str | None = None
    type: str | None = None
    sub_type: str | None = None


class Answer(msgspec.Struct):
    type: str
    question: Question | None = None
    rating: int | None = None
    rating_category: str | None = None
    value: str | None = None
    selections: list[dict[str, Any]] | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Response(msgspec.Struct):
    id: str
    responder_id: str | None = None
    expires_at: datetime | None = None
    subjects: list[dict[str, Any]] | None = None
    survey: dict[str, Any] | None = None
    answers: list[Answer] | None = None


class Responses(msgspec.Struct):
    survey_responses: list[Response]
    meta: Meta


RATINGS_DECODER = msgspec.json.Decoder(Ratings)
RESPONSES_DECODER = msgspec.json.Decoder(Responses)


class Elsewhere(HTTPAdapter):
    """Sends what is meant for the account's address to the service."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url

    def send(self, request: Any, **options: Any) -> Any:
        sent = request.copy()
        sent.url = request.url.replace("https://acme.zendesk.com", self.base_url, 1)
        response = super().send(sent, **options)
        response.request = request
        return response


def of_ratings(ratings: Iterable[Any]) -> tuple[int, int, int, int]:
    """Four fields of each."""
    ids = bad = words = times = 0
    for rating in ratings:
        ids += rating.id
        bad += rating.score == "bad"
        words += rating.comment is not None
        times += rating.created_at is not None
    return ids, bad, words, times


def of_rating_dicts(ratings: Iterable[dict[str, Any]]) -> tuple[int, int, int, int]:
    """The same of dicts."""
    ids = bad = words = times = 0
    for rating in ratings:
        ids += rating["id"]
        bad += rating["score"] == "bad"
        words += rating["comment"] is not None
        times += rating["created_at"] is not None
    return ids, bad, words, times


def csat_answer(response: Response) -> Answer | None:
    for answer in response.answers or ():
        question = answer.question
        if answer.type == "rating_scale" and question and question.sub_type == "customer_satisfaction":
            return answer
    return None


def of_answers(answers: Iterable[Any]) -> tuple[int, int]:
    """The point and the category of each."""
    points = good = 0
    for answer in answers:
        if answer is not None:
            points += answer.rating
            good += answer.rating_category == "good"
    return points, good


def of_response_dicts(responses: Iterable[dict[str, Any]]) -> tuple[int, int]:
    """The same of dicts."""
    points = good = 0
    for response in responses:
        for answer in response["answers"]:
            if answer["type"] == "rating_scale" and answer["question"].get("sub_type") == "customer_satisfaction":
                points += answer["rating"]
                good += answer["rating_category"] == "good"
    return points, good


class Walks:
    """Each way with its connections open, over one service."""

    def __init__(self, base_url: str, *, packed: bool) -> None:
        self.base_url, self.packed = base_url, packed
        self.client = Client("acme", base_url=base_url, credentials=OAuthToken("token"))
        self.loop = asyncio.new_event_loop()
        self.session = requests.Session()
        self.session.headers.update(AUTHORIZATION)
        self.elsewhere = requests.Session()
        self.elsewhere.mount("https://", Elsewhere(base_url))
        self.zenpy = Zenpy(subdomain="acme", oauth_token="token", session=self.elsewhere)
        self.aiohttp, self.httpx, self.async_client = self.run(self.open())

    async def open(self) -> tuple[aiohttp.ClientSession, httpx.AsyncClient, AsyncClient]:
        limits = httpx.Limits(max_connections=200, max_keepalive_connections=200)
        return (
            aiohttp.ClientSession(headers=AUTHORIZATION, connector=aiohttp.TCPConnector(limit=200)),
            httpx.AsyncClient(headers=AUTHORIZATION, limits=limits),
            AsyncClient("acme", base_url=self.base_url, credentials=OAuthToken("token")),
        )

    def close(self) -> None:
        async def close() -> None:
            await self.aiohttp.close()
            await self.httpx.aclose()
            await self.async_client.aclose()

        self.run(close())
        self.loop.close()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(coroutine)

    def bodies(self, path: str, cursor: Callable[[bytes], Any]) -> Iterator[Any]:
        """Pages by requests; `cursor` decodes one."""
        params: dict[str, str] = {"page[size]": "100"}
        while True:
            page = cursor(self.session.get(self.base_url + path, params=params).content)
            yield page
            meta = page["meta"] if isinstance(page, dict) else page.meta
            after = meta if isinstance(meta, Meta) else Meta(meta["has_more"], meta["after_cursor"])
            if not after.has_more:
                return
            params["page[after]"] = str(after.after_cursor)

    def raw_bytes(self, path: str, pages: int) -> int:
        """Every page, not unpacked and not read."""
        place = urlsplit(self.base_url)
        assert place.hostname is not None
        connection = http.client.HTTPConnection(place.hostname, place.port)
        size = 0
        for number in range(pages):
            connection.request("GET", f"{path}?page[after]={number}", headers={"Accept-Encoding": "gzip"})
            size += len(connection.getresponse().read())
        connection.close()
        return size

    def ratings(self) -> dict[str, Callable[[], object]]:
        """Four fields of every rating."""

        def json_dicts() -> object:
            pages = self.bodies(RATINGS, json.loads)
            return of_rating_dicts(rating for page in pages for rating in page["satisfaction_ratings"])

        def structs() -> object:
            pages = self.bodies(RATINGS, RATINGS_DECODER.decode)
            return of_ratings(rating for page in pages for rating in page.satisfaction_ratings)

        async def aiohttp_structs() -> object:
            totals = (0, 0, 0, 0)
            params = {"page[size]": "100"}
            while True:
                async with self.aiohttp.get(self.base_url + RATINGS, params=params) as response:
                    page = RATINGS_DECODER.decode(await response.read())
                of_page = of_ratings(page.satisfaction_ratings)
                totals = tuple(map(sum, zip(totals, of_page, strict=True)))
                if not page.meta.has_more:
                    return totals
                params["page[after]"] = str(page.meta.after_cursor)

        async def ours() -> object:
            return of_ratings(await self.async_client.satisfaction_ratings.list().collect())

        return {
            "zendesk_csat": lambda: of_ratings(self.client.satisfaction_ratings.list()),
            "zendesk_csat async": lambda: self.run(ours()),
            "requests + msgspec": structs,
            "requests + json": json_dicts,
            "aiohttp + msgspec": lambda: self.run(aiohttp_structs()),
            "zenpy": lambda: of_ratings(self.zenpy.satisfaction_ratings(cursor_pagination=True)),
        }

    def responses(self) -> dict[str, Callable[[], object]]:
        """The CSAT answer of every survey response."""

        def structs() -> object:
            pages = self.bodies(RESPONSES, RESPONSES_DECODER.decode)
            return of_answers(csat_answer(response) for page in pages for response in page.survey_responses)

        def json_dicts() -> object:
            pages = self.bodies(RESPONSES, json.loads)
            return of_response_dicts(response for page in pages for response in page["survey_responses"])

        return {
            "zendesk_csat": lambda: of_answers(
                response.csat_answer for response in self.client.survey_responses.list()
            ),
            "requests + msgspec": structs,
            "requests + json": json_dicts,
        }

    def rating_frames(self) -> dict[str, Callable[[], object]]:
        """Every rating in a frame of Polars."""

        def seen(frame: polars.DataFrame) -> object:
            return frame.height, frame["id"].sum(), frame["comment"].null_count()

        def structs() -> object:
            pages = self.bodies(RATINGS, RATINGS_DECODER.decode)
            ratings = [rating for page in pages for rating in page.satisfaction_ratings]
            columns = {name: [getattr(r, name) for r in ratings] for name in Rating.__struct_fields__}
            return seen(polars.DataFrame(columns))

        def json_dicts() -> object:
            pages = self.bodies(RATINGS, json.loads)
            return seen(polars.from_dicts([rating for page in pages for rating in page["satisfaction_ratings"]]))

        return {
            "zendesk_csat": lambda: seen(self.client.satisfaction_ratings.list().to_polars()),
            "as a stream": lambda: seen(polars.DataFrame(self.client.satisfaction_ratings.list())),
            "requests + msgspec": structs,
            "requests + json": json_dicts,
        }

    def shows(self, number: int) -> dict[str, Callable[[], object]]:
        """So many ratings at a time, each by its id."""
        decoder = msgspec.json.Decoder(dict[str, Rating])
        url = f"{self.base_url}{RATINGS}/1"

        async def ours() -> object:
            show = self.async_client.satisfaction_ratings.show
            return of_ratings(await asyncio.gather(*(show(1) for _ in range(number))))

        async def by_httpx() -> object:
            answers = await asyncio.gather(*(self.httpx.get(url) for _ in range(number)))
            return of_ratings(decoder.decode(answer.content)["satisfaction_rating"] for answer in answers)

        async def by_aiohttp() -> object:
            async def show() -> bytes:
                async with self.aiohttp.get(url) as response:
                    return await response.read()

            bodies = await asyncio.gather(*(show() for _ in range(number)))
            return of_ratings(decoder.decode(body)["satisfaction_rating"] for body in bodies)

        return {
            "zendesk_csat": lambda: self.run(ours()),
            "httpx + msgspec": lambda: self.run(by_httpx()),
            "aiohttp + msgspec": lambda: self.run(by_aiohttp()),
        }
