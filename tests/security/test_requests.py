"""HTTP requests to the real process from somebody who is not Slack, or of a shape that Slack never sends.

`tests/e2e/test_slack_http.py` has what is unsigned, wrongly signed, old, replayed or too large; here is all that a
request is besides.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.e2e.slack_stage import HttpDay, command, opened

EVENTS = "/slack/events"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

BODIES = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\xd8",
    "no JSON": b"{",
    "another kind of JSON": b"[1, 2]",
    "a word": b'"x"',
    "deep": b"[" * 50_000,
    "a form without a payload": b"x=1",
    "a payload that is no JSON": b"payload=x",
    "a payload of another kind": b"payload=%5B1%5D",
    "another command": urlencode({"command": "/other", "team_id": "T1", "user_id": "U1"}).encode(),
    "a press of no button": json.dumps({"type": "block_actions", "team": {"id": "T1"}}).encode(),
    "a form without a view": json.dumps({"type": "view_submission", "team": {"id": "T1"}}).encode(),
    "an event of no kind": json.dumps({"type": "event_callback", "event": {}}).encode(),
    "an event of a number": json.dumps({"type": "event_callback", "event_id": 7, "event": {"type": 7}}).encode(),
}


class Post(HttpDay):
    """A day on which anything is posted to the bot."""

    async def send(self, method: str, path: str, body: bytes = b"", kind: str = FORM, *, signed: bool = False) -> int:
        """The status that a request gets."""
        headers = {"Content-Type": kind} | (self.signature(body) if signed else {})
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.address(path), data=body, headers=headers, allow_redirects=False) as answer,
        ):
            await answer.read()
            return answer.status

    def signature(self, body: bytes) -> dict[str, str]:
        """Slack's own."""
        stamp = str(int(self.server.clock()))
        secret = self.server.signing_secret.encode()
        digest = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Post]:
    """A day whose bot has started."""
    day = Post(tmp_path)
    async with opened(day):
        await day.start(10)
        yield day


async def test_shapes_that_slack_never_sends(day: Post) -> None:
    """Unsigned they are refused, whatever they say of their content. Signed they are no fault of the bot's: nothing
    is posted or stored, no line of the log is a traceback, and the bot goes on."""
    before = len(day.room.messages)
    for name, body in BODIES.items():
        for kind in (FORM, JSON, "multipart/form-data; boundary=x", "x/y; ;"):
            assert await day.send("POST", EVENTS, body, kind) == 401, (name, kind)
            assert await day.send("POST", EVENTS, body + b" " * len(kind), kind, signed=True) < 500, (name, kind)
    assert len(day.room.messages) == before
    assert (await command(day.dan, day, "help")).startswith("How to play")


async def test_other_addresses_and_methods(day: Post) -> None:
    """There is nothing but what is documented: no listing, no file, no other method."""
    for path in (
        "/",
        "/slack",
        "/slack/install",
        "/slack/oauth_redirect",
        "/../etc/passwd",
        "/%2e%2e/quizbot.db",
        "/x",
    ):
        assert await day.send("GET", path) == 404, path
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert await day.send(method, EVENTS) == 405
    assert await day.send("POST", "/healthz") == 405


async def test_a_body_that_never_ends(day: Post) -> None:
    """A body beyond the limit is refused while it comes, without a length too, and unsigned it is not kept."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536
            await asyncio.sleep(0)

    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(day.address(EVENTS), data=endless()) as answer:
                assert answer.status == 413
        except aiohttp.ClientConnectionError:
            pass  # the bot hung up before all of it was sent
    assert (await command(day.dan, day, "help")).startswith("How to play")
