"""The store on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from time import perf_counter

from sqlalchemy import Connection, Select, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql import agenda, rows
from bot.adapters.sql.boards import BoardTables
from bot.adapters.sql.engine import Database, inserted, retried
from bot.adapters.sql.lately import Lately
from bot.adapters.sql.ledger import Asks, Gone, add_to_standings, record
from bot.adapters.sql.linked import LinkTables
from bot.adapters.sql.private import PrivateTables
from bot.adapters.sql.rolled import RolledTables
from bot.adapters.sql.ruled import RulingTables
from bot.adapters.sql.tables import (
    UNDER_WAY,
    entries,
    picks,
    questions,
    rounds,
    teams,
)
from bot.adapters.sql.teams import TeamTables
from bot.adapters.sql.together import Together
from bot.adapters.sql.visits import Coming, Home, People, Place, everybody, visits
from bot.core.bank import Asked
from bot.core.entries import Attempt
from bot.core.meter import UNMETERED, Meter
from bot.core.model import (
    Address,
    Channel,
    Entry,
    NewRound,
    Round,
    RoundKind,
    State,
    Team,
)
from bot.core.ports import Due, Recorded, Unavailable

_BY_ID = rows.ROUND.where(rounds.c.id.in_(bindparam("ids", expanding=True)))


def _by_id(connection: Connection, ids: Sequence[int]) -> list[Round | None]:
    found = {row.id: rows.to_round(row) for row in connection.execute(_BY_ID, {"ids": list(set(ids))})}
    return [found.get(id) for id in ids]


class SqlStore(TeamTables, BoardTables, LinkTables, PrivateTables, RulingTables, RolledTables):
    """``ports.Store`` on one database."""

    def __init__(self, database: Database, meter: Meter = UNMETERED) -> None:
        self._db = database
        self._insert = database.insert
        self._meter = meter
        self._recording: Together[tuple[Attempt, int | None], Recorded] = Together(self._record)
        self._visiting: Together[Coming, Place | None] = Together(
            lambda comings: database.read(lambda connection: visits(connection, comings))
        )
        self._meeting: Together[Home, People] = Together(
            lambda homes: database.read(lambda connection: [everybody(connection, home) for home in homes])
        )
        self._looking: Together[int, Round | None] = Together(
            lambda ids: database.read(lambda connection: _by_id(connection, ids))
        )
        self._places: Lately[tuple[Address, str], tuple[Channel, Team]] = Lately(database)
        self._people: Lately[Home, People] = Lately(database)
        self._asked_lately: Lately[int, Round] = Lately(database)

    @property
    def waiting(self) -> int:
        """Answers that wait for their commit."""
        return self._recording.waiting

    async def _record(self, asks: Asks) -> list[Recorded]:
        began, tries = perf_counter(), count()

        def work(connection: Connection) -> list[Recorded]:
            return record(connection, self._insert, asks, again=next(tries) > 0)

        try:
            return await self._db.write(work, answers=True)
        finally:
            self._meter.committed(len(asks), perf_counter() - began)

    async def dispose(self) -> None:
        """Finish what was begun, then let go of the database."""
        await self._recording.drain()
        await self._db.close()

    # --- due work

    async def due(self, now: datetime, platform: str, most: int) -> Due:
        return await self._db.read(lambda connection: agenda.due(connection, now, platform, most))

    async def picked(self, team_id: int, at: datetime) -> str | None:
        query = select(picks.c.question_id).where(picks.c.team_id == team_id, picks.c.at == at)
        async with self._db.reading() as connection:
            found: str | None = await connection.scalar(query)
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
                round_id = await inserted(connection, rounds.insert().values(row).returning(rounds.c.id))
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

    async def _rounds(self, query: Select[tuple[object, ...]]) -> list[Round]:
        async with self._db.reading() as connection:
            return [rows.to_round(row) for row in await connection.execute(query)]

    async def trying(self, round_id: int, at: datetime | None) -> None:
        await self._change_round(round_id, tried_at=at)

    async def put_off(self, round_id: int, until: datetime) -> None:
        await self._change_round(round_id, rests_until=until)

    async def _change_round(self, round_id: int, **values: object) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(rounds).where(rounds.c.id == round_id).values(**values))

    # --- rounds

    async def round(self, round_id: int, *, lately: bool = False) -> Round | None:
        rnd = self._asked_lately.get(round_id) if lately else None
        if rnd is None:
            as_of = self._db.changes
            rnd = await self._looking(round_id)
            if rnd is not None:
                self._asked_lately.put(round_id, rnd, as_of)
        return rnd

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

    @retried
    async def close(self, round_id: int, at: datetime, lease: datetime) -> Round | None:
        async with self._db.writing() as connection:
            closing = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.OPEN)
            values = {"state": State.CLOSED.value, "closed_at": at, "rests_until": lease, "tried_at": None}
            done = await connection.execute(closing.values(values))
            if done.rowcount == 0:
                return None
            rnd = rows.to_round((await connection.execute(rows.ROUND.where(rounds.c.id == round_id))).one())
            await self._settle(connection, rnd)
            return rnd

    async def _settle(self, connection: AsyncConnection, rnd: Round) -> None:
        """Move the standings by the answers whose grade waited for the reveal."""
        waiting = (entries.c.round_id == rnd.id, entries.c.settled.is_(False))
        found = [rows.to_entry(row) for row in await connection.execute(rows.ENTRY.where(*waiting))]
        await connection.run_sync(add_to_standings, self._insert, [(rnd, entry) for entry in found])
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
        try:
            return await self._recording((attempt, cap))
        except Gone as error:
            self._db.changes += 1  # what was read of them lately
            raise Unavailable("the member is not there any more") from error

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
