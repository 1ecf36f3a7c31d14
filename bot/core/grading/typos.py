"""Typing slips: when is a word that is no word surely the one that was meant?"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.grading.contrasts import differ_in_prefix
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordforms import root

SHORTEST = 5
"""Words with fewer letters are never corrected: nearly every slip in them makes another word."""

_VOWELS = frozenset("aeiouy")
_SOUND_ALIKE = frozenset({frozenset("ck"), frozenset("sz"), frozenset("iy")})
_SOUND_THE_SAME = frozenset(
    frozenset(pair.split("/"))
    for pair in (
        "principal/principle",
        "descent/decent",
        "discrete/discreet",
        "complement/compliment",
        "stationary/stationery",
        "council/counsel",
        "weight/wait",
        "site/cite",
    )
)
_RUN = re.compile(r"(.)\1+")


@lru_cache(maxsize=16384)
def is_typo(typed: str, meant: str, vocabulary: Vocabulary, supported: bool = False) -> bool:
    """Whether ``typed`` is ``meant`` with a slip, beyond doubt.

    Slips are counted as optimal string alignment distance: insertions, deletions, substitutions and swaps of
    neighbours (Damerau 1964). It is in doubt where what was typed is a word of its own, where another word is as
    near, and where the difference is one of number or polarity. ``supported`` says that the words beside it are those
    of the term: then a neighbour in the dictionary raises no doubt, and neither do words that sound the same.
    """
    if not (typed.isalpha() and meant.isalpha()):
        return False
    if supported and frozenset((typed, meant)) in _SOUND_THE_SAME:
        return True
    if len(meant) < SHORTEST or len(typed) < SHORTEST - 1:
        return supported and len(meant) == SHORTEST - 1 and _is_swap(typed, meant) and not vocabulary.knows(typed)
    most = budget(meant) + (supported and 5 < len(meant) < 8 and typed[0] == meant[0])
    slips = OSA.distance(typed, meant, score_cutoff=most)
    if slips > most or vocabulary.knows(typed) or differ_in_prefix(typed, meant):
        return False
    blind = not vocabulary.words  # then anything may be a word
    if (blind and slips > 1) or ((blind or len(meant) < 6) and not _sounds_alike(typed, meant)):
        return False
    return supported or not _another_is_nearer(typed, meant, slips, vocabulary)


def budget(meant: str) -> int:
    """How many slips a word can bear."""
    return 1 if len(meant) < 8 else 2 if len(meant) < 16 else 3


def _is_swap(typed: str, meant: str) -> bool:
    """Whether two neighbours changed places: rtae, rate."""
    return (
        len(typed) == len(meant)
        and typed != meant
        and OSA.distance(typed, meant, score_cutoff=1) == 1
        and (sorted(typed) == sorted(meant))
    )


def differ_in_doubling(one: str, other: str) -> bool:
    """Whether two words differ in doubled letters alone: Alan, Allan."""
    return min(len(one), len(other)) > 3 and _RUN.sub(r"\1", one) == _RUN.sub(r"\1", other)


def _sounds_alike(typed: str, meant: str) -> bool:
    """In a short word only slips that keep its sound: swaps, doubled or left out letters, one vowel for another."""
    changed = [frozenset(pair) for pair in zip(typed, meant, strict=False) if pair[0] != pair[1]]
    if len(typed) == len(meant) and len(changed) == 1:
        return changed[0] in _SOUND_ALIKE or (len(meant) > 5 and typed[0] == meant[0] and changed[0] < _VOWELS)
    return typed[0] == meant[0]


def _another_is_nearer(typed: str, meant: str, slips: int, vocabulary: Vocabulary) -> bool:
    """Whether a real word is nearer, or as near and as likely: one slip alone points to the term asked for."""
    others = process.extract(typed, vocabulary.near(typed), scorer=OSA.distance, score_cutoff=slips, limit=None)
    return any(
        (away < slips or slips > 1 or len(meant) < 6 or other in vocabulary.term_words) and root(other) != root(meant)
        for other, away, _ in others
    )
