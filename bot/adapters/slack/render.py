"""The bot's messages as Block Kit (https://docs.slack.dev/reference/block-kit), within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC
from typing import Any

from bot.adapters.slack.text import ELLIPSIS, chunks, clean, code, in_one_line, mrkdwn, shortened
from bot.core.messages import Button, Message, Table, Text, When, _, clock, speaking

Json = dict[str, Any]

BLOCKS = 50
HEADER = 150
SECTION = 3000
LABEL = 75
FALLBACK = 4000
"""The longest text that ``chat.update`` takes; ``chat.postMessage`` takes more, but advises this."""

FENCE = "```"


def content(message: Message) -> Json:
    """What a message says: its blocks, and the same as plain text for notifications and screen readers."""
    with speaking(None) if message.public else nullcontext():  # a channel reads English whoever caused a message
        return {"text": fallback(message), "blocks": blocks(message)}


def blocks(message: Message) -> list[Json]:
    """The title, the body, and the buttons, row by row."""
    rows = [_row(buttons) for buttons in message.buttons if buttons]
    shown = [*_title(message.title), *body_blocks(message.body)]
    return shown[: BLOCKS - len(rows)] + rows


def fallback(message: Message) -> str:
    """A message without its buttons as text alone; instants are in UTC, since nobody knows where it is read."""
    lines = [message.title] if message.title else []
    for part in message.body:
        lines += _tidy(part).lines() if isinstance(part, Table) else [_plain(part)]
    return shortened(clean("\n".join(lines)).strip(), FALLBACK, mrkdwn) or ELLIPSIS


def _title(title: str) -> Iterator[Json]:
    """A header, or bold text where the title is longer than a header may be."""
    title = in_one_line(title)
    if title and len(title) <= HEADER:
        yield {"type": "header", "text": plain_text(title, HEADER)}
    elif title:
        yield _markup(f"*{shortened(title, SECTION - 2, mrkdwn)}*")


def body_blocks(body: Iterable[Text | Table]) -> Iterator[Json]:
    """Lines without instants stand together as plain text; only an instant or a table needs markup."""
    lines: list[Text] = []
    for part in body:
        if isinstance(part, Table):
            yield from _together(lines)
            yield from _monospaced(part)
        elif any(isinstance(piece, When) for piece in part):
            yield from _together(lines)
            yield _markup(_with_instants(part))
        else:
            lines.append(part)
            continue
        lines = []
    yield from _together(lines)


def _together(lines: Iterable[Text]) -> Iterator[Json]:
    texts = chunks((shortened(clean(_plain(line)), SECTION) for line in lines), SECTION)
    return ({"type": "section", "text": plain_text(text, SECTION)} for text in texts)


def _plain(text: Text) -> str:
    return "".join(piece if isinstance(piece, str) else f"{clock(piece.at, UTC)} UTC" for piece in text)


def _with_instants(text: Text) -> str:
    """A line of markup that keeps its instants, whatever else has to be cut."""
    instants = {piece: _instant(piece) for piece in text if isinstance(piece, When)}
    room = SECTION - sum(len(instants[piece]) for piece in text if isinstance(piece, When))
    line = ""
    for piece in text:
        if isinstance(piece, When):
            line += instants[piece]
        else:
            shown = shortened(clean(piece), room, mrkdwn)
            line, room = line + shown, room - len(shown)
    return line


def _instant(when: When) -> str:
    """An instant on the reader's own clock; Slack says today and tomorrow, but not how far away it is
    (https://docs.slack.dev/messaging/formatting-message-text#date-formatting)."""
    stamp = int(when.at.timestamp())
    shown = _("{date} at {time}").format(date="{date_short_pretty}", time="{time}")
    return f"<!date^{stamp}^{shown}|{clock(when.at, UTC)} UTC>"


def _monospaced(table: Table) -> Iterator[Json]:
    room = SECTION - 2 * len(FENCE) - 2
    lines = (shortened(line, room, code) for line in _tidy(table).lines())
    return (_markup(f"{FENCE}\n{text}\n{FENCE}") for text in chunks(lines, room))


def _tidy(table: Table) -> Table:
    """The table with clean cells, so that its columns stay aligned."""
    return replace(table, rows=tuple(tuple(map(in_one_line, row)) for row in table.rows))


def _row(buttons: Iterable[Button]) -> Json:
    return {"type": "actions", "elements": [_button(button) for button in buttons]}


def _button(button: Button) -> Json:
    return {"type": "button", "text": plain_text(button.label, LABEL), "action_id": button.action}


def plain_text(text: str, limit: int) -> Json:
    """Text in which Slack reads no markup and no emoji; it refuses an empty one."""
    return {"type": "plain_text", "text": shortened(clean(text).strip(), limit) or ELLIPSIS, "emoji": False}


def _markup(text: str) -> Json:
    """A section of markup in which Slack does not look for links and names by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
