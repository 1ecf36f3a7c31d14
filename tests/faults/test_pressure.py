"""More at once than anybody will ever see: clicks, channels, and answers of every length."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.discord import Message
from tests.faults import ledger
from tests.faults.discord_team import MONDAY, Press, Team, team

SECONDS = 10.0
TOO_LATE = 10062
"""What Discord says to a first word after three seconds."""

MEMORY = 300_000
"""Kilobytes that the process may have at most."""

LONGEST_BLOCK = 1.0
"""Seconds for which nothing may hold up all others on any machine; the aim is 0.1, and the longest are printed."""


async def click(its: Team, question: Message, clicks: int) -> list[Press]:
    """So many presses, evenly over ten seconds, by all members in turn."""
    loop, presses = asyncio.get_running_loop(), []
    began = loop.time()
    for number in range(clicks):
        await asyncio.sleep(max(0.0, began + number * SECONDS / clicks - loop.time()))
        member = its.members[number % len(its.members)]
        presses.append(its.press(member, question, "ABCD"[number // len(its.members) % 4]))
    return presses


def watched(its: Team) -> dict[str, Any]:
    """What the watch in the bot's process noted."""
    return dict(json.loads((its.folder / "watched.json").read_text()))


async def test_clicks(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Ten thousand clicks on one round in ten seconds (fewer in the short form): what members were told is what the log
    says, memory stays bounded, and nothing holds up the loop. How fast they were told depends on the machine: it is
    printed."""
    clicks = request.config.getoption("--clicks")
    async with team(tmp_path, members=max(50, clicks // 4), excused={TOO_LATE}) as its:
        its.bot.program = "tests.faults.watched"
        its.let_it_be(MONDAY + timedelta(hours=9, seconds=-4))
        await its.start()
        question = await its.rooms[0].wait_for_message(within=30)
        await asyncio.gather(*(its.press(who, question, "A").interaction.final(within=30) for who in its.members[:50]))
        warm = time.monotonic()
        presses = await click(its, question, clicks)
        ends = await asyncio.gather(*(press.interaction.final(within=60) for press in presses), return_exceptions=True)
        await asyncio.sleep(1.1)  # the watch writes once a second
        seen = watched(its)
        assert await its.bot.stop() == 0
    seconds = sorted(press.interaction.seconds for press in presses if press.interaction.reply is not None)
    told = Counter("nothing" if isinstance(end, BaseException) else end.text.split(" ", 1)[0] for end in ends)
    blocks = sorted((block["seconds"], block["where"]) for block in seen["blocks"] if block["began"] > warm)
    print(
        f"{clicks} clicks: {dict(told)}; first word after {seconds[len(seconds) // 2]:.2f} s, at most {seconds[-1]:.2f}"
    )
    print(f"{seen['kilobytes']} kB; the longest blocks: {blocks[-3:]}")
    check_log(its.presses, ledger.read(tmp_path / "quizbot.db"))
    assert not blocks or blocks[-1][0] < LONGEST_BLOCK
    assert seen["kilobytes"] < MEMORY


def check_log(presses: list[Press], found: ledger.Ledger) -> None:
    """Who was told that something counts finds it in the log; who was told that it was not recorded does not."""
    logged = found.logged()
    for press in presses:
        at = (press.round_id, found.members.get(str(press.member.id), 0))
        if press.confirmed:
            assert (*at, press.confirmed) in logged
        elif "NOT recorded" in press.interaction.outcome().text:
            others = {other.letter for other in presses if other.member is press.member and other is not press}
            assert (*at, press.letter) not in logged or press.letter in others


async def test_channels_due_in_the_same_minute(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A thousand channels (fewer in the short form) are due at one minute: each gets its question once, none is left
    out, and none waits for long."""
    rooms = request.config.getoption("--channels")
    async with team(tmp_path, rooms=rooms) as its:
        its.let_it_be(MONDAY + timedelta(hours=9, seconds=-6))
        await its.start()
        for room in its.rooms:
            await room.wait_for_message(within=200)
        posted = [its.questions(room)[0].created for room in its.rooms]
        assert await its.bot.stop() == 0
        assert Counter(its.marks()) == Counter(f"q{n}" for n in range(1, rooms + 1))
    print(f"{rooms} channels: posted within {max(posted) - min(posted):.1f} s")
