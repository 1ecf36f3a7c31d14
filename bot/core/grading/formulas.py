"""Formulas as terms: there the signs matter that other terms do without."""

from __future__ import annotations

import re

from bot.core.grading.normalise import LIMIT
from bot.core.grading.wordclasses import SMALL_TALK

_FORMULA = re.compile(
    r"[<>^=≤≥√∑∫²³]|(?<![+#])[+*×·]\s*[\w(]|\d\s*/\s*\w|\w\s*/\s*\d|[\w)]\s+[-−/]\s+[\w(]|^\s*[-−]\s*\w"
    r"|\b\w{1,3}\(|^\d+[xyznt]$"
)
_SAME = str.maketrans(
    {
        **dict.fromkeys("×·", "*"),
        **dict.fromkeys("−–", "-"),
        **dict.fromkeys("[{", "("),
        **dict.fromkeys("]}", ")"),
        **dict.fromkeys("$`", ""),
        "²": "^2",
        "³": "^3",
    }
)
_DECORATION = re.compile(r"\*\*(?=\D)|(?<=\D)\*\*|[\s_]+")


def is_formula(answer: str) -> bool:
    """Whether an answer is written with operators: ``2x + 1``, ``O(n^2)``, ``x > 0``."""
    return _FORMULA.search(answer) is not None


def same_formula(said: str, meant: str) -> bool:
    """Whether two formulas are written with the same signs; small talk before it and "y =" do not count."""
    wanted = _squeezed(meant)
    words = said[:LIMIT].split()
    while words and words[0].lower().strip(",.:;'’s") in SMALL_TALK:
        del words[0]
    given = _squeezed(" ".join(words))
    return given == wanted or ("=" not in wanted and given.rpartition("=")[2] == wanted)


def _squeezed(text: str) -> str:
    text = text.lower().translate(_SAME).replace("<=", "≤").replace(">=", "≥")
    text = text.replace("**", "^") if re.search(r"\w\*\*\d", text) else text
    return _DECORATION.sub("", text).rstrip(".!?")
