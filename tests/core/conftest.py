"""Stages for the tests of the core."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from bot.adapters.sql.engine import Database
from bot.core.bank import Bank

from .stage import BANK, MONDAY, Clock, Stage, bank_of, choice, daily


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables and no rows, made once."""
    path = tmp_path_factory.mktemp("empty") / "quiz.db"

    async def make() -> None:
        database = Database(f"sqlite:///{path}")
        await database.upgrade()
        await database.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def stages(tmp_path: Path, empty: Path) -> AsyncIterator[Callable[..., Awaitable[Stage]]]:
    """Makes stages, each on a file of its own."""
    made: list[Stage] = []

    async def make(bank: Bank = BANK, now: datetime = MONDAY, **more: object) -> Stage:
        stage = Stage(tmp_path / f"quiz{len(made)}.db", Clock(now), bank, **more)  # type: ignore[arg-type]
        shutil.copy(empty, stage.path)
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
