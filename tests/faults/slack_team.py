"""A team on Slack whose bot is treated badly; it is reached over Socket Mode."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.fakes.slack import ALL_SCOPES, Channel, FakeSlack, Member, Message, Refused, Seen, Silence, privately
from tests.fakes.slack.blocks import Json, elements
from tests.faults import teams
from tests.faults.teams import ANSWER, MONDAY, round_and_letter

DAILY = "Question of the day"
COMMAND = "/quiz"


@dataclass(frozen=True)
class Press(teams.Press):
    """A button that a member pressed to answer, and the name of the act by which Slack knows what answers it."""

    member: Member
    cause: str

    @property
    def told(self) -> str:
        """An answer that could be given only as a message for one reader in the channel is tied to no act."""
        own = (sight for sight in self.member.feed if sight.cause == self.cause and sight.kind == "ephemeral")
        return next((sight.item.shown for sight in reversed(list(own))), "")


class Team(teams.Team[Channel, Member, Message]):
    """In one Slack workspace."""

    platform = "slack"
    silences = (Silence, Refused)

    def __init__(
        self, server: FakeSlack, folder: Path, *, members: int, rooms: int, posts: Sequence[str], zone: str
    ) -> None:
        self.server = server
        self._ahead = 0.0
        self._pressed: list[Press] = []
        self._tried: set[str] = set()
        self._read = 0
        server.clock = lambda: time.time() + self._ahead
        self.rooms = [server.add_channel(f"room-{n}") for n in range(rooms)]
        self.members = [server.add_member(f"member{n}") for n in range(members)]
        super().__init__(folder, posts=posts, zone=zone)

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock(), UTC)

    def forward(self, seconds: float) -> None:
        self._ahead += seconds

    @property
    def environment(self) -> Mapping[str, str]:
        keys = {"SLACK_BOT_TOKEN": self.server.bot_token, "SLACK_APP_TOKEN": self.server.app_token}
        return {"SLACK_API_URL": self.server.api_url} | keys

    async def connected(self, within: float) -> None:
        await self.server.until(lambda: self.server.sockets.open, timeout=within)

    async def gone(self) -> None:
        await self.server.until(lambda: not self.server.sockets.open)

    async def until(self, holds: Callable[[], object], *, within: float) -> None:
        if not await self.server.bell.until(holds, within):
            raise TimeoutError(f"waited {within:g} s in vain for a change in {self.rooms}")

    def questions(self, room: Channel) -> list[Message]:
        return [message for message in room.messages if message.text.startswith(DAILY)]

    def open_questions(self, room: Channel) -> list[Message]:
        return [message for message in room.messages if any(map(ANSWER.fullmatch, _actions(message)))]

    def mark(self, message: Message) -> str:
        return str(((message.metadata or {}).get("event_payload") or {}).get("mark", ""))

    def ever_shown(self) -> Iterable[Message]:
        return (message for room in self.rooms for message in room.messages)

    @property
    def presses(self) -> Sequence[Press]:
        """Every press that Slack tried to deliver, in the order of its first attempt."""
        deliveries = self.server.courier.deliveries
        for envelope in (delivery.envelope for delivery in deliveries[self._read :]):
            if envelope.id not in self._tried:
                self._tried.add(envelope.id)
                self._pressed += self._presses(envelope.payload)
        self._read = len(deliveries)
        return self._pressed

    def _presses(self, payload: Json) -> Iterator[Press]:
        for action in payload.get("actions", ()):
            if ANSWER.fullmatch(action["action_id"]):
                cause = self.server.hooks[payload["response_url"].rpartition("/")[2]].cause
                yield Press(self._people[payload["user"]["id"]], *round_and_letter(action["action_id"]), cause)

    @property
    def _people(self) -> dict[str, Member]:
        return {member.id: member for member in self.members}

    async def command(self, member: Member, words: str, room: Channel | None = None) -> str:
        """Use ``/quiz``, in the first room where none is named, and be told this, privately."""
        seen = await member.slash(COMMAND, words, room or self.rooms[0], until=privately, timeout=3)
        return seen.text if seen.ephemerals else ""

    async def ask(self, member: Member, room: Channel, kind: str = "choice") -> None:
        await self.command(member, f"ask {kind}", room)

    async def reveal(self, member: Member, room: Channel) -> None:
        await self.command(member, "reveal", room)

    async def answer(self, member: Member, question: Message, letter: str) -> None:
        await member.press(question, letter, until=privately, timeout=3)

    async def submit(self, member: Member, round_id: int, text: str) -> str:
        values = {"answer": {"answer": {"value": text}}}
        form, place = f"submit:{round_id}", self.rooms[0].id
        return (await member.forge_submission(form, values, place, until=_said, timeout=3)).text

    async def leaderboard(self, member: Member) -> str:
        return await self.command(member, "leaderboard all")


def _said(seen: Seen) -> bool:
    """Something to read; that the form is gone is none."""
    return bool(seen.ephemerals)


def _actions(message: Message) -> Iterator[str]:
    return (element["action_id"] for _, element in elements(message.blocks))


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
    without: Collection[str] = (),
) -> AsyncIterator[Team]:
    """A team whose bot has not started yet; at its end Slack has nothing to complain about, and nobody was pinged.

    The rooms get their questions at the times in ``posts``, in turn. ``begin`` is the time before the first start,
    ``without`` the scopes that the app was not granted.
    """
    async with FakeSlack(scopes=ALL_SCOPES - set(without)) as server:
        its = Team(server, folder, members=members, rooms=rooms, posts=posts, zone=zone)
        its.bot.environment = {**its.environment, **(environment or {})}
        its.let_it_be(begin)
        try:
            yield its
        finally:
            await its.bot.close()
            print(its.bot.log[-20_000:])  # pytest shows it where a test failed
    server.check()
    assert "Traceback" not in its.bot.log
