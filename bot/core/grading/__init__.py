"""The grader: pure functions from what somebody wrote to a grade with its reason."""

from __future__ import annotations

from bot.core.grading.choices import grade_choice, picked_option
from bot.core.grading.ideas import derived_ideas, found_ideas, grade_ideas, grade_of, is_explanation
from bot.core.grading.numbers import grade_number, implied_numeric
from bot.core.grading.reasons import NoAnswer, NotAnOption, Unreadable
from bot.core.grading.terms import grade_term
from bot.core.grading.vocabulary import EMPTY, Vocabulary
from bot.core.model import Grade, Kind, Question

__all__ = [
    "NoAnswer", "NotAnOption", "Unreadable", "Vocabulary", "derived_ideas", "grade", "picked_option",
]  # fmt: skip


def grade(question: Question, text: str, vocabulary: Vocabulary | None = None) -> Grade:
    """The grade of one reply to one question; raises ``Unreadable`` where the reply is none."""
    if not text.strip():
        raise NoAnswer
    if question.kind is Kind.CHOICE:
        return grade_choice(question, text)
    if question.numeric is not None:
        return grade_number(question, text)
    if question.ideas or is_explanation(question.answer):
        return grade_ideas(question, text)
    if implied_numeric(question.answer) is not None:
        return grade_number(question, text)
    return grade_term(question, text, vocabulary or EMPTY)
