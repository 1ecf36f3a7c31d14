"""A fake Slack with a channel and two people, and the adapter with a quiz on a store of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.adapters.slack import Slack
from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.core.bank import Bank, Topic
from bot.core.grading import Vocabulary
from bot.core.messages import Message, say
from bot.core.model import Address, Choice, Difficulty, Kind, Question
from bot.core.ports import Quiz
from tests.fakes.slack import Channel, FakeSlack, Member, privately

OPTIONS = (Choice("right", correct=True), Choice("wrong"), Choice("odd"))
CHOICE = Question("rate", "optimization", Kind.CHOICE, Difficulty.EASY, "Which one?", "Because.", choices=OPTIONS)
SHORT = Question("units", "regularization", Kind.SHORT, Difficulty.EASY, "Which term?", "Because.", answer="dropout")
BANK = Bank(
    {CHOICE.id: CHOICE, SHORT.id: SHORT},
    {"optimization": Topic("Optimization"), "regularization": Topic("Regularization")},
    Vocabulary.of([CHOICE, SHORT]),
)
HELLO = Message((say("Hello."),), title="Title", public=True)


class SlowStore(SqlStore):
    """A store that can be made to wait before it records an answer."""

    gate: asyncio.Event | None = None

    async def record(self, *args: Any, **more: Any) -> Any:
        if self.gate:
            await self.gate.wait()
        return await super().record(*args, **more)


@dataclass
class Desk:
    """A Slack with a channel and two people, and the adapter with a quiz on a store of its own."""

    server: FakeSlack
    store: SlowStore
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.room = self.server.add_channel("room")
        self.ann = self.server.add_member("ann", is_owner=True)
        self.bo = self.server.add_member("bo", display_name="Bo B.")
        self.chat = self.slack()
        self.quiz = Quiz(self.store, {"slack": self.chat}, lambda: BANK, lambda: datetime.now(UTC))
        self.address = Address("slack", self.room.id)
        self.running: asyncio.Task[None]

    def slack(self, **other: str) -> Slack:
        tokens = {"bot_token": self.server.bot_token, "app_token": self.server.app_token}
        return Slack(**tokens | {"api_url": self.server.api_url} | other)

    async def start(self) -> None:
        self.stopping.clear()
        before = self.server.sockets.opened
        self.running = asyncio.create_task(self.chat.run(self.quiz, self.stopping))
        await self.server.sockets.connected(before + 1)
        await until(lambda: "slack" in self.quiz.connected)

    async def stop(self) -> None:
        self.stopping.set()
        await asyncio.wait_for(self.running, 5)

    async def ask(self, words: str = "optimization", who: Member | None = None) -> Any:
        """Somebody asks a question; its message."""
        await (who or self.ann).slash("/quiz", f"ask {words}", self.room, until=privately)
        return self.room.messages[-1]

    async def post(self, channel: Channel | None = None) -> str:
        address = Address("slack", channel.id) if channel else self.address
        return await self.chat.post(address, HELLO, "q1")

    async def pressing(self, question: Any) -> asyncio.Task[Any]:
        """Bo presses A; returns as soon as that is acknowledged."""
        deliveries = self.server.courier.deliveries
        before = len(deliveries)
        pressing = asyncio.create_task(self.bo.press(question, "A", until=privately))
        await self.server.until(lambda: deliveries[before:] and deliveries[-1].acknowledged)
        return pressing


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that this Slack does not see."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110  # it has no bell to wait for
            await asyncio.sleep(0.005)


SomeDesk = TypeVar("SomeDesk", bound=Desk)


@asynccontextmanager
async def desk_on(path: Path, kind: type[SomeDesk] = Desk) -> AsyncIterator[SomeDesk]:  # type: ignore[assignment]
    """A desk whose adapter is not connected, with a database in this folder."""
    database = Database(f"sqlite:///{path}/quiz.db")
    await database.upgrade()
    store = SlowStore(database)
    async with FakeSlack() as server:
        yield kind(server, store)
    await store.dispose()
