"""A store with an open round in it, for what is measured without a platform."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.core.bank import Bank
from bot.core.entries import Attempt
from bot.core.grading import Vocabulary
from bot.core.model import (
    Address,
    Channel,
    Choice,
    Difficulty,
    Feedback,
    Grade,
    Identity,
    Kind,
    Member,
    NewRound,
    Question,
    Round,
    RoundKind,
    Workspace,
)
from bot.core.ports import Chat, Quiz

START = datetime(2026, 1, 5, 9, tzinfo=UTC)

QUESTION = Question(
    "rate-too-high",
    "optimization",
    Kind.CHOICE,
    Difficulty.MEDIUM,
    "What do you most likely see when the learning rate is far too high?",
    "Each step overshoots the minimum.",
    choices=(Choice("The loss jumps around or diverges", correct=True), Choice("The gradients become exactly zero")),
)

GRADES = {"A": Grade(1.0, "Right."), "B": Grade(0.0, "Not right.")}


WORKSPACE = Workspace("discord", "1", "Bench")


class Stage:
    """A team whose members answer a round a day, each in a channel of its own."""

    def __init__(self, database: Database, store: SqlStore, members: list[Member]) -> None:
        self.database = database
        self.store = store
        self.members = members

    async def open(self, number: int) -> Round:
        """The round of that day, in which answers may be changed."""
        at = START + timedelta(days=number)
        channel = await _channel(self.store, number)
        new = NewRound(
            team_id=channel.team_id,
            home=channel.home,
            channel_id=channel.id,
            kind=RoundKind.DAILY,
            question=QUESTION,
            order=(0, 1),
            feedback=Feedback.REVEAL,
            day=at.date(),
            slot=at.date(),
            opened_at=at,
            closes_at=None,
        )
        rnd = await self.store.claim(new, at)
        assert rnd is not None, "this day was taken"
        await self.store.opened(rnd.id, "message")
        return rnd

    async def close(self, rnd: Round) -> None:
        """It is over, and its grades are told."""
        await self.store.close(rnd.id, rnd.opened_at + timedelta(hours=8), rnd.opened_at)
        await self.store.revealed(rnd.id, "reveal")

    async def answer(self, rnd: Round, member: Member, letter: str, delivery: str) -> None:
        """A member answers."""
        at = rnd.opened_at + timedelta(hours=1)
        attempt = Attempt(rnd.id, member.id, member.origin, letter, GRADES[letter], at, delivery)
        await self.store.record(attempt, None)


@asynccontextmanager
async def stage(file: Path, members: int) -> AsyncIterator[Stage]:
    """In a new SQLite file."""
    database = Database(f"sqlite:///{file}")
    store = SqlStore(database)
    try:
        await database.upgrade()
        home = (await _channel(store, 0)).home
        yield Stage(database, store, [await _member(store, home, number) for number in range(members)])
    finally:
        await store.dispose()


async def _channel(store: SqlStore, number: int) -> Channel:
    return await store.channel(Address("discord", str(number)), WORKSPACE)


async def _member(store: SqlStore, home: int, number: int) -> Member:
    return await store.member(home, Identity("discord", WORKSPACE.id, str(number)), f"member{number}")


def quiz(store: SqlStore, now: datetime, *platforms: str) -> Quiz:
    """What use cases are handed, at an instant that stands still; nobody answers on the platforms."""
    bank = Bank({QUESTION.id: QUESTION}, {}, Vocabulary.of([QUESTION]))
    return Quiz(store, dict.fromkeys(platforms, cast(Chat, None)), lambda: bank, lambda: now)
