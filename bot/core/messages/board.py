"""What the leaderboard says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bot.core.messages import Button, Message, Table, Text, _, counted, say
from bot.core.model import Period, Standing

NAMES = {
    Period.TODAY: "Today",
    Period.WEEK: "This week",
    Period.MONTH: "This month",
    Period.SEASON: "This season",
    Period.ALL: "All time",
}


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def title(period: Period, team: str, day: date) -> str:
    """``This week · Monday 16 to Sunday 22 November · ml-team``."""
    month, weekday = _(MONTHS[day.month - 1]), _(DAYS[day.weekday()])
    spans = {
        Period.TODAY: _("{weekday} {day} {month}").format(weekday=weekday, day=day.day, month=month),
        Period.WEEK: _week(day),
        Period.MONTH: _("{month} {year}").format(month=month, year=day.year),
        Period.SEASON: _("quarter {number} of {year}").format(number=(day.month + 2) // 3, year=day.year),
    }
    return " · ".join(part for part in (_(NAMES[period]), spans.get(period), team) if part)


def _week(day: date) -> str:
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    month = _(MONTHS[sunday.month - 1])
    if monday.month == sunday.month:
        return _("Monday {first} to Sunday {last} {month}").format(first=monday.day, last=sunday.day, month=month)
    return _("Monday {first} {earlier} to Sunday {last} {month}").format(
        first=monday.day, earlier=_(MONTHS[monday.month - 1]), last=sunday.day, month=month
    )


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
    name = _("{name} (you)").format(name=line.name) if own and line.member_id == own.member_id else line.name
    points = counted("{number} point", "{number} points", line.points)
    right = _("{right} of {answered} right").format(right=line.right, answered=line.answered)
    streak = _("streak {days}").format(days=line.streak) if line.streak else ""
    return (str(line.rank), name, points, right, streak)


def _buttons(period: Period, page: int, pages: int) -> tuple[tuple[Button, ...], ...]:
    periods = tuple(Button(_(name), f"board:{key}:1") for key, name in NAMES.items() if key is not period)
    turns = []
    if page > 1:
        turns.append(Button(_("Previous"), f"board:{period}:{page - 1}"))
    if page < pages:
        turns.append(Button(_("Next"), f"board:{period}:{page + 1}"))
    return (periods, tuple(turns)) if turns else (periods,)
