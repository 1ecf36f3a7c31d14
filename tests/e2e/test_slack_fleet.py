"""Two processes in one Slack workspace, each with a connection of its own: Slack sends every event to one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.bot import Bot
from tests.e2e.slack_stage import RIGHT, WRONG, Day, choose, command, labels, opened, press, words


class FleetDay(Day):
    """A day on which two processes share the work."""

    def open(self) -> None:
        super().open()
        folder = self.bot.folder / "other"
        folder.mkdir()
        shared = {"DATABASE_URL": f"sqlite:///{self.bot.folder}/quizbot.db"}
        self.other = Bot(folder, {**self.bot.environment, **shared}, self.bot.config)

    async def connected(self, before: int) -> None:
        await super().connected(before)
        await self.other.start(self.at)
        await super().connected(before + 1)


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[FleetDay]:
    """A day whose processes have not started yet."""
    day = FleetDay(tmp_path)
    async with opened(day):
        yield day
        await day.other.close()
    assert "Traceback" not in day.other.log


async def test_two_connections(day: FleetDay) -> None:
    """The question comes once; whichever process hears of an answer, it counts and can be changed over the other one;
    when one is killed the other goes on alone; the reveal comes once."""
    await day.start(8, 59, 57)
    assert len(day.server.sockets.open) == 2
    await day.server.until(lambda: day.room.messages, timeout=20)
    question = day.room.messages[0]
    for member in (day.ann, day.bo, day.chi):
        assert (await choose(member, question, WRONG)).startswith("Recorded")
        assert (await choose(member, question, RIGHT)).startswith("Changed")
        assert (await press(member, question, "My answer")).startswith("Your answer")
    await day.other.kill()
    await day.server.until(lambda: len(day.server.sockets.open) == 1)
    assert (await choose(day.dan, question, RIGHT)).startswith("Recorded")
    assert (await command(day.ann, day, "reveal")) == "The answer is in the channel."
    posted, reveal = day.room.messages
    assert labels(posted) == ["My answer"]
    assert "4 of 4" in words(reveal)
