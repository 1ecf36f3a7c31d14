"""The workspaces in which the app is installed, each with a token of its own."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from slack_bolt.async_app import AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.oauth.installation_store import Bot
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore

from bot.adapters.slack.api import Api
from bot.adapters.slack.errors import NOT_INSTALLED, UNKNOWN_PLACE
from bot.adapters.slack.people import People
from bot.core.model import Address, Channel, Workspace
from bot.core.ports import Refused, Unavailable

PLATFORM = "slack"

FRESH = 60.0
"""Seconds for which a token is good before the store is asked again: another process may have a newer one."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A workspace in which the app is installed: calls with its token, its people, and who the bot is there."""

    workspace: Workspace
    api: Api
    people: People
    bot: AuthorizeResult


class Workspaces(Protocol):
    """Where the app is installed. Its methods raise ``Unavailable``, and ``Refused`` where it is not."""

    async def called(self, workspace: str) -> Installed:
        """The workspace with this id."""

    async def of(self, address: Address) -> Installed:
        """The workspace that a channel is in."""

    async def look_for(self, address: Address, workspace: str) -> None:
        """See whether a channel that somebody there chose is in their workspace."""

    async def forget(self, workspace: str) -> None:
        """The app was taken out of a workspace."""


class Authorize(AsyncAuthorize):
    """What bolt asks with each event: who the bot is where it comes from. None says that it is not installed there."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult | None:
        try:
            return (await self._workspaces.called(team_id or "")).bot
        except Refused:
            return None
        except Unavailable:
            return AuthorizeResult(enterprise_id=None, team_id=team_id)  # the listener finds out, and can tell


class OneWorkspace:
    """The workspace of a token; all channels in which the token can be used are in it."""

    def __init__(self, own: Installed) -> None:
        self._own = own

    async def called(self, workspace: str) -> Installed:
        return self._own

    async def of(self, address: Address) -> Installed:
        return self._own

    async def look_for(self, address: Address, workspace: str) -> None:
        """There is but one."""

    async def forget(self, workspace: str) -> None:
        """The token is in the environment; when the app is installed again there is another one."""


class ManyWorkspaces:
    """The workspaces of an installation store, and the one of the environment's token, if there is one."""

    def __init__(
        self,
        store: AsyncInstallationStore,
        api: Callable[[str, str], Api],
        known: Callable[[Address], Awaitable[Channel | None]],
        own: Installed | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._api = api
        self._known = known
        self._own = own
        self._clock = clock
        self._kept: dict[str, tuple[float, Installed]] = {}
        self._found: dict[Address, str] = {}

    async def called(self, workspace: str) -> Installed:
        if self._own and self._own.workspace.id == workspace:
            return self._own
        until, kept = self._kept.get(workspace, (0.0, None))
        if kept and self._clock() < until:
            return kept
        try:
            kept = self._renewed(await self._stored(workspace), kept)
        except Unavailable:
            if kept is None:
                raise
        self._kept[workspace] = (self._clock() + FRESH, kept)
        return kept

    async def of(self, address: Address) -> Installed:
        channel = await self._known(address)
        workspace = (channel and channel.workspace) or self._found.get(address)
        if workspace:
            return await self.called(workspace)
        if self._own is None:
            raise Refused(UNKNOWN_PLACE)
        return self._own

    async def look_for(self, address: Address, workspace: str) -> None:
        with suppress(Unavailable, Refused):
            if await (await self.called(workspace)).api.has(address.id):
                self._found[address] = workspace

    def renew(self, workspace: str) -> None:
        """The app was installed once more: the token may be another one."""
        self._kept.pop(workspace, None)

    async def forget(self, workspace: str) -> None:
        self.renew(workspace)
        try:
            await self._store.async_delete_all(enterprise_id=None, team_id=workspace)
        except Exception as error:
            raise _unavailable(error) from error

    async def _stored(self, workspace: str) -> Bot:
        try:
            bot = await self._store.async_find_bot(enterprise_id=None, team_id=workspace)
        except Exception as error:
            raise _unavailable(error) from error
        if bot is None:
            raise Refused(NOT_INSTALLED)
        return bot

    def _renewed(self, bot: Bot, kept: Installed | None) -> Installed:
        """With the same token the same, so that its people need not be asked for again."""
        if kept and kept.bot.bot_token == bot.bot_token:
            return kept
        api = self._api(bot.bot_token, NOT_INSTALLED)
        known = AuthorizeResult(
            enterprise_id=None,
            team_id=bot.team_id,
            bot_id=bot.bot_id,
            bot_user_id=bot.bot_user_id,
            bot_token=bot.bot_token,
        )
        workspace = Workspace(PLATFORM, bot.team_id or "", bot.team_name or "")
        return Installed(workspace, api, People(api, workspace.id), known)


def _unavailable(error: Exception) -> Unavailable:
    """The store's database fails in the words of its driver, which only the root knows."""
    return Unavailable(f"the store of Slack's tokens does not answer ({type(error).__name__})")
