"""Slack as a chat platform: its life from connecting to hanging up."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from http import HTTPStatus
from time import perf_counter

from aiohttp import ClientSession, ClientTimeout
from aiohttp.web import RouteDef
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.adapters.slack import render
from bot.adapters.slack.api import SDK_LOG, Api, Json
from bot.adapters.slack.errands import Errands
from bot.adapters.slack.errors import BAD_TOKEN, error_name, translated
from bot.adapters.slack.examination import Keys, examine
from bot.adapters.slack.listeners import ARRIVED, Listeners
from bot.adapters.slack.oauth import OAuth, flow
from bot.adapters.slack.people import People
from bot.adapters.slack.scopes import HISTORY, SCOPES, granted
from bot.adapters.slack.socket import Socket
from bot.adapters.slack.web import Listening, Web
from bot.adapters.slack.workspaces import PLATFORM, Authorize, Installed, ManyWorkspaces, OneWorkspace, Workspaces
from bot.core import teams
from bot.core.crowd import Room
from bot.core.messages import Message
from bot.core.messages import home as wording
from bot.core.meter import Failure
from bot.core.model import Address, Identity, Workspace
from bot.core.ports import BadToken, Finding, NotDone, Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

TRY = ClientTimeout(total=15.0)
"""For one request; shorter than the core's patience with a post, so that it learns what became of it."""

LONGEST_PAUSE = 60.0
"""Seconds between two attempts to connect again, at most."""

PATIENCE = 8.0
"""Seconds for what is under way to finish when the bot stops."""


class Slack:
    """``ports.Chat`` in every workspace in which the app is installed.

    With an app-level token Slack is reached over Socket Mode, in the workspace of the bot token. With a signing secret
    Slack reaches the bot over HTTP, and with ``oauth`` the app can be installed in any number of workspaces.
    """

    platform = PLATFORM

    def __init__(
        self,
        *,
        api_url: str = "https://slack.com/api/",
        bot_token: str = "",
        app_token: str = "",
        signing_secret: str = "",
        oauth: OAuth | None = None,
    ) -> None:
        self._url = api_url
        self._bot_token = bot_token
        self._app_token = app_token
        self._oauth = oauth
        self._web = None if app_token else Web(signing_secret, installs=oauth is not None)
        self._workspaces: Workspaces | None = None

    @property
    def routes(self) -> Sequence[RouteDef]:
        """Where Slack reaches the bot, if it does over HTTP."""
        return self._web.routes() if self._web else ()

    # --- ports.Chat

    async def workspace(self, address: Address) -> Workspace | None:
        return (await self._connected.of(address)).workspace

    async def post(self, address: Address, message: Message, mark: str) -> str:
        at = await self._connected.of(address)
        return await at.api.post(address.id, render.content(message), mark)

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        at = await self._connected.of(address)
        return await at.api.find(address.id, mark, since, until)

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        at = await self._connected.of(address)
        await at.api.update(address.id, ref, render.content(message))

    async def tell(self, identity: Identity, message: Message) -> None:
        at = await self._connected.called(identity.workspace)
        await at.api.tell(identity.user, render.content(message))

    @property
    def _connected(self) -> Workspaces:
        if self._workspaces is None:
            raise NotDone("Slack is not connected")
        return self._workspaces

    # --- life

    async def run(self, quiz: Quiz, stopping: asyncio.Event) -> None:
        """Connect, and serve until ``stopping``. Raises ``BadToken``, or ``Unavailable`` where it cannot connect."""
        errands = Errands()
        async with ClientSession(timeout=TRY) as session:
            api = partial(Api, session, self._url, errands)
            own = await _own(api(self._bot_token), quiz) if self._bot_token else None
            try:
                if self._web:
                    await self._over_http(quiz, stopping, errands, self._web, api, own)
                elif own:
                    self._workspaces = OneWorkspace(own)
                    app = _app(quiz, self._workspaces, errands, own.api)
                    lost = partial(quiz.connected.discard, PLATFORM)
                    handle = partial(_handled, quiz, app)
                    socket = Socket(session, own.api.client, self._app_token, handle, errands, lost)
                    await _over_socket(quiz, stopping, socket)
            finally:
                self._workspaces = None

    async def _over_http(
        self,
        quiz: Quiz,
        stopping: asyncio.Event,
        errands: Errands,
        web: Web,
        api: Callable[..., Api],
        own: Installed | None,
    ) -> None:
        install = None
        if self._oauth:
            many = ManyWorkspaces(self._oauth.installations, api, quiz.store.known, own)
            install = flow(self._oauth, api(None).client, self._url, many)
            self._workspaces = many
        elif own:
            self._workspaces = OneWorkspace(own)
        app = _app(quiz, self._connected, errands, api(None))
        with web.listens(Listening(app, errands, quiz, install)):
            await teams.arrive(quiz, PLATFORM)
            log.info("listening to Slack at /slack/events")
            await stopping.wait()
        await errands.done(PATIENCE)

    # --- quizbot doctor

    async def examine(self, channels: Sequence[Address]) -> AsyncIterator[Finding]:
        """Look at tokens, scopes, clock and these channels, without posting anything."""
        async with ClientSession(timeout=TRY) as session:
            keys = Keys(self._bot_token, self._app_token, self._oauth)
            async for finding in examine(partial(Api, session, self._url, Errands()), keys, channels):
                yield finding


async def _own(api: Api, quiz: Quiz) -> Installed:
    """The workspace of the bot token."""
    with translated(), _token("SLACK_BOT_TOKEN"):
        who = await api.client.auth_test()
    workspace = Workspace(PLATFORM, who["team_id"], who["team"])
    bot = AuthorizeResult(
        enterprise_id=who.get("enterprise_id"),
        team_id=who["team_id"],
        bot_id=who["bot_id"],
        bot_user_id=who["user_id"],
        bot_token=api.client.token,
    )
    log.info("connected to Slack as %s in %s (%s)", who["user"], workspace.name, workspace.id)
    quiz.blind.discard(PLATFORM)
    scopes = granted(who.headers)
    for missing in (scope for scope in HISTORY if scopes and scope not in scopes):
        log.warning("the scope %s is missing: %s", missing, SCOPES[missing])
        quiz.blind.add(PLATFORM)
    return Installed(workspace, api, People(api, workspace.id), bot)


async def _over_socket(quiz: Quiz, stopping: asyncio.Event, socket: Socket) -> None:
    with translated(), _token("SLACK_APP_TOKEN"):
        over = await socket.connect()
    try:
        await teams.arrive(quiz, PLATFORM)
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(_keep_connected(quiz, socket, over))
            await stopping.wait()
            keeping.cancel()
    finally:
        await socket.close()


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
        over = asyncio.Event()
        over.set()
    else:
        log.info("connected to Slack again")
        quiz.connected.add(PLATFORM)
    return over


async def _handled(quiz: Quiz, app: AsyncApp, payload: Json) -> Json | None:
    """Let an event be carried out; returns as soon as it is acknowledged, and with what.

    What there is no room for does not get as far as bolt: there is nothing that it could find out.
    """
    if quiz.crowd.room() is Room.NOTHING:
        quiz.meter.failed(Failure.CROWDED)
        return None
    request = AsyncBoltRequest(mode="socket_mode", body=payload, context={ARRIVED: perf_counter()})
    response = await app.async_dispatch(request)
    if response.status != HTTPStatus.OK:
        return None
    return dict(json.loads(response.body)) if response.body else {}


def _app(quiz: Quiz, workspaces: Workspaces, errands: Errands, api: Api) -> AsyncApp:
    """Bolt, which finds out what an event is about and whether the app is installed where it comes from.

    Without ``authorize`` it would ask Slack about the token again before the first event, and with
    ``SLACK_CLIENT_ID`` in the environment look for one in files. Signatures are verified where requests come in.
    """

    app = AsyncApp(
        name="quizbot",
        logger=SDK_LOG,
        client=api.client,
        authorize=Authorize(workspaces),  # type: ignore[arg-type]  # bolt takes one, but does not say so
        request_verification_enabled=False,
        user_facing_authorize_error_message=wording.no_installation(),
    )
    app.use(Listeners(quiz, workspaces, errands, api).routing())
    return app


@contextmanager
def _token(variable: str) -> Iterator[None]:
    """Blame a token that Slack refuses on its variable."""
    try:
        yield
    except SlackApiError as error:
        if error_name(error) in BAD_TOKEN | {"missing_scope"}:
            raise BadToken(variable) from error
        raise
