"""The leaderboard: periods, their names in the store, and a page of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.core.messages import Message
from bot.core.messages import board as wording
from bot.core.model import Period, Team
from bot.core.ports import Quiz
from bot.core.teams import Visit

PAGE = 10
"""Lines on a page of the leaderboard."""

TOP = 3
"""Lines of the week's standings under a reveal."""


def team_day(team: Team, at: datetime) -> date:
    """The date in the team's zone."""
    return at.astimezone(ZoneInfo(team.timezone)).date()


def key(period: Period, day: date) -> str:
    """The name in the store of the period that holds a day."""
    match period:
        case Period.TODAY:
            return day.isoformat()
        case Period.WEEK:
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
        case Period.MONTH:
            return f"{day:%Y-%m}"
        case Period.SEASON:
            return f"{day.year}-Q{(day.month + 2) // 3}"
        case Period.ALL:
            return "all"


@lru_cache(maxsize=100)
def keys(day: date) -> tuple[str, ...]:
    """The names of all periods that hold a day: what an answer of that day moves."""
    return tuple(key(period, day) for period in Period)


async def leaderboard(quiz: Quiz, visit: Visit, period: Period, page: int = 1) -> Message:
    """A page of the team's standings; a page past the end is the last one."""
    day = team_day(visit.team, quiz.now())
    name = key(period, day)
    pages = max(1, -(-await quiz.store.lines(visit.team.id, name) // PAGE))
    page = min(max(page, 1), pages)
    lines = await quiz.store.standings(visit.team.id, name, day, PAGE, (page - 1) * PAGE)
    own = await quiz.store.standing(visit.team.id, name, day, visit.member.id)
    return wording.board(period, wording.title(period, visit.team.name, day), lines, own, page, pages)


def streak(taken: Sequence[date], asked: Sequence[date]) -> tuple[int, int]:
    """The streak as of the last day taken part in, and the longest one.

    ``taken`` are the days on which a member answered, ``asked`` those on which the team had a daily question, both in
    order. A day on which nothing was asked neither counts nor breaks a streak, unless the member answered on it.
    """
    current = longest = 0
    previous: date | None = None
    for day in taken:
        missed = previous is not None and bisect_left(asked, day) > bisect_right(asked, previous)
        current = 1 if previous is None or missed else current + 1
        longest, previous = max(longest, current), day
    return current, longest
