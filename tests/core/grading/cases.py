"""Questions with replies, right and wrong, from the YAML files beside this one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.core.model import Difficulty, Idea, Kind, Numeric, Question

HERE = Path(__file__).parent


def short(prompt: str, answer: str, **fields: Any) -> Question:
    """A short question."""
    return Question("id", "topic", Kind.SHORT, Difficulty.EASY, prompt, "Because.", answer=answer, **fields)


def essay(prompt: str, *ideas: Idea, answer: str = "A sentence or two.") -> Question:
    """A short question that is graded by ideas."""
    return short(prompt, answer, ideas=ideas)


def replies(name: str) -> Iterator[tuple[Question, str, bool]]:
    """Every reply of a file with its question and whether it is right."""
    for row in yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8")):
        numeric = Numeric(**row["numeric"]) if "numeric" in row else None
        question = short(
            row["prompt"],
            row["answer"],
            accept=tuple(row.get("accept", ())),
            reject=tuple(row.get("reject", ())),
            numeric=numeric,
        )
        for text in row["right"]:
            yield question, text, True
        for text in row["wrong"]:
            yield question, text, False


def named(case: tuple[Question, str, bool]) -> str:
    """How a reply is called in the list of tests."""
    question, text, right = case
    return f"{question.answer}-{'right' if right else 'wrong'}-{text[:40]}"
