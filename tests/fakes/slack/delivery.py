"""Envelopes on their way to the bot, and whether it acknowledged them."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from .blocks import Json
from .model import Workspace
from .world import World

EnvelopeType = Literal["slash_commands", "interactive", "events_api"]


@dataclass(frozen=True)
class Envelope:
    """One thing Slack tells the bot, as Socket Mode wraps it (https://docs.slack.dev/apis/events-api/using-socket-mode)."""

    id: str
    type: EnvelopeType
    payload: Json
    workspace: Workspace
    attempt: int = 0
    reason: str = ""

    def frame(self) -> Json:
        """The JSON of a Socket Mode message; only events carry retry counters."""
        frame = {
            "envelope_id": self.id,
            "type": self.type,
            "payload": self.payload,
            "accepts_response_payload": self.type != "events_api",
        }
        retries = {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return frame | (retries if self.type == "events_api" else {})


class Unacknowledged(Exception):
    """The bot did not acknowledge; the message is the error the member is shown."""


class Transport(Protocol):
    """A way to the bot."""

    async def deliver(self, envelope: Envelope) -> Json:
        """Hand the envelope over; the acknowledgement's payload, or `Unacknowledged`."""


@dataclass
class Delivery:
    """One attempt to hand an envelope to the bot."""

    envelope: Envelope
    acknowledged: bool = False
    after: float | None = None
    error: str | None = None
    ack: Json = field(default_factory=dict)


class Courier:
    """Delivers envelopes over the chosen transport, twice where asked, and events again where unacknowledged.

    `retry_delays` are Slack's for events: at once, after a minute, after five
    (https://docs.slack.dev/apis/events-api#retries).
    """

    def __init__(self, world: World, transport: Transport) -> None:
        self._world = world
        self.transport = transport
        self.retry_delays: tuple[float, ...] = (0, 60, 300)
        self.deliveries: list[Delivery] = []
        self._twice: list[str] = []
        self._background: set[asyncio.Task[Any]] = set()

    @property
    def missed(self) -> list[Delivery]:
        """The attempts that were not acknowledged in time."""
        return [delivery for delivery in self.deliveries if delivery.error]

    def twice(self, kind: EnvelopeType, times: int) -> None:
        """Deliver the next envelopes of this type twice."""
        self._twice += [kind] * times

    async def deliver(self, envelope: Envelope) -> Delivery:
        """Deliver once (or twice, when the fault is set); for an event that fails, go on trying in the background."""
        if envelope.type in self._twice:
            self._twice.remove(envelope.type)
            first, _ = await asyncio.gather(self._attempt(envelope), self._attempt(envelope))
        else:
            first = await self._attempt(envelope)
        if first.error and envelope.type == "events_api":
            self._run(self._retry(envelope))
        return first

    def repeat(self, envelope: Envelope) -> None:
        """Deliver once more, in the background."""
        self._run(self._repeat(envelope))

    async def close(self) -> None:
        """Give up the attempts still to come."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _attempt(self, envelope: Envelope) -> Delivery:
        delivery = Delivery(envelope)
        self.deliveries.append(delivery)
        start = time.perf_counter()
        try:
            delivery.ack = await self.transport.deliver(envelope)
            delivery.acknowledged, delivery.after = True, time.perf_counter() - start
        except Unacknowledged as failure:
            delivery.error = str(failure)
        self._world.bell.ring()
        return delivery

    async def _repeat(self, envelope: Envelope) -> None:
        await self._attempt(envelope)

    async def _retry(self, envelope: Envelope) -> None:
        for attempt, delay in enumerate(self.retry_delays, start=1):
            await asyncio.sleep(delay)
            again = replace(envelope, id=self._world.fresh("envelope"), attempt=attempt, reason="timeout")
            if (await self._attempt(again)).acknowledged:
                return

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
