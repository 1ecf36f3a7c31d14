"""Answers of long ago, rolled up: what each was worth stays, and what was written goes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, delete, exists, func, or_, select, tuple_

from bot.adapters.sql.engine import Database
from bot.adapters.sql.rebuild import PRESENT, hold_members, present
from bot.adapters.sql.tables import (
    answers,
    appeals,
    audit,
    chores,
    entries,
    members,
    practices,
    regrades,
    rounds,
    scores,
)
from bot.core.model import Feedback, RolledUp, State

PAGE = 200
"""Rows in one transaction, so that it is over before a member's answer has waited for it."""

FINISHED = (State.REVEALED, State.VOID)
"""The states after which nothing that a round was answered is shown again."""


class RolledTables:
    """The part of the store that forgets what was written and keeps what it came to."""

    _db: Database

    async def turn(self, chore: str, now: datetime, rests_until: datetime) -> bool:
        new = self._db.insert(chores).values(name=chore, rests_until=rests_until)
        taken = new.on_conflict_do_update(
            index_elements=["name"], set_={"rests_until": rests_until}, where=chores.c.rests_until <= now
        )
        return await self._db.write(lambda connection: connection.execute(taken).rowcount) == 1

    async def roll_up(self, before: date, after: int) -> RolledUp | None:
        # The log is in the order of time and loses its head here, so the oldest page tells whether anything is left.
        oldest = (
            select(answers.c.id, answers.c.round_id, answers.c.member_id, rounds.c.day, rounds.c.state)
            .join(rounds, rounds.c.id == answers.c.round_id)
            .where(answers.c.id > after)
            .order_by(answers.c.id)
            .limit(PAGE)
        )
        page = await self._db.read(lambda connection: connection.execute(oldest).all())
        old = [row for row in page if row.day < before]
        if not old:
            return None
        given = {(row.round_id, row.member_id) for row in old if row.state in FINISHED}
        gone = await self._db.write(partial(_roll_up, given=given)) if given else 0
        return RolledUp(gone, page[-1].id)

    async def forget(self, before: datetime) -> int:
        oldest = select(practices.c.id, practices.c.begun_at).order_by(practices.c.id).limit(PAGE).subquery()
        practised = delete(practices).where(practices.c.id.in_(select(oldest.c.id).where(oldest.c.begun_at < before)))
        quoting = select(audit.c.id).where(audit.c.at < before, audit.c.about.is_not(None)).limit(PAGE)
        ruled = delete(audit).where(audit.c.id.in_(quoting))
        gone = (practised, ruled)
        return await self._db.write(lambda connection: sum(connection.execute(one).rowcount for one in gone))

    async def rolled_up(self, round_id: int) -> bool:
        query = select(exists().where(scores.c.round_id == round_id))
        return bool(await self._db.read(lambda connection: connection.scalar(query)))


def _roll_up(connection: Connection, given: Collection[tuple[int, int]]) -> int:
    """Put one score in the place of all answers that each of these members gave in each of these rounds."""
    hold_members(connection, {member_id for _, member_id in given})
    of = (
        answers.c.round_id.in_({round_id for round_id, _ in given}),  # which an index knows
        tuple_(answers.c.round_id, answers.c.member_id).in_(list(given)),
    )
    connection.execute(scores.insert().from_select(("round_id", "member_id", "first", "score"), _worth(*of)))
    these = select(answers.c.id).where(*of)
    for table in (regrades, appeals, entries):
        connection.execute(delete(table).where(table.c.answer_id.in_(these)))
    return connection.execute(delete(answers).where(*of)).rowcount


def _worth(*of: ColumnElement[bool]) -> Select[tuple[int, int, int, float]]:
    """What the answers came to: by round and member, the place of the first one and the present score of the last."""
    given = (
        select(
            answers.c.round_id,
            answers.c.member_id,
            func.min(answers.c.id).label("first"),
            func.max(answers.c.id).label("last"),
        )
        .where(*of)
        .group_by(answers.c.round_id, answers.c.member_id)
        .subquery()
    )
    return (
        select(given.c.round_id, given.c.member_id, given.c.first, PRESENT[0])
        .join_from(given, answers, answers.c.id == given.c.last)
        .outerjoin(regrades, present(answers.c.id))
    )


def scores_of(member_id: int) -> Subquery:
    """The scores that count for a person, with their rounds: between linked identities the first one in a contest,
    where no answer in the log counts in it."""
    own = and_(members.c.id == member_id, members.c.linked_to.is_(None))
    its = select(members.c.id).where(or_(own, members.c.linked_to == member_id))
    told = or_(rounds.c.feedback == Feedback.IMMEDIATE, rounds.c.state == State.REVEALED)
    firsts = (
        select(func.min(scores.c.first))
        .join(rounds, rounds.c.id == scores.c.round_id)
        .where(scores.c.member_id.in_(its))
        .group_by(rounds.c.contest)
    )
    logged = exists().where(entries.c.contest == rounds.c.contest, entries.c.member_id == member_id)
    return (
        select(rounds.c.question_id, rounds.c.question, rounds.c.opened_at, scores.c.score)
        .join_from(scores, rounds, rounds.c.id == scores.c.round_id)
        .where(scores.c.member_id.in_(its), scores.c.first.in_(firsts), told, ~logged)
        .subquery()
    )
