"""Streaks, counted anew from the answer log: where counting on from the last day will not do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import Connection, func, or_, select, union, update

from bot.adapters.sql.rows import head_team, parts, same_team
from bot.adapters.sql.tables import answers, members, rounds, scores
from bot.core.boards import streak
from bot.core.model import RoundKind, State


@dataclass(frozen=True, slots=True)
class Streak:
    """The last day that a member took part in, the streak as of that day, and the longest one."""

    last_day: date | None
    streak: int
    longest: int


def count_streaks(connection: Connection, ids: Iterable[int]) -> None:
    """Count the streaks of these members and keep them."""
    write_streaks(connection, streaks_of(connection, ids))


def streaks_of(connection: Connection, ids: Iterable[int]) -> dict[int, Streak]:
    """The streaks of these members, by the days that they took part in and those on which their team was asked."""
    asked: dict[int, list[date]] = {}
    found: dict[int, Streak] = {}
    for some in parts(ids):
        taken = _days(connection, some)
        playing = select(members.c.id, head_team(members.c.team_id)).where(members.c.id.in_(some))
        for id, team in (connection.execute(playing)).all():
            if team not in asked:
                asked[team] = _asked_days(connection, team)
            found[id] = Streak(max(taken[id], default=None), *streak(taken[id], asked[team]))
    return found


def write_streaks(connection: Connection, streaks: Mapping[int, Streak]) -> None:
    """Keep these streaks, of members by id."""
    for id, its in sorted(streaks.items()):  # in one order everywhere, so that no two transactions wait for each other
        connection.execute(update(members).where(members.c.id == id).values(asdict(its)))


def _days(connection: Connection, ids: Sequence[int]) -> dict[int, list[date]]:
    """The days on which these members took part, with what others answered that count as them."""
    head = func.coalesce(members.c.linked_to, members.c.id)
    accounts = select(members.c.id).where(or_(members.c.id.in_(ids), members.c.linked_to.in_(ids)))
    taken = union(
        *(
            select(head.label("head"), rounds.c.day)
            .join_from(table, members, table.c.member_id == members.c.id)
            .join(rounds, rounds.c.id == table.c.round_id)
            .where(table.c.member_id.in_(accounts), head.in_(ids))
            for table in (answers, scores)
        )
    )
    query = taken.order_by(taken.selected_columns.day)
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
