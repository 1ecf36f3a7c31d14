"""A team on Discord whose bot is treated badly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.discord import Channel, FakeDiscord, Member, Message
from tests.fakes.discord.commands import NotOffered
from tests.fakes.discord.interactions import Interaction, NoResponse, Reply
from tests.faults import teams
from tests.faults.teams import MONDAY, round_and_letter

__all__ = ["MONDAY", "Press", "Team", "team"]

DAILY = "**Question of the day"


@dataclass(frozen=True)
class Press(teams.Press):
    """A button that a member pressed to answer, and what Discord knows of it."""

    member: Member
    interaction: Interaction

    @property
    def told(self) -> str:
        return self.interaction.outcome().text if self.interaction.reply != Reply.MODAL else ""


class Team(teams.Team[Channel, Member, Message]):
    """On one Discord server."""

    platform = "discord"
    silences = (NoResponse, NotOffered)
    presses: list[Press]

    def __init__(
        self, server: FakeDiscord, folder: Path, *, members: int, rooms: int, posts: Sequence[str], zone: str
    ) -> None:
        self.server = server
        self.rooms = [server.guild.channel, *(server.add_channel(f"room-{n}") for n in range(1, rooms))]
        self.members = [server.add_member(f"member{n}") for n in range(members)]
        self.presses = []
        super().__init__(folder, posts=posts, zone=zone)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    def forward(self, seconds: float) -> None:
        self.server.clock.advance(seconds)

    @property
    def environment(self) -> Mapping[str, str]:
        return self.server.environment

    async def connected(self, within: float) -> None:
        await self.server.wait_connected(within=within)
        await self.server.wait_commands(within=within)

    async def gone(self) -> None:
        await self.server.gateway.wait_disconnected()
        self.server.gateway.sessions.clear()  # so that a later process begins its own

    async def until(self, holds: Callable[[], object], *, within: float) -> None:
        await self.server.changes.wait_for(holds, within, f"a change in {self.rooms}")

    def questions(self, room: Channel) -> list[Message]:
        return [message for message in room.messages if message.text.startswith(DAILY)]

    def open_questions(self, room: Channel) -> list[Message]:
        return [message for message in room.messages if message.button("A")]

    def mark(self, message: Message) -> str:
        return str(message.nonce or "")

    def ever_shown(self) -> Iterable[Message]:
        return (message for message in self.server.messages.values() if message.channel in self.rooms)

    async def ask(self, member: Member, room: Channel, kind: str = "choice") -> None:
        await member.at(room).start_slash("ask", kind=kind).final(within=3)

    async def reveal(self, member: Member, room: Channel) -> None:
        await member.at(room).start_slash("reveal").final(within=3)

    async def answer(self, member: Member, question: Message, letter: str) -> None:
        await self.press(member, question, letter).interaction.final(within=3)

    def press(self, member: Member, question: Message, letter: str) -> Press:
        """Press a letter, without waiting."""
        button = question.button(letter)
        assert button is not None, question
        pressed = member.at(question.channel).start_press(question, letter)
        press = Press(member, *round_and_letter(button.custom_id or ""), pressed)
        self.presses.append(press)
        return press

    async def submit(self, member: Member, round_id: int, text: str) -> str:
        return (await member.forge_submit(f"submit:{round_id}", {"answer": text}).final(within=3)).text

    async def leaderboard(self, member: Member) -> str:
        return (await member.slash("leaderboard", period="all")).text


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
        its.bot.environment = {**its.environment, **(environment or {})}
        its.let_it_be(begin)
        try:
            yield its
        finally:
            await its.bot.close()
            print(its.bot.log[-20_000:])  # pytest shows it where a test failed
    faults = [violation for violation in server.violations if violation.code not in excused]
    assert not faults, faults
    assert "Traceback" not in its.bot.log
