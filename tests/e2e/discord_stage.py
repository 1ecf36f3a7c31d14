"""The bot and its Discord on one clock, for tests that play a team's days with the real process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.bot import Bot
from tests.fakes.discord import FakeDiscord, Member, Message

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
RIGHT = "The loss jumps around or diverges"
WRONG = "The gradients become exactly zero"


def monday(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """That time on the team's Monday."""
    return MONDAY + timedelta(hours=hour, minutes=minute, seconds=second)


class Day:
    """The bot and its Discord, on one clock."""

    def __init__(self, server: FakeDiscord, folder: Path, config: str) -> None:
        self.server = server
        self.channel = server.guild.channel
        self.ann, self.bob, self.chi, self.dan = map(server.add_member, ("ann", "bob", "chi", "dan"))
        placed = config.format(admin=self.bob.id, channel=self.channel.id)
        self.bot = Bot(folder, server.environment, placed)

    async def start(self, at: datetime) -> None:
        """Let it be this time, and start the bot."""
        self.server.clock.advance(at.timestamp() - self.server.clock.now())
        await self.bot.start(at)
        await self.server.wait_connected()
        await self.server.wait_commands()

    async def logged(self, text: str) -> None:
        """Wait until the bot's log has this."""
        for _ in range(1000):
            if text in self.bot.log:
                return
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{text!r} is not in the log:\n{self.bot.log}")

    def seen_by_all(self) -> str:
        """Everything that the channel ever showed."""
        return "\n".join(message.text for message in self.channel.messages)


@asynccontextmanager
async def discord_day(folder: Path, config: str) -> AsyncIterator[Day]:
    """A day whose bot has not started yet; at its end Discord has nothing to complain about."""
    async with FakeDiscord() as server:
        day = Day(server, folder, config)
        yield day
        await day.bot.close()
    assert server.violations == []
    assert not any(message.pings for message in server.messages.values())
    assert all(mentions == {"parse": []} for mentions in allowed_mentions(server))
    assert "Traceback" not in day.bot.log


def allowed_mentions(server: FakeDiscord) -> list[object]:
    """What each text that the bot sent may mention."""
    sent = [request.body.get("data", request.body) for request in server.requests if isinstance(request.body, dict)]
    return [body.get("allowed_mentions") for body in sent if body.get("content")]


def letter_of(option: str, question: Message) -> str:
    """The letter that stands before an option."""
    return next(line[0] for line in question.text.splitlines() if line[1:] == f"  {option}")


async def press(member: Member, question: Message, option: str) -> str:
    """Choose an option, and be told this, privately and in time."""
    outcome = await member.press(question, letter_of(option, question))
    assert outcome.ephemeral
    assert outcome.seconds < 3
    return outcome.text
