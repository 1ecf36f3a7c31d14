"""Persons: initials for first names, titles, and first names that the key leaves out or that stand between."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from bot.core.grading.typos import differ_in_doubling, is_typo
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordclasses import APPOSITIVES, SMALL_TALK, TITLES
from bot.core.grading.wordforms import root

_MOST_NAMES = 4


def is_same_person(words: Sequence[str], names: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> bool:
    """Whether the words of a reply name the person with one of these names."""
    said = [
        word
        for word in words
        if len(word) == 1 or not (word in SMALL_TALK or word in TITLES or root(word) in APPOSITIVES)
    ]
    said = said[1:] if said[:1] == ["a"] and len(said) > 2 and said[1] in TITLES else said
    titled = len(said) < len(words)
    if not said or (len(said) == 1 and not titled) or len(said) > _MOST_NAMES:
        return False
    return any(_fits(said, name, names, vocabulary) for name in names)


def _fits(said: Sequence[str], name: tuple[str, ...], names: Sequence[tuple[str, ...]], vocabulary: Vocabulary) -> bool:
    last, meant = said[-1], name[-1]
    first_fits = len(said) > 1 and len(name) > 1 and _same_first(said[0], name[0])
    if last != meant and not is_typo(last, meant, vocabulary) and not (first_fits and differ_in_doubling(last, meant)):
        return False
    if len(said) == 1:
        return len(name) > 1
    if len(name) == 1:  # the key is a surname alone: any first name goes with it, unless another key has one
        return len(meant) > 2 and not any(len(other) > 1 and other[-1] == meant for other in names)
    return first_fits


def _same_first(said: str, meant: str) -> bool:
    if len(said) == 1 or len(meant) == 1:
        return said[0] == meant[0]
    close = min(len(said), len(meant)) > 3 and said[0] == meant[0] and OSA.distance(said, meant, score_cutoff=1) <= 1
    return said == meant or close
