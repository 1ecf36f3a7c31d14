"""The grader: pure functions from what somebody wrote to a grade with its reason."""

from __future__ import annotations

from bot.core.grading.choices import grade_choice, picked_option
from bot.core.grading.ideas import (
    Found,
    derived_ideas,
    found_ideas,
    grade_ideas,
    grade_of,
    ideas_of,
    is_explanation,
)
from bot.core.grading.normalise import plain
from bot.core.grading.numbers import grade_number, implied_numeric
from bot.core.grading.reasons import NoAnswer, NotAnOption, Unreadable
from bot.core.grading.terms import grade_term
from bot.core.grading.vocabulary import EMPTY, Vocabulary
from bot.core.grading.words import NO_WORDS, Words
from bot.core.model import Grade, Kind, Question

__all__ = [
    "NO_WORDS",
    "Found",
    "NoAnswer",
    "NotAnOption",
    "Unreadable",
    "Vocabulary",
    "Words",
    "derived_ideas",
    "found_ideas",
    "grade",
    "grade_of",
    "ideas_of",
    "is_explanation",
    "picked_option",
    "same_wording",
]


def same_wording(one: str, other: str) -> bool:
    """Whether two texts are the same words, however they are spelled and set."""
    return plain(one) == plain(other)


def grade(question: Question, text: str, vocabulary: Vocabulary | None = None) -> Grade:
    """The grade of one reply to one question; raises ``Unreadable`` where the reply is none.

    A short question is graded as a number where it has one, by ideas where it has any or its answer is a sentence
    (then the answer's sentences are the ideas), as a number again where its answer is a bare one, else as a term.
    """
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
