"""The platform-neutral message; the modules beside this one hold all the wording of the bot.

A message is plain text: adapters neutralise every piece of it, so nothing in a name, an answer or a question can
ping, format or link. What a platform must render itself (an instant in the reader's zone) is a value of its own.

Sentences are written in English and said in the language that ``speaking`` sets around a use case. What a channel
sees is English whoever caused it, as the questions are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import Enum, auto
from string import Formatter
from typing import Protocol


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
    """``action`` says what a press does, and to what: ``answer:12:B``; ``asks`` that it opens a form for a text."""

    label: str
    action: str
    asks: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with a private message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot says: a ``title`` that stands out, ``body`` a paragraph each, and ``buttons`` in rows.

    Only the caller sees it unless it is ``public``.
    """

    body: tuple[Text | Table, ...]
    title: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    public: bool = False
    file: File | None = None


class Asks(Enum):
    """What a field of a form asks for; platforms with fitting widgets use them, others take text."""

    TEXT = auto()
    TIME = auto()
    ZONE = auto()
    ONE_OF = auto()
    SOME_OF = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: what is filled in already, and what there is to choose from, as (value, label).

    Several chosen values stand with commas between them.
    """

    name: str
    label: str
    asks: Asks = Asks.TEXT
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True
    max_length: int = 200
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form; ``action`` says what becomes of it. The most important fields come first: Discord shows five."""

    action: str
    title: str
    body: tuple[Text, ...]
    fields: tuple[Field, ...]


class Refusal(Exception):
    """What somebody asked for cannot be done; ``text`` tells that person why, and what to do."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(plain(text))


class Language(Protocol):
    """A catalogue of translations, as ``gettext`` has them."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


_language: ContextVar[Language | None] = ContextVar("language", default=None)


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Say everything inside in a language; None is English. Decorates functions, too."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str) -> str:
    """A text in the language that is spoken."""
    language = _language.get()
    return language.gettext(text) if language and text else text


def counted(one: str, many: str, number: int) -> str:
    """``1 point``, ``20 points``: the form that the number asks for, with ``{number}`` filled in."""
    language = _language.get()
    form = language.ngettext(one, many, number) if language else one if number == 1 else many
    return form.format(number=number)


def say(template: str, /, **values: str | int | When) -> Text:
    """Fill a sentence; instants stay values, so that each platform can show them its own way."""
    parts: list[str | When] = []
    for literal, name, _spec, _conversion in Formatter().parse(_(template)):
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
    """An instant where no platform shows it in the reader's zone: ``2026-11-20 16:30``."""
    local = at.astimezone(zone)
    return local.isoformat(" ", "minutes")[: len("2026-11-20 16:30")]  # without its offset; strftime takes far longer
