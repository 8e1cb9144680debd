"""Tables of other libraries, none of which has to be there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
    import polars
    import pyarrow  # type: ignore[import-untyped, import-not-found, unused-ignore]


class ArrowStream(Protocol):
    """What speaks Arrow's PyCapsule protocol."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


def to_polars() -> Callable[[ArrowStream], polars.DataFrame]:
    """What makes a frame of Polars; asked for before anything is read."""
    try:
        import polars
    except ModuleNotFoundError as missing:
        raise _needed("to_polars()", "zendesk-csat[polars]", missing) from None
    return lambda table: polars.DataFrame(table)


def to_arrow() -> Callable[[ArrowStream], pyarrow.Table]:
    """What makes a table of pyarrow; asked for before anything is read."""
    pyarrow = _pyarrow("to_arrow()", "pyarrow")
    return lambda table: pyarrow.table(table).combine_chunks()


def to_pandas() -> Callable[[ArrowStream], pandas.DataFrame]:
    """What makes a frame of pandas; asked for before anything is read."""
    pyarrow = _pyarrow("to_pandas()", "zendesk-csat[pandas]")
    try:
        import pandas
    except ModuleNotFoundError as missing:
        raise _needed("to_pandas()", "zendesk-csat[pandas]", missing) from None
    types = {
        pyarrow.int64(): pandas.Int64Dtype(),
        pyarrow.string(): pandas.StringDtype(),
    }
    return lambda table: pyarrow.table(table).to_pandas(types_mapper=types.get)


def _pyarrow(method: str, package: str) -> Any:
    try:
        import pyarrow
    except ModuleNotFoundError as missing:
        raise _needed(method, package, missing) from None
    return pyarrow


def _needed(method: str, package: str, missing: ModuleNotFoundError) -> ModuleNotFoundError:
    """The error of a library that is not there; one that is there and broken tells for itself."""
    return ModuleNotFoundError(
        f"{method} needs {missing.name}, which is not installed: pip install '{package}'", name=missing.name
    )
