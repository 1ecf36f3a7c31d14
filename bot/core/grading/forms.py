"""The forms of a term: other spellings, short and long forms, numerals, surnames, a head noun left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.grading.abbreviations import equivalents, initials
from bot.core.grading.normalise import plain
from bot.core.grading.wordclasses import CATEGORY, CONTENTLESS, SMALL_TALK, word_set
from bot.core.grading.wordforms import root

_BRACKETED = re.compile(r"^(.{2,80}?)\s*\(([^()]{2,80})\)\s*$")
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_NUMERALS = {tens * "x" + unit: str(tens * 10 + i) for tens in range(4) for i, unit in enumerate(_UNITS) if tens or i}
_ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"})
_DIRECTED = word_set(
    "to from over under before after into by per vs versus than given minus with without not no if in on"
)
LINKING = word_set("of the a an for and between")
_BOUND = word_set("self co non un semi multi pre post re sub auto inter intra")
_PARTICLES = word_set("da de del der di du la le van von bin ibn al el mc mac st")


@dataclass(frozen=True)
class Form:
    """One way to write a term: its words and their roots.

    A weak form stands for other things as well, so that it may be barred; ``dropped`` are the roots of the nouns that
    it leaves out; a name is capitalised by the author.
    """

    words: tuple[str, ...]
    roots: tuple[str, ...]
    weak: bool = False
    name: bool = False
    dropped: tuple[str, ...] = ()

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
        return tuple(sorted(root for root in self.roots if root not in LINKING))


def forms(wordings: Sequence[str], *, person: bool = False) -> tuple[Form, ...]:
    """All forms of a term with these wordings, without duplicates, the strong ones first."""
    found: dict[tuple[str, ...], Form] = {}
    for wording in wordings:
        for text in _spellings(wording):
            words = tuple(text.split())
            found.setdefault(words, _form(words, name=is_name(wording)))
    for wording in wordings:
        for text in _weak_forms(wording, person):
            words = tuple(text.split())
            found.setdefault(words, _form(words, weak=True))
    return tuple(form for form in found.values() if form.words)


def shortened(long: Form, heads: frozenset[str]) -> Iterator[Form]:
    """A term without its last nouns, where the question asks for these: "supervised" where it asks for a learning."""
    for kept in range(1, len(long.words)):
        words, roots, dropped = long.words[:kept], long.roots[:kept], long.roots[kept:]
        if not all(word in heads or word in CONTENTLESS for word in dropped):
            continue
        hollow = words[-1] in LINKING | _DIRECTED or all(word in SMALL_TALK | _BOUND for word in words)
        if not hollow and not set(roots) <= heads and len("".join(words)) > 1:
            yield Form(words, roots, weak=True, dropped=dropped)


def is_name(wording: str) -> bool:
    """Whether a wording looks like a name: up to four words, capitalised but for particles."""
    words = wording.replace(".", ". ").split()
    return 0 < len(words) < 5 and all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


def _form(words: tuple[str, ...], *, weak: bool = False, name: bool = False) -> Form:
    return Form(words, tuple(root(word) for word in words), weak, name)


def _spellings(wording: str) -> Iterator[str]:
    for text in _with_and_without_brackets(wording):
        said = plain(text)
        yield said
        yield plain(unicodedata.normalize("NFC", text).translate(_UMLAUTS))
        yield from _with_digits(said)
        for other in equivalents(said):
            yield other
            yield from _with_digits(other)
        yield from _partly_abbreviated(said.split())
        yield from _filled(said.split())
        yield from _other_parts_of_speech(said.split())


def _partly_abbreviated(words: list[str]) -> Iterator[str]:
    """Stochastic GD, Kullback-Leibler divergence for KL divergence: one part of a long term in its other form."""
    for start in range(len(words) if 1 < len(words) < 7 else 0):
        for end in range(start + 1, len(words) + 1):
            if end - start < len(words):
                for other in equivalents(" ".join(words[start:end])):
                    yield " ".join([*words[:start], other, *words[end:]])


def _other_parts_of_speech(words: list[str]) -> Iterator[str]:
    """Condense for condensation, recursive for recursion: verbs whose noun has -ation for an e, and adjectives."""
    for noun, adjective in (("sion", "sive"), ("osis", "otic"), ("ysis", "ytic")):
        if len(words) == 1 and len(words[0]) > 6 and words[0].endswith(noun):
            yield words[0].removesuffix(noun) + adjective
    for i, word in enumerate(words):
        stem = word.removesuffix("ation")
        if len(word) > 9 and stem != word and not stem.endswith("iv"):
            yield " ".join([*words[:i], f"{stem}e", *words[i + 1 :]])


def _with_and_without_brackets(wording: str) -> tuple[str, ...]:
    """A wording, and what stands outside and inside its brackets: "batch normalization (BN)"."""
    bracketed = _BRACKETED.match(wording)
    if not bracketed:
        return (wording,)
    outside, inside = bracketed.groups()
    short, long = sorted((plain(outside), plain(inside)), key=len)
    same = short in initials(long.split()) or short in equivalents(long)
    return (wording, outside, inside) if same else (wording, outside)


def _with_digits(said: str) -> Iterator[str]:
    """Roman numerals after the first word as digits and ordinals: type i error, world war ii, louis xiv."""
    words = said.split()
    for i, word in enumerate(words):
        if i and word in _NUMERALS:
            digits = _NUMERALS[word]
            ending = "th" if digits in ("11", "12", "13") else _ENDINGS.get(digits[-1], "th")
            yield " ".join([*words[:i], digits, *words[i + 1 :]])
            if i == len(words) - 1:
                yield " ".join([*words[:i], digits + ending])


def _filled(words: list[str]) -> Iterator[str]:
    """Supervised machine learning, recurrent neural network: nouns that name the field, said or left out."""
    if len(words) > 1 and words[-1] == "learning" and words[-2] != "machine":
        yield " ".join([*words[:-1], "machine", "learning"])
    if len(words) > 1 and words[-1] in ("network", "networks"):
        if "neural" not in words:
            yield " ".join([*words[:-1], "neural", words[-1]])
        elif len(words) > 2:
            yield " ".join(word for word in words if word != "neural")


def _weak_forms(wording: str, person: bool) -> Iterator[str]:
    if person and is_name(wording) and len(plain(wording).split()) > 1:
        yield from _surnames(wording)
        return
    words = plain(wording).split()
    empty_head = len(words) == 2 and (words[1] in SMALL_TALK or root(words[1]) in CATEGORY)
    if all(word.isascii() for word in words) and len(words) < 9 and not empty_head:
        yield from (short for short in initials(words) if len(short) > 1)
        if len(words) > 2 and root(words[-1]) in CATEGORY:  # FC layer
            for short in initials(words[:-1]):
                yield short
                yield f"{short} {words[-1]}"
        if len(words) == 3 and words[1] == "and":
            yield f"{words[0][0]} and {words[2][0]}"


def _surnames(wording: str) -> Iterator[str]:
    words = plain(wording).split()
    if len(words[-1]) > 2:
        yield words[-1]
    for i, word in enumerate(words[:-1]):
        if word in _PARTICLES and i:
            yield " ".join(words[i:])
            break
