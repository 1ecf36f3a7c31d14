"""The sentences that come with a grade, and the refusals of replies that cannot be graded at all."""

from __future__ import annotations

import re
import unicodedata

from bot.core.model import Grade

QUOTED = 60

_SPACES = re.compile(r"\s+")


class Unreadable(ValueError):
    """The reply cannot be read as an answer; ``str()`` of it is the sentence to show, and nothing is recorded."""


class NoAnswer(Unreadable):
    """Please write an answer."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NotAnOption(Unreadable):
    """Please answer with one of the letters A to {last}."""

    def __init__(self, last: str) -> None:
        super().__init__((self.__doc__ or "").format(last=last))


def right(reason: str) -> Grade:
    """Full marks."""
    return Grade(1.0, f"Right{_joined(reason)}")


def partly(score: float, reason: str) -> Grade:
    """Some of the marks: never all and never none, however the rounding falls."""
    return Grade(min(0.99, max(0.01, round(score, 2))), f"Partly right{_joined(reason)}")


def wrong(reason: str) -> Grade:
    """No marks."""
    return Grade(0.0, f"Not right. {reason}")


def quote(text: str, limit: int = QUOTED) -> str:
    """What somebody wrote, on one line, printable, and short enough to be repeated to them."""
    flat = text[: limit * 4]
    if not flat.isprintable():
        flat = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in flat)
    flat = _SPACES.sub(" ", flat).strip().replace('"', "'")
    return flat if len(flat) <= limit else flat[: limit - 3].rstrip() + "..."


def sentence(text: str) -> str:
    """A text with a full stop, unless it ends in one."""
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _joined(reason: str) -> str:
    return f": {reason}" if reason else "."
