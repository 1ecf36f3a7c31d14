"""People: what a member of a guild can do in Discord's user interface, and what somebody with a forged client can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .commands import NotOffered, check_offered, fill_options, find_command
from .interactions import Choice, Field, Interaction, Kind, Modal, Outcome, Select, TextInput
from .messages import Button, Message
from .rules import ACTION_ROW, BUTTON, LABEL, TEXT_DISPLAY, TEXT_INPUT
from .world import Channel, Guild, Json, Membership, Permission, User

if TYPE_CHECKING:
    from .server import FakeDiscord


Entry = str | Sequence[str]
"""What is filled into a field: a text, or the options that are chosen."""

Values = Mapping[str, Entry]


class Member:
    """A person in one guild, looking at one channel.

    What the user interface would not let them do raises NotOffered; a bot that does not answer raises NoResponse.
    Each `start_...` method acts without waiting for the answer and returns the Interaction, whose `first()` and
    `final()` wait; the method without the prefix does both and returns the final Outcome.
    """

    def __init__(
        self, server: FakeDiscord, user: User, membership: Membership | None, channel: Channel, locale: str
    ) -> None:
        self.server = server
        self.user = user
        self.membership = membership
        self.channel = channel
        self.locale = locale
        self.timeout = 10.0
        """How long to wait for the bot, in real seconds."""

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self.user.name

    def rename(self, nick: str) -> None:
        """Be called otherwise in this guild from now on; the bot is not told."""
        assert self.membership is not None
        self.membership.nick = nick

    @property
    def mention(self) -> str:
        """What mentions this user in a text."""
        return f"<@{self.user.id}>"

    @property
    def permissions(self) -> Permission:
        """What this member may do in the guild."""
        return self.membership.permissions if self.membership else Permission.NONE

    def at(self, channel: Channel) -> Member:
        """The same person, looking at another channel; of another guild too, if they are a member there."""
        membership = channel.guild.members.get(self.user.id) if channel.guild else None
        if channel.guild and membership is None:
            raise NotOffered(f"{self.name} is not in {channel.guild.name}")
        return self._moved(channel, membership)

    def in_private(self) -> Member:
        """The same person in their direct messages with the bot."""
        return self._moved(self.server.direct_channel(self.user), None)

    def join(self, guild: Guild, *, permissions: Permission = Permission.NONE) -> Member:
        """The same person in another guild, looking at its first channel."""
        return self.server.add_member(
            self.name, guild=guild, permissions=permissions, user=self.user, locale=self.locale
        )

    def say(self, content: str) -> Message:
        """Post a message in the channel."""
        return self.server.post(self.channel, self.user, {"content": content}, [])

    async def slash(self, *words: str, **options: Any) -> Outcome:
        """Run a slash command: `slash("ask", topic="cnn")` runs `/quiz ask`, where `/quiz` has that subcommand.

        Options are checked against what the bot registered; a choice is given by its value or its name, a user as
        Member.
        """
        return await self.start_slash(*words, **options).final(within=self.timeout)

    def start_slash(self, *words: str, **options: Any) -> Interaction:
        """Run a slash command without waiting."""
        return self._interact(Kind.COMMAND, self._command(words, options))

    async def type_option(self, *words: str, focused: str, **options: Any) -> list[Choice]:
        """Type into the option `focused` of a command and see what is suggested: `type_option("ask", focused="topic",
        topic="cn")`."""
        data = self._command(words, options, focused=focused)
        return (await self._interact(Kind.AUTOCOMPLETE, data).final(within=self.timeout)).choices

    async def press(self, message: Message, wanted: str) -> Outcome:
        """Press the button with that label or custom_id."""
        return await self.start_press(message, wanted).final(within=self.timeout)

    def start_press(self, message: Message, wanted: str) -> Interaction:
        """Press a button without waiting."""
        button = self._button(message, wanted)
        data = {"component_type": BUTTON, "custom_id": button.custom_id}
        return self._interact(Kind.COMPONENT, data, message)

    async def submit(self, modal: Modal, value: str | Values | None = None, **values: Entry) -> Outcome:
        """Send a form: `submit(modal, "dropout")` if it has one field, else the values by custom_id or label.

        Options of a menu are given as a list, by value or label: `submit(modal, {"days": ["mon", "tue"]})`. What is
        not given stays as the form has it.
        """
        return await self.start_submit(modal, value, **values).final(within=self.timeout)

    def start_submit(self, modal: Modal, value: str | Values | None = None, **values: Entry) -> Interaction:
        """Send a form without waiting."""
        if modal.opened_by.user is not self.user:
            raise NotOffered(f"the form {modal.title!r} was opened for {modal.opened_by.user.name}")
        if isinstance(value, str):
            value = {modal.fields[0].custom_id: value}
        given = {**(value or {}), **values}
        if unknown := given.keys() - {name for field in modal.fields for name in (field.custom_id, field.label)}:
            raise NotOffered(f"the form {modal.title!r} has no field {sorted(unknown)}")
        parts = [_submitted_part(modal, number, part, given) for number, part in enumerate(modal.parts)]
        return self._interact(Kind.MODAL, {"custom_id": modal.custom_id, "components": parts}, modal.opened_by.message)

    def forge_press(
        self, custom_id: str, message: Message | None = None, *, channel: Channel | None = None
    ) -> Interaction:
        """Pretend to press a button with any custom_id, on any message, or on one that never was.

        The message in the event shows that button, as libraries drop a press on a button that is not there.
        """
        on = message or self._pretended_message()
        data = {"component_type": BUTTON, "custom_id": custom_id}
        forged = self._moved(channel or on.channel, self.membership)._make(Kind.COMPONENT, data, on)
        button = {"type": BUTTON, "style": 1, "label": "forged", "custom_id": custom_id}
        forged.payload["message"]["components"] = [*on.components, {"type": ACTION_ROW, "components": [button]}]
        self.server.deliver(forged)
        return forged

    def forge_submit(self, custom_id: str, fields: dict[str, str], message: Message | None = None) -> Interaction:
        """Pretend to send a form that was never opened, with any custom_id, fields and lengths."""
        inputs = [{"type": TEXT_INPUT, "custom_id": name, "value": value} for name, value in fields.items()]
        rows = [{"type": ACTION_ROW, "components": [text_input]} for text_input in inputs]
        return self._interact(Kind.MODAL, {"custom_id": custom_id, "components": rows}, message)

    def forge(
        self, kind: Kind, data: Json, *, channel: Channel | None = None, message: Message | None = None
    ) -> Interaction:
        """Pretend anything: any data, in any channel, of a guild that this person need not be in."""
        return self._moved(channel or self.channel, self.membership)._interact(kind, data, message)

    def forge_slash(self, *words: str, options: dict[str, Any]) -> Interaction:
        """Pretend to run a command with options that are not checked: any names, any values, no permissions."""
        command, path = find_command(self.server.commands_for(self.channel.guild), list(words))
        known = {option["name"]: option["type"] for option in path[-1].get("options") or []}
        filled = [{"name": name, "type": known.get(name, 3), "value": value} for name, value in options.items()]
        for step in reversed(path[1:]):
            filled = [{"name": step["name"], "type": step["type"], "options": filled}]
        return self._interact(Kind.COMMAND, _command_data(command, filled, {}))

    def _moved(self, channel: Channel, membership: Membership | None) -> Member:
        """The same person elsewhere."""
        moved = Member(self.server, self.user, membership, channel, self.locale)
        moved.timeout = self.timeout
        return moved

    def _interact(self, kind: Kind, data: Json, message: Message | None = None) -> Interaction:
        """Deliver what this person did."""
        interaction = self._make(kind, data, message)
        self.server.deliver(interaction)
        return interaction

    def _make(self, kind: Kind, data: Json, message: Message | None) -> Interaction:
        """What this person did, not yet delivered."""
        return self.server.make_interaction(
            kind,
            data,
            user=self.user,
            membership=self.membership,
            channel=self.channel,
            message=message,
            locale=self.locale,
        )

    def _pretended_message(self) -> Message:
        """A message of the bot's that stands in no channel."""
        server = self.server
        return Message(server.snowflakes.next(), self.channel, server.bot, server.clock.now(), content="forged")

    def _command(self, words: tuple[str, ...], values: dict[str, Any], *, focused: str | None = None) -> Json:
        """The data of a command interaction, if the command is offered and the options are valid."""
        split = [word for part in words for word in part.split()]
        command, path = find_command(self.server.commands_for(self.channel.guild), split)
        check_offered(command, self.permissions if self.membership else None)
        options, resolved = fill_options(path, values, focused=focused)
        return _command_data(command, options, resolved)

    def _button(self, message: Message, wanted: str) -> Button:
        """The button, if this person can see and press it."""
        if message.deleted:
            raise NotOffered(f"{message} is deleted")
        if message.visible_to not in (None, self.user):
            raise NotOffered(f"{self.name} does not see {message}")
        button = message.button(wanted)
        if button is None:
            raise NotOffered(f"{message} has no button {wanted!r} but {[b.label for b in message.buttons]}")
        if button.disabled or button.custom_id is None:
            raise NotOffered(f"the button {wanted!r} is {'disabled' if button.disabled else 'a link'}")
        return button


def _command_data(command: Json, options: list[Json], resolved: Json) -> Json:
    """The data of an interaction with a slash command."""
    data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | {"resolved": resolved} if resolved else data


def _submitted_part(modal: Modal, number: int, part: Json, given: Values) -> Json:
    """A part of a form as the event has it: fields with what is entered, texts without theirs."""
    if part["type"] == TEXT_DISPLAY:
        return {"type": TEXT_DISPLAY, "id": number}
    held = part["component"] if part["type"] == LABEL else part["components"][0]
    field = modal.field(held["custom_id"])
    value = {"type": held["type"], "custom_id": field.custom_id} | _entered(field, given)
    return {"type": LABEL, "component": value} if part["type"] == LABEL else {"type": ACTION_ROW, "components": [value]}


def _entered(field: Field, given: Values) -> Json:
    """What goes into a field, within what Discord's client accepts."""
    entry = given.get(field.custom_id, given.get(field.label))
    if isinstance(field, Select):
        return {"values": _chosen(field, entry)}
    if not isinstance(entry, str | None):
        raise NotOffered(f"{field.label!r} takes a text, not {entry!r}")
    return {"value": _text(field, field.value or "" if entry is None else entry)}


def _text(field: TextInput, text: str) -> str:
    """A text within the limits of its field."""
    if field.required and not text:
        raise NotOffered(f"the field {field.label!r} must be filled in")
    if text and not field.min_length <= len(text) <= field.max_length:
        raise NotOffered(f"{field.label!r} takes {field.min_length} to {field.max_length} characters, not {len(text)}")
    return text


def _chosen(field: Select, entry: Entry | None) -> list[str]:
    """The values of the options that are chosen."""
    wanted = field.chosen if entry is None else (entry,) if isinstance(entry, str) else entry
    values = {name: value for value, label in field.options.items() for name in (value, label)}
    if unknown := [option for option in wanted if option not in values]:
        raise NotOffered(f"{field.label!r} has no option {unknown}; it has {list(field.options)}")
    least = max(field.min_values, int(field.required))
    if (wanted or field.required) and not least <= len(wanted) <= field.max_values:
        raise NotOffered(f"{field.label!r} takes {least} to {field.max_values} options, not {len(wanted)}")
    return [values[option] for option in wanted]
