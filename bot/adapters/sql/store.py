"""The store on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Executable, Select, Update, func, literal, or_, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.ledger import Ledger, add_to_standings
from bot.adapters.sql.linked import LinkTables
from bot.adapters.sql.private import PrivateTables
from bot.adapters.sql.ruled import RulingTables
from bot.adapters.sql.tables import (
    channels,
    entries,
    identities,
    members,
    picks,
    questions,
    rounds,
    standings,
    teams,
    workspaces,
)
from bot.core.bank import Asked
from bot.core.entries import Attempt
from bot.core.model import (
    Address,
    Channel,
    Entry,
    Identity,
    Member,
    NewRound,
    Round,
    RoundKind,
    Settings,
    Standing,
    State,
    Team,
    Workspace,
)
from bot.core.ports import Recorded

UNDER_WAY = rounds.c.state.in_((State.POSTING.value, State.OPEN.value))
UNFINISHED = rounds.c.state.in_((State.POSTING.value, State.CLOSED.value))


class SqlStore(LinkTables, PrivateTables, RulingTables):
    """``ports.Store`` on one database."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._ledger = Ledger(database)
        self._insert = database.insert

    async def dispose(self) -> None:
        """Finish what was begun, then let go of the database."""
        await self._ledger.drain()
        await self._db.close()

    # --- teams, channels, members

    async def declare(self, team: Team, declared: Sequence[Channel]) -> None:
        async with self._db.writing() as connection:
            team_id = await self._declared_team(connection, team, declared)
            for channel in declared:
                values = {
                    "team_id": team_id,
                    "settings": rows.encoded(channel.settings),
                    "next_post": channel.next_post,
                    "paused": channel.paused,
                    "declared": True,
                }
                at = {"platform": channel.address.platform, "address": channel.address.id}
                put = self._insert(channels).values(at | values)
                await connection.execute(put.on_conflict_do_update(index_elements=["platform", "address"], set_=values))
            known = [channel.address.id for channel in declared]
            await connection.execute(_withdraw().where(channels.c.team_id == team_id, channels.c.address.not_in(known)))

    async def _declared_team(self, connection: AsyncConnection, team: Team, declared: Sequence[Channel]) -> int:
        """The team of that name in the file; else the one that its channels have played in; else a new one."""
        values = {**rows.team_row(team), "declared": team.name}
        addresses = [channel.address.id for channel in declared]
        played = select(channels.c.team_id).where(channels.c.address.in_(addresses))
        known = await connection.scalar(select(teams.c.id).where(teams.c.declared == team.name))
        known = known or await connection.scalar(
            select(teams.c.id).where(teams.c.id.in_(played), teams.c.declared.is_(None)).limit(1)
        )
        if known is None:
            return await _inserted(connection, teams.insert().values(**values).returning(teams.c.id))
        await connection.execute(update(teams).where(teams.c.id == known).values(**values))
        return int(known)

    async def withdraw(self, names: Sequence[str]) -> None:
        gone = select(teams.c.id).where(teams.c.declared.is_not(None), teams.c.declared.not_in(names))
        async with self._db.writing() as connection:
            await connection.execute(_withdraw().where(channels.c.team_id.in_(gone)))

    async def team(self, team_id: int) -> Team:
        head = rows.head_team(literal(team_id))
        those = select(teams).where(or_(teams.c.id == head, teams.c.linked_to == head))
        head_first = those.order_by(teams.c.linked_to.is_not(None))
        async with self._db.reading() as connection:
            found = [rows.to_team(row) for row in await connection.execute(head_first)]
        admins = dict.fromkeys(admin for team in found for admin in team.admins)
        return replace(found[0], admins=tuple(admins))

    async def change_zone(self, team_id: int, timezone: str) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(teams).where(teams.c.id == team_id).values(timezone=timezone))

    async def join(self, workspace: Workspace, team_id: int) -> None:
        put = self._insert(workspaces).values(platform=workspace.platform, id=workspace.id, team_id=team_id)
        async with self._db.writing() as connection:
            await connection.execute(put.on_conflict_do_nothing())

    async def known(self, address: Address) -> Channel | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(_at(address))).one_or_none()
        return rows.to_channel(row) if row else None

    async def channel(self, address: Address, workspace: Workspace) -> Channel:
        found = await self.known(address)
        if found is not None and found.workspace == workspace.id:
            return found
        async with self._db.writing() as connection:
            if found is None:
                await self._new_channel(connection, address, workspace)
            met = update(channels).where(channels.c.platform == address.platform, channels.c.address == address.id)
            await connection.execute(met.values(workspace=workspace.id))
            return rows.to_channel((await connection.execute(_at(address))).one())

    async def _new_channel(self, connection: AsyncConnection, address: Address, workspace: Workspace) -> None:
        put = self._insert(channels).values(
            team_id=await self._team_of(connection, workspace),
            platform=address.platform,
            address=address.id,
            settings=rows.encoded(Settings()),
            paused="",
            declared=False,
        )
        await connection.execute(put.on_conflict_do_nothing())

    async def _team_of(self, connection: AsyncConnection, workspace: Workspace) -> int:
        its = (workspaces.c.platform == workspace.platform, workspaces.c.id == workspace.id)
        known = await connection.scalar(select(workspaces.c.team_id).where(*its))
        if known is not None:
            return int(known)
        new = Team(0, workspace.name or str(workspace.id), workspace.timezone)
        team_id = await _inserted(connection, teams.insert().values(**rows.team_row(new)).returning(teams.c.id))
        await connection.execute(
            workspaces.insert().values(platform=workspace.platform, id=workspace.id, team_id=team_id)
        )
        return team_id

    async def channels(self, platform: str) -> list[Channel]:
        return await self._channels(
            rows.CHANNEL.where(channels.c.platform == platform, channels.c.next_post.is_not(None))
        )

    async def scheduled(self, team_id: int) -> list[Channel]:
        its = rows.same_team(channels.c.team_id, team_id)
        return await self._channels(rows.CHANNEL.where(its, channels.c.next_post.is_not(None)).order_by(channels.c.id))

    async def overdue(self, team_id: int, at: datetime) -> list[Channel]:
        return await self._channels(
            rows.CHANNEL.where(
                rows.same_team(channels.c.team_id, team_id), channels.c.next_post <= at, channels.c.paused == ""
            )
        )

    async def _channels(self, query: Select[tuple[object, ...]]) -> list[Channel]:
        async with self._db.reading() as connection:
            return [rows.to_channel(row) for row in await connection.execute(query)]

    async def member(self, home: int, identity: Identity, name: str) -> Member:
        head = members.alias()
        known = (
            select(members.c.id, members.c.name, head.c.id.label("head"), head.c.name.label("shown"))
            .join_from(identities, members)
            .join(head, head.c.id == func.coalesce(members.c.linked_to, members.c.id))
            .where(
                identities.c.team_id == home,
                identities.c.platform == identity.platform,
                identities.c.workspace == identity.workspace,
                identities.c.user == identity.user,
            )
        )
        async with self._db.reading() as connection:
            row = (await connection.execute(known)).one_or_none()
        if row is not None and row.name == row.shown == name:
            return Member(row.head, name, row.id)
        async with self._db.writing() as connection:
            row = (await connection.execute(known)).one_or_none()
            if row is not None:
                both = members.c.id.in_((row.id, row.head))
                await connection.execute(update(members).where(both).values(name=name))
                return Member(row.head, name, row.id)
            member_id = await self._new_member(connection, home, identity, name)
            return Member(member_id, name, member_id)

    async def member_called(self, team_id: int, name: str) -> Member | None:
        head = func.coalesce(members.c.linked_to, members.c.id)
        query = (
            select(head, members.c.name, members.c.id)
            .outerjoin(identities)
            .where(
                rows.same_team(members.c.team_id, team_id),
                or_(identities.c.user == name, func.lower(members.c.name) == name.lower()),
            )
            .order_by(identities.c.user != name, members.c.id)
        )
        async with self._db.reading() as connection:
            row = (await connection.execute(query.limit(1))).one_or_none()
        return Member(*row) if row else None

    async def _new_member(self, connection: AsyncConnection, home: int, identity: Identity, name: str) -> int:
        new = members.insert().values(team_id=home, name=name, streak=0, longest=0)
        member_id = await _inserted(connection, new.returning(members.c.id))
        its = {"platform": identity.platform, "workspace": identity.workspace, "user": identity.user}
        await connection.execute(identities.insert().values(its | {"team_id": home, "member_id": member_id}))
        return member_id

    async def pause(self, channel_id: int, reason: str) -> None:
        await self._change_channel(channel_id, paused=reason)

    async def move_on(self, channel_id: int, planned: datetime, following: datetime | None) -> None:
        its = update(channels).where(channels.c.id == channel_id, channels.c.next_post == planned)
        async with self._db.writing() as connection:
            await connection.execute(its.values(next_post=following))

    async def schedule(self, channel_id: int, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, next_post=next_post)

    async def change_settings(self, channel_id: int, settings: Settings, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, settings=rows.encoded(settings), next_post=next_post)

    async def _change_channel(self, channel_id: int, **values: object) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(channels).where(channels.c.id == channel_id).values(**values))

    # --- due work

    async def due_posts(self, now: datetime, platforms: Sequence[str]) -> list[Channel]:
        query = rows.CHANNEL.where(
            channels.c.next_post <= now, channels.c.paused == "", channels.c.platform.in_(platforms)
        )
        return await self._channels(query.order_by(channels.c.next_post))

    async def next_due(self, platforms: Sequence[str]) -> datetime | None:
        here = channels.c.platform.in_(platforms)
        mine = rounds.join(channels)
        earliest = union_all(
            select(func.min(channels.c.next_post).label("at")).where(channels.c.paused == "", here),
            select(func.min(rounds.c.closes_at)).select_from(mine).where(rounds.c.state == State.OPEN, here),
            select(func.min(rounds.c.rests_until)).select_from(mine).where(UNFINISHED, here),
        ).subquery()
        async with self._db.reading() as connection:
            found: datetime | None = await connection.scalar(select(func.min(earliest.c.at)))
        return found

    async def pick(self, team_id: int, at: datetime, question_id: str) -> str:
        put = self._insert(picks).values(team_id=team_id, at=at, question_id=question_id)
        async with self._db.writing() as connection:
            await connection.execute(put.on_conflict_do_nothing())
            query = select(picks.c.question_id).where(picks.c.team_id == team_id, picks.c.at == at)
            return str(await connection.scalar(query))

    async def claim(self, new: NewRound, lease: datetime) -> Round | None:
        body = rows.question_row(new.question)
        try:
            async with self._db.writing() as connection:
                await connection.execute(self._insert(questions).values(body).on_conflict_do_nothing())
                # On PostgreSQL claims of one team wait for each other, so that the second one sees the first's contest.
                await connection.execute(
                    select(teams.c.id).where(teams.c.id == new.team_id).with_for_update(key_share=True)
                )
                contest = await self._contest(connection, new)
                row = rows.round_row(new, body["digest"]) | {"rests_until": lease, "contest": contest or 0}
                round_id = await _inserted(connection, rounds.insert().values(row).returning(rounds.c.id))
                if contest is None:
                    await connection.execute(update(rounds).where(rounds.c.id == round_id).values(contest=round_id))
                return rows.to_round((await connection.execute(rows.ROUND.where(rounds.c.id == round_id))).one())
        except IntegrityError:
            return None

    async def _contest(self, connection: AsyncConnection, new: NewRound) -> int | None:
        """The contest of the latest round with this question in another channel of the team on this day."""
        taken = select(rounds.c.contest).where(
            rounds.c.channel_id == new.channel_id, rounds.c.day == new.day, rounds.c.state != State.VOID
        )
        query = (
            select(rounds.c.contest)
            .where(
                rows.same_team(rounds.c.team_id, new.team_id),
                rounds.c.day == new.day,
                rounds.c.question_id == new.question.id,
                rounds.c.channel_id != new.channel_id,
                rounds.c.state != State.VOID,
                rounds.c.contest.not_in(taken),
            )
            .order_by(rounds.c.id.desc())
            .limit(1)
        )
        found: int | None = await connection.scalar(query)
        return found

    async def take(self, rnd: Round, lease: datetime) -> bool:
        mine = update(rounds).where(
            rounds.c.id == rnd.id, rounds.c.state == rnd.state, rounds.c.attempts == rnd.attempts
        )
        async with self._db.writing() as connection:
            done = await connection.execute(mine.values(rests_until=lease, attempts=rnd.attempts + 1))
        return done.rowcount == 1

    async def unfinished(self, now: datetime, platforms: Sequence[str]) -> list[Round]:
        query = rows.ROUND.where(UNFINISHED, rounds.c.rests_until <= now, channels.c.platform.in_(platforms))
        return await self._rounds(query.order_by(rounds.c.rests_until))

    async def due_closes(self, now: datetime, platforms: Sequence[str]) -> list[Round]:
        query = rows.ROUND.where(
            rounds.c.state == State.OPEN, rounds.c.closes_at <= now, channels.c.platform.in_(platforms)
        )
        return await self._rounds(query.order_by(rounds.c.closes_at))

    async def _rounds(self, query: Select[tuple[object, ...]]) -> list[Round]:
        async with self._db.reading() as connection:
            return [rows.to_round(row) for row in await connection.execute(query)]

    async def put_off(self, round_id: int, until: datetime) -> None:
        await self._change_round(round_id, rests_until=until)

    async def _change_round(self, round_id: int, **values: object) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(rounds).where(rounds.c.id == round_id).values(**values))

    # --- rounds

    async def round(self, round_id: int) -> Round | None:
        return next(iter(await self._rounds(rows.ROUND.where(rounds.c.id == round_id))), None)

    async def open_round(self, channel_id: int, kind: RoundKind | None = None) -> Round | None:
        query = rows.ROUND.where(rounds.c.channel_id == channel_id, UNDER_WAY)
        if kind is not None:
            query = query.where(rounds.c.kind == kind)
        return next(iter(await self._rounds(query.order_by(rounds.c.id.desc()).limit(1))), None)

    async def daily_on(self, channel_id: int, slot: date) -> Round | None:
        query = rows.ROUND.where(rounds.c.channel_id == channel_id, rounds.c.slot == slot)
        return next(iter(await self._rounds(query)), None)

    async def opened(self, round_id: int, message: str) -> None:
        posting = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.POSTING)
        async with self._db.writing() as connection:
            values = {"state": State.OPEN.value, "message": message, "rests_until": None, "attempts": 0}
            await connection.execute(posting.values(values))

    async def void(self, round_id: int) -> None:
        posting = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.POSTING)
        async with self._db.writing() as connection:
            await connection.execute(posting.values(state=State.VOID.value, slot=None, rests_until=None))

    async def close(self, round_id: int, at: datetime, lease: datetime) -> Round | None:
        async with self._db.writing() as connection:
            closing = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.OPEN)
            done = await connection.execute(closing.values(state=State.CLOSED.value, closed_at=at, rests_until=lease))
            if done.rowcount == 0:
                return None
            rnd = rows.to_round((await connection.execute(rows.ROUND.where(rounds.c.id == round_id))).one())
            await self._settle(connection, rnd)
            return rnd

    async def _settle(self, connection: AsyncConnection, rnd: Round) -> None:
        """Move the standings by the answers whose grade waited for the reveal."""
        waiting = (entries.c.round_id == rnd.id, entries.c.settled.is_(False))
        found = [rows.to_entry(row) for row in await connection.execute(rows.ENTRY.where(*waiting))]
        await add_to_standings(connection, self._insert, [(rnd, entry) for entry in found])
        await connection.execute(update(entries).where(*waiting).values(settled=True))

    async def revealed(self, round_id: int, message: str) -> None:
        await self._change_round(round_id, state=State.REVEALED.value, reveal=message, rests_until=None)

    async def asked(self, channel_id: int) -> list[Asked]:
        last = func.max(rounds.c.id).label("last")
        query = (
            select(rounds.c.question_id, func.count(), last)
            .where(rounds.c.channel_id == channel_id, rounds.c.state != State.VOID)
            .group_by(rounds.c.question_id)
            .order_by(last)
        )
        async with self._db.reading() as connection:
            return [Asked(*row) for row in await connection.execute(query)]

    # --- answers

    async def record(self, attempt: Attempt, cap: int | None) -> Recorded:
        return await self._ledger.record(attempt, cap)

    async def entry(self, rnd: Round, member_id: int) -> Entry | None:
        query = rows.ENTRY.where(entries.c.contest == rnd.contest, entries.c.member_id == member_id)
        async with self._db.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return rows.to_entry(row) if row else None

    async def entries(self, round_id: int) -> list[Entry]:
        query = rows.ENTRY.where(entries.c.round_id == round_id).order_by(entries.c.answer_id)
        async with self._db.reading() as connection:
            return [rows.to_entry(row) for row in await connection.execute(query)]

    async def answered(self, round_id: int) -> int:
        query = select(func.count()).select_from(entries).where(entries.c.round_id == round_id)
        async with self._db.reading() as connection:
            return await connection.scalar(query) or 0

    # --- standings

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


def _at(address: Address) -> Select[tuple[object, ...]]:
    return rows.CHANNEL.where(channels.c.platform == address.platform, channels.c.address == address.id)


def _withdraw() -> Update:
    """Take the schedule from channels that the configuration file declared."""
    nothing = {"declared": False, "next_post": None, "settings": rows.encoded(Settings())}
    return update(channels).where(channels.c.declared.is_(True)).values(nothing)


def _board(team_id: int, key: str) -> Select[tuple[object, ...]]:
    return (
        select(standings, members.c.name, members.c.last_day, members.c.streak)
        .join(members)
        .where(standings.c.team_id == team_id, standings.c.period == key)
    )


async def _inserted(connection: AsyncConnection, statement: Executable) -> int:
    """Run an insert that returns one id."""
    return int((await connection.execute(statement)).scalar_one())
