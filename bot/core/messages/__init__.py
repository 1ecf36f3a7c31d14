"""The platform-neutral message; the modules beside this one hold all the wording of the bot.

A message is plain text: adapters neutralise every piece of it, so nothing in a name, an answer or a question can
ping, format or link. What a platform must render itself (an instant in the reader's zone) is a value of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from string import Formatter


@dataclass(frozen=True, slots=True)
class When:
    """An instant that the platform shows in the reader's own zone; ``relative`` adds how far away it is."""

    at: datetime
    relative: bool = False


Text = tuple[str | When, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, shown aligned; the columns in ``flush`` are numbers and end flush right."""

    rows: tuple[tuple[str, ...], ...]
    flush: frozenset[int] = frozenset()

    def lines(self) -> list[str]:
        """The rows as monospaced lines, without trailing blanks."""
        widths = [max(map(len, column)) for column in zip(*self.rows, strict=True)]
        return [
            "  ".join(
                cell.rjust(width) if i in self.flush else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Button:
    """``action`` says what a press does, and to what: ``answer:12:1``."""

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot says: a ``title`` that stands out, ``body`` a paragraph each, and ``buttons`` in rows.

    Only the caller sees it unless it is ``public``.
    """

    body: tuple[Text | Table, ...]
    title: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    public: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form with one text field of at most ``max_length`` characters; ``action`` says what becomes of it."""

    action: str
    title: str
    label: str
    body: tuple[Text, ...]
    max_length: int


class Refusal(Exception):
    """What somebody asked for cannot be done; ``text`` tells that person why, and what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(plain(text))


def say(template: str, /, **values: str | int | When) -> Text:
    """Fill a sentence; instants stay values, so that each platform can show them its own way."""
    parts: list[str | When] = []
    for literal, name, _, _ in Formatter().parse(template):
        for part in (literal, values[name] if name else ""):
            if isinstance(part, When):
                parts.append(part)
            elif parts and isinstance(parts[-1], str):
                parts[-1] += str(part)
            else:
                parts.append(str(part))
    return tuple(part for part in parts if part)


def plain(text: Text, zone: tzinfo = UTC) -> str:
    """A sentence as plain text, with its instants on the wall clock of ``zone``."""
    return "".join(part if isinstance(part, str) else clock(part.at, zone) for part in text)


def clock(at: datetime, zone: tzinfo) -> str:
    """An instant where no platform shows it in the reader's zone: ``Fri 20 Nov, 16:30``."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 point``, ``20 points``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
