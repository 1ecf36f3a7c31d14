"""Streaks, counted anew from the answer log: where counting on from the last day will not do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection, func, select, update

from bot.adapters.sql.rows import head_team, parts, same_team
from bot.adapters.sql.tables import answers, members, rounds
from bot.core.boards import streak
from bot.core.model import RoundKind, State


def count_streaks(connection: Connection, ids: Iterable[int]) -> None:
    """The streaks of these members, by the days that they took part in and those on which their team was asked."""
    asked: dict[int, list[date]] = {}
    for some in parts(ids):
        taken = _days(connection, some)
        playing = select(members.c.id, head_team(members.c.team_id)).where(members.c.id.in_(some))
        for id, team in connection.execute(playing).all():
            if team not in asked:
                asked[team] = _asked_days(connection, team)
            current, longest = streak(taken[id], asked[team])
            values = {"last_day": max(taken[id], default=None), "streak": current, "longest": longest}
            connection.execute(update(members).where(members.c.id == id).values(values))


def _days(connection: Connection, ids: Sequence[int]) -> dict[int, list[date]]:
    """The days on which these members took part, with what others answered that count as them."""
    head = func.coalesce(members.c.linked_to, members.c.id)
    query = (
        select(head, rounds.c.day)
        .join_from(answers, members, answers.c.member_id == members.c.id)
        .join(rounds, rounds.c.id == answers.c.round_id)
        .where(head.in_(ids))
        .distinct()
        .order_by(rounds.c.day)
    )
    days: dict[int, list[date]] = {id: [] for id in ids}
    for id, day in connection.execute(query):
        days[id].append(day)
    return days


def _asked_days(connection: Connection, team_id: int) -> list[date]:
    query = (
        select(rounds.c.day)
        .where(same_team(rounds.c.team_id, team_id), rounds.c.kind == RoundKind.DAILY, rounds.c.state != State.VOID)
        .distinct()
        .order_by(rounds.c.day)
    )
    return list(connection.scalars(query))
