"""Faults that a test switches on: requests that fail, hang, or are carried out without the client learning of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from .waiting import Changes
from .world import Json


@dataclass(eq=False)
class Fault:
    """What happens to the next `times` requests (every one, if None) whose method and path match.

    In this order: wait `delay` seconds; if `act`, carry the request out; if `hold`, wait for `release()`; then reset
    the connection, or answer `status`, or else answer as usual.
    """

    method: str
    path: str
    times: int | None = 1
    status: int | None = None
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    act: bool = False
    hold: bool = False
    reset: bool = False
    hits: int = 0
    """How many requests it has met, counted after `delay` and `act`."""
    changes: Changes = field(default_factory=Changes)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    taken: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is one of those."""
        spent = self.times is not None and self.taken >= self.times
        return not spent and self.method in ("*", method) and fnmatchcase(path, self.path)

    def met(self) -> None:
        """Count a hit and wake those who wait for it."""
        self.hits += 1
        self.changes.notify()

    def release(self) -> None:
        """Let the requests that are held go on."""
        self.released.set()

    async def wait_hit(self, times: int = 1, *, within: float = 10.0) -> None:
        """Wait until it has met `times` requests; those with `act` are carried out by then."""
        what = f"{times} times {self.method} {self.path}"
        await self.changes.wait_for(lambda: self.hits >= times, within, what)


class Faults:
    """The faults that are on; of several that match a request the first added counts."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        times: int | None = 1,
        status: int | None = None,
        body: Json | None = None,
        retry_after: float | None = None,
        delay: float = 0.0,
        act: bool = False,
        hold: bool = False,
        reset: bool = False,
    ) -> Fault:
        """Switch a fault on. `path` is a shell pattern for the path after the API base, "/channels/*/messages".

        `retry_after` makes a 429 with header and body as Discord's.
        """
        headers: dict[str, str] = {}
        if retry_after is not None:
            status, body, headers = 429, *rate_limited(retry_after)
        fault = Fault(method, path, times, status, body, headers, delay, act, hold, reset)
        self._faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch all faults off and release what they hold."""
        for fault in self._faults:
            fault.release()
        self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets."""
        fault = next((fault for fault in self._faults if fault.matches(method, path)), None)
        if fault:
            fault.taken += 1
        return fault


def rate_limited(retry_after: float) -> tuple[Json, dict[str, str]]:
    """Body and headers of a 429; one that lacks `Via` comes from Cloudflare and means a ban."""
    body: Json = {"message": "You are being rate limited.", "retry_after": retry_after, "global": False}
    return body, {"Retry-After": f"{retry_after:g}", "Via": "1.1 google", "X-RateLimit-Scope": "user"}
