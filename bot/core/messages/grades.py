"""What a grade says: its verdict, and the reason that the grader gave."""

from __future__ import annotations

from bot.core.messages import _
from bot.core.model import Grade


def verdict(grade: Grade) -> str:
    """The first words of a grade."""
    if grade.correct:
        return _("Right")
    return _("Partly right") if grade.score > 0 else _("Not right")


def reason(grade: Grade) -> str:
    """A grade's reason, which is kept in English: all of it in the reader's language, or at least its verdict."""
    if _(grade.reason) != grade.reason:
        return _(grade.reason)
    for word in ("Right", "Partly right", "Not right"):
        if grade.reason.startswith(word):
            return verdict(grade) + grade.reason.removeprefix(word)
    return grade.reason
