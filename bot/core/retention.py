"""How long answers are kept: older ones are rolled up, a little at a time, to what they earned.

What was written is deleted: answers, grades in words, appeals, practice, and what the audit quotes. Standings, streaks
and statistics stay as they are, and go on to follow links and partings.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from bot.core.ports import Quiz, Store

SHORTEST = timedelta(days=100)
"""No shorter time is safe: a season and the days in which its last answers are ruled on must stay in the log."""

AGAIN = timedelta(days=1)
"""How long it rests, for all processes, once one has begun."""

PAUSE = 0.05
"""Seconds between two steps, in which members' answers are written."""


async def is_due(quiz: Quiz) -> bool:
    """Whether this process is the one to roll up now."""
    return quiz.rules.kept is not None and await quiz.store.turn("roll-up", quiz.now(), quiz.now() + AGAIN)


async def roll_up(store: Store, since: datetime) -> AsyncIterator[int]:
    """Roll up what is older; after each step, which is one short transaction, tells how many answers it took."""
    after = 0
    while (step := await store.roll_up(since.date(), after)) is not None:
        after = step.last
        yield step.answers
    while await store.forget(since):
        yield 0
