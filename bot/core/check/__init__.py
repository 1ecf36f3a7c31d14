"""What can be wrong with a bank beyond its form, and what a bank holds.

Each rule is a function that yields what it finds, one thing each; the tables below name them. A bank with errors asks
questions that cannot be answered fairly or shown whole; warnings are against the craft of writing questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.core.check import bank, items, keys, lengths
from bot.core.check.rules import BankRule, Contents, QuestionRule
from bot.core.format import Fault
from bot.core.model import Question

__all__ = ["BANK_ERRORS", "BANK_WARNINGS", "ERRORS", "WARNINGS", "Contents", "counts", "errors", "warnings"]

ERRORS: Mapping[str, QuestionRule] = {
    "idea-not-earned": keys.unearned_ideas,
    "other-number": keys.other_number,
    "too-long-to-post": lengths.posted,
    "too-long-to-explain": lengths.revealed,
    "too-long": lengths.parts,
}
BANK_ERRORS: Mapping[str, BankRule] = {
    "answer-refused": keys.refused_answers,
    "reject-accepted": keys.accepted_rejects,
    "same-prompt": bank.same_prompts,
}
WARNINGS: Mapping[str, QuestionRule] = {
    "no-question": items.no_question,
    "negative-stem": items.negative_stem,
    "longest-right": items.longest_right,
    "above": items.above,
    "absolute-wrong": items.absolute_wrong,
    "like-options": items.like_options,
    "mixed-options": items.mixed_options,
    "no-why": items.no_why,
    "explanation-length": items.explanation_length,
    "no-concept": items.no_concept,
    "told-answer": items.told_answer,
}
BANK_WARNINGS: Mapping[str, BankRule] = {
    "like-prompts": bank.like_prompts,
    "clue": bank.clues,
    "spelling": bank.spellings,
    "unlisted-document": bank.unlisted_documents,
    "unlisted-topic": bank.unlisted_topics,
}
UNUSED = "unused"


def errors(contents: Contents) -> Iterator[Fault]:
    """What must be mended."""
    yield from (fault for _, fault in _found(contents, ERRORS, BANK_ERRORS))


def warnings(contents: Contents) -> Iterator[Fault]:
    """What should be mended; each names its rule."""
    found = [*_found(contents, WARNINGS, BANK_WARNINGS), *((UNUSED, fault) for fault in bank.unused(contents))]
    for name, fault in found:
        yield Fault(fault.file, fault.line, fault.id, f"warning: {fault.text} [{name}]")


def _found(
    contents: Contents, single: Mapping[str, QuestionRule], whole: Mapping[str, BankRule]
) -> Iterator[tuple[str, Fault]]:
    for name, rule in single.items():
        for placed in contents.questions:
            yield from ((name, placed.fault(path, text)) for path, text in rule(placed.question))
    for name, judge in whole.items():
        yield from ((name, placed.fault(path, text)) for placed, path, text in judge(contents))


def counts(questions: Sequence[Question]) -> Iterator[str]:
    """What a bank holds, a line each: in all, by topic, kind and difficulty."""
    yield f"{len(questions)} questions"
    yield from _counted("topic", (question.topic for question in questions))
    yield from _counted("kind", (question.kind for question in questions))
    yield from _counted("difficulty", (question.difficulty for question in questions))


def _counted(what: str, values: Iterable[str]) -> Iterator[str]:
    for value, number in sorted(Counter(map(str, values)).items()):
        yield f"{what} {value}: {number}"
