r"""Plain text for Discord, where nothing in it can ping, format or link.

Discord reads markdown in a message's content (https://support.discord.com/hc/en-us/articles/210298617) and its own
`<...>` forms (https://discord.com/developers/docs/reference#message-formatting); a backslash before a sign makes it
an ordinary one. Only a sign that would mean something gets one: all else stays as it is, letter for letter.
"""

from __future__ import annotations

import re
from functools import lru_cache

ELLIPSIS = "…"

_MARKUP = re.compile(
    r"""
    \\(?![0-9A-Za-z\s])                                    # a backslash that would swallow itself
    | `                                                    # code
    | \*(?!\s) | (?<!\s)\*                                 # bold and italic: not with blanks on both sides
    | (?<![0-9A-Za-z])_ | _(?![0-9A-Za-z])                 # italic and underlined: not within a word
    | ~(?=~) | (?<=~)~                                     # struck out
    | \|(?=\|) | (?<=\|)\|                                 # hidden
    | (?<=\])\(                                            # [a link](behind words)
    | <[@\#/:] | <(?=[^\s:@]{1,64}[:@] | \+)               # mentions, commands, emoji, times, <links>
    | (?<=\w):(?=//)                                       # addresses
    | (?i:discord\.gg|discord(?:app)?\.com/invite)/        # invitations, which need no https://
    | :(?=[A-Za-z]\w*:)                                    # emoji by name
    | (?m:^)[ \t]*(?:\d+\.|\#{1,3}|-\#|[-*+]|>{1,3})(?=\s) # lists, headings, small print, quotes
    """,
    re.VERBOSE,
)
"""What Discord would read as markup; a backslash before the last sign of a match makes it plain."""

_GROUP_PING = re.compile(r"@(?=everyone|here)")
"""Read in the bare content, behind a backslash too; a space without width takes the word apart."""

_LOOSE_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
"""Joiners belong to some scripts and to composed emoji; anywhere else they only hide."""


@lru_cache(maxsize=1000)
def neutral(text: str) -> str:
    """A text as content that shows exactly this text; in a rush many get the same one."""
    escaped = _MARKUP.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", text)
    return _GROUP_PING.sub("@\u200b", escaped)


def visible(text: str) -> str:
    """Without control characters, and without those that cannot be seen or that turn the direction of writing."""
    if text.isprintable():
        return text
    text = _LOOSE_JOINER.sub("", text.replace("\r\n", "\n"))
    return "".join(c if c.isprintable() or c in "\n\u200c\u200d" else " " if c.isspace() else "" for c in text)


def one_line(text: str) -> str:
    """The visible text on a single line."""
    return visible(text).replace("\n", " ")


def size(text: str) -> int:
    """The length as the strictest reading of Discord's limits has it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def clip(text: str, limit: int) -> str:
    """At most ``limit`` of a text, with an ellipsis where some of it is left out."""
    if size(text) <= limit:
        return text
    kept = text.encode("utf-16-le")[: 2 * (limit - len(ELLIPSIS))]
    return kept.decode("utf-16-le", "ignore").rstrip() + ELLIPSIS


def clip_start(text: str, limit: int) -> str:
    """At most ``limit`` of a text's end, with an ellipsis where some of its beginning is left out."""
    return clip(text[::-1], limit)[::-1]
