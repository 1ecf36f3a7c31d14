"""Explanations judged by more than their words: when a judge (``ports.Judge``) is asked, and which of several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.grading import same_wording
from bot.core.model import Grade, Question, Wording
from bot.core.ports import Judge

PATIENCE = timedelta(seconds=10)
"""An answer that comes so shortly before the close of its round is not judged, so that it cannot become late by it."""


async def judged(judge: Judge | None, question: Question, text: str, grade: Grade, *, listed: bool = False) -> Grade:
    """The grade of an answer as a judge sees it, if there is one and the question is graded by ideas.

    ``grade`` is what the answer got without a judge; it stays where it is full marks, or for a ``listed`` wording.
    """
    if judge is None or listed or grade.correct:
        return grade
    from bot.core.verdicts import is_by_ideas, may_be_judged  # and with it the grader of typed answers

    if not is_by_ideas(question) or not may_be_judged(question, text):
        return grade
    return await judge.judge(question, text, grade)


class InTurn:
    """Several judges, each of which gets what the one before it gave."""

    def __init__(self, judges: Sequence[Judge]) -> None:
        self._judges = judges

    async def judge(self, question: Question, text: str, offline: Grade) -> Grade:
        """The last one's grade; it falls back on the earlier ones'."""
        for judge in self._judges:
            offline = await judge.judge(question, text, offline)
        return offline


def is_listed(text: str, wordings: Sequence[Wording]) -> bool:
    """Whether somebody accepted this very wording, in full or in part: then no judge is asked."""
    return any(same_wording(accepted.text, text) for accepted in wordings)
