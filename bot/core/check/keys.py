"""Errors of a key: the grader does not bear it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.check.rules import BankFinding, Contents, Finding
from bot.core.format import Path
from bot.core.grading import Unreadable, Vocabulary, grade
from bot.core.grading.reasons import quote
from bot.core.model import Idea, Kind, Question


def refused_answers(contents: Contents) -> Iterator[BankFinding]:
    """The answer and each other wording must be accepted."""
    vocabulary = _vocabulary(contents)
    for placed in contents.questions:
        for path, text in _wordings(placed.question):
            reason = _refusal(placed.question, text, vocabulary)
            if reason:
                told = f'"{quote(text)}" is not accepted by its own key: reword it or mend the key'
                yield placed, path, f"{told} (the grader says: {reason})"


def accepted_rejects(contents: Contents) -> Iterator[BankFinding]:
    """Each near miss must be refused."""
    vocabulary = _vocabulary(contents)
    for placed in contents.questions:
        for i, text in enumerate(placed.question.reject):
            if _accepted(placed.question, text, vocabulary):
                yield placed, ("reject", i), f'"{text}" stands in reject, but the key accepts it: take it out of one'


def _vocabulary(contents: Contents) -> Vocabulary:
    return Vocabulary.of([placed.question for placed in contents.questions], contents.words)


def _wordings(question: Question) -> Iterator[tuple[Path, str]]:
    if question.kind is Kind.SHORT:
        yield ("answer",), question.answer
        yield from ((("accept", i), text) for i, text in enumerate(question.accept))


def unearned_ideas(question: Question) -> Iterator[Finding]:
    """An idea and each wording of it must earn that idea."""
    for i, idea in enumerate(question.ideas):
        if not _earns(question, idea, idea.idea):
            yield (
                ("points", i, "idea"),
                f'the idea "{idea.idea}" is not found in its own words: say more than the prompt does',
            )
        for j, wording in enumerate(idea.accept):
            if not _earns(question, idea, wording):
                yield (
                    ("points", i, "accept", j),
                    f'the wording "{wording}" does not earn the idea "{idea.idea}": reword it or take it out',
                )


def other_number(question: Question) -> Iterator[Finding]:
    """The answer that is shown must be the number that is graded."""
    if question.numeric is not None:
        bare = replace(question, answer="", accept=())
        if not _accepted(bare, question.answer, None):
            yield (
                ("answer",),
                f'the answer "{question.answer}" is not {question.numeric.value:.12g} within the tolerance of numeric: '
                "change one of them",
            )


def _earns(question: Question, idea: Idea, text: str) -> bool:
    return _accepted(replace(question, ideas=(idea,)), text, None)


def _accepted(question: Question, text: str, vocabulary: Vocabulary | None) -> bool:
    return not _refusal(question, text, vocabulary)


def _refusal(question: Question, text: str, vocabulary: Vocabulary | None) -> str:
    """Why an answer is not right in full; empty if it is."""
    try:
        result = grade(question, text, vocabulary)
    except Unreadable as error:
        return str(error)
    return "" if result.correct else result.reason
