"""What whoever runs the bot may count: what happened, how long it took, and which promises were not kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum

from bot.core.entries import Ruling
from bot.core.model import RoundKind

log = logging.getLogger(__name__)


class Step(StrEnum):
    """A step in the life of a round."""

    OPENED = "opened"
    CLOSED = "closed"
    REVEALED = "revealed"
    GIVEN_UP = "given_up"


class Doing(StrEnum):
    """What a member did that the bot replies to."""

    COMMAND = "command"
    BUTTON = "button"
    FORM = "form"
    SUGGESTION = "suggestion"
    PAGE = "page"


class Failure(StrEnum):
    """What did not do its part."""

    DATABASE = "database"
    PLATFORM = "platform"
    REFUSED = "refused"
    UNEXPECTED = "unexpected"
    CROWDED = "crowded"


class Promise(StrEnum):
    """What members were promised and did not get, each reason for somebody to look."""

    QUESTION_SKIPPED = "question_skipped"
    QUESTION_GIVEN_UP = "question_given_up"
    POST_LATE = "post_late"
    REVEAL_WITHHELD = "reveal_withheld"
    ANSWER_NOT_RECORDED = "answer_not_recorded"
    CHANNEL_PAUSED = "channel_paused"
    BANK_KEPT_OUT = "bank_kept_out"


class Meter:
    """Told of what happens, on the way of a click too: it returns at once, and raises nothing. Times are in seconds.

    This one counts nothing; whoever wants counts makes one that does.
    """

    def answered(self, platform: str, ruling: Ruling, *, changed: bool) -> None:
        """An answer was ruled upon; ``changed`` says that it took the place of an earlier one."""

    def replied(self, platform: str, doing: Doing, seconds: float) -> None:
        """A member did something and was told what came of it, so long after it had arrived."""

    def committed(self, answers: int, seconds: float) -> None:
        """Answers shared a commit."""

    def went(self, kind: RoundKind, step: Step) -> None:
        """A round took a step."""

    def posted(self, late: float) -> None:
        """A daily question stands in its channel, so long after its minute."""

    def looked(self, platform: str, due: int, under_way: int) -> None:
        """The loop found so many jobs due on a platform, and has so many under way."""

    def failed(self, what: Failure) -> None:
        """Something could not be done."""

    def broke(self, promise: Promise) -> None:
        """A promise was not kept."""


UNMETERED = Meter()


def broken(meter: Meter, promise: Promise, ids: Mapping[str, object], text: str, *args: object) -> None:
    """A promise is not kept: an error in the log, which alerts can be set on, and a count."""
    log.error(text, *args, extra={**ids, "promise": promise.value})
    meter.broke(promise)
