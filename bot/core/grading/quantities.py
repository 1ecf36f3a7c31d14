"""The numbers that a reply puts forward: with percent, units, negations, bounds, and how they were worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.core.grading.numerals import Token
from bot.core.grading.units import AMBIGUOUS, unit_of
from bot.core.grading.wordclasses import NEGATIONS, OPENERS, SMALL_TALK, word_set

PERCENT = word_set("% percent pct percentage")

_BOUNDS = word_set(
    "< > less fewer more greater larger bigger higher lower smaller under over above below least most almost nearly "
    "beyond exceeding within maximum minimum max min between upto until before after than"
)
_BOUNDS_AFTER = word_set("more less fewer greater higher lower above below over under plus + max min maximum minimum")
_ADDS_UP = word_set("adds add sums sum comes come works goes equal equals amounts evaluates rounds")
_RESULTS = word_set("= equals equal is gives makes so therefore thus hence get gets answer result total ie")
_OPERATORS = word_set("* x times / + - plus minus over by multiplied")
_ASIDES = word_set("because since as for given ( , from with per of when if in by at . ; : where using due assuming")
_MONTHS = word_set(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
_STOP = frozenset(",;:.!?()=")
_CURRENCY = frozenset("$€£¥")
_ORDINAL = word_set("st nd rd th")
_UNIT_WORDS = 4


@dataclass(frozen=True)
class Quantity:
    """A number in a reply: its value, whether it is a percentage, and the words after it that may be its unit."""

    value: float
    percent: bool
    unit: tuple[str, ...]
    at: int
    symbol: str = ""


def quantities(found: Sequence[Token]) -> list[Quantity]:
    """Every number of a reply; ordinals and numbers too large to hold are none."""
    return [
        _quantity(found, i)
        for i, token in enumerate(found)
        if token.kind == "number" and not math.isnan(token.value) and not _is_ordinal(found, i)
    ]


def _is_ordinal(found: Sequence[Token], i: int) -> bool:
    return i + 1 < len(found) and found[i + 1].glued and found[i + 1].text in _ORDINAL


def _quantity(found: Sequence[Token], i: int) -> Quantity:
    percent = i + 1 < len(found) and found[i + 1].text in PERCENT
    symbol = found[i - 1].text if i and found[i - 1].text in _CURRENCY else ""
    unit = _unit_words(found, i + 1 + percent)
    before_christ = unit[:1] in (("bc",), ("bce",))
    return Quantity(-found[i].value if before_christ else found[i].value, percent, unit, i, symbol)


def _unit_words(found: Sequence[Token], start: int) -> tuple[str, ...]:
    """The words right after a number that may name what it counts."""
    words: list[str] = []
    for i in range(start, min(start + _UNIT_WORDS, len(found))):
        token = found[i]
        if token.kind == "odd" and token.glued and i == start:
            return (token.text,)
        word_follows = i + 1 < len(found) and found[i + 1].kind == "word"
        if token.text == "-" and not words and word_follows:
            continue
        if token.kind != "word" and token.text not in _CURRENCY:
            break
        if token.text in AMBIGUOUS and not token.glued and word_follows:
            break
        if token.text in NEGATIONS or token.text == "with" or (token.text in OPENERS and unit_of(token.text) is None):
            break
        words.append(token.text)
    return tuple(words)


def is_denied(found: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a reply says that this number is not the answer: "not 40 but 50", "50 rather than 40"."""
    before = [token.text for token in found[max(0, quantity.at - 3) : quantity.at]]
    but = before[-2:] in (["anything", "but"], ["everything", "but"])
    return but or any(word in NEGATIONS for word in before[-2:]) or {"rather", "than"} <= set(before)


def is_bound(found: Sequence[Token], one: Quantity) -> bool:
    """Whether a number is only a bound: "at least 50", "50 or more"; "adds up to 50" is none."""
    before = [token.text for token in found[max(0, one.at - 4) : one.at]]
    if "up" in before[-2:] and _ADDS_UP.isdisjoint(before):
        return True
    if before and (before[-1] in _BOUNDS or before[-2:-1] in (["least"], ["most"], ["<"], [">"])):
        return True
    after = [token.text for token in found[one.at + 1 : one.at + 6]]
    either = any(a == "or" and b in _BOUNDS_AFTER for a, b in pairwise(after))
    return after[:1] == ["+"] or either


def put_forward(
    meant: Sequence[Quantity], found: Sequence[Token], given: frozenset[float], in_percent: bool
) -> Quantity | None:
    """The one number that a reply puts forward: all are the same, or the others are how it was worked out.

    ``given`` are the numbers of the question, which an explanation may repeat.
    """
    if len({round(quantity.value, 12) for quantity in meant}) == 1:
        twice = _is_range(meant, found)
        return None if twice else next((q for q in meant if q.unit or q.percent), meant[0])
    if _says_percent_too(meant):
        return next(quantity for quantity in meant if quantity.percent == in_percent)
    signs = [i for i, token in enumerate(found) if token.text == "="]
    results = [quantity for quantity in meant if signs and quantity.at > signs[-1]]
    if results:
        return results[0] if len(results) == 1 else None
    if _is_range(meant, found):
        return None
    return _result(meant, found, given) or _explained(meant, found, given) or _before_brackets(meant, found)


def _is_range(meant: Sequence[Quantity], found: Sequence[Token]) -> bool:
    """Whether two numbers are the ends of a range or of a ratio: 40-60, 40 to 60, 50:1."""
    return any(
        [token.text for token in found[one.at + 1 : other.at]] in (["-"], ["to"], [":"])
        for one, other in pairwise(meant)
    )


def _result(meant: Sequence[Quantity], found: Sequence[Token], given: frozenset[float]) -> Quantity | None:
    """The last number, where a word such as "so" or "is" introduces it after the numbers it was worked out from."""
    last, before = meant[-1], meant[:-1]
    led = [token.text for token in found[before[-1].at + 1 : last.at]]
    worked = all(_is_operation(found, one, other) for one, other in pairwise(before))
    dated = any(token.text in _MONTHS for token in found[max(0, before[0].at - 1) : last.at])
    from_given = all(quantity.value in given or (dated and 0 < quantity.value < 32) for quantity in before)
    introduced = dated or any(word in _RESULTS for word in led)
    close = all(word in _RESULTS | _MONTHS | SMALL_TALK or word in ",-" for word in led[-1:])
    return (
        last
        if introduced and close and last.value not in given and (from_given or (worked and len(before) > 1))
        else None
    )


def _is_operation(found: Sequence[Token], one: Quantity, other: Quantity) -> bool:
    between = [token.text for token in found[one.at + 1 : other.at]]
    return bool(between) and all(word in _OPERATORS for word in between)


def _explained(meant: Sequence[Quantity], found: Sequence[Token], given: frozenset[float]) -> Quantity | None:
    """The first number, where an explanation with the question's numbers follows: "50, because 1000/20"."""
    first = meant[0]
    aside = first.at + 1 + len(first.unit) + first.percent
    opened = any(token.text in _ASIDES for token in found[aside : aside + 2])
    dated = any(token.text in _MONTHS for token in found)
    known = all(
        q.value in given or q.value == first.value or (dated and 0 < q.value < 32) or _is_named(found, q)
        for q in meant[1:]
    )
    worked = all(_is_operation(found, one, other) for one, other in pairwise(meant[1:]))
    return first if opened and (known or (worked and len(meant) > 2)) else None


def _is_named(found: Sequence[Token], quantity: Quantity) -> bool:
    """Whether a number belongs to a name: Apollo 11."""
    before = found[quantity.at - 1] if quantity.at else None
    plain = _RESULTS | _OPERATORS | _ASIDES | _BOUNDS | SMALL_TALK | OPENERS | NEGATIONS
    return before is not None and before.kind == "word" and before.text not in plain


def _before_brackets(meant: Sequence[Quantity], found: Sequence[Token]) -> Quantity | None:
    """The first number, where all others stand in brackets among words: "46 (23 pairs)"."""
    texts = [token.text for token in found]
    if "(" not in texts[: meant[1].at] or texts.index("(") < meant[0].at:
        return None
    inside = texts[texts.index("(") + 1 :]
    inside = inside[: inside.index(")")] if ")" in inside else inside
    closes = texts.index("(") + 1 + len(inside)
    words = [word for word in inside if word.isalpha()]
    return meant[0] if words and words[0] not in ("or", "and", "maybe") and meant[-1].at < closes else None


def _says_percent_too(meant: Sequence[Quantity]) -> bool:
    """0.5 (50 %): one value written as a number and as a percentage."""
    if len(meant) != 2 or meant[0].percent == meant[1].percent:
        return False
    share, percentage = sorted(meant, key=lambda quantity: quantity.percent)
    return math.isclose(share.value * 100, percentage.value, rel_tol=1e-9)
