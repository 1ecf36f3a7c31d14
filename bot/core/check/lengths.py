"""Errors of length: what Discord and Slack cannot both show.

Discord has the tighter limits: 2,000 characters in a message (counted in UTF-16 units), of which the bot's own lines
and the signs that keep a text from being read as markup take some.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.check.rules import Finding
from bot.core.format import Path
from bot.core.messages import plain
from bot.core.messages.round import asked, explained
from bot.core.model import Question

MESSAGE = 2000
POSTED = 1700
"""Prompt and options together; heading, closing time and number of answers take the rest of a message."""

EXPLAINED = 1500
"""Explanation, note and source together; the answer, the counts and the names take the rest of a message."""

OPTION = 180
"""The reveal's title names the right option."""

MOST = {"prompt": 1500, "explanation": 1200, "note": 1200, "answer": 600, "concept": 100}
WHY, IDEA, WORDING = 300, 200, 200


def posted(question: Question) -> Iterator[Finding]:
    """The question must fit one message."""
    length = sum(_size(plain(line)) + 1 for line in asked(question))
    if length > POSTED:
        what = "prompt and options together have" if question.choices else "the prompt has"
        yield ("prompt",), _too_long(what, length, POSTED)


def revealed(question: Question) -> Iterator[Finding]:
    """The explanation must fit one message with all that stands beside it."""
    length = sum(_size(plain(line)) + 1 for line in explained(question))
    if length > EXPLAINED:
        yield ("explanation",), _too_long("explanation, note and source together have", length, EXPLAINED)


def parts(question: Question) -> Iterator[Finding]:
    """Each text has a length beyond which nobody reads it in a chat."""
    for path, text, most in _parts(question):
        if _size(text) > most:
            name = next(part for part in reversed(path) if isinstance(part, str))
            yield path, _too_long(f"{name} has", _size(text), most)


def _parts(question: Question) -> Iterator[tuple[Path, str, int]]:
    for name, most in MOST.items():
        yield (name,), getattr(question, name), most
    for i, choice in enumerate(question.choices):
        yield ("choices", i, "text"), choice.text, OPTION
        yield ("choices", i, "why"), choice.why, WHY
    for name, wordings in (("accept", question.accept), ("reject", question.reject)):
        for i, text in enumerate(wordings):
            yield (name, i), text, WORDING
    for i, idea in enumerate(question.ideas):
        yield ("points", i, "idea"), idea.idea, IDEA
        for j, text in enumerate(idea.accept):
            yield ("points", i, "accept", j), text, WORDING


def _too_long(what: str, length: int, most: int) -> str:
    return f"{what} {length:,} characters, at most {most:,} can be shown: shorten it"


def _size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
