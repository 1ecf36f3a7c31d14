"""Answers made durable, beside plain SQLite with one commit an answer: ``python -m bench.answers [--quick]``."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Iterator
from pathlib import Path

from bench.measure import Figure, Part, run
from bench.rounds import Stage, stage
from bot.core.model import Round

AT_ONCE = 50
"""Members who answer at the same time, each again as soon as their answer is durable."""

MEMBERS = 500

COLUMNS = "round_id, member_id, text, at, delivery, score, reason"


async def measure(quick: bool) -> list[Part]:
    """The rates of answers that members change, and of first answers."""
    turns, rounds = (2, 2) if quick else (5, 10)
    answers = rounds * MEMBERS
    values: dict[str, list[float]] = {"changed": [], "its floor": [], "first": [], "the first's floor": []}
    with tempfile.TemporaryDirectory() as folder:
        async with stage(Path(folder) / "quizbot.db", MEMBERS) as there:
            plain, changing = Plain(Path(folder) / "plain.db"), changes(there, await there.open(0))
            await rate(itertools.islice(changing, MEMBERS))
            for turn in range(turns):
                values["changed"].append(await rate(itertools.islice(changing, answers)))
                values["its floor"].append(plain.rate(answers))
                opened = [await there.open(1 + turn * rounds + number) for number in range(rounds)]
                values["first"].append(await rate(firsts(there, opened)))
                values["the first's floor"].append(plain.rate(answers))
    figures = [
        Figure("answers changed", "a second", values["changed"], values["its floor"], 2, 5, more=True),
        Figure("first answers", "a second", values["first"], values["the first's floor"], 2, 5, more=True),
    ]
    return [Part("Durable answers", figures, [f"{AT_ONCE} members at once; the floor commits each answer by itself"])]


async def rate(answers: Iterator[Awaitable[None]]) -> float:
    """Answers a second."""
    done = itertools.count()

    async def one_after_another() -> None:
        for answer in answers:
            await answer
            next(done)

    begun = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return next(done) / (time.perf_counter() - begun)


def changes(there: Stage, rnd: Round) -> Iterator[Awaitable[None]]:
    """Everybody answers A, then everybody B, and so on."""
    for number in itertools.count():
        member, letter = there.members[number % MEMBERS], "AB"[number // MEMBERS % 2]
        yield there.answer(rnd, member, letter, f"change {number}")


def firsts(there: Stage, rounds: list[Round]) -> Iterator[Awaitable[None]]:
    """Everybody answers once in each round."""
    for rnd, member in itertools.product(rounds, there.members):
        yield there.answer(rnd, member, "A", f"first {rnd.id} {member.id}")


class Plain:
    """The log alone, in SQLite as the standard library has it."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            f"CREATE TABLE answers (id INTEGER PRIMARY KEY, {COLUMNS}, UNIQUE (delivery))",
        ):
            self._connection.execute(statement)
        self._numbers = itertools.count()

    def rate(self, answers: int) -> float:
        """Answers a second, each in a transaction of its own."""
        insert = f"INSERT INTO answers ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        begun = time.perf_counter()
        for number in itertools.islice(self._numbers, answers):
            self._connection.execute(insert, (1, number, "A", "2026-01-05 10:00:00", str(number), 1.0, "Right."))
        return answers / (time.perf_counter() - begun)


if __name__ == "__main__":
    run(__doc__, measure)
