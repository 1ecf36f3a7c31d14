"""Where in a reply the term stands, in whatever form it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from bot.core.grading.abbreviations import is_clipping
from bot.core.grading.forms import Form
from bot.core.grading.normalise import MARKS
from bot.core.grading.replies import KEY, REJECT
from bot.core.grading.typos import is_typo
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordforms import root

_INSIDE = frozenset("-/.:")
"""Punctuation that may stand inside a term; a comma or a bracket ends it."""


@dataclass(frozen=True)
class Index:
    """The forms of a term, ready to be looked up."""

    forms: tuple[Form, ...]
    by_roots: frozenset[tuple[str, ...]] = field(init=False)
    by_bag: frozenset[tuple[str, ...]] = field(init=False)
    by_join: frozenset[str] = field(init=False)
    longest: int = field(init=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "by_roots", frozenset(form.roots for form in self.forms))
        put(self, "by_bag", frozenset(tuple(sorted(form.roots)) for form in self.forms if not form.ordered))
        put(self, "by_join", frozenset(joined for form in self.forms for joined in (form.joined, root(form.joined))))
        put(self, "longest", max((len(form.words) for form in self.forms), default=0))

    def has(self, words: Sequence[str]) -> bool:
        """Whether these words are the term: in its inflections, its words in another order, joined or split."""
        roots = tuple(root(word) for word in words)
        if roots in self.by_roots:
            return True
        joined = "".join(words)
        if joined in self.by_join or root(joined) in self.by_join:
            return True
        return len(roots) > 1 and tuple(sorted(roots)) in self.by_bag


@dataclass(frozen=True)
class Marked:
    """A reply with the occurrences of the term and of near misses marked, and the words that were read as the term."""

    items: tuple[str, ...]
    read: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.read)


def mark(tokens: Sequence[str], key: Index, rejects: Index) -> Marked:
    """The reply with every occurrence of the term or of a near miss marked, the longest first."""
    items: list[str] = []
    read: list[str] = []
    at = 0
    while at < len(tokens):
        for end, words in _windows(tokens, at, max(key.longest, rejects.longest) + 2):
            hit = KEY if key.has(words) else REJECT if rejects.has(words) else ""
            if hit:
                items.append(hit)
                if hit == KEY:
                    read.append(" ".join(words))
                at = end
                break
        else:
            items.append(tokens[at])
            at += 1
    return Marked(tuple(items), tuple(read))


def mark_loosely(tokens: Sequence[str], key: Index, rejects: Index, vocabulary: Vocabulary) -> Marked:
    """The same, with clipped words and typing slips allowed: for replies in which the term was not found."""
    items: list[str] = []
    read: list[str] = []
    at = 0
    while at < len(tokens):
        for end, words in _windows(tokens, at, key.longest + 1):
            if key.has(words) or any(_resembles(words, form, rejects, vocabulary) for form in key.forms):
                items.append(KEY)
                read.append(" ".join(words))
                at = end
                break
            if rejects.has(words):
                items.append(REJECT)
                at = end
                break
        else:
            items.append(tokens[at])
            at += 1
    return Marked(tuple(items), tuple(read))


def _windows(tokens: Sequence[str], at: int, most: int) -> Iterator[tuple[int, list[str]]]:
    """The words from ``at`` on, the longest stretch first, with the position after each."""
    if tokens[at] in MARKS:
        return
    stretches: list[tuple[int, list[str]]] = []
    words: list[str] = []
    for i in range(at, len(tokens)):
        if tokens[i] in MARKS:
            if tokens[i] not in _INSIDE:
                break
            continue
        words.append(tokens[i])
        stretches.append((i + 1, words.copy()))
        if len(words) == most:
            break
    yield from reversed(stretches)


def _resembles(words: Sequence[str], form: Form, rejects: Index, vocabulary: Vocabulary) -> bool:
    if len(words) == len(form.words):
        pairs = list(zip(words, form.words, form.roots, strict=True))
        odd = [(said, meant) for said, meant, meant_root in pairs if root(said) != meant_root and not is_clipping(said, meant)]
        supported = len(odd) < len(words)
        return all(_slipped(said, meant, rejects, vocabulary, supported) for said, meant in odd)
    if min(map(len, form.words)) < 3 or abs(len(words) - len(form.words)) > 2:
        return False
    return _slipped("".join(words), form.joined, rejects, vocabulary, supported=False)


def _slipped(said: str, meant: str, rejects: Index, vocabulary: Vocabulary, supported: bool) -> bool:
    """Whether this is a typo of the word, and not as near to a near miss that the author listed."""
    if abs(len(said) - len(meant)) > 3 or not is_typo(said, meant, vocabulary, supported):
        return False
    slips = OSA.distance(said, meant)
    return all(
        OSA.distance(said, word, score_cutoff=slips) > slips
        for form in rejects.forms
        for word in (*form.words, form.joined)
        if root(word) != root(meant)
    )
