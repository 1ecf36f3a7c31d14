"""The forms of a term: other spellings, short and long forms, numerals, surnames."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.grading.abbreviations import equivalents, initials
from bot.core.grading.normalise import plain
from bot.core.grading.wordforms import root

_BRACKETED = re.compile(r"^(.{2,80}?)\s*\(([^()]{2,80})\)\s*$")
_NUMERALS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"})
_DIRECTED = frozenset(["to", "from", "over", "under", "before", "after", "into", "by", "per", "vs", "versus", "than", "given", "minus", "with", "without", "not", "no", "if", "in", "on"])
_LINKING = frozenset(["of", "the", "a", "an", "for", "and"])
_PARTICLES = frozenset(["da", "de", "del", "der", "di", "du", "la", "le", "van", "von", "bin", "ibn", "al", "el", "mc", "mac", "st"])


@dataclass(frozen=True)
class Form:
    """One way to write a term: its words and their roots. A weak form stands for other things as well."""

    words: tuple[str, ...]
    roots: tuple[str, ...]
    weak: bool = False

    @property
    def joined(self) -> str:
        """The words without the spaces between them."""
        return "".join(self.words)

    @property
    def ordered(self) -> bool:
        """Whether the order of the words carries meaning: "many to one", "P(A|B)"."""
        odd = sum(len(word) == 1 or word[0].isdigit() for word in self.words)
        return odd > 1 or any(word in _DIRECTED for word in self.words)

    @property
    def bag(self) -> tuple[str, ...]:
        """The roots that carry the meaning, in no order."""
        return tuple(sorted(root for root in self.roots if root not in _LINKING))


def form(text: str, *, weak: bool = False) -> Form:
    """The form that a plain text has."""
    words = tuple(text.split())
    return Form(words, tuple(root(word) for word in words), weak)


def forms(wordings: tuple[str, ...], *, person: bool = False) -> tuple[Form, ...]:
    """All forms of a term with these wordings, without duplicates, the strong ones first."""
    found: dict[tuple[str, ...], Form] = {}
    for wording in wordings:
        for text in _spellings(wording):
            found.setdefault(tuple(text.split()), form(text))
    for wording in wordings:
        for text in _weak_forms(wording, person):
            found.setdefault(tuple(text.split()), form(text, weak=True))
    return tuple(form for form in found.values() if form.words)


def is_name(wording: str) -> bool:
    """Whether a wording looks like a person's name: two to four words, capitalised but for particles."""
    words = wording.replace(".", ". ").split()
    return 1 < len(words) < 5 and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def _spellings(wording: str) -> Iterator[str]:
    for text in _parts(wording):
        said = plain(text)
        yield said
        folded = plain(unicodedata.normalize("NFC", text).translate(_UMLAUTS))
        yield folded
        yield _with_digits(said)
        for other in equivalents(said):
            yield other
            yield _with_digits(other)
        yield from _partly_abbreviated(said.split())


def _partly_abbreviated(words: list[str]) -> Iterator[str]:
    """Stochastic GD, Kullback-Leibler divergence for KL divergence: one part of a long term in its other form."""
    if 1 < len(words) < 7:
        for start in range(len(words)):
            for end in range(start + 1, len(words) + 1):
                if end - start < len(words):
                    for other in equivalents(" ".join(words[start:end])):
                        yield " ".join([*words[:start], other, *words[end:]])


def _parts(wording: str) -> tuple[str, ...]:
    """A wording, and what stands outside and inside its brackets: "batch normalization (BN)"."""
    bracketed = _BRACKETED.match(wording)
    if not bracketed:
        return (wording,)
    outside, inside = bracketed.groups()
    short, long = sorted((plain(outside), plain(inside)), key=len)
    same = short in initials(long.split()) or short in equivalents(long)
    return (wording, outside, inside) if same else (wording, outside)


def _with_digits(said: str) -> str:
    """Roman numerals after the first word as digits: type i error, world war ii."""
    words = said.split()
    return " ".join([*words[:1], *(_NUMERALS.get(word, word) for word in words[1:])])


def _weak_forms(wording: str, person: bool) -> Iterator[str]:
    if person and is_name(wording):
        yield from _surnames(wording)
        return
    words = plain(wording).split()
    if all(word.isascii() for word in words) and len(words) < 9:
        yield from (short for short in initials(words) if len(short) > 1)


def _surnames(wording: str) -> Iterator[str]:
    words = plain(wording).split()
    if len(words[-1]) > 2:
        yield words[-1]
    for i, word in enumerate(words[:-1]):
        if word in _PARTICLES and i:
            yield " ".join(words[i:])
            break
