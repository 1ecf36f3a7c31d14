"""What is being done at the moment."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Errands:
    """Counts what is under way, so that stopping can wait for it: ``with errands: ...``"""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def __enter__(self) -> None:
        self._count += 1
        self._idle.clear()

    def __exit__(self, *failure: object) -> None:
        self._count -= 1
        if not self._count:
            self._idle.set()

    async def done(self, patience: float) -> None:
        """Wait until nothing is under way, for so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()
