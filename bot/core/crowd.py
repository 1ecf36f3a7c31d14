"""How many may be served at once, and what becomes of those who come when it is full.

A platform gives a click three seconds. Were all that come taken on, then beyond what the machine can do each would wait
for all others, and every single one be told too late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto

MOST = 200
"""Served at once: in a second and a half that takes a slow machine, which does not do 150 a second, no longer than a
platform waits. As many more at a time are told to come again."""


FRESH = 1.0
"""Seconds that somebody may have waited to be served: what they want takes time, too."""

WAITS = 2.0
"""Seconds after which nothing that is said arrives in time."""


class Room(Enum):
    """What there is room for when somebody comes."""

    WORK = auto()
    """To do what they want."""
    WORD = auto()
    """To tell them that it is not done."""
    NOTHING = auto()
    """It is left to the platform to tell them that nobody answers."""


class Crowd:
    """Counts who is there: ``with crowd.joined() as room: ...``"""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._there: Counter[Room] = Counter()
        self._sent_away: Counter[Room] = Counter()

    def room(self, waited: float = 0.0) -> Room:
        """What there is room and time for, if somebody has waited for so many seconds."""
        if waited <= FRESH and self._there[Room.WORK] < self.most:
            return Room.WORK
        if waited <= WAITS and self._there[Room.WORD] < self.most:
            return Room.WORD
        return Room.NOTHING

    @contextmanager
    def joined(self, waited: float = 0.0) -> Iterator[Room]:
        """Somebody comes, and goes at the end."""
        room = self.room(waited)
        self._there[room] += 1
        if room is not Room.WORK:
            self._sent_away[room] += 1
        try:
            yield room
        finally:
            self._there[room] -= 1

    def sent_away(self) -> tuple[int, int]:
        """How many were told to come again, and how many nothing, since this was last asked."""
        counts, self._sent_away = self._sent_away, Counter()
        return counts[Room.WORD], counts[Room.NOTHING]
