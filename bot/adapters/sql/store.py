"""The store on SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count
from time import perf_counter

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.adapters.sql import agenda, rows
from bot.adapters.sql.boards import BoardTables
from bot.adapters.sql.engine import Database, Insert, inserted
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
        found: str | None = await self._db.read(lambda connection: connection.scalar(query))
        return found

    async def pick(self, team_id: int, at: datetime, question_id: str) -> str:
        put = self._insert(picks).values(team_id=team_id, at=at, question_id=question_id)
        query = select(picks.c.question_id).where(picks.c.team_id == team_id, picks.c.at == at)

        def work(connection: Connection) -> str:
            connection.execute(put.on_conflict_do_nothing())
            return str(connection.scalar(query))

        return await self._db.write(work)

    async def claim(self, new: NewRound, lease: datetime) -> Round | None:
        try:
            return await self._db.write(lambda connection: _claim(connection, self._insert, new, lease))
        except _Claimed:
            return None

    async def take(self, rnd: Round, lease: datetime) -> bool:
        mine = update(rounds).where(
            rounds.c.id == rnd.id, rounds.c.state == rnd.state, rounds.c.attempts == rnd.attempts
        )
        return await self._db.change(mine.values(rests_until=lease, attempts=rnd.attempts + 1)) == 1

    async def trying(self, round_id: int, at: datetime | None) -> None:
        await self._change_round(round_id, tried_at=at)

    async def put_off(self, round_id: int, until: datetime) -> None:
        await self._change_round(round_id, rests_until=until)

    async def _change_round(self, round_id: int, **values: object) -> None:
        await self._db.change(update(rounds).where(rounds.c.id == round_id).values(**values))

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
        return await self._db.one(query.order_by(rounds.c.id.desc()).limit(1), rows.to_round)

    async def daily_on(self, channel_id: int, slot: date) -> Round | None:
        query = rows.ROUND.where(rounds.c.channel_id == channel_id, rounds.c.slot == slot)
        return await self._db.one(query, rows.to_round)

    async def opened(self, round_id: int, message: str) -> None:
        posting = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.POSTING)
        values = {"state": State.OPEN.value, "message": message, "rests_until": None, "attempts": 0}
        await self._db.change(posting.values(values))

    async def void(self, round_id: int) -> None:
        posting = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.POSTING)
        await self._db.change(posting.values(state=State.VOID.value, slot=None, rests_until=None))

    async def close(self, round_id: int, at: datetime, lease: datetime) -> Round | None:
        return await self._db.write(lambda connection: _close(connection, self._insert, round_id, at, lease))

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
        return await self._db.all(query, lambda row: Asked(*row))

    # --- answers

    async def record(self, attempt: Attempt, cap: int | None) -> Recorded:
        try:
            return await self._recording((attempt, cap))
        except Gone as error:
            self._db.changes += 1  # what was read of them lately
            raise Unavailable("the member is not there any more") from error

    async def entry(self, rnd: Round, member_id: int) -> Entry | None:
        query = rows.ENTRY.where(entries.c.contest == rnd.contest, entries.c.member_id == member_id)
        return await self._db.one(query, rows.to_entry)

    async def entries(self, round_id: int) -> list[Entry]:
        query = rows.ENTRY.where(entries.c.round_id == round_id).order_by(entries.c.answer_id)
        return await self._db.all(query, rows.to_entry)

    async def answered(self, round_id: int) -> int:
        query = select(func.count()).select_from(entries).where(entries.c.round_id == round_id)
        return await self._db.read(lambda connection: connection.scalar(query)) or 0


# --- work in one transaction -------------------------------------------------------------------------------------


class _Claimed(Exception):
    """There is such a round already, or no place for it any more."""


def _claim(connection: Connection, insert: Insert, new: NewRound, lease: datetime) -> Round:
    body = rows.question_row(new.question)
    connection.execute(insert(questions).values(body).on_conflict_do_nothing())
    # On PostgreSQL claims of one team wait for each other, so that the second one sees the first's contest.
    connection.execute(select(teams.c.id).where(teams.c.id == new.team_id).with_for_update(key_share=True))
    contest = _contest(connection, new)
    row = rows.round_row(new, body["digest"]) | {"rests_until": lease, "contest": contest or 0}
    try:
        round_id = inserted(connection, rounds.insert().values(row).returning(rounds.c.id))
    except IntegrityError as error:  # to try again would not help
        raise _Claimed from error
    if contest is None:
        connection.execute(update(rounds).where(rounds.c.id == round_id).values(contest=round_id))
    return _round(connection, round_id)


def _contest(connection: Connection, new: NewRound) -> int | None:
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
    found: int | None = connection.scalar(query)
    return found


def _close(connection: Connection, insert: Insert, round_id: int, at: datetime, lease: datetime) -> Round | None:
    closing = update(rounds).where(rounds.c.id == round_id, rounds.c.state == State.OPEN)
    values = {"state": State.CLOSED.value, "closed_at": at, "rests_until": lease, "tried_at": None}
    if connection.execute(closing.values(values)).rowcount == 0:
        return None
    rnd = _round(connection, round_id)
    _settle(connection, insert, rnd)
    return rnd


def _settle(connection: Connection, insert: Insert, rnd: Round) -> None:
    """Move the standings by the answers whose grade waited for the reveal."""
    waiting = (entries.c.round_id == rnd.id, entries.c.settled.is_(False))
    found = [rows.to_entry(row) for row in connection.execute(rows.ENTRY.where(*waiting))]
    add_to_standings(connection, insert, [(rnd, entry) for entry in found])
    connection.execute(update(entries).where(*waiting).values(settled=True))


def _round(connection: Connection, round_id: int) -> Round:
    return rows.to_round(connection.execute(rows.ROUND.where(rounds.c.id == round_id)).one())
