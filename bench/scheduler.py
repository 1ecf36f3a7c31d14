"""The scheduler's pass over 100,000 channels, beside one indexed query: ``python -m bench.scheduler [--quick]``.

A pass is what the loop does each time it wakes up: find all that is due, and when the next thing is. The floor is one
query for the due channels by their index, on the same connections and as many rows as a pass takes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import time as clock
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import select

from bench.measure import Figure, Part, run
from bench.rounds import START, quiz, stage
from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import channels
from bot.core import due
from bot.core.model import Schedule, Settings
from bot.core.ports import Quiz

PLATFORM = "discord"

DUE = 1000
"""Channels of which the post is due, in the second of the two figures."""

LATER = START + timedelta(minutes=1)


async def measure(quick: bool) -> list[Part]:
    """With nothing due, and with a thousand channels."""
    many, turns, passes = (10_000, 3, 20) if quick else (100_000, 7, 100)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "quizbot.db"
        async with stage(file, 0) as there:
            await asyncio.to_thread(fill, file, many)
            figures = []
            for what, now in (("none due", START), (f"{DUE:,} due", LATER)):
                product, floor = [], []
                its = quiz(there.store, now, PLATFORM)
                for _ in range(turns):
                    product.append(await _median(passes, partial(_pass, its)))
                    floor.append(await _median(passes, partial(_query, there.database, its)))
                figures.append(Figure(f"a pass, {what}", "ms", product, floor, 3, 1.5))
    return [Part("Scheduler", figures, [f"{many:,} channels; a pass takes {2 * due.AT_ONCE} jobs at most"])]


async def _pass(its: Quiz) -> None:
    due.jobs(its, await its.store.due(its.now(), PLATFORM, 2 * due.AT_ONCE))


async def _query(database: Database, its: Quiz) -> None:
    found = select(channels).where(channels.c.next_post <= its.now(), channels.c.paused == "")
    await database.all(found.order_by(channels.c.next_post).limit(2 * due.AT_ONCE), tuple)


async def _median(times: int, work: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of a piece of work, the median of so many."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        await work()
        found.append(time.perf_counter() - begun)
    return 1000 * statistics.median(found)


def fill(file: Path, many: int) -> None:
    """Channels with a schedule each; a thousand of them post a minute after the start, the others a day later."""
    settings = rows.encoded(Settings(Schedule("UTC", clock(9))))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            """
            INSERT INTO channels (team_id, platform, address, settings, next_post, paused, declared, workspace)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            SELECT 1, ?, 'room' || i, ?, CASE WHEN i % ? = 0 THEN ? ELSE ? END, '', 0, '1' FROM n
            """,
            (many, PLATFORM, settings, many // DUE, _stored(0), _stored(1)),
        )


def _stored(days: int) -> str:
    """An instant as SQLAlchemy keeps it in SQLite."""
    return f"{LATER + timedelta(days=days):%Y-%m-%d %H:%M:%S.%f}"


if __name__ == "__main__":
    run(__doc__, measure)
