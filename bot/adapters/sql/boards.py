"""The standings, read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import BUCKET, members, standings, tallies
from bot.core.model import Standing


class BoardTables:
    """The part of the store that a leaderboard shows."""

    _db: Database

    async def standings(self, team_id: int, key: str, today: date, limit: int, offset: int = 0) -> list[Standing]:
        order = (standings.c.points.desc(), standings.c.member_id.desc())
        page = _board(team_id, key).order_by(*order).limit(limit).offset(offset)
        return await self._db.read(lambda connection: _ranked(connection, team_id, today, page, offset))

    async def standing(self, team_id: int, key: str, today: date, member_id: int) -> Standing | None:
        own = _board(team_id, key).where(standings.c.member_id == member_id)
        found = await self._db.read(lambda connection: _ranked(connection, team_id, today, own))
        return next(iter(found), None)

    async def lines(self, team_id: int, key: str) -> int:
        its = (tallies.c.team_id == team_id, tallies.c.period == key)
        return int(await self._db.read(lambda connection: connection.scalar(select(_LINES).where(*its))) or 0)


_LINES = func.coalesce(func.sum(tallies.c.lines), 0)


def _board(team_id: int, key: str) -> Select[Any]:
    return select(standings).where(standings.c.team_id == team_id, standings.c.period == key)


def _ranked(
    connection: Connection, team_id: int, today: date, page: Select[Any], offset: int | None = None
) -> list[Standing]:
    """Lines with their ranks, by rank and name; ``offset`` is how many are before them, where that is known."""
    lines = page.subquery()
    query = select(lines, members.c.name, members.c.last_day, members.c.streak).join_from(lines, members)
    found = sorted(connection.execute(query), key=lambda row: -row.points)
    before = rows.asked_day_before(connection, team_id, today)
    ranks = _ranks(connection, found, offset)
    told = []
    for row in found:
        alive = row.last_day is not None and (before is None or row.last_day >= before)
        line = Standing(ranks[row.points], row.member_id, row.name, row.points, row.right, row.answered)
        told.append(replace(line, streak=row.streak if alive else 0))
    return sorted(told, key=lambda line: (line.rank, line.name.casefold()))


def _ranks(connection: Connection, page: Sequence[Any], offset: int | None) -> dict[int, int]:
    """The rank of each number of points on a page, the most first: one more than the number of members with more.

    Only for the first line others have to be counted, and for none on the first page.
    """
    ranks: dict[int, int] = {}
    for n, row in enumerate(page):
        if n == 0 and offset != 0:
            ranks[row.points] = 1 + _above(connection, row)
        else:
            ranks.setdefault(row.points, (offset or 0) + n + 1)
    return ranks


def _above(connection: Connection, line: Any) -> int:
    """How many lines of a board have more points: those in higher buckets by their tallies, the others one by one."""
    bucket = line.points // BUCKET
    higher = select(_LINES).where(
        tallies.c.team_id == line.team_id, tallies.c.period == line.period, tallies.c.bucket > bucket
    )
    beside = select(func.count()).where(
        standings.c.team_id == line.team_id,
        standings.c.period == line.period,
        standings.c.points > line.points,
        standings.c.points < (bucket + 1) * BUCKET,
    )
    found = connection.execute(select(higher.scalar_subquery() + beside.scalar_subquery()))
    return int(found.scalar_one())
