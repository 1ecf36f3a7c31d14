"""The Web API, response_urls and upload addresses over HTTP."""

import asyncio
import json
import socket
import struct
from base64 import b64decode
from email.utils import formatdate
from typing import Any, Literal

from aiohttp import web

from . import accounts, chat, files, modals
from .blocks import Json
from .faults import Fault
from .hooks import respond
from .methods import METHODS, need
from .model import Call, Workspace
from .world import Refusal, World

TABLES = (accounts, chat, files, modals)
STRUCTURED = ("blocks", "view", "metadata", "files")


class Web:
    """Answers the bot's requests. What is asked and answered goes into `world.calls`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.faults: list[Fault] = []

    def routes(self) -> list[web.RouteDef]:
        """Where it answers."""
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/response/{team}/{token}", self._response),
            web.post("/upload/{file}", self._upload),
        ]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        call = self._note(request.match_info["method"], await _arguments(request))
        return await self._serve(request, call, _token(request, call))

    async def _response(self, request: web.Request) -> web.StreamResponse:
        call = self._note("response_url", await _arguments(request))
        call.workspace = self._world.workspaces.get(request.match_info["team"])
        return await self._serve(request, call, request.match_info["token"])

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        call = self._note("upload", {"file": request.match_info["file"], "content": await _content(request)})
        return await self._serve(request, call, "")

    def _note(self, name: str, args: Json) -> Call:
        call = Call(name, args, None, self._world.clock())
        self._world.calls.append(call)
        return call

    async def _serve(self, request: web.Request, call: Call, token: str) -> web.StreamResponse:
        """Answer one request, with whatever fault is due."""
        fault = next((fault for fault in self.faults if fault.takes(call)), None)
        if fault:
            await asyncio.sleep(fault.delay)
        if fault is None or not fault.answers or fault.when == "after":
            self._act(call, token)
        if fault:
            await asyncio.sleep(fault.hold)
        response = self._answer(request, call, fault) if fault and fault.answers else _plain(call)
        response.headers["Date"] = formatdate(self._world.clock(), usegmt=True)
        self._world.bell.ring()
        return response

    def _act(self, call: Call, token: str) -> None:
        """Let the request take effect; the answer goes into the call."""
        try:
            call.reply = {"ok": True} | self._dispatch(call, token)
            call.status = 200
        except Refusal as refusal:
            call.reply = refusal.reply
            call.status = _status(call)

    def _dispatch(self, call: Call, token: str) -> Json:
        if call.method == "response_url":
            return respond(self._world, token, call)
        if call.method == "upload":
            return self._store(call)
        if call.method not in METHODS:
            raise Refusal("unknown_method", req_method=call.method)
        method = METHODS[call.method]
        if method.token == "app":
            _check_app_token(token, self._world)
        elif method.token == "bot":
            call.workspace = self._authorize(token)
            need(call.workspace, *method.scopes)
        return method.act(self._world, call)

    def _authorize(self, token: str) -> Workspace:
        """The workspace of a bot token (https://docs.slack.dev/reference/methods/auth.test#errors)."""
        if not token:
            raise Refusal("not_authed")
        if token == self._world.app_token:
            raise Refusal("not_allowed_token_type")
        found = next((w for w in self._world.workspaces.values() if w.bot_token == token), None)
        if found is None:
            raise Refusal("invalid_auth")
        if found.revoked:
            raise Refusal("token_revoked")
        return found

    def _store(self, call: Call) -> Json:
        if call.args["file"] not in self._world.files:
            raise Refusal("file_not_found")
        self._world.files[call.args["file"]] = call.args["content"]
        return {}

    def _answer(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        """What a fault answers in place of the truth."""
        if fault.reset:
            _reset(request)
            return web.Response()
        call.status = fault.status or 200
        error = fault.error or ("ratelimited" if call.status == 429 else "internal_error")
        call.reply = {"ok": False, "error": error}
        headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        return web.json_response(call.reply, status=call.status, headers=headers)


def _plain(call: Call) -> web.Response:
    """The true answer, with the granted scopes in a header as Slack sends them."""
    scopes = {"x-oauth-scopes": ",".join(sorted(call.workspace.scopes))} if call.workspace else {}
    return web.json_response(call.reply, status=call.status, headers=scopes)


def _status(call: Call) -> int:
    """Methods refuse with a 200; addresses with a 404 where they are spent or unknown, else with a 400."""
    if call.method not in ("response_url", "upload"):
        return 200
    return 404 if call.error in ("expired_url", "used_url", "file_not_found") else 400


def _reset(request: web.Request) -> None:
    """Cut the connection with a TCP reset."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def _check_app_token(token: str, world: World) -> None:
    if not token.startswith("xapp-"):
        raise Refusal("not_allowed_token_type" if token else "not_authed")
    if token != world.app_token:
        raise Refusal("invalid_auth")


def _token(request: web.Request, call: Call) -> str:
    """The token of the Authorization header or the body; client credentials move into the arguments."""
    scheme: Literal["Bearer", "Basic"] | str
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        client, _, secret = b64decode(value).decode().partition(":")
        call.args |= {"client_id": client, "client_secret": secret}
    return value if scheme == "Bearer" else str(call.args.pop("token", ""))


async def _arguments(request: web.Request) -> Json:
    """A request's arguments from its query, form or JSON body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= json.loads(await request.text() or "{}")
    else:
        args |= await request.post()
    return {key: _parsed(value) if key in STRUCTURED else value for key, value in args.items()}


def _parsed(value: Any) -> Any:
    """An array or object, which may travel as JSON in a string; what is not JSON is left for the method to refuse."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


async def _content(request: web.Request) -> bytes:
    """The bytes of an upload, raw or as the one part of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = next(iter((await request.post()).values()))
    return part.file.read() if isinstance(part, web.FileField) else str(part).encode()
