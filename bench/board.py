"""``/quiz leaderboard`` with ten million answers of 100,000 members, beside ten thousand of 100.

``python -m bench.board [--quick]``. The databases are built once and kept in the machine's temporary folder.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.measure import Figure, Part, run
from bench.millions import NOW, ROUNDS, built
from bench.rounds import WORKSPACE, quiz
from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.core import commands
from bot.core.messages import Message, Table
from bot.core.model import Address, Caller, Identity, Period
from bot.core.ports import Quiz


async def measure(quick: bool) -> list[Part]:
    """A page of the board for a member in the middle, in the week and of all time."""
    many, turns, calls = (10_000, 3, 5) if quick else (100_000, 7, 20)
    figures = []
    async with board(many) as large, board(100) as small:
        for period in (Period.WEEK, Period.ALL):
            product, floor = [], []
            for _ in range(turns):
                product.append(await large.look(period, calls))
                floor.append(await small.look(period, calls))
            figures.append(Figure(f"leaderboard, {period}", "ms", product, floor, 1.5, 1.1))
    note = f"product: {many * ROUNDS:,} answers of {many:,} members; floor: {100 * ROUNDS:,} of 100"
    return [Part("Leaderboard", figures, [note])]


@dataclass(frozen=True)
class Board:
    """A team of that many members, and one of them who looks at the board."""

    quiz: Quiz
    caller: Caller

    async def look(self, period: Period, calls: int) -> float:
        """Milliseconds of a call, the median of so many."""
        return 1000 * statistics.median([await self._call(period) for _ in range(calls)])

    async def _call(self, period: Period) -> float:
        begun = time.perf_counter()
        said = await commands.call(self.quiz, self.caller, "leaderboard", {"period": period.value})
        seconds = time.perf_counter() - begun
        assert isinstance(said, Message)
        assert any(isinstance(part, Table) for part in said.body), said
        return seconds


@asynccontextmanager
async def board(members: int) -> AsyncIterator[Board]:
    """The board of a team of that size, read once already."""
    database = Database(f"sqlite:///{await built(members)}")
    store = SqlStore(database)
    user = str(members // 2)
    caller = Caller(Identity("discord", WORKSPACE.id, user), f"member{user}", Address("discord", "0"), WORKSPACE)
    try:
        found = Board(quiz(store, NOW), caller)
        for period in Period:
            await found.look(period, 1)
        yield found
    finally:
        await store.dispose()


if __name__ == "__main__":
    run(__doc__, measure)
