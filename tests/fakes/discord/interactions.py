"""Interactions: what a member did, how the bot answered, and what the member saw of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeVar

from .messages import Message
from .rules import LABEL, STRING_SELECT, TEXT_DISPLAY, values_of
from .waiting import Changes
from .world import Channel, Json, Membership, User

FIRST_RESPONSE_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0

T = TypeVar("T")


class Kind(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """Interaction callback types."""

    MESSAGE = 4
    DEFERRED = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class NoResponse(AssertionError):
    """The member saw "The application did not respond"."""


@dataclass(frozen=True)
class TextInput:
    """A text field of a modal."""

    custom_id: str
    label: str
    style: int
    required: bool
    min_length: int
    max_length: int
    placeholder: str | None
    value: str | None
    labelled: bool
    """Whether it stands under a label component; in an action row otherwise."""
    description: str | None = None


@dataclass(frozen=True)
class Select:
    """A menu of a modal, with its options' labels by value."""

    custom_id: str
    label: str
    required: bool
    min_values: int
    max_values: int
    options: dict[str, str]
    chosen: tuple[str, ...]
    """The values that are chosen when the form opens."""
    description: str | None = None


Field = TextInput | Select
"""What a member fills in."""


@dataclass(frozen=True)
class Modal:
    """A form that was opened for a member."""

    custom_id: str
    title: str
    fields: tuple[Field, ...]
    opened_by: Interaction
    text: str
    """What it gives to read beside its fields."""
    parts: tuple[Json, ...] = ()
    """Its components, as the bot sent them."""

    def field(self, wanted: str) -> Field:
        """The field with that custom_id or label."""
        return next(field for field in self.fields if wanted in (field.custom_id, field.label))


@dataclass(frozen=True)
class Choice:
    """A suggestion shown while typing."""

    name: str
    value: str | int | float


@dataclass(eq=False)
class Interaction:
    """One interaction, with the answers it has had so far."""

    id: int
    token: str
    kind: Kind
    user: User
    membership: Membership | None
    channel: Channel
    message: Message | None
    created: float
    payload: Json = field(default_factory=dict)
    reply: Reply | None = None
    replied: float = 0.0
    too_late: bool = False
    ephemeral: bool = False
    """As fixed by the first response."""
    original: Message | None = None
    edits: int = 0
    """Edits of @original through the webhook."""
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[Choice] = field(default_factory=list)
    changes: Changes = field(default_factory=Changes)

    @property
    def seconds(self) -> float:
        """Time from the interaction to its first response, by the server's clock."""
        return self.replied - self.created

    async def first(self, *, within: float = 10.0) -> Outcome:
        """Wait for the first response, be it only a deferral; NoResponse when it does not come or comes too late."""
        await self._wait(lambda: self.reply is not None or self.too_late, within, "a first response")
        if self.reply is None:
            raise NoResponse(f"the first response came after more than {FIRST_RESPONSE_SECONDS:g} s")
        return self.outcome()

    async def final(self, *, within: float = 10.0) -> Outcome:
        """Wait for what the member sees in the end: after a deferral the follow-up, or the edit of the message."""
        await self.first(within=within)
        await self._wait(self._settled, within, "what follows the deferral")
        return self.outcome()

    async def followup(self, index: int = 0, *, within: float = 10.0) -> Message:
        """Wait for the follow-up message of that index (0 is the first after the response)."""
        await self._wait(lambda: len(self.followups) > index, within, f"follow-up {index}")
        return self.followups[index]

    def outcome(self) -> Outcome:
        """What the member has seen so far."""
        message = self.original
        if self.reply == Reply.DEFERRED_UPDATE and not self.edits and self.followups:
            message = self.followups[-1]
        if message is not None and message.deleted:
            message = None
        text = message.text if message else ""
        return Outcome(self, self.reply, message, text, self.modal, self.choices, self.seconds)

    def _settled(self) -> bool:
        """Whether nothing is outstanding that was promised."""
        if self.reply == Reply.DEFERRED:
            return self.original is not None and (self.original.deleted or not self.original.loading)
        return self.reply != Reply.DEFERRED_UPDATE or bool(self.edits or self.followups)

    async def _wait(self, probe: Callable[[], T | None], within: float, what: str) -> None:
        """Wait for a change of this interaction."""
        try:
            await self.changes.wait_for(probe, within, f"{what} to {self.kind.name} of {self.user.name}")
        except TimeoutError as error:
            raise NoResponse(str(error)) from None


@dataclass(frozen=True)
class Outcome:
    """What a member saw in answer to an interaction."""

    interaction: Interaction
    reply: Reply | None
    """The type of the first response."""
    message: Message | None
    """The message that answers, or that was updated; it is live, `text` is what it said at this moment."""
    text: str
    modal: Modal | None
    choices: list[Choice]
    seconds: float
    """Time to the first response."""

    @property
    def ephemeral(self) -> bool:
        """Whether the message is for this member alone."""
        return self.message is not None and self.message.ephemeral

    @property
    def deferred(self) -> bool:
        """Whether the first response was only a promise."""
        return self.reply in (Reply.DEFERRED, Reply.DEFERRED_UPDATE)

    async def followup(self, index: int = 0, *, within: float = 10.0) -> Message:
        """Wait for the follow-up message of that index."""
        return await self.interaction.followup(index, within=within)


def open_modal(data: Json, interaction: Interaction) -> Modal:
    """The form that a modal response describes."""
    parts = data["components"]
    fields = tuple(_field(part) for part in parts if part["type"] != TEXT_DISPLAY)
    text = "\n".join(part["content"] for part in parts if part["type"] == TEXT_DISPLAY)
    return Modal(data["custom_id"], data["title"], fields, interaction, text, tuple(parts))


def _field(wrapper: Json) -> Field:
    """The field in an action row or under a label; it is required unless it says otherwise."""
    labelled = wrapper["type"] == LABEL
    field = wrapper["component"] if labelled else wrapper["components"][0]
    label = wrapper["label"] if labelled else field["label"]
    if field["type"] == STRING_SELECT:
        return _select(field, label, wrapper.get("description"))
    return TextInput(
        custom_id=field["custom_id"],
        label=label,
        style=field["style"],
        required=field.get("required", True),
        min_length=field.get("min_length") or 0,
        max_length=field.get("max_length") or 4000,
        placeholder=field.get("placeholder"),
        value=field.get("value"),
        labelled=labelled,
        description=wrapper.get("description"),
    )


def _select(field: Json, label: str, description: str | None) -> Select:
    """A menu of strings."""
    least, most = values_of(field)
    return Select(
        custom_id=field["custom_id"],
        label=label,
        required=field.get("required", True),
        min_values=least,
        max_values=most,
        options={option["value"]: option["label"] for option in field["options"]},
        chosen=tuple(option["value"] for option in field["options"] if option.get("default")),
        description=description,
    )
