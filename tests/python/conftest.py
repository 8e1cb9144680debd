"""What the tests share: offline accounts, and clients of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from zendesk_csat import Client
from zendesk_csat.testing import Emulator


@pytest.fixture(scope="session")
def account() -> Iterator[Emulator]:
    """An account that no test changes."""
    with Emulator(seed=7, tickets=400, clock_speed=0) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def client(account: Emulator) -> Iterator[Client]:
    """The admin of the account."""
    with account.client() as client:
        yield client


@pytest.fixture
def changing() -> Iterator[Emulator]:
    """An account of the test's own."""
    with Emulator(seed=11, tickets=200, clock_speed=0) as emulator:
        yield emulator
