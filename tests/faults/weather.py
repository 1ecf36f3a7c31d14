"""Platforms that fail in all ways at once."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from random import Random
from typing import Any

from tests.faults import discord_team, slack_team

TICK = 0.25
"""Seconds between two faults."""


class Weather(ABC):
    """What a platform does to its bot."""

    @abstractmethod
    def fail(self, chance: Random) -> None:
        """Let a few of the bot's next calls go wrong."""

    @abstractmethod
    async def shake(self, chance: Random) -> None:
        """Do something to the connection over which the bot hears, or to what comes over it."""

    @abstractmethod
    def refuse(self, refusing: bool) -> None:
        """Take no new connection, or take them again."""

    @abstractmethod
    def clear(self) -> None:
        """Let everything go well from now on."""

    async def storm(self, chance: Random, seconds: float) -> None:
        """Let everything fail by chance for this long."""
        for _ in range(int(seconds / TICK)):
            self.fail(chance)
            if chance.random() < 0.05:
                await self.shake(chance)
            self.refuse(chance.random() < 0.05)
            await asyncio.sleep(TICK)
        self.refuse(False)
        self.clear()


class OnDiscord(Weather):
    """Errors, limits, lost and late responses; a gateway that closes, forgets, and tells things twice."""

    calls = (
        ("POST", "/channels/*/messages"),
        ("GET", "/channels/*/messages"),
        ("PATCH", "/channels/*/messages/*"),
        ("POST", "/interactions/*/*/callback"),
        ("*", "/webhooks/*"),
        ("GET", "/gateway/bot"),
    )
    harm: tuple[dict[str, Any], ...] = (
        {"status": 500},
        {"status": 502},
        {"status": 502, "act": True},
        {"retry_after": 0.7},
        {"delay": 2.0},
        {"reset": True},
        {"reset": True, "act": True},
        {"hold": True, "act": True},
    )

    def __init__(self, its: discord_team.Team) -> None:
        self._its = its
        self._gateway = its.server.gateway

    def fail(self, chance: Random) -> None:
        method, path = chance.choice(self.calls)
        self._its.server.faults.add(method, path, times=chance.randint(1, 3), **chance.choice(self.harm))

    async def shake(self, chance: Random) -> None:
        gateway = self._gateway
        ways: tuple[Callable[[], object], ...] = (
            gateway.close,
            gateway.abort,
            gateway.ask_to_reconnect,
            gateway.forget_sessions,
            self._again,
            lambda: gateway.deliver_twice(times=5),
        )
        chance.choice(ways)()

    def _again(self) -> None:
        for press in self._its.presses[-200::40]:
            self._its.server.deliver(press.interaction)

    def refuse(self, refusing: bool) -> None:
        self._gateway.refusing = refusing

    def clear(self) -> None:
        self._its.server.faults.clear()


class OnSlack(Weather):
    """Errors, limits, lost and late answers; a socket that closes, breaks, and tells things twice and out of order."""

    calls = (
        "chat.postMessage",
        "conversations.history",
        "chat.update",
        "chat.postEphemeral",
        "response_url",
        "users.info",
        "apps.connections.open",
    )
    harm: tuple[dict[str, Any], ...] = (
        {"status": 500},
        {"status": 502},
        {"status": 502, "when": "after"},
        {"error": "internal_error"},
        {"error": "internal_error", "when": "after"},
        {"status": 429, "retry_after": 1},
        {"delay": 2.0},
        {"reset": True},
        {"reset": True, "when": "after"},
        {"hold": 60.0, "when": "after"},
    )

    def __init__(self, its: slack_team.Team) -> None:
        self._server = its.server
        self._before = 0

    def fail(self, chance: Random) -> None:
        self._server.fail(chance.choice(self.calls), times=chance.randint(1, 3), **chance.choice(self.harm))

    async def shake(self, chance: Random) -> None:
        sockets = self._server.sockets
        ways: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (
            sockets.close_all,
            self._cut,
            lambda: sockets.disconnect("refresh_requested"),
            lambda: sockets.disconnect("warning"),
            lambda: self._again(chance),
            self._twice,
        )
        await chance.choice(ways)()

    async def _cut(self) -> None:
        self._server.sockets.cut_all()

    async def _again(self, chance: Random) -> None:
        """Of this storm alone: nothing comes again whose address for answers is spent."""
        earlier = [delivery.envelope for delivery in self._server.courier.deliveries[self._before :: 20]]
        for envelope in chance.sample(earlier, len(earlier)):
            self._server.courier.repeat(envelope)

    async def _twice(self) -> None:
        self._server.deliver_twice(times=5)

    def refuse(self, refusing: bool) -> None:
        self._server.sockets.refusing = refusing

    def clear(self) -> None:
        self._server.web.faults.clear()
        self._before = len(self._server.courier.deliveries)
