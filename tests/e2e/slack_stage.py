"""The bot and its Slack on one clock, for tests that play a team's days with the real process."""

from __future__ import annotations

import asyncio
import html
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from tests.e2e.bot import Bot
from tests.fakes.slack import Channel, FakeSlack, Member, Message, View, privately

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
RIGHT = "The loss jumps around or diverges"
WRONG = "The gradients become exactly zero"

CONFIG = """
    teams:
      - name: ml-team
        timezone: UTC
        admins: ["slack:{admin}"]
        channels:
          - channel: "slack:{channel}"
            post: "09:00"
            reveal: "16:30"
            topics: [optimization]
    """


class Day:
    """The bot and its Slack, on one clock."""

    def __init__(self, folder: Path, config: str = CONFIG) -> None:
        self._ahead = 0.0
        self.server = FakeSlack(clock=lambda: time.time() + self._ahead)
        self.room = self.server.add_channel("room")
        self.ann = self.server.add_member("ann", is_admin=True)
        self.bo, self.chi, self.dan = map(self.server.add_member, ("bo", "chi", "dan"))
        self.bot = Bot(folder, {}, config.format(admin=self.bo.id, channel=self.room.id))

    def open(self) -> None:
        """Once Slack has an address: tell the bot."""
        self.bot.environment = {"SLACK_API_URL": self.server.api_url} | self.keys()

    def keys(self) -> dict[str, str]:
        """What the bot has of Slack."""
        return {"SLACK_BOT_TOKEN": self.server.bot_token, "SLACK_APP_TOKEN": self.server.app_token}

    async def start(self, hour: int, minute: int = 0, second: int = 0) -> None:
        """Let it be this time on the team's Monday, and start the bot."""
        at = MONDAY + timedelta(hours=hour, minutes=minute, seconds=second)
        self.at = at
        self._ahead = at.timestamp() - time.time()
        before = self.server.sockets.opened
        await self.bot.start(at)
        await self.connected(before)

    async def connected(self, before: int) -> None:
        """Wait until the bot is there; ``before`` it there were so many connections."""
        await self.server.sockets.connected(before + 1)

    async def new_post(self, room: Channel | None = None) -> Message:
        """The next message in the channel."""
        room = room or self.room
        before = len(room.messages)
        await self.server.until(lambda: len(room.messages) > before, timeout=10)
        return room.messages[-1]

    async def logged(self, text: str) -> None:
        """Wait until the bot's log has this."""
        async with asyncio.timeout(10):
            while text not in self.bot.log:  # noqa: ASYNC110  # a process rings no bell
                await asyncio.sleep(0.01)

    def clock(self, message: Message) -> str:
        """When a message was posted, as the channel's clock shows it."""
        return f"{datetime.fromtimestamp(float(message.ts), UTC):%H:%M}"


class HttpDay(Day):
    """A day on which Slack posts to the bot instead of being listened to."""

    def open(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        super().open()
        self.posting = self.server.use_http(self.address("/slack/events"))

    def keys(self) -> dict[str, str]:
        signed = {"SLACK_SIGNING_SECRET": self.server.signing_secret, "HTTP_PORT": str(self.port)}
        return {"SLACK_BOT_TOKEN": self.server.bot_token} | signed

    def address(self, path: str) -> str:
        """An address of the bot."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def connected(self, before: int) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(20):
            while not await self._is_ready(session):  # noqa: ASYNC110  # the bot rings no bell
                await asyncio.sleep(0.02)

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(self.address("/healthz")) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def opened(day: Day) -> AsyncIterator[None]:
    """A day whose bot has not started yet; at its end Slack has nothing to complain about, and nobody was pinged."""
    async with day.server:
        day.open()
        yield
        await day.bot.close()
    print(day.bot.log)  # noqa: T201  # pytest shows it where a test failed
    day.server.check()
    assert day.server.advice == []
    assert "Traceback" not in day.bot.log


def words(shown: Message | View) -> str:
    """What a reader sees, without buttons and fields; instants are in UTC."""
    texts = [block["text"]["text"] for block in shown.blocks if "text" in block]
    return html.unescape(re.sub(r"<!date\^[^|]*\|([^>]*)>", r"\1", "\n".join(texts)))


def labels(message: Message | View) -> list[str]:
    """The words on a message's buttons."""
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [element["text"]["text"] for row in rows for element in row if "text" in element]


def letter_of(option: str, question: Message) -> str:
    """The letter that stands before an option."""
    return next(line[0] for line in words(question).splitlines() if line[1:] == f"  {option}")


async def press(member: Member, message: Message, label: str) -> str:
    """Press a button, and be told this, privately."""
    return words((await member.press(message, label, until=privately)).reply)


async def choose(member: Member, question: Message, option: str) -> str:
    """Choose an option, and be told this, privately."""
    return await press(member, question, letter_of(option, question))


async def command(member: Member, day: Day, text: str, room: Channel | None = None) -> str:
    """Use ``/quiz``, and be told this, privately."""
    return words((await member.slash("/quiz", text, room or day.room, until=privately)).reply)


async def write(member: Member, question: Message, answer: str) -> str:
    """Press Answer, fill in the form, and be told this, privately."""
    view = (await member.press(question, "Answer", until=privately)).view
    return words((await member.submit(view, answer, until=lambda seen: seen.ephemerals)).reply)


async def home(member: Member) -> View:
    """Open the bot's page."""
    await member.open_home(until=lambda seen: seen.items("home"))
    assert member.home is not None
    return member.home
