"""Clicks on Discord, beside bare discord.py: ``python -m bench.discord [--quick] [--json FILE]``."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bench.clicking import CHANNELS, MEMBERS, Bounds, Clicking, Effort
from bench.load.discord import Bot, Discord
from bench.measure import Part, run
from bench.process import Process
from bench.stage import Product


@asynccontextmanager
async def product(
    server: Discord, folder: Path, program: Sequence[str] = ("bot",)
) -> AsyncIterator[tuple[Product, Bot]]:
    """The bot, connected, with a question open in every channel."""
    side = server.bot("product")
    channels = [f"discord:{channel.id}" for channel in server.channels]
    environment = {"DISCORD_TOKEN": "product", "DISCORD_API_URL": server.url}
    bot = Product(folder, environment, channels, f"discord:{server.admin.id}", program)
    await bot.process.start()
    try:
        await bot.process.says(": next question at", len(channels))
        await server.post_all(side)
        side.cpu = bot.process.cpu
        yield bot, side
    finally:
        await bot.process.stop()


@asynccontextmanager
async def floor(server: Discord, file: str = "") -> AsyncIterator[Bot]:
    """The bare handler, connected; with a ``file`` the one that makes clicks durable there."""
    name = "durable" if file else "floor"
    side = server.bot(name)
    environment = {"DISCORD_TOKEN": name, "DISCORD_API_URL": server.url}
    process = Process("bench.floors.discord", environment, arguments=(file,) if file else ())
    await process.start()
    try:
        await process.says("ready")
        side.cpu = process.cpu
        yield side
    finally:
        await process.stop()


async def measure(quick: bool) -> list[Part]:
    """The figures of a click."""
    server = Discord(CHANNELS, MEMBERS)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            server.serving(),
            product(server, Path(folder)) as (bot, mine),
            floor(server) as theirs,
            floor(server, f"{folder}/floor.db") as durable,
        ):
            clicking = Clicking(mine, theirs, Effort.of(quick), durable)
            part = await clicking.part("Discord", Bounds(must=0.6, aim=0.85))
            assert bot.answers() == clicking.answered, "every receipt is an answer in the log"
    return [part]


if __name__ == "__main__":
    run(__doc__, measure)
