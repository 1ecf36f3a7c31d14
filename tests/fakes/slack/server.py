"""A Slack on loopback: the state of `World`, reachable over HTTP and WebSocket."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Self

from aiohttp import web

from . import payloads
from .delivery import Courier, Delivery, Envelope, EnvelopeType
from .faults import Fault
from .member import Member
from .model import ALL_SCOPES, Call, Channel, User, Workspace
from .posting import Posting
from .sockets import Sockets
from .web import Web
from .world import World

UPLOAD_LIMIT = 16 * 1024 * 1024


class FakeSlack(World):
    """Enough of Slack for an unmodified slack-bolt app: `async with FakeSlack() as server:` starts it on a free port.

    One app is installed in one workspace, with the scopes given; more workspaces can be added. The bot hears
    over Socket Mode unless `use_http` names its address.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        ack_seconds: float = 3.0,
        scopes: Iterable[str] = ALL_SCOPES,
    ) -> None:
        super().__init__(clock)
        self.ack_seconds = ack_seconds
        self.web = Web(self)
        self.sockets = Sockets(self, ack_seconds)
        self.courier = Courier(self, self.sockets)
        self.workspace = self.add_workspace("T0TEAM", "team", scopes)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=UPLOAD_LIMIT)
        app.add_routes([*self.web.routes(), web.get("/link/", self.sockets.handle)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.http_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.courier.close()
        await self.sockets.close_all()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The base of the Web API, as SLACK_API_URL wants it."""
        return f"{self.http_url}/api/"

    @property
    def bot_token(self) -> str:
        """The bot token of the first workspace."""
        return self.workspace.bot_token

    def add_workspace(self, workspace_id: str, domain: str, scopes: Iterable[str] = ALL_SCOPES) -> Workspace:
        """Another workspace with the app installed."""
        bot = f"U{workspace_id[1:]}BOT"
        workspace = Workspace(
            workspace_id, domain, f"xoxb-{workspace_id}-fake", bot, f"B{workspace_id[1:]}", set(scopes)
        )
        workspace.users[bot] = User(id=bot, name="quizbot", workspace=workspace, is_bot=True)
        self.workspaces[workspace_id] = workspace
        return workspace

    def add_channel(
        self,
        name: str,
        *,
        private: bool = False,
        bot: bool = True,
        workspace: Workspace | None = None,
        members: Iterable[User] | None = None,
    ) -> Channel:
        """A channel with these members (by default: everyone), and with the bot unless `bot` is False."""
        workspace = workspace or self.workspace
        people = [user for user in workspace.users.values() if not user.is_bot] if members is None else members
        channel = Channel(self.fresh("C"), name, workspace, {user.id for user in people}, private, bot_in=bot)
        workspace.channels[channel.id] = channel
        return channel

    def add_member(self, name: str, *, workspace: Workspace | None = None, **traits: Any) -> Member:
        """A person who joins every public channel; traits are those of `User`: tz, is_admin, is_owner, locale …"""
        workspace = workspace or self.workspace
        traits = {"id": self.fresh("U"), "display_name": name} | traits
        member = Member(name=name, workspace=workspace, world=self, courier=self.courier, **traits)
        workspace.users[member.id] = member
        for channel in workspace.channels.values():
            if not channel.private and not channel.direct:
                channel.members.add(member.id)
        return member

    def channel(self, channel_id: str) -> Channel:
        """The channel with this id, in whichever workspace."""
        return next(w.channels[channel_id] for w in self.workspaces.values() if channel_id in w.channels)

    async def event(self, kind: str, workspace: Workspace | None = None, **fields: Any) -> Delivery:
        """Tell the bot of an event; returns the first attempt, further ones follow in the background."""
        workspace = workspace or self.workspace
        payload = payloads.event(self, workspace, {"type": kind} | fields)
        return await self.courier.deliver(Envelope(self.fresh("envelope"), "events_api", payload, workspace))

    async def archive(self, channel: Channel) -> Delivery:
        """Archive a channel: writing there is refused from now on."""
        channel.archived = True
        return await self.event("channel_archive", channel.workspace, channel=channel.id)

    async def unarchive(self, channel: Channel) -> Delivery:
        """Take a channel out of the archive."""
        channel.archived = False
        return await self.event("channel_unarchive", channel.workspace, channel=channel.id)

    async def delete_channel(self, channel: Channel) -> Delivery:
        """Delete a channel for good."""
        del channel.workspace.channels[channel.id]
        return await self.event("channel_deleted", channel.workspace, channel=channel.id)

    async def invite_bot(self, channel: Channel) -> Delivery:
        """Add the bot to a channel."""
        channel.bot_in = True
        joined = {"user": channel.workspace.bot_user_id, "channel": channel.id, "channel_type": "C"}
        return await self.event("member_joined_channel", channel.workspace, team=channel.workspace.id, **joined)

    async def remove_bot(self, channel: Channel) -> Delivery:
        """Throw the bot out of a channel."""
        channel.bot_in = False
        return await self.event("channel_left", channel.workspace, channel=channel.id)

    async def uninstall(self, workspace: Workspace) -> Delivery:
        """Take the app out of a workspace: its token is revoked."""
        workspace.revoked = True
        await self.event("tokens_revoked", workspace, tokens={"bot": [workspace.bot_user_id]})
        return await self.event("app_uninstalled", workspace)

    def oauth_code(self, workspace: Workspace) -> str:
        """A code that oauth.v2.access takes once for the workspace's token."""
        code = self.fresh("code")
        self.codes[code] = workspace
        return code

    def use_http(self, url: str) -> Posting:
        """Deliver over HTTP to this address of the bot from now on; the posting also sends forged requests."""
        posting = Posting(self, url, self.ack_seconds)
        self.courier.transport = posting
        return posting

    def fail(self, pattern: str, **fault: Any) -> Fault:
        """Let the next requests to the matching methods (or `response_url`, `upload`) go wrong; see `Fault`."""
        made = Fault(pattern, **fault)
        self.web.faults.append(made)
        return made

    def deliver_twice(self, kind: EnvelopeType = "interactive", times: int = 1) -> None:
        """Deliver the next envelopes of this type twice."""
        self.courier.twice(kind, times)

    def called(self, method: str) -> list[Call]:
        """The requests to one method so far."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:
        """Wait until a condition on this Slack's state holds."""
        assert await self.bell.until(condition, timeout), f"not so within {timeout} s"

    def check(self) -> None:
        """The bot broke no rule of the platform and pinged nobody."""
        assert not self.violations, self.violations
        assert not self.pings, self.pings
