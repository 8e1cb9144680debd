"""What an editor offers after a dot, by the library that Jupyter and many editors ask."""

from __future__ import annotations

import jedi  # type: ignore[import-untyped, unused-ignore]
import pytest
from zendesk_csat.types import SatisfactionRating

RATING = {name for name in dir(SatisfactionRating) if not name.startswith("_")}
CLIENT = {"satisfaction_ratings", "survey_responses", "surveys", "tickets", "sync", "plan", "with_options"}

SYNC = """
from zendesk_csat import Client
with Client.from_env() as client:
"""
ASYNC = """
from zendesk_csat import AsyncClient
async def main():
    async with AsyncClient.from_env() as client:
"""


@pytest.mark.parametrize(
    ("before", "line", "offered"),
    [
        (SYNC, "    client.", CLIENT | {"close"}),
        (SYNC, "    client.satisfaction_ratings.", {"list", "count", "show", "create", "with_raw_response"}),
        (SYNC, "    client.satisfaction_ratings.list().", {"pages", "first", "collect", "to_polars", "malformed"}),
        (SYNC, "    client.satisfaction_ratings.show(1).", RATING),
        (SYNC, "    for rating in client.satisfaction_ratings.list():\n        rating.", RATING),
        (SYNC, "    for page in client.surveys.list().pages():\n        page.items[0].", {"questions", "version", "state"}),
        (SYNC, "    client.surveys.with_raw_response.list().parse().", {"items", "cursor", "has_more", "meta"}),
        (SYNC, "    client.survey_responses.show('x').csat_answer.", {"rating", "rating_category"}),
        (ASYNC, "        client.", CLIENT | {"aclose"}),
        (ASYNC, "        async for rating in client.satisfaction_ratings.list():\n            rating.", RATING),
        (ASYNC, "        async for page in client.surveys.list().pages():\n            page.", {"items", "cursor", "meta"}),
        (ASYNC, "        (await client.satisfaction_ratings.show(1)).", RATING),
        (ASYNC, "        (await client.satisfaction_ratings.list().collect())[0].", RATING),
    ],
)
def test_what_can_follow_is_offered(before: str, line: str, offered: set[str]) -> None:
    names = {completion.name for completion in jedi.Script(before + line).complete()}
    assert names >= offered


def test_arguments_are_offered_by_name() -> None:
    names = {completion.name for completion in jedi.Script(SYNC + "    client.satisfaction_ratings.list(").complete()}
    assert names >= {"score=", "start_time=", "end_time=", "page_size=", "on_malformed="}
