"""A person who uses the bot through Slack's client."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import acks, payloads
from .blocks import Json, find, option_of, state_of
from .delivery import Courier, Envelope, EnvelopeType
from .modals import close_views
from .model import Channel, Message, Sight, User, View
from .seen import Seen, Until, acked, anything
from .world import World

Honour = Callable[[Json, str], None]


def _nothing(ack: Json, cause: str) -> None:
    """For acknowledgements whose payload Slack ignores."""


@dataclass(eq=False, kw_only=True)
class Member(User):
    """Does what a person can do and returns what that person saw in answer.

    Every action waits until the bot acknowledged (or failed to) and then until `until` holds of what was seen, at most
    `timeout` seconds; `Silence` is raised when that time runs out.
    """

    world: World
    courier: Courier
    _open: list[Seen] = field(default_factory=list)

    async def slash(
        self, command: str, text: str, channel: Channel, until: Until = anything, timeout: float = 5
    ) -> Seen:
        """Type a slash command in a channel."""
        seen = self._begin()
        payload = payloads.slash(self.world, self, channel, command, text, seen.cause)

        def honour(ack: Json, cause: str) -> None:
            acks.honour_slash(self.world, self, channel, ack, cause)

        return await self._act(seen, "slash_commands", payload, honour, until, timeout)

    async def press(
        self,
        where: Message | View,
        wanted: str,
        entered: dict[str, Any] | None = None,
        until: Until = anything,
        timeout: float = 5,
    ) -> Seen:
        """Press the button with these words or this action_id; `Refused` when the member sees none."""
        block, element = self._find(where, wanted)
        kept = {key: element[key] for key in ("action_id", "text", "value", "type", "style") if key in element}
        return await self._click(where, {"block_id": block["block_id"]} | kept, entered or {}, until, timeout)

    async def choose(
        self, where: Message | View, wanted: str, option: Any, until: Until = anything, timeout: float = 5
    ) -> Seen:
        """Choose an option (by its words or value) of the menu with this placeholder or action_id; a conversation by
        its id."""
        block, element = self._find(where, wanted)
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
        if element["type"] == "conversations_select":
            action["selected_conversation"] = option
        else:
            action["selected_option"] = option_of(element, option)
        return await self._click(where, action, {}, until, timeout)

    async def suggest(self, where: Message | View, wanted: str, typed: str, timeout: float = 5) -> Seen:
        """Type into an external menu; the options offered are in `Seen.options`."""
        block, element = self._find(where, wanted)
        seen = self._begin()
        payload = payloads.suggestion(self.world, self, where, block, element, typed)

        def honour(ack: Json, cause: str) -> None:
            acks.honour_options(self.world, self, ack, cause)

        return await self._act(seen, "interactive", payload, honour, anything, timeout)

    async def submit(self, view: View, entered: Any = None, until: Until = anything, timeout: float = 5) -> Seen:
        """Submit a modal with entries by action_id, block_id or label; a bare value is for its only field."""
        self._check_open(view)
        view.state = state_of(view.blocks, _entries(view, entered), complete=True)
        seen = self._begin()
        payload = payloads.submission(self.world, self, view.payload(), seen.cause, view)

        def honour(ack: Json, cause: str) -> None:
            acks.honour_submission(self.world, view, ack, cause)

        return await self._act(seen, "interactive", payload, honour, until, timeout)

    async def close(self, view: View, cleared: bool = False) -> Seen:
        """Close a modal (`cleared`: the whole stack); the bot hears of it only where it asked with notify_on_close."""
        self._check_open(view)
        seen = self._begin()
        close_views(self.world, self.views if cleared else [view], seen.cause)
        if not view.body.get("notify_on_close"):
            seen.returned = True
            return seen
        payload = payloads.closed(self.world, self, view, cleared)
        return await self._act(seen, "interactive", payload, _nothing, acked, 5)

    async def open_home(self, until: Until = anything, timeout: float = 5) -> Seen:
        """Open the bot's App Home; what was published is then in `home`."""
        seen = self._begin()
        opened = {"type": "app_home_opened", "user": self.id, "tab": "home", "channel": self.world.direct(self).id}
        inner = opened | ({"view": self.home.payload()} if self.home else {})
        payload = payloads.event(self.world, self.workspace, inner)
        return await self._act(seen, "events_api", payload, _nothing, until, timeout)

    async def forge_press(
        self,
        where: Message | View,
        action_id: str,
        value: str | None = None,
        block_id: str = "forged",
        until: Until = anything,
        timeout: float = 5,
    ) -> Seen:
        """Press a button that is not (or no longer) there, with any action_id and value."""
        action: Json = {"type": "button", "action_id": action_id, "block_id": block_id}
        action |= {"text": {"type": "plain_text", "text": "?"}} | ({} if value is None else {"value": value})
        return await self._click(where, action, {}, until, timeout)

    async def forge_submission(
        self,
        callback_id: str,
        values: Json | None = None,
        private_metadata: str = "",
        until: Until = anything,
        timeout: float = 5,
    ) -> Seen:
        """Submit a modal that was never opened; `values` is taken as state.values without a look at it.

        The error complaints and views of the acknowledgement are shown as if the modal were there.
        """
        seen = self._begin()
        title = {"type": "plain_text", "text": "Forged"}
        body = {"type": "modal", "title": title, "blocks": _inputs(values or {}), "callback_id": callback_id}
        view = View(self.world.fresh("V"), self, body | {"private_metadata": private_metadata}, "forged", "forged")
        view.state = values or {}
        payload = payloads.submission(self.world, self, view.payload(), seen.cause)

        def honour(ack: Json, cause: str) -> None:
            acks.honour_submission(self.world, view, ack, cause)

        return await self._act(seen, "interactive", payload, honour, until, timeout)

    async def repeat(self, seen: Seen, until: Until = acked, timeout: float = 5) -> Seen:
        """Deliver once more what Slack delivered for an earlier action: same envelope, trigger and response_url."""
        assert seen.delivery is not None
        envelope = seen.delivery.envelope
        again = self._begin(seen.cause)
        return await self._deliver(again, envelope, _nothing, until, timeout)

    def _find(self, where: Message | View, wanted: str) -> tuple[Json, Json]:
        if isinstance(where, View):
            self._check_open(where)
        else:
            assert where.ephemeral_to in (None, self.id), f"{self.name} does not see this message"
            assert not where.deleted, "this message was deleted"
        return find(where.blocks, wanted)

    def _check_open(self, view: View) -> None:
        assert view.user is self and (view.open or view is self.home), f"{self.name} does not see this view"

    async def _click(self, where: Message | View, action: Json, entered: Json, until: Until, timeout: float) -> Seen:
        seen = self._begin()
        if isinstance(where, View):
            payload = payloads.view_action(self.world, self, where, action, entered, seen.cause)
        else:
            payload = payloads.message_action(self.world, self, where, action, entered, seen.cause)
        return await self._act(seen, "interactive", payload, _nothing, until, timeout)

    def _begin(self, cause: str | None = None) -> Seen:
        """A new action ends the view onto earlier ones that have returned."""
        for earlier in [seen for seen in self._open if seen.returned]:
            earlier.finish()
            self._open.remove(earlier)
        seen = Seen(self, cause or self.world.fresh("act"))
        self._open.append(seen)
        return seen

    async def _act(
        self, seen: Seen, kind: EnvelopeType, payload: Json, honour: Honour, until: Until, timeout: float
    ) -> Seen:
        envelope = Envelope(self.world.fresh("envelope"), kind, payload, self.workspace)
        return await self._deliver(seen, envelope, honour, until, timeout)

    async def _deliver(self, seen: Seen, envelope: Envelope, honour: Honour, until: Until, timeout: float) -> Seen:
        """Hand the envelope over, do what its acknowledgement says, and wait for what is to be seen."""
        try:
            delivery = await self.courier.deliver(envelope)
            seen.delivery = delivery
            if delivery.acknowledged:
                honour(delivery.ack, seen.cause)
            elif envelope.type != "events_api":
                self.show(Sight("error", delivery.error, seen.cause))
            return await seen.wait(until, timeout)
        finally:
            seen.returned = True


def _entries(view: View, entered: Any) -> dict[str, Any]:
    """What was entered as a mapping; a bare value belongs to the only input block."""
    if entered is None or isinstance(entered, dict):
        return entered or {}
    inputs = [block["block_id"] for block in view.blocks if block["type"] == "input"]
    assert len(inputs) == 1, f"a bare value needs exactly one field, there are {len(inputs)}"
    return {inputs[0]: entered}


def _inputs(values: Json) -> list[Json]:
    """Input blocks for the fields of a forged form."""
    label = {"type": "plain_text", "text": "?"}
    return [
        {
            "type": "input",
            "block_id": block,
            "label": label,
            "element": {"type": "plain_text_input", "action_id": action},
        }
        for block, actions in values.items()
        for action in actions
    ]
