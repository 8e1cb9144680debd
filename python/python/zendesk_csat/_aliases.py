"""Types that signatures name."""

from datetime import date, datetime
from typing import Iterable, Literal, Mapping, Union

Time = Union[datetime, str]
"""An aware datetime, or an RFC 3339 text such as ``2026-03-01T00:00:00Z``."""

TimeText = Union[datetime, date, str]
"""An aware datetime, a date, or a text: ``2026-05-01``, ``2026-05``, ``2026-W20``, ``7d``, ``last-month``, or an RFC 3339 time."""

Names = Union[str, int, Iterable[Union[str, int]]]
"""Names or ids of agents, groups and the like: one or several."""

Texts = Union[str, Iterable[str]]
"""A text, or several."""

FieldValues = Mapping[str, Union[str, int, Iterable[Union[str, int]]]]
"""Custom fields of tickets by their names, each with a value, or several of which any does."""

Dimension = Union[
    Literal["day"],
    Literal["week"],
    Literal["month"],
    Literal["agent"],
    Literal["group"],
    Literal["reason"],
    Literal["survey-version"],
    Literal["source"],
    Literal["channel"],
    Literal["scale"],
    Literal["brand"],
    Literal["organization"],
    Literal["form"],
    Literal["tag"],
    Literal["priority"],
    Literal["account"],
    str,
]
"""What a report groups ratings by: one of these, or a custom field of tickets by the name that a sync gave it."""

Table = Union[
    Literal["csat"],
    Literal["ratings"],
    Literal["survey_responses"],
    Literal["answers"],
    Literal["questions"],
    Literal["options"],
    Literal["reasons"],
    Literal["tickets"],
    Literal["agents"],
    Literal["groups"],
    Literal["brands"],
    Literal["organizations"],
    Literal["ticket_forms"],
    Literal["requesters"],
]
"""A table that can be exported."""

ExportFormat = Union[Literal["csv"], Literal["jsonl"], Literal["parquet"], Literal["arrow"], Literal["xlsx"]]
"""The format of an exported file."""
