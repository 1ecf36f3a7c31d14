"""What is each member's own: practice, statistics, and all that is stored on somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, or_, select, union_all, update

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database, inserted
from bot.adapters.sql.rolled import scores_of
from bot.adapters.sql.tables import (
    answers,
    appeals,
    audit,
    codes,
    entries,
    identities,
    members,
    practices,
    questions,
    regrades,
    reports,
    rounds,
    scores,
    standings,
)
from bot.core.model import Grade, Practice, Question, Record, State, TopicRecord, Wish


class PrivateTables:
    """The part of the store that concerns one member alone."""

    _db: Database

    async def being_asked(self, team_id: int) -> frozenset[str]:
        here = rows.same_team(rounds.c.team_id, team_id)
        query = select(rounds.c.question_id).where(here, rounds.c.state.in_((State.POSTING, State.OPEN)))
        return await self._db.read(lambda connection: frozenset(connection.scalars(query)))

    async def results_of(self, member_id: int) -> Mapping[str, bool]:
        its = select(members.c.id).where(or_(members.c.id == member_id, members.c.linked_to == member_id))
        rolled_up = scores_of(member_id)
        answered = union_all(
            select(rounds.c.question_id, answers.c.at, entries.c.score)
            .join_from(entries, rounds, entries.c.round_id == rounds.c.id)
            .join(answers, answers.c.id == entries.c.answer_id)
            .where(entries.c.member_id == member_id, entries.c.settled.is_(True)),
            select(questions.c.id, practices.c.answered_at, practices.c.score)
            .join_from(practices, questions)
            .where(practices.c.member_id.in_(its), practices.c.answered_at.is_not(None)),
            select(rolled_up.c.question_id, rolled_up.c.opened_at, rolled_up.c.score),
        ).subquery()
        query = select(answered.c.question_id, answered.c.score).order_by(answered.c.at)
        return await self._db.read(
            lambda connection: {question_id: score >= 1 for question_id, score in connection.execute(query)}
        )

    async def begin_practice(
        self, member_id: int, question: Question, order: tuple[int, ...], wish: Wish, at: datetime
    ) -> Practice:
        row = rows.question_row(question)
        new = practices.insert().values(
            member_id=member_id,
            question=row["digest"],
            order="".join(map(str, order)),
            wish=rows.encoded(wish),
            begun_at=at,
        )
        put = self._db.insert(questions).values(row).on_conflict_do_nothing()

        def work(connection: Connection) -> int:
            connection.execute(put)
            return inserted(connection, new.returning(practices.c.id))

        return Practice(await self._db.write(work), member_id, question.in_order(order), wish)

    async def practice(self, practice_id: int) -> Practice | None:
        query = select(practices, questions.c.body).join(questions).where(practices.c.id == practice_id)
        return await self._db.one(query, _to_practice)

    async def end_practice(self, practice: Practice, text: str, grade: Grade, at: datetime) -> Practice:
        first = update(practices).where(practices.c.id == practice.id, practices.c.answered_at.is_(None))
        values = {"text": text, "score": grade.score, "reason": grade.reason, "answered_at": at}
        await self._db.change(first.values(values))
        return await self.practice(practice.id) or practice

    async def record_of(self, member_id: int, last: int) -> Record:
        told = (entries.c.member_id == member_id, entries.c.settled.is_(True))
        rolled_up = scores_of(member_id)
        scored = union_all(
            select(rounds.c.question, entries.c.score)
            .join_from(entries, rounds, entries.c.round_id == rounds.c.id)
            .where(*told),
            select(rolled_up.c.question, rolled_up.c.score),
        ).subquery()
        by_topic = (
            select(questions.c.topic, func.count(), func.avg(scored.c.score))
            .join_from(scored, questions, questions.c.digest == scored.c.question)
            .group_by(questions.c.topic)
        )
        latest = rows.ENTRY.where(*told).order_by(entries.c.answer_id.desc()).limit(last)

        def work(connection: Connection) -> Record:
            topics = tuple(TopicRecord(*row) for row in connection.execute(by_topic))
            found = [rows.to_entry(row) for row in connection.execute(latest)]
            asked = rows.ROUND.where(rounds.c.id.in_([entry.round_id for entry in found]))
            by_id = {row.id: rows.to_round(row).question for row in connection.execute(asked)}
            longest = connection.scalar(select(members.c.longest).where(members.c.id == member_id)) or 0
            return Record(topics, tuple((by_id[entry.round_id], entry) for entry in found), longest)

        return await self._db.read(work)

    async def stored_on(self, member_id: int) -> dict[str, Any]:
        whose = or_(members.c.id == member_id, members.c.linked_to == member_id)
        its = select(members.c.id).where(whose)
        queries = {
            "members": select(members).where(whose),
            "identities": select(identities).where(identities.c.member_id.in_(its)),
            "answers": select(answers, rounds.c.question_id)
            .join(rounds, rounds.c.id == answers.c.round_id)
            .where(answers.c.member_id.in_(its))
            .order_by(answers.c.id),
            "scores": select(scores, rounds.c.question_id)
            .join(rounds, rounds.c.id == scores.c.round_id)
            .where(scores.c.member_id.in_(its)),
            "entries": select(entries).where(entries.c.member_id.in_(its)),
            "standings": select(standings).where(standings.c.member_id.in_(its)),
            "practices": select(practices, questions.c.id.label("question_id"))
            .join(questions)
            .where(practices.c.member_id.in_(its)),
            "appeals": select(appeals).where(appeals.c.member_id.in_(its)),
            "reports": select(reports).where(reports.c.member_id.in_(its)),
            "regrades": select(regrades).join(answers).where(answers.c.member_id.in_(its)),
            "rulings": select(audit).where(or_(audit.c.by.in_(its), audit.c.about.in_(its))),
            "codes": select(codes.c.team_id, codes.c.member_id, codes.c.until).where(codes.c.member_id.in_(its)),
            "asked": select(rounds.c.id, rounds.c.question_id, rounds.c.opened_at).where(rounds.c.asker_id.in_(its)),
        }
        return await self._db.read(
            lambda connection: {
                name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()
            }
        )

    async def erase(self, member_id: int) -> None:
        await self._db.write(lambda connection: _erase(connection, member_id))
        await self._db.scrub()


def _to_practice(row: rows.AnyRow) -> Practice:
    return Practice(
        id=row.id,
        member_id=row.member_id,
        question=rows.to_question(row),
        wish=msgspec.json.decode(row.wish, type=Wish),
        text=row.text,
        grade=Grade(row.score, row.reason) if row.answered_at else None,
    )


def _erase(connection: Connection, member_id: int) -> None:
    its = select(members.c.id).where(or_(members.c.id == member_id, members.c.linked_to == member_id))
    ids = list(connection.scalars(its))
    connection.execute(update(rounds).where(rounds.c.asker_id.in_(ids)).values(asker_id=None))
    connection.execute(update(audit).where(audit.c.by.in_(ids)).values(by=None))
    connection.execute(delete(audit).where(audit.c.about.in_(ids)))
    logged = select(answers.c.id).where(answers.c.member_id.in_(ids))
    connection.execute(delete(regrades).where(regrades.c.answer_id.in_(logged)))
    for table in (appeals, entries, answers, scores, standings, practices, codes, reports, identities):
        connection.execute(delete(table).where(table.c.member_id.in_(ids)))
    connection.execute(delete(members).where(members.c.linked_to.in_(ids)))
    connection.execute(delete(members).where(members.c.id.in_(ids)))
