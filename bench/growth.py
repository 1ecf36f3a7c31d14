"""What grows over a million answers: memory, and the time until one is durable. ``python -m bench.growth [--quick]``.

Each window of 10,000 answers is five days of a team: a round a day, which everybody answers and which then closes.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.measure import Figure, Part, percentile, run
from bench.rounds import Stage, stage
from bot.core.model import Member, Round

MEMBERS = 2_000
AT_ONCE = 500
WINDOW = 10_000
COMPARED = 5
"""Windows in which the old team and the new one are compared."""

NONE = 1.1
"""Where growth begins: what is below is noise."""


@dataclass(frozen=True)
class Window:
    """So many answers: how long one took, in the middle and at worst, in milliseconds; the memory after them."""

    median: float
    p99: float
    memory: float


async def measure(quick: bool) -> list[Part]:
    """The memory at both ends; the time of answers in the file that has grown, beside a new one, in turn."""
    windows = 5 if quick else 100
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder) / "old.db", MEMBERS) as old, stage(Path(folder) / "new.db", MEMBERS) as new:
            days, first_days = itertools.count(), itertools.count()
            await window(new, first_days)
            grown = [await window(old, days) for _ in range(windows)]
            pairs = [(await window(old, days), await window(new, first_days)) for _ in range(COMPARED)]
    mine, theirs = zip(*pairs, strict=True)
    figures = [
        Figure("resident memory", "MB", [grown[-1].memory], [grown[0].memory], NONE, NONE),
        Figure("an answer, the median", "ms", [w.median for w in mine], [w.median for w in theirs], NONE, NONE),
        Figure("an answer, p99", "ms", [w.p99 for w in mine], [w.p99 for w in theirs], NONE, NONE),
    ]
    note = f"{windows * WINDOW:,} answers, {AT_ONCE} at once; floor: the first {WINDOW:,}, and a new file"
    return [Part("Growth", figures, [note])]


async def window(there: Stage, days: Iterator[int]) -> Window:
    """The next answers."""
    seconds: list[float] = []
    for day in itertools.islice(days, WINDOW // MEMBERS):
        rnd = await there.open(day)
        members = iter(there.members)

        async def answers(rnd: Round = rnd, members: Iterator[Member] = members) -> None:
            for member in members:
                begun = time.perf_counter()
                await there.answer(rnd, member, "AB"[member.id % 2], f"{rnd.id} {member.id}")
                seconds.append(time.perf_counter() - begun)

        await asyncio.gather(*(answers() for _ in range(AT_ONCE)))
        await there.close(rnd)
    memory = psutil.Process().memory_info().rss / 1e6
    return Window(1000 * statistics.median(seconds), 1000 * percentile(seconds, 0.99), memory)


if __name__ == "__main__":
    run(__doc__, measure)
