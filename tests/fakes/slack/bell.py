"""Waiting for a condition without polling."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung whenever something changed; whoever waits is woken once its condition holds."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Callable[[], object]] = {}

    def ring(self) -> None:
        """Something changed: wake those whose condition now holds."""
        for future, condition in list(self._waiting.items()):
            if not future.done() and condition():
                future.set_result(None)

    async def until(self, condition: Callable[[], object], timeout: float) -> bool:
        """Wait for the condition; False if the time ran out first."""
        if condition():
            return True
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = condition
        try:
            async with asyncio.timeout(timeout):  # wait_for would lose a cancellation that comes with the ring
                await future
        except TimeoutError:
            return bool(condition())
        finally:
            del self._waiting[future]
        return True
