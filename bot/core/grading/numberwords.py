"""Numbers in words: sixty-four, two hundred and five, three point one four, nineteen forty-five."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.grading.wordclasses import word_set

ONES = {
    word: value
    for value, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        )
    )
} | {"nil": 0, "nought": 0, "naught": 0}
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0}
_POINTING = word_set("this that the which another each any no some every other only first last right correct")


def spelled(words: Sequence[str], at: int, parts: frozenset[str]) -> tuple[float, int]:
    """The value of the number words from ``at`` on and where they end; the end is ``at`` where there are none.

    ``parts`` are the words that name fractions: before them "a" is a one. "One" after a pointing word is no number.
    """
    if words[at] == "one" and at and words[at - 1] in _POINTING:
        return 0.0, at
    sums = _Sums()
    i = at
    while i < len(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if words[i] == "point" and sums.last and following in ONES:
            return _decimals(words, i + 1, sums.value)
        if not sums.takes(words[i], following, parts):
            break
        i += 1
    return sums.value, i if sums.last else at


class _Sums:
    """The value of number words so far, and what kind of word came last."""

    def __init__(self) -> None:
        self.total = self.current = 0.0
        self.last = ""

    @property
    def value(self) -> float:
        return self.total + self.current

    def takes(self, word: str, following: str, parts: frozenset[str]) -> bool:
        """Whether a word goes on with the number; then it is added."""
        if word in ONES:
            return self._one(ONES[word])
        if word in TENS:
            return self._ten(TENS[word])
        if word in SCALES:
            return self._scale(word, following)
        if word in ("a", "an") and not self.last and (following in SCALES or following in parts):
            self.current, self.last = 1.0, "ones"
            return True
        if word == "and":
            return self.last == "scale" and (following in ONES or following in TENS)
        return word == "-" and self.last == "tens" and following in ONES

    def _one(self, value: int) -> bool:
        if self.last in ("", "scale") or (self.last == "tens" and 0 < value < 10):
            self.current, self.last = self.current + value, "ones"
        elif self.last == "ones" and 10 <= self.current < 20 and 10 <= value < 20:  # nineteen eighteen
            self.current, self.last = self.current * 100 + value, "year"
        else:
            return False
        return True

    def _ten(self, value: int) -> bool:
        if self.last in ("", "scale"):
            self.current += value
        elif self.last in ("ones", "tens") and 10 <= self.current <= 20:  # nineteen forty-five
            self.current = self.current * 100 + value
        else:
            return False
        self.last = "tens"
        return True

    def _scale(self, word: str, following: str) -> bool:
        if not self.last:
            if following == "of" or word == "dozen":
                return False
            self.current = 1.0
        elif self.last == "year":
            return False
        if word == "hundred":
            self.current *= 100
        else:
            self.total, self.current = self.total + self.current * SCALES[word], 0.0
        self.last = "scale"
        return True


def _decimals(words: Sequence[str], at: int, whole: float) -> tuple[float, int]:
    digits = ""
    while at < len(words) and words[at] in ONES and ONES[words[at]] < 10:
        digits += str(ONES[words[at]])
        at += 1
    return whole + float(f"0.{digits}"), at
