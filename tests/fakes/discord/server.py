"""The fake server: its world, its HTTP side, its gateway, and what a test looks at and turns."""

from __future__ import annotations

import secrets
from collections import deque
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from .faults import Faults
from .gateway import Gateway, Intent
from .interactions import Interaction, Kind
from .member import Member
from .messages import Attachment, Message
from .rest import routes
from .rules import LOADING, ApiError
from .transport import BASE, envelope
from .waiting import Changes
from .webhooks import webhook_routes
from .world import (
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

KEPT_REQUESTS = 100_000
ATTACHMENT_LIMIT = 10 * 1024 * 1024


@dataclass(frozen=True)
class Request:
    """A REST request that was answered, or whose connection was reset (status 0)."""

    method: str
    path: str
    body: Any
    status: int
    at: float


@dataclass(frozen=True)
class Violation:
    """A request that broke one of Discord's rules, and how it was refused."""

    method: str
    path: str
    status: int
    code: int
    message: str


class FakeDiscord:
    """A Discord on loopback; `async with FakeDiscord() as server` starts and stops it.

    It begins with one guild with one channel, `server.guild` and `server.guild.channel`; more can be added at any time.
    """

    def __init__(
        self,
        *,
        token: str = "fake-bot-token",
        shards: int = 1,
        port: int = 0,
        clock: Clock | None = None,
    ) -> None:
        self.token = token
        self.shards = shards
        self.port = port
        self.clock = clock or Clock()
        self.snowflakes = Snowflakes(self.clock)
        self.bot = User(self.snowflakes.next(), "quizbot", bot=True)
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.messages: dict[int, Message] = {}
        """Every message ever, the ephemeral and deleted ones too."""
        self.by_nonce: dict[str, Message] = {}
        """The bot's last message with each nonce."""
        self.interactions: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        """The registered commands: global ones under None, those of a guild under its id."""
        self.command_writes = 0
        """How many requests have changed the registration of commands."""
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.violations: list[Violation] = []
        self.faults = Faults()
        self.allowed = 0
        """Requests a second that are taken, interactions aside; more get 429, a violation. Discord: 50; 0: no limit."""
        self.taken: deque[float] = deque()
        self.changes = Changes()
        self.gateway = Gateway(token, self.bot, self.guilds)
        self.guild = self.add_guild("Test guild")
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[envelope(self)], client_max_size=32 * 1024 * 1024)
        app.add_routes([*routes(self), *webhook_routes(self)])
        app.router.add_get("/gateway", self.gateway.handle)
        app.router.add_get("/gateway/resume", self.gateway.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self.port}/gateway"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.faults.clear()
        self.gateway.abort()
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base URL of the REST API, for DISCORD_API_URL."""
        return f"http://127.0.0.1:{self.port}{BASE}"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a bot at this server."""
        return {"DISCORD_API_URL": self.url, "DISCORD_TOKEN": self.token}

    # The world

    def add_guild(self, name: str, *, channel: str = "general", id: int | None = None, locale: str = "en-US") -> Guild:
        """Make a guild with one channel and add the bot to it; connected bots are told (GUILD_CREATE)."""
        guild_id = id or self.snowflakes.next_guild()
        guild = Guild(guild_id, name, Role(guild_id, "@everyone", EVERYBODY_MAY), locale)
        guild.bot = guild.members[self.bot.id] = Membership(self.bot, guild)
        self.guilds[guild.id] = guild
        self._make_channel(guild, channel, None)
        self.gateway.publish("GUILD_CREATE", guild.create_payload(), guild, Intent.GUILDS)
        return guild

    def remove_guild(self, guild: Guild) -> None:
        """Throw the bot out of a guild (GUILD_DELETE); its channels are then unknown to the bot."""
        del self.guilds[guild.id]
        for channel in guild.channels.values():
            del self.channels[channel.id]
        self.gateway.publish("GUILD_DELETE", {"id": str(guild.id)}, guild, Intent.GUILDS)

    def return_to(self, guild: Guild) -> None:
        """Let the bot into a guild again that it was thrown out of (GUILD_CREATE)."""
        self.guilds[guild.id] = guild
        self.channels |= guild.channels
        self.gateway.publish("GUILD_CREATE", guild.create_payload(), guild, Intent.GUILDS)

    def add_channel(self, name: str, *, guild: Guild | None = None, id: int | None = None) -> Channel:
        """Make a text channel, in the first guild unless told otherwise (CHANNEL_CREATE)."""
        channel = self._make_channel(guild or self.guild, name, id)
        self._publish_channel("CHANNEL_CREATE", channel)
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Delete a text channel (CHANNEL_DELETE); requests to it get 10003 from now on."""
        del self.channels[channel.id]
        if channel.guild:
            del channel.guild.channels[channel.id]
        self._publish_channel("CHANNEL_DELETE", channel)

    def deny(self, channel: Channel, permissions: Permission) -> None:
        """Forbid the bot these permissions in a channel: 50001 without VIEW_CHANNEL, 50013 without others."""
        channel.denied |= permissions
        self._publish_channel("CHANNEL_UPDATE", channel)

    def restore(self, channel: Channel) -> None:
        """Allow the bot again what was denied in a channel."""
        channel.denied = Permission.NONE
        self._publish_channel("CHANNEL_UPDATE", channel)

    def add_member(
        self,
        name: str,
        *,
        permissions: Permission = Permission.NONE,
        guild: Guild | None = None,
        user: User | None = None,
        locale: str = "en-US",
    ) -> Member:
        """Let a person join a guild (the first), with `permissions` beside those of everybody.

        `user` is somebody who is in another guild already.
        """
        home = guild or self.guild
        person = user or User(self.snowflakes.next(), name)
        self.users[person.id] = person
        membership = home.members[person.id] = Membership(person, home)
        if permissions:
            role = Role(self.snowflakes.next(), f"{name}'s role", permissions)
            home.roles.append(role)
            membership.roles.append(role)
            self.gateway.publish("GUILD_ROLE_CREATE", {"guild_id": str(home.id), "role": role.payload()}, home)
        return Member(self, person, membership, home.channel, locale)

    def direct_channel(self, user: User) -> Channel:
        """The direct messages between the bot and a user."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.snowflakes.next(), f"@{user.name}", None, user)
        self.channels[channel.id] = channel
        return channel

    def channel(self, id: int) -> Channel:
        """The channel with that id."""
        return self.channels[id]

    # Messages

    def post(
        self,
        channel: Channel,
        author: User,
        body: Json,
        files: list[Attachment],
        *,
        interaction: Interaction | None = None,
        flags: int = 0,
    ) -> Message:
        """Check a message, keep it and tell the bot; an ephemeral one is seen by the interaction's user alone."""
        message = Message(self.snowflakes.next(), channel, author, self.clock.now(), flags=flags)
        message.nonce = body.get("nonce")
        message.reference = body.get("message_reference")
        if interaction:
            message.application_id = self.bot.id
            message.interaction = _interaction_metadata(interaction)
            message.visible_to = interaction.user if message.ephemeral else None
        if not message.loading:
            message.write(body, files)
        self.messages[message.id] = message
        if message.nonce is not None and author is self.bot:
            self.by_nonce[str(message.nonce)] = message
        if not message.ephemeral:
            channel.history[message.id] = message
        self.announce("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, body: Json, files: list[Attachment]) -> None:
        """Change a message; the first write to a deferred response's placeholder is no edit."""
        message.write(body, files)
        if message.loading:
            message.flags &= ~LOADING
        else:
            message.edits += 1
            message.edited = self.clock.now()
        self.announce("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Delete a message."""
        message.deleted = True
        message.channel.history.pop(message.id, None)
        event: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
        guild = message.channel.guild
        self.gateway.publish("MESSAGE_DELETE", event | _guild_id(guild), guild, _message_intent(guild))
        message.channel.changes.notify()
        self.changes.notify()

    def announce(self, event: str, message: Message) -> None:
        """Send a message event to those with the intent; without that for content, people's words are left out."""
        guild = message.channel.guild
        full = message.payload() | _guild_id(guild)
        blind = None
        if guild and not message.author.bot and f"<@{self.bot.id}>" not in message.content:
            blind = full | {"content": "", "embeds": [], "attachments": [], "components": []}
        self.gateway.publish(event, full, guild, _message_intent(guild), without_content=blind)
        message.channel.changes.notify()
        self.changes.notify()

    # Interactions

    def make_interaction(
        self,
        kind: Kind,
        data: Json,
        *,
        user: User,
        membership: Membership | None,
        channel: Channel,
        message: Message | None = None,
        locale: str = "en-US",
    ) -> Interaction:
        """Make an interaction, of whatever content; `deliver` sends it to the bot."""
        id, token = self.snowflakes.next(), secrets.token_urlsafe(32)
        interaction = Interaction(id, token, kind, user, membership, channel, message, self.clock.now())
        interaction.payload = self._interaction_payload(interaction, data, locale)
        self.interactions[id] = self.by_token[token] = interaction
        return interaction

    def deliver(self, interaction: Interaction) -> None:
        """Send an interaction to the bot; a second time too, with the same id and token."""
        guild = interaction.channel.guild
        self.gateway.publish("INTERACTION_CREATE", interaction.payload, guild)

    # Waiting

    async def wait_connected(self, shards: int | None = None, *, within: float = 15.0) -> None:
        """Wait until a bot is connected to the gateway with all shards (or that many)."""
        await self.gateway.wait_connected(shards or self.shards, within=within)

    async def wait_commands(self, *, within: float = 15.0) -> None:
        """Wait until commands are registered, globally or in a guild."""
        await self.changes.wait_for(lambda: any(self.commands.values()), within, "registered commands")

    async def wait_request(self, method: str, path: str, *, within: float = 10.0) -> Request:
        """Wait for the first request of that method to exactly that path below the API base."""

        def probe() -> Request | None:
            return next((r for r in self.requests if (r.method, r.path) == (method, path)), None)

        return await self.changes.wait_for(probe, within, f"{method} {path}")

    def note_request(self, method: str, path: str, body: Any, status: int) -> None:
        """Keep what was asked and answered."""
        self.requests.append(Request(method, path, body, status, self.clock.now()))
        self.changes.notify()

    def note_violation(self, method: str, path: str, error: ApiError) -> None:
        """Keep a refusal that is the bot's own fault."""
        self.violations.append(Violation(method, path, error.status, error.code, error.message))

    def commands_for(self, guild: Guild | None) -> list[Json]:
        """The commands that are offered in a guild: its own and the global ones."""
        own = self.commands.get(guild.id, []) if guild else []
        return own + self.commands[None]

    def _make_channel(self, guild: Guild, name: str, id: int | None) -> Channel:
        """A new channel of a guild."""
        channel = Channel(id or self.snowflakes.next(), name, guild)
        self.channels[channel.id] = guild.channels[channel.id] = channel
        return channel

    def _publish_channel(self, event: str, channel: Channel) -> None:
        """Send a channel event to the guild's shard."""
        self.gateway.publish(event, channel.payload(), channel.guild, Intent.GUILDS)

    def _interaction_payload(self, interaction: Interaction, data: Json, locale: str) -> Json:
        """The INTERACTION_CREATE event."""
        channel, membership = interaction.channel, interaction.membership
        permissions = membership.permissions if membership else EVERYBODY_MAY
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(self.bot.id),
            "type": int(interaction.kind),
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.partial_payload(permissions),
            "locale": locale,
            "app_permissions": str(int(channel.bot_permissions)),
            "entitlements": [],
            "attachment_size_limit": ATTACHMENT_LIMIT,
        }
        if interaction.message:
            payload["message"] = interaction.message.payload()
        return payload | _place(interaction)


def _place(interaction: Interaction) -> Json:
    """The part of an interaction that differs between a guild (context 0) and direct messages (context 1)."""
    guild, membership = interaction.channel.guild, interaction.membership
    if guild is None or membership is None:
        user = interaction.user.payload()
        return {"user": user, "context": 1, "authorizing_integration_owners": {"0": "0"}}
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": membership.payload(permissions=True),
        "context": 0,
        "authorizing_integration_owners": {"0": str(guild.id)},
    }


def _interaction_metadata(interaction: Interaction) -> Json:
    """What a message tells of the interaction that it answers."""
    return {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": interaction.user.payload(),
        "authorizing_integration_owners": {},
    }


def _guild_id(guild: Guild | None) -> Json:
    """The guild_id that message events carry in guilds."""
    return {"guild_id": str(guild.id)} if guild else {}


def _message_intent(guild: Guild | None) -> Intent:
    """The intent that message events need."""
    return Intent.GUILD_MESSAGES if guild else Intent.DIRECT_MESSAGES
