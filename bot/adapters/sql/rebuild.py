"""Entries, standings and streaks of members, counted from the answer log and the scores left of its oldest part: what
linking, parting, regrading and checking need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, func, insert, literal, null, select, union, union_all

from bot.adapters.sql.ledger import MOVED, entry_row, moves
from bot.adapters.sql.rows import ROUND, head_team, parts, to_round
from bot.adapters.sql.streaks import Streak, streaks_of, write_streaks
from bot.adapters.sql.tables import answers, entries, members, regrades, rounds, scores, standings, teams
from bot.core import entries as rules
from bot.core.entries import Attempt
from bot.core.model import Entry, Grade, Round, RoundKind, State

PERSONS = 50
"""Persons that are counted at a time: with all that each has ever answered they fit in memory."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """What the answers of some members come to: the rows beside the log, by their keys."""

    entries: dict[tuple[int, int], Row]
    """By contest and member."""
    standings: dict[tuple[int, str, int], Row]
    """By team, period and member."""
    streaks: dict[int, Streak]


def rebuild(connection: Connection, member_ids: Iterable[int], cap: int | None) -> None:
    """Forget what the answers of these members come to, and count them again, in the order in which they came."""
    for heads in parts(_heads(connection, member_ids), PERSONS):
        ids = accounts(connection, heads)
        _hold(connection, ids)
        counted = from_log(connection, ids, cap)
        for table in (entries, standings):
            connection.execute(delete(table).where(table.c.member_id.in_(ids)))
        for table, found in ((entries, counted.entries), (standings, counted.standings)):
            if found:
                connection.execute(insert(table), list(found.values()))
        write_streaks(connection, counted.streaks)


def _heads(connection: Connection, member_ids: Iterable[int]) -> set[int]:
    """The members as which these members count."""
    head = func.coalesce(members.c.linked_to, members.c.id)
    found: set[int] = set()
    for ids in parts(member_ids):
        found |= set(connection.scalars(select(head).where(members.c.id.in_(ids))))
    return found


def accounts(connection: Connection, heads: Iterable[int]) -> set[int]:
    """These members, and all who count as one of them."""
    linked = connection.scalars(select(members.c.id).where(members.c.linked_to.in_(heads)))
    return {*heads, *linked}


def _hold(connection: Connection, ids: set[int]) -> None:
    """On PostgreSQL, keep other processes until the commit from what would change the count: answers of these members,
    the close of a round that they answered, a link of their team."""
    hold_members(connection, ids)
    home = select(members.c.team_id).where(members.c.id.in_(ids))
    connection.execute(_shared(select(teams.c.id).where(teams.c.id.in_(home)).order_by(teams.c.id)))
    answered = select(answers.c.round_id).where(answers.c.member_id.in_(ids))
    its = (rounds.c.id.in_(answered), rounds.c.state.in_((State.POSTING, State.OPEN)))
    connection.execute(_shared(select(rounds.c.id).where(*its).order_by(rounds.c.id)))


def hold_members(connection: Connection, ids: set[int]) -> None:
    """On PostgreSQL, keep other processes until the commit from counting for these members."""
    its_members = select(members.c.id).where(members.c.id.in_(ids)).order_by(members.c.id)
    connection.execute(its_members.with_for_update(key_share=True))


def _shared(query: Select[tuple[int]]) -> Select[tuple[int]]:
    return query.with_for_update(read=True)


def from_log(connection: Connection, ids: set[int], cap: int | None) -> Counted:
    """What the log comes to for these members, who are all the accounts of some persons."""
    counted = _replayed(_log(connection, ids), cap).values()
    team = head_team(members.c.team_id).label("team")
    home = connection.execute(select(members.c.id, team).where(members.c.id.in_(ids)))
    team_of = {row.id: row.team for row in home}
    lines: dict[tuple[int, str, int], Row] = {}
    for one in counted:
        for move in moves(one.rnd, one.entry, team_of[one.entry.member_id]):
            place = (move["team_id"], move["period"], move["member_id"])
            line = lines.get(place)
            lines[place] = move if line is None else line | {name: line[name] + move[name] for name in MOVED}
    its_entries = {
        (one.rnd.contest, one.entry.member_id): entry_row(one.rnd, one.entry, one.answer_id)
        for one in counted
        if one.answer_id is not None
    }
    return Counted(its_entries, lines, streaks_of(connection, ids))


def kept(connection: Connection, ids: set[int]) -> Counted:
    """What is kept beside the log for these members."""
    its_entries = connection.execute(select(entries).where(entries.c.member_id.in_(ids)))
    lines = connection.execute(select(standings).where(standings.c.member_id.in_(ids)))
    streaks = select(members.c.id, members.c.last_day, members.c.streak, members.c.longest)
    found = connection.execute(streaks.where(members.c.id.in_(ids)))
    return Counted(
        {(row["contest"], row["member_id"]): dict(row) for row in its_entries.mappings()},
        {(row["team_id"], row["period"], row["member_id"]): dict(row) for row in lines.mappings()},
        {id: Streak(*its) for id, *its in found},
    )


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


@dataclass(frozen=True, slots=True)
class _Logged:
    """An answer in the log, or the score that is left of it: then it has no id any more."""

    answer_id: int | None
    rnd: Round
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class _Counting:
    """An answer that counts."""

    answer_id: int | None
    rnd: Round
    entry: Entry
    origin: int


def _log(connection: Connection, ids: set[int]) -> list[_Logged]:
    """The answers of these members with their rounds, each under the member that it counts for."""
    linked = connection.execute(select(members.c.id, members.c.linked_to).where(members.c.id.in_(ids)))
    counts_for = {row.id: row.linked_to or row.id for row in linked}
    place = answers.c.id.label("place")
    logged = (
        select(place, answers.c.id, answers.c.round_id, answers.c.member_id, answers.c.at, *PRESENT)
        .outerjoin_from(answers, regrades, present(answers.c.id))
        .where(answers.c.member_id.in_(ids))
    )
    left = (
        select(scores.c.first, null(), rounds.c.id, scores.c.member_id, rounds.c.opened_at, scores.c.score, literal(""))
        .join_from(scores, rounds, rounds.c.id == scores.c.round_id)
        .where(scores.c.member_id.in_(ids))
    )
    found = connection.execute(union_all(logged, left).order_by("place")).all()
    answered = union(*(select(table.c.round_id).where(table.c.member_id.in_(ids)) for table in (answers, scores)))
    its_rounds = connection.execute(ROUND.where(rounds.c.id.in_(answered)))
    by_id = {row.id: to_round(row) for row in its_rounds}
    return [
        _Logged(
            row.id,
            by_id[row.round_id],
            Attempt(
                round_id=row.round_id,
                member_id=counts_for[row.member_id],
                origin=row.member_id,
                text="",  # which counts for nothing: the grade is given
                grade=Grade(row.score, row.reason),
                at=row.at,
            ),
        )
        for row in found
    ]


def _replayed(log: Sequence[_Logged], cap: int | None) -> dict[tuple[int, int], _Counting]:
    """The entries that a log comes to, by contest and member.

    What stands in the log was taken when it came. Between linked identities the first answer counts: a later one
    replaces it only where the same identity changed its mind in the same round.
    """
    counted: dict[tuple[int, int], _Counting] = {}
    extras: dict[tuple[int, date], int] = {}
    for one in log:
        rnd, attempt = one.rnd, one.attempt
        place, day = (rnd.contest, attempt.member_id), (attempt.member_id, rnd.day)
        earlier = counted.get(place)
        if earlier is None:
            entry = rules.entry(rnd, attempt, extras.get(day, 0), cap)
            extras[day] = extras.get(day, 0) + (rnd.kind is RoundKind.EXTRA)
        elif (earlier.rnd.id, earlier.origin) == (rnd.id, attempt.origin):
            entry = rules.entry(rnd, attempt, 0, None)
        else:
            continue
        counted[place] = _Counting(one.answer_id, rnd, entry, attempt.origin)
    return counted
