"""Progress of what takes long, by tqdm where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any


@contextmanager
def meter(progress: bool | Callable[[int], object], label: str) -> Iterator[Callable[[int], object]]:
    """What to tell how many records there are so far."""
    if progress is False:
        yield _unseen
    elif progress is not True:
        yield progress
    else:
        with _bar(label, " records") as bar:
            yield lambda count: bar.update(count - bar.n)


@contextmanager
def sync_meter(progress: bool | Callable[[str, int], object]) -> Iterator[Callable[[str, int], object] | None]:
    """What to tell how many rows each step of a sync has so far; none where nobody looks."""
    if progress is False:
        yield None
    elif progress is not True:
        yield progress
    else:
        bars: dict[str, Any] = {}
        _tqdm()
        with ExitStack() as drawn:

            def show(step: str, rows: int) -> None:
                bar = bars.get(step)
                if bar is None:
                    bar = bars[step] = drawn.enter_context(_bar(step, " rows"))
                bar.update(rows - bar.n)

            yield show


def _bar(label: str, unit: str) -> Any:
    # disable=None: nothing is drawn where nobody looks.
    return _tqdm()(desc=label, unit=unit, disable=None)


def _tqdm() -> Any:
    try:
        from tqdm.auto import tqdm  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError(
            f"progress=True needs {missing.name}, which is not installed: pip install tqdm", name=missing.name
        ) from None
    return tqdm


def _unseen(count: int) -> None:
    pass
