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
    Literal["locale"],
]
"""What a report groups ratings by."""
