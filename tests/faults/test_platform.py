"""A platform that fails in all ways at once, for seconds and for an hour."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.faults import discord_team, ledger, slack_team
from tests.faults.days import acts, check_answers, check_boards, check_rounds, is_there, settle
from tests.faults.discord_team import team
from tests.faults.teams import MONDAY, Team
from tests.faults.weather import OnDiscord, OnSlack, Weather

TOO_LATE, ANSWERED_ALREADY = 10062, 40060
"""What Discord says to an answer that it held up itself, and to one that is sent again as its own response was lost."""


async def stormy_act(its: Team[Any, Any, Any], weather: Weather, chance: Random, day: int, what: str) -> None:
    """Start in a storm, let everybody answer in it, and then let the sky clear until all is there."""
    await its.launch()
    async with its.lively(chance):
        await weather.storm(chance, 10)
        await its.until(lambda: is_there(its, day, what), within=100)
        await asyncio.sleep(4)  # everybody goes on answering under a clear sky
    assert await its.bot.stop() == 0


@pytest.mark.parametrize("platform", ["discord", "slack"])
async def test_storms(tmp_path: Path, request: pytest.FixtureRequest, platform: str) -> None:
    """Errors, limits, lost responses, cut connections and repeated deliveries at random: each question and each reveal
    comes once, no confirmed answer is lost, and what is delivered again changes nothing."""
    storms, seed = request.config.getoption("--storms"), request.config.getoption("--seed")
    chance, day = Random(seed), 0
    async with stormy_team(tmp_path, platform) as (its, weather):
        await its.begin()
        for _, (at, day, what) in zip(range(storms), acts(), strict=False):
            its.let_it_be(at - timedelta(seconds=2))
            await stormy_act(its, weather, chance, day, what)
        await settle(its, day)
        found = ledger.read(tmp_path / "quizbot.db")
        found.check()
        check_rounds(its, found, day)
        confirmed = check_answers(its, found)
        await check_boards(its, found)
    print(f"{storms} storms (seed {seed}), {day} days, {len(found.rounds)} rounds, {confirmed} confirmed answers")
    assert confirmed


@asynccontextmanager
async def stormy_team(folder: Path, platform: str) -> AsyncIterator[tuple[Team[Any, Any, Any], Weather]]:
    """A team, and the weather where it plays."""
    if platform == "slack":
        async with slack_team.team(folder, members=12, rooms=2) as on_slack:
            yield on_slack, OnSlack(on_slack)
        return
    excused = {TOO_LATE, ANSWERED_ALREADY}
    async with discord_team.team(folder, members=12, rooms=2, excused=excused) as on_discord:
        yield on_discord, OnDiscord(on_discord)


@pytest.mark.long
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


HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}


@pytest.mark.long
async def test_without_the_history_scope(tmp_path: Path) -> None:
    """Slack's app may not read its channels, and every way of failing meets one of them, at the posting time and at the
    reveal: nothing is posted twice, and whatever is left out is in the log."""
    async with slack_team.team(tmp_path, rooms=len(OnSlack.harm), without=HISTORY) as its:
        await its.begin()
        for hour in (9.0, 16.5):
            its.let_it_be(MONDAY + timedelta(hours=hour, seconds=-3))
            for room, harm in zip(its.rooms, OnSlack.harm, strict=True):
                its.server.fail("chat.postMessage", only=lambda call, id=room.id: call.args["channel"] == id, **harm)
            await its.start()
            await all_settled(its)
            assert await its.bot.stop() == 0
            its.server.web.faults.clear()
        left_out = [room for room in its.rooms if not its.questions(room)]
        assert max(Counter(its.marks()).values()) == 1
        assert 0 < len(left_out) <= its.bot.log.count("PROMISE NOT KEPT (question_given_up)")


async def all_settled(its: slack_team.Team) -> None:
    """Wait until every room had its round and nothing is under way."""
    async with asyncio.timeout(100):
        while not _is_settled(its):  # noqa: ASYNC110  # a database rings no bell
            await asyncio.sleep(0.2)


def _is_settled(its: slack_team.Team) -> bool:
    rounds = ledger.read(its.folder / "quizbot.db").rounds
    due = "open" if its.now.hour < 16 else "revealed"
    return len(rounds) == len(its.rooms) and all(row["state"] in (due, "void") for row in rounds)
