"""Socket Mode (https://docs.slack.dev/apis/events-api/using-socket-mode): the connections and their traffic."""

import asyncio
import itertools
import json
from typing import Literal

from aiohttp import WSCloseCode, web

from .blocks import Json
from .delivery import Envelope, Unacknowledged
from .world import World


class Sockets:
    """The open connections of the app. Each envelope goes to one of them, in turn."""

    def __init__(self, world: World, ack_seconds: float) -> None:
        self._world = world
        self._ack_seconds = ack_seconds
        self._turn = itertools.count()
        self._pending: dict[str, list[asyncio.Future[Json]]] = {}
        self.open: list[web.WebSocketResponse] = []
        self.opened = 0
        self.refusing = False
        self.late_acks: list[str] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection from its hello to its end; a ticket admits once."""
        ticket = request.query.get("ticket", "")
        if self.refusing or ticket not in self._world.tickets:
            return web.Response(status=503 if self.refusing else 403)
        self._world.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.open.append(socket)
        self.opened += 1
        try:
            await socket.send_json(self._hello())
            self._world.bell.ring()
            async for message in socket:
                self._acknowledge(json.loads(message.data))
        finally:
            self.open.remove(socket)
            self._world.bell.ring()
        return socket

    async def deliver(self, envelope: Envelope) -> Json:
        """Send an envelope and wait for its acknowledgement, which may come over any connection."""
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        waiting = self._pending.setdefault(envelope.id, [])
        waiting.append(future)
        try:
            await self._send(envelope)
            async with asyncio.timeout(self._ack_seconds):
                return await future
        except TimeoutError:
            raise Unacknowledged("operation_timeout") from None
        finally:
            waiting.remove(future)
            if not waiting:
                del self._pending[envelope.id]

    async def connected(self, total: int = 1, timeout: float = 10) -> None:
        """Wait until so many connections were opened since the start, and one is open."""
        assert await self._world.bell.until(lambda: self.open and self.opened >= total, timeout), "nobody connected"

    async def close_all(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """End every connection with a close frame."""
        for socket in list(self.open):
            await socket.close(code=code)

    def cut_all(self) -> None:
        """Break every connection without a word, as a failing network does."""
        for socket in list(self.open):
            request = socket._req
            if request is not None and request.transport is not None:
                request.transport.abort()

    async def disconnect(self, reason: Literal["warning", "refresh_requested", "link_disabled"]) -> None:
        """Tell every connection that it will end (warning) or has to be replaced (refresh_requested)."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "fake"}})

    async def ping(self) -> None:
        """Ping every connection; Slack does so all the time."""
        for socket in list(self.open):
            await socket.ping(b"Ping from fake")

    async def _send(self, envelope: Envelope) -> None:
        """To the next connection whose turn it is and that still takes it."""
        turn = next(self._turn) % max(1, len(self.open))
        for socket in [*self.open[turn:], *self.open[:turn]]:
            try:
                await socket.send_json(envelope.frame())
                return
            except ConnectionError:
                continue
        raise Unacknowledged("dispatch_failed")

    def _acknowledge(self, answer: Json) -> None:
        """Match an acknowledgement with its envelope; one for which nobody waits any more came late."""
        envelope_id = answer["envelope_id"]
        future = next((future for future in self._pending.get(envelope_id, []) if not future.done()), None)
        if future:
            future.set_result(answer.get("payload") or {})
        else:
            self.late_acks.append(envelope_id)
            self._world.bell.ring()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "connection_info": {"app_id": self._world.app_id},
            "debug_info": {"host": "fake", "approximate_connection_time": 18060},
        }
