"""The examples of the READMEs run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from zendesk_csat.testing import Emulator

ROOT = Path(__file__).parents[2]
BLOCKS = [
    pytest.param(block, id=f"{name}-{number}")
    for name in ("README.md", "python/README.md")
    for number, block in enumerate(
        re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    )
]


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 5


@pytest.mark.parametrize("block", BLOCKS)
def test_examples_run(
    block: str, account: Emulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZENDESK_SUBDOMAIN", account.account["subdomain"])
    monkeypatch.setenv("ZENDESK_BASE_URL", account.base_url)
    monkeypatch.setenv("ZENDESK_OAUTH_CLIENT_ID", account.account["oauth_client_id"])
    monkeypatch.setenv("ZENDESK_OAUTH_CLIENT_SECRET", account.account["oauth_client_secret"])
    exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out or "print" not in block
