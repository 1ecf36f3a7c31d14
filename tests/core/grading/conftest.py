"""The words of the language, read once."""

from __future__ import annotations

import pytest

from bot.adapters import words
from bot.core.grading import Vocabulary


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Real words and no bank."""
    return Vocabulary.of([], words.english())
