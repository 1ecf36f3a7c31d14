"""Clocks that change, a bot that starts late, and two at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from _pytest.mark.structures import ParameterSet

from tests.faults.days import has
from tests.faults.discord_team import MONDAY, Team, team

CHANGES = (
    ("Europe/Berlin", "2026-03-28", "02:30", ("2026-03-28 02:30", "2026-03-29 03:00")),
    ("Europe/Berlin", "2026-10-24", "02:30", ("2026-10-24 02:30", "2026-10-25 02:30")),
    ("Australia/Sydney", "2026-10-03", "02:30", ("2026-10-03 02:30", "2026-10-04 03:00")),
    ("Australia/Sydney", "2027-04-03", "02:30", ("2027-04-03 02:30", "2027-04-04 02:30")),
    ("Australia/Lord_Howe", "2026-10-03", "02:15", ("2026-10-03 02:15", "2026-10-04 02:30")),
    ("Australia/Lord_Howe", "2027-04-03", "01:45", ("2027-04-03 01:45", "2027-04-04 01:45")),
    ("Pacific/Auckland", "2026-12-31", "09:00", ("2026-12-31 09:00", "2027-01-01 09:00")),
    ("America/Sao_Paulo", "2028-02-28", "09:00", ("2028-02-28 09:00", "2028-02-29 09:00")),
)
"""A zone, a day in it, a time, and when the questions of that day and the next come on the zone's clocks."""


async def nights(its: Team, expected: tuple[str, ...], zone: ZoneInfo) -> list[str]:
    """Start the bot shortly before each of these times, and an hour later, as where a time comes twice; returns when
    the questions came."""
    (room,) = its.rooms
    for wall in expected:
        at = datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)
        its.let_it_be(at - timedelta(seconds=3))
        before = len(its.questions(room))
        await its.start()
        await room.wait_until(lambda room, before=before: len(its.questions(room)) > before, within=30)
        its.forward(3600 - 5)
        await its.kill()
        await its.start()
        assert await its.bot.stop() == 0
    return [f"{datetime.fromtimestamp(m.created, zone):%Y-%m-%d %H:%M}" for m in its.questions(room)]


def cases() -> list[ParameterSet]:
    """All of them in the long form; in the short one a time that comes twice."""
    short = CHANGES[1:2]
    return [
        pytest.param(*case, id=f"{case[0]} {case[1]}", marks=() if case in short else pytest.mark.long)
        for case in CHANGES
    ]


@pytest.mark.parametrize(("name", "day", "post", "expected"), cases())
async def test_the_calendar(tmp_path: Path, name: str, day: str, post: str, expected: tuple[str, ...]) -> None:
    """Over a clock change, New Year and 29 February each day has one question: at the first instant after a gap, and
    once where the time comes twice."""
    zone = ZoneInfo(name)
    eve = datetime.fromisoformat(day).replace(tzinfo=zone) - timedelta(hours=6)
    async with team(tmp_path, begin=eve, zone=name, posts=[post]) as its:
        await its.start()
        assert await its.bot.stop() == 0
        assert await nights(its, expected, zone) == list(expected)


@pytest.mark.parametrize(("late", "posted"), [(timedelta(minutes=119), 1), (timedelta(minutes=121), 0)])
async def test_hours_late(tmp_path: Path, late: timedelta, posted: int) -> None:
    """Started within two hours of the posting time the question comes late; after that the day is skipped, and the
    log says so."""
    async with team(tmp_path) as its:
        await its.start()
        assert await its.bot.stop() == 0
        its.let_it_be(MONDAY + timedelta(hours=9) + late)
        await its.start()
        await its.logged("daily posted" if posted else "was missed and is skipped")
        assert await its.bot.stop() == 0
        assert len(its.questions(its.rooms[0])) == posted


AFTER = {"q": "posted", "r": "revealed"}


@pytest.mark.long
async def test_two_at_once(tmp_path: Path) -> None:
    """Two processes on one database find the same questions and reveals due: each comes once."""
    async with team(tmp_path, rooms=5) as its:
        await its.start()
        assert await its.bot.stop() == 0
        for hour, part in ((9.0, "q"), (16.5, "r")):
            its.let_it_be(MONDAY + timedelta(hours=hour, seconds=-4))
            second = its.another_bot()
            await its.start()
            await second.start(its.now)
            try:
                for room in its.rooms:
                    await room.wait_until(lambda room, part=part: has(its, room, 1, AFTER[part]), within=60)
            finally:
                await second.close()
            assert await its.bot.stop() == 0
        assert Counter(its.marks()) == Counter(f"{part}{n}" for part in "qr" for n in range(1, 6))


@pytest.mark.long
async def test_the_zone_changes_with_a_round_open(tmp_path: Path) -> None:
    """The zone of a channel is changed in the file while its round is open: the round is revealed when it said, and the
    next question comes by the new clock."""
    async with team(tmp_path) as its:
        (room,) = its.rooms
        await its.start()
        assert await its.bot.stop() == 0
        its.let_it_be(MONDAY + timedelta(hours=9, seconds=-3))
        await its.start()
        question = await room.wait_for_message(within=30)
        assert await its.bot.stop() == 0
        file = its.folder / "quizbot.yaml"
        file.write_text(file.read_text().replace("timezone: UTC", "timezone: Asia/Tokyo"))
        its.let_it_be(MONDAY + timedelta(hours=16, minutes=30, seconds=-3))
        await its.start()
        await room.wait_until(lambda _: its.is_revealed(question), within=30)
        assert await its.bot.stop() == 0
        its.let_it_be(MONDAY + timedelta(days=1, hours=0, seconds=-3))  # nine o'clock in Tokyo
        await its.start()
        await room.wait_until(lambda room: len(its.questions(room)) == 2, within=30)
        assert await its.bot.stop() == 0
