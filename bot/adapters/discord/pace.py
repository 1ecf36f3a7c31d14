"""Discord's limit on calls, kept to beforehand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from bot.core.ports import NotDone

ALLOWED = 50.0
"""Calls a second that Discord takes from a bot, those that answer interactions not counted:
https://docs.discord.com/developers/topics/rate-limits#global-rate-limit"""

MARGIN = 0.9
"""How much of it is used: the clocks of both sides differ."""

PATIENCE = 10.0
"""Seconds that a call waits for its turn at most; one in a longer queue would be given up by the core while it waits,
which then could not know whether it was sent."""

Call = Callable[..., Awaitable[Any]]


def paced(call: Call, allowed: float) -> Call:
    """A call that waits its turn, so that no more than so many begin in a second. Raises ``NotDone`` in a long queue.

    Whoever runs into the limit is told to wait, and every such answer counts as an invalid request: after ten thousand
    of them in ten minutes Discord shuts the address out. The library waits only once it is told.
    """
    turn, pause = asyncio.Lock(), 1 / (allowed * MARGIN)
    loop = asyncio.get_running_loop()
    following, waiting = loop.time(), 0

    async def in_turn(*args: Any, **more: Any) -> Any:
        nonlocal following, waiting
        if waiting * pause > PATIENCE:
            raise NotDone(f"{waiting} calls of Discord wait for their turn")
        waiting += 1
        try:
            async with turn:
                await asyncio.sleep(following - loop.time())
                following = loop.time() + pause
        finally:
            waiting -= 1
        return await call(*args, **more)

    return in_turn
