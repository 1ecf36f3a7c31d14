"""What whoever runs the bot sees of it over HTTP: how its parts are, and what it counts."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from bot.adapters import http
from bot.adapters.prometheus import Metrics, Present
from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.adapters.yaml import BankFolder
from bot.core.ports import Quiz
from bot.health import BANK, DUE_WORK, Health, Look

STUCK = 30.0
"""Seconds without a look at what is due after which the loop is stuck; it looks every five."""


class Watched:
    """What whoever runs the bot sees of it over HTTP."""

    def __init__(self, quiz: Quiz, metrics: Metrics, store: SqlStore, database: Database, bank: BankFolder) -> None:
        self._metrics = metrics
        parts: dict[str, Look] = {DUE_WORK: self._due_work, BANK: partial(_state_of, bank)}
        self.health = health = Health(database.ping, quiz.now, parts)
        present = Present(
            connected={name: partial(quiz.connected.__contains__, name) for name in quiz.chats},
            database=lambda: not health.database,
            waiting=lambda: store.waiting,
            questions=lambda: len(bank().questions),
            loaded_at=lambda: bank.loaded_at,
            faulty=lambda: bank.faulty,
        )
        metrics.show(present)
        self.pages = http.Pages(health.report, metrics.scrape)

    async def watch(self, stopping: asyncio.Event) -> None:
        """Look at all parts until ``stopping``."""
        await asyncio.gather(self.health.watch(stopping), self._metrics.watch_the_loop(stopping))

    def _due_work(self) -> str:
        seconds = time.monotonic() - self._metrics.looked_at
        return f"not looked at for {seconds:.0f} s" if seconds > STUCK else ""


def _state_of(bank: BankFolder) -> str:
    return "its files have faults, the last good bank is in use" if bank.faulty else ""
