"""Grading from JSON lines, for measuring the grader on any bank or data set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from bot.core.bank import Bank
from bot.core.grading import Unreadable, grade
from bot.core.judging import judged
from bot.core.ports import Judge


async def grade_lines(lines: Iterable[bytes], out: TextIO, bank: Bank, judge: Judge | None = None) -> bool:
    """Grade each ``{"question": id, "answer": text}``; False where one could not be graded."""
    sound = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = await _graded(line, bank, judge)
        except (ValueError, Unreadable) as error:
            told, sound = {"line": number, "error": str(error)}, False
        print(json.dumps(told, ensure_ascii=False), file=out)
    return sound


async def _graded(line: bytes, bank: Bank, judge: Judge | None) -> dict[str, object]:
    asked = json.loads(line)
    if not isinstance(asked, dict) or not isinstance(asked.get("answer"), str):
        raise ValueError('not of the form {"question": id, "answer": text}')
    question = bank.questions.get(str(asked.get("question")))
    if question is None:
        raise ValueError(f'the bank has no question "{asked.get("question")}"')
    result = grade(question, asked["answer"], bank.vocabulary)
    result = await judged(judge, question, asked["answer"], result)
    return {"question": question.id, "correct": result.correct, "score": result.score, "reason": result.reason}
