"""Being installed in one workspace after another (https://docs.slack.dev/authentication/installing-with-oauth)."""

from __future__ import annotations

import html
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import render
from bot.adapters.slack.api import SDK_LOG
from bot.adapters.slack.scopes import SCOPES
from bot.adapters.slack.workspaces import ManyWorkspaces
from bot.core.messages import Message, plain
from bot.core.messages import home as wording
from bot.core.ports import Refused, Unavailable

log = logging.getLogger(__name__)

STATE_LASTS = 600
"""Seconds that somebody may take between the first page and the last one."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """What it takes to be installed in many workspaces; slack-sdk's own stores keep tokens and states."""

    client_id: str
    client_secret: str
    installations: AsyncInstallationStore
    states: AsyncOAuthStateStore


def flow(oauth: OAuth, client: AsyncWebClient, url: str, workspaces: ManyWorkspaces) -> AsyncOAuthFlow:
    """The two pages of an installation; ``url`` is the Web API's, beside which Slack asks for consent."""
    settings = AsyncOAuthSettings(
        client_id=oauth.client_id,
        client_secret=oauth.client_secret,
        scopes=list(SCOPES),
        user_scopes=[],
        authorization_url=urljoin(url, "/oauth/v2/authorize"),
        install_page_rendering_enabled=False,
        callback_options=AsyncCallbackOptions(success=_Welcome(workspaces), failure=_failed),
        installation_store=oauth.installations,
        state_store=oauth.states,
        state_expiration_seconds=STATE_LASTS,
        logger=SDK_LOG,
    )
    return _Flow(client=client, logger=SDK_LOG, settings=settings)


class _Flow(AsyncOAuthFlow):
    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep the bot's token, and nothing of whoever installed it. The workspace's id says which one it is: of its
        enterprise nothing is known when a post is due."""
        bot = installation.to_bot()
        bot.enterprise_id = None
        await self.settings.installation_store.async_save_bot(bot)


@dataclass(frozen=True, slots=True)
class _Welcome:
    """Says what comes next, on the page and to whoever installed the app."""

    workspaces: ManyWorkspaces

    async def __call__(self, done: AsyncSuccessArgs) -> BoltResponse:
        workspace = done.installation.team_id or ""
        self.workspaces.renew(workspace)
        try:
            at = await self.workspaces.called(workspace)
            await at.api.tell(done.installation.user_id, render.content(wording.welcome(admin=True)))
        except (Unavailable, Refused) as error:
            log.warning("whoever installed the app in %s is not welcomed: %s", workspace, error)
        log.info("installed in %s (%s)", done.installation.team_name, workspace)
        return _page(200, wording.installed(done.installation.team_name or workspace))


async def _failed(failure: AsyncFailureArgs) -> BoltResponse:
    log.warning("an installation failed: %r", failure.reason[:100])  # anybody may have written it into the address
    return _page(failure.suggested_status_code, wording.not_installed(failure.reason))


def _page(status: int, said: Message) -> BoltResponse:
    lines: Sequence[str] = [plain(line) for line in said.body if isinstance(line, tuple)]
    body = "".join(f"<p>{html.escape(line)}</p>" for line in lines)
    title = html.escape(said.title)
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>{body}</html>'
    return BoltResponse(status=status, body=page, headers={"Content-Type": "text/html; charset=utf-8"})
