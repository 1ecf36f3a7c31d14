"""Messages: what is posted and edited, what a member sees of it, and whom it would have notified."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from .rules import ACTION_ROW, BUTTON, EPHEMERAL, LINK, LOADING, check_message, check_not_empty
from .world import Channel, Json, Permission, User, timestamp

USER_MENTION = re.compile(r"<@!?(\d+)>")
ROLE_MENTION = re.compile(r"<@&(\d+)>")


@dataclass(frozen=True)
class Pings:
    """Whom a message notified; falsy when nobody."""

    users: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()
    everyone: bool = False
    here: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone or self.here)

    def __or__(self, other: Pings) -> Pings:
        return Pings(
            self.users | other.users,
            self.roles | other.roles,
            self.everyone or other.everyone,
            self.here or other.here,
        )


def find_pings(content: str, allowed: Json | None, permissions: Permission) -> Pings:
    """Whom `content` notifies under the allowed mentions; only content does, embeds never.

    Stricter than Discord in three ways, so that a test sees every carelessness: mentions in code count, edits count,
    and without `allowed_mentions` everything is parsed, in interaction responses too.
    """
    rules = {"parse": ["users", "roles", "everyone"]} if allowed is None else allowed
    parse = rules.get("parse") or []
    everyone = "everyone" in parse and Permission.MENTION_EVERYONE in permissions
    return Pings(
        _allowed(USER_MENTION.findall(content), "users" in parse, rules.get("users")),
        _allowed(ROLE_MENTION.findall(content), "roles" in parse, rules.get("roles")),
        everyone and "@everyone" in content,
        everyone and "@here" in content,
    )


def _allowed(found: list[str], every: bool, listed: list[Any] | None) -> frozenset[int]:
    """Those of the mentioned ids that may be notified."""
    permitted = {int(id) for id in listed or []}
    return frozenset(int(id) for id in found if every or int(id) in permitted)


@dataclass(frozen=True)
class Attachment:
    """A file of a message, with its bytes."""

    id: int
    filename: str
    content: bytes
    content_type: str
    description: str | None

    def payload(self) -> Json:
        """The attachment object."""
        return {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.content),
            "url": f"https://cdn.invalid/{self.id}/{self.filename}",
            "proxy_url": f"https://cdn.invalid/{self.id}/{self.filename}",
            "content_type": self.content_type,
            "description": self.description,
        }


@dataclass(frozen=True)
class Button:
    """A button as a member sees it."""

    label: str
    custom_id: str | None
    style: int
    disabled: bool
    url: str | None


@dataclass(eq=False)
class Message:
    """A message, live: it changes when the bot edits it."""

    id: int
    channel: Channel
    author: User
    created: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    nonce: str | int | None = None
    reference: Json | None = None
    visible_to: User | None = None
    """The only one who sees it, when it is ephemeral."""
    application_id: int | None = None
    interaction: Json | None = None
    """Who ran the command that it answers (`interaction_metadata`)."""
    pings: Pings = field(default_factory=Pings)
    edited: float | None = None
    edits: int = 0
    deleted: bool = False

    def __repr__(self) -> str:
        return f"<message {self.id} by {self.author.name}: {self.text!r}>"

    @property
    def ephemeral(self) -> bool:
        """Whether only one member sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it is the placeholder "... is thinking" of a deferred response."""
        return bool(self.flags & LOADING)

    @property
    def buttons(self) -> list[Button]:
        """All buttons, row by row."""
        children = [child for row in self.components if row["type"] == ACTION_ROW for child in row["components"]]
        return [_button(child) for child in children if child["type"] == BUTTON]

    @property
    def text(self) -> str:
        """Everything one can read in it, a line each: content, then the embeds' titles, texts, fields and footers."""
        lines: list[str | None] = [self.content]
        for embed in self.embeds:
            lines += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
            lines += [part for item in embed.get("fields") or [] for part in (item["name"], item["value"])]
            lines.append((embed.get("footer") or {}).get("text"))
        return "\n".join(line for line in lines if line)

    def button(self, wanted: str) -> Button | None:
        """The button with that label or custom_id."""
        return next((button for button in self.buttons if wanted in (button.label, button.custom_id)), None)

    def payload(self) -> Json:
        """The message object."""
        message: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": 19 if self.reference else 20 if self.interaction and self.interaction["type"] == 2 else 0,
            "author": self.author.payload(),
            "content": self.content,
            "timestamp": timestamp(self.created),
            "edited_timestamp": None if self.edited is None else timestamp(self.edited),
            "tts": False,
            "mention_everyone": self.pings.everyone or self.pings.here,
            "mentions": [],
            "mention_roles": [str(role) for role in self.pings.roles],
            "attachments": [attachment.payload() for attachment in self.attachments],
            "embeds": [{"type": "rich"} | embed for embed in self.embeds],
            "components": self.components,
            "pinned": False,
            "flags": self.flags,
        }
        return message | self._optional_payload()

    def _optional_payload(self) -> Json:
        """The keys that are there only where they say something."""
        optional = {
            "nonce": self.nonce,
            "message_reference": self.reference,
            "application_id": None if self.application_id is None else str(self.application_id),
            "webhook_id": None if self.application_id is None else str(self.application_id),
            "interaction_metadata": self.interaction,
        }
        return {key: value for key, value in optional.items() if value is not None}

    def write(self, body: Json, files: list[Attachment]) -> None:
        """Take over what `body` sets, after checking it against the limits; what it leaves out stays."""
        check_message(body)
        content = self.content if body.get("content", self) is self else body["content"] or ""
        embeds = body["embeds"] or [] if "embeds" in body else self.embeds
        components = body["components"] or [] if "components" in body else self.components
        kept = self._kept_attachments(body) + files
        check_not_empty(content, embeds, components, kept)
        self.content, self.embeds, self.attachments = content, embeds, kept
        self.components = _numbered(components)
        if "content" in body:
            permissions = self.channel.bot_permissions
            self.pings |= find_pings(content, body.get("allowed_mentions"), permissions)

    def _kept_attachments(self, body: Json) -> list[Attachment]:
        """An edit that lists attachments keeps only the earlier files it lists."""
        if body.get("attachments") is None:
            return self.attachments
        listed = {str(item["id"]) for item in body["attachments"]}
        return [attachment for attachment in self.attachments if str(attachment.id) in listed]


def _button(child: Json) -> Button:
    """The button in a component object."""
    label = child.get("label") or (child.get("emoji") or {}).get("name") or ""
    url = child.get("url") if child["style"] == LINK else None
    return Button(label, child.get("custom_id"), child["style"], bool(child.get("disabled")), url)


def _numbered(rows: list[Json]) -> list[Json]:
    """The rows with the `id` that Discord gives every component: its place in the message, from 1."""
    numbered, number = [], 0
    for row in rows:
        number += 1
        copy: Json = row | {"id": number, "components": []}
        for child in row["components"]:
            number += 1
            copy["components"].append(child | {"id": number})
        numbered.append(copy)
    return numbered
