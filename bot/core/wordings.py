"""Grading in a team: with the wordings that its admins accepted beside those of the bank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.grading import Vocabulary, grade, same_wording
from bot.core.messages import rulings as wording
from bot.core.model import Grade, Question, Wording


def graded(question: Question, text: str, wordings: Sequence[Wording], vocabulary: Vocabulary) -> Grade:
    """The grade of an answer in a team that accepted these wordings. Raises ``Unreadable``."""
    full = tuple(accepted.text for accepted in wordings if accepted.score >= 1)
    result = grade(replace(question, accept=question.accept + full) if full else question, text, vocabulary)
    for accepted in wordings:
        if result.score < accepted.score < 1 and same_wording(accepted.text, text):
            return Grade(accepted.score, wording.in_part())
    return result
