"""Stages for the tests of the core."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from bot.core.bank import Bank
from tests.databases import Scratch

from .stage import BANK, MONDAY, Clock, Stage, bank_of, choice, daily


@pytest.fixture
async def stages(database: Callable[..., Scratch]) -> AsyncIterator[Callable[..., Awaitable[Stage]]]:
    """Makes stages, each on a database of its own."""
    made: list[Stage] = []

    async def make(bank: Bank = BANK, now: datetime = MONDAY, **more: object) -> Stage:
        stage = Stage(database(), Clock(now), bank, **more)  # type: ignore[arg-type]
        made.append(stage)
        await stage.start()
        return stage

    yield make
    for stage in made:
        await stage.stop()


@pytest.fixture
async def stage(stages: Callable[..., Awaitable[Stage]]) -> Stage:
    """A team without a schedule."""
    return await stages()


@pytest.fixture
async def daily_stage(stages: Callable[..., Awaitable[Stage]]) -> Stage:
    """A team with one choice question in its bank, posted at 09:00 and revealed at 16:30 from Monday to Friday."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily())
    return stage
