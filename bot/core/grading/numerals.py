"""Reading numbers in text: digits, separators, signs, fractions, powers, scales and number words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.core.grading.numberwords import SCALES, spelled

LIMIT = 400
"""Characters of a reply that are read."""

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = re.compile(r"(?<=[\d)])\s*([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("−–—‑‐﹣", "-"),
        **dict.fromkeys("×·⋅", "*"),
        **dict.fromkeys("⁄∕÷", "/"),
        **dict.fromkeys("’‘", "'"),
        **dict.fromkeys("\u202f\u00a0\u2009", " "),
        **dict.fromkeys("µμ", "u"),
        **dict.fromkeys("→⇒", "="),
        "≈": "~",
        "≤": "<",
        "≥": ">",
        "∞": " infinity ",
        "Ω": " ohm ",
        "°": " degree ",
        "℃": " celsius ",
        "℉": " fahrenheit ",
    }
)
_TIMES_POWER_OF_TEN = re.compile(r"(\d)\s*[*x]\s*10\s*(?:\^|\*\*)\s*\(?([+-]?\d{1,3})\)?")
_POWER_OF_TEN = re.compile(r"(?<![\d.,\w])10\s*(?:\^|\*\*)\s*\(?([+-]?\d{1,3})\)?(?![\d.])")
_STARRED_POWER = re.compile(r"(?<=\d)\*\*(?=-?\d)")
_EMPHASIS = re.compile(r"(?<!\d)\s?\*+|\*+\s?(?!\d)|(?<!\w)_+(?=\d)|(?<=\d)_+(?!\d)|`+|~~|\|\|")
_PARTS = {
    "half": 2.0,
    "halves": 2.0,
    "third": 3.0,
    "quarter": 4.0,
    "fourth": 4.0,
    "fifth": 5.0,
    "sixth": 6.0,
    "seventh": 7.0,
    "eighth": 8.0,
    "ninth": 9.0,
    "tenth": 10.0,
    "hundredth": 1e2,
    "thousandth": 1e3,
    "millionth": 1e6,
}
_PARTS |= {f"{word}s": value for word, value in _PARTS.items()}
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "bn": 1e9, "b": 1e9}
_LONE_SCALES = SCALES | {"mn": 1e6, "mio": 1e6, "bn": 1e9}

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.])(?:\d{1,3}(?: \d{3})+(?![\d.,]*\d)|\d{1,40}(?:[.,'_:]\d{1,40})*|\.\d{1,40})"
    r"(?:e[+-]?\d{1,3}(?![\w.]))?)"
    r"|(?P<word>[^\W\d_]+(?:/[^\W\d_]+\^?\d?)?)"
    r"|(?P<odd>\w+)"
    r"|(?P<sign>[-+*/^%=<>~$€£¥,;:.!?()])"
)


@dataclass(frozen=True)
class Token:
    """A number, a word or a sign of a reply; ``glued`` to what stands before it without a space."""

    kind: str
    text: str
    value: float = 0.0
    glued: bool = False


def read(text: str) -> list[Token]:
    """The numbers, words and signs of a text, with every number put together: 1 1/2, 2e3, sixty-four, 2^10."""
    found = _scanned(_prepared(text))
    for join in (_words_joined, _fractions_joined, _scales_joined, _powers_joined, _signs_joined):
        found = join(found)
    return found


def _prepared(text: str) -> str:
    text = text[:LIMIT]
    if not text.isascii():
        text = _RAISED.sub(lambda found: "^" + found[1].translate(_SUPERSCRIPTS), text)
        text = "".join(_fraction_spaced(char) for char in text).translate(_SIGNS)
        text = unicodedata.normalize("NFKC", text).translate(_SIGNS)[: 2 * LIMIT]
    text = text.lower().replace("per cent", "percent").replace("divided by", "/")
    text = _TIMES_POWER_OF_TEN.sub(r"\1e\2", text)
    text = _POWER_OF_TEN.sub(r"1e\1", text)
    return _EMPHASIS.sub(" ", _STARRED_POWER.sub("^", text))


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
    point = _decimal_point(mantissa)
    whole, _, fraction = mantissa.rpartition(point) if point else (mantissa, "", "")
    groups = whole.replace("'", ",").replace(".", ",").split(",")
    if len(groups) > 1 and (not 0 < len(groups[0]) < 4 or any(len(group) != 3 for group in groups[1:])):
        return None
    try:
        return float(f"{''.join(groups) or '0'}.{fraction or '0'}e{exponent or '0'}")
    except (ValueError, OverflowError):
        return None


def _decimal_point(mantissa: str) -> str:
    """The mark before the decimals, or nothing: the last of two kinds, a lone point, a comma not before 3 digits."""
    marks = [char for char in mantissa if char in ".,'"]
    if not marks or marks[-1] == "'" or marks.count(marks[-1]) > 1:
        return ""
    if marks == [","]:
        whole, _, fraction = mantissa.partition(",")
        return "" if len(fraction) == 3 and 0 < len(whole) < 4 and whole != "0" else ","
    return marks[-1]


def _words_joined(found: list[Token]) -> list[Token]:
    words = [token.text for token in found]
    parts = frozenset(_PARTS)
    joined: list[Token] = []
    at = 0
    while at < len(found):
        value, end = spelled(words, at, parts)
        joined.append(Token("number", " ".join(words[at:end]), value) if end > at else found[at])
        at = max(end, at + 1)
    return joined


def _fractions_joined(found: list[Token]) -> list[Token]:
    """3/4, 1 1/2, one in four, three out of four."""
    joined: list[Token] = []
    at = 0
    while at < len(found):
        below = _denominator(found, at)
        if below:
            value = found[at].value / found[below].value
            before = joined[-1] if joined else None
            if before and before.kind == "number" and below == at + 2 and 0 < value < 1 and before.value.is_integer():
                value += joined.pop().value
            joined.append(Token("number", f"{found[at].text}/{found[below].text}", value))
        else:
            joined.append(found[at])
        at = below + 1 if below else at + 1
    return joined


def _denominator(found: list[Token], at: int) -> int:
    """Where the denominator of a fraction that begins at ``at`` stands, or 0."""
    texts = [token.text for token in found[at + 1 : at + 4]]
    between = 1 if texts[:1] in (["/"], ["in"]) else 2 if texts[:2] == ["out", "of"] else 0
    below = at + between + 1
    if not between or below >= len(found) or found[at].kind != "number" or found[below].kind != "number":
        return 0
    chained = below + 1 < len(found) and found[below + 1].text == "/"
    no_share = texts[0] == "in" and found[at].value > found[below].value
    return 0 if chained or no_share or not found[below].value else below


def _scales_joined(found: list[Token]) -> list[Token]:
    """2.5 million, 10k, two thirds, half, two and a half."""
    joined: list[Token] = []
    for i, token in enumerate(found):
        before = joined[-1] if joined else None
        number = before is not None and before.kind == "number"
        followed_by_slash = i + 1 < len(found) and found[i + 1].text == "/"
        if before and number and token.text in _LONE_SCALES:
            joined[-1] = replace(
                before, text=f"{before.text} {token.text}", value=before.value * _LONE_SCALES[token.text]
            )
        elif before and number and token.glued and token.text in _SHORT_SCALES and not followed_by_slash:
            joined[-1] = replace(before, text=before.text + token.text, value=before.value * _SHORT_SCALES[token.text])
        elif token.text in _PARTS:
            _add_part(joined, token)
        else:
            joined.append(token)
    return joined


def _add_part(joined: list[Token], token: Token) -> None:
    """A half after "two and a" adds, a third after "two" multiplies, an ordinal alone is a word."""
    if len(joined) > 1 and joined[-1].text == "-" and joined[-2].kind == "number":
        joined.pop()
    before = joined[-1] if joined else None
    part = 1.0 / _PARTS[token.text]
    if before is not None and before.kind == "number" and before.value.is_integer():
        value = joined.pop().value * part
        adds = before.text in ("one", "a", "an") and len(joined) > 1 and joined[-1].text == "and"
        if adds and joined[-2].kind == "number":
            value = part + joined[-2].value
            del joined[-2:]
        joined.append(Token("number", token.text, value))
    elif token.text == "half":
        joined.append(Token("number", token.text, 0.5))
    else:
        joined.append(token)


def _powers_joined(found: list[Token]) -> list[Token]:
    joined: list[Token] = []
    at = 0
    while at < len(found):
        minus = at + 2 < len(found) and found[at + 2].text == "-"
        power = at + 2 + minus
        raised = power < len(found) and found[at].kind == found[power].kind == "number" and found[at + 1].text == "^"
        if raised:
            value = _power(found[at].value, -found[power].value if minus else found[power].value)
            joined.append(Token("number", f"{found[at].text}^", value))
        else:
            joined.append(found[at])
        at = power + 1 if raised else at + 1
    return joined


def _power(base: float, exponent: float) -> float:
    try:
        value = base**exponent
    except (OverflowError, ZeroDivisionError):
        return float("nan")
    return value if isinstance(value, float) else float("nan")


def _signs_joined(found: list[Token]) -> list[Token]:
    """Minus signs with their numbers; a number after a hyphen in a name (F-16) is none."""
    joined: list[Token] = []
    for token in found:
        before = joined[-1] if joined else None
        if token.kind != "number" or before is None or before.text not in ("-", "minus", "negative"):
            joined.append(token)
        elif len(joined) > 1 and before.glued and token.glued and joined[-2].kind in ("word", "odd"):
            joined.append(replace(token, kind="odd"))
        elif len(joined) > 1 and joined[-2].kind == "number":
            joined.append(token)
        else:
            joined[-1] = Token("number", f"-{token.text}", -token.value)
    return joined
