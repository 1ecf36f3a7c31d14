"""Negation in explanations: what no similarity of words can see.

Two signs are used. An explanation that says "not" more often than the wording it is compared with has turned
something round; phrases in which "not" turns nothing ("not only") and contrasts ("..., not lower") are left out of
the count. And a word of the idea that stands only right after a negation is denied.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from bot.core.grading.contrasts import opposed
from bot.core.grading.normalise import MARKS, clean, tokens
from bot.core.grading.stems import stem
from bot.core.grading.wordclasses import word_set

SCOPE = 3
"""Words after a "not" that it turns."""

NARROW_SCOPE = 2
"""Words after a "no" or "without" that it turns."""

CENTRAL = 0.75
"""A sentence concerns an idea if it has this share of the words that the fullest sentence has."""

_FIRM = word_set(
    "not never cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt hasnt havent hadnt "
    "aint"
)
_ANY = _FIRM | word_set("no none neither nor without nothing hardly unable")
_NEGATIVE = _ANY | word_set("except fails fail lack lacks less stop stops avoid avoids prevent prevents instead")
_BREAKS = word_set("but because which who so while whereas although though however since if unless instead rather")
_JOINTS = word_set("and but because so while whereas although though however since if then")
_CONDITIONS = word_set("if when unless without otherwise")
_HARMLESS = re.compile(
    r"\b(?:not only|not just|not necessarily|whether or not|no matter|no longer than|not to mention|if not|or not"
    r"|not until|no doubt|no more than|no less than|not more than|not less than|(?:do not|dont) forget|not always"
    r"|not exactly|not all|not every|not sure|(?:dont|do not) (?:know|think)|not like|nothing but|none other)\b"
)
_CONTRAST = re.compile(r"(?<=[,(])\s*(?:and |but )?not(?= (?!be|been|is|are|do|does|have|has)\w+)|\b(?:but|and) not\b")


@dataclass(frozen=True)
class Sentence:
    """A sentence of an explanation: the stems in it, and how often it says "not"."""

    stems: frozenset[str]
    firm: int


class Spoken:
    """A text taken apart once for all comparisons."""

    __slots__ = ("clauses", "denials", "negative", "sentences", "words")

    def __init__(self, text: str) -> None:
        cleaned = _HARMLESS.sub(" ", clean(text))
        found = tokens(cleaned)
        self.words = [token for token in found if token not in MARKS]
        self.negative = sum(word in _NEGATIVE for word in self.words)
        self.sentences = _sentences(tokens(_CONTRAST.sub(" ", cleaned)))
        self.clauses = _clauses(found)
        self.denials = _denials(found)

    @property
    def firm(self) -> int:
        """How often the whole text says "not"."""
        return sum(sentence.firm for sentence in self.sentences)


def _sentences(found: Sequence[str]) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    here: list[str] = []
    for item in (*found, "."):
        if item not in ".;!?\n":
            here.append(item)
        elif here:
            sentences.append(Sentence(frozenset(stem(word) for word in here if word not in MARKS), _firm(here)))
            here = []
    return tuple(sentences)


def _clauses(found: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    clauses: list[list[str]] = [[]]
    for item in found:
        if item in MARKS or item in _JOINTS:
            clauses.append([])
        else:
            clauses[-1].append(item)
    return tuple(tuple(clause) for clause in clauses if clause)


def _firm(sentence: Sequence[str]) -> int:
    """How often a sentence says "not"; "if not A then not B" says A and B together, and turns nothing."""
    count = sum(word in _FIRM for word in sentence)
    return 0 if count and count % 2 == 0 and any(word in _CONDITIONS for word in sentence) else count


def _denials(found: Sequence[str]) -> dict[str, set[bool]]:
    """Every word with whether it stands after a negation, within its scope: both, if it occurs both ways."""
    occurrences: dict[str, set[bool]] = {}
    left = 0
    for item in found:
        if item in MARKS:
            left = left if item in ("-", "/") else 0
        elif item in _ANY:
            occurrences.setdefault(item, set()).add(False)
            left = 0 if left else SCOPE if item in _FIRM else NARROW_SCOPE
        else:
            if item in _BREAKS:
                left = 0
            occurrences.setdefault(item, set()).add(left > 0)
            left = max(0, left - 1)
    return occurrences


class Turn(IntEnum):
    """How far an explanation turns a wording round."""

    NO = 0
    PERHAPS = 1
    YES = 2


def turns(said: Spoken, wordings: Sequence[tuple[Spoken, frozenset[str]]]) -> list[Turn]:
    """For each of the wordings found in an explanation, whether it is turned.

    Each wording comes with its stems. A "not" is superfluous where a sentence has more of them than the wordings that
    it is about, or the explanation more than all its wordings. In a sentence that is about a wording it turns that
    one; elsewhere it only casts a doubt.
    """
    found = [Turn.NO] * len(wordings)
    superfluous = said.firm > sum(wording.negative for wording, _ in wordings)
    for sentence in said.sentences:
        if sentence.firm:
            central = [i for i, (_, stems) in enumerate(wordings) if _is_central(sentence, stems, said)]
            if superfluous or sentence.firm > sum(wordings[i][0].negative for i in central):
                for i in central:
                    if sentence.firm > wordings[i][0].negative:
                        found[i] = Turn.YES
    if superfluous and found and not any(found):
        found[-1] = Turn.PERHAPS
    return found


def _is_central(sentence: Sentence, stems: frozenset[str], said: Spoken) -> bool:
    """Whether a sentence is the one, or one of those, in which a wording's words stand."""
    shared = len(stems & sentence.stems)
    return shared > 0 and shared >= CENTRAL * max(len(stems & other.stems) for other in said.sentences)


def opposite_words(said: Spoken, wording: Spoken, novel: frozenset[str], missing: frozenset[str]) -> bool:
    """Whether a sentence that has most of a wording's words has the opposite of a missing one in its place."""
    wanted = [word for word in wording.denials if stem(word) in missing]
    return bool(wanted) and any(
        opposed(other, word)
        for sentence in said.sentences
        if sentence.firm % 2 == 0 and len(novel & sentence.stems) >= max(1.0, min(len(novel) - 1, CENTRAL * len(novel)))
        for word in wanted
        for other in said.denials
        if stem(other) in sentence.stems - novel
    )
