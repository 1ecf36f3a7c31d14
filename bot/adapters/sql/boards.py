"""The standings, read a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import members, standings
from bot.core.model import Standing


class BoardTables:
    """The part of the store that a leaderboard shows."""

    _db: Database

    async def standings(self, team_id: int, key: str, today: date, limit: int, offset: int = 0) -> list[Standing]:
        order = (standings.c.points.desc(), standings.c.member_id.desc())
        page = _board(team_id, key).order_by(*order).limit(limit).offset(offset)
        async with self._db.reading() as connection:
            return await self._ranked(connection, team_id, today, page, offset)

    async def standing(self, team_id: int, key: str, today: date, member_id: int) -> Standing | None:
        own = _board(team_id, key).where(standings.c.member_id == member_id)
        async with self._db.reading() as connection:
            return next(iter(await self._ranked(connection, team_id, today, own)), None)

    async def _ranked(
        self, connection: AsyncConnection, team_id: int, today: date, page: Select[Any], offset: int | None = None
    ) -> list[Standing]:
        """Lines with their ranks, by rank and name; ``offset`` is how many are before them, where that is known."""
        lines = page.subquery()
        query = select(lines, members.c.name, members.c.last_day, members.c.streak).join_from(lines, members)
        found = sorted(await connection.execute(query), key=lambda row: -row.points)
        before = await connection.scalar(rows.asked_day_before(team_id, today))
        ranks = await _ranks(connection, found, offset)
        told = []
        for row in found:
            alive = row.last_day is not None and (before is None or row.last_day >= before)
            line = Standing(ranks[row.points], row.member_id, row.name, row.points, row.right, row.answered)
            told.append(replace(line, streak=row.streak if alive else 0))
        return sorted(told, key=lambda line: (line.rank, line.name.casefold()))

    async def lines(self, team_id: int, key: str) -> int:
        its = (standings.c.team_id == team_id, standings.c.period == key)
        async with self._db.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(standings).where(*its)) or 0


def _board(team_id: int, key: str) -> Select[Any]:
    return select(standings).where(standings.c.team_id == team_id, standings.c.period == key)


async def _ranks(connection: AsyncConnection, page: Sequence[Any], offset: int | None) -> dict[int, int]:
    """The rank of each number of points on a page, the most first: one more than the number of members with more.

    Only for the first line others have to be counted, and for none on the first page.
    """
    ranks: dict[int, int] = {}
    for n, row in enumerate(page):
        if n == 0 and offset != 0:
            above = _board(row.team_id, row.period).where(standings.c.points > row.points).subquery()
            ranks[row.points] = 1 + (await connection.scalar(select(func.count()).select_from(above)) or 0)
        else:
            ranks.setdefault(row.points, (offset or 0) + n + 1)
    return ranks
