"""How an event finds its listener, and the acknowledgement its way back.

Bolt's own listeners would do both at a price that each click pays: all of them are tried in turn, each is called with
what it takes out of three dozen values made for it, and bolt looks every ten milliseconds whether it has acknowledged.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.payload_utils import (
    is_block_actions,
    is_block_suggestion,
    is_event,
    is_slash_command,
    is_view_submission,
)
from slack_bolt.response import BoltResponse

from bot.adapters.slack.api import Json

log = logging.getLogger(__name__)

Listener = Callable[[AsyncAck, Json, AsyncBoltContext], Awaitable[None]]

SHAPES: Mapping[str, Callable[[Json], bool]] = {
    "block_actions": is_block_actions,
    "block_suggestion": is_block_suggestion,
    "view_submission": is_view_submission,
}
"""The interactions that there are listeners for, and what bolt takes for one."""


class Routing(AsyncMiddleware):
    """The last of bolt's middleware: lets a listener carry out each event, and returns as soon as it is acknowledged.

    An event that its listener ends without acknowledging gets no response, and so none that Slack takes for one.
    """

    def __init__(self, listeners: Mapping[str, Listener], events: Mapping[str, Listener]) -> None:
        """``listeners`` by the type of an interaction, or the name of a command; ``events`` by the type of an event of
        the Events API, which is acknowledged before it is carried out."""
        self._listeners = listeners
        self._events = events
        self._tasks: set[asyncio.Task[None]] = set()

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        body, ack = req.body, Acknowledgement()
        if is_event(body):
            body = body["event"]
            listener = self._events.get(str(body["type"]))
            await ack()
        else:
            listener = self._listeners.get(_kind(body))
        if listener is None:
            return await next()
        task = asyncio.create_task(_carried_out(listener, ack, body, req.context))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await ack.given


def _kind(body: Json) -> str:
    """The name of a command, or the type of an interaction; empty where it has not what one of its type has."""
    if is_slash_command(body):
        return str(body["command"])
    kind = str(body.get("type"))
    return kind if kind in SHAPES and SHAPES[kind](body) else ""


class Acknowledgement(AsyncAck):
    """What a listener acknowledges with; ``given`` is there once it has, and is None where it ended without."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bolt says nothing of its types
        self.given: asyncio.Future[BoltResponse | None] = asyncio.get_running_loop().create_future()

    async def __call__(self, *args: Any, **said: Any) -> BoltResponse:
        response = await super().__call__(*args, **said)
        self.settle(response)
        return response

    def settle(self, response: BoltResponse | None) -> None:
        """The first time counts; somebody may have ceased to wait for it."""
        if not self.given.done():
            self.given.set_result(response)


async def _carried_out(listener: Listener, ack: Acknowledgement, body: Json, context: AsyncBoltContext) -> None:
    """Call the listener. What it does not deal with is for whoever runs the bot to see."""
    try:
        await listener(ack, body, context)
    except Exception:
        log.exception("an event from Slack was not carried out")
    finally:
        ack.settle(None)
