"""Text that means nothing to Slack but its letters, at the length that Slack takes."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

ELLIPSIS = "…"

JOINERS = "\u200c\u200d"
"""They look like nothing, but shape the letters of several scripts and hold emoji together."""


def clean(text: str) -> str:
    """Without what hides or reorders letters: controls, zero-width characters, overrides of the direction."""
    return "\n".join(line if line.isprintable() else "".join(map(_seen, line)) for line in text.split("\n"))


def _seen(char: str) -> str:
    if char in JOINERS:
        return char
    match unicodedata.category(char):
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf" | "Cs":
            return ""
    return char


def in_one_line(text: str) -> str:
    """Clean, and without line breaks."""
    return clean(text).replace("\n", " ").strip()


def mrkdwn(text: str) -> str:
    """Text as Slack's markup shows it letter for letter.

    The signs of formatting have no escape, so those that would format are replaced by others that look like them;
    between two letters or digits they format nothing. ``&``, ``<`` and ``>`` are escaped, which takes mentions and
    links away (https://docs.slack.dev/messaging/formatting-message-text#escaping).
    """
    if not _SIGNS.search(text):
        return text
    return escaped(_FORMATS.sub(lambda sign: sign[0].translate(_LOOKALIKES), text))


_SIGNS = re.compile(r"[*_~`&<>]|:[\w+'-]+:")
"""Most texts have none of them, which is told much faster than whether one would format."""

_FORMATS = re.compile(
    r"(?<![^\W_])[*_~]|[*_~](?![^\W_])"  # *bold*, _italic_, ~struck~
    r"|`"
    r"|:(?=[\w+'-]+:)"  # :emoji:
    r"|^ *>",  # a quotation
    re.MULTILINE,
)
_LOOKALIKES = str.maketrans("*_~`:>", "∗ˍ∼ˋ∶›")


def code(text: str) -> str:
    """Text as Slack shows it inside a block of code, where only the end of the block has to be kept away."""
    return escaped(text.replace("`", "ˋ"))


def escaped(text: str) -> str:
    """The three characters that Slack reads as markup, as it wants them escaped."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shortened(text: str, limit: int, render: Callable[[str], str] = str) -> str:
    """The rendered text, cut so that it has at most ``limit`` characters with the ellipsis; no escape is cut."""
    whole = render(text)
    if len(whole) <= limit:
        return whole
    kept = bisect_right(range(len(text)), limit - len(ELLIPSIS), key=lambda length: len(render(text[:length]))) - 1
    return render(text[:kept]) + ELLIPSIS if kept >= 0 else ""


def chunks(lines: Iterable[str], limit: int) -> Iterator[str]:
    """Lines, none longer than ``limit``, joined to as few texts of at most that length as their order allows."""
    text: str | None = None
    for line in lines:
        if text is None:
            text = line
        elif len(text) + 1 + len(line) <= limit:
            text += "\n" + line
        else:
            yield text
            text = line
    if text is not None:
        yield text


def typed_words(text: str) -> str:
    """What somebody typed behind a slash command, where Slack has marked up channels, links and signs; people stay as
    Slack names them (https://docs.slack.dev/interactivity/implementing-slash-commands#escaping)."""
    shown = re.sub(r"<(?:#\w+|(?:https?|mailto):[^|>]*)\|([^>]*)>", r"\1", text)
    shown = re.sub(r"<((?:https?|mailto):[^|>]*)>", r"\1", shown)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
