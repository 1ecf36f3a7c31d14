"""Typing slips: when is a word that is no word surely the one that was meant?"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.grading.contrasts import differ_in_prefix
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordforms import root

SHORTEST = 5
"""Words with fewer letters are never corrected: nearly every slip in them makes another word."""


@lru_cache(maxsize=16384)
def is_typo(typed: str, meant: str, vocabulary: Vocabulary, supported: bool = False) -> bool:
    """Whether ``typed`` is ``meant`` with a slip, beyond doubt.

    Slips are counted as optimal string alignment distance: insertions, deletions, substitutions and swaps of
    neighbours (Damerau 1964). It is in doubt where what was typed is a word of its own, where another word is as
    near, and where the difference is one of number or polarity. ``supported`` says that the words beside it are those
    of the term, so that a neighbour in the dictionary raises no doubt.
    """
    if len(meant) < SHORTEST or len(typed) < SHORTEST - 1 or not (typed.isalpha() and meant.isalpha()):
        return False
    slips = OSA.distance(typed, meant, score_cutoff=budget(meant))
    if slips > budget(meant) or vocabulary.knows(typed) or differ_in_prefix(typed, meant):
        return False
    if len(meant) < (6 if vocabulary.words else 8) and not _harmless(typed, meant):
        return False
    return supported or not _another_is_nearer(typed, meant, slips, vocabulary)


def budget(meant: str) -> int:
    """How many slips a word can bear."""
    return 1 if len(meant) < 8 else 2 if len(meant) < 13 else 3


def _harmless(typed: str, meant: str) -> bool:
    """In a short word only slips that keep its sound: swaps, doubled or left out letters, one vowel for another."""
    if typed[0] != meant[0]:
        return False
    if len(typed) != len(meant):
        return True
    changed = [(a, b) for a, b in zip(typed, meant, strict=True) if a != b]
    return len(changed) == 2 or (len(meant) > 5 and all(a in "aeiouy" and b in "aeiouy" for a, b in changed))


def _another_is_nearer(typed: str, meant: str, slips: int, vocabulary: Vocabulary) -> bool:
    """Whether a real word is nearer, or as near and as likely: one slip alone points to the term asked for."""
    others = process.extract(typed, vocabulary.near(typed), scorer=OSA.distance, score_cutoff=slips, limit=None)
    return any(
        (away < slips or slips > 1 or len(meant) < 6 or other in vocabulary.term_words) and root(other) != root(meant)
        for other, away, _ in others
    )
