"""Waiting for something to become true, woken by the change itself and never by a poll."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Changes:
    """Whatever can change says `notify()`; whoever waits gives a probe that is asked again after each change."""

    def __init__(self) -> None:
        self._waiters: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []

    def notify(self) -> None:
        """Ask every waiting probe again and wake those that are satisfied."""
        for probe, future in list(self._waiters):
            if not future.done():
                _settle(probe, future)

    async def wait_for(self, probe: Callable[[], T | None], within: float, what: str) -> T:
        """Return the first truthy result of `probe`; after `within` seconds raise TimeoutError naming `what`."""
        now = probe()
        if now:
            return now
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        waiter = (probe, future)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(within):  # wait_for would lose a cancellation that comes with the change
                return await future
        except TimeoutError:
            raise TimeoutError(f"waited {within:g} s in vain for {what}") from None
        finally:
            self._waiters.remove(waiter)


def _settle(probe: Callable[[], Any], future: asyncio.Future[Any]) -> None:
    """Hand the probe's result, or its exception, to the one who waits."""
    try:
        result = probe()
    except Exception as error:
        future.set_exception(error)
    else:
        if result:
            future.set_result(result)
