"""Tables as notebooks show them. Customers write part of what they hold: everything is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

LONGEST = 120
"""How many characters of a value are shown."""


def table(first: Sequence[dict[str, Any]], rows: int) -> str:
    """The first rows of so many as an HTML table."""
    names = list(first[0]) if first else []
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(map(_cell, row.values()))}</tr>" for row in first)
    shown = f"{len(first):,} of {rows:,} rows" if len(first) < rows else f"{rows:,} rows"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{shown}</p>"


def text(lines: str) -> str:
    """Text whose columns line up."""
    return f"<pre>{escape(lines.rstrip())}</pre>"


def first_of_listing(operation: str, page: str | None) -> str:
    """What a listing begins with: its first page, or that nothing comes."""
    if page is None:
        return f"<p>{escape(operation)}: no records</p>"
    return f"{page}<p>the first page of {escape(operation)}</p>"


def framed(page: str) -> str:
    """A whole page, kept apart from the notebook's own."""
    return f'<iframe sandbox srcdoc="{escape(page)}" style="width: 100%; height: 40em; border: 0"></iframe>'


def _cell(value: Any) -> str:
    if value is None:
        return "<td></td>"
    text = value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    return f"<td>{escape(text)}</td>"
