"""What a question asks for: the nouns after "which", and whether it asks for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from bot.core.grading.abbreviations import equivalents
from bot.core.grading.wordclasses import NEGATIONS, kindred, word_set
from bot.core.grading.wordforms import root

_PERSON = (
    "scientist|mathematician|physicist|author|writer|painter|artist|composer|philosopher|president|inventor|chemist|"
    "biologist|economist|programmer|researcher|poet|playwright|novelist|explorer|astronaut|astronomer|engineer|"
    "psychologist|pioneer|statistician|king|queen|emperor|person|woman|man"
)
_WHO = re.compile(
    rf"\b(?:who|whose|whom|surname|(?:which|what|name the|name of the)(?: \w{{1,20}}){{0,4}} (?:{_PERSON}))\b"
)
_ASKING = word_set("which what whats whose name kind type sort")
_SKIPPED = word_set("is are was were the a an name term word called call do you we one of")
_END = word_set(
    "that which who when where if used for in to by with at from and as is are was were does do did can has have had "
    "would should will may must on during after before"
)
_PLACE = word_set("city capital town where")
_MOST = 4
_GAP = re.compile(r"((?:\w{1,30} ){0,1}\w{1,30})\s*(?:\.{3}|…|_{2,})")


def asks_for_person(prompt: str) -> bool:
    """Whether a cleaned question asks for a person."""
    return _WHO.search(prompt) is not None


def asked_nouns(prompt: Sequence[str]) -> frozenset[str]:
    """Roots of the nouns that a question asks for, with those used for the same: of "which activation function"."""
    nouns = list(_asked(prompt))
    joined = {root(one + other) for one, other in pairwise(nouns)}
    return frozenset(joined).union(*(kindred(noun) for noun in nouns))


def short_forms(prompt: Sequence[str]) -> frozenset[str]:
    """Abbreviations of the phrases of a question: lifo for "last in, first out"."""
    return frozenset(other for phrase in _phrases(prompt) for other in equivalents(phrase) if " " not in other)


def asks_for_place(prompt: Sequence[str]) -> bool:
    """Whether a question asks for a city."""
    return not _PLACE.isdisjoint(prompt)


def _phrases(prompt: Sequence[str]) -> Iterator[str]:
    for i in range(len(prompt)):
        for length in range(2, 6):
            if i + length <= len(prompt):
                yield " ".join(prompt[i : i + length])


def gap_words(prompt: str) -> frozenset[str]:
    """Roots of the words right before a gap to be filled: "a sign of high ..."."""
    return frozenset(root(word.lower()) for found in _GAP.finditer(prompt) for word in found[1].split())


def known_words(prompt: Sequence[str]) -> frozenset[str]:
    """Roots of the words of a question and of its compounds: "trade-off" is also said in one word."""
    roots = {root(word) for word in prompt if word not in NEGATIONS}
    joined = {root(one + other) for one, other in pairwise(prompt)}
    return frozenset(roots | joined).union(*(kindred(form) for form in roots))


def _asked(prompt: Sequence[str]) -> Iterator[str]:
    for i, word in enumerate(prompt):
        if word in _ASKING:
            taken = 0
            for noun in prompt[i + 1 : i + 12]:
                if noun == "of" or (noun in _SKIPPED and not taken):
                    continue
                verb = taken and noun.endswith("s") and not noun.endswith("ss")
                if noun in _END or verb or taken == _MOST:
                    break
                taken += 1
                yield root(noun)
