"""The command, as ``zendesk-csat`` and as ``python -m zendesk_csat``."""

import sys

from ._core import main as _main


def main() -> int:
    """Runs the command with the arguments of this process, and returns its exit code."""
    return _main(["zendesk-csat", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
