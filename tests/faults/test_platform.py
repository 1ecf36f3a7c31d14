"""A platform that fails in all ways at once, for seconds and for an hour."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults import ledger
from tests.faults.days import acts, check_answers, check_boards, check_rounds, has, settle
from tests.faults.discord_team import MONDAY, Team, team

TOO_LATE, ANSWERED_ALREADY = 10062, 40060
"""What Discord says to an answer that it held up itself, and to one that is sent again as its own response was lost."""

CALLS = (
    ("POST", "/channels/*/messages"),
    ("GET", "/channels/*/messages"),
    ("PATCH", "/channels/*/messages/*"),
    ("POST", "/interactions/*/*/callback"),
    ("*", "/webhooks/*"),
    ("GET", "/gateway/bot"),
)
"""What the bot asks of Discord."""

HARM: tuple[dict[str, Any], ...] = (
    {"status": 500},
    {"status": 502},
    {"status": 502, "act": True},
    {"retry_after": 0.7},
    {"delay": 2.0},
    {"reset": True},
    {"reset": True, "act": True},
    {"hold": True, "act": True},
)
"""What becomes of a call: refused, done and its response lost, late, or never answered."""


def connection_faults(its: Team) -> tuple[Callable[[], None], ...]:
    """What becomes of the gateway: closed, cut, its sessions forgotten; events come twice, and old ones again."""
    gateway = its.server.gateway

    def again() -> None:
        for press in its.presses[-200::40]:
            its.server.deliver(press.interaction)

    return (gateway.close, gateway.abort, gateway.ask_to_reconnect, gateway.forget_sessions, again,
            lambda: gateway.deliver_twice(times=5))  # fmt: skip


async def storm(its: Team, chance: Random, seconds: float) -> None:
    """Let everything fail by chance, the gateway refusing all connections for some of the time."""
    for _ in range(int(seconds / 0.25)):
        method, path = chance.choice(CALLS)
        its.server.faults.add(method, path, times=chance.randint(1, 3), **chance.choice(HARM))
        if chance.random() < 0.05:
            chance.choice(connection_faults(its))()
        its.server.gateway.refusing = chance.random() < 0.05
        await asyncio.sleep(0.25)
    its.server.gateway.refusing = False
    its.server.faults.clear()


async def stormy_act(its: Team, chance: Random, day: int, what: str) -> None:
    """Start in a storm, let everybody answer in it, and then let the sky clear until all is there."""
    await its.launch()
    people = [asyncio.create_task(its.live(member, Random(chance.random()), 1.0)) for member in its.members]
    await storm(its, chance, 10)
    for room in its.rooms:
        await room.wait_until(lambda room: not what or has(its, room, day, what), within=100)
    await asyncio.sleep(4)  # everybody goes on answering under a clear sky
    for person in people:
        person.cancel()
    await asyncio.gather(*people, return_exceptions=True)
    assert await its.bot.stop() == 0


async def test_storms(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Errors, limits, lost responses, cut connections and repeated deliveries at random: each question and each reveal
    comes once, no confirmed answer is lost, and what is delivered again changes nothing."""
    storms, seed = request.config.getoption("--storms"), request.config.getoption("--seed")
    chance, day = Random(seed), 0
    async with team(tmp_path, members=12, rooms=2, excused={TOO_LATE, ANSWERED_ALREADY}) as its:
        await its.start()
        assert await its.bot.stop() == 0
        for _, (at, day, what) in zip(range(storms), acts(), strict=False):
            its.let_it_be(at - timedelta(seconds=2))
            await stormy_act(its, chance, day, what)
        await settle(its, day)
        found = ledger.read(tmp_path / "quizbot.db")
        found.check()
        check_rounds(its, found, day)
        confirmed = check_answers(its, found)
        await check_boards(its, found)
    print(f"{storms} storms (seed {seed}), {day} days, {len(found.rounds)} rounds, {confirmed} confirmed answers")
    assert confirmed


async def test_an_outage_of_an_hour(tmp_path: Path) -> None:
    """Discord is gone at the posting time and for an hour, over restarts of the bot: the question comes when it is
    back, once; and a reveal that met the same comes once, hours late."""
    async with team(tmp_path) as its:
        await its.start()
        assert await its.bot.stop() == 0
        (room,) = its.rooms
        for hour, part in ((9.0, "q1"), (16.5, "r1")):
            its.let_it_be(MONDAY + timedelta(hours=hour, seconds=-2))
            its.server.faults.add("POST", "/channels/*/messages", times=None, status=503)
            for _ in range(2):
                await its.start()
                await its.logged("does not answer")
                await its.kill()
                its.bot.log = ""
                its.forward(1800)
            its.server.faults.clear()
            await its.start()
            await room.wait_until(lambda _, part=part: part in its.marks(), within=100)
            assert await its.bot.stop() == 0
        assert its.marks() == ["q1", "r1"]
