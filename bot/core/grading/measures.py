"""Whether the words after a number are the unit that was asked for, or one that can be converted."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.grading.quantities import PERCENT, Quantity
from bot.core.grading.units import Unit, counted, unit_of, with_per_joined
from bot.core.grading.wordclasses import OPENERS, SMALL_TALK, word_set
from bot.core.grading.wordforms import root

_MULTIPLES = word_set("times x fold ish wide long tall high deep thick old")
_DEGREES = frozenset(counted(word) for word in ("c", "f", "celsius", "fahrenheit", "degree", "degrees"))


def counted_nouns(prompt: Sequence[str]) -> frozenset[str]:
    """The nouns after "how many", up to the verb."""
    for i, word in enumerate(prompt):
        if word == "how" and prompt[i + 1 : i + 2] == ["many"]:
            nouns = prompt[i + 2 : i + 4]
            return frozenset(counted(noun) for noun in nouns if noun not in OPENERS and noun not in SMALL_TALK)
    return frozenset()


def factor_to(one: Quantity, unit: Sequence[str], prompt: frozenset[str], asked: frozenset[str]) -> float | None:
    """By what to multiply a reply's number so that it is in the key's unit; None where it has another unit.

    ``prompt`` are the roots of the question's words, ``asked`` the nouns that it counts.
    """
    wanted = {counted(word) for word in with_per_joined(unit) if word not in PERCENT}
    said = _said(one, wanted)
    if not said:
        return 1.0
    if not wanted and not PERCENT.isdisjoint(unit) and unit_of(said[0]):
        return None
    if said[0] == "degree" and len(said) == 1:
        return 1.0 if not wanted or wanted & _DEGREES else None
    if any(counted(word) in wanted or _is_clipped(word, wanted) for word in said):
        return 1.0
    measure = unit_of(said[0])
    target = next((found for found in map(unit_of, reversed(with_per_joined(unit))) if found), None)
    if measure and target:
        return measure.factor / target.factor if measure.dimension == target.dimension else None
    return _count(said[0], measure, bool(wanted), prompt, asked)


def _said(one: Quantity, wanted: set[str]) -> list[str]:
    """The words of the reply's unit: "degrees celsius" is celsius, "metres per second" is m/s."""
    words = [*([one.symbol] if one.symbol else []), *one.unit]
    if any("/" in unit for unit in wanted):
        words = with_per_joined(words)
    elif "per" in words:
        words = words[: words.index("per")]
    said = [word for word in words if counted(word) in wanted or word not in SMALL_TALK or unit_of(word)]
    if said and said[0] in ("degree", "degrees", "deg"):
        said[0] = "degree"
        if len(said) > 1 and unit_of(said[1]):
            del said[0]
    return said


def _count(
    noun: str, measure: Unit | None, has_unit: bool, prompt: frozenset[str], asked: frozenset[str]
) -> float | None:
    """1 where a noun after the number may stand there: the one asked for, or one that the question does not use."""
    form = counted(noun)
    if noun in OPENERS or noun in _MULTIPLES:
        return 1.0
    if has_unit:
        return None
    if form in asked:
        return 1.0
    if measure:
        return 1.0 if root(noun) in prompt and not asked else None
    return None if asked and (form in prompt or root(noun) in prompt) else 1.0


def _is_clipped(word: str, wanted: set[str]) -> bool:
    """Whether a word is the beginning of the unit: iters, params."""
    form = root(word)
    return len(form) > 2 and any(unit.startswith(form) for unit in wanted)
