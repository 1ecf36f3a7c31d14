"""What a rule sees and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.format import Path, Placed
from bot.core.grading import NO_WORDS, Words
from bot.core.model import Question

Place = tuple[str, int]
"""A file and a line."""

Finding = tuple[Path, str]
"""Which part of a question a text is about, and the text: what is wrong and what to change."""

QuestionRule = Callable[[Question], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Contents:
    """All questions that are checked together, and the topics and documents that ``topics.yaml`` and ``sources.yaml``
    list, each with its place; what no file lists is not judged. ``words`` are those of the language."""

    questions: Sequence[Placed]
    topics: Mapping[str, Place] = field(default_factory=dict)
    documents: Mapping[str, Place] = field(default_factory=dict)
    words: Words = NO_WORDS


BankFinding = tuple[Placed, Path, str]
BankRule = Callable[[Contents], Iterator[BankFinding]]
