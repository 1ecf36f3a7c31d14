"""From messages and forms to what Discord shows: content with buttons, and modals."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.adapters.discord.text import clip, neutral, one_line, size, visible
from bot.core.messages import Asks, Field, Form, Message, Table, Text, When

# https://discord.com/developers/docs/resources/message#create-message and .../components/reference
CONTENT, BUTTON_LABEL, FORM_TITLE, FORM_TEXT, FIELD_LABEL, FIELD_HINT, FIELD_TEXT = 2000, 80, 45, 4000, 45, 100, 4000
PARTS, OPTIONS, OPTION = 5, 25, 100

LINE = 300
"""A field for more characters than that has several lines."""

TITLE, CELL = 200, 80
"""Where titles and the cells of tables end."""

SOON = timedelta(hours=20)
"""A time within so many hours needs no date."""

_INSTANT = "\ufdd0"
"""Stands for an instant while its paragraph is made plain; no text that is visible has it."""


# --- content -----------------------------------------------------------------------------------------------------


class _Paragraph:
    """A part of the content: ``plain`` can be shortened, ``shown`` is what becomes of it on Discord."""

    def __init__(self, plain: str, dress: Callable[[str], str]) -> None:
        self._dress = dress
        self._show(clip(plain, CONTENT))

    def _show(self, plain: str) -> None:
        self.plain = plain
        self.shown = self._dress(plain) if plain else ""

    def shorten(self, excess: int) -> None:
        """Lose some of the excess, not all at once: there may be other paragraphs that are as long."""
        length = size(self.plain)
        self._show(clip(self.plain, length - max(1, min(excess, length // 8))) if length > 1 else "")


def content(message: Message, now: datetime) -> str:
    """Title and body in a single message."""
    return _fitted(_paragraphs(message, now), CONTENT)


def contents(message: Message, now: datetime) -> list[str]:
    """Title and body in as many messages as they take."""
    pages: list[list[_Paragraph]] = [[]]
    for paragraph in _paragraphs(message, now):
        if _joined(pages[-1]) and size(_joined([*pages[-1], paragraph])) > CONTENT:
            pages.append([])
        pages[-1].append(paragraph)
    return [_fitted(page, CONTENT) for page in pages]


def _paragraphs(message: Message, now: datetime) -> list[_Paragraph]:
    return [_title(message.title), *(_paragraph(part, now) for part in message.body)]


def _fitted(paragraphs: Sequence[_Paragraph], limit: int) -> str:
    """The paragraphs; where they are too long the longest ones end earlier."""
    while (excess := size(shown := _joined(paragraphs)) - limit) > 0:
        max(paragraphs, key=lambda paragraph: size(paragraph.plain)).shorten(excess)
    return shown


def _joined(paragraphs: Sequence[_Paragraph]) -> str:
    return "\n".join(paragraph.shown for paragraph in paragraphs if paragraph.shown)


def files(message: Message) -> list[discord.File]:
    """A message's file, to be sent once."""
    return [discord.File(io.BytesIO(message.file.content), message.file.name)] if message.file else []


def _title(title: str) -> _Paragraph:
    return _Paragraph(clip(one_line(title), TITLE), lambda plain: f"**{neutral(plain)}**")


def _paragraph(part: Text | Table, now: datetime) -> _Paragraph:
    if isinstance(part, Table):
        rows = tuple(tuple(clip(one_line(cell), CELL) for cell in row) for row in part.rows)
        return _Paragraph("\n".join(Table(rows, part.flush).lines()), _fixed_width)
    times = [timestamp(piece, now) for piece in part if isinstance(piece, When)]
    plain = "".join(_INSTANT if isinstance(piece, When) else visible(piece) for piece in part)
    return _Paragraph(plain, lambda plain: _with_times(neutral(plain), times))


def _fixed_width(lines: str) -> str:
    """A code block, in which nothing is markup but the signs that end it."""
    return "```\n" + lines.replace("`", "'") + "\n```"


def _with_times(text: str, times: list[str]) -> str:
    following = iter(times)
    return re.sub(_INSTANT, lambda _: next(following), text)


def timestamp(when: When, now: datetime) -> str:
    """An instant as Discord shows it in the reader's zone and language."""
    seconds = int(when.at.timestamp())
    shown = f"<t:{seconds}:{'t' if abs(when.at - now) < SOON else 'f'}>"
    return f"{shown} (<t:{seconds}:R>)" if when.relative else shown


# --- buttons -----------------------------------------------------------------------------------------------------


MARKED = "#"
"""Parts a button's action, in its id, from the mark of the message it is in; no action has the sign."""


def buttons(message: Message, mark: str = "") -> discord.ui.View | None:
    """A message's rows of buttons, if it has any.

    The id of each says what a press does, so that it works in whichever process hears of the press, and carries the
    message's mark, by which the bot recognises its own message in a channel.
    """
    if not message.buttons:
        return None
    view = discord.ui.View(timeout=None)
    for number, row in enumerate(message.buttons):
        for button in row:
            custom_id = f"{button.action}{MARKED}{mark}" if mark else button.action
            view.add_item(discord.ui.Button[Any](label=_label(button.label), custom_id=custom_id, row=number))
    view.stop()  # the presses come by the ids alone; otherwise the library keeps private views for a quarter of an hour
    return view


def attached(view: discord.ui.View | None, files: Sequence[discord.File] = ()) -> dict[str, Any]:
    """What goes with a text; the library does not take nothing for an answer."""
    return ({"view": view} if view else {}) | ({"files": files} if files else {})


def _label(text: str) -> str:
    return clip(one_line(text), BUTTON_LABEL)


def action_of(custom_id: str) -> str:
    """What a press of the button with this id does."""
    return custom_id.partition(MARKED)[0]


def has_mark(message: discord.Message, mark: str) -> bool:
    """Whether a message was posted with this mark."""
    ids = (getattr(child, "custom_id", None) for row in message.components for child in getattr(row, "children", ()))
    return any(custom_id and custom_id.endswith(f"{MARKED}{mark}") for custom_id in ids)


# --- forms -------------------------------------------------------------------------------------------------------


def modal(form: Form, now: datetime) -> discord.ui.Modal:
    """A form; Discord shows five parts at most, its text being one of them."""
    shown = discord.ui.Modal(title=clip(one_line(form.title), FORM_TITLE), custom_id=form.action)
    text = _fitted([_paragraph(part, now) for part in form.body], FORM_TEXT)
    if text:
        shown.add_item(discord.ui.TextDisplay[Any](text))
    for field in form.fields[: PARTS - len(shown.children)]:
        label = clip(one_line(field.label), FIELD_LABEL)
        shown.add_item(discord.ui.Label[Any](text=label, component=_input(field)))
    shown.stop()  # what is sent is read from the event, as the form may have been opened before a restart
    return shown


def _input(field: Field) -> discord.ui.Item[Any]:
    if field.asks in (Asks.ONE_OF, Asks.SOME_OF) and 0 < len(field.options) <= OPTIONS:
        return _select(field)
    return discord.ui.TextInput[Any](
        custom_id=field.name,
        style=discord.TextStyle.paragraph if field.max_length > LINE else discord.TextStyle.short,
        placeholder=clip(field.hint, FIELD_HINT) or None,
        default=field.value or None,
        required=field.required,
        max_length=min(field.max_length, FIELD_TEXT),
    )


def _select(field: Field) -> discord.ui.Select[Any]:
    chosen = {value.strip() for value in field.value.split(",")}
    return discord.ui.Select(
        custom_id=field.name,
        required=field.required,
        min_values=int(field.required),
        max_values=len(field.options) if field.asks is Asks.SOME_OF else 1,
        options=[
            discord.SelectOption(label=clip(one_line(label), OPTION), value=value, default=value in chosen)
            for value, label in field.options
        ],
    )
