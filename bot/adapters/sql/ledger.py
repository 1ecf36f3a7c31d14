"""Answers into the log, and the standings beside it: one transaction over several answers.

What they meet is read at once, ruled upon in order, and written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Date,
    Executable,
    Integer,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)

from bot.adapters.sql.engine import Insert
from bot.adapters.sql.prepared import Command, Query
from bot.adapters.sql.rows import ENTRY, ROUND, asked_day_before, gathered, parts, to_entry, to_round
from bot.adapters.sql.streaks import count_streaks
from bot.adapters.sql.tables import answers, entries, members, rounds, standings, teams
from bot.core import entries as rules
from bot.core.boards import keys
from bot.core.entries import Attempt, Ruling
from bot.core.model import Entry, Round, RoundKind
from bot.core.ports import Recorded


class Gone(Exception):
    """Whoever gave the answer erased themselves in this instant; what they send next is a new member's."""


@dataclass(slots=True)
class _Taken:
    """An answer that the rules took, with all that the tables need of it."""

    rnd: Round
    attempt: Attempt
    entry: Entry
    first: bool


@dataclass(frozen=True, slots=True)
class _Person:
    """The member that an answer counts for, their team, and the streak as of the last day they took part in."""

    id: int
    team: int
    last_day: date | None
    streak: int
    longest: int


BOARD = 7_284_973
"""With a team's id: the lock under which its board is moved on PostgreSQL."""

Asks = Sequence[tuple[Attempt, int | None]]
"""Attempts, each with the daily cap of extra rounds."""


def record(connection: Connection, insert: Insert, asks: Asks, *, again: bool = False) -> list[Recorded]:
    """Rule on attempts in the order in which they came, and write down those that the rules take.

    A platform seldom delivers twice, so a delivery is looked up only where its answer would not count anyway, and when
    this is done ``again``: the first time a repeated one that would count raises ``IntegrityError``.
    """
    people = _people(connection, {attempt.origin for attempt, _ in asks})
    attempts = [_counting(attempt, people) for attempt, _ in asks]
    rnds = _rounds(connection, {attempt.round_id for attempt in attempts})
    current = _entries(connection, {(rnds[a.round_id].contest, a.member_id) for a in attempts})
    seen = _deliveries(connection, [a.delivery for a in attempts if a.delivery]) if again else set()
    extras = _extras(connection, attempts, rnds)
    results, taken = [], []
    for attempt, (_, cap) in zip(attempts, asks, strict=True):
        rnd = rnds[attempt.round_id]
        place, day = (rnd.contest, attempt.member_id), (attempt.member_id, rnd.day)
        earlier = current.get(place)
        ruling = rules.ruling(rnd, earlier, attempt.text, attempt.at, attempt.origin)
        if ruling is not Ruling.COUNTS and not again:
            seen |= _deliveries(connection, [attempt.delivery])
        if attempt.delivery and attempt.delivery in seen:
            ruling = Ruling.SAME  # the platform repeats itself
        elif ruling is Ruling.COUNTS:
            entry = rules.entry(rnd, attempt, extras.get(day, 0), cap)
            taken.append(_Taken(rnd, attempt, entry, first=earlier is None))
            current[place] = entry
            seen.add(attempt.delivery)
            extras[day] = extras.get(day, 0) + (rnd.kind is RoundKind.EXTRA)
        results.append(Recorded(ruling, rnd, current.get(place), earlier))
    if taken:
        _write(connection, insert, taken, people)
    return results


# --- reading -----------------------------------------------------------------------------------------------------

_HEAD = members.alias("head")
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_PEOPLE = Query(
    select(
        members.c.id.label("origin"),
        _HEAD.c.id,
        func.coalesce(teams.c.linked_to, teams.c.id).label("team"),
        _HEAD.c.last_day,
        _HEAD.c.streak,
        _HEAD.c.longest,
    )
    .join(_HEAD, _HEAD.c.id == func.coalesce(members.c.linked_to, members.c.id))
    .join(teams, teams.c.id == _HEAD.c.team_id)
    .where(members.c.id.in_(_IDS))
    .with_for_update(read=True, of=teams)
)

_HELD = (
    select(members.c.id)
    .where(
        or_(
            members.c.id.in_(_IDS),
            members.c.id.in_(select(_HEAD.c.linked_to).where(_HEAD.c.id.in_(_IDS), _HEAD.c.linked_to.is_not(None))),
        )
    )
    .order_by(members.c.id)
    .with_for_update(key_share=True)
)

_ROUNDS = Query(ROUND.where(rounds.c.id.in_(_IDS)).with_for_update(read=True, of=rounds))

# One contest at a time: SQLite has no use of an index for pairs of values.
_ENTRIES = Query(ENTRY.where(entries.c.contest == bindparam("contest"), entries.c.member_id.in_(_IDS)))

_DELIVERIES = Query(select(answers.c.delivery).where(answers.c.delivery.in_(_IDS)))

_EXTRAS = Query(
    select(entries.c.member_id, func.count().label("count"))
    .join_from(entries, rounds, entries.c.round_id == rounds.c.id)
    .where(rounds.c.kind == RoundKind.EXTRA, rounds.c.day == bindparam("day"), entries.c.member_id.in_(_IDS))
    .group_by(entries.c.member_id)
)


def _people(connection: Connection, origins: set[int]) -> dict[int, _Person]:
    """The members that those count for now who gave the answers: links may have changed since they did.

    On PostgreSQL they are held until the commit, in the order of their ids: of two processes that record for one
    person the second waits, and meets what the first has written. Their teams are held too, so that none is linked
    between this and the lines that it gets.
    """
    ids = sorted(origins)
    if connection.dialect.name == "postgresql":
        connection.execute(_HELD, {"ids": ids})
    return {origin: _Person(*rest) for origin, *rest in _PEOPLE(connection, ids=ids)}


def _counting(attempt: Attempt, people: Mapping[int, _Person]) -> Attempt:
    if attempt.origin not in people:
        raise Gone
    head = people[attempt.origin].id
    return attempt if head == attempt.member_id else replace(attempt, member_id=head)


def _rounds(connection: Connection, ids: Iterable[int]) -> dict[int, Round]:
    # On PostgreSQL the row is held, so that no round closes between the ruling and the commit.
    return {row.id: to_round(row) for row in _ROUNDS(connection, ids=list(ids))}


def _entries(connection: Connection, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Entry]:
    found: dict[tuple[int, int], Entry] = {}
    for contest, ids in gathered(places).items():
        for row in _ENTRIES(connection, contest=contest, ids=ids):
            found[contest, row.member_id] = to_entry(row)
    return found


def _deliveries(connection: Connection, deliveries: Sequence[str]) -> set[str]:
    return {row.delivery for row in _DELIVERIES(connection, ids=list(deliveries))} if deliveries else set()


def _extras(
    connection: Connection, attempts: Sequence[Attempt], rnds: Mapping[int, Round]
) -> dict[tuple[int, date], int]:
    """How many extra rounds of the day each member answered before."""
    asked = {(rnds[a.round_id].day, a.member_id) for a in attempts if rnds[a.round_id].kind is RoundKind.EXTRA}
    found: dict[tuple[int, date], int] = {}
    for day, ids in gathered(asked).items():
        for member, count in _EXTRAS(connection, day=day, ids=ids):
            found[member, day] = count
    return found


# --- writing -----------------------------------------------------------------------------------------------------

_NEXT_IDS = text("SELECT nextval('answers_id_seq') FROM generate_series(1, :count)")
_LAST_ID = Query(select(column("seq", Integer)).select_from(text("sqlite_sequence")).where(text("name = 'answers'")))

_LOG = Command(lambda insert: insert(answers))

_TOOK_PART = Command(
    lambda _: (
        update(members)
        .where(members.c.id == bindparam("who"))
        .values(last_day=bindparam("day", type_=Date), streak=bindparam("now"), longest=bindparam("most"))
    )
)


def _put(insert: Insert) -> Executable:
    put = insert(entries)
    kept = ("contest", "member_id", "settled")
    changes = {column.name: put.excluded[column.name] for column in entries.c if column.name not in kept}
    return put.on_conflict_do_update(index_elements=["contest", "member_id"], set_=changes)


def _add(insert: Insert) -> Executable:
    add = insert(standings)
    sums = {name: standings.c[name] + add.excluded[name] for name in MOVED}
    moved = or_(*(add.excluded[name] != literal_column("0") for name in MOVED))  # else the line stays as it is
    return add.on_conflict_do_update(index_elements=["team_id", "period", "member_id"], set_=sums, where=moved)


_PUT, _ADD = Command(_put), Command(_add)


def _write(connection: Connection, insert: Insert, taken: Sequence[_Taken], people: Mapping[int, _Person]) -> None:
    ids = _new_ids(connection, len(taken))
    _LOG(connection, insert, [_answer_row(id, one.attempt) for id, one in zip(ids, taken, strict=True)])
    latest = {
        (one.rnd.contest, one.entry.member_id): entry_row(one.rnd, one.entry, answer_id)
        for one, answer_id in zip(taken, ids, strict=True)
    }
    _PUT(connection, insert, list(latest.values()))
    firsts = [one for one in taken if one.first]
    if firsts:
        team_of = {person.id: person.team for person in people.values()}
        _move(connection, insert, [(one.rnd, one.entry) for one in firsts], team_of)
        _count_day(connection, insert, firsts, people)


def _new_ids(connection: Connection, count: int) -> Sequence[int]:
    """Ids for answers, in order; to let the database choose them it would have to be asked for each row by itself."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(_NEXT_IDS, {"count": count}).all()
    last = next((row.seq for row in _LAST_ID(connection)), 0)  # nobody else writes meanwhile
    return range(last + 1, last + 1 + count)


def _count_day(connection: Connection, insert: Insert, firsts: Sequence[_Taken], people: Mapping[int, _Person]) -> None:
    """Count the day for those who had not taken part in it yet."""
    asked: dict[tuple[int, date], date | None] = {}  # the day before on which a team was asked
    counted: dict[int, _Person] = {}
    for one in firsts:
        team, day = one.rnd.team_id, one.rnd.day
        person = counted.get(one.entry.member_id, people[one.attempt.origin])
        if person.last_day is not None and person.last_day > day:
            count_streaks(connection, [person.id])
        if person.last_day is not None and person.last_day >= day:
            continue
        if (team, day) not in asked:
            asked[team, day] = asked_day_before(connection, team, day)
        counted[person.id] = _on(person, day, asked[team, day])
    if counted:
        order = sorted(counted.values(), key=lambda person: person.id)
        rows = [{"who": p.id, "day": p.last_day, "now": p.streak, "most": p.longest} for p in order]
        _TOOK_PART(connection, insert, rows)


def _on(person: _Person, day: date, before: date | None) -> _Person:
    """The person after a day that they took part in, where the team's last asked day was ``before`` it."""
    unbroken = person.last_day is not None and (before is None or person.last_day >= before)
    streak = person.streak + 1 if unbroken else 1
    return _Person(person.id, person.team, day, streak, max(streak, person.longest))


Move = dict[str, Any]

MOVED = ("points", "right", "answered")
"""What a line of the standings sums up."""


def _answer_row(id: int, attempt: Attempt) -> dict[str, object]:
    return {
        "id": id,
        "round_id": attempt.round_id,
        "member_id": attempt.origin,
        "text": attempt.text,
        "at": attempt.at,
        "delivery": attempt.delivery or None,
        "score": attempt.grade.score,
        "reason": attempt.grade.reason,
    }


def entry_row(rnd: Round, entry: Entry, answer_id: int) -> dict[str, object]:
    return {
        "contest": rnd.contest,
        "member_id": entry.member_id,
        "round_id": rnd.id,
        "answer_id": answer_id,
        "score": entry.grade.score,
        "reason": entry.grade.reason,
        "points": entry.points,
        "capped": entry.capped,
        "settled": rnd.told,
    }


def moves(rnd: Round, entry: Entry, team_id: int) -> list[Move]:
    """What an entry adds to the standings of each period: a line, and its points once its grade is told."""
    settled = rnd.told
    return [
        {
            "team_id": team_id,
            "period": key,
            "member_id": entry.member_id,
            "points": entry.points if settled else 0,
            "right": int(settled and entry.grade.correct),
            "answered": int(settled),
        }
        for key in keys(rnd.day)
    ]


def add_to_standings(connection: Connection, insert: Insert, earned: Sequence[tuple[Round, Entry]]) -> None:
    """Move the standings by entries, each in the team of its member: what somebody earned is theirs wherever it was."""
    if not earned:
        return
    team = func.coalesce(teams.c.linked_to, teams.c.id).label("team")
    home = select(members.c.id, team).join(teams).with_for_update(read=True, of=teams)
    team_of: dict[int, int] = {}
    for ids in parts(entry.member_id for _, entry in earned):
        team_of |= {row.id: row.team for row in connection.execute(home.where(members.c.id.in_(ids)))}
    _move(connection, insert, earned, team_of)


def _move(
    connection: Connection, insert: Insert, earned: Sequence[tuple[Round, Entry]], team_of: Mapping[int, int]
) -> None:
    if connection.dialect.name == "postgresql":
        _one_at_a_time(connection, team_of.values())
    rows = [move for rnd, entry in earned for move in moves(rnd, entry, team_of[entry.member_id])]
    # As the key has them: lines that lie side by side, and for all processes in one order.
    _ADD(connection, insert, sorted(rows, key=itemgetter("team_id", "period", "member_id")))


def _one_at_a_time(connection: Connection, team_ids: Iterable[int]) -> None:
    """Let processes move a team's board one after the other: they would meet in its tallies, each in its own order."""
    for team_id in sorted(set(team_ids)):
        connection.execute(select(func.pg_advisory_xact_lock(BOARD, team_id)))
