"""Types that signatures name."""

from datetime import datetime
from typing import Literal, Union

Time = Union[datetime, str]
"""An aware datetime, or an RFC 3339 text such as ``2026-03-01T00:00:00Z``."""

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
    Literal["locale"],
]
"""What a report groups ratings by."""

Table = Union[
    Literal["csat"],
    Literal["ratings"],
    Literal["survey_responses"],
    Literal["answers"],
    Literal["questions"],
    Literal["options"],
    Literal["reasons"],
    Literal["tickets"],
]
"""A table that can be exported."""

ExportFormat = Union[Literal["csv"], Literal["jsonl"], Literal["parquet"], Literal["arrow"]]
"""The format of an exported file."""
