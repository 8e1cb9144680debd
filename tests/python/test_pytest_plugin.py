"""The fixture that the package gives to the tests of others."""

from __future__ import annotations

import pytest
from zendesk_csat.testing import Emulator


@pytest.mark.zendesk_account(seed=3, tickets=40)
def test_the_mark_gives_the_options(zendesk_account: Emulator) -> None:
    with Emulator(seed=3, tickets=40) as same:
        assert zendesk_account.truth() == same.truth()


@pytest.mark.zendesk_account(tickets=30, surveys=False)
def test_the_account_is_the_test_s_own(zendesk_account: Emulator) -> None:
    assert zendesk_account.journal() == []
    with zendesk_account.client() as client:
        assert client.satisfaction_ratings.count().value is not None
    assert len(zendesk_account.journal()) == 1
