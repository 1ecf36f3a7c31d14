"""A team whose bot is treated badly, whatever it plays on: its rooms, its members, and what they were told."""

from __future__ import annotations

import asyncio
import copy
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import ClassVar, Generic, Protocol, TypeVar

from tests.e2e.bot import Bot
from tests.faults import bank

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
ANSWER = re.compile(r"answer:(\d+):([A-E])")
TOLD = re.compile(r"(?:Recorded: |Changed from [A-E] to |Your first answer counts: )([A-E])")
GRADED = ("Right", "Not right")

IN_FLIGHT = 0.2
"""Seconds for which a platform may still work on what a process that was killed had sent."""

ROOM = """
          - channel: "{platform}:{id}"
            post: "{post}"
            reveal: "16:30"
            days: [mon, tue, wed, thu, fri, sat, sun]
            topics: [optimization]"""

CONFIG = """
    teams:
      - name: ml-team
        timezone: {zone}
        admins: ["{platform}:{admin}"]
        channels:{rooms}
    """


class Named(Protocol):
    """A room or a person, as its platform calls it."""

    id: str | int
    name: str


@dataclass(frozen=True)
class Press:
    """A button that a member pressed to answer."""

    member: Named
    round_id: int
    letter: str

    @property
    def told(self) -> str:
        """What the member was told of it; empty where that was nothing."""
        raise NotImplementedError

    @property
    def confirmed(self) -> str | None:
        """The letter of which the member was told that it counts; None where they were told nothing of the kind."""
        if self.told.startswith(GRADED):
            return self.letter
        told = TOLD.match(self.told)
        return told[1] if told else None


Room = TypeVar("Room")
Person = TypeVar("Person")
Question = TypeVar("Question")


class Team(ABC, Generic[Room, Person, Question]):
    """Rooms with a question a day, members, the bot and its platform, on one clock that is moved by hand."""

    platform: ClassVar[str]

    silences: ClassVar[tuple[type[BaseException], ...]]
    """What members meet whom the bot does not answer."""

    rooms: Sequence[Room]
    members: Sequence[Person]
    presses: Sequence[Press]

    def __init__(self, folder: Path, *, posts: Sequence[str], zone: str) -> None:
        """``rooms`` and ``members`` are there already."""
        self.folder = folder
        placed = [
            ROOM.format(platform=self.platform, id=room.id, post=posts[n % len(posts)])
            for n, room in enumerate(self.rooms)
        ]
        config = CONFIG.format(platform=self.platform, admin=self.members[0].id, zone=zone, rooms="".join(placed))
        self.bot = Bot(folder, {}, config)
        bank.write(folder / "questions")

    # --- the clock

    @property
    @abstractmethod
    def now(self) -> datetime:
        """The time that the platform and the bot share."""

    @abstractmethod
    def forward(self, seconds: float) -> None:
        """Let time pass at once, as it does for a bot that is down."""

    def let_it_be(self, at: datetime) -> None:
        """Go to an instant."""
        self.forward((at - self.now) / timedelta(seconds=1))

    # --- the bot

    @property
    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """What the bot has of its platform."""

    @abstractmethod
    async def connected(self, within: float) -> None:
        """Wait until the bot can be used."""

    @abstractmethod
    async def gone(self) -> None:
        """Wait until the platform knows that the bot is not there any more, and forget its connections."""

    async def launch(self) -> None:
        """Start a process, and do not wait for it."""
        await self.bot.start(self.now)

    async def start(self) -> None:
        """Start a process, and wait until it is connected."""
        await self.launch()
        await self.connected(within=30)

    async def begin(self) -> None:
        """Let the bot see its channels for the first time: times before it are never caught up."""
        await self.start()
        assert await self.bot.stop() == 0

    def another_bot(self) -> Bot:
        """A second process on the same database, which stands by itself."""
        return copy.copy(self.bot)

    async def kill(self) -> None:
        """Kill the process; the platform knows at once, and carries out what was sent before time goes on."""
        await self.bot.kill()
        await self.gone()
        await asyncio.sleep(IN_FLIGHT)

    async def logged(self, text: str, *, within: float = 20) -> None:
        """Wait until the bot's log has this."""
        async with asyncio.timeout(within):
            while text not in self.bot.log:  # noqa: ASYNC110  # a process rings no bell
                await asyncio.sleep(0.02)

    # --- what there is to see

    @abstractmethod
    async def until(self, holds: Callable[[], object], *, within: float) -> None:
        """Wait until something holds, asked again whenever a room shows something else; else raise TimeoutError."""

    @abstractmethod
    def questions(self, room: Room) -> list[Question]:
        """The questions of the day that a room shows."""

    @abstractmethod
    def open_questions(self, room: Room) -> list[Question]:
        """All questions in a room that take answers by letter."""

    @abstractmethod
    def mark(self, message: Question) -> str:
        """What a message carries for the bot to find it by; empty where that is nothing."""

    @abstractmethod
    def ever_shown(self) -> Iterable[Question]:
        """Every message that the rooms ever showed."""

    def marks(self) -> list[str]:
        """What names the round and the part of it, of every message that the rooms ever showed."""
        return [_part(mark) for mark in map(self.mark, self.ever_shown()) if mark]

    def is_revealed(self, question: Question) -> bool:
        """Whether the room shows the answer to a question."""
        return _part(self.mark(question)).replace("q", "r") in self.marks()

    # --- the members

    @abstractmethod
    async def ask(self, member: Person, room: Room, kind: str = "choice") -> None:
        """Ask for an extra question, and wait for an answer."""

    @abstractmethod
    async def reveal(self, member: Person, room: Room) -> None:
        """Reveal what is open, and wait for an answer."""

    @abstractmethod
    async def answer(self, member: Person, question: Question, letter: str) -> None:
        """Press a letter, and wait for an answer."""

    @abstractmethod
    async def submit(self, member: Person, round_id: int, text: str) -> str:
        """Send the form for an answer in words, of whatever length; returns what the member was told."""

    @abstractmethod
    async def leaderboard(self, member: Person) -> str:
        """The board of all times, as a member sees it."""

    async def live(self, member: Person, chance: Random, pause: float) -> None:
        """Do what members do, until cancelled: mostly answer, now and then ask for a question or reveal it."""
        while True:
            await asyncio.sleep(chance.uniform(0, 2 * pause))
            try:
                await self._act(member, chance)
            except self.silences:
                continue

    @asynccontextmanager
    async def lively(self, chance: Random) -> AsyncIterator[None]:
        """All members do what members do, each by chances of their own."""
        people = [asyncio.create_task(self.live(member, Random(chance.random()), 1.0)) for member in self.members]
        try:
            yield
        finally:
            for person in people:
                person.cancel()
            ends = await asyncio.gather(*people, return_exceptions=True)
        odd = [end for end in ends if not isinstance(end, asyncio.CancelledError)]
        assert not odd, odd

    async def _act(self, member: Person, chance: Random) -> None:
        room = chance.choice(self.rooms)
        if chance.random() < 0.01:
            await self.ask(member, room)
        elif chance.random() < 0.01:
            await self.reveal(member, room)
        elif questions := self.open_questions(room):
            await self.answer(member, chance.choice(questions), chance.choice("ABCD"))


def _part(mark: str) -> str:
    return mark.partition("-")[0]


def round_and_letter(action: str) -> tuple[int, str]:
    """What a button answers."""
    match = ANSWER.match(action)  # on Discord more follows
    assert match is not None, action
    return int(match[1]), match[2]
