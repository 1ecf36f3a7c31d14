"""A bank of many questions: the one of the other tests has too few for days without end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

from bot.core.model import LETTERS

TOPICS = ("optimization", "regularization")
DIFFICULTIES = ("easy", "medium", "hard")
SOURCE = 'source: {document: book.txt, heading: "2. What is it?"}'


def write(folder: Path, count: int = 12) -> None:
    """So many choice questions in each topic, and one short one."""
    for topic in TOPICS:
        questions = "\n".join(_choices(topic, count))
        (folder / f"{topic}.yaml").write_text(f"topic: {topic}\nquestions:\n{questions}\n")


def _choices(topic: str, count: int) -> Iterator[str]:
    for number, difficulty in zip(range(count), itertools.cycle(DIFFICULTIES), strict=False):
        name = f"{topic} {number}"
        yield f"  - id: {topic}-{number}"
        yield f"    type: choice\n    difficulty: {difficulty}\n    concept: {name}\n    prompt: What is {name}?"
        yield "    choices:\n      - {text: right, correct: true}"
        yield from (f"      - {{text: wrong {letter}}}" for letter in LETTERS[1:4])
        yield f"    explanation: It is {name}.\n    {SOURCE}"
    yield f"  - id: {topic}-name\n    type: short\n    difficulty: easy\n    prompt: Name {topic}."
    yield f"    answer: {topic}\n    explanation: That is its name.\n    {SOURCE}"
