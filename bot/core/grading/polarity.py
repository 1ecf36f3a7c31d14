"""Negation in explanations: what no similarity of words can see.

Two signs are used. An explanation that says "not" more often than the wording it is compared with has turned
something round; phrases in which "not" turns nothing ("not only") and contrasts ("..., not lower") are left out of
the count. And a word of the idea that stands only right after a negation is denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.core.grading.contrasts import opposed
from bot.core.grading.normalise import MARKS, clean, tokens
from bot.core.grading.stems import stem

SCOPE = 3
"""Words after a negation that it turns."""

CENTRAL = 0.6
"""A sentence concerns an idea if it has this share of the words that the fullest sentence has."""

_FIRM = frozenset(
    "not never cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt aint".split()
)
_ANY = _FIRM | frozenset("no none neither nor without nothing hardly unable".split())
_NEGATIVE = _ANY | frozenset("except fails fail unable lack lacks less stop stops avoid avoids prevent prevents instead".split())
_BREAKS = frozenset("but because which who so while whereas although though however since if unless instead rather".split())
_CONDITIONS = frozenset("if when unless without otherwise".split())
_HARMLESS = re.compile(
    r"\b(?:not only|not just|not necessarily|whether or not|no matter|no longer than|not to mention|if not|or not|not until"
    r"|no doubt|no more than|no less than|not more than|not less than|(?:do not|dont) forget|not always|not exactly|not all"
    r"|not every|not sure|(?:dont|do not) (?:know|think)|not like|nothing but|none other)\b"
)
_CONTRAST = re.compile(r"(?<=[,(])\s*(?:and |but )?not(?= (?!be|been|is|are|do|does|have|has)\w+)|\b(?:but|and) not\b")


@dataclass(frozen=True)
class Sentence:
    """A sentence of an explanation: the stems in it, and how often it says "not"."""

    stems: frozenset[str]
    firm: int


class Spoken:
    """A text taken apart once for all comparisons."""

    __slots__ = ("denials", "negative", "sentences", "words")

    def __init__(self, text: str) -> None:
        cleaned = _HARMLESS.sub(" ", clean(text))
        found = tokens(cleaned)
        self.words = [token for token in found if token not in MARKS]
        self.negative = sum(word in _NEGATIVE for word in self.words)
        self.sentences = _sentences(tokens(_CONTRAST.sub(" ", cleaned)))
        self.denials = _denials(found)

    @property
    def firm(self) -> int:
        """How often the whole text says "not"."""
        return sum(sentence.firm for sentence in self.sentences)


def _sentences(found: Sequence[str]) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    here: list[str] = []
    for token in (*found, "."):
        if token not in ".;!?\n":
            here.append(token)
        elif here:
            sentences.append(Sentence(frozenset(stem(word) for word in here if word not in MARKS), _firm(here)))
            here = []
    return tuple(sentences)


def _firm(sentence: Sequence[str]) -> int:
    """How often a sentence says "not"; "if not A then not B" says A and B together, and turns nothing."""
    count = sum(word in _FIRM for word in sentence)
    return 0 if count and count % 2 == 0 and any(word in _CONDITIONS for word in sentence) else count


def _denials(found: Sequence[str]) -> dict[str, set[bool]]:
    """Every word with whether it stands after a negation, within its scope: both, if it occurs both ways."""
    occurrences: dict[str, set[bool]] = {}
    left = 0
    for token in found:
        if token in MARKS:
            left = left if token in "-/" else 0
        elif token in _ANY:
            occurrences.setdefault(token, set()).add(False)
            left = 0 if left else SCOPE
        else:
            if token in _BREAKS:
                left = 0
            occurrences.setdefault(token, set()).add(left > 0)
            left = max(0, left - 1)
    return occurrences


class Turn(Enum):
    """How far an explanation turns a wording round."""

    NO = 0
    PERHAPS = 1
    YES = 2


def turns(said: Spoken, wordings: Sequence[tuple[Spoken, frozenset[str]]]) -> list[Turn]:
    """For each of the wordings found in an explanation, whether it is turned: it says "not" more often than they all do.

    Each wording comes with its stems. A superfluous "not" in a sentence that is about a wording turns it; elsewhere it
    only casts a doubt on the wording that shares most with the sentence.
    """
    found = [Turn.NO] * len(wordings)
    if said.firm <= sum(wording.negative for wording, _ in wordings):
        return found
    for sentence in said.sentences:
        if not sentence.firm:
            continue
        shared = [len(stems & sentence.stems) for _, stems in wordings]
        for i, (wording, stems) in enumerate(wordings):
            if sentence.firm > wording.negative and shared[i]:
                fullest = max(len(stems & other.stems) for other in said.sentences)
                if shared[i] >= CENTRAL * fullest:
                    found[i] = Turn.YES
                elif shared[i] == max(shared) and found[i] is Turn.NO:
                    found[i] = Turn.PERHAPS
    if found and not any(turn is not Turn.NO for turn in found):
        found[-1] = Turn.PERHAPS
    return found


def opposite_words(said: Spoken, wording: Spoken, novel: frozenset[str], missing: frozenset[str]) -> bool:
    """Whether a sentence that has most of a wording's words has the opposite of a missing one in its place."""
    wanted = [word for word in wording.denials if stem(word) in missing]
    return bool(wanted) and any(
        opposed(other, word)
        for sentence in said.sentences
        if sentence.firm % 2 == 0 and len(novel & sentence.stems) >= max(1.0, CENTRAL * len(novel))
        for word in wanted
        for other in said.denials
        if stem(other) in sentence.stems - novel
    )
