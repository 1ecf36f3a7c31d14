"""The grader: pure functions from what somebody wrote to a grade with its reason."""

from __future__ import annotations

from bot.core.grading.choices import grade_choice, picked_option
from bot.core.grading.normalise import plain
from bot.core.grading.reasons import NoAnswer, NotAnOption, Unreadable
from bot.core.grading.vocabulary import EMPTY, Vocabulary
from bot.core.grading.words import NO_WORDS, Words
from bot.core.model import Grade, Kind, Question

__all__ = [
    "NO_WORDS",
    "NoAnswer",
    "NotAnOption",
    "Unreadable",
    "Vocabulary",
    "Words",
    "grade",
    "picked_option",
    "prepare",
    "same_wording",
]


def same_wording(one: str, other: str) -> bool:
    """Whether two texts are the same words, however they are spelled and set."""
    return plain(one) == plain(other)


def grade(question: Question, text: str, vocabulary: Vocabulary | None = None) -> Grade:
    """The grade of one reply to one question; raises ``Unreadable`` where the reply is none."""
    if not text.strip():
        raise NoAnswer
    if question.kind is Kind.CHOICE:
        return grade_choice(question, text)
    from bot.core.grading.short import grade_short

    return grade_short(question, text, vocabulary or EMPTY)


def prepare() -> None:
    """Load what reads typed answers, a tenth of a second's work with its tables, rather than when an answer waits."""
    import bot.core.grading.short  # noqa: F401
