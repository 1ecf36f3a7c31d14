"""What ``/healthz`` tells: what each part of the bot is doing, and since when one is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.core import due
from bot.core.ports import Unavailable

LOOK_EVERY = 1.0
"""Seconds between two looks at all parts, and for the database to answer."""

WELL = "well"

DATABASE, DUE_WORK, BANK = "database", "due work", "bank"


Look = Callable[[], str]
"""What is wrong with a part; empty where nothing is."""


class Health:
    """Looks at the parts of the bot.

    The bot is ready while nothing is wrong but the bank: with faults in its files the last good one is asked from.
    """

    def __init__(
        self, ping: Callable[[], Awaitable[None]], now: Callable[[], datetime], parts: Mapping[str, Look]
    ) -> None:
        """``ping`` raises ``Unavailable`` where the database does not answer, or takes its time."""
        self.database = ""
        """What is wrong with the database."""
        self._ping = ping
        self._now = now
        self._parts = {DATABASE: lambda: self.database, **parts}
        self._platforms: Mapping[str, Look] = {}
        self._since: dict[str, datetime] = {}

    def add_platforms(self, platforms: Mapping[str, Look]) -> None:
        """Look at the platforms too."""
        self._platforms = platforms

    def report(self) -> dict[str, object]:
        """Everything, as JSON has it. It waits for nothing."""
        wrong = self._wrong()
        return {
            "alive": True,
            "ready": not wrong.keys() - {BANK},
            "platforms": {name: wrong.get(name, "connected") for name in self._platforms},
            "parts": {name: wrong.get(name, WELL) for name in self._parts},
            "since": {name: since.isoformat(timespec="seconds") for name, since in self._since.items()},
        }

    def _wrong(self) -> dict[str, str]:
        looks = {**self._platforms, **self._parts}
        wrong = {name: found for name, look in looks.items() if (found := look())}
        now = self._now()
        self._since = {name: self._since.get(name, now) for name in wrong}
        return wrong

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look every second until ``stopping``, so that it is known since when something is wrong."""
        asking = asyncio.ensure_future(self._ask())
        try:
            while not stopping.is_set():
                done, _ = await asyncio.wait({asking}, timeout=LOOK_EVERY)
                self.database = asking.result() if done else "it does not answer within a second"
                self._wrong()
                if done:
                    await due.sleep(LOOK_EVERY, stopping)
                    asking = asyncio.ensure_future(self._ask())
        finally:
            asking.cancel()

    async def _ask(self) -> str:
        try:
            await self._ping()
        except Unavailable as error:
            return f"it does not answer: {error}"
        except Exception as error:  # whatever it is, it ends nothing but this look
            return f"it fails: {type(error).__name__}"
        return ""
