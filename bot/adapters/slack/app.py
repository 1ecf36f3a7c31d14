"""Slack as a chat platform: its life from connecting to hanging up."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus

from aiohttp import ClientSession, ClientTimeout
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack import render
from bot.adapters.slack.api import SDK_LOG, Api, Json
from bot.adapters.slack.errands import Errands
from bot.adapters.slack.errors import BAD_TOKEN, error_name, translated
from bot.adapters.slack.listeners import PLATFORM, Listeners
from bot.adapters.slack.socket import Socket
from bot.core import teams
from bot.core.messages import Message
from bot.core.model import Address, Workspace
from bot.core.ports import BadToken, Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

TRY = ClientTimeout(total=15.0)
"""For one request; shorter than the core's patience with a post, so that it learns what became of it."""

LONGEST_PAUSE = 60.0
"""Seconds between two attempts to connect again, at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """What there is while the bot is connected."""

    api: Api
    workspace: Workspace


class Slack:
    """``ports.Chat`` in the workspace of a bot token."""

    platform = PLATFORM

    def __init__(self, *, bot_token: str, app_token: str, api_url: str = "https://slack.com/api/") -> None:
        self._bot_token = bot_token
        self._app_token = app_token
        self._url = api_url
        self._line: Line | None = None

    # --- ports.Chat

    async def workspace(self, address: Address) -> Workspace | None:
        """A bot token belongs to one workspace, and so do all the channels in which it can be used."""
        return self._connected.workspace

    async def post(self, address: Address, message: Message, mark: str) -> str:
        return await self._connected.api.post(address.id, render.content(message), mark)

    async def find(self, address: Address, mark: str, since: datetime) -> str | None:
        return await self._connected.api.find(address.id, mark, since)

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        await self._connected.api.update(address.id, ref, render.content(message))

    @property
    def _connected(self) -> Line:
        if self._line is None:
            raise Unavailable("Slack is not connected")
        return self._line

    # --- life

    async def run(self, quiz: Quiz, stopping: asyncio.Event) -> None:
        """Connect, and serve until ``stopping``. Raises ``BadToken``, or ``Unavailable`` where it cannot connect."""
        errands = Errands()
        async with ClientSession(timeout=TRY) as session:
            api = Api(session, self._bot_token, self._url, errands)
            with translated(), _token("SLACK_BOT_TOKEN"):
                who = await api.client.auth_test()
            workspace = Workspace(PLATFORM, who["team_id"], who["team"])
            app = _app(api, who)
            Listeners(quiz, api, workspace, errands).register(app)
            socket = Socket(session, api.client, self._app_token, partial(_handled, app), errands)
            with translated(), _token("SLACK_APP_TOKEN"):
                over = await socket.connect()
            self._line = Line(api, workspace)
            try:
                await teams.arrive(quiz, PLATFORM)
                log.info("connected to Slack as %s in %s (%s)", who["user"], workspace.name, workspace.id)
                async with asyncio.TaskGroup() as group:
                    keeping = group.create_task(_keep_connected(quiz, socket, over))
                    await stopping.wait()
                    keeping.cancel()
            finally:
                await socket.close()
                self._line = None


async def _keep_connected(quiz: Quiz, socket: Socket, over: asyncio.Event) -> None:
    """Replace every connection that ends: at once if it lasted, else ever more slowly."""
    loop, pause = asyncio.get_running_loop(), 0.0
    while True:
        since = loop.time()
        await over.wait()
        if loop.time() - since > LONGEST_PAUSE:
            pause = 0.0
        await asyncio.sleep(pause)
        pause = min(max(1.0, 2 * pause), LONGEST_PAUSE)
        over = await _connected_again(quiz, socket)


async def _connected_again(quiz: Quiz, socket: Socket) -> asyncio.Event:
    """Another connection; where there is none to be had, one that is over already."""
    try:
        with translated():
            over = await socket.connect()
    except (Unavailable, Refused) as error:
        log.warning("Slack cannot be reached: %s", error)
        quiz.connected.discard(PLATFORM)
        over = asyncio.Event()
        over.set()
    else:
        log.info("connected to Slack again")
        quiz.connected.add(PLATFORM)
    return over


async def _handled(app: AsyncApp, payload: Json) -> Json | None:
    """Let bolt find the listener of an event; it returns as soon as that has acknowledged it, and with what."""
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
    if response.status != HTTPStatus.OK:
        return None
    return dict(json.loads(response.body)) if response.body else {}


def _app(api: Api, who: AsyncSlackResponse) -> AsyncApp:
    """Bolt for a token that Slack has accepted.

    Without ``authorize`` it would ask Slack about the token again before the first event, and with
    ``SLACK_CLIENT_ID`` in the environment look for one in files.
    """
    known = AuthorizeResult(
        enterprise_id=who.get("enterprise_id"),
        team_id=who["team_id"],
        bot_id=who["bot_id"],
        bot_user_id=who["user_id"],
        bot_token=api.client.token,
    )

    async def authorize() -> AuthorizeResult:
        return known

    return AsyncApp(name="quizbot", logger=SDK_LOG, client=api.client, authorize=authorize)


@contextmanager
def _token(variable: str) -> Iterator[None]:
    """Blame a token that Slack refuses on its variable."""
    try:
        yield
    except SlackApiError as error:
        if error_name(error) in BAD_TOKEN | {"missing_scope"}:
            raise BadToken(variable) from error
        raise
