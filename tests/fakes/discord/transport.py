"""What every REST request goes through: reading the body, the token, faults, errors, and the record of it."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web
from aiohttp.typedefs import Handler, Middleware

from .faults import Fault, rate_limited
from .messages import Attachment
from .rules import ApiError
from .world import Json

if TYPE_CHECKING:
    from .server import FakeDiscord

BASE = "/api/v10"
WITHOUT_BOT_TOKEN = ("/interactions/", "/webhooks/")
"""Paths that carry a token of their own."""

BODY: web.RequestKey[Any] = web.RequestKey("BODY", object)
FILES: web.RequestKey[dict[str, Attachment]] = web.RequestKey("FILES", dict)

VIOLATIONS = {10062, 40060, 50006, 50027, 50035}
"""The codes that tell of a mistake of the bot, not of the state of the world."""


def envelope(server: FakeDiscord) -> Middleware:
    """The middleware around every REST handler."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(f"{BASE}/"):
            return await handler(request)
        path = request.path.removeprefix(BASE)
        await _read(server, request)
        if server.allowed and not path.startswith(WITHOUT_BOT_TOKEN) and _too_many(server):
            server.note_violation(request.method, path, ApiError(429, 0, "You are being rate limited."))
            body, headers = rate_limited(1.0)
            return reply(body | {"global": True}, status=429, headers=headers | {"X-RateLimit-Global": "true"})
        response = await _with_faults(server, request, handler, path)
        _record(server, request, path, response.status)
        return response

    return around


def _too_many(server: FakeDiscord) -> bool:
    """Whether this request is one too many within a second."""
    now = time.monotonic()
    while server.taken and server.taken[0] <= now - 1:
        server.taken.popleft()
    server.taken.append(now)
    return len(server.taken) > server.allowed


def reply(payload: Any, *, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON answer; its type names no charset, as discord.py takes no other for JSON."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def body_of(request: web.Request) -> Any:
    """The JSON body of a request, that of `payload_json` in a multipart one; an empty object without a body."""
    return request[BODY]


def files_of(request: web.Request, message: Json) -> list[Attachment]:
    """The files of a multipart request, named and described by the attachments of its `message`."""
    described = {str(item.get("id")): item for item in message.get("attachments") or []}
    files = []
    for index, file in request[FILES].items():
        filename = described.get(index, {}).get("filename") or file.filename
        description = described.get(index, {}).get("description")
        files.append(Attachment(file.id, filename, file.content, file.content_type, description))
    return files


async def _read(server: FakeDiscord, request: web.Request) -> None:
    """Read the body, before any answer, so that the connection stays usable."""
    request[FILES] = {}
    if request.content_type.startswith("multipart/"):
        request[BODY] = await _read_multipart(server, request)
    else:
        text = await request.text()
        request[BODY] = json.loads(text) if text else {}


async def _read_multipart(server: FakeDiscord, request: web.Request) -> Any:
    """The JSON of the part `payload_json`; the parts `files[n]` are kept with the request under n."""
    body: Any = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        content = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(content)
        elif part.name:
            index = part.name.removeprefix("files[").removesuffix("]")
            kind = part.headers.get("Content-Type", "application/octet-stream")
            file = Attachment(server.snowflakes.next(), part.filename or "file", content, kind, None)
            request[FILES][index] = file
    return body


async def _with_faults(server: FakeDiscord, request: web.Request, handler: Handler, path: str) -> web.StreamResponse:
    """Answer a request, in the way of the fault that it meets, if any."""
    fault = server.faults.take(request.method, path)
    if fault is None:
        return await _answer(server, request, handler, path)
    await asyncio.sleep(fault.delay)
    response = await _answer(server, request, handler, path) if fault.act else None
    fault.met()
    if fault.hold:
        await fault.released.wait()
    if fault.reset:
        return _reset(request)
    if fault.status is not None:
        return _faulty(fault, fault.status)
    return response or await _answer(server, request, handler, path)


def _faulty(fault: Fault, status: int) -> web.Response:
    """The answer that a fault prescribes."""
    body = {"message": f"{status}: fault", "code": 0} if fault.body is None else fault.body
    return reply(body, status=status, headers=fault.headers)


def _reset(request: web.Request) -> web.Response:
    """Reset the TCP connection (a linger time of zero makes closing send RST); what is returned reaches nobody."""
    if request.transport:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    response = web.Response()
    response.set_status(499, "connection reset")
    return response


async def _answer(server: FakeDiscord, request: web.Request, handler: Handler, path: str) -> web.StreamResponse:
    """Check the token and let the handler answer; refusals become Discord's error objects."""
    try:
        if not path.startswith(WITHOUT_BOT_TOKEN) and request.headers.get("Authorization") != f"Bot {server.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        return await handler(request)
    except ApiError as error:
        _note_violation(server, request, path, error)
        return reply(error.payload(), status=error.status)
    except web.HTTPException as error:
        return reply({"message": f"{error.status}: {error.reason}", "code": 0}, status=error.status)


def _note_violation(server: FakeDiscord, request: web.Request, path: str, error: ApiError) -> None:
    """Keep a refusal that is the bot's own fault."""
    if error.code in VIOLATIONS:
        server.note_violation(request.method, path, error)


def _record(server: FakeDiscord, request: web.Request, path: str, status: int) -> None:
    """Keep what was asked and answered."""
    server.note_request(request.method, path, body_of(request), status)
