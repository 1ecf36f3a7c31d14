"""Both bare SDKs in one process, with the environment that each of them takes: ``python -m bench.floors.both``."""

from __future__ import annotations

import asyncio

from bench.floors import discord, slack


async def serve() -> None:
    """Until it is killed."""
    await asyncio.gather(discord.serve(), slack.serve())


if __name__ == "__main__":
    asyncio.run(serve())
