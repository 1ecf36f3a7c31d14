"""More at once than anybody will ever see: clicks on one round, and channels that are due in one minute.

The platform is the lean server of the benchmarks: what the bot is up against here is the number alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, groupby
from pathlib import Path
from typing import Any

import pytest

from bench import discord
from bench.load.clicks import Press, at_once, firsts
from bench.load.discord import Bot, Discord, Limit
from bench.stage import Product

MEMBERS = 500

SECONDS = 10.0

PATIENCE = 3.0
"""Seconds for which Discord waits for a first word."""

BLOCK = 0.1
"""Seconds of its processor time for which the loop may hold up all others, on a machine that does nothing else."""

BUSY = 5
"""By how much more processor time the same work takes where others use the same caches and cores."""

GROWTH = 80_000
"""Kilobytes by which the process may grow under pressure."""

TOGETHER = 10
"""Channels of one team."""

ALLOWED = 50
"""Calls a second that Discord takes."""


@dataclass
class Click:
    """A click, and what the member was told when."""

    member: str
    letter: str
    begun: float
    seconds: float | None = None
    text: str | None = None
    """None is nothing, and an empty one a receipt."""

    def acknowledged(self) -> None:
        """The first word."""
        self.seconds = time.perf_counter() - self.begun

    def told(self, wrong: str = "") -> None:
        """What it was."""
        self.text = wrong

    @property
    def recorded(self) -> bool:
        """Whether the member was given a receipt."""
        return self.text == ""

    @property
    def outcome(self) -> str:
        """What the member knows; where the bot says nothing, Discord itself says that it did not respond."""
        if self.seconds is None or self.text is None:
            return "no word"
        return "too late" if self.seconds > PATIENCE else self.text or "recorded"


class Clicking:
    """Members who click on one round, all in turn, each time on another letter."""

    def __init__(self, server: Discord, side: Bot) -> None:
        self._server, self._side = server, side
        self._numbers = count()
        self.clicks: list[Click] = []

    def click(self, channel: int = 0) -> None:
        """One click."""
        turn, member = divmod(next(self._numbers), MEMBERS)
        self.clicks.append(Click(str(self._server.members[member].id), "ABCD"[turn % 4], time.perf_counter()))
        self._side.press(Press(channel, member, turn % 4), self.clicks[-1])  # type: ignore[arg-type]

    async def open_loop(self, clicks: int, seconds: float) -> None:
        """So many clicks, evenly over a time, whatever becomes of the earlier ones."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(clicks):
            pause = began + number * seconds / clicks - loop.time()
            if pause > 0:
                await asyncio.sleep(pause)
            self.click()

    async def settled(self) -> None:
        """Wait until nobody is told anything any more."""
        before, now = -1, self._told()
        while now != before:
            await asyncio.sleep(PATIENCE / 2)
            before, now = now, self._told()

    def _told(self) -> int:
        return sum(click.text is not None for click in self.clicks)

    def check(self, bot: Product) -> None:
        """The log has of each member what they were given receipts for, in that order, and nothing else."""
        with closing(sqlite3.connect(bot.database)) as connection:
            log = connection.execute(
                'SELECT i."user", a.text FROM answers a JOIN identities i USING (member_id) '
                "JOIN rounds r ON r.id = a.round_id JOIN channels c ON c.id = r.channel_id "
                "WHERE c.address = ? ORDER BY i.member_id, a.id",
                (str(self._server.channels[0].id),),
            ).fetchall()
        logged = {user: [text for _, text in rows] for user, rows in groupby(log, key=lambda row: row[0])}
        receipts: dict[str, list[str]] = {}
        for click in self.clicks:
            mine = receipts.setdefault(click.member, []) if click.recorded else []
            if mine[-1:] != [click.letter]:  # the same answer again is no other one
                mine.append(click.letter)
        assert logged == receipts

    def __str__(self) -> str:
        seconds = sorted(click.seconds for click in self.clicks if click.seconds is not None)
        outcomes = dict(Counter(click.outcome for click in self.clicks))
        return f"{outcomes}; first word after {seconds[len(seconds) // 2]:.2f} s, at most {seconds[-1]:.2f} s"


def watched(bot: Product, since: float = 0.0) -> dict[str, Any]:
    """What the watch in the bot's process noted, from an instant on."""
    seen = json.loads((bot.folder / "watched.json").read_text())
    return seen | {"blocks": [block for block in seen["blocks"] if block["began"] > since]}


def program(at: datetime) -> tuple[str, ...]:
    """The bot with its loop watched, its clock set."""
    return ("tests.faults.watched", at.isoformat())


async def under(tmp_path: Path, clicks: int, seconds: float, *, stopped: float = 0.0) -> tuple[Clicking, float]:
    """Let so many clicks come, and check what is true on any machine; returns also the longest block in seconds.

    ``stopped`` is the part of the time for which the bot's process is stopped, as on a machine that much slower.
    """
    server = Discord(2, MEMBERS)
    async with server.serving(), discord.product(server, tmp_path, program(datetime.now(UTC))) as (bot, side):
        await at_once(side, firsts(range(1, 2), MEMBERS), 50, 60)
        await asyncio.sleep(2)  # the watch begins three seconds after the start and writes once a second
        before, begun, clicking = watched(bot), time.monotonic(), Clicking(server, side)
        slowing = asyncio.create_task(slowed(bot.process.running.pid, stopped))
        await clicking.open_loop(clicks, seconds)
        await clicking.settled()
        slowing.cancel()
        await asyncio.wait({slowing})
        os.kill(bot.process.running.pid, signal.SIGCONT)
        await asyncio.sleep(1.2)
        after = watched(bot, begun)
        log = bot.process.log
    longest = max(after["blocks"], key=lambda block: block["seconds"], default={"seconds": 0.0, "where": []})
    print(f"{clicks} clicks: {clicking}\nat a load of {os.getloadavg()[0]:.1f}; longest block: {longest}")
    print(f"{before['kilobytes']} kB before, {after['kilobytes']} after, {after['peak']} at most")
    clicking.check(bot)
    assert after["peak"] - before["kilobytes"] < GROWTH
    assert "Traceback" not in log
    return clicking, longest["seconds"]


async def slowed(pid: int, stopped: float) -> None:
    """Stop a process for this part of the time, twenty times a second."""
    while stopped:
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(0.05 * stopped)
        os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(0.05 * (1 - stopped))


async def test_clicks(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Ten thousand clicks on one round in ten seconds (fewer in the short form): each member is given a receipt or told
    to come again while Discord still listens, and the log has what there are receipts for; memory stays bounded and
    nothing holds up the loop. How many are served depends on the machine: it is printed."""
    clicks = request.config.getoption("--clicks")
    clicking, block = await under(tmp_path, clicks, min(SECONDS, clicks / 200))
    outcomes = Counter(click.outcome for click in clicking.clicks)
    assert outcomes["recorded"] > 0
    assert outcomes["too late"] <= clicks // 50
    assert block < BLOCK * (BUSY if os.getloadavg()[0] > 2 else 1)


@pytest.mark.long
async def test_far_too_many_clicks(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Five times as many as that come upon a process that is stopped three quarters of the time: many are told nothing,
    but what is said is said in time, and the log has what there are receipts for and nothing else."""
    clicks = 5 * request.config.getoption("--clicks")
    clicking, _ = await under(tmp_path, clicks, min(SECONDS, clicks / 500), stopped=0.75)
    outcomes = Counter(click.outcome for click in clicking.clicks)
    assert outcomes["recorded"] > 0
    assert outcomes["too late"] <= clicks // 50


async def test_channels_due_in_the_same_minute(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A thousand channels (fewer in the short form) are due at one minute: within Discord's limit each gets its
    question once and none is left out, and meanwhile no click goes without a word in time."""
    rooms = request.config.getoption("--channels")
    server = Discord(rooms, MEMBERS)
    side = server.bot("product")
    due = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=11)
    channels = [f"discord:{channel.id}" for channel in server.channels]
    async with server.serving():
        environment = {"DISCORD_TOKEN": "product", "DISCORD_API_URL": server.url}
        lead = timedelta(seconds=6 + rooms / 100)
        bot = Product(
            tmp_path, environment, channels, f"discord:{server.admin.id}", program(due - lead), teams=rooms // TOGETHER
        )
        assert bot.due == due
        began = time.monotonic()
        await bot.process.start()
        try:
            await bot.process.says("connected as")
            server.limit = Limit(ALLOWED)
            clicking = Clicking(server, side)
            async with asyncio.timeout(60 + rooms / 5):
                while len(server.posted) < rooms:
                    await asyncio.sleep(0.05)
                    if server.channels[0].id in server.posted:
                        clicking.click()
            took = time.monotonic() - began - lead.total_seconds()
            await clicking.settled()
        finally:
            await bot.process.stop()
    print(f"{rooms} channels: posted {took:.1f} s after their minute, {server.limit.turned_away} calls turned away")
    print(f"meanwhile {len(clicking.clicks)} clicks: {clicking if clicking.clicks else ''}")
    assert len(server.nonces) == rooms
    assert set(server.nonces.values()) == {1}
    assert took > (rooms - ALLOWED) / ALLOWED
    assert not {click.outcome for click in clicking.clicks} & {"no word", "too late"}
