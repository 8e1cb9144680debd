"""Tools that are not ours judge the project: schemathesis, zenpy, curl, Prism, and Chromium with axe.

`cargo xtask test` runs them where `.ci/install-judges` has put them under `target/judges`.
"""

import contextlib
import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from datetime import datetime

import pytest
import requests

ROOT = pathlib.Path(__file__).parents[2]


class Emulator:
    """A running account: the line that the command prints, and its controls."""

    def __init__(self, line: str) -> None:
        self.account = json.loads(line)
        self.base_url: str = self.account["base_url"]

    @property
    def api_token(self) -> tuple[str, str]:
        return f"{self.account['email']}/token", self.account["api_token"]

    def control(self, path: str, body: dict | None = None) -> dict:
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.base_url}/_emulator/{path}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.control("clock")["now"])

    def truth(self) -> list[dict]:
        return self.control("truth")["rows"]


@contextlib.contextmanager
def running(*more: str, tickets: int = 600) -> Iterator[Emulator]:
    command = [os.environ["ZENDESK_CSAT_COMMAND"], "emulator", "--tickets", str(tickets), "--clock", "0", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Emulator(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An account of the test file's own, so that what one writes is not in another's numbers."""
    with running() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def legacy_emulator() -> Iterator[Emulator]:
    """One that has no surveys: customers rate tickets over the API."""
    with running("--no-surveys") as emulator:
        yield emulator


@pytest.fixture(scope="session")
def specification() -> pathlib.Path:
    return ROOT / "crates/zendesk-csat/openapi.json"
