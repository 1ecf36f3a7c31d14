"""The words of the English language, with names: what a typo may not turn into."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parents[1] / "words.txt"


def english() -> frozenset[str]:
    """Every word of the list in the package, whose origin stands in ``words.licence.txt`` beside it."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
