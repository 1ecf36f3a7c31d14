"""What somebody who knows nothing of the subject can do with a choice question.

Each trick gives every option a mark; the reader picks the option with the highest. Options that share the highest mark
share the chance, so a trick that says nothing is right as often as a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import fuzz

from bot.core.check.words import content, words
from bot.core.model import Question

_QUALIFIERS = (
    "about almost approximately around as because but can commonly could depends except fairly few generally hardly if "
    "largely less likely many may might more most mostly nearly normally not often only partly perhaps possibly "
    "probably rarely relatively roughly seldom since so some sometimes somewhat still tend tends that though typically "
    "under unless until usually when where whereas which while without"
)
QUALIFIERS = frozenset(_QUALIFIERS.split())
"""Words by which a careful writer limits a statement, and those that begin a limiting clause."""

Trick = Callable[[Question, int], float]


def longest(question: Question, option: int) -> float:
    """The longest option: writers make the right one complete."""
    return len(question.choices[option].text)


def echo(question: Question, option: int) -> float:
    """The option that shares most words with the stem."""
    return len(content(question.prompt) & content(question.choices[option].text))


def qualified(question: Question, option: int) -> float:
    """The most qualified option: by words that limit a statement, and by commas and brackets."""
    text = question.choices[option].text
    return sum(word in QUALIFIERS for word in words(text)) + len(re.findall(r"[,;(]", text))


def odd_one_out(question: Question, option: int) -> float:
    """The option that looks least like the others."""
    texts = [choice.text.casefold() for choice in question.choices]
    return -sum(fuzz.ratio(texts[option], other) for i, other in enumerate(texts) if i != option)


TRICKS: tuple[Trick, ...] = (longest, echo, qualified, odd_one_out)


def success(trick: Trick, questions: Iterable[Question]) -> float:
    """In which share of the questions a trick is right."""
    chances = [_chance(trick, question) for question in questions]
    return sum(chances) / len(chances)


def _chance(trick: Trick, question: Question) -> float:
    marks = [trick(question, option) for option in range(len(question.choices))]
    best = [option for option, mark in enumerate(marks) if mark == max(marks)]
    return (question.right_choice in best) / len(best)
