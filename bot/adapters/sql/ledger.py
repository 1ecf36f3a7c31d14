"""Answers into the log, and the standings beside it. Answers that come at once share a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql.engine import Database, Insert
from bot.adapters.sql.rows import ENTRY, ROUND, asked_day_before, head_team, parts, to_entry, to_round
from bot.adapters.sql.streaks import count_streaks
from bot.adapters.sql.tables import answers, entries, members, rounds, standings
from bot.core import entries as rules
from bot.core.boards import keys
from bot.core.entries import Attempt, Ruling
from bot.core.model import Entry, Round, RoundKind
from bot.core.ports import Recorded, Unavailable

BATCH = 500
"""Answers in one commit at most."""


@dataclass(slots=True)
class _Waiting:
    attempt: Attempt
    cap: int | None
    done: asyncio.Future[Recorded]


@dataclass(slots=True)
class _Taken:
    """An answer that the rules took, with all that the tables need of it."""

    rnd: Round
    attempt: Attempt
    entry: Entry
    first: bool


class Ledger:
    """Writes answers: whoever comes while a commit is under way shares the next one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, attempt: Attempt, cap: int | None) -> Recorded:
        """Durable when it returns. Raises ``Unavailable``: then nothing was stored."""
        waiting = _Waiting(attempt, cap, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await waiting.done

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._commit(batch)
        finally:
            self._writing = None

    async def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            async with self._database.writing() as connection:
                results = await _Batch(connection, self._database.insert).record(batch)
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, Unavailable):
                for waiting in batch:  # one that cannot be stored takes no other with it
                    await self._commit([waiting])
                return
            for waiting in batch:
                if not waiting.done.done():
                    waiting.done.set_exception(error)
            return
        for waiting, result in zip(batch, results, strict=True):
            if not waiting.done.done():
                waiting.done.set_result(result)

    async def drain(self) -> None:
        """Wait for the commits under way."""
        if self._writing is not None:
            await self._writing


class _Batch:
    """One transaction over several answers: what they meet is read at once, ruled upon in order, written at once."""

    def __init__(self, connection: AsyncConnection, insert: Insert) -> None:
        self._connection = connection
        self._insert = insert

    async def record(self, batch: Sequence[_Waiting]) -> list[Recorded]:
        attempts = await self._counting([waiting.attempt for waiting in batch])
        rnds = await self._rounds({attempt.round_id for attempt in attempts})
        current = await self._entries((rnds[a.round_id].contest, a.member_id) for a in attempts)
        seen = await self._deliveries([a.delivery for a in attempts if a.delivery])
        extras = await self._extras(attempts, rnds)
        results, taken = [], []
        for waiting, attempt in zip(batch, attempts, strict=True):
            rnd = rnds[attempt.round_id]
            place, day = (rnd.contest, attempt.member_id), (attempt.member_id, rnd.day)
            earlier = current.get(place)
            ruling = rules.ruling(rnd, earlier, attempt.text, attempt.at, attempt.origin)
            if attempt.delivery and attempt.delivery in seen:
                ruling = Ruling.SAME  # the platform repeats itself
            elif ruling is Ruling.COUNTS:
                entry = rules.entry(rnd, attempt, extras.get(day, 0), waiting.cap)
                taken.append(_Taken(rnd, attempt, entry, first=earlier is None))
                current[place] = entry
                seen.add(attempt.delivery)
                extras[day] = extras.get(day, 0) + (rnd.kind is RoundKind.EXTRA)
            results.append(Recorded(ruling, rnd, current.get(place), earlier))
        if taken:
            await self._write(taken)
        return results

    # --- reading

    async def _counting(self, attempts: Sequence[Attempt]) -> list[Attempt]:
        """The attempts under the members that they count for now: links may have changed since they were made.

        On PostgreSQL the members are held until the commit, in the order of their ids: of two processes that record
        for one person the second waits, and meets what the first has written.
        """
        origins = {attempt.origin for attempt in attempts}
        await hold_members(self._connection, origins)
        head = func.coalesce(members.c.linked_to, members.c.id).label("head")
        query = select(members.c.id, head).where(members.c.id.in_(origins))
        heads = {row.id: row.head for row in await self._connection.execute(query)}
        return [replace(attempt, member_id=heads.get(attempt.origin, attempt.member_id)) for attempt in attempts]

    async def _rounds(self, ids: Iterable[int]) -> dict[int, Round]:
        # On PostgreSQL the row is held, so that no round closes between the ruling and the commit.
        found = await self._connection.execute(ROUND.where(rounds.c.id.in_(ids)).with_for_update(read=True, of=rounds))
        return {row.id: to_round(row) for row in found}

    async def _entries(self, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Entry]:
        these = tuple_(entries.c.contest, entries.c.member_id).in_(set(places))
        found = await self._connection.execute(ENTRY.where(these))
        return {(row.contest, row.member_id): to_entry(row) for row in found}

    async def _deliveries(self, deliveries: Sequence[str]) -> set[str]:
        if not deliveries:
            return set()
        found = await self._connection.scalars(select(answers.c.delivery).where(answers.c.delivery.in_(deliveries)))
        return set(found) - {None}

    async def _extras(self, attempts: Sequence[Attempt], rnds: Mapping[int, Round]) -> dict[tuple[int, date], int]:
        """How many extra rounds of the day each member answered before."""
        asked = {(a.member_id, rnds[a.round_id].day) for a in attempts if rnds[a.round_id].kind is RoundKind.EXTRA}
        if not asked:
            return {}
        found = await self._connection.execute(
            select(entries.c.member_id, rounds.c.day, func.count())
            .join_from(entries, rounds, entries.c.round_id == rounds.c.id)
            .where(rounds.c.kind == RoundKind.EXTRA, tuple_(entries.c.member_id, rounds.c.day).in_(asked))
            .group_by(entries.c.member_id, rounds.c.day)
        )
        return {(member, day): count for member, day, count in found}

    # --- writing

    async def _write(self, taken: Sequence[_Taken]) -> None:
        ids = await self._connection.scalars(
            answers.insert().returning(answers.c.id, sort_by_parameter_order=True),
            [_answer_row(one.attempt) for one in taken],
        )
        latest = {
            (one.rnd.contest, one.entry.member_id): entry_row(one.rnd, one.entry, answer_id)
            for one, answer_id in zip(taken, ids, strict=True)
        }
        await self._put_entries(list(latest.values()))
        firsts = [one for one in taken if one.first]
        await add_to_standings(self._connection, self._insert, [(one.rnd, one.entry) for one in firsts])
        await self._streaks(firsts)

    async def _put_entries(self, rows: list[dict[str, object]]) -> None:
        put = self._insert(entries)
        changes = {name: put.excluded[name] for name in rows[0] if name not in ("contest", "member_id", "settled")}
        key = ["contest", "member_id"]
        await self._connection.execute(put.on_conflict_do_update(index_elements=key, set_=changes), rows)

    async def _streaks(self, firsts: Sequence[_Taken]) -> None:
        """Count the day for those who had not taken part in it yet."""
        for team_id, day in {(one.rnd.team_id, one.rnd.day) for one in firsts}:
            before = await self._connection.scalar(asked_day_before(team_id, day))
            who = {one.entry.member_id for one in firsts if (one.rnd.team_id, one.rnd.day) == (team_id, day)}
            found = await self._connection.execute(
                select(members.c.id, members.c.last_day, members.c.streak, members.c.longest).where(
                    members.c.id.in_(who)
                )
            )
            for member in found.all():
                if member.last_day is not None and member.last_day > day:
                    await count_streaks(self._connection, [member.id])
                if member.last_day is not None and member.last_day >= day:
                    continue
                unbroken = member.last_day is not None and (before is None or member.last_day >= before)
                streak = member.streak + 1 if unbroken else 1
                await self._connection.execute(
                    update(members)
                    .where(members.c.id == member.id)
                    .values(last_day=day, streak=streak, longest=max(streak, member.longest))
                )


async def hold_members(connection: AsyncConnection, ids: Iterable[int]) -> None:
    """Keep other processes from counting for these members, and those they count as, until the transaction ends."""
    heads = select(members.c.linked_to).where(members.c.id.in_(ids), members.c.linked_to.is_not(None))
    held = select(members.c.id).where(or_(members.c.id.in_(ids), members.c.id.in_(heads)))
    await connection.execute(held.order_by(members.c.id).with_for_update(key_share=True))


Move = dict[str, object]


def _answer_row(attempt: Attempt) -> dict[str, object]:
    return {
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


def _moves(rnd: Round, entry: Entry, team_id: int) -> list[Move]:
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


async def add_to_standings(connection: AsyncConnection, insert: Insert, earned: Sequence[tuple[Round, Entry]]) -> None:
    """Move the standings by entries, each in the team of its member: what somebody earned is theirs wherever it was."""
    if not earned:
        return
    team = head_team(members.c.team_id).label("team")
    team_of: dict[int, int] = {}
    for ids in parts(entry.member_id for _, entry in earned):
        home = select(members.c.id, team).where(members.c.id.in_(ids))
        team_of |= {row.id: row.team for row in await connection.execute(home)}
    # In one order everywhere: on PostgreSQL two transactions that touch the same lines would else wait for each other.
    order = sorted(earned, key=lambda one: one[1].member_id)
    rows = [move for rnd, entry in order for move in _moves(rnd, entry, team_of[entry.member_id])]
    add = insert(standings)
    sums = {name: standings.c[name] + add.excluded[name] for name in ("points", "right", "answered")}
    await connection.execute(
        add.on_conflict_do_update(index_elements=["team_id", "period", "member_id"], set_=sums), rows
    )
