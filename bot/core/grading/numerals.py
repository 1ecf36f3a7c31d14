"""Reading numbers in text: digits, separators, fractions, powers, percent and number words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LIMIT = 1000

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = re.compile(r"(?<=[\d)])\s*([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "‑": "-", "‐": "-", "﹣": "-", "×": "*", "·": "*", "⋅": "*", "⁄": "/", "∕": "/", "÷": "/", "≈": "~",
                        "’": "'", "‘": "'", "\u202f": " ", "\u00a0": " ", "\u2009": " ", "µ": "u", "μ": "u", "Ω": " ohm ", "°": " degree ", "℃": " celsius ", "℉": " fahrenheit ",
                        "≤": "<", "≥": ">", "→": "=", "⇒": "=", "∞": " infinity "})  # fmt: skip
_POWER_OF_TEN = re.compile(r"(\d)\s*[*x]\s*10\s*(?:\^|\*\*)\s*\(?([+-]?\d{1,3})\)?")
_BARE_POWER = re.compile(r"(?<![\d.,\w])10\s*(?:\^|\*\*)\s*\(?([+-]?\d{1,3})\)?(?![\d.])")
_EMPHASIS = re.compile(r"(?<!\d)\s?\*+|\*+\s?(?!\d)|(?<!\d)_+(?=\d)|(?<=\d)_+(?!\d)|`+|~~|\|\|")

_ONES = {w: i for i, w in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split())} | {"nil": 0, "nought": 0, "naught": 0}  # fmt: skip
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)} | {"fourty": 40}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
           "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9}  # fmt: skip
_PARTS = {"half": 2.0, "third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0, "sixth": 6.0, "seventh": 7.0, "eighth": 8.0, "ninth": 9.0, "tenth": 10.0,
          "hundredth": 100.0, "thousandth": 1000.0, "millionth": 1e6}  # fmt: skip
_PARTS |= {f"{word}s": value for word, value in _PARTS.items()} | {"halves": 2.0}
_SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "bn": 1e9, "b": 1e9}

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.])(?:\d{1,3}(?: \d{3})+(?![\d.,]*\d)|\d{1,40}(?:[.,'_:]\d{1,40})*|\.\d{1,40})(?:e[+-]?\d{1,3}(?![\w.]))?)"
    r"|(?P<word>[^\W\d_]+(?:/[^\W\d_]+\^?\d?)?)"
    r"|(?P<odd>[\w]+)"
    r"|(?P<sign>[-+*/^%=<>~$€£¥,;:.!?()])"
)


@dataclass(frozen=True)
class Token:
    """A number, a word or a sign of a reply; ``glued`` to what stands before it without a space."""

    kind: str
    text: str
    value: float = 0.0
    glued: bool = False
    in_words: bool = False


def read(text: str) -> list[Token]:
    """The numbers, words and signs of a text, with every number put together: 1 1/2, 2e3, sixty-four, 2^10."""
    found = _scanned(_prepared(text))
    for join in (_words_joined, _scaled, _fractions_joined, _powers_joined, _signed):
        found = join(found)
    return found


def _prepared(text: str) -> str:
    text = text[:LIMIT]
    if not text.isascii():
        text = _RAISED.sub(lambda found: "^" + found[1].translate(_SUPERSCRIPTS), text)
        text = "".join(_fraction_spaced(char) for char in text).translate(_SIGNS)
        text = unicodedata.normalize("NFKC", text).translate(_SIGNS)[: 2 * LIMIT]
    text = text.lower().replace("per cent", "percent").replace("divided by", "/")
    text = _POWER_OF_TEN.sub(r"\1e\2", text)
    text = _BARE_POWER.sub(r"1e\1", text)
    text = text.replace("**", "^") if re.search(r"\d\*\*\d", text) else text
    return _EMPHASIS.sub(" ", text)


def _fraction_spaced(char: str) -> str:
    """½ after a digit is a mixed number: a space keeps its digits apart."""
    return f" {char}" if unicodedata.decomposition(char).startswith("<fraction>") else char


def _scanned(text: str) -> list[Token]:
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(text):
        glued = match.start() == end
        end = match.end()
        kind = match.lastgroup or ""
        value = decimal(match[0]) if kind == "number" else 0.0
        found.append(Token("odd" if value is None else kind, match[0], value or 0.0, glued))
    return found


@lru_cache(maxsize=4096)
def decimal(text: str) -> float | None:
    """The value of digits with separators, or None where they are no one number: 1,000.5 and 1.000,5 and 3,14."""
    mantissa, _, exponent = text.partition("e")
    mantissa = mantissa.replace(" ", "'").replace("_", "'")
    if ":" in mantissa:
        return None
    marks = [char for char in mantissa if char in ".,'"]
    point = _decimal_point(mantissa, marks)
    whole, _, fraction = mantissa.rpartition(point) if point else (mantissa, "", "")
    groups = whole.replace("'", ",").replace(".", ",").split(",")
    if len(groups) > 1 and (not groups[0] or len(groups[0]) > 3 or any(len(group) != 3 for group in groups[1:])):
        return None
    try:
        return float(f"{''.join(groups) or '0'}.{fraction or '0'}e{exponent or '0'}")
    except (ValueError, OverflowError):
        return None


def _decimal_point(mantissa: str, marks: list[str]) -> str:
    """The mark before the decimals, or nothing: the last of two kinds, a lone point, a lone comma not before three digits."""
    if not marks or marks[-1] == "'" or marks.count(marks[-1]) > 1:
        return ""
    last = marks[-1]
    if last == "," and len(set(marks)) == 1:
        whole, _, fraction = mantissa.partition(",")
        return "" if len(fraction) == 3 and 0 < len(whole) <= 3 and whole != "0" else ","
    return last


def _words_joined(found: list[Token]) -> list[Token]:
    """Number words as numbers; "one" after a pointing word stays a word."""
    joined: list[Token] = []
    at = 0
    while at < len(found):
        value, end = _spelled(found, at)
        if end > at:
            joined.append(Token("number", " ".join(token.text for token in found[at:end]), value, in_words=True))
            at = end
        else:
            joined.append(found[at])
            at += 1
    return joined


_POINTING = frozenset("this that the which another each any no some every other only first last right correct".split())


def _spelled(found: list[Token], at: int) -> tuple[float, int]:
    """The value of the number words from ``at`` on and where they end; the end is ``at`` where there are none."""
    if found[at].text == "one" and at and found[at - 1].text in _POINTING:
        return 0.0, at
    total = current = 0.0
    i, last = at, ""
    while i < len(found):
        word = found[i].text
        following = found[i + 1].text if i + 1 < len(found) else ""
        if word in _ONES and last in ("", "tens", "scale") and (last != "tens" or 0 < _ONES[word] < 10):
            current, last = current + _ONES[word], "ones"
        elif word in _ONES and last == "ones" and 10 <= current < 20 <= _ONES[word] * 2 < 40:
            current, last = current * 100 + _ONES[word], "year"
        elif word in _TENS and last in ("", "scale"):
            current, last = current + _TENS[word], "tens"
        elif word in _TENS and last in ("ones", "tens") and 10 <= current <= 20:
            current, last = current * 100 + _TENS[word], "tens"
        elif word in _SCALES and last in ("ones", "tens", "scale"):
            total, current, last = (total, current * 100, "scale") if word.startswith("hundred") else (total + current * _SCALES[word], 0.0, "scale")
        elif word in ("hundred", "thousand", "million", "billion") and not last and following != "of":
            current, last = (100.0, "scale") if word == "hundred" else (_SCALES[word], "scale")
        elif word in ("a", "an") and not last and (following in _SCALES or following in _PARTS):
            current, last = 1.0, "ones"
        elif word == "and" and last == "scale" and (following in _ONES or following in _TENS):
            pass
        elif word == "-" and last == "tens" and following in _ONES:
            pass
        elif word == "point" and last and following in _ONES:
            return _spelled_decimals(found, i + 1, total + current)
        else:
            break
        i += 1
    return total + current, i if last else at


def _spelled_decimals(found: list[Token], at: int, whole: float) -> tuple[float, int]:
    digits = ""
    while at < len(found) and found[at].text in _ONES and _ONES[found[at].text] < 10:
        digits += str(_ONES[found[at].text])
        at += 1
    return whole + float(f"0.{digits}"), at


def _scaled(found: list[Token]) -> list[Token]:
    """2.5 million, 10k, two thirds, half, two and a half."""
    joined: list[Token] = []
    for i, token in enumerate(found):
        before = joined[-1] if joined else None
        if before and before.kind == "number" and token.text in _SCALES and not before.in_words:
            joined[-1] = Token("number", f"{before.text} {token.text}", before.value * _SCALES[token.text], before.glued)
        elif before and before.kind == "number" and token.glued and token.text in _SUFFIXES and not _is_unit_next(found, i):
            joined[-1] = Token("number", before.text + token.text, before.value * _SUFFIXES[token.text], before.glued, True)
        elif token.text in _PARTS:
            _add_part(joined, token)
        else:
            joined.append(token)
    return joined


def _is_unit_next(found: list[Token], i: int) -> bool:
    return i + 1 < len(found) and found[i + 1].text == "/"


def _add_part(joined: list[Token], token: Token) -> None:
    """A half after "two and a" adds, a third after "two" multiplies, an ordinal alone is a word."""
    skipped = [joined.pop() for _ in range(1) if joined and joined[-1].text == "-" and len(joined) > 1 and joined[-2].kind == "number"]
    before = joined[-1] if joined else None
    part = 1.0 / _PARTS[token.text]
    if before and before.kind == "number" and before.value == int(before.value):
        joined.pop()
        value = before.value * part
        if before.text in ("one", "a", "an") and len(joined) > 1 and joined[-1].text == "and" and joined[-2].kind == "number":
            joined.pop()
            value = joined.pop().value + part
        joined.append(Token("number", token.text, value, in_words=True))
    elif token.text == "half":
        joined.append(Token("number", token.text, 0.5, in_words=True))
    else:
        joined.extend([*skipped, token])


def _fractions_joined(found: list[Token]) -> list[Token]:
    """3/4, 1 1/2, one in four, three out of four."""
    joined: list[Token] = []
    at = 0
    while at < len(found):
        over, below = _fraction_at(found, at)
        if below is not None and found[below].value:
            value = found[at].value / found[below].value
            if joined and joined[-1].kind == "number" and 0 < value < 1 and over == 1 and joined[-1].value == int(joined[-1].value):
                value += joined.pop().value
            joined.append(Token("number", f"{found[at].text}/{found[below].text}", value))
            at = below + 1
        else:
            joined.append(found[at])
            at += 1
    return joined


def _fraction_at(found: list[Token], at: int) -> tuple[int, int | None]:
    """How many tokens stand between numerator and denominator, and where the denominator is."""
    if found[at].kind != "number":
        return 0, None
    texts = [token.text for token in found[at + 1 : at + 4]]
    between = 1 if texts[:1] in (["/"], ["in"]) else 2 if texts[:2] == ["out", "of"] else 0
    below = at + between + 1
    if not between or below >= len(found) or found[below].kind != "number":
        return 0, None
    if below + 1 < len(found) and found[below + 1].text == "/" or texts[0] == "in" and found[at].value > found[below].value:
        return 0, None
    return between, below


def _powers_joined(found: list[Token]) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(found):
        sign = 1 if at + 2 < len(found) and found[at + 2].text == "-" else 0
        power = at + 2 + sign
        if found[at].kind == "number" and power < len(found) and found[at + 1].text == "^" and found[power].kind == "number":
            joined.append(Token("number", f"{found[at].text}^", _power(found[at].value, (-1) ** sign * found[power].value)))
            at = power + 1
        else:
            joined.append(found[at])
            at += 1
    return joined


def _power(base: float, exponent: float) -> float:
    try:
        value = base**exponent
    except (OverflowError, ZeroDivisionError):
        return float("nan")
    return value if isinstance(value, float) else float("nan")


def _signed(found: list[Token]) -> list[Token]:
    """Minus signs that belong to a number and not between two."""
    joined: list[Token] = []
    for token in found:
        before = joined[-1] if joined else None
        behind = joined[-2] if len(joined) > 1 else None
        minus = before is not None and before.text in ("-", "minus", "negative")
        if token.kind == "number" and before is not None and minus and not _binds_left(before, behind):
            joined[-1] = Token("number", f"-{token.text}", -token.value)
        else:
            joined.append(token)
    return joined


def _binds_left(sign: Token, before: Token | None) -> bool:
    """Whether a minus stands between two numbers or inside a name (F-16), so that it is no sign."""
    return before is not None and (before.kind == "number" or sign.text == "-" and sign.glued and before.kind in ("word", "odd"))
