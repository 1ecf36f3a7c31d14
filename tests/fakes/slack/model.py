"""What there is in a Slack: workspaces, people, channels, messages, views, and what was noticed about them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from .bell import Bell
from .blocks import Json, readable

ALL_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "team:read",
        "users:read",
    }
)

Kind = Literal["ephemeral", "post", "edit", "deletion", "view", "closed", "home", "invalid", "options", "error"]


@dataclass(eq=False)
class Workspace:
    """One Slack workspace in which the app is installed: its token, the scopes granted, its people and channels."""

    id: str
    domain: str
    bot_token: str
    bot_user_id: str
    bot_id: str
    scopes: set[str]
    users: "dict[str, User]" = field(default_factory=dict)
    channels: "dict[str, Channel]" = field(default_factory=dict)
    revoked: bool = False


@dataclass(eq=False, kw_only=True)
class User:
    """One account of a workspace, and all it was ever shown."""

    id: str
    name: str
    workspace: Workspace
    display_name: str = ""
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    deleted: bool = False
    team: str = ""
    """The workspace that the account belongs to, where it is another one that shares a channel (Slack Connect)."""
    home: "View | None" = None
    feed: "list[Sight]" = field(default_factory=list)
    views: "list[View]" = field(default_factory=list)
    bell: Bell = field(default_factory=Bell)

    def payload(self, with_locale: bool) -> Json:
        """The user object of users.info; `locale` only when asked for with include_locale."""
        offset = datetime.now(ZoneInfo(self.tz)).utcoffset()
        team = self.team or self.workspace.id
        profile = {"display_name": self.display_name, "real_name": self.name.title(), "team": team}
        user: Json = {
            "id": self.id,
            "team_id": team,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_bot": self.is_bot,
        }
        return user | ({"locale": self.locale} if with_locale else {})

    def show(self, sight: "Sight") -> None:
        """Put something before this person's eyes."""
        self.feed.append(sight)
        self.bell.ring()


@dataclass(eq=False)
class Channel:
    """One conversation. `members` are people; the bot's own membership is `bot_in`."""

    id: str
    name: str
    workspace: Workspace
    members: set[str] = field(default_factory=set)
    private: bool = False
    direct: bool = False
    bot_in: bool = True
    archived: bool = False
    messages: "list[Message]" = field(default_factory=list)

    @property
    def kind(self) -> Literal["channels", "groups", "im"]:
        """The prefix of the scopes that read this conversation."""
        return "im" if self.direct else "groups" if self.private else "channels"

    def message(self, ts: str) -> "Message | None":
        """The message with this timestamp."""
        return next((message for message in self.messages if message.ts == ts), None)

    def payload(self) -> Json:
        """The conversation object of conversations.info."""
        flags = {"is_channel": not self.private and not self.direct, "is_group": self.private, "is_im": self.direct}
        if self.direct:
            return {"id": self.id, **flags, "user": next(iter(self.members)), "is_archived": self.archived}
        states = {"is_private": self.private, "is_archived": self.archived, "is_member": self.bot_in}
        return {"id": self.id, "name": self.name, **flags, **states, "num_members": len(self.members)}


@dataclass(eq=False)
class Message:
    """One message as it stands now. `ephemeral_to` names the only reader of an ephemeral one."""

    channel: Channel
    ts: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    thread_ts: str | None = None
    ephemeral_to: str | None = None
    files: list[str] = field(default_factory=list)
    edits: int = 0
    edited_ts: str | None = None
    deleted: bool = False

    @property
    def edited(self) -> bool:
        """Whether it was ever changed; Slack marks such a message "(edited)"."""
        return self.edits > 0

    @property
    def shown(self) -> str:
        """What a reader sees: the blocks' words where there are blocks, else the text."""
        return readable(self.blocks) if self.blocks else self.text

    def payload(self, with_metadata: bool = True) -> Json:
        """The message object as history and interactions carry it."""
        workspace = self.channel.workspace
        message: Json = {
            "type": "message",
            "user": workspace.bot_user_id,
            "bot_id": workspace.bot_id,
            "ts": self.ts,
            "text": self.text,
            "team": workspace.id,
        }
        optional = {
            "blocks": self.blocks,
            "thread_ts": self.thread_ts,
            "edited": self.edited_ts and {"user": workspace.bot_user_id, "ts": self.edited_ts},
            "metadata": self.metadata if with_metadata else None,
            "files": [{"id": file} for file in self.files],
        }
        return message | {key: value for key, value in optional.items() if value}


@dataclass(eq=False)
class View:
    """A modal or an App Home as one member sees it."""

    id: str
    user: User
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    open: bool = True
    state: Json = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    @property
    def shown(self) -> str:
        """What the member reads in it."""
        return readable([self.body.get("title", {}), *self.blocks])

    def payload(self) -> Json:
        """The view object of views.* answers and of view payloads."""
        workspace = self.user.workspace
        defaults = {"callback_id": "", "private_metadata": "", "clear_on_close": False, "notify_on_close": False}
        identity = {
            "id": self.id,
            "team_id": workspace.id,
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "bot_id": workspace.bot_id,
            "state": {"values": self.state},
        }
        return defaults | {"external_id": "", "title": None, "submit": None, "close": None} | self.body | identity


@dataclass(frozen=True)
class Sight:
    """Something one person was shown; `cause` names the interaction it answers where Slack's protocol tells."""

    kind: Kind
    item: Any
    cause: str | None = None


@dataclass
class Call:
    """One request of the bot to the Web API, a response_url or an upload address, with its answer."""

    method: str
    args: Json
    workspace: Workspace | None
    at: float
    status: int = 0
    reply: Json = field(default_factory=dict)

    @property
    def error(self) -> str | None:
        """Slack's error name, if the call was refused."""
        return self.reply.get("error")


@dataclass(frozen=True)
class Violation:
    """A rule of the platform that the bot broke."""

    method: str
    error: str
    detail: str


@dataclass(frozen=True)
class Ping:
    """Something in a text that Slack would have turned into a notification."""

    target: str
    where: str
    text: str
