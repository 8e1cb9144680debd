"""A pytest fixture: an offline Zendesk account for each test that asks for one.

pytest finds it by itself where the package is installed.

    import pytest

    @pytest.mark.zendesk_account(seed=3, tickets=100)
    def test_ratings(zendesk_account):
        with zendesk_account.client() as client:
            assert client.satisfaction_ratings.count().value > 0
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .testing import Emulator

__all__ = ["zendesk_account"]


def pytest_configure(config: pytest.Config) -> None:
    """Makes the mark known."""
    config.addinivalue_line(
        "markers",
        "zendesk_account(**options): options of the account that the fixture zendesk_account starts, "
        "as zendesk_csat.testing.Emulator takes them",
    )


@pytest.fixture
def zendesk_account(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An offline Zendesk account of the test's own; the mark of the same name gives its options."""
    mark = request.node.get_closest_marker("zendesk_account")
    with Emulator(**(mark.kwargs if mark else {})) as emulator:
        yield emulator
