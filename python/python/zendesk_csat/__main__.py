"""The command, as ``zendesk-csat`` and as ``python -m zendesk_csat``."""

import signal
import sys
from contextlib import suppress

from ._core import main as _main

_INTERRUPTED = 130


def main() -> int:
    """Runs the command with the arguments of this process, and returns its exit code."""
    try:
        code = _main(["zendesk-csat", *sys.argv[1:]])
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        # Whoever presses Ctrl-C twice wants the process to end, not to see how Python does that.
        with suppress(ValueError):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


if __name__ == "__main__":
    sys.exit(main())
