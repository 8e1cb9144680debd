"""Signals, forks, the end of the interpreter, and the command: each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from service import Answer, scripted
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


FORKED_EMULATOR = """
import os, sys
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
