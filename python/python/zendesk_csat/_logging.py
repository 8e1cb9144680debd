"""The package's logger: quiet, unless the program or the environment asks for more.

Imported with the first client: `logging` takes longer to import than the rest of the package.
"""

import logging
import os

from ._errors import ConfigurationError

logger = logging.getLogger("zendesk_csat")
logger.addHandler(logging.NullHandler())


def _follow_environment() -> None:
    """``ZENDESK_CSAT_LOG=debug`` shows what the client does on standard error."""
    wanted = os.environ.get("ZENDESK_CSAT_LOG", "").strip()
    if not wanted:
        return
    levels = {"trace": 5, "debug": 10, "info": 20, "warn": 30, "warning": 30, "error": 40}
    level = levels.get(wanted.lower())
    if level is None:
        raise ConfigurationError(f"ZENDESK_CSAT_LOG: one of {', '.join(levels)}, not {wanted!r}")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(level)


_follow_environment()
