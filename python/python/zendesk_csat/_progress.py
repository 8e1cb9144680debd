"""Progress of what takes long, by tqdm where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def meter(progress: bool | Callable[[int], object], label: str) -> Iterator[Callable[[int], object]]:
    """What to tell how many records there are so far."""
    if progress is False:
        yield _unseen
    elif progress is not True:
        yield progress
    else:
        try:
            from tqdm.auto import tqdm  # type: ignore[import-untyped, import-not-found, unused-ignore]
        except ModuleNotFoundError as missing:
            raise ModuleNotFoundError(
                f"progress=True needs {missing.name}, which is not installed: pip install tqdm", name=missing.name
            ) from None
        # disable=None: nothing is drawn where nobody looks.
        with tqdm(desc=label, unit=" records", disable=None) as bar:
            yield lambda count: bar.update(count - bar.n)


def _unseen(count: int) -> None:
    pass
