"""Grading from JSON lines, for measuring the grader on any bank or data set."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from bot.core.bank import Bank
from bot.core.format import Document, read_questions
from bot.core.grading import Unreadable, grade
from bot.core.judging import judged
from bot.core.model import Question
from bot.core.ports import Judge


async def grade_lines(lines: Iterable[bytes], out: TextIO, bank: Bank, judge: Judge | None = None) -> bool:
    """Grade each line; False where one could not be graded.

    A line is ``{"question": id, "answer": text}`` or ``{"prompt": text, "answer_key": {...}, "answer": text}``.
    """
    sound = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            told = await _graded(line, bank, judge)
        except (ValueError, RecursionError, Unreadable) as error:
            told, sound = {"line": number, "error": str(error)}, False
        print(_encodable(json.dumps(told, ensure_ascii=False)), file=out)
    return sound


def _encodable(text: str) -> str:
    """Without halves of characters, which no output can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


async def _graded(line: bytes, bank: Bank, judge: Judge | None) -> dict[str, object]:
    asked = json.loads(line)
    if not isinstance(asked, dict) or not isinstance(asked.get("answer"), str):
        raise ValueError('not of the form {"question": id, "answer": text}')
    key = asked.get("answer_key")
    if key is None and not isinstance(asked.get("question"), str):
        raise ValueError('not of the form {"question": id, "answer": text}')
    question = _from_bank(bank, asked.get("question")) if key is None else _from_key(asked.get("prompt"), key)
    result = grade(question, asked["answer"], bank.vocabulary)
    result = await judged(judge, question, asked["answer"], result)
    name = question.id if key is None else key.get("id")
    return {"question": name, "correct": result.correct, "score": result.score, "reason": result.reason}


def _from_bank(bank: Bank, name: object) -> Question:
    question = bank.questions.get(str(name))
    if question is None:
        raise ValueError(f'the bank has no question "{name}"')
    return question


def _from_key(prompt: object, key: object) -> Question:
    """A question given with its answer, as in the YAML; what does not bear on the grade may be left out."""
    if not isinstance(key, dict):
        raise ValueError("answer_key is not a question")
    unimportant = {"id": "given", "difficulty": "easy", "explanation": "-", "source": {"document": "-", "heading": "-"}}
    told = {name: value for name, value in key.items() if value is not None and name not in ("id", "topic")}
    kind = {"type": "choice" if "choices" in told else "short"}
    raw = unimportant | kind | told | ({"prompt": prompt} if prompt is not None else {})
    found, faults = read_questions(Document("answer_key", {"topic": "given", "questions": [raw]}, {}))
    if faults:
        raise ValueError("answer_key: " + "; ".join(fault.text for fault in faults))
    return found[0].question
