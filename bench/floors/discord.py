"""Bare discord.py: every click is acknowledged with an ephemeral text, and that is all.

``python -m bench.floors.discord`` takes ``DISCORD_TOKEN`` and ``DISCORD_API_URL`` as quizbot does, and says ``ready``.
"""

from __future__ import annotations

import asyncio
import os
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

SETTLED = 0.5
"""Seconds without news of another server after which all are there, as in quizbot; the library waits for two."""


class Client(discord.Client):
    """It asks for the guilds intent alone, which spares it the news of its own answers."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None, guild_ready_timeout=SETTLED)

    async def setup_hook(self) -> None:
        _, gateway, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)

    async def on_ready(self) -> None:
        print("ready", flush=True)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Recorded", ephemeral=True)


async def serve() -> None:
    """Until it is killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with Client() as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(serve())
