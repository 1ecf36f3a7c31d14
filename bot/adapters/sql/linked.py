"""Teams and members that are linked: the codes, the links, and parting again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.engine import Database
from bot.adapters.sql.rebuild import rebuild
from bot.adapters.sql.tables import codes, members, standings, teams
from bot.core.model import Code


class LinkTables:
    """The part of the store that links. Links lie over what was: whose answer is whose stays written as it was."""

    _db: Database

    async def keep_code(self, code: str, stands_for: Code, until: datetime) -> None:
        values = {"code": code, "team_id": stands_for.team_id, "member_id": stands_for.member_id, "until": until}
        async with self._db.writing() as connection:
            await connection.execute(codes.insert().values(values))

    async def take_code(self, code: str, now: datetime) -> Code | None:
        async with self._db.writing() as connection:
            await connection.execute(delete(codes).where(codes.c.until <= now))
            taken = delete(codes).where(codes.c.code == code).returning(codes.c.team_id, codes.c.member_id)
            row = (await connection.execute(taken)).one_or_none()
        return Code(row.team_id, row.member_id) if row else None

    async def link_teams(self, team_id: int, head: int) -> None:
        joining = or_(teams.c.id == team_id, teams.c.linked_to == team_id)
        async with self._db.writing() as connection:
            await connection.execute(update(teams).where(joining).values(linked_to=head))
            await connection.execute(update(standings).where(standings.c.team_id == team_id).values(team_id=head))

    async def part_teams(self, team_id: int, cap: int | None) -> bool:
        async with self._db.writing() as connection:
            head = await connection.scalar(select(teams.c.linked_to).where(teams.c.id == team_id))
            whose = teams.c.id == team_id if head else teams.c.linked_to == team_id
            parted = list(await connection.scalars(select(teams.c.id).where(whose, teams.c.linked_to.is_not(None))))
            await connection.execute(update(teams).where(teams.c.id.in_(parted)).values(linked_to=None))
            for team in parted:
                await self._part_members_of(connection, team, cap)
        return bool(parted)

    async def _part_members_of(self, connection: AsyncConnection, team_id: int, cap: int | None) -> None:
        """Give a parted team's members their own answers back, and its board to it."""
        its = select(members.c.id).where(members.c.team_id == team_id)
        head = members.alias()
        crossing = (
            select(members.c.id, head.c.id)
            .join(head, members.c.linked_to == head.c.id)
            .where(members.c.team_id != head.c.team_id, or_(members.c.team_id == team_id, head.c.team_id == team_id))
        )
        pairs = (await connection.execute(crossing)).all()
        linked = [member for member, _ in pairs]
        await connection.execute(update(members).where(members.c.id.in_(linked)).values(linked_to=None))
        await connection.execute(update(standings).where(standings.c.member_id.in_(its)).values(team_id=team_id))
        await rebuild(connection, self._db.insert, {id for pair in pairs for id in pair}, cap)

    async def link_members(self, member_id: int, head: int, cap: int | None) -> None:
        joining = or_(members.c.id == member_id, members.c.linked_to == member_id)
        async with self._db.writing() as connection:
            await connection.execute(update(members).where(joining).values(linked_to=head))
            await rebuild(connection, self._db.insert, {member_id, head}, cap)

    async def part_member(self, member_id: int, cap: int | None) -> bool:
        async with self._db.writing() as connection:
            head = await connection.scalar(select(members.c.linked_to).where(members.c.id == member_id))
            whose = members.c.id == member_id if head else members.c.linked_to == member_id
            parted = list(await connection.scalars(select(members.c.id).where(whose, members.c.linked_to.is_not(None))))
            await connection.execute(update(members).where(members.c.id.in_(parted)).values(linked_to=None))
            await rebuild(connection, self._db.insert, {member_id, *parted, *([head] if head else [])}, cap)
        return bool(parted)
