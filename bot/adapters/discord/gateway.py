"""A gateway connection that lets others have their turn while much comes in."""

from __future__ import annotations

import asyncio
import time

import discord.shard
from discord.gateway import DiscordWebSocket

TURN = 0.02
"""Seconds for which events are read before others have their turn."""


class Considerate(DiscordWebSocket):
    """The library reads on as long as anything is there, a thousand clicks and more in one go: nobody is answered
    meanwhile, and then all those clicks begin at once."""

    _turn_ends = 0.0

    async def poll_event(self) -> None:
        """Read one event."""
        if time.perf_counter() > self._turn_ends:
            await asyncio.sleep(0)
            self._turn_ends = time.perf_counter() + TURN
        await super().poll_event()


def install() -> None:
    """Let the library's shards use it, which know no other way to be told."""
    discord.shard.DiscordWebSocket = Considerate  # type: ignore[misc]  # a name there is taken for a type
