"""Who does what: an explanation that says of L2 what holds for L1 has every word of the idea, and is wrong."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.grading.contrasts import opposed
from bot.core.grading.polarity import Spoken
from bot.core.grading.stems import stem
from bot.core.grading.wordings import Wording

Pair = tuple[str, str]

_MOST = 40


def contrasted(words: Iterable[str]) -> frozenset[Pair]:
    """The pairs of a question's words that it sets against each other: L1 and L2, precision and recall."""
    distinct = sorted(set(words))[:_MOST]
    return frozenset(
        (one, other) for one in distinct for other in distinct if one != other and _in_contrast(one, other)
    )


def _in_contrast(one: str, other: str) -> bool:
    if one.isalpha() and other.isalpha():
        return min(len(one), len(other)) > 3 and opposed(one, other)
    return not one.isdigit() and _letters(one) == _letters(other) != ""


def is_misattributed(of: Wording, said: Spoken, pairs: frozenset[Pair]) -> bool:
    """Whether most of a wording's words are said of the counterpart of what the wording is about."""
    own = set(of.spoken.words)
    return any(_stands_with(of, said, mine, other) for mine, other in pairs if mine in own and other not in own)


def _stands_with(of: Wording, said: Spoken, mine: str, other: str) -> bool:
    right: set[str] = set()
    wrong: set[str] = set()
    about: set[str] = set()
    for clause in said.clauses:
        about = {word for word in clause if word in (mine, other)} or about
        (wrong if about == {other} else right).update(of.novel.intersection(map(stem, clause)))
    return len(wrong - right) > max(1, 2 * len(right - wrong))


def _letters(word: str) -> str:
    return "".join(char for char in word if char.isalpha())
