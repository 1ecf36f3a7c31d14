"""A stage for the core: the real use cases on a real database, a chat platform in memory, a clock that tests move.

Players use what they see: the buttons of the messages that the platform shows, and forms behind them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.core import commands, due, teams
from bot.core.bank import Bank, Topic
from bot.core.grading import Vocabulary
from bot.core.messages import Form, Message, Table, When
from bot.core.model import (
    Address,
    Caller,
    Channel,
    Choice,
    Difficulty,
    Feedback,
    Idea,
    Identity,
    Kind,
    Question,
    Schedule,
    Settings,
    Source,
    Team,
    Workspace,
)
from bot.core.ports import CannotLook, Chat, NotDone, Quiz, Refused, Rules, Store, Unavailable
from tests.databases import Scratch

BERLIN = ZoneInfo("Europe/Berlin")
RULES = Rules()
ROOM = Address("discord", "room")
LOBBY = Address("discord", "lobby")


def shown(said: Message | Form) -> str:
    """All the words of a message, a line for each paragraph, with its instants as Berlin's clocks show them."""
    lines = [said.title] if said.title else []
    for part in said.body:
        lines += part.lines() if isinstance(part, Table) else ["".join(map(_word, part))]
    return "\n".join(lines)


def _word(part: str | When) -> str:
    return part if isinstance(part, str) else f"{part.at.astimezone(BERLIN):%a %d %b, %H:%M}"


# --- the bank ----------------------------------------------------------------------------------------------------


def choice(id: str, topic: str = "optimization", difficulty: str = "medium", **more: object) -> Question:
    """A choice question whose right option reads ``right``."""
    options = (Choice("right", correct=True), Choice("wrong", why="It is wrong."), Choice("odd"), Choice("other"))
    return Question(
        id=id, topic=topic, kind=Kind.CHOICE, difficulty=Difficulty(difficulty), prompt=f"What is {id}?",
        explanation=f"{id} is right.", sources=(Source("000.txt", f"7. {id}", "The book"),), choices=options, **more,
    )  # fmt: skip


def short(id: str, answer: str = "dropout", topic: str = "regularization", difficulty: str = "easy") -> Question:
    """A question that asks for a term."""
    return Question(
        id=id, topic=topic, kind=Kind.SHORT, difficulty=Difficulty(difficulty), prompt=f"Name {id}.",
        explanation=f"{answer} it is.", answer=answer,
    )  # fmt: skip


def essay(id: str) -> Question:
    """A hard question with two ideas of equal weight."""
    ideas = (Idea("it is linear", ("a single linear layer",)), Idea("depth adds nothing", ("depth is useless",)))
    return Question(
        id=id, topic="architectures", kind=Kind.SHORT, difficulty=Difficulty.HARD, prompt=f"Why {id}?",
        explanation="Because.", answer="It is linear, so depth adds nothing.", ideas=ideas,
    )  # fmt: skip


def bank_of(*questions: Question) -> Bank:
    """A bank of these questions."""
    names = {question.topic: Topic(question.topic.capitalize()) for question in questions}
    return Bank({question.id: question for question in questions}, names, Vocabulary.of(questions))


# --- the clock and the platform ----------------------------------------------------------------------------------


@dataclass
class Clock:
    """The time, as the test says."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)


@dataclass
class Posted:
    """A message in a channel, as it looks now; ``edits`` counts how often it was changed."""

    address: Address
    message: Message
    mark: str
    at: datetime
    edits: int = 0

    @property
    def text(self) -> str:
        """Its words."""
        return shown(self.message)

    @property
    def actions(self) -> dict[str, str]:
        """Its buttons: what each one does, by label."""
        return {button.label: button.action for row in self.message.buttons for button in row}


@dataclass
class FakeChat:
    """A chat platform in memory: ``ports.Chat`` with faults at the test's command."""

    clock: Callable[[], datetime]
    workspaces: dict[Address, Workspace] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    down: bool = False
    away: bool = False
    blind: bool = False
    losing: int = 0
    """So many of the next posts and edits are done and then answered with an error."""
    refusing: dict[Address, str] = field(default_factory=dict)
    hanging: set[Address] = field(default_factory=set)
    slow: asyncio.Event | None = None
    """Until this is set, everyone who calls waits."""
    when_edited: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    when_posted: Callable[[], object] = lambda: None
    asked: Counter[str] = field(default_factory=Counter)
    told: list[tuple[Identity, Message]] = field(default_factory=list)
    """What was said to one person in private."""

    async def workspace(self, address: Address) -> Workspace | None:
        return self.workspaces.get(address)

    async def post(self, address: Address, message: Message, mark: str) -> str:
        await self._reach("post", address)
        self.posted.append(Posted(address, message, mark, self.clock()))
        self.when_posted()
        self._lose()
        return str(len(self.posted) - 1)

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        await self._reach("find", address)
        if self.blind:
            raise CannotLook
        found = (n for n, one in enumerate(self.posted) if (one.address, one.mark) == (address, mark))
        return next((str(n) for n in found if since <= self.posted[n].at <= until), None)

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        await self._reach("edit", address)
        for act in self.when_edited[:1]:
            self.when_edited.remove(act)
            await act()
        one = self.posted[int(ref)]
        assert one.address == address
        one.message, one.edits = message, one.edits + 1
        self._lose()

    async def tell(self, identity: Identity, message: Message) -> None:
        self.told.append((identity, message))

    async def _reach(self, what: str, address: Address) -> None:
        self.asked[what] += 1
        await asyncio.sleep(0)  # a platform is never answered at once: others may run
        if self.slow:
            await self.slow.wait()
        if address in self.hanging:
            await asyncio.Event().wait()
        if self.down:
            raise Unavailable("503 Service Unavailable")
        if self.away:
            raise NotDone("429 Too Many Requests")
        if address in self.refusing:
            raise Refused(self.refusing[address])

    def _lose(self) -> None:
        if self.losing:
            self.losing -= 1
            raise Unavailable("the connection broke")

    def seen(self, address: Address = ROOM, kind: str = "") -> list[Posted]:
        """The messages in a channel; ``question`` or ``reveal`` names the kind."""
        return [one for one in self.posted if one.address == address and one.mark.startswith(kind[:1])]


# --- the people --------------------------------------------------------------------------------------------------


@dataclass
class Player:
    """Somebody in a channel, who sees its messages and gets private replies."""

    stage: Stage
    name: str
    address: Address = ROOM
    admin: bool = False
    workspace: str = "W"

    def caller(self, delivery: str = "") -> Caller:
        """This person, as the platform tells it."""
        platform = self.address.platform
        return Caller(
            identity=Identity(platform, self.workspace, f"u-{self.name}"), name=self.name, address=self.address,
            workspace=self.stage.workspace(platform, self.workspace), manages=self.admin, delivery=delivery,
        )  # fmt: skip

    def at(self, address: Address) -> Player:
        """The same person in another channel."""
        return Player(self.stage, self.name, address, self.admin, self.workspace)

    async def does(self, words: str) -> str:
        """Use a command, and be told this."""
        return shown(await commands.call_words(self.stage.quiz, self.caller(), words))

    async def gets(self, words: str) -> Message:
        """Use a command, and get this message."""
        return await commands.call_words(self.stage.quiz, self.caller(), words)

    def newest(self, label: str) -> Posted:
        """The newest message here with a button of this label."""
        return next(one for one in reversed(self.stage.chat.seen(self.address)) if label in one.actions)

    async def presses(self, label: str, on: Posted | str | None = None, delivery: str = "") -> str:
        """Press a button of a message, the newest one that has it, or one kept from earlier, and be told this."""
        action = on if isinstance(on, str) else (on or self.newest(label)).actions[label]
        reply = await commands.press(self.stage.quiz, self.caller(delivery), action)
        assert isinstance(reply, Message)
        return shown(reply)

    async def chooses(self, option: str, on: Posted | None = None, delivery: str = "") -> str:
        """Press the letter of the option that reads like this, and be told this."""
        return await self.presses(letter_of(option, on or self.newest("A")), on, delivery)

    async def opens(self, on: Posted | None = None) -> Form | Message:
        """Press Answer."""
        return await commands.press(self.stage.quiz, self.caller(), (on or self.newest("Answer")).actions["Answer"])

    async def writes(self, text: str, on: Posted | None = None) -> str:
        """Press Answer, fill in the form, and be told this."""
        form = await self.opens(on)
        assert isinstance(form, Form), shown(form)
        return shown(await commands.submit(self.stage.quiz, self.caller(), form.action, {"answer": text}))

    async def types(self, text: str) -> str:
        """Type an answer in the channel, and be told this."""
        return shown(await commands.type_answer(self.stage.quiz, self.caller(), text))


def letter_of(option: str, posted: Posted) -> str:
    """The letter before an option in a question's message."""
    return next(line[0] for line in posted.text.splitlines() if line[1:] == f"  {option}")


# --- the stage ---------------------------------------------------------------------------------------------------


@dataclass
class Stage:
    """A team in Berlin with its quiz; it can be torn down at any moment and started again on the same database."""

    database: Scratch
    clock: Clock
    bank: Bank
    rules: Rules = RULES
    timezone: str = "Europe/Berlin"
    wrap: Callable[[Store | Chat], Any] = lambda port: port
    """Put around the store and the platforms, by tests that want to know of every call."""

    def __post_init__(self) -> None:
        self.chat = FakeChat(self.clock)
        self.slack = FakeChat(self.clock)
        self.stores: list[SqlStore] = []
        self.quiz: Quiz

    async def start(self) -> Quiz:
        """Start a process on the database; the stage uses it from now on."""
        database = Database(self.database.url)
        await database.upgrade()
        store = SqlStore(database)
        self.stores.append(store)
        chats = {"discord": self.wrap(self.chat), "slack": self.wrap(self.slack)}
        self.quiz = Quiz(self.wrap(store), chats, lambda: self.bank, self.clock, self.rules)
        return self.quiz

    async def stop(self) -> None:
        """End all processes."""
        while self.stores:
            await self.stores.pop().dispose()

    def workspace(self, platform: str, id: str) -> Workspace:
        """A workspace; its team is made when somebody is met there first."""
        return Workspace(platform, id, "ml-team", self.timezone)

    def local(self, text: str) -> datetime:
        """``2026-11-16 09:00`` on the team's clock."""
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)

    async def at(self, text: str) -> None:
        """Let it become this time, on the team's clock, and do what is due then."""
        self.clock.now = self.local(text)
        await self.work()

    async def work(self, quiz: Quiz | None = None) -> None:
        """Do what is due, one job for each channel at a time as the loop does it, until nothing is."""
        for _ in range(12):
            first = {job.channel_id: job for job in reversed(await due_now(quiz or self.quiz))}
            if not first:
                return
            for job in first.values():
                await due._guarded(quiz or self.quiz, job)
        raise AssertionError("work that is due is done over and over")

    async def declare(self, *channels: Channel, admins: Sequence[str] = ()) -> None:
        """Set channels up, as the configuration file does."""
        team = Team(0, "ml-team", self.timezone, tuple(admins))
        await teams.declare(self.quiz, [teams.Declared(team, channels)])
        for platform, chat in (("discord", self.chat), ("slack", self.slack)):
            chat.workspaces = {channel.address: self.workspace(platform, "W") for channel in channels}
            await teams.arrive(self.quiz, platform)

    def player(self, name: str, *where: Address, **more: object) -> Player:
        """Somebody in the room."""
        return Player(self, name, *where, **more)  # type: ignore[arg-type]

    @property
    def question(self) -> Posted:
        """The question posted last in the room."""
        return self.chat.seen(ROOM, "question")[-1]

    @property
    def reveals(self) -> list[Posted]:
        """The reveals in the room."""
        return self.chat.seen(ROOM, "reveal")

    async def next_post(self, address: Address = ROOM) -> datetime | None:
        """When a channel's next daily question is planned."""
        known = await self.quiz.store.known(address)
        return known.next_post if known else None

    async def board(self, player: Player, words: str = "leaderboard") -> list[str]:
        """The lines of the leaderboard, each with its columns parted by a bar."""
        message = await player.gets(words)
        table = next((part for part in message.body if isinstance(part, Table)), Table(()))
        return ["|".join(cell for cell in row if cell) for row in table.rows]


async def due_now(quiz: Quiz) -> list[due.Job]:
    """What is due on all platforms."""
    found = [await quiz.store.due(quiz.now(), platform, 100) for platform in quiz.chats]
    return [job for on_platform in found for job in due.jobs(quiz, on_platform)]


def daily(
    address: Address = ROOM,
    post: str = "09:00",
    reveal: str | None = "16:30",
    *,
    days: Iterable[int] = range(5),
    skip: Iterable[str] = (),
    timezone: str = "Europe/Berlin",
    feedback: Feedback = Feedback.REVEAL,
    topics: tuple[str, ...] = (),
) -> Channel:
    """A daily channel."""
    plan = Schedule(
        timezone, time.fromisoformat(post), time.fromisoformat(reveal) if reveal else None, frozenset(days),
        frozenset(map(date.fromisoformat, skip)),
    )  # fmt: skip
    return Channel(0, 0, address, Settings(plan, topics, feedback=feedback))


BANK = bank_of(
    choice("rate"), choice("momentum", concept="momentum"), choice("adam", difficulty="hard", concept="momentum"),
    short("units"), essay("nonlinearity"),
)  # fmt: skip
MONDAY = datetime(2026, 11, 16, 7, tzinfo=UTC)
"""Monday, 16 November 2026, 8 o'clock in Berlin."""
