"""The standings, read a page at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

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
        query = _board(team_id, key).order_by(standings.c.points.desc(), standings.c.member_id.desc())
        async with self._db.reading() as connection:
            return await self._ranked(connection, team_id, key, today, query.limit(limit).offset(offset))

    async def standing(self, team_id: int, key: str, today: date, member_id: int) -> Standing | None:
        query = _board(team_id, key).where(standings.c.member_id == member_id)
        async with self._db.reading() as connection:
            return next(iter(await self._ranked(connection, team_id, key, today, query)), None)

    async def _ranked(
        self, connection: AsyncConnection, team_id: int, key: str, today: date, query: Select[tuple[object, ...]]
    ) -> list[Standing]:
        """Lines with their ranks: one more than the number of members with more points."""
        found = (await connection.execute(query)).all()
        before = await connection.scalar(rows.asked_day_before(team_id, today))
        ranks: dict[int, int] = {}
        for row in found:
            if row.points not in ranks:
                above = _board(team_id, key).where(standings.c.points > row.points).subquery()
                ranks[row.points] = 1 + (await connection.scalar(select(func.count()).select_from(above)) or 0)
        lines = []
        for row in found:
            alive = row.last_day is not None and (before is None or row.last_day >= before)
            line = Standing(ranks[row.points], row.member_id, row.name, row.points, row.right, row.answered)
            lines.append(replace(line, streak=row.streak if alive else 0))
        return sorted(lines, key=lambda line: (line.rank, line.name.casefold()))

    async def lines(self, team_id: int, key: str) -> int:
        its = (standings.c.team_id == team_id, standings.c.period == key)
        async with self._db.reading() as connection:
            return await connection.scalar(select(func.count()).select_from(standings).where(*its)) or 0


def _board(team_id: int, key: str) -> Select[tuple[object, ...]]:
    return (
        select(standings, members.c.name, members.c.last_day, members.c.streak)
        .join(members)
        .where(standings.c.team_id == team_id, standings.c.period == key)
    )
