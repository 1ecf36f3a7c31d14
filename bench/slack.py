"""Clicks on Slack over both transports, beside bare slack-bolt: ``python -m bench.slack [--quick] [--json FILE]``."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from bench.clicking import CHANNELS, MEMBERS, Bounds, Clicking, Effort
from bench.load.slack import SECRET, Bot, Slack
from bench.measure import Part, run
from bench.process import Process
from bench.stage import Product


class Place:
    """How one bot is reached: by its own connection, or at a port of this machine."""

    def __init__(self, server: Slack, name: str, *, http: bool) -> None:
        self._server, self._name = server, name
        self._port = _free_port() if http else 0

    @property
    def environment(self) -> Mapping[str, str]:
        """What the bot is told."""
        own = {"SLACK_BOT_TOKEN": f"xoxb-{self._name}", "SLACK_API_URL": f"{self._server.world.http_url}/api/"}
        if self._port:
            return own | {"SLACK_SIGNING_SECRET": SECRET, "HTTP_PORT": str(self._port)}
        return own | {"SLACK_APP_TOKEN": f"xapp-{self._name}"}

    @asynccontextmanager
    async def reached(self, process: Process, ready: str, times: int) -> AsyncIterator[Bot]:
        """Start the process, and wait until it can be clicked on."""
        side = None if self._port else self._server.over_socket(self._name)
        await process.start()
        try:
            await process.says(ready, times)
            side = side or await self._server.over_http(self._name, self._port)
            side.cpu = process.cpu
            yield side
        finally:
            await process.stop()


@asynccontextmanager
async def product(server: Slack, folder: Path, *, http: bool) -> AsyncIterator[tuple[Product, Bot]]:
    """The bot, connected, with a question open in every channel."""
    place = Place(server, "product", http=http)
    channels = [f"slack:{channel.id}" for channel in server.channels]
    bot = Product(folder, place.environment, channels, f"slack:{server.admin.id}")
    async with place.reached(bot.process, ": next question at", len(channels)) as side:
        await server.post_all(side)
        yield bot, side


@asynccontextmanager
async def floor(server: Slack, *, http: bool) -> AsyncIterator[Bot]:
    """The bare handler, connected."""
    place = Place(server, "floor", http=http)
    async with place.reached(Process("bench.floors.slack", place.environment), "ready", 1) as side:
        yield side


async def over(name: str, quick: bool, *, http: bool) -> Part:
    """The figures of a click over one transport."""
    server = Slack(CHANNELS, MEMBERS)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            server.serving(),
            product(server, Path(folder), http=http) as (bot, mine),
            floor(server, http=http) as theirs,
        ):
            clicking = Clicking(mine, theirs, Effort.of(quick))
            part = await clicking.part(name, Bounds(must=0.7, aim=0.95))
            assert bot.answers() == clicking.answered, "every receipt is an answer in the log"
    return part


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def measure(quick: bool) -> list[Part]:
    """The figures of a click over both."""
    return [
        await over("Slack, Socket Mode", quick, http=False),
        await over("Slack, HTTP", quick, http=True),
    ]


if __name__ == "__main__":
    run(__doc__, measure)
