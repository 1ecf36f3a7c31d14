"""The grammar of a reply: does it put forward one term, and is it the right one?

A reply arrives as a row of items: occurrences of the right term (``KEY``), of a listed near miss (``REJECT``), other
words, and punctuation. What counts is what stands around the term: small talk and explanations are welcome, a
negation turns it, and a second answer spoils it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import takewhile

from bot.core.grading.normalise import MARKS
from bot.core.grading.wordclasses import (
    ALTERNATIVES,
    APPOSITIVES,
    CATEGORY,
    CONTRASTS,
    COPULAS,
    NEGATIONS,
    OPENERS,
    SMALL_TALK,
)
from bot.core.grading.wordforms import root

KEY = "<key>"
REJECT = "<reject>"

_TRADES = ("ist", "er", "or", "ian")
_PRONOUNS = frozenset({"it", "they", "we", "you", "he", "she", "i", "that", "which", "this"})
_CHOOSING = frozenset({"or", "either", "nor", "vs", "versus"})


class Verdict(Enum):
    """What a reply does with the term."""

    RIGHT = "puts it forward"
    NEGATED = "says that it is not the answer"
    SEVERAL = "puts something else forward as well"
    REJECTED = "puts forward what the author listed as a near miss"
    OTHER = "puts forward a longer term that contains it"
    ABSENT = "does not contain it"


@dataclass(frozen=True)
class Subject:
    """What a reply may say beside the term without adding to it, as roots.

    ``known`` are the words of the question and of the term, ``asked`` the nouns that the question asks for ("which
    regularization technique"), ``key`` the words of the term alone; ``person`` that it is somebody.
    """

    known: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    key: frozenset[str] = frozenset()
    person: bool = False

    @property
    def has_symbols(self) -> bool:
        """Whether the term itself has a number or a single letter among its words."""
        return any(word.isdigit() or len(word) == 1 for word in self.key)

    def neutral(self, word: str) -> bool:
        """Whether a word adds nothing to an answer."""
        form = root(word)
        known = form in self.known or form in self.asked
        return known or word in SMALL_TALK or form in CATEGORY or form in APPOSITIVES or self._is_trade(word)

    def may_precede(self, word: str) -> bool:
        """Whether a word right before the term leaves it the same term."""
        form = root(word)
        return word in SMALL_TALK or form in APPOSITIVES or form in self.asked or self._is_trade(word)

    def _is_trade(self, word: str) -> bool:
        """Whether a word may say what a person is: the naturalist Charles Darwin."""
        return self.person and word.endswith(_TRADES)

    def may_follow(self, word: str) -> bool:
        """Whether a word right after the term leaves it the same term."""
        form = root(word)
        return word in SMALL_TALK or form in CATEGORY or form in self.asked or form in self.key


@dataclass
class _Segment:
    """A stretch of a reply without punctuation or conjunction, and what joined it to the one before."""

    links: set[str] = field(default_factory=set)
    items: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return [item for item in self.items if item not in (KEY, REJECT)]

    def joins_alternative(self) -> bool:
        """Whether an "or" or "and" puts this segment beside the one before."""
        return not self.links.isdisjoint(ALTERNATIVES) or bool(self.links & {"/", "|"})


def judge(items: Iterable[str], subject: Subject, *, joint: bool = False) -> Verdict:
    """What the reply does with the term; a ``joint`` term has several parts, of which no "or" may choose."""
    before: list[_Segment] = []
    named = explained = denied = bracketed = False
    for segment in _segments(items):
        explained = explained and "?" not in segment.links
        bracketed = (bracketed or "(" in segment.links) and ")" not in segment.links
        if _is_contrast(segment, subject, named):
            denied = denied or KEY in segment.items
        elif KEY in segment.items:
            verdict, opened = _named(segment, subject)
            if verdict is not Verdict.RIGHT:
                return verdict
            if not (named or _introduced(before, segment, subject)) or (joint and segment.links & _CHOOSING):
                return Verdict.SEVERAL
            named, explained = True, explained or opened
        elif not _is_harmless(segment, subject, named):
            if not named:
                before.append(segment)
            elif not explained and not _explains(segment, subject, bracketed):
                return Verdict.SEVERAL
            else:
                explained = explained or not bracketed
    if named:
        return Verdict.RIGHT
    if denied:
        return Verdict.NEGATED
    return Verdict.REJECTED if any(REJECT in segment.items for segment in before) else Verdict.ABSENT


def _segments(items: Iterable[str]) -> list[_Segment]:
    found = [_Segment()]
    for item in items:
        if item in MARKS or item in ALTERNATIVES or item == "but":
            if found[-1].items:
                found.append(_Segment())
            found[-1].links.add(item)
        else:
            found[-1].items.append(item)
    return [segment for segment in found if segment.items]


def _is_contrast(segment: _Segment, subject: Subject, named: bool) -> bool:
    """Whether a segment says what the answer is not and names another thing: "not leaky ReLU", "unlike dropconnect"."""
    if not any(word in NEGATIONS for word in segment.items):
        return False
    if KEY not in segment.items:
        return segment.items[0] in CONTRASTS or any(word in NEGATIONS for word in segment.words)
    first = segment.items.index(KEY)
    at = next((i for i, word in enumerate(segment.items[:first]) if word in NEGATIONS), first)
    between = segment.items[at + 1 : first]
    attached = bool(between) and not subject.may_precede(between[-1]) and between[-1] not in COPULAS
    return attached or (named and segment.items[0] in CONTRASTS and bool(between))


def _named(segment: _Segment, subject: Subject) -> tuple[Verdict, bool]:
    """The verdict on a segment that contains the term, and whether an explanation begins in it."""
    first = segment.items.index(KEY)
    last = len(segment.items) - 1 - segment.items[::-1].index(KEY)
    before, after = segment.items[:first], segment.items[last + 1 :]
    if any(item in NEGATIONS for item in before):
        return Verdict.NEGATED, False
    if REJECT in before:
        return Verdict.SEVERAL, False
    if before and before[-1] not in COPULAS and not _leads_to_term(before, subject):
        return Verdict.OTHER, False
    return _followed(after, subject)


def _leads_to_term(before: list[str], subject: Subject) -> bool:
    if len(before) > 1 and before[-2] in _PRONOUNS and before[-1] not in SMALL_TALK:
        before = before[:-1]  # a verb: "it fuses hydrogen"
    attached = takewhile(lambda word: word not in SMALL_TALK, reversed(before))
    return all(subject.may_precede(word) for word in attached) and all(
        subject.neutral(word) or word in OPENERS for word in before
    )


def _followed(after: list[str], subject: Subject) -> tuple[Verdict, bool]:
    attached = True
    for i, word in enumerate(after):
        if word in OPENERS:
            return (Verdict.NEGATED, False) if _takes_back(after[i:]) else (Verdict.RIGHT, True)
        if word in NEGATIONS:
            return Verdict.NEGATED, False
        if word.endswith("ly") and len(after) > i + 1 and word not in SMALL_TALK:
            return Verdict.RIGHT, True
        if word in SMALL_TALK:
            attached = False
        elif word.isdigit() and not attached and not subject.has_symbols:
            continue  # a stride of 2
        elif not (subject.may_follow(word) if attached else subject.neutral(word)):
            return Verdict.OTHER, False
    return Verdict.RIGHT, False


def _takes_back(after: Sequence[str]) -> bool:
    """Whether an explanation opens by taking the term back: "dropout is not it"."""
    return after[0] in ("is", "was", "would", "are", "be", "could", "can") and any(w in NEGATIONS for w in after[1:3])


def _introduced(before: list[_Segment], segment: _Segment, subject: Subject) -> bool:
    """Whether what stands before the term leads up to it and is no answer of its own."""
    if not before:
        return True
    if any(REJECT in earlier.items for earlier in before):
        return False
    if segment.links & {":", "="}:
        return True
    copula = any(item in COPULAS for item in segment.items[: segment.items.index(KEY)])
    if segment.joins_alternative() and not copula:
        return False
    return all(_is_clause(earlier.words) for earlier in before)


def _is_harmless(segment: _Segment, subject: Subject, named: bool) -> bool:
    """Whether a segment without the term says nothing."""
    if REJECT in segment.items:
        return False
    if named and segment.joins_alternative():
        return all(word in SMALL_TALK for word in segment.words)
    return all(subject.neutral(word) for word in segment.words)


def _explains(segment: _Segment, subject: Subject, bracketed: bool) -> bool:
    """Whether a segment after the term is an explanation rather than a second answer."""
    if REJECT in segment.items and all(word in SMALL_TALK for word in segment.words):
        return False
    if not segment.links.isdisjoint(ALTERNATIVES) or (segment.joins_alternative() and not bracketed):
        return False
    symbols = not subject.has_symbols and any(word.isdigit() or len(word) == 1 for word in segment.words)
    return bracketed or symbols or "=" in segment.links or _is_clause(segment.words)


def _is_clause(words: list[str]) -> bool:
    """Whether words read like part of a sentence rather than the name of something."""
    if len(words) < 2:
        return False
    if (
        words[0] in OPENERS
        or words[0] == "with"
        or (words[0].endswith(("ing", "ly", "ed")) and words[0] not in SMALL_TALK)
    ):
        return True
    if words[0] == "the" and len(words) > 2:
        return True
    function_words = sum(word in SMALL_TALK or word in OPENERS for word in words)
    return (len(words) > 3 and function_words > 0) or (len(words) > 2 and function_words > 1)
