"""Search-engine stems, for explanations: coarser than roots, because no single word decides there."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # it has no stubs

from bot.core.grading.wordforms import american, root

_STEMMER = snowballstemmer.stemmer("english")


@lru_cache(maxsize=32768)
def stem(word: str) -> str:
    """The stem of a word after Porter's second English algorithm; numbers as digits, spelling American."""
    numbered = root(word)
    if numbered.isdigit():
        return numbered
    return str(_STEMMER.stemWord(american(word)))
