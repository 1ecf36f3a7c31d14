"""Grading from JSON lines, for measuring the grader on any bank or data set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from bot.core.bank import Bank
from bot.core.grading import Unreadable, grade


def grade_lines(lines: Iterable[bytes], out: TextIO, bank: Bank) -> bool:
    """Grade each ``{"question": id, "answer": text}``; False where one could not be graded."""
    sound = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = _graded(line, bank)
        except (ValueError, Unreadable) as error:
            told, sound = {"line": number, "error": str(error)}, False
        print(json.dumps(told, ensure_ascii=False), file=out)
    return sound


def _graded(line: bytes, bank: Bank) -> dict[str, object]:
    asked = json.loads(line)
    if not isinstance(asked, dict) or not isinstance(asked.get("answer"), str):
        raise ValueError('not of the form {"question": id, "answer": text}')
    question = bank.questions.get(str(asked.get("question")))
    if question is None:
        raise ValueError(f'the bank has no question "{asked.get("question")}"')
    result = grade(question, asked["answer"], bank.vocabulary)
    return {"question": question.id, "correct": result.correct, "score": result.score, "reason": result.reason}
