"""Rows for what asks a row for the fields of a dataclass: ``pandas.DataFrame(table)`` makes columns of them."""

from __future__ import annotations

from dataclasses import make_dataclass

from . import _core


def _declare(row: type) -> None:
    alike = make_dataclass(row.__name__, row._properties, frozen=True)  # type: ignore[attr-defined]
    for name in ("__dataclass_fields__", "__dataclass_params__"):
        setattr(row, name, getattr(alike, name))


for _row in (_core.CsatRow, _core.CsatReason):
    _declare(_row)
