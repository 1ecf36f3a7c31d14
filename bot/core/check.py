"""What can be wrong with a bank beyond its form: keys that the grader does not bear out. And what a bank holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.core.format import Fault
from bot.core.grading import Unreadable, Vocabulary, grade
from bot.core.model import Kind, Question

Placed = tuple[Question, str, int]
"""A question with its file and line."""


def inconsistencies(questions: Sequence[Placed]) -> Iterator[Fault]:
    """Answers that the grader does not accept, and rejected ones that it does."""
    vocabulary = Vocabulary.of([question for question, _, _ in questions])
    for question, file, line in questions:
        if question.kind is Kind.SHORT:
            for text in _graded_otherwise(question, vocabulary):
                yield Fault(file, line, question.id, text)


def _graded_otherwise(question: Question, vocabulary: Vocabulary) -> Iterator[str]:
    for text in (question.answer, *question.accept):
        if not _accepted(question, text, vocabulary):
            yield f'the answer "{text}" is not accepted by its own key'
    for text in question.reject:
        if _accepted(question, text, vocabulary):
            yield f'"{text}" stands in reject, but the key accepts it'


def _accepted(question: Question, text: str, vocabulary: Vocabulary) -> bool:
    try:
        return grade(question, text, vocabulary).correct
    except Unreadable:
        return False


def counts(questions: Sequence[Question]) -> Iterator[str]:
    """What a bank holds, a line each: in all, by topic, kind and difficulty."""
    yield f"{len(questions)} questions"
    yield from _counted("topic", (question.topic for question in questions))
    yield from _counted("kind", (question.kind for question in questions))
    yield from _counted("difficulty", (question.difficulty for question in questions))


def _counted(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, number in sorted(Counter(map(str, values)).items()):
        yield f"{what} {value}: {number}"
