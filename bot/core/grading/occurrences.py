"""Where in a reply the term stands, in whatever form it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.core.grading.abbreviations import is_clipping
from bot.core.grading.forms import Form
from bot.core.grading.normalise import MARKS
from bot.core.grading.replies import KEY, REJECT
from bot.core.grading.typos import is_typo
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordclasses import ALTERNATIVES, CATEGORY, NEGATIONS, SMALL_TALK, kindred
from bot.core.grading.wordforms import root

_INSIDE = frozenset("-/.:")
"""Punctuation that may stand inside a term; a comma or a bracket ends it."""

_NO_PART = SMALL_TALK | ALTERNATIVES | NEGATIONS
"""Words that are not run together with their neighbours to make a misspelt term."""


class Index:
    """The forms of a term, ready to be looked up."""

    __slots__ = ("_by_bag", "_by_join", "_by_roots", "forms", "initials", "longest")

    def __init__(self, forms: Sequence[Form]) -> None:
        self.forms = tuple(forms)
        self.longest = max((len(form.words) for form in self.forms), default=0)
        self.initials = frozenset(word[0] for form in self.forms for word in (*form.words, *form.roots))
        self._by_roots: dict[tuple[str, ...], Form] = {}
        self._by_bag: dict[tuple[str, ...], Form] = {}
        self._by_join: dict[str, Form] = {}
        for form in self.forms:
            self._by_roots.setdefault(form.roots, form)
            for joined in (form.joined, root(form.joined), "".join(form.roots)):
                self._by_join.setdefault(joined, form)
            if len(form.words) > 1 and not form.ordered:
                self._by_bag.setdefault(tuple(sorted(form.roots)), form)

    def may_begin(self, word: str) -> bool:
        """Whether a form can begin with this word or one that is run together with it; decides most words at once."""
        return root(word)[0] in self.initials or word[0] in self.initials

    def find(self, words: Sequence[str]) -> Form | None:
        """The form that these words have: in its inflections, its words in another order, joined or split."""
        roots = tuple(root(word) for word in words)
        found = self._by_roots.get(roots)
        if found is None:
            joined = "".join(words)
            found = self._by_join.get(joined) or self._by_join.get(root(joined)) or self._by_join.get("".join(roots))
        if found is None and len(roots) > 1:
            found = self._by_bag.get(tuple(sorted(roots)))
        if found and found.dropped and found.words[-1].endswith("al") and not words[-1].endswith("al"):
            return None  # position is not short for positional encoding
        return None if found and _is_stub(words, found) else found


NOWHERE = Index(())


@dataclass(frozen=True)
class Marked:
    """A reply with the occurrences of the term and of near misses marked, and the words that were read as the term."""

    items: tuple[str, ...]
    read: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.read)


def mark(tokens: Sequence[str], key: Index, rejects: Index) -> Marked:
    """The reply with every occurrence of the term or of a near miss marked, the longest first."""

    def find(words: Sequence[str], dotted: bool) -> Form | None:
        return key.find(words)

    def may_begin(word: str) -> bool:
        return key.may_begin(word) or rejects.may_begin(word)

    return _marked(tokens, max(key.longest, rejects.longest) + 2, find, may_begin, rejects)


def mark_loosely(tokens: Sequence[str], key: Index, rejects: Index, vocabulary: Vocabulary) -> Marked:
    """The same, with clipped words and typing slips allowed: for replies in which the term was not found."""

    def find(words: Sequence[str], dotted: bool) -> Form | None:
        similar = (form for form in key.forms if _resembles(words, form, rejects, vocabulary, dotted))
        return key.find(words) or next(similar, None)

    return _marked(tokens, max(key.longest, rejects.longest) + 2, find, lambda _: True, rejects)


def _marked(
    tokens: Sequence[str],
    longest: int,
    find: Callable[[Sequence[str], bool], Form | None],
    may_begin: Callable[[str], bool],
    rejects: Index,
) -> Marked:
    items: list[str] = []
    read: list[str] = []
    at = 0
    while at < len(tokens):
        for end, words, parted in _windows(tokens, at, longest) if may_begin(tokens[at]) else ():
            near_miss = rejects.find(words) if rejects.forms else None
            form = None if near_miss else find(words, tokens[end : end + 1] == ["."])
            if form and parted and len(form.words) != len(words):
                form = None  # im/mutable
            if near_miss or (form and not _goes_on(form, tokens, end)):
                items.append(KEY if form else REJECT)
                read.extend([" ".join(words)] if form else [])
                at = end
                break
        else:
            items.append(tokens[at])
            at += 1
    return Marked(tuple(items), tuple(read))


def _windows(tokens: Sequence[str], at: int, most: int) -> Iterator[tuple[int, list[str], bool]]:
    """The words from ``at`` on, the longest stretch first: where it ends, its words, and whether a slash parts them."""
    stretches: list[tuple[int, list[str], bool]] = []
    words: list[str] = []
    parted = False
    for i in range(at, len(tokens)):
        if tokens[i] in MARKS:
            if tokens[i] not in _INSIDE or i == at:
                break
            parted = parted or tokens[i] == "/"
            continue
        words.append(tokens[i])
        stretches.append((i + 1, words.copy(), parted))
        if len(words) == most:
            break
    yield from reversed(stretches)


def _goes_on(form: Form, tokens: Sequence[str], end: int) -> bool:
    """Whether a shortened term is followed by another head than the one left out: "forget cell" for the forget gate."""
    if not form.dropped or end >= len(tokens):
        return False
    following = root(tokens[end])
    return following in CATEGORY and not any(following in kindred(head) for head in form.dropped)


def _resembles(words: Sequence[str], form: Form, rejects: Index, vocabulary: Vocabulary, dotted: bool) -> bool:
    if len(words) == len(form.words):
        return _word_by_word(words, form, rejects, vocabulary, dotted)
    if abs(len(words) - len(form.words)) > 2 or min(map(len, (*form.words, *words))) < 3:
        return False
    if any(word in _NO_PART and word not in form.words for word in words):
        return False
    if len(words) > 1 and all(vocabulary.knows(word) for word in words):
        return False  # real words, only not the ones that were meant: player norm
    return _slipped("".join(words), form.joined, rejects, vocabulary, supported=False)


def _is_stub(words: Sequence[str], form: Form) -> bool:
    """Whether a name lost its last s, which is no plural: Mars, Mar."""
    return form.name and len(words) == len(form.words) == 1 and f"{words[0]}s" == form.words[0]


def _word_by_word(words: Sequence[str], form: Form, rejects: Index, vocabulary: Vocabulary, dotted: bool) -> bool:
    if _is_stub(words, form):
        return False
    pairs = zip(words, form.words, form.roots, strict=True)
    odd = [(said, meant) for said, meant, meant_root in pairs if root(said) != meant_root]
    supported = len(odd) < len(words)
    return all(
        _is_short(said, meant, form)
        or (_begins(said, meant) and supported + dotted + (not vocabulary.knows(said)) > 1)
        or _slipped(said, meant, rejects, vocabulary, supported)
        for said, meant in odd
    )


def _is_short(said: str, meant: str, form: Form) -> bool:
    """Whether a word stands clipped in a reply as people usually clip it, or as an initial in a name."""
    if len(form.words) > 1 and form.name and len(said) == 1:
        return said == meant[0]
    return is_clipping(said, meant)


def _begins(said: str, meant: str) -> bool:
    """Whether a word is the beginning of a long one, for which it stands with a full stop or beside its neighbours."""
    return len(said) > 3 and len(meant) > 6 and meant.startswith(said)


def _slipped(said: str, meant: str, rejects: Index, vocabulary: Vocabulary, supported: bool) -> bool:
    """Whether this is a typo of the word, and not as near to a near miss that the author listed."""
    if abs(len(said) - len(meant)) > 3 or not is_typo(said, meant, vocabulary, supported):
        return False
    slips = OSA.distance(said, meant)
    near_misses = {word for form in rejects.forms for word in (*form.words, form.joined) if root(word) != root(meant)}
    return not any(_is_nearer(said, word, meant, slips) for word in near_misses)


def _is_nearer(said: str, near_miss: str, meant: str, slips: int) -> bool:
    """Whether a reply is nearer to a near miss than to what was meant; of two as near, the first letter decides."""
    away = OSA.distance(said, near_miss, score_cutoff=slips)
    return away < slips or (away == slips and (said[0] == near_miss[0] or said[0] != meant[0]))
