"""What exists on the fake Discord: users, guilds, roles, members and channels, and the JSON that describes them."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .waiting import Changes

if TYPE_CHECKING:
    from .messages import Message

Json = dict[str, Any]

EPOCH = 1_420_070_400.0
"""Unix time of the first second of 2015, from which snowflakes count milliseconds."""

GUILD_MILLISECONDS = 10_080_000_000
"""The n-th guild was made at this millisecond plus n, so that consecutive guilds lie on consecutive shards."""


class Permission(enum.IntFlag):
    """The permission bits that matter to a bot which posts and answers commands."""

    NONE = 0
    ADMINISTRATOR = 1 << 3
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31


EVERYBODY_MAY = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.MENTION_EVERYONE
    | Permission.USE_APPLICATION_COMMANDS
)
"""What the @everyone role of a new guild allows; with MENTION_EVERYONE, so that a careless ping shows."""


class Clock:
    """The server's time: that of `source` (Unix seconds), plus what a test has advanced it by."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    def now(self) -> float:
        """The time in Unix seconds."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass at once."""
        self._ahead += seconds


class Snowflakes:
    """Unique, rising ids that carry their time of creation."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0
        self._guilds = 0

    def next(self) -> int:
        """The id of something made now."""
        milliseconds = int((self._clock.now() - EPOCH) * 1000)
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last

    def next_guild(self) -> int:
        """The id of another guild, on the shard after that of the last one."""
        guild = (GUILD_MILLISECONDS + self._guilds) << 22
        self._guilds += 1
        return guild


def timestamp(seconds: float) -> str:
    """Unix seconds as Discord writes a time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


@dataclass(eq=False)
class User:
    """An account, of a person or of a bot."""

    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        """The user object."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "public_flags": 0,
        }


@dataclass(eq=False)
class Role:
    """A named set of permissions in a guild; the role whose id is the guild's is @everyone."""

    id: int
    name: str
    permissions: Permission

    def payload(self) -> Json:
        """The role object."""
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": 0,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": True,
            "flags": 0,
        }


@dataclass(eq=False)
class Membership:
    """A user's place in one guild."""

    user: User
    guild: Guild
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None

    @property
    def permissions(self) -> Permission:
        """What the roles allow; ADMINISTRATOR allows everything."""
        granted = self.guild.everyone.permissions
        for role in self.roles:
            granted |= role.permissions
        return ~Permission.NONE if Permission.ADMINISTRATOR in granted else granted

    def payload(self, *, permissions: bool = False) -> Json:
        """The member object; interactions carry the computed `permissions` in it."""
        member: Json = {
            "user": self.user.payload(),
            "roles": [str(role.id) for role in self.roles],
            "nick": self.nick,
            "joined_at": timestamp(EPOCH),
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
        }
        return member | {"permissions": str(int(self.permissions))} if permissions else member


@dataclass(eq=False)
class Channel:
    """A text channel of a guild, or without a guild the direct messages between the bot and `recipient`."""

    id: int
    name: str
    guild: Guild | None
    recipient: User | None = None
    denied: Permission = Permission.NONE
    history: dict[int, Message] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    @property
    def messages(self) -> list[Message]:
        """What everybody in the channel sees, oldest first: neither deleted nor ephemeral messages."""
        return list(self.history.values())

    @property
    def bot_permissions(self) -> Permission:
        """What the bot may do here."""
        return EVERYBODY_MAY if self.guild is None else self.guild.bot.permissions & ~self.denied

    async def wait_for_message(
        self,
        where: Callable[[Message], bool] = lambda message: True,
        *,
        after: Message | None = None,
        within: float = 10.0,
    ) -> Message:
        """The first message (newer than `after`, if given) that satisfies `where`, now or when it comes."""

        def probe() -> Message | None:
            return next((m for m in self.messages if (after is None or m.id > after.id) and where(m)), None)

        return await self.changes.wait_for(probe, within, f"a message in #{self.name}; it has {self.messages}")

    async def wait_until(self, probe: Callable[[Channel], bool], *, within: float = 10.0) -> None:
        """Wait until `probe(channel)` holds; asked again after every post, edit and deletion here."""
        await self.changes.wait_for(lambda: probe(self), within, f"a change in #{self.name}; it has {self.messages}")

    def payload(self) -> Json:
        """The channel object."""
        if self.guild is None:
            recipients = [self.recipient.payload()] if self.recipient else []
            return {"id": str(self.id), "type": 1, "recipients": recipients, "last_message_id": None, "flags": 0}
        return {
            "id": str(self.id),
            "type": 0,
            "guild_id": str(self.guild.id),
            "name": self.name,
            "position": 0,
            "topic": None,
            "nsfw": False,
            "parent_id": None,
            "last_message_id": str(next(reversed(self.history))) if self.history else None,
            "rate_limit_per_user": 0,
            "flags": 0,
            "permission_overwrites": self._overwrites(self.guild),
        }

    def partial_payload(self, permissions: Permission) -> Json:
        """The channel object inside an interaction, with the member's `permissions`."""
        return self.payload() | {"permissions": str(int(permissions))}

    def _overwrites(self, guild: Guild) -> list[Json]:
        """What is denied to the bot, as an overwrite for its member (type 1)."""
        if not self.denied:
            return []
        return [{"id": str(guild.bot.user.id), "type": 1, "allow": "0", "deny": str(int(self.denied))}]


@dataclass(eq=False)
class Guild:
    """A Discord server that the bot has been added to."""

    id: int
    name: str
    everyone: Role
    locale: str = "en-US"
    roles: list[Role] = field(default_factory=list)
    channels: dict[int, Channel] = field(default_factory=dict)
    members: dict[int, Membership] = field(default_factory=dict)
    bot: Membership = field(init=False)

    @property
    def channel(self) -> Channel:
        """The guild's first channel."""
        return next(iter(self.channels.values()))

    def shard(self, count: int) -> int:
        """The shard out of `count` that gets this guild's events: (guild_id >> 22) % num_shards."""
        return (self.id >> 22) % count

    def payload(self) -> Json:
        """The guild object as REST gives it."""
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": "1",
            "preferred_locale": self.locale,
            "roles": [role.payload() for role in [self.everyone, *self.roles]],
            "emojis": [],
            "stickers": [],
            "features": [],
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "afk_timeout": 300,
            "premium_tier": 0,
            "nsfw_level": 0,
            "system_channel_flags": 0,
        }

    def create_payload(self) -> Json:
        """The guild object as GUILD_CREATE gives it: with channels, and of the members only the bot's own."""
        return self.payload() | {
            "joined_at": timestamp(EPOCH),
            "large": False,
            "member_count": len(self.members),
            "members": [self.bot.payload()],
            "channels": [channel.payload() for channel in self.channels.values()],
            "threads": [],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
