"""A fleet: real processes that share a PostgreSQL and a fake Discord, and one channel in each of many servers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import Connection, text

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import channels, teams, workspaces
from bot.core.model import Schedule, Settings, Team
from tests.e2e.bot import Bot
from tests.e2e.discord_stage import RIGHT, letter_of
from tests.fakes.discord import FakeDiscord, Guild, Member, Message, NoResponse

PROCESSES = 3

GUILDS = 2500
"""The most servers on a shard: https://docs.discord.com/developers/events/gateway#sharding"""

LATENCY = 0.05
"""Seconds that the fake Discord takes for a post, so that a process has many under way when it is killed."""

CROWD = 12
"""Members who press at the same time; Discord waits three seconds for an answer, on a slow machine too."""

TOO_LATE = 10062
"""What Discord says to an answer after three seconds: with so much going on at once on one machine, no mistake."""


@dataclass(eq=False)
class Place:
    """A server with one channel and one member; ``confirmed`` once the member was told that the answer is recorded."""

    guild: Guild
    member: Member
    confirmed: str = ""

    @property
    def posted(self) -> list[Message]:
        """What the channel shows."""
        return self.guild.channel.messages

    async def answer(self) -> None:
        """Press the right option, if the question is there; a process that is dead does not answer."""
        (question, *_) = self.posted or (None,)
        if question is None or len(question.buttons) == 1:
            return
        letter = letter_of(RIGHT, question)
        try:
            told = (await self.member.press(question, letter)).text
        except NoResponse:
            return
        if told.startswith(("Recorded", "Changed")):
            self.confirmed = letter


@dataclass
class Fleet:
    """The processes, their Discord and their database; ``figures`` is what was measured, in this order."""

    server: FakeDiscord
    database: Database
    bots: list[Bot]
    places: list[Place]
    figures: dict[str, str] = field(default_factory=dict)
    minute: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=0, microsecond=0))

    # --- the database, behind the back of the processes

    async def found(self) -> None:
        """Found a team in every place, whose question of the day is at this minute, but planned nowhere yet."""
        plan = Settings(Schedule("UTC", self.minute.time(), days=frozenset(range(7))), topics=("optimization",))
        made = [(n, place.guild) for n, place in enumerate(self.places, 1)]
        common = {"platform": "discord", "settings": rows.encoded(plan), "paused": "", "declared": False}
        its_teams = [{"id": n, **rows.team_row(Team(0, guild.name, "UTC"))} for n, guild in made]
        its_workspaces = [{"platform": "discord", "id": str(guild.id), "team_id": n} for n, guild in made]
        here = [common | {"team_id": n, "address": str(at.channel.id), "workspace": str(at.id)} for n, at in made]

        def work(connection: Connection) -> None:
            for table, its in ((teams, its_teams), (workspaces, its_workspaces), (channels, here)):
                connection.execute(table.insert(), its)

        await self.database.write(work)

    async def plan(self, first: int, last: int) -> None:
        """Let the question be due in these channels, counted from one."""
        due = channels.update().where(channels.c.id.between(first, last))
        await self.database.change(due.values(next_post=self.minute))

    async def close_all(self) -> None:
        """Let the reveal of every open round be due now."""
        await self.run("UPDATE rounds SET closes_at = now() WHERE state = 'open'")

    async def run(self, statement: str) -> None:
        """Change something."""
        await self.database.change(text(statement))

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """Look something up."""
        return await self.database.all(text(query), tuple)

    async def until_none(self, query: str, within: float) -> float:
        """Wait until a query finds nothing; returns the seconds that it took."""
        begun = time.monotonic()
        while found := await self.rows(query + " LIMIT 3"):
            assert time.monotonic() - begun < within, f"after {within} seconds there are still {found}"
            await asyncio.sleep(0.1)
        return time.monotonic() - begun

    # --- members

    async def answer(self, places: Iterable[Place], within: float = 10.0) -> None:
        """Let members who were not heard yet answer, many at a time, and wait so long for what they are told."""
        todo = iter([place for place in places if not place.confirmed])

        async def one_after_the_other() -> None:
            for place in todo:
                place.member.timeout = within
                await place.answer()

        await asyncio.gather(*(one_after_the_other() for _ in range(CROWD)))

    # --- figures

    @asynccontextmanager
    async def measured(self, what: str, count: Callable[[], int]) -> AsyncIterator[None]:
        """Keep how many of something were done a second, and how much CPU time all processes took for one."""
        begun, before, cpu = time.monotonic(), count(), self._cpu()
        yield
        seconds, done = time.monotonic() - begun, count() - before
        used = sum(spent - cpu.get(pid, 0.0) for pid, spent in self._cpu().items())
        each = used / max(done, 1) * 1000
        self.figures[what] = f"{done} in {seconds:.1f} s, {done / seconds:.0f}/s, {each:.1f} ms CPU each"

    def _cpu(self) -> dict[int, float]:
        """Seconds of CPU time that each living process took so far."""
        times = {process.pid: process.cpu_times() for process in self._living()}
        return {pid: time.user + time.system for pid, time in times.items()}

    def weigh(self) -> None:
        """Keep how much memory each process holds."""
        sizes = [f"{process.memory_info().rss / 2**20:.0f} MB" for process in self._living()]
        self.figures["memory of a process"] = ", ".join(sizes)

    def _living(self) -> list[psutil.Process]:
        return [psutil.Process(bot.pid) for bot in self.bots if psutil.pid_exists(bot.pid)]


@asynccontextmanager
async def fleet(folder: Path, address: str, size: int) -> AsyncIterator[Fleet]:
    """A fleet that has not started yet, on an empty PostgreSQL; at its end Discord has nothing to complain about."""
    shards = PROCESSES * -(-size // (PROCESSES * GUILDS))
    database = Database(address)
    await database.upgrade()
    async with FakeDiscord(shards=shards) as server:
        server.faults.add("POST", "/channels/*/messages", times=None, delay=LATENCY)
        guilds = [server.guild, *(server.add_guild(f"Server {n}") for n in range(2, size + 1))]
        places = [Place(guild, server.add_member("ann", guild=guild)) for guild in guilds]
        bots = [_bot(folder / str(n), server, address, _share(n, shards)) for n in range(PROCESSES)]
        made = Fleet(server, database, bots, places)
        try:
            yield made
        finally:
            for bot in bots:
                await bot.close()
            await database.close()
    assert [violation for violation in server.violations if violation.code != TOO_LATE] == []
    logs = "".join(bot.log for bot in bots)
    assert "Traceback" not in logs, logs[logs.index("Traceback") - 500 :][:8000]


def _share(process: int, shards: int) -> str:
    """The shards of a process, such as ``0-1``."""
    each = shards // PROCESSES
    return f"{process * each}-{(process + 1) * each - 1}"


def _bot(folder: Path, server: FakeDiscord, address: str, shard_ids: str) -> Bot:
    folder.mkdir()
    mine = {"DISCORD_CALLS_A_SECOND": "3000", "DISCORD_SHARD_COUNT": str(server.shards), "DISCORD_SHARD_IDS": shard_ids}
    return Bot(folder, server.environment | mine | {"DATABASE_URL": address, "LOG_LEVEL": "warning"})


def report(size: int, figures: dict[str, str]) -> str:
    """The figures, a line each."""
    lines = [f"{PROCESSES} processes, {size} channels", *(f"  {what}: {figure}" for what, figure in figures.items())]
    return "\n".join(lines)
