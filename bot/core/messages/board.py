"""What the leaderboard says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Button, Message, Table, Text, counted, say
from bot.core.model import Period, Standing

NAMES = {
    Period.TODAY: "Today",
    Period.WEEK: "This week",
    Period.MONTH: "This month",
    Period.SEASON: "This season",
    Period.ALL: "All time",
}


def board(
    period: Period, title: str, lines: Sequence[Standing], own: Standing | None, page: int, pages: int
) -> Message:
    """The standings of a period; the caller's ``own`` line is added where the page does not hold it."""
    shown = [*lines, own] if own and all(line.member_id != own.member_id for line in lines) else lines
    body: list[Text | Table] = []
    if shown:
        body.append(Table(tuple(_row(line, own) for line in shown), flush=frozenset({0, 2})))
    else:
        body.append(say("Nobody has answered in this period yet. /quiz ask posts a question."))
    if pages > 1:
        body.append(say("Page {page} of {pages}.", page=page, pages=pages))
    return Message(tuple(body), title=title, buttons=_buttons(period, page, pages))


def _row(line: Standing, own: Standing | None) -> tuple[str, ...]:
    you = " (you)" if own and line.member_id == own.member_id else ""
    points = counted(line.points, "point")
    right = f"{line.right} of {line.answered} right"
    return (str(line.rank), line.name + you, points, right, f"streak {line.streak}" if line.streak else "")


def _buttons(period: Period, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    periods = tuple(Button(name, f"board:{key}:1") for key, name in NAMES.items() if key is not period)
    turns = []
    if page > 1:
        turns.append(Button("Previous", f"board:{period}:{page - 1}"))
    if page < pages:
        turns.append(Button("Next", f"board:{period}:{page + 1}"))
    return (periods, tuple(turns)) if turns else (periods,)
