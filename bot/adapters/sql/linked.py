"""Teams and members that are linked: the codes, the links, and parting again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Table, delete, func, or_, select, update

from bot.adapters.sql.engine import LINKING, Database, one_by_one
from bot.adapters.sql.rebuild import rebuild
from bot.adapters.sql.rows import same_team
from bot.adapters.sql.streaks import count_streaks
from bot.adapters.sql.tables import codes, entries, members, rounds, standings, teams
from bot.core.model import Code, State


class LinkTables:
    """The part of the store that links. Links lie over what was: whose answer is whose stays written as it was."""

    _db: Database

    async def keep_code(self, code: str, stands_for: Code, until: datetime) -> None:
        values = {"code": code, "team_id": stands_for.team_id, "member_id": stands_for.member_id, "until": until}

        def work(connection: Connection) -> None:
            connection.execute(delete(codes).where(codes.c.until < until - timedelta(hours=1)))
            connection.execute(codes.insert().values(values))

        await self._db.write(work)

    async def code(self, code: str, now: datetime) -> Code | None:
        query = select(codes.c.team_id, codes.c.member_id).where(codes.c.code == code, codes.c.until > now)
        return await self._db.one(query, lambda row: Code(*row))

    async def use_up(self, code: str) -> bool:
        return await self._db.change(delete(codes).where(codes.c.code == code)) == 1

    async def link_teams(self, team_id: int, head: int) -> bool:
        return await self._db.write(lambda connection: _link_teams(connection, team_id, head))

    async def part_teams(self, team_id: int, cap: int | None) -> bool:
        return await self._db.write(lambda connection: _part_teams(connection, team_id, cap))

    async def link_members(self, member_id: int, head: int, cap: int | None) -> bool:
        return await self._db.write(lambda connection: _link_members(connection, member_id, head, cap))

    async def part_member(self, member_id: int, cap: int | None) -> bool:
        return await self._db.write(lambda connection: _part_member(connection, member_id, cap))


def _link_teams(connection: Connection, team_id: int, head: int) -> bool:
    one_by_one(connection, LINKING)
    joining, head = _heads(connection, teams, team_id, head)
    if joining == head:
        return False
    _share_contests(connection, joining, head)
    its = or_(teams.c.id == joining, teams.c.linked_to == joining)
    connection.execute(update(teams).where(its).values(linked_to=head))
    connection.execute(update(standings).where(standings.c.team_id == joining).values(team_id=head))
    count_streaks(connection, _members_of(connection, [head]))
    return True


def _part_teams(connection: Connection, team_id: int, cap: int | None) -> bool:
    one_by_one(connection, LINKING)
    head, parted = _parted(connection, teams, team_id)
    for team in parted:
        its = select(members.c.id).where(members.c.team_id == team)
        connection.execute(update(standings).where(standings.c.member_id.in_(its)).values(team_id=team))
    rebuild(connection, _part_members_of(connection, parted), cap)
    count_streaks(connection, _members_of(connection, [*parted, head]))
    return bool(parted)


def _link_members(connection: Connection, member_id: int, head: int, cap: int | None) -> bool:
    one_by_one(connection, LINKING)
    joining, head = _heads(connection, members, member_id, head)
    if joining == head:
        return False
    its = or_(members.c.id == joining, members.c.linked_to == joining)
    connection.execute(update(members).where(its).values(linked_to=head))
    rebuild(connection, {joining, head}, cap)
    return True


def _part_member(connection: Connection, member_id: int, cap: int | None) -> bool:
    one_by_one(connection, LINKING)
    head, parted = _parted(connection, members, member_id)
    rebuild(connection, {head, *parted}, cap)
    return bool(parted)


def _parted(connection: Connection, table: Table, id: int) -> tuple[int, list[int]]:
    """Part one from the head that it is linked to, or, where it is one itself, all from it: the head, and those."""
    linked_to = connection.scalar(select(table.c.linked_to).where(table.c.id == id))
    whose = table.c.id == id if linked_to else table.c.linked_to == id
    parted = list(connection.scalars(select(table.c.id).where(whose, table.c.linked_to.is_not(None))))
    connection.execute(update(table).where(table.c.id.in_(parted)).values(linked_to=None))
    return linked_to or id, parted


def _heads(connection: Connection, table: Table, *ids: int) -> list[int]:
    """What these rows count as now: a code may have been made before its team or member was linked."""
    head = func.coalesce(table.c.linked_to, table.c.id)
    return [int(connection.execute(select(head).where(table.c.id == id)).scalar_one()) for id in ids]


def _members_of(connection: Connection, team_ids: Sequence[int]) -> list[int]:
    """The members of these teams and of those that are linked to them."""
    its = select(teams.c.id).where(or_(teams.c.id.in_(team_ids), teams.c.linked_to.in_(team_ids)))
    return list(connection.scalars(select(members.c.id).where(members.c.team_id.in_(its))))


def _share_contests(connection: Connection, joining: int, head: int) -> None:
    """Where both teams asked the same question on a day, make the rounds one contest: a member scores once in it."""
    theirs = _contests(connection, head)
    for asked, contests in _contests(connection, joining).items():
        shared = theirs.get(asked, [])
        own = [contest for contest in contests if contest not in shared]
        free = [contest for contest in shared if contest not in contests]
        for old, new in zip(own, free, strict=False):
            for table in (rounds, entries):
                connection.execute(update(table).where(table.c.contest == old).values(contest=new))


def _contests(connection: Connection, team_id: int) -> dict[tuple[str, date], list[int]]:
    """A team's contests, by question and day, the earliest first."""
    query = (
        select(rounds.c.question_id, rounds.c.day, rounds.c.contest)
        .where(same_team(rounds.c.team_id, team_id), rounds.c.state != State.VOID)
        .distinct()
        .order_by(rounds.c.contest)
    )
    found: dict[tuple[str, date], list[int]] = {}
    for question_id, day, contest in connection.execute(query):
        found.setdefault((question_id, day), []).append(contest)
    return found


def _part_members_of(connection: Connection, team_ids: Sequence[int]) -> set[int]:
    """Undo the links between members of these teams and of others; returns all whom that concerns."""
    head = members.alias()
    crossing = (
        select(members.c.id, head.c.id)
        .join(head, members.c.linked_to == head.c.id)
        .where(
            members.c.team_id != head.c.team_id,
            or_(members.c.team_id.in_(team_ids), head.c.team_id.in_(team_ids)),
        )
    )
    pairs = connection.execute(crossing).all()
    linked = [member for member, _ in pairs]
    connection.execute(update(members).where(members.c.id.in_(linked)).values(linked_to=None))
    return {id for pair in pairs for id in pair}
