"""Numbers: a reply that should be one value, in the right unit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.grading.normalise import clean
from bot.core.grading.numerals import LIMIT, Token, read
from bot.core.grading.phrases import NEGATIONS, OPENERS, SMALL_TALK, addresses_grader, last_correction, without_doubts
from bot.core.grading.reasons import quote, right, wrong
from bot.core.grading.units import AMBIGUOUS, counted, unit_of
from bot.core.grading.wordforms import root
from bot.core.model import Grade, Numeric, Question

_PLAIN_NUMBER = re.compile(r"\s*[-+−]?\s*\d[\d,.' ]*(?:e[-+]?\d+)?\s*%?\s*", re.IGNORECASE)
_BOUNDS = frozenset(
    "< > less fewer more greater larger bigger higher lower smaller under over above below least most almost nearly beyond "
    "exceeding within maximum minimum max min between upto until before after".split()
)
_ADDS_UP = frozenset("adds add sums sum comes come works goes equal equals amounts evaluates rounds".split())
_BOUNDS_AFTER = frozenset("more less fewer greater higher lower above below over under plus + max min maximum minimum".split())
_RESULTS = frozenset("= equals equal is gives makes so therefore thus hence get gets answer result total i.e ie".split())
_ASIDES = frozenset("because since as for given ( , from with per of when if in by at . ; : where using due assuming".split())
_MONTHS = frozenset("january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec".split())
_PERCENT = frozenset(["%", "percent", "pct", "percentage"])
_STOP = frozenset(",;:.!?()=")


@dataclass(frozen=True)
class Quantity:
    """A number in a reply: its value, whether it is a percentage, and the words after it that may be its unit."""

    value: float
    percent: bool
    unit: tuple[str, ...]
    at: int
    symbol: str = ""


@dataclass(frozen=True)
class NumberKey:
    """What is compiled once of a question whose answer is a number."""

    numeric: Numeric
    unit: tuple[str, ...]
    listed: frozenset[str]
    rejected: frozenset[str]
    values: tuple[Quantity, ...]
    barred: tuple[Quantity, ...]
    prompted: frozenset[float]
    prompt: frozenset[str]
    how_many: frozenset[str]


def implied_numeric(answer: str) -> Numeric | None:
    """The key of an answer that is a bare number and was given no key of its own: that very value."""
    if not _PLAIN_NUMBER.fullmatch(answer):
        return None
    found = _quantities(read(answer))
    if len(found) != 1:
        return None
    return Numeric(found[0].value, unit="%" if found[0].percent else "")


def grade_number(question: Question, text: str) -> Grade:
    """The grade of a reply that should be one number."""
    numeric = question.numeric or implied_numeric(question.answer)
    assert numeric is not None, "only questions with a number are graded here"
    key = number_key(question.prompt, question.answer, question.accept, question.reject, numeric)
    said = _squeezed(text)
    if said in key.listed:
        return right(_sentence(question.answer))
    wrote = f'You wrote "{quote(text)}"'
    if said in key.rejected:
        return wrong(f"{wrote}; another number was asked for.")
    spoken = clean(text)
    if addresses_grader(spoken):
        return wrong("Please write only the number that was asked for.")
    found = read(_spoken(text))
    quantities = _quantities(found)
    if not quantities:
        return wrong(f"{wrote}; please give a number.")
    fault = _fault(key, quantities, found)
    return wrong(f"{wrote}; {fault}") if fault else right(_sentence(question.answer))


@lru_cache(maxsize=2048)
def number_key(prompt: str, answer: str, accept: tuple[str, ...], reject: tuple[str, ...], numeric: Numeric) -> NumberKey:
    """The compiled key of a question; cached by what it is made of."""
    tokens = read(prompt)
    words = [token.text for token in tokens if token.kind == "word"]
    listed = frozenset(_squeezed(wording) for wording in accept if wording.strip())
    return NumberKey(
        numeric,
        tuple(token.text for token in read(numeric.unit) if token.text not in "()."),
        listed | {_squeezed(answer), _squeezed(answer).replace(".", ",")},
        frozenset(_squeezed(wording) for wording in reject) - listed,
        tuple(q for wording in accept for q in _alone(wording)),
        tuple(q for wording in reject for q in _alone(wording)),
        frozenset(token.value for token in tokens if token.kind == "number"),
        frozenset(root(word) for word in words) | ({"%"} if "%" in prompt else set()),
        frozenset(_asked_nouns(words)),
    )


def _alone(wording: str) -> list[Quantity]:
    found = _quantities(read(wording))
    return found if len(found) == 1 else []


def _asked_nouns(words: Sequence[str]) -> list[str]:
    """The nouns after "how many", up to the verb."""
    for i in range(len(words) - 2):
        if words[i : i + 2] == ["how", "many"]:
            nouns: list[str] = []
            for word in words[i + 2 : i + 4]:
                if word in OPENERS or word in SMALL_TALK:
                    break
                nouns.append(counted(word))
            return nouns
    return []


def _spoken(text: str) -> str:
    """The reply without phrases of doubt, after its last correction."""
    text = text[:LIMIT]
    lowered = text.replace("’", "").replace("'", "").lower()
    if not any(cue in lowered for cue in ("not", "no", "know", "wait", "mean", "actually", "sorry", "nt ", "id", "or ", "oops", "correct")):
        return text
    return last_correction(without_doubts(lowered))


def _quantities(found: Sequence[Token]) -> list[Quantity]:
    quantities: list[Quantity] = []
    for i, token in enumerate(found):
        if token.kind != "number" or math.isnan(token.value) or _is_name(found, i):
            continue
        after = [later.text for later in found[i + 1 : i + 5]]
        percent = bool(after) and after[0] in _PERCENT
        symbol = found[i - 1].text if i and found[i - 1].text in "$€£¥" else ""
        unit = _unit_words(found, i + 1 + percent)
        quantities.append(Quantity(token.value, percent, unit, i, symbol))
    return quantities


def _is_name(found: Sequence[Token], i: int) -> bool:
    """Whether a number is part of a name, as in F-16."""
    return i > 1 and found[i].glued and found[i - 1].text == "-" and found[i - 1].glued and found[i - 2].kind == "word"


def _unit_words(found: Sequence[Token], start: int) -> tuple[str, ...]:
    """The words right after a number that may name what it counts."""
    words: list[str] = []
    for i in range(start, min(start + 4, len(found))):
        token = found[i]
        if token.kind == "odd" and token.glued and i == start:
            return (token.text,)
        if token.text == "-" and not words and i + 1 < len(found) and found[i + 1].kind == "word":
            continue
        if token.kind not in ("word", "sign") or token.text in _STOP or token.kind == "sign" and token.text not in "$€£¥":
            break
        if token.text in AMBIGUOUS and not token.glued and i + 1 < len(found) and found[i + 1].kind == "word" and token.text != "degree":
            break
        if token.text in NEGATIONS or token.text in OPENERS and unit_of(token.text) is None:
            break
        words.append(token.text)
    return tuple(words)


def _fault(key: NumberKey, quantities: list[Quantity], found: Sequence[Token]) -> str:
    """What is wrong with the numbers of a reply, or nothing."""
    meant = [quantity for quantity in quantities if not _denied(found, quantity)]
    if not meant:
        return "that says what the answer is not."
    one = _the_one(key, meant, found)
    if one is None:
        return "please give one number."
    if _bounded(found, one):
        return "please give the value itself, not a bound."
    if any(_same(one, other) for other in key.barred):
        return "another number was asked for."
    if any(_same(one, other) for other in key.values):
        return ""
    factor = _factor(key, one)
    if factor is None:
        return "that is another unit than the one asked for."
    if one.percent != ("%" in key.unit or "percent" in key.unit) and not _percent_allowed(key, one):
        return "a percentage was not asked for." if one.percent else "another number was asked for."
    return "" if any(_close(value, key.numeric) for value in _readings(key, one, factor)) else "another number was asked for."


def _denied(found: Sequence[Token], quantity: Quantity) -> bool:
    before = [token.text for token in found[max(0, quantity.at - 3) : quantity.at]]
    return any(word in NEGATIONS or word in ("isn", "aren", "wasn") for word in before[-2:]) or before[-2:] == ["rather", "than"] or "than" in before and "rather" in before


def _the_one(key: NumberKey, meant: list[Quantity], found: Sequence[Token]) -> Quantity | None:
    """The number that a reply puts forward: all its numbers are the same, or the others are how it was worked out."""
    distinct = {round(quantity.value, 12) for quantity in meant}
    if len(distinct) == 1:
        return next((quantity for quantity in meant if quantity.unit or quantity.percent), meant[0])
    if _says_percent_twice(meant):
        return meant[0]
    equals = max((i for i, token in enumerate(found) if token.text == "="), default=-1)
    if equals >= 0:
        after = [quantity for quantity in meant if quantity.at > equals]
        return after[0] if len(after) == 1 else None
    first, last = meant[0], meant[-1]
    given = key.prompted | {q.value for q in meant if _is_day(found, q)}
    if all(quantity.value in given for quantity in meant if quantity is not last) and found[last.at - 1].text in _RESULTS | _MONTHS | {"-", ","} | SMALL_TALK:
        if last.value not in given and any(token.text in _RESULTS or token.text in _MONTHS for token in found[first.at : last.at]):
            return last
    aside = first.at + 1 + len(first.unit) + first.percent
    if all(quantity.value in given for quantity in meant[1:]) and any(token.text in _ASIDES for token in found[aside : aside + 2]):
        return first
    return None


def _is_day(found: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a number is the day of a date."""
    near = [token.text for token in (*found[max(0, quantity.at - 1) : quantity.at], *found[quantity.at + 1 : quantity.at + 2])]
    return 0 < quantity.value < 32 and any(word in _MONTHS for word in near)


def _says_percent_twice(meant: list[Quantity]) -> bool:
    """0.5 (50 %): one value written as a number and as a percentage."""
    if len(meant) != 2 or meant[0].percent == meant[1].percent:
        return False
    share, percentage = sorted(meant, key=lambda quantity: quantity.percent)
    return math.isclose(share.value * 100, percentage.value, rel_tol=1e-9)


def _bounded(found: Sequence[Token], one: Quantity) -> bool:
    before = [token.text for token in found[max(0, one.at - 4) : one.at]]
    if "up" in before[-2:] and not any(word in _ADDS_UP for word in before):
        return True
    if before[-1:] and before[-1] in _BOUNDS or before[-1:] == ["than"] or before[-2:-1] and before[-2] in ("least", "most", "<", ">"):
        return True
    after = [token.text for token in found[one.at + 1 : one.at + 6]]
    return after[:1] == ["+"] or any(a == "or" and b in _BOUNDS_AFTER for a, b in zip(after, after[1:], strict=False))


def _same(one: Quantity, listed: Quantity) -> bool:
    """Whether a reply says what the author listed: the same value in the same terms."""
    same_unit = not one.unit or not listed.unit or counted(one.unit[0]) == counted(listed.unit[0])
    return one.percent == listed.percent and same_unit and math.isclose(one.value, listed.value, rel_tol=1e-9)


def _factor(key: NumberKey, one: Quantity) -> float | None:
    """By what to multiply the reply's number so that it is in the key's unit, or None for another unit."""
    wanted = {counted(word) for word in key.unit if word not in _PERCENT}
    said = [*([one.symbol] if one.symbol else []), *(word for word in one.unit if word in wanted or counted(word) in wanted or word not in SMALL_TALK or unit_of(word))]
    if not said or any(counted(word) in wanted or _clips(word, wanted) for word in said):
        return 1.0
    if said[0] == "degree":
        said = said[1:] if len(said) > 1 and unit_of(said[1]) else said
    if said[0] == "degree":
        return 1.0 if wanted & {"c", "f", "celsiu", "celsius", "degre", "fahrenheit"} or not wanted else None
    unit = unit_of(said[0])
    target = next((found for found in map(unit_of, reversed(key.unit)) if found), None)
    if unit and target:
        return unit.factor / target.factor if unit.dimension == target.dimension else None
    return _count_factor(key, said[0], unit is not None)


def _clips(word: str, wanted: set[str]) -> bool:
    """Whether a word is the beginning of the unit: iters, params."""
    form = root(word)
    return len(form) > 2 and any(unit.startswith(form) for unit in wanted)


def _count_factor(key: NumberKey, noun: str, measures: bool) -> float | None:
    """1 where a noun after the number may stand there: the one asked for, or one that the question does not use."""
    form = counted(noun)
    if noun in OPENERS or noun in ("times", "x", "fold", "ish"):
        return 1.0
    if key.unit and not _PERCENT & set(key.unit):
        return None
    if form in key.how_many:
        return 1.0
    if measures:
        return 1.0 if root(noun) in key.prompt and not key.how_many else None
    return None if key.how_many and form in key.prompt else 1.0


def _percent_allowed(key: NumberKey, one: Quantity) -> bool:
    """Whether the question lets a percentage stand for a fraction, or the other way round."""
    if one.percent:
        return bool(key.prompt & {"%", "percent", "percentag", "percentage"})
    return True


def _readings(key: NumberKey, one: Quantity, factor: float) -> list[float]:
    """The values that a reply may mean in the terms of the key."""
    in_percent = bool(_PERCENT & set(key.unit))
    value = one.value * factor
    if one.percent and not in_percent:
        return [value / 100] if abs(key.numeric.value) <= 1 else [value]
    if in_percent and not one.percent and key.prompt & {"fraction", "proportion", "probability", "probabiliti", "share"}:
        return [value, value * 100]
    return [value]


def _close(value: float, numeric: Numeric) -> bool:
    if math.isinf(numeric.value):
        return value == numeric.value
    allowed = abs(numeric.value) * numeric.tolerance if numeric.relative else numeric.tolerance
    return abs(value - numeric.value) <= allowed * (1 + 1e-9) + 1e-9 * abs(numeric.value)


def _squeezed(text: str) -> str:
    """A short text without a final full stop and without spaces but those between digits; signs and decimals kept."""
    lowered = text[:LIMIT].lower().replace("−", "-").strip(" \"'\t\n").rstrip(".!?")
    return re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", lowered)


def _sentence(answer: str) -> str:
    return answer if answer.endswith((".", "?", "!")) else f"{answer}."
