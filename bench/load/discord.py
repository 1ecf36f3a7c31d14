"""A Discord for load: REST and gateway for one server with many channels and members, and any number of bots.

What it describes it takes from the tests' fake; what comes in it hardly looks at. Bots are told apart by their tokens.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import zstandard

from bench.load.clicks import Click, Press
from bench.load.template import Template, slot
from bench.load.wire import BINARY, Connection, Request, response
from tests.fakes.discord.interactions import Kind, Reply
from tests.fakes.discord.messages import Message
from tests.fakes.discord.world import (
    EVERYBODY_MAY,
    Channel,
    Clock,
    Guild,
    Json,
    Membership,
    Permission,
    Role,
    Snowflakes,
    User,
)

RECEIPTS = ("Recorded", "Changed")
"""How what a member is told after a click begins."""

BASE = "/api/v10"
HELLO, IDENTIFY, HEARTBEAT, HEARTBEAT_ACK = 10, 2, 1, 11
EPHEMERAL = 64
ID, TOKEN, USER, NAME = range(4)


class Limit:
    """Discord's global rate limit: so many calls a second, those that answer interactions not counted
    (https://docs.discord.com/developers/topics/rate-limits#global-rate-limit)."""

    def __init__(self, calls: int) -> None:
        self.turned_away = 0
        self._calls = calls
        self._taken: deque[float] = deque()

    def reached(self) -> float:
        """Seconds to wait, where a call is one too many."""
        now = time.monotonic()
        while self._taken and self._taken[0] <= now - 1:
            self._taken.popleft()
        if len(self._taken) >= self._calls:
            self.turned_away += 1
            return self._taken[0] + 1 - now
        self._taken.append(now)
        return 0.0


class Line:
    """A connection to the gateway, compressed as one stream."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stream = zstandard.ZstdCompressor().compressobj()
        self._sequence = itertools.count(1)

    def send(self, payload: bytes) -> None:
        """Send a payload."""
        packed = self._stream.compress(payload) + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        self._connection.send(packed, BINARY)

    def dispatch(self, event: str, data: bytes) -> None:
        """Send an event."""
        self.send(b'{"op":0,"t":"%b","s":%d,"d":%b}' % (event.encode(), next(self._sequence), data))


class Bot:
    """A bot as this Discord reaches it; ``cpu`` is what it has cost so far, in seconds."""

    line: Line

    def __init__(self, server: Discord) -> None:
        self.cpu: Callable[[], float] = lambda: 0.0
        self.identified = asyncio.Event()
        self._server = server

    def press(self, press: Press, click: Click) -> None:
        """Let a member click."""
        self.line.dispatch("INTERACTION_CREATE", self._server.interaction(press, click))


class Discord:
    """The server; ``bot`` adds one by its token."""

    def __init__(self, channels: int, members: int) -> None:
        clock = Clock()
        ids = Snowflakes(clock)
        self.me = User(ids.next(), "quizbot", bot=True)
        guild = ids.next_guild()
        self.guild = Guild(guild, "Bench", Role(guild, "@everyone", EVERYBODY_MAY))
        self.guild.bot = Membership(self.me, self.guild)
        self.channels = [Channel(ids.next(), f"room-{n}", self.guild) for n in range(channels)]
        self.guild.channels = {channel.id: channel for channel in self.channels}
        self.members = [User(ids.next(), f"member{n}") for n in range(members)]
        self.admin = User(ids.next(), "admin")
        self.bots: dict[str, Bot] = {}
        self.posted: dict[int, Message] = {}
        """The latest message of each channel."""
        self.nonces: Counter[str] = Counter()
        """What named each message that was posted, and how often it was sent."""
        self.limit: Limit | None = None
        self._lines: dict[Connection, Line] = {}
        self._ids = ids
        self._waiting: dict[int, Click] = {}
        self._deferred: dict[int, int] = {}
        self._templates: dict[tuple[int, int], Template] = {}
        self._values = [(str(user.id).encode(), user.name.encode()) for user in self.members]
        self._blank = Message(0, self.channels[0], self.me, clock.now(), application_id=self.me.id).payload()
        self._clock = clock

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen on a free port of this machine."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self._answer, self._opened, self._heard), "127.0.0.1", 0)
        self.port: int = server.sockets[0].getsockname()[1]
        yield
        server.close()

    def bot(self, token: str) -> Bot:
        """A bot with this token."""
        self.bots[token] = Bot(self)
        return self.bots[token]

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.port}{BASE}"

    # --- clicks

    def interaction(self, press: Press, click: Click) -> bytes:
        """The event of a click; what the bot answers is for the click."""
        key = (press.channel, press.letter)
        template = self._templates.get(key) or self._templates.setdefault(key, self._template(press))
        number = self._ids.next()
        self._waiting[number] = click
        return template.filled(str(number).encode(), b"token%d" % number, *self._values[press.member])

    def _template(self, press: Press) -> Template:
        channel = self.channels[press.channel]
        message = self.posted[channel.id]
        button = [child for row in message.components for child in row["components"]][press.letter]
        data = {"component_type": button["type"], "custom_id": button["custom_id"], "id": button["id"]}
        payload = self._payload(Kind.COMPONENT, data, channel, Permission.NONE) | {"message": message.payload()}
        payload["member"]["user"] |= {"id": slot(USER), "username": slot(NAME), "global_name": slot(NAME)}
        return Template(payload)

    def _payload(self, kind: Kind, data: Json, channel: Channel, more: Permission) -> Json:
        may = EVERYBODY_MAY | more
        return {
            "id": slot(ID),
            "application_id": str(self.me.id),
            "type": int(kind),
            "token": slot(TOKEN),
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.partial_payload(may),
            "locale": "en-US",
            "app_permissions": str(int(EVERYBODY_MAY)),
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "guild_id": str(self.guild.id),
            "guild": {"id": str(self.guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": Membership(self.admin, self.guild).payload() | {"permissions": str(int(may))},
            "context": 0,
            "authorizing_integration_owners": {"0": str(self.guild.id)},
        }

    def command(self, bot: Bot, name: str, channel: Channel) -> None:
        """An admin uses a command."""
        data = {"id": "1", "name": "quiz", "type": 1, "options": [{"name": name, "type": 1, "options": []}]}
        payload = self._payload(Kind.COMMAND, data, channel, Permission.MANAGE_GUILD)
        number = str(self._ids.next()).encode()
        bot.line.dispatch("INTERACTION_CREATE", Template(payload).filled(number, b"token" + number))

    async def post_all(self, bot: Bot) -> None:
        """Let the admin open the question of the day in every channel."""
        for channel in self.channels:
            self.command(bot, "post", channel)
        async with asyncio.timeout(60):
            while len(self.posted) < len(self.channels):  # noqa: ASYNC110  # a message rings no bell here
                await asyncio.sleep(0.05)

    # --- gateway

    def _opened(self, connection: Connection, request: Request) -> None:
        line = self._lines[connection] = Line(connection)
        line.send(orjson.dumps({"op": HELLO, "d": {"heartbeat_interval": 41_250}}))

    def _heard(self, connection: Connection, payload: bytes) -> None:
        said: Json = orjson.loads(payload)
        line = self._lines[connection]
        if said["op"] == HEARTBEAT:
            line.send(b'{"op":%d}' % HEARTBEAT_ACK)
        elif said["op"] == IDENTIFY:
            shard = {"shard": said["d"]["shard"]} if "shard" in said["d"] else {}
            line.dispatch("READY", orjson.dumps(self._ready() | shard))
            line.dispatch("GUILD_CREATE", orjson.dumps(self.guild.create_payload() | {"unavailable": False}))
            bot = self.bots[said["d"]["token"]]
            bot.line = line
            bot.identified.set()

    def _ready(self) -> Json:
        return {
            "v": 10,
            "user": self.me.payload(),
            "guilds": [{"id": str(self.guild.id), "unavailable": True}],
            "session_id": "session",
            "resume_gateway_url": self._gateway,
            "application": {"id": str(self.me.id), "flags": 0},
        }

    @property
    def _gateway(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gateway"

    # --- REST

    def _answer(self, request: Request) -> bytes:
        path = request.path.partition("?")[0].removeprefix(BASE)
        parts = path.split("/")
        match request.method, parts[1:]:
            case "POST", ["interactions", number, _, "callback"]:
                return response(self._respond(int(number), orjson.loads(request.body)))
            case _, ["webhooks", _, token, *_]:
                return response(self._follow(int(token.removeprefix("token")), orjson.loads(request.body or b"{}")))
            case _ if self.limit and (pause := self.limit.reached()):
                told = {"message": "You are being rate limited.", "retry_after": pause, "global": True}
                headers = f"Via: 1.1 google\r\nRetry-After: {math.ceil(pause)}\r\nX-RateLimit-Global: true\r\n"
                return response(orjson.dumps(told), "429 Too Many Requests", headers=headers)
            case "POST" | "PATCH", ["channels", channel, "messages", *_]:
                return response(self._post(int(channel), orjson.loads(request.body)))
            case _:
                return response(orjson.dumps(self._about(request.method, parts[1:])))

    def _respond(self, number: int, body: Json) -> bytes:
        """The first response to a click, be it only a deferral."""
        click = self._waiting.get(number)
        data = body.get("data") or {}
        deferred = body["type"] in (Reply.DEFERRED, Reply.DEFERRED_UPDATE)
        if click is not None:
            click.acknowledged()
            if deferred:
                self._deferred[number] = data.get("flags", 0)
            else:
                self._told(number, data)
        told = {"id": str(number), "type": int(Kind.COMPONENT), "response_message_ephemeral": True}
        resource = {"type": body["type"], "message": self._message(number, data)}
        return orjson.dumps({"interaction": told, "resource": resource})

    def _follow(self, number: int, data: Json) -> bytes:
        """What follows a deferral, which settled who sees it."""
        self._told(number, data | {"flags": self._deferred.pop(number, 0)})
        return orjson.dumps(self._message(number, data))

    def _told(self, number: int, data: Json) -> None:
        click = self._waiting.pop(number, None)
        if click is not None:
            text, private = str(data.get("content")), data.get("flags", 0) & EPHEMERAL
            click.told("" if private and text.startswith(RECEIPTS) else text)

    def _message(self, number: int, data: Json) -> Json:
        changed = {key: data[key] for key in ("content", "components") if key in data}
        return self._blank | {"id": str(number), "flags": data.get("flags", 0)} | changed

    def _post(self, channel: int, body: Json) -> bytes:
        """A message of a channel, or an edit of it: there is only ever the last one, which a nonce that comes again
        stands for."""
        there = self.guild.channels[channel]
        message = self.posted.get(channel) or Message(self._ids.next(), there, self.me, self._clock.now())
        if "nonce" in body:
            self.nonces[body["nonce"]] += 1
        if self.nonces.get(body.get("nonce"), 0) < 2:
            message.write(body, [])
        self.posted[channel] = message
        return orjson.dumps(message.payload() | ({"nonce": body["nonce"]} if "nonce" in body else {}))

    def _about(self, method: str, parts: list[str]) -> Any:
        """What there is to read."""
        match parts:
            case ["gateway", *_]:
                limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
                return {"url": self._gateway, "shards": 1, "session_start_limit": limit}
            case ["users", "@me"]:
                return self.me.payload()
            case ["applications", _, "commands"]:
                return []
            case ["applications", "@me"] | ["oauth2", "applications", "@me"]:
                return self._application()
            case ["channels", number, "messages"]:
                return [self.posted[int(number)].payload()] if int(number) in self.posted else []
            case ["channels", number]:
                return self.guild.channels[int(number)].payload()
            case _:
                raise LookupError(f"the bot calls what this server does not have: {method} {parts}")

    def _application(self) -> Json:
        return {
            "id": str(self.me.id),
            "name": self.me.name,
            "icon": None,
            "description": "",
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "00",
            "flags": 0,
            "owner": self.admin.payload(),
            "team": None,
        }
