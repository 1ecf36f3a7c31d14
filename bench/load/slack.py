"""A Slack for load: one workspace with many channels and members, and any number of bots, each over either transport.

What is rare it leaves to the state of the tests' fake; clicks and what answers them it deals with itself.
Bots are told apart by what follows the kind in their tokens: ``xoxb-product``, ``xapp-product``.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import itertools
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote_plus

import orjson

from bench.load.clicks import Click, Press
from bench.load.posting import Poster
from bench.load.template import Template, slot
from bench.load.wire import Connection, Request, response
from tests.fakes.slack import FakeSlack, payloads
from tests.fakes.slack.blocks import Json, find
from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.model import Call, Message

RECEIPTS = (b"Recorded", b"Changed")
"""How what a member is told after a click begins."""

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
LETTERS = "ABCD"
NUMBER, USER, NAME = range(3)

_BEARER = re.compile(rb"\r\nauthorization: *bearer xo?[a-z]+-(\w+)", re.IGNORECASE)


class Transport(Protocol):
    """A way to a bot."""

    def template(self, payload: Json) -> Template:
        """A click's payload as it travels."""

    def deliver(self, number: int, filled: bytes) -> None:
        """Send it."""


class OverSocket:
    """Socket Mode: envelopes over the bot's connection, whose acknowledgements come back over it."""

    def __init__(self) -> None:
        self.connection: Connection | None = None

    def template(self, payload: Json, kind: str = "interactive") -> Template:
        envelope = {"envelope_id": slot(NUMBER), "type": kind, "accepts_response_payload": True, "payload": payload}
        return Template(envelope)

    def deliver(self, number: int, filled: bytes) -> None:
        assert self.connection is not None, "the bot is not connected"
        self.connection.send(filled)


class OverHttp:
    """HTTP: signed requests to the bot's address, whose responses are the acknowledgements."""

    def __init__(self, poster: Poster, acknowledged: Callable[[int], None]) -> None:
        self._poster = poster
        self._acknowledged = acknowledged

    def template(self, payload: Json) -> Template:
        return Template(payload, lambda text: b"payload=" + quote_plus(text).encode())

    def deliver(self, number: int, filled: bytes) -> None:
        stamp = b"%d" % time.time()
        digest = hmac.new(SECRET.encode(), b"v0:%b:%b" % (stamp, filled), hashlib.sha256).hexdigest().encode()
        signed = b"X-Slack-Request-Timestamp: %b\r\nX-Slack-Signature: v0=%b\r\n" % (stamp, digest)
        self._poster.post(signed, filled, lambda: self._acknowledged(number))


class Bot:
    """A bot as this Slack reaches it; ``cpu`` is what it has cost so far, in seconds."""

    transport: Transport

    def __init__(self, server: Slack, name: str) -> None:
        self.cpu: Callable[[], float] = lambda: 0.0
        self.connected = asyncio.Event()
        self.name = name
        self.latest: dict[str, int] = {}
        """Each member's latest click."""
        self._server = server
        self._templates: dict[tuple[int, int], Template] = {}

    def press(self, press: Press, click: Click) -> None:
        """Let a member click."""
        key = (press.channel, press.letter)
        template = self._templates.get(key)
        if template is None:
            template = self._templates[key] = self.transport.template(self._server.payload(*key))
        user, name = self._server.people[press.member]
        number = self._server.begun(click)
        self.latest[user] = number
        self.transport.deliver(number, template.filled(b"%d" % number, user.encode(), name.encode()))


class Slack:
    """The server; ``bot`` adds one by its name."""

    def __init__(self, channels: int, members: int) -> None:
        self.world = FakeSlack()
        self.world.signing_secret = SECRET
        made = [self.world.add_member(f"member{n}") for n in range(members)]
        self.admin = self.world.add_member("admin", is_admin=True)
        self.channels = [self.world.add_channel(f"room-{n}", members=[]) for n in range(channels)]
        self.people = [(member.id, member.name) for member in made]
        self.bots: dict[str, Bot] = {}
        self._numbers = itertools.count(1_000_000)
        self._unacknowledged: dict[int, Click] = {}
        self._untold: dict[int, Click] = {}

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen on a free port of this machine."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self._answer, self._opened, self._heard), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        self.world.http_url = f"http://127.0.0.1:{port}"
        yield
        server.close()

    def over_socket(self, name: str) -> Bot:
        """A bot that connects."""
        bot = self.bots[name] = Bot(self, name)
        bot.transport = OverSocket()
        return bot

    async def over_http(self, name: str, port: int) -> Bot:
        """A bot that listens on a port of this machine."""
        bot = self.bots[name] = Bot(self, name)
        bot.transport = OverHttp(await Poster.connected(port, "/slack/events"), self._acknowledged)
        return bot

    # --- clicks

    def payload(self, channel: int, letter: int) -> Json:
        """A click's payload with slots for what differs between clicks."""
        message = self._open(channel)
        block, element = find(message.blocks, LETTERS[letter])
        kept = {key: element[key] for key in ("action_id", "text", "type") if key in element}
        made = payloads.message_action(self.world, self.admin, message, kept | {"block_id": block["block_id"]}, {}, "")
        made["actions"][0]["action_ts"] = f"1700000000.{slot(NUMBER)}"
        made["user"] |= {"id": slot(USER), "username": slot(NAME), "name": slot(NAME)}
        hook = f"{self.world.http_url}/response/{slot(NUMBER)}"
        return made | {"trigger_id": slot(NUMBER), "response_url": hook}

    def _open(self, channel: int) -> Message:
        return self.channels[channel].messages[-1]

    def begun(self, click: Click) -> int:
        """A number for a click under way."""
        number = next(self._numbers)
        self._unacknowledged[number] = self._untold[number] = click
        return number

    def _acknowledged(self, number: int) -> None:
        if click := self._unacknowledged.pop(number, None):
            click.acknowledged()

    def _told(self, number: int, body: bytes) -> bytes:
        if click := self._untold.pop(number, None):
            click.told("" if any(receipt in body for receipt in RECEIPTS) else body.decode())
        return response(b'{"ok":true}')

    async def post_all(self, bot: Bot) -> None:
        """Let the admin open the question of the day in every channel."""
        for channel in self.channels:
            payload = payloads.slash(self.world, self.admin, channel, "/quiz", "post", "")
            self._command(bot, payload | {"response_url": f"{self.world.http_url}/response/0"})
        async with asyncio.timeout(60):
            while not all(channel.messages for channel in self.channels):  # noqa: ASYNC110  # a message rings no bell here
                await asyncio.sleep(0.05)

    def _command(self, bot: Bot, payload: Json) -> None:
        if isinstance(bot.transport, OverSocket):
            filled = bot.transport.template(payload, "slash_commands").filled(b"0")
        else:
            filled = "&".join(f"{key}={quote_plus(str(value))}" for key, value in payload.items()).encode()
        bot.transport.deliver(0, filled)

    # --- Socket Mode

    def _opened(self, connection: Connection, request: Request) -> None:
        bot = self.bots[request.path.rpartition("=")[2]]
        assert isinstance(bot.transport, OverSocket)
        bot.transport.connection = connection
        connection.send(b'{"type":"hello","num_connections":1}')
        bot.connected.set()

    def _heard(self, connection: Connection, payload: bytes) -> None:
        """An acknowledgement."""
        self._acknowledged(int(orjson.loads(payload)["envelope_id"]))

    # --- Web API and response_urls

    def _answer(self, request: Request) -> bytes:
        path = request.path.partition("?")[0]
        if path.startswith("/response/"):
            return self._told(int(path.rpartition("/")[2]), request.body)
        method = path.removeprefix("/api/")
        found = _BEARER.search(request.head)
        bot = self.bots.get(found[1].decode()) if found else None
        if method == "chat.postEphemeral" and bot is not None:
            return self._told(bot.latest[orjson.loads(request.body)["user"]], request.body)
        if method == "apps.connections.open" and bot is not None:
            return self._reply({"url": f"{self.world.http_url.replace('http', 'ws', 1)}/link?bot={bot.name}"})
        return self._reply(METHODS[method].act(self.world, Call(method, _arguments(request), self.world.workspace, 0)))

    def _reply(self, reply: Json) -> bytes:
        return response(orjson.dumps({"ok": True} | reply))


def _arguments(request: Request) -> dict[str, Any]:
    """From the query and a body of either kind."""
    args: dict[str, Any] = dict(parse_qsl(request.path.partition("?")[2]))
    if request.body.startswith(b"{"):
        return args | dict(orjson.loads(request.body))
    return args | dict(parse_qsl(request.body.decode()))
