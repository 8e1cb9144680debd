"""The shell blocks of the guides run one after another, as a reader types them, against an offline account."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from zendesk_csat.testing import Emulator

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "python/README.md", *sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))]
TASKS = (ROOT / "xtask/src/main.rs").read_text(encoding="utf-8")
# What the tests know better than the page: the account, and who signs in.
SETTINGS = re.compile(r"(export|unset) ZENDESK_")


def blocks(name: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def typed(block: str) -> str:
    return "\n".join(line for line in block.splitlines() if not SETTINGS.match(line))


WITH_BLOCKS = [name for name in PAGES if any(map(typed, blocks(name)))]


def test_the_tutorials_have_blocks() -> None:
    assert {"docs/index.md", "docs/tutorial-report.md", "docs/tutorial-tables.md"} <= set(WITH_BLOCKS)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the guides' shell is bash")
@pytest.mark.parametrize("name", WITH_BLOCKS)
def test_shell_blocks_run(name: str, account: Emulator, tmp_path: Path) -> None:
    # A task of the project would begin all of this again: that there is one is enough.
    stub = tmp_path / "bin"
    stub.mkdir()
    (stub / "cargo").write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    # There is no desktop here to open a page on.
    (stub / "xdg-open").write_text("#!/bin/sh\ntest -s \"$1\"\n", encoding="utf-8")
    for program in stub.iterdir():
        program.chmod(0o755)
    path = os.pathsep.join([str(stub), str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = os.environ | {
        "PATH": path,
        "TMPDIR": str(tmp_path),
        "ZENDESK_SUBDOMAIN": account.account["subdomain"],
        "ZENDESK_BASE_URL": account.base_url,
        "ZENDESK_OAUTH_CLIENT_ID": account.account["oauth_client_id"],
        "ZENDESK_OAUTH_CLIENT_SECRET": account.account["oauth_client_secret"],
    }
    for block in filter(None, map(typed, blocks(name))):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stderr}"
        assert done.stdout.strip() or ">" in block, block


@pytest.mark.parametrize("name", [*PAGES, "CONTRIBUTING.md"])
def test_every_task_is_one(name: str) -> None:
    tasks = {task.lower() for task in re.findall(r"^    ([A-Z][a-z]+)(?:,| \{|\()", TASKS, re.MULTILINE)}
    assert {"demo", "docs", "drift", "generate"} <= tasks
    named = re.findall(r"cargo xtask ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert set(named) <= tasks
