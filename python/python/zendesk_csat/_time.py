"""Times as people give them."""

from datetime import datetime
from typing import Union

Time = Union[datetime, str]
"""An aware datetime, or an RFC 3339 text such as ``2026-03-01T00:00:00Z``."""
