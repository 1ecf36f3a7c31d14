"""What a member saw in answer to something they did."""

from collections.abc import Callable
from typing import Any

from .blocks import Json
from .delivery import Delivery
from .model import Kind, Message, Sight, User, View


class Silence(AssertionError):
    """The member saw nothing of what was waited for."""


class Seen:
    """What one member was shown since they did something, until the next thing they do.

    Answers that Slack's protocol ties to an interaction (acknowledgements, response_urls, triggers) count for that one
    alone; what comes without such a tie (chat.postEphemeral, a post in the channel) counts for every open one.
    """

    def __init__(self, user: User, cause: str) -> None:
        self.user = user
        self.cause = cause
        self.delivery: Delivery | None = None
        self.returned = False
        self._start = len(user.feed)
        self._end: int | None = None

    def finish(self) -> None:
        """What comes from now on belongs to something else."""
        self._end = len(self.user.feed)

    @property
    def sights(self) -> list[Sight]:
        """Everything, in order."""
        return [sight for sight in self.user.feed[self._start : self._end] if sight.cause in (None, self.cause)]

    def items(self, kind: Kind) -> list[Any]:
        """What was shown of one kind, each thing once, in the order of its last showing."""
        found = [sight.item for sight in self.sights if sight.kind == kind]
        return [item for index, item in enumerate(found) if not any(item is later for later in found[index + 1 :])]

    @property
    def ephemerals(self) -> list[Message]:
        """Messages for this member alone, as they stand now."""
        return self.items("ephemeral")

    @property
    def posts(self) -> list[Message]:
        """New messages in the member's channels."""
        return self.items("post")

    @property
    def edits(self) -> list[Message]:
        """Messages of the member's channels that were changed."""
        return self.items("edit")

    @property
    def deletions(self) -> list[Message]:
        """Messages that were taken away."""
        return self.items("deletion")

    @property
    def views(self) -> list[View]:
        """Modals opened, pushed or changed."""
        return self.items("view")

    @property
    def closed(self) -> list[View]:
        """Modals that went away."""
        return self.items("closed")

    @property
    def errors(self) -> dict[str, str]:
        """The complaints under a form's fields, by block_id."""
        return {block: words for found in self.items("invalid") for block, words in found.items()}

    @property
    def options(self) -> list[str]:
        """The words of the options offered in an external menu."""
        return [option["text"]["text"] for found in self.items("options") for option in found]

    @property
    def error(self) -> str | None:
        """The error of Slack's own that the member was shown, such as operation_timeout."""
        errors = self.items("error")
        return errors[-1] if errors else None

    @property
    def reply(self) -> Message:
        """The one ephemeral message; silence and chatter fail alike."""
        ephemerals = self.ephemerals
        assert len(ephemerals) == 1, f"expected one private reply, got {[message.shown for message in ephemerals]}"
        return ephemerals[0]

    @property
    def text(self) -> str:
        """The words of the one ephemeral message."""
        return self.reply.shown

    @property
    def post(self) -> Message:
        """The one new message in the channels."""
        posts = self.posts
        assert len(posts) == 1, f"expected one message, got {[message.shown for message in posts]}"
        return posts[0]

    @property
    def view(self) -> View:
        """The one modal shown."""
        views = self.views
        assert len(views) == 1, f"expected one view, got {[view.shown for view in views]}"
        return views[0]

    @property
    def ack(self) -> Json | None:
        """The acknowledgement's payload; None without an acknowledgement."""
        return self.delivery.ack if self.delivery and self.delivery.acknowledged else None

    @property
    def ack_after(self) -> float | None:
        """Seconds until the acknowledgement."""
        return self.delivery.after if self.delivery else None

    async def wait(self, until: "Until", timeout: float = 5) -> "Seen":
        """Wait for more; `Silence` when it does not come."""
        if not await self.user.bell.until(lambda: until(self), timeout):
            there = [f"{sight.kind}: {getattr(sight.item, 'shown', sight.item)!r}" for sight in self.sights]
            raise Silence(f"{self.user.name} waited {timeout} s for {until.__name__}; seen: {there}; ack: {self.ack}")
        return self


Until = Callable[[Seen], object]


def anything(seen: Seen) -> bool:
    """Whatever the member notices: all but a silent change of a message that somebody else may have caused."""
    return any(sight.kind not in ("edit", "deletion") or sight.cause for sight in seen.sights)


def acked(seen: Seen) -> bool:
    """No waiting beyond the acknowledgement (or its failure)."""
    return seen.delivery is not None


def privately(seen: Seen) -> bool:
    """Something for this member alone."""
    return bool({sight.kind for sight in seen.sights} - {"post", "edit", "deletion"})


def posted(seen: Seen) -> bool:
    """A new message in the channel."""
    return bool(seen.posts)


def edited(seen: Seen) -> bool:
    """A change of a message in the channel."""
    return bool(seen.edits)
