"""What was read a moment ago and holds still."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from bot.adapters.sql.engine import Database

FRESH = 10.0
"""Seconds after which something is read again: another process may have changed it. A member whom that concerns is told
by the transaction that records, which reads everything anew."""

MOST = 1_000
"""How many values are kept at most."""

Key = TypeVar("Key")
Value = TypeVar("Value")


class Lately(Generic[Key, Value]):
    """Values by key, until this process writes anything but answers, and for no longer than ``FRESH`` seconds."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._values: dict[Key, Value] = {}
        self._as_of = 0
        self._until = 0.0

    def get(self, key: Key) -> Value | None:
        """The value, if it was read lately."""
        if self._as_of != self._database.changes or self._clock() > self._until:
            self._values.clear()
        return self._values.get(key)

    @property
    def full(self) -> bool:
        """Whether no other value is kept."""
        return len(self._values) >= MOST

    def put(self, key: Key, value: Value, as_of: int) -> None:
        """Keep a value that was read when the database had had so many changes."""
        if as_of != self._database.changes or self.full:
            return
        if not self._values:
            self._as_of, self._until = as_of, self._clock() + FRESH
        self._values[key] = value
