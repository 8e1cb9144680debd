"""Signals, forks, the end of the interpreter, and the command: each in a process of its own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from service import Answer, scripted
from zendesk_csat import History
from zendesk_csat.testing import Emulator

posix = pytest.mark.skipif(os.name != "posix", reason="signals and forks as POSIX has them")


def python(script: str, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Python warns of every fork where there are threads; what is tested is that it works all the same.
        [sys.executable, "-W", "ignore:This process:DeprecationWarning", "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# A job in the background inherits that SIGINT is ignored; whoever presses Ctrl-C is in the foreground.
WAIT = """
import signal, sys, time
from zendesk_csat import Client, OAuthToken
signal.signal(signal.SIGINT, signal.default_int_handler)
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken("t"), timeout=60)
print("waiting", flush=True)
try:
    client.satisfaction_ratings.count()
except KeyboardInterrupt:
    print("interrupted", time.monotonic(), flush=True)
"""


@posix
def test_ctrl_c_ends_a_call_at_once() -> None:
    with scripted(Answer(delay=60)) as service:
        process = subprocess.Popen(
            [sys.executable, "-c", WAIT, service.base_url], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        while not service.requests:
            time.sleep(0.005)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        word, _, noticed = process.stdout.readline().partition(" ")
        assert word == "interrupted"
        # Far from the answer, which takes a minute; how soon is a matter of the machine's load.
        assert float(noticed) - sent < 10
        assert process.wait(10) == 0
        process.stdout.close()


FORK = """
import os, sys
from zendesk_csat import Client, History, OAuthToken
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]), timeout=5)
listing = client.satisfaction_ratings.list()
before = client.satisfaction_ratings.count().value
history = History(":memory:")
child = os.fork()
if child == 0:
    count = client.satisfaction_ratings.count().value
    listed = len(listing.collect())
    try:
        history.csat()
    except RuntimeError as error:
        os._exit(0 if before == count == listed and "fork" in str(error) else 1)
    os._exit(2)
_, status = os.waitpid(child, 0)
after = client.satisfaction_ratings.count().value
sys.exit(os.waitstatus_to_exitcode(status) or before != after)
"""


@posix
def test_a_forked_child_has_connections_of_its_own(account: Emulator) -> None:
    done = python(FORK, account.base_url, account.account["oauth_token"])
    assert (done.returncode, done.stderr) == (0, "")


FORK_IN_A_READING = """
import gc, os, sys
from zendesk_csat import Client, History, OAuthToken
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]), timeout=5)
history = History(sys.argv[3])
client.sync(history)
listing = client.satisfaction_ratings.list(page_size=10)
reading, pages, rows = iter(listing), listing.pages(), iter(history.csat())
begun = [next(reading), next(pages), next(rows)]
stream = listing.__arrow_c_stream__()
child = os.fork()
if child == 0:
    import polars
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None): return stream
    refused = []
    for again in (
        lambda: list(reading), lambda: next(pages), lambda: polars.DataFrame(Stream()),
        lambda: len(history.csat()), lambda: client.sync(history), lambda: client.plan(history),
    ):
        try:
            again()
        except Exception as error:
            refused.append("does not survive a fork" in str(error))
    listed, stored = len(listing.collect()), len(History(sys.argv[3]).csat())
    del reading, pages, stream, history, client
    gc.collect()
    os._exit(0 if refused == [True] * 6 and listed > 0 and stored > 0 else 1)
_, status = os.waitpid(child, 0)
rest = len(list(reading)), len(list(rows)), len(list(pages))
sys.exit(os.waitstatus_to_exitcode(status) or not all(rest))
"""


@posix
def test_a_reading_begun_before_a_fork_raises_in_the_child_and_goes_on_in_the_parent(
    account: Emulator, tmp_path: Path
) -> None:
    done = python(FORK_IN_A_READING, account.base_url, account.account["oauth_token"], str(tmp_path / "csat.db"))
    assert (done.returncode, done.stderr) == (0, "")


FORK_IN_SQLITE = """
import os, sys
from zendesk_csat import Client, History, OAuthToken
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]), timeout=5)
history = History(sys.argv[3])
client.sync(history)
codes = []
stream = history.csat().__arrow_c_stream__()
for _ in range(2):
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if len(History(sys.argv[3]).csat()) > 0 else 1)
        except RuntimeError as error:
            os._exit(9 if "forked while another thread" in str(error) else 2)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    stream = None
print(codes)
"""


@posix
def test_a_child_that_was_forked_while_a_history_was_read_says_so(account: Emulator, tmp_path: Path) -> None:
    # SQLite's locks may be held for ever there, and nothing can be done about that in the child.
    done = python(FORK_IN_SQLITE, account.base_url, account.account["oauth_token"], str(tmp_path / "csat.db"))
    assert (done.stdout, done.stderr) == ("[9, 0]\n", "")


FORKED_EMULATOR = """
import os, sys
from zendesk_csat import History
from zendesk_csat.testing import Emulator
emulator = Emulator(tickets=10)
child = os.fork()
if child == 0:
    emulator.stop()
    os._exit(0)
_, status = os.waitpid(child, 0)
with emulator.client() as client:
    client.satisfaction_ratings.count()
emulator.stop()
sys.exit(os.waitstatus_to_exitcode(status))
"""


@posix
def test_a_forked_child_leaves_its_parents_emulator_alone() -> None:
    done = python(FORKED_EMULATOR)
    assert (done.returncode, done.stderr) == (0, "")


EXIT = """
import asyncio, sys
from zendesk_csat import AsyncClient, OAuthToken

async def main():
    client = AsyncClient("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]))
    tasks = [asyncio.ensure_future(client.satisfaction_ratings.count()) for _ in range(40)]
    await tasks[0]

asyncio.run(main())
"""


@pytest.mark.parametrize("_", range(5))
def test_the_interpreter_ends_while_answers_arrive(account: Emulator, _: int) -> None:
    done = python(EXIT, account.base_url, account.account["oauth_token"])
    assert (done.returncode, done.stderr) == (0, "")


SUB_INTERPRETER = """
import sys
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
IN_SUB = '''
import sys
try:
    import zendesk_csat
except ImportError as error:
    sys.stdout.write(str(error))
'''
other = interpreters.create()
interpreters.run_string(other, IN_SUB)
from zendesk_csat import Client, OAuthToken
client = Client("acme", base_url=sys.argv[1], credentials=OAuthToken(sys.argv[2]))
counted = client.satisfaction_ratings.count()
interpreters.run_string(other, IN_SUB)
assert counted == client.satisfaction_ratings.count()
"""


def test_a_sub_interpreter_is_refused_and_takes_nothing_from_the_main_one(account: Emulator) -> None:
    done = python(SUB_INTERPRETER, account.base_url, account.account["oauth_token"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("works in the main interpreter of a process only") == 2


TOKEN_THAT_NEVER_COMES = """
import asyncio, sys
from zendesk_csat import AsyncClient

async def main():
    asked = asyncio.Event()

    async def token():
        asked.set()
        await asyncio.Event().wait()

    client = AsyncClient("acme", base_url=sys.argv[1], credentials=token)
    call = asyncio.ensure_future(client.satisfaction_ratings.count())
    await asked.wait()
    call.cancel()

asyncio.run(main())
"""


def test_the_interpreter_ends_while_a_token_is_waited_for(account: Emulator) -> None:
    done = python(TOKEN_THAT_NEVER_COMES, account.base_url)
    assert (done.returncode, done.stderr) == (0, "")


def test_importing_brings_nothing_of_others() -> None:
    script = """
import json, sys
import zendesk_csat, zendesk_csat.testing
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names)))
"""
    done = python(script)
    loaded = set(json.loads(done.stdout)) - {"_distutils_hack", "sitecustomize", "usercustomize"}
    # Python's own, by which the main interpreter is told from others; it is not among the names of the library.
    loaded.discard("_xxsubinterpreters")
    assert {name for name in loaded if not name.startswith("__")} == {"zendesk_csat"}


def test_the_command_is_there(account: Emulator, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("zendesk-csat")
    environment = os.environ | {
        "ZENDESK_SUBDOMAIN": account.account["subdomain"],
        "ZENDESK_BASE_URL": account.base_url,
        "ZENDESK_OAUTH_TOKEN": account.account["oauth_token"],
    }
    for call in ([str(command)], [sys.executable, "-m", "zendesk_csat"]):
        version = subprocess.run([*call, "--version"], capture_output=True, text=True, check=True)
        assert version.stdout.startswith("zendesk-csat ")
        synced = subprocess.run(
            [*call, "sync"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert synced.returncode == 0, synced.stderr
        wrong = subprocess.run([*call, "dance"], capture_output=True, text=True, check=False)
        assert wrong.returncode == 2


# A job in the background inherits that SIGINT is ignored; whoever presses Ctrl-C is in the foreground.
IN_FOREGROUND = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
COMMAND = IN_FOREGROUND + "from zendesk_csat.__main__ import main; print('begun', flush=True); sys.exit(main())"

INTERRUPTED = {
    "a sync that waits for an answer": ["sync"],
    "a listing that waits for an answer": ["ratings", "list"],
    "an export that nobody reads": ["export", "-", "--format", "jsonl", "--history", "full.db"],
    "answers that nobody types": ["responses", "submit", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
}


@posix
@pytest.mark.parametrize("call", INTERRUPTED.values(), ids=INTERRUPTED)
def test_ctrl_c_ends_the_command_by_its_number_and_without_a_traceback(
    account: Emulator, tmp_path: Path, call: list[str]
) -> None:
    environment = os.environ | {"ZENDESK_SUBDOMAIN": "acme", "ZENDESK_OAUTH_TOKEN": "t"}
    if call[0] == "export":
        # More than a pipe holds.
        with account.client() as client:
            client.sync(History(tmp_path / "full.db"))
    with scripted(Answer(delay=60)) as service:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *call],
            cwd=tmp_path,
            env=environment | {"ZENDESK_BASE_URL": service.base_url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None and process.stderr is not None and process.stdin is not None
        assert process.stdout.readline() == b"begun\n"
        while call[0] in ("sync", "ratings") and not service.requests:
            time.sleep(0.005)
        while call[0] == "export" and not select.select([process.stdout], [], [], 1)[0]:
            pass
        if call[0] == "responses":
            # More than a pipe holds: it is written once the command reads.
            process.stdin.write(b" " * 200_000)
        process.send_signal(signal.SIGINT)
        # Not by the answer, which takes a minute, and not by what is read or typed.
        assert process.wait(20) == 130
        assert b"Traceback" not in process.stderr.read()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()
