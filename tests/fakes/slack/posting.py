"""Slack over HTTP: requests to the bot's own address, signed (https://docs.slack.dev/authentication/verifying-requests)."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import aiohttp

from .blocks import Json
from .delivery import Envelope, Unacknowledged
from .world import World

Signature = Literal["good", "none", "wrong", "old"]
OLD_SECONDS = 6 * 60


@dataclass(frozen=True)
class Reply:
    """What the bot answered to a request."""

    status: int
    text: str

    def ack(self) -> Json:
        """The acknowledgement's payload: JSON, or bare words for a slash command's reply."""
        if not self.text:
            return {}
        try:
            parsed = json.loads(self.text)
        except ValueError:
            return {"text": self.text}
        return parsed if isinstance(parsed, dict) else {"text": self.text}


class Posting:
    """Posts envelopes to one address of the bot."""

    def __init__(self, world: World, url: str, ack_seconds: float) -> None:
        self._world = world
        self.url = url
        self._ack_seconds = ack_seconds

    async def deliver(self, envelope: Envelope) -> Json:
        """Post an envelope; anything but a 200 within the time is no acknowledgement."""
        try:
            reply = await self.send(envelope)
        except TimeoutError:
            raise Unacknowledged("operation_timeout") from None
        except aiohttp.ClientError:
            raise Unacknowledged("dispatch_failed") from None
        if reply.status != 200:
            raise Unacknowledged("dispatch_failed")
        return reply.ack()

    async def send(self, envelope: Envelope, signature: Signature = "good") -> Reply:
        """One request as Slack (or somebody who is not Slack) would send it."""
        body, kind = _body(envelope)
        headers = {"Content-Type": kind} | self._signed(body, signature)
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": f"http_{envelope.reason}"}
        limit = aiohttp.ClientTimeout(total=self._ack_seconds)
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.post(self.url, data=body.encode(), headers=headers) as response,
        ):
            return Reply(response.status, await response.text())

    def _signed(self, body: str, signature: Signature) -> dict[str, str]:
        """The signature headers; a request older than five minutes is a replay, however well it is signed."""
        if signature == "none":
            return {}
        stamp = str(int(self._world.clock()) - (OLD_SECONDS if signature == "old" else 0))
        secret = self._world.signing_secret if signature != "wrong" else "another secret"
        digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Envelope) -> tuple[str, str]:
    """Events come as JSON, commands as a form, interactions as JSON in a form's field `payload`."""
    if envelope.type == "events_api":
        return json.dumps(envelope.payload), "application/json"
    fields = envelope.payload if envelope.type == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return urlencode(fields), "application/x-www-form-urlencoded"
