"""Short questions: which grader reads what was typed."""

from __future__ import annotations

from bot.core.grading.ideas import grade_ideas, is_explanation
from bot.core.grading.numbers import grade_number, implied_numeric
from bot.core.grading.terms import grade_term
from bot.core.grading.vocabulary import Vocabulary
from bot.core.model import Grade, Question


def grade_short(question: Question, text: str, vocabulary: Vocabulary) -> Grade:
    """As a number where the question has one, by ideas where it has any or its answer is a sentence (then the answer's
    sentences are the ideas), as a number again where its answer is a bare one, else as a term."""
    if question.numeric is not None:
        return grade_number(question, text)
    if question.ideas or is_explanation(question.answer):
        return grade_ideas(question, text)
    if implied_numeric(question.answer) is not None:
        return grade_number(question, text)
    return grade_term(question, text, vocabulary)
