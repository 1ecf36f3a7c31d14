"""The words of the language, read once."""

from __future__ import annotations

import pytest

from bot.core.grading import Vocabulary

from .cases import HERE


def words() -> list[str]:
    """The real words that come with the grader."""
    text = (HERE.parents[2] / "bot" / "core" / "grading" / "words.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Real words and no bank."""
    return Vocabulary.of([], words())
