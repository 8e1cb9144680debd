"""strace sees which files the command opens to write: those that were named, and no other."""

import os
import re
import subprocess
from pathlib import Path

import pytest

COMMAND = os.environ["ZENDESK_CSAT_COMMAND"]
OPENED = re.compile(r'open(?:at|at2)?\([^"]*"(?P<path>[^"]*)", (?P<how>[^)]*)\) = \d')
RENAMED = re.compile(r'rename\w*\([^"]*"(?P<old>[^"]*)"[^"]*"(?P<new>[^"]*)"')
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC")


@pytest.fixture(scope="module")
def synced(emulator, tmp_path_factory) -> Path:
    """A folder with a history."""
    folder = tmp_path_factory.mktemp("files")
    account = emulator.account
    environment = os.environ | {
        "ZENDESK_SUBDOMAIN": account["subdomain"],
        "ZENDESK_BASE_URL": account["base_url"],
        "ZENDESK_OAUTH_TOKEN": account["oauth_token"],
    }
    subprocess.run([COMMAND, "sync"], cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def written(folder: Path, *arguments: str) -> set[str]:
    """The names in the end of the files that the command opened to write."""
    log = folder / "strace.log"
    calls = "open,openat,openat2,creat,rename,renameat,renameat2,linkat"
    strace = ["strace", "-f", "-s", "4096", "-e", f"trace={calls}", "-o", str(log), COMMAND, *arguments]
    subprocess.run(strace, cwd=folder, check=True, capture_output=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    log.unlink()
    paths = set()
    for line in lines:
        if (opened := OPENED.search(line)) and WRITES.search(opened["how"]):
            paths.add(opened["path"])
        elif renamed := RENAMED.search(line):
            paths.discard(renamed["old"])
            paths.add(renamed["new"])
        elif "creat(" in line:
            paths.add(line)
    return {os.path.relpath(folder / path, folder) if not path.startswith("/dev/") else path for path in paths}


def test_strace_sees_a_file_that_is_written(synced):
    assert written(synced, "export", "rows.csv") == {"rows.csv"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["report"], set()),
        (["report", "--json"], set()),
        (["accounts", "list"], set()),
        (["report", "--html", "page.html"], {"page.html"}),
        (["export", "--format", "jsonl", "-"], set()),
        (["export", "rows.parquet"], {"rows.parquet"}),
        (["export", "--table", "tickets", "tickets.arrow"], {"tickets.arrow"}),
    ],
)
def test_only_what_is_named_is_opened_to_write(synced, arguments, named):
    before = {file.name for file in synced.iterdir()}
    assert written(synced, *arguments) == named
    assert {file.name for file in synced.iterdir()} == before | named
