"""What is known about words: the terms of a bank and the real words that a typo may not turn into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bot.core.grading.normalise import plain
from bot.core.grading.wordforms import american
from bot.core.grading.words import NO_WORDS, Words
from bot.core.model import Kind, Question

_LONGEST_TERM = 6


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Built once for a bank; compared by identity, so that it can be part of a cache's key.

    ``terms`` are the answers, aliases and rejects of the bank's short questions in plain form. ``words`` are the
    words of the language; without them fewer typos are forgiven, never more.
    """

    terms: frozenset[str] = frozenset()
    words: Words = NO_WORDS

    @classmethod
    def of(cls, questions: Iterable[Question], words: Words = NO_WORDS) -> Vocabulary:
        """The vocabulary of all questions of a bank, with the words of the language if there is a list of them."""
        texts = (
            text
            for question in questions
            if question.kind is Kind.SHORT and not question.ideas and question.numeric is None
            for text in (question.answer, *question.accept, *question.reject)
        )
        terms = {plain(text) for text in texts}
        return cls(frozenset(term for term in terms if term and term.count(" ") < _LONGEST_TERM), words)

    @cached_property
    def term_words(self) -> frozenset[str]:
        """Every single word of the bank's terms."""
        return frozenset(word for term in self.terms for word in term.split())

    def knows(self, word: str) -> bool:
        """Whether this is a real word or a word of the bank, in this form or another."""
        words = self.words
        known = word in words or f"{word}s" in words or american(word) in words
        return known or word in self.term_words

    def near(self, word: str) -> list[str]:
        """Real words that share the beginning or the end of ``word``: where two edits leave a third of it untouched."""
        start, end = word[:3], word[-3:]
        found = self.words.starting(start) + self.words.ending(end)
        found += self._by_start.get(start, []) + self._by_end.get(end, [])
        return [other for other in found if abs(len(other) - len(word)) < 4]

    @cached_property
    def _by_start(self) -> dict[str, list[str]]:
        return _indexed(self.term_words, slice(None, 3))

    @cached_property
    def _by_end(self) -> dict[str, list[str]]:
        return _indexed(self.term_words, slice(-3, None))


def _indexed(words: Iterable[str], part: slice) -> dict[str, list[str]]:
    index: defaultdict[str, list[str]] = defaultdict(list)
    for word in words:
        if len(word) > 3:
            index[word[part]].append(word)
    return dict(index)


EMPTY = Vocabulary()
