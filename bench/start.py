"""The start of ``quizbot run`` on both platforms, and the memory it then takes: ``python -m bench.start [--quick]``.

The floor imports both bare SDKs and connects them. Both sides are ready when Discord's READY was dealt with and Slack's
connection stands; the product has brought its database up to date and loaded its bank by then. Both wait half a second
for news of more of Discord's servers, in which they compute little: the processor time is told by itself.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from bench.load.discord import Discord
from bench.load.slack import Slack
from bench.measure import Figure, Part, run
from bench.process import Process
from bench.stage import Product

SETTLED = 1.0
"""Seconds until the memory is weighed."""

PRODUCT, FLOOR = ("Discord: connected", 1), ("ready", 2)
"""What each side says, and how often, before it is ready; the floor says it for either SDK."""


async def measure(quick: bool) -> list[Part]:
    """Start both in turn."""
    turns = 2 if quick else 7
    discord, slack = Discord(1, 1), Slack(1, 1)
    with tempfile.TemporaryDirectory() as folder:
        async with discord.serving(), slack.serving():
            channels = [f"discord:{discord.channels[0].id}", f"slack:{slack.channels[0].id}"]
            product = Product(Path(folder), tokens(discord, slack, "product"), channels, "discord:1").process
            floor = Process("bench.floors.both", tokens(discord, slack, "floor"))
            await started(product, discord, slack, "product", *PRODUCT)  # makes the database
            mine, theirs = [], []
            for _ in range(turns):
                mine.append(await started(product, discord, slack, "product", *PRODUCT))
                theirs.append(await started(floor, discord, slack, "floor", *FLOOR))
    figures = [
        Figure(name, unit, [one[number] for one in mine], [one[number] for one in theirs], *bounds)
        for number, (name, unit, *bounds) in enumerate(
            [("start to ready", "s", 1.5, 1.2), ("processor time of it", "s"), ("resident memory", "MB", 1.5, 1.2)]
        )
    ]
    return [Part("Start", figures, ["Discord and Slack over Socket Mode in one process"])]


def tokens(discord: Discord, slack: Slack, name: str) -> dict[str, str]:
    """What a bot of that name is told of both platforms."""
    return {
        "DISCORD_TOKEN": name,
        "DISCORD_API_URL": discord.url,
        "SLACK_BOT_TOKEN": f"xoxb-{name}",
        "SLACK_APP_TOKEN": f"xapp-{name}",
        "SLACK_API_URL": f"{slack.world.http_url}/api/",
    }


async def started(
    process: Process, discord: Discord, slack: Slack, name: str, ready: str, times: int
) -> tuple[float, float, float]:
    """Seconds until a process is ready, of which it computed so many, and its megabytes a moment later."""
    discord.bot(name)
    side = slack.over_socket(name)
    begun = time.perf_counter()
    await process.start()
    try:
        await asyncio.gather(process.says(ready, times), side.connected.wait())
        seconds, computed = time.perf_counter() - begun, process.cpu()
        await asyncio.sleep(SETTLED)
        return seconds, computed, process.memory()
    finally:
        await process.stop()


if __name__ == "__main__":
    run(__doc__, measure)
