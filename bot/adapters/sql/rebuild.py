"""Entries and standings of members, made anew from the answer log: what linking, parting and regrading need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.engine import Insert
from bot.adapters.sql.ledger import add_to_standings, entry_row
from bot.adapters.sql.rows import ROUND, to_round
from bot.adapters.sql.streaks import count_streaks
from bot.adapters.sql.tables import answers, entries, members, regrades, rounds, standings
from bot.core import entries as rules
from bot.core.entries import Attempt
from bot.core.model import Entry, Grade, Round, RoundKind


async def rebuild(connection: AsyncConnection, insert: Insert, member_ids: Iterable[int], cap: int | None) -> None:
    """Forget what the answers of these members come to, and count them again, in the order in which they came."""
    ids = await _with_linked(connection, member_ids)
    for table in (entries, standings):
        await connection.execute(delete(table).where(table.c.member_id.in_(ids)))
    log = await _log(connection, ids)
    counted = _replayed(log, cap)
    if counted:
        await connection.execute(entries.insert(), [entry_row(rnd, entry, id) for rnd, entry, id in counted.values()])
    await connection.run_sync(add_to_standings, insert, [(rnd, entry) for rnd, entry, _ in counted.values()])
    await connection.run_sync(count_streaks, ids)


async def _with_linked(connection: AsyncConnection, member_ids: Iterable[int]) -> set[int]:
    """These members, those they count as, and all who count as the same."""
    ids = set(member_ids)
    heads = await connection.scalars(
        select(func.coalesce(members.c.linked_to, members.c.id)).where(members.c.id.in_(ids))
    )
    heads_found = set(heads)
    linked = await connection.scalars(select(members.c.id).where(members.c.linked_to.in_(heads_found)))
    return ids | heads_found | set(linked)


def present(answer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Joins ``regrades`` so that an answer meets its latest one only."""
    later = regrades.alias()
    latest = select(func.max(later.c.id)).where(later.c.answer_id == answer_id).scalar_subquery()
    return regrades.c.id == latest


PRESENT = (
    func.coalesce(regrades.c.score, answers.c.score).label("score"),
    func.coalesce(regrades.c.reason, answers.c.reason).label("reason"),
)
"""The grade that an answer has now: its latest regrade, or the one it was logged with."""

Logged = tuple[int, Round, Attempt]


async def _log(connection: AsyncConnection, ids: set[int]) -> list[Logged]:
    """The answers of these members with their rounds, each under the member that it counts for."""
    linked = await connection.execute(select(members.c.id, members.c.linked_to).where(members.c.id.in_(ids)))
    counts_for = {row.id: row.linked_to or row.id for row in linked}
    query = (
        select(answers.c.id, answers.c.round_id, answers.c.member_id, answers.c.text, answers.c.at, *PRESENT)
        .outerjoin_from(answers, regrades, present(answers.c.id))
        .where(answers.c.member_id.in_(ids))
        .order_by(answers.c.id)
    )
    found = (await connection.execute(query)).all()
    its_rounds = await connection.execute(ROUND.where(rounds.c.id.in_({row.round_id for row in found})))
    by_id = {row.id: to_round(row) for row in its_rounds}
    return [
        (
            row.id,
            by_id[row.round_id],
            Attempt(
                round_id=row.round_id,
                member_id=counts_for[row.member_id],
                origin=row.member_id,
                text=row.text,
                grade=Grade(row.score, row.reason),
                at=row.at,
            ),
        )
        for row in found
    ]


def _replayed(log: Sequence[Logged], cap: int | None) -> dict[tuple[int, int], tuple[Round, Entry, int]]:
    """The entries that a log comes to, by contest and member, with the id of the answer.

    What stands in the log was taken when it came. Between linked identities the first answer counts: a later one
    replaces it only where the same identity changed its mind in the same round.
    """
    counted: dict[tuple[int, int], tuple[Round, Entry, int]] = {}
    origins: dict[tuple[int, int], int] = {}
    extras: dict[tuple[int, date], int] = {}
    for answer_id, rnd, attempt in log:
        place, day = (rnd.contest, attempt.member_id), (attempt.member_id, rnd.day)
        if place in counted:
            if counted[place][1].round_id == rnd.id and origins[place] == attempt.origin:
                entry = rules.entry(rnd, attempt, 0, None)
                counted[place] = (rnd, entry, answer_id)
            continue
        counted[place] = (rnd, rules.entry(rnd, attempt, extras.get(day, 0), cap), answer_id)
        origins[place] = attempt.origin
        extras[day] = extras.get(day, 0) + (rnd.kind is RoundKind.EXTRA)
    return counted
