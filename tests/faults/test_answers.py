"""Answers of every length, which cost the others nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults import discord_team, slack_team
from tests.faults.teams import MONDAY, Team

LONGEST = 1000
"""Characters of an answer that is graded; a longer one is refused."""

PIECES = (
    "1", "1e", "1,000.", "½", "-", "(", "a\u0301", "x^", "not ", "regul ", "and or ", "one hundred ", "regularisaton ",
)  # fmt: skip
HEAVY = ["x" * 100_000, "word \n" * 20_000, *((piece * LONGEST)[:LONGEST] for piece in PIECES)]
"""What a form of the platform's would not let through, and what patterns for numbers and words are slowest on."""


@pytest.mark.parametrize("platform", ["discord", pytest.param("slack", marks=pytest.mark.long)])
async def test_answers_of_every_length(tmp_path: Path, platform: str) -> None:
    """While one member sends texts of 100 kB and such as take longest to read, all others are answered within the
    platform's three seconds, and the one is told what is wrong with each."""
    team = {"discord": discord_team.team, "slack": slack_team.team}[platform]
    async with team(tmp_path, members=21) as its:
        await its.begin()
        its.let_it_be(MONDAY + timedelta(hours=9, seconds=-3))
        await its.start()
        (room,) = its.rooms
        await its.until(lambda: its.questions(room), within=30)
        eve, *others = its.members
        await its.ask(eve, room, "short")
        sending = asyncio.create_task(send(its, eve, len(its.marks())))
        for member in others:
            await its.answer(member, its.questions(room)[0], "A")
        told = await sending
        assert [press.confirmed for press in its.presses] == ["A"] * len(others)
        assert all("1,000" in text or "1000" in text for text in told[:2]), told[:2]
        assert all(text.startswith(("Not right", "Your first answer counts")) for text in told[2:]), told


async def send(its: Team[Any, Any, Any], member: Any, round_id: int) -> list[str]:
    """Send one text after the other as the answer in a round; returns what the member was told."""
    return [await its.submit(member, round_id, text) for text in HEAVY]
