"""The gateway (v10): connections, sessions that survive them, and the events they are sent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
import uuid
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any, Protocol

from aiohttp import WSMsgType, web

from .waiting import Changes
from .world import Guild, Json, User

HEARTBEAT_INTERVAL_MS = 41_250
REPLAYED_EVENTS = 1000
GOING_AWAY = {1000, 1001}


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    RESUME = 6
    RECONNECT = 7
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Close codes of the gateway; a client must not reconnect after those from 4004 and 4010 on."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SHARD = 4010
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class Intent(IntFlag):
    """The intents that are named here; members, presences and message content are privileged."""

    NONE = 0
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
HIGHEST_INTENT_BIT = 25


class _Compressor(Protocol):
    """What turns a text into the frame of a stream."""

    def __call__(self, text: str) -> bytes: ...


def _zlib_stream() -> _Compressor:
    """One zlib context for the connection; each message ends with a sync flush (00 00 FF FF)."""
    context = zlib.compressobj()
    return lambda text: context.compress(text.encode()) + context.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> _Compressor:
    """One zstd context for the connection; each message ends with a flushed block.

    Imported only now: a client asks for it only where the package is installed.
    """
    import zstandard

    context = zstandard.ZstdCompressor().compressobj()
    return lambda text: context.compress(text.encode()) + context.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


STREAMS: dict[str, Callable[[], _Compressor]] = {"zlib-stream": _zlib_stream, "zstd-stream": _zstd_stream}


class Connection:
    """One websocket of a bot; what is sent is queued, so that sending never waits."""

    def __init__(self, socket: web.WebSocketResponse, request: web.Request) -> None:
        self.path = request.path
        self.session: Session | None = None
        self._socket = socket
        self._transport = request.transport
        stream = STREAMS.get(request.query.get("compress", ""))
        self._compress = stream() if stream else None
        self._queue: asyncio.Queue[str | int] = asyncio.Queue()
        self.ended_by_server = False

    def send(self, payload: Json) -> None:
        """Queue a payload."""
        self._queue.put_nowait(json.dumps(payload, separators=(",", ":")))

    def close(self, code: int) -> None:
        """Close with `code` after what is queued."""
        self.ended_by_server = True
        self._queue.put_nowait(code)

    def abort(self) -> None:
        """Cut the connection without a close frame."""
        self.ended_by_server = True
        if self._transport:
            self._transport.abort()

    async def write_forever(self) -> None:
        """Send what is queued, until a close code comes up or the client is gone."""
        with contextlib.suppress(ConnectionError):
            while isinstance(item := await self._queue.get(), str):
                if self._compress:
                    await self._socket.send_bytes(self._compress(item))
                else:
                    await self._socket.send_str(item)
            await self._socket.close(code=item)


@dataclass(eq=False)
class Session:
    """A shard's session from IDENTIFY on; it outlives its connection until it is resumed or forgotten."""

    shard: int
    shards: int
    intents: int
    connection: Connection | None
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    sequence: int = 0
    sent: deque[Json] = field(default_factory=lambda: deque(maxlen=REPLAYED_EVENTS))

    def covers(self, guild: Guild | None) -> bool:
        """Whether the events of this guild (direct messages: shard 0) come here."""
        return self.shard == (0 if guild is None else guild.shard(self.shards))

    def dispatch(self, event: str, data: Json) -> None:
        """Send an event; without a connection it is kept for the resume."""
        self.sequence += 1
        payload = {"op": Op.DISPATCH, "t": event, "s": self.sequence, "d": data}
        self.sent.append(payload)
        if self.connection:
            self.connection.send(payload)

    def missed(self, sequence: int) -> list[Json] | None:
        """The events after `sequence`, or None when they are no longer all there."""
        events = [payload for payload in self.sent if payload["s"] > sequence]
        return events if len(events) == self.sequence - sequence else None


class Gateway:
    """Accepts connections, keeps sessions, delivers events, and fails on request."""

    def __init__(self, token: str, bot: User, guilds: dict[int, Guild]) -> None:
        self._token = token
        self._bot = bot
        self._guilds = guilds
        self.url = ""
        self.privileged_intents = Intent.NONE
        """The privileged intents that the application was granted."""
        self.identify_pause = 0.0
        """Seconds that have to lie between two identifications (max_concurrency 1); one that comes too soon gets
        INVALID_SESSION."""
        self.refusing = False
        """While True, connections are answered with 503."""
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []
        self.identifies = 0
        self.resumes = 0
        self.heartbeats = 0
        self.resume_paths: list[str] = []
        self.changes = Changes()
        self._repeats: dict[str, int] = {}
        self._next_identify = 0.0

    @property
    def live_sessions(self) -> list[Session]:
        """The sessions that have a connection."""
        return [session for session in self.sessions.values() if session.connection]

    async def wait_connected(self, shards: int = 1, *, within: float = 15.0) -> None:
        """Wait until the sessions of that many shards have a connection."""

        def probe() -> bool:
            return len({(session.shard, session.shards) for session in self.live_sessions}) >= shards

        await self.changes.wait_for(probe, within, f"{shards} connected shard(s)")

    async def wait_disconnected(self, *, within: float = 15.0) -> None:
        """Wait until no bot is connected, as after killing its process."""
        await self.changes.wait_for(lambda: not self.connections, within, "the end of all connections")

    async def wait_resumed(self, times: int = 1, *, within: float = 15.0) -> None:
        """Wait until sessions were resumed `times` times in all."""
        await self.changes.wait_for(lambda: self.resumes >= times, within, f"{times} resume(s)")

    async def wait_identified(self, times: int, *, within: float = 20.0) -> None:
        """Wait until sessions were begun `times` times in all."""
        await self.changes.wait_for(lambda: self.identifies >= times, within, f"{times} identify(s)")

    def close(self, code: int = Close.UNKNOWN_ERROR, *, shard: int | None = None) -> None:
        """Close the connections (of one shard) with a close code."""
        for connection in self._connections_of(shard):
            connection.close(code)

    def abort(self, *, shard: int | None = None) -> None:
        """Cut the connections (of one shard) without a word."""
        for connection in self._connections_of(shard):
            connection.abort()

    def ask_to_reconnect(self, *, shard: int | None = None) -> None:
        """Send RECONNECT (op 7): the client should come back and resume."""
        for connection in self._connections_of(shard):
            connection.send({"op": Op.RECONNECT, "d": None})

    def forget_sessions(self) -> None:
        """Drop every session and cut its connection: the resume that follows gets INVALID_SESSION (op 9)."""
        self.sessions.clear()
        self.abort()

    def deliver_twice(self, event: str = "INTERACTION_CREATE", times: int = 1) -> None:
        """Deliver each of the next `times` events of this name twice."""
        self._repeats[event] = self._repeats.get(event, 0) + times

    def publish(
        self,
        event: str,
        data: Json,
        guild: Guild | None,
        intent: Intent = Intent.NONE,
        *,
        without_content: Json | None = None,
    ) -> None:
        """Send an event to the sessions of the guild's shard that have the intent.

        Those without the message content intent get `without_content` in place of `data`, if it is given.
        """
        copies = self._copies(event)
        for session in [s for s in self.sessions.values() if s.covers(guild) and s.intents & intent == intent]:
            blind = not session.intents & Intent.MESSAGE_CONTENT
            seen = without_content if blind and without_content else data
            for _ in range(copies):
                session.dispatch(event, seen)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection: HELLO, then what the client sends, until it ends."""
        if self.refusing:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, request)
        self.connections.append(connection)
        writer = asyncio.create_task(connection.write_forever())
        connection.send({"op": Op.HELLO, "d": {"heartbeat_interval": HEARTBEAT_INTERVAL_MS}})
        try:
            async for frame in socket:
                self._receive(connection, frame.type, frame.data)
        finally:
            writer.cancel()
            self._disconnected(connection, socket.close_code)
        return socket

    def _connections_of(self, shard: int | None) -> Iterable[Connection]:
        """The open connections, or those of one shard."""
        return [c for c in self.connections if shard is None or (c.session and c.session.shard == shard)]

    def _copies(self, event: str) -> int:
        """How often to deliver this event."""
        if not self._repeats.get(event):
            return 1
        self._repeats[event] -= 1
        return 2

    def _receive(self, connection: Connection, kind: WSMsgType, data: Any) -> None:
        """Act on one frame of the client."""
        if connection.ended_by_server:
            return
        try:
            payload: Json = json.loads(data) if kind in (WSMsgType.TEXT, WSMsgType.BINARY) else {}
            op, body = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            connection.close(Close.DECODE_ERROR)
            return
        if op == Op.HEARTBEAT:
            self.heartbeats += 1
            connection.send({"op": Op.HEARTBEAT_ACK})
        elif op in (Op.IDENTIFY, Op.RESUME):
            self._authenticate(connection, op, body or {})
        elif connection.session is None:
            connection.close(Close.NOT_AUTHENTICATED)
        elif op != Op.PRESENCE:
            connection.close(Close.UNKNOWN_OPCODE)

    def _authenticate(self, connection: Connection, op: int, body: Json) -> None:
        """IDENTIFY or RESUME, with the right token and only once."""
        if connection.session is not None:
            connection.close(Close.ALREADY_AUTHENTICATED)
        elif body.get("token") != self._token:
            connection.close(Close.AUTHENTICATION_FAILED)
        elif op == Op.IDENTIFY:
            self._identify(connection, body)
        else:
            self._resume(connection, body)
        self.changes.notify()

    def _identify(self, connection: Connection, body: Json) -> None:
        """Begin a session: READY, then a GUILD_CREATE for every guild of the shard."""
        shard, shards = body.get("shard") or (0, 1)
        intents = body.get("intents", 0)
        if refusal := self._refusal(shard, shards, intents):
            connection.close(refusal)
            return
        now = time.monotonic()
        if now < self._next_identify:
            connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        self._next_identify = now + self.identify_pause
        session = Session(shard, shards, intents, connection)
        self.sessions[session.id] = connection.session = session
        self.identifies += 1
        guilds = [guild for guild in self._guilds.values() if session.covers(guild)]
        session.dispatch("READY", self._ready(session, guilds, "shard" in body))
        for guild in guilds if intents & Intent.GUILDS else []:
            session.dispatch("GUILD_CREATE", guild.create_payload() | {"unavailable": False})

    def _refusal(self, shard: int, shards: int, intents: int) -> Close | None:
        """The close code for a shard or intents that are not to be had."""
        if not 0 <= shard < shards:
            return Close.INVALID_SHARD
        if intents >> (HIGHEST_INTENT_BIT + 1):
            return Close.INVALID_INTENTS
        if intents & PRIVILEGED & ~self.privileged_intents:
            return Close.DISALLOWED_INTENTS
        return None

    def _ready(self, session: Session, guilds: list[Guild], sharded: bool) -> Json:
        """The READY event; the guilds follow in events of their own."""
        ready: Json = {
            "v": 10,
            "user": self._bot.payload() | {"verified": True, "mfa_enabled": False, "flags": 0},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{self.url}/resume",
            "application": {"id": str(self._bot.id), "flags": 0},
        }
        return ready | {"shard": [session.shard, session.shards]} if sharded else ready

    def _resume(self, connection: Connection, body: Json) -> None:
        """Replay what was missed, then RESUMED; or INVALID_SESSION when that is not possible."""
        session = self.sessions.get(body.get("session_id", ""))
        missed = session.missed(body.get("seq") or 0) if session else None
        self.resume_paths.append(connection.path)
        if session is None or missed is None:
            connection.send({"op": Op.INVALID_SESSION, "d": False})
            return
        session.connection = connection
        connection.session = session
        for payload in missed:
            connection.send(payload)
        session.dispatch("RESUMED", {})
        self.resumes += 1

    def _disconnected(self, connection: Connection, close_code: int | None) -> None:
        """Forget the connection; its session too, if the client closed it for good (1000 or 1001)."""
        self.connections.remove(connection)
        session = connection.session
        if session and session.connection is connection:
            session.connection = None
            if close_code in GOING_AWAY and not connection.ended_by_server:
                self.sessions.pop(session.id, None)
        self.changes.notify()
