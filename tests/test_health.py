"""What /healthz tells."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot import health
from bot.adapters import http
from bot.core.ports import Unavailable
from bot.health import BANK, DUE_WORK, Health

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Bot:
    """The state of a bot, and its HTTP server."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}
        self.now = NOW
        self.ping: Callable[[], Any] = self._well
        parts = {name: lambda name=name: self.wrong.get(name, "") for name in (DUE_WORK, BANK)}  # type: ignore[misc]
        self.health = Health(lambda: self.ping(), lambda: self.now, parts)
        self.health.add_platforms({"discord": lambda: self.wrong.get("discord", "")})
        self.stopping = asyncio.Event()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    async def _well(self) -> None:
        pass

    async def run(self) -> None:
        pages = http.Pages(self.health.report, lambda: (b"", "text/plain"))
        async with asyncio.TaskGroup() as group:
            group.create_task(http.serve("127.0.0.1", self.port, pages, self.stopping))
            group.create_task(self.health.watch(self.stopping))

    async def healthz(self) -> tuple[int, dict[str, Any]]:
        page = f"http://127.0.0.1:{self.port}/healthz"
        async with asyncio.timeout(0.5), aiohttp.ClientSession() as session, session.get(page) as answer:
            return answer.status, await answer.json()

    async def until(self, status: int) -> dict[str, Any]:
        """Wait until it answers with this status, each time at once."""
        for _ in range(500):
            found, body = await self.healthz()
            if found == status:
                return body
            await asyncio.sleep(0.01)
        raise TimeoutError


@pytest.fixture
async def bot(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    """A bot that looks at itself often."""
    monkeypatch.setattr(health, "LOOK_EVERY", 0.05)
    bot = Bot()
    running = asyncio.create_task(bot.run())
    for _ in range(500):
        try:
            await bot.healthz()
            break
        except aiohttp.ClientError:
            await asyncio.sleep(0.01)
    yield bot
    bot.stopping.set()
    await asyncio.wait_for(running, 5)


async def test_ready(bot: Bot) -> None:
    """With nothing wrong it answers 200."""
    status, body = await bot.healthz()
    assert (status, body["alive"], body["ready"], body["since"]) == (200, True, True, {})
    assert body["platforms"] == {"discord": "connected"}
    assert body["parts"] == {"database": "well", "due work": "well", "bank": "well"}


async def test_not_ready(bot: Bot) -> None:
    """503 says what is not and since when, until it is again."""
    bot.wrong["discord"] = "not connected"
    await bot.until(503)
    bot.now += timedelta(minutes=5)
    _, body = await bot.healthz()
    assert body["platforms"] == {"discord": "not connected"}
    assert body["since"] == {"discord": "2026-11-20T09:00:00+00:00"}
    bot.wrong.clear()
    assert (await bot.until(200))["since"] == {}
    bot.wrong[DUE_WORK] = "not looked at for 31 s"
    assert (await bot.until(503))["since"] == {"due work": "2026-11-20T09:05:00+00:00"}


async def test_a_faulty_bank(bot: Bot) -> None:
    """The last good bank does its work: the bot is ready, and the page says so all the same."""
    bot.wrong[BANK] = "its files have faults"
    status, body = await bot.healthz()
    assert (status, body["parts"]["bank"]) == (200, "its files have faults")
    assert "bank" in body["since"]


async def test_a_database_that_hangs(bot: Bot) -> None:
    """The page is there at once and says so; when the database answers again, that is seen too."""
    answering = asyncio.Event()
    asked = 0

    async def ping() -> None:
        nonlocal asked
        asked += 1
        await answering.wait()

    bot.ping = ping
    body = await bot.until(503)
    assert body["parts"]["database"] == "it does not answer within a second"
    await asyncio.sleep(0.2)
    assert asked == 1
    answering.set()
    await bot.until(200)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Unavailable("no connection"), "it does not answer: no connection"),
        (RuntimeError("x"), "it fails: RuntimeError"),
    ],
)
async def test_a_database_that_is_away(bot: Bot, error: Exception, told: str) -> None:
    """The page gives the reason, and goes on looking."""

    async def ping() -> None:
        raise error

    well, bot.ping = bot.ping, ping
    assert (await bot.until(503))["parts"]["database"] == told
    bot.ping = well
    await bot.until(200)
