"""Texts taken apart into words and sentences, as the rules need them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.grading.wordforms import root
from bot.core.model import Question

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*")
_SENTENCE_END = re.compile(r"[.?!][\"')\]]*(?=\s+[\"'(\[]?[^\W_a-z]|\s*$)")
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|etc|vs|cf|al|sec|ch|eq|fig|no|dr|mr|ms|prof)\.$", re.IGNORECASE)

_SMALL = (
    "a about above after again all also an and any are as at be because been before being below between both but by "
    "can did do does each either else few for from get gives go goes had has have how i if in into is it its itself "
    "just less made make makes many may might more most much must neither no nor not of off on once one only or other "
    "out over own per same should since so some such than that the their them then there these they this those through "
    "to too two under until up upon us use used uses using very was we were what when where which while who whose "
    "why will with within without would you your"
)
SMALL = frozenset(_SMALL.split())
"""Words that say nothing about the subject."""


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case."""
    return _WORD.findall(text.casefold())


def roots(text: str) -> list[str]:
    """The words of a text, each in the form in which its inflections meet."""
    return [root(word) for word in words(text)]


def content(text: str) -> frozenset[str]:
    """The roots of the words that say something about the subject."""
    return frozenset(root(word) for word in words(text) if word not in SMALL and len(word) > 1)


def same(text: str) -> str:
    """A text in the form in which two texts count as the very same: without case, blanks and a last full stop."""
    return " ".join(text.casefold().split()).rstrip(".?! ")


def sentences(text: str) -> int:
    """How many sentences a text has; full stops of abbreviations and numbers end none."""
    ends = [found for found in _SENTENCE_END.finditer(text) if not _ABBREVIATION.search(text[: found.start() + 1])]
    rest = text[ends[-1].end() :] if ends else text
    return len(ends) + bool(rest.strip())


def contains(holder: list[str], held: list[str]) -> bool:
    """Whether some words stand in a text one after the other."""
    return bool(held) and any(holder[i : i + len(held)] == held for i in range(len(holder) - len(held) + 1))


def shown(question: Question) -> Iterator[str]:
    """All that readers are shown of a question in the bank's own words; not what people may type, nor the note, which
    may quote its source."""
    yield from (question.prompt, question.concept, question.answer, question.explanation)
    yield from (text for choice in question.choices for text in (choice.text, choice.why))
    yield from (idea.idea for idea in question.ideas)


def in_words(parts: Iterable[str]) -> str:
    """``a, b and c``."""
    *some, last = parts
    return f"{', '.join(some)} and {last}" if some else last
