"""Numbers: a reply that should be one value."""

from __future__ import annotations

import re

from bot.core.grading.normalise import clean
from bot.core.grading.reasons import quote, right, wrong
from bot.core.model import Grade, Question


def grade_number(question: Question, text: str) -> Grade:
    key = question.numeric
    assert key is not None
    found = re.findall(r"-?\d[\d,]*\.?\d*", clean(text))
    if len(found) != 1:
        return wrong(f'You wrote "{quote(text)}".')
    value = float(found[0].replace(",", "").rstrip("."))
    tolerance = abs(key.value) * key.tolerance if key.relative else key.tolerance
    if abs(value - key.value) <= tolerance + 1e-9 * max(1.0, abs(key.value)):
        return right(f"{question.answer}.")
    return wrong(f'You wrote "{quote(text)}".')
