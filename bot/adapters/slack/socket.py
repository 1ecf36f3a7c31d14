"""Socket Mode: how Slack reaches a bot that has no public address
(https://docs.slack.dev/apis/events-api/using-socket-mode).

The SDK has a client for it, which is not used: it tries a refused token, or an address that is spent, for ever at the
same pace; it learns of a broken connection only at its next ping; and when it closes, it lets go of the handlers that
are under way.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec
from aiohttp import ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errands import Errands

log = logging.getLogger(__name__)

Json = dict[str, Any]

HEARTBEAT = 10.0
"""Seconds between two pings; a connection that does not answer one is given up."""

FAREWELL = ClientWSTimeout(ws_close=1.0)
"""How long a connection takes to close; Slack does not always end its side."""

LINGER = 30.0
"""Seconds for which a connection is still listened to after Slack announced its end."""

PATIENCE = 8.0
"""Seconds for what is under way to finish when the bot stops."""


_DECODER = msgspec.json.Decoder()


def _parsed(text: str) -> Any:
    """What JSON holds. msgspec reads it more than twice as fast, but refuses half of a character, which somebody may
    have typed, and the core deals with."""
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


class Socket:
    """The connections over which envelopes come; ``handle`` deals with what is in one, and returns what it is to be
    acknowledged with, or None where it is not."""

    def __init__(
        self,
        session: ClientSession,
        client: AsyncWebClient,
        app_token: str,
        handle: Callable[[Json], Awaitable[Json | None]],
        errands: Errands,
        lost: Callable[[], None],
    ) -> None:
        """``lost`` is told when the last connection has ended."""
        self._session = session
        self._client = client
        self._app_token = app_token
        self._handle = handle
        self._errands = errands
        self._lost = lost
        self._open = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def connect(self) -> asyncio.Event:
        """Open a connection and listen to it; the event says that another one is needed.

        Each address serves once, and not for long. Raises what the SDK and aiohttp raise.
        """
        answer = await self._client.apps_connections_open(app_token=self._app_token)
        connection = await self._session.ws_connect(answer["url"], heartbeat=HEARTBEAT, timeout=FAREWELL)
        over = asyncio.Event()
        self._open += 1
        self._start(self._listen(connection, over))
        return over

    async def close(self) -> None:
        """Take nothing more, let what was taken be carried out, and hang up."""
        self._closing = True
        await self._errands.done(PATIENCE)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _listen(self, connection: ClientWebSocketResponse, over: asyncio.Event) -> None:
        """Deal with what a connection brings until it ends, or for a while after Slack announced its end."""
        try:
            async with asyncio.timeout(None) as limit:
                async for message in connection:
                    frame = message.json(loads=_parsed) if message.type is WSMsgType.TEXT else {}
                    if frame.get("type") == "disconnect":
                        over.set()
                        limit.reschedule(asyncio.get_running_loop().time() + LINGER)
                    elif "envelope_id" in frame and not self._closing:
                        self._start(self._deal(connection, frame))
        except TimeoutError:
            log.debug("a connection that Slack gave up is closed")
        finally:
            self._open -= 1
            if not self._open:
                self._lost()
            over.set()
            await connection.close()

    async def _deal(self, connection: ClientWebSocketResponse, frame: Json) -> None:
        with self._errands:
            payload = await self._handle(frame["payload"])
            if payload is None:
                return
            try:
                await connection.send_json({"envelope_id": frame["envelope_id"], "payload": payload})
            except ConnectionError:
                log.info("the connection broke before an event could be acknowledged")

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
