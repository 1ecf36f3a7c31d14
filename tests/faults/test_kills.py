"""kill -9 at random instants, while members answer and rounds open and close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.databases import Scratch
from tests.faults import discord_team, ledger, slack_team
from tests.faults.days import acts, check_answers, check_boards, check_rounds, is_there, settle
from tests.faults.teams import Team

PAUSES = (0.0, 0.0, 5.0, 31.0, 90.0)
"""Seconds that the bot stays down: a step that was begun is left to another process after 30."""


async def life(its: Team[Any, Any, Any], chance: Random, longest: float) -> None:
    """Start the bot, let everybody act, and kill it: at some instant of its start or later, or as soon as a message
    stands in a room or a member was told that an answer counts, before the bot can do anything after it."""
    await its.launch()
    async with its.lively(chance):
        if chance.random() < 2 / 3:
            await its.connected(within=60)
        instant = chance.choice((at_random, next_message, next_receipt))
        await instant(its, chance, longest)
        await its.kill()


async def at_random(its: Team[Any, Any, Any], chance: Random, longest: float) -> None:
    """Wait for some time, no longer than this."""
    await asyncio.sleep(chance.uniform(0.2, longest))


async def next_message(its: Team[Any, Any, Any], chance: Random, longest: float) -> None:
    """Wait until a room shows one more message, no longer than this."""
    before = len(its.marks())
    with suppress(TimeoutError):
        await its.until(lambda: len(its.marks()) > before, within=longest)


async def next_receipt(its: Team[Any, Any, Any], chance: Random, longest: float) -> None:
    """Wait for some time, and then until a member is told what counts of what they press from then on."""
    await at_random(its, chance, longest)
    before = len(its.presses)
    with suppress(TimeoutError):
        await its.until(lambda: any(press.confirmed for press in its.presses[before:]), within=longest)


async def kill_often(its: Team[Any, Any, Any], chance: Random, kills: int) -> int:
    """Kill the bot so many times, over as many days as it takes, and until somebody's answer was confirmed; returns how
    many days began."""
    done, day, longest = 0, 0, 4.0
    for at, day, what in acts():
        its.let_it_be(at - timedelta(seconds=chance.uniform(0, 2)))
        while True:
            await life(its, chance, longest)
            done += 1
            if is_there(its, day, what):
                break
            longest += 0.2  # a slow machine takes longer than this to start it
            its.forward(chance.choice(PAUSES))
        if done >= kills and any(press.confirmed for press in its.presses):
            break
    return day


@pytest.mark.parametrize(
    ("platform", "engine"), [("discord", "sqlite"), ("slack", "sqlite"), ("discord", "postgresql")]
)
async def test_killed_at_any_instant(
    tmp_path: Path, request: pytest.FixtureRequest, platform: str, database: Callable[..., Scratch]
) -> None:
    """Killed again and again while 50 members answer: no confirmed answer is lost, every question and every reveal
    comes once, and the standings are what the log comes to."""
    kills, seed = request.config.getoption("--kills"), request.config.getoption("--seed")
    team = {"discord": discord_team.team, "slack": slack_team.team}[platform]
    kept = database(blank=True)
    async with team(
        tmp_path, members=50, rooms=3, posts=("09:00", "09:01"), environment={"DATABASE_URL": kept.url}
    ) as its:
        await its.begin()
        days = await kill_often(its, Random(seed), kills)
        await settle(its, days)
        found = ledger.of(kept)
        found.check()
        check_rounds(its, found, days)
        confirmed = check_answers(its, found)
        await check_boards(its, found)
    print(f"{kills} kills (seed {seed}), {days} days, {len(found.rounds)} rounds, {confirmed} confirmed answers")
    assert confirmed
