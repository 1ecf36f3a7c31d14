"""Text as people type it, brought to one form: case, Unicode forms, accents, markup, emoji and punctuation."""

from __future__ import annotations

import html
import re
import unicodedata

LIMIT = 1200
"""Characters of a reply that are read. Longer input is cut first of all, so that no input is slow to grade."""

MARKS = frozenset(",;:.!?()/|-\n=")
"""Punctuation that says where one part of a reply ends and the next begins."""

_GREEK = {
    ord(letter): f"{name} "
    for letter, name in zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        (
            *(
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
                "lambda",
                "mu",
                "nu",
            ),
            *("xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "sigma"),
        ),
        strict=True,
    )
}
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("’‘´", "'"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("–—", " - "),
        **dict.fromkeys("−‐‑", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("`·…", " "),
        "×": "x",
        "♯": "#",
        "•": "\n",
        "→": " to ",
    }
)

_LINK = re.compile(r"\[([^\[\]]{0,200})\]\([^()\s]{0,300}\)")
_CHAT_LINK = re.compile(r"<(?:https?:[^<>|\s]{0,300}\||#\w{1,40}\|)([^<>]{0,200})>")
_CHAT_MARK = re.compile(r"<(?:a?:\w{2,40}:\d{1,25}|[@#!]&?\w{1,40}|https?:[^<>\s]{0,300})>")
_SHORTCODE = re.compile(r"(?<![\w:]):[a-z][a-z0-9_+\-]{1,40}:(?![\w:])")
_EMPHASIS = re.compile(r"\*{2,3}|__+|~~|\|\||`+|(?<!\w)[*_]+(?=\w)|(?<=\w\w)[*_]+(?!\w)")
_STRUCK = re.compile(r"~~[^~]{1,200}~~")
_POSSESSIVE = re.compile(r"'s\b")
_LINE_MARK = re.compile(r"^[ \t]*(?:>+|#{1,6}(?=[ \t])|[-*+](?=[ \t])|\d{1,2}[.)](?=[ \t]))[ \t]*", re.MULTILINE)
_DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?")
_TOKEN = re.compile(r"[^\W_]+(?:\+\+|#)(?!\w)|(?<!\w)a\*(?!\w)|(?<!\w)\.net\b|[^\W_]+|[,;:.!?()/|=\n]|(?<!\w)-|-(?!\w)")
_SPACED_SIGNS = re.compile(r"(?<!\w)([cfgj]) (\+\+|#)(?!\w)")


def clean(text: str) -> str:
    """The reply in lower case, in plain letters and without markup; punctuation and lines are kept."""
    text = text[:LIMIT]
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _plain_letters(text)
    text = text.lower()
    text = _without_markup(text)
    if "'" in text:
        text = _POSSESSIVE.sub("", text).replace("'", "")
    return text.replace("&", " and ")[:LIMIT]


def tokens(text: str) -> list[str]:
    """The words and the separating punctuation of a cleaned text, in order."""
    return _TOKEN.findall(text)


def words(text: str) -> list[str]:
    """The words alone of any text."""
    return [token for token in tokens(clean(text)) if token not in MARKS]


def plain(text: str) -> str:
    """The form in which two texts count as the same words: ``plain("The C++!") == "c++"``. Idempotent."""
    found = words(text)
    return " ".join(without_articles(found))


def without_articles(found: list[str]) -> list[str]:
    """The words without articles; a last "a" and one inside a name ("type A error") is a letter."""
    if not found or not any(word in _ARTICLES for word in found):
        return found
    kept: list[str] = []
    for i, word in enumerate(found):
        if word not in _ARTICLES or i == len(found) - 1 or (word == "a" and kept):
            kept.append(word)
    return kept


_ARTICLES = frozenset({"a", "an", "the"})


def _plain_letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS))[:LIMIT].casefold()
    text = "".join(char for char in unicodedata.normalize("NFKD", text)[: 2 * LIMIT] if not unicodedata.combining(char))
    return text.translate(_LETTERS).translate(_GREEK).translate(_SIGNS)[:LIMIT]


def _without_markup(text: str) -> str:
    if "+" in text or "#" in text:
        text = _SPACED_SIGNS.sub(r"\1\2", text)
    if "<" in text:
        text = _CHAT_MARK.sub(" ", _CHAT_LINK.sub(r"\1", text))
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if ":" in text:
        text = _SHORTCODE.sub(" ", text)
    if "~~" in text:
        text = _STRUCK.sub(" ", text)
    text = _LINE_MARK.sub("", text)
    if "*" in text or "_" in text or "~" in text or "|" in text or "`" in text:
        text = _EMPHASIS.sub(" " if "||" not in text else "", text)
    if "." in text:
        text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    return text
