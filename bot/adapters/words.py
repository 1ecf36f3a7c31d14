"""The words of the English language, with names: what a typo may not turn into."""

from __future__ import annotations

from pathlib import Path

from bot.core.grading import Words

FILE = Path(__file__).parents[1] / "words.txt"


def english() -> Words:
    """Every word of the list in the package, whose origin stands in ``words.licence.txt`` beside it."""
    with FILE.open(encoding="utf-8") as file:
        first = next(line for line in file if not line.startswith("#"))
        return Words(first + file.read())
