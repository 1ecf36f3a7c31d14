"""The bot with its clock set, since nobody waits for half past four: ``python -m tests.e2e.clockwork INSTANT run``."""

import sys
from datetime import UTC, datetime

import bot.run
from bot.__main__ import main

OFFSET = datetime.fromisoformat(sys.argv[1]) - datetime.now(UTC)


def now() -> datetime:
    """The time, as it would be if it had been the given instant at the start."""
    return datetime.now(UTC) + OFFSET


if __name__ == "__main__":
    bot.run.now = now
    main(sys.argv[2:])
