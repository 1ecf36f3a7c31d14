"""Numbers: a reply that should be one value, in the right unit."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from bot.core.grading.measures import counted_nouns, factor_to
from bot.core.grading.normalise import clean
from bot.core.grading.numerals import LIMIT, read
from bot.core.grading.phrases import addresses_grader, last_correction, without_doubts
from bot.core.grading.quantities import PERCENT, Quantity, is_bound, is_denied, put_forward, quantities
from bot.core.grading.reasons import quote, right, sentence, wrong
from bot.core.grading.units import counted
from bot.core.grading.wordforms import root
from bot.core.model import Grade, Numeric, Question

_PLAIN_NUMBER = re.compile(r"\s*[-+−]?\s*\d[\d,.' ]*(?:e[-+]?\d+)?\s*%?\s*", re.IGNORECASE)
_ASKS_PERCENT = re.compile(
    r"\b(?:what|which|how many) (?:percent|per cent|percentage|%)|\b(?:in|as an?|or) (?:percent|per cent|percentage|%)"
)
_SHARES = frozenset({"fraction", "proportion", "probability", "probabiliti", "share"})
_CUES = ("not", "no", "know", "wait", "mean", "actually", "sorry", "nt ", "id", "or ", "oops", "correct")
_CLOSE = 1e-9


@dataclass(frozen=True)
class NumberKey:
    """What is compiled once of a question whose answer is a number."""

    numeric: Numeric
    unit: tuple[str, ...]
    listed: frozenset[str]
    rejected: frozenset[str]
    values: tuple[Quantity, ...]
    barred: tuple[Quantity, ...]
    given: frozenset[float]
    prompt: frozenset[str]
    asked: frozenset[str]
    asks_percent: bool

    @property
    def in_percent(self) -> bool:
        """Whether the answer is a percentage."""
        return not PERCENT.isdisjoint(self.unit)


def implied_numeric(answer: str) -> Numeric | None:
    """The key of an answer that is a bare number and was given no key of its own: that very value."""
    if not _PLAIN_NUMBER.fullmatch(answer):
        return None
    found = quantities(read(answer))
    return Numeric(found[0].value, unit="%" if found[0].percent else "") if len(found) == 1 else None


def grade_number(question: Question, text: str) -> Grade:
    """The grade of a reply that should be one number."""
    numeric = question.numeric or implied_numeric(question.answer)
    assert numeric is not None, "only questions with a number are graded here"
    key = number_key(question.prompt, question.answer, question.accept, question.reject, numeric)
    said = _squeezed(text)
    if said in key.listed:
        return right(sentence(question.answer))
    wrote = f'You wrote "{quote(text)}"'
    if said in key.rejected:
        return wrong(f"{wrote}; another number was asked for.")
    if addresses_grader(clean(text)):
        return wrong("Please write only the number that was asked for.")
    fault = _fault(key, _spoken(text))
    return wrong(f"{wrote}; {fault}") if fault else right(sentence(question.answer))


@lru_cache(maxsize=2048)
def number_key(
    prompt: str, answer: str, accept: tuple[str, ...], reject: tuple[str, ...], numeric: Numeric
) -> NumberKey:
    """The compiled key of a question; cached by what it is made of."""
    found = read(prompt)
    words = [token.text for token in found if token.kind == "word"]
    listed = frozenset(_squeezed(wording) for wording in (answer, *accept)) - {""}
    return NumberKey(
        numeric=numeric,
        unit=tuple(token.text for token in read(numeric.unit) if token.text not in "()."),
        listed=listed | {_squeezed(answer).replace(".", ",")},
        rejected=frozenset(_squeezed(wording) for wording in reject) - listed,
        values=tuple(quantity for wording in accept for quantity in _alone(wording)),
        barred=tuple(quantity for wording in reject for quantity in _alone(wording)),
        given=frozenset(token.value for token in found if token.kind == "number"),
        prompt=frozenset(root(word) for word in words),
        asked=counted_nouns(words),
        asks_percent=_ASKS_PERCENT.search(prompt.lower()) is not None,
    )


def _alone(wording: str) -> list[Quantity]:
    found = quantities(read(wording))
    return found if len(found) == 1 else []


def _spoken(text: str) -> str:
    """The reply without phrases of doubt, after its last correction."""
    lowered = text[:LIMIT].replace("’", "").replace("'", "").lower()
    if not any(cue in lowered for cue in _CUES):
        return text[:LIMIT]
    return last_correction(without_doubts(lowered))


def _fault(key: NumberKey, spoken: str) -> str:
    """What is wrong with the numbers of a reply, or nothing."""
    found = read(spoken)
    every = quantities(found)
    if not every:
        return "a number was asked for."
    meant = [quantity for quantity in every if not is_denied(found, quantity)]
    if not meant:
        return "that says what the answer is not."
    one = put_forward(meant, found, key.given, key.in_percent)
    if one is None:
        return "please give one number."
    if is_bound(found, one):
        return "please give the value itself, not a bound."
    if any(_same(one, other) for other in key.barred):
        return "another number was asked for."
    return "" if any(_same(one, other) for other in key.values) else _misses(key, one)


def _misses(key: NumberKey, one: Quantity) -> str:
    """In what one number differs from the key, or nothing."""
    factor = factor_to(one, key.unit, key.prompt, key.asked)
    if factor is None:
        return "that is another unit than the one asked for."
    if one.percent and not key.in_percent and not key.asks_percent:
        return "a percentage was not asked for."
    right_value = any(_close(value, key.numeric) for value in _readings(key, one, one.value * factor))
    return "" if right_value else "another number was asked for."


def _readings(key: NumberKey, one: Quantity, value: float) -> list[float]:
    """The values that a reply may mean in the terms of the key."""
    if one.percent and not key.in_percent:
        return [value / 100 if abs(key.numeric.value) <= 1 else value]
    if key.in_percent and not one.percent and key.prompt & _SHARES:
        return [value, value * 100]
    return [value]


def _same(one: Quantity, listed: Quantity) -> bool:
    """Whether a reply says what the author listed: the same value in the same terms."""
    same_unit = not one.unit or not listed.unit or counted(one.unit[0]) == counted(listed.unit[0])
    return one.percent == listed.percent and same_unit and math.isclose(one.value, listed.value, rel_tol=_CLOSE)


def _close(value: float, numeric: Numeric) -> bool:
    if math.isinf(numeric.value):
        return value == numeric.value
    allowed = abs(numeric.value) * numeric.tolerance if numeric.relative else numeric.tolerance
    return abs(value - numeric.value) <= allowed * (1 + _CLOSE) + _CLOSE * abs(numeric.value)


def _squeezed(text: str) -> str:
    """A short text without a final full stop and without spaces but those between digits; signs and decimals kept."""
    lowered = text[:LIMIT].lower().replace("−", "-").strip(" \"'\t\n").rstrip(".!?")
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", lowered)
