"""A team on Discord whose bot is treated badly: its rooms, its members, and what they were told."""

from __future__ import annotations

import asyncio
import copy
import re
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from tests.e2e.bot import Bot
from tests.fakes.discord import Channel, FakeDiscord, Member, Message
from tests.fakes.discord.commands import NotOffered
from tests.fakes.discord.interactions import Interaction, NoResponse, Reply
from tests.faults import bank

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
DAILY = "**Question of the day"
ANSWER = re.compile(r"answer:(\d+):([A-E])")
TOLD = re.compile(r"(?:Recorded: |Changed from [A-E] to |Your first answer counts: )([A-E])")
GRADED = ("Right", "Not right")

ROOM = """
          - channel: "discord:{id}"
            post: "{post}"
            reveal: "16:30"
            days: [mon, tue, wed, thu, fri, sat, sun]
            topics: [optimization]"""

CONFIG = """
    teams:
      - name: ml-team
        timezone: {zone}
        admins: ["discord:{admin}"]
        channels:{rooms}
    """


@dataclass(frozen=True)
class Press:
    """A button that a member pressed to answer."""

    member: Member
    round_id: int
    letter: str
    interaction: Interaction

    @property
    def confirmed(self) -> str | None:
        """The letter of which the member was told that it counts; None where they were told nothing of the kind."""
        text = self.interaction.outcome().text if self.interaction.reply != Reply.MODAL else ""
        if text.startswith(GRADED):
            return self.letter
        told = TOLD.match(text)
        return told[1] if told else None


class Team:
    """Rooms with a question a day, members, the bot and its Discord, on one clock that is moved by hand."""

    def __init__(
        self, server: FakeDiscord, folder: Path, *, members: int, rooms: int, posts: Sequence[str], zone: str
    ) -> None:
        self.server = server
        self.folder = folder
        self.rooms = [server.guild.channel, *(server.add_channel(f"room-{n}") for n in range(1, rooms))]
        self.members = [server.add_member(f"member{n}") for n in range(members)]
        self.presses: list[Press] = []
        placed = [ROOM.format(id=room.id, post=posts[n % len(posts)]) for n, room in enumerate(self.rooms)]
        config = CONFIG.format(admin=self.members[0].id, zone=zone, rooms="".join(placed))
        self.bot = Bot(folder, server.environment, config)
        bank.write(folder / "questions")

    @property
    def now(self) -> datetime:
        """The time that Discord and the bot share."""
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    def let_it_be(self, at: datetime) -> None:
        """Go to an instant."""
        self.forward((at - self.now) / timedelta(seconds=1))

    def forward(self, seconds: float) -> None:
        """Let time pass at once, as it does for a bot that is down."""
        self.server.clock.advance(seconds)

    # --- the bot

    async def launch(self) -> None:
        """Start a process, and do not wait for it."""
        await self.bot.start(self.now)

    async def start(self) -> None:
        """Start a process, and wait until it is connected."""
        await self.launch()
        await self.server.wait_connected(within=30)
        await self.server.wait_commands(within=30)

    def another_bot(self) -> Bot:
        """A second process on the same database, which stands by itself."""
        return copy.copy(self.bot)

    async def kill(self) -> None:
        """Kill the process; Discord forgets its session at once, so that a later one begins its own."""
        await self.bot.kill()
        await self.server.gateway.wait_disconnected()
        self.server.gateway.sessions.clear()

    # --- what there is to see

    def questions(self, room: Channel) -> list[Message]:
        """The questions of the day that a room shows."""
        return [message for message in room.messages if message.text.startswith(DAILY)]

    def marks(self) -> list[str]:
        """What names the round and the part of it, of every message that the rooms ever showed."""
        return [
            str(m.nonce).partition("-")[0] for m in self.server.messages.values() if m.nonce and m.channel in self.rooms
        ]

    def is_revealed(self, question: Message) -> bool:
        """Whether the room shows the answer to a question."""
        return str(question.nonce).partition("-")[0].replace("q", "r") in self.marks()

    # --- the members

    async def live(self, member: Member, chance: Random, pause: float) -> None:
        """Do what members do, until cancelled: mostly answer, now and then ask for a question or reveal it."""
        while True:
            await asyncio.sleep(chance.uniform(0, 2 * pause))
            room = chance.choice(self.rooms)
            with suppress(NoResponse, NotOffered):
                if chance.random() < 0.01:
                    await member.at(room).start_slash("ask", kind="choice").final(within=3)
                elif chance.random() < 0.01:
                    await member.at(room).start_slash("reveal").final(within=3)
                else:
                    await self.answer(member, room, chance)

    async def answer(self, member: Member, room: Channel, chance: Random) -> None:
        """Press a letter under a question that takes answers."""
        open_ones = [message for message in room.messages if message.button("A")]
        if open_ones:
            press = self.press(member, chance.choice(open_ones), chance.choice("ABCD"))
            await press.interaction.final(within=3)

    def press(self, member: Member, question: Message, letter: str) -> Press:
        """Press a letter, without waiting."""
        button = question.button(letter)
        match = ANSWER.search(button.custom_id or "") if button else None
        assert match is not None, question
        press = Press(member, int(match[1]), letter, member.at(question.channel).start_press(question, letter))
        self.presses.append(press)
        return press

    async def logged(self, text: str, *, within: float = 20) -> None:
        """Wait until the bot's log has this."""
        async with asyncio.timeout(within):
            while text not in self.bot.log:  # noqa: ASYNC110  # a process rings no bell
                await asyncio.sleep(0.02)


@asynccontextmanager
async def team(
    folder: Path,
    *,
    members: int = 3,
    rooms: int = 1,
    posts: Sequence[str] = ("09:00",),
    zone: str = "UTC",
    begin: datetime = MONDAY + timedelta(hours=8),
    environment: Mapping[str, str] | None = None,
    excused: Collection[int] = (),
) -> AsyncIterator[Team]:
    """A team whose bot has not started yet; at its end Discord has nothing to complain about but what is excused.

    The rooms get their questions at the times in ``posts``, in turn. ``begin`` is the time before the first start.
    """
    async with FakeDiscord() as server:
        its = Team(server, folder, members=members, rooms=rooms, posts=posts, zone=zone)
        its.bot.environment = {**server.environment, **(environment or {})}
        its.let_it_be(begin)
        try:
            yield its
        finally:
            await its.bot.close()
            print(its.bot.log[-20_000:])  # pytest shows it where a test failed
    assert [violation for violation in server.violations if violation.code not in excused] == []
    assert "Traceback" not in its.bot.log
