"""What is asked for at the same time is carried out together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.core.ports import Unavailable

MOST = 100
"""How many are carried out together at most: they all go on at the same moment, and nobody else does meanwhile."""

WAITING = 10_000
"""How many may wait; who comes then is told at once that it cannot be done."""

Ask = TypeVar("Ask")
Told = TypeVar("Told")


class Together(Generic[Ask, Told]):
    """Whoever asks while something is carried out shares the next turn: one transaction serves them all."""

    def __init__(self, carry_out: Callable[[Sequence[Ask]], Awaitable[Sequence[Told]]]) -> None:
        """``carry_out`` does what is asked, all of it or nothing, and tells what came of each, in the same order."""
        self._carry_out = carry_out
        self._waiting: list[tuple[Ask, asyncio.Future[Told]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, ask: Ask) -> Told:
        """What came of it. Raises ``Unavailable``, and whatever carrying it out by itself does."""
        if len(self._waiting) >= WAITING:
            raise Unavailable("too many wait for it")
        told: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, told))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await told

    @property
    def waiting(self) -> int:
        """How many wait for the turn under way to end."""
        return len(self._waiting)

    async def drain(self) -> None:
        """Wait for what is under way."""
        if self._running is not None:
            await self._running

    async def _run(self) -> None:
        try:
            while self._waiting:
                turn, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._serve(turn)
        finally:
            self._running = None

    async def _serve(self, turn: Sequence[tuple[Ask, asyncio.Future[Told]]]) -> None:
        try:
            came = await self._carry_out([ask for ask, _ in turn])
        except Unavailable as error:
            # Those who came meanwhile would wait as long, one turn after the other, to be told the same.
            waiting, self._waiting = self._waiting, []
            _fail([*turn, *waiting], error)
        except Exception as error:
            if len(turn) == 1:
                _fail(turn, error)
                return
            for one in turn:  # one that cannot be carried out takes no other with it
                await self._serve([one])
        else:
            for (_, told), what in zip(turn, came, strict=True):
                if not told.done():
                    told.set_result(what)


def _fail(turn: Sequence[tuple[Ask, asyncio.Future[Told]]], error: Exception) -> None:
    for _, told in turn:
        if not told.done():
            told.set_exception(error)
