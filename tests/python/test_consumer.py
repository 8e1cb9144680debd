"""The program that the type checkers read also runs."""

from __future__ import annotations

import asyncio

import consumer
from zendesk_csat import Client, History
from zendesk_csat.testing import Emulator


def test_it_runs(account: Emulator, client: Client) -> None:
    with Client(
        account.account["subdomain"], base_url=account.base_url, credentials=consumer.credentials(account.account)
    ) as signed_in:
        assert consumer.report(signed_in).keys() == {"good"}
    assert any(said.endswith(": bad") for said in consumer.answers(client))
    assert consumer.around(client)["content-type"].startswith("application/json")
    assert consumer.rows(client, History(":memory:"))
    assert "404" in (consumer.refused(client) or "")

    async def ask() -> None:
        async with account.async_client() as other:
            count, first, tickets = await consumer.at_once(other)
            assert count and first is not None and len(tickets) > 300

    asyncio.run(ask())
    with consumer.offline() as zendesk:
        assert zendesk.truth()
