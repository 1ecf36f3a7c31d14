"""Bare discord.py: every click is acknowledged with an ephemeral text, and that is all.

``python -m bench.floors.discord`` takes ``DISCORD_TOKEN`` and ``DISCORD_API_URL`` as quizbot does, and says ``ready``.
With a ``FILE`` a click is acknowledged once it is durable in a SQLite database there: what no bot can do without that
promises to have recorded an answer.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
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


class Durable(Client):
    """Each click is a row with a commit of its own, made in the one thread that writes."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._thread = ThreadPoolExecutor(1)
        self._log = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        for statement in (
            "PRAGMA journal_mode=WAL",
            "PRAGMA synchronous=FULL",
            "CREATE TABLE clicks (id INTEGER PRIMARY KEY, member, button)",
        ):
            self._log.execute(statement)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        data: Any = interaction.data
        row = (interaction.id, interaction.user.id, data["custom_id"])
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._log.execute, "INSERT INTO clicks VALUES (?, ?, ?)", row)
        await super().on_interaction(interaction)


async def serve(file: str = "") -> None:
    """Until it is killed."""
    Route.BASE = os.environ["DISCORD_API_URL"]
    async with Durable(file) if file else Client() as client:
        await client.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
