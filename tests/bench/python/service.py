"""The service of tests/bench in a process of its own."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving(program: str, records: int, *, packed: bool) -> Iterator[str]:
    """Its address; it has so many ratings and as many survey responses."""
    arguments = [program, "serve", str(records)] + ([] if packed else ["plain"])
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()
