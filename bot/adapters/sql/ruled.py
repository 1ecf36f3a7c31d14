"""Rulings: appeals, accepted wordings, new grades, reports, and the audit of all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, or_, select, update

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database
from bot.adapters.sql.rebuild import PRESENT, present, rebuild
from bot.adapters.sql.tables import (
    answers,
    appeals,
    audit,
    entries,
    identities,
    members,
    questions,
    regrades,
    reports,
    rests,
    rounds,
    wordings,
)
from bot.core.model import (
    Appeal,
    Decision,
    Feedback,
    Grade,
    Identity,
    Logged,
    Regrade,
    Report,
    Round,
    RoundKind,
    Ruled,
    State,
    Wording,
)


class RulingTables:
    """The part of the store that rules."""

    _db: Database

    # --- wordings and appeals

    async def wordings(self, team_id: int, question_id: str) -> list[Wording]:
        its = (wordings.c.team_id == team_id, wordings.c.question_id == question_id)
        query = select(wordings.c.question_id, wordings.c.text, wordings.c.score).where(*its)
        return await self._db.all(query, lambda row: Wording(*row))

    async def accept_wording(self, team_id: int, wording: Wording, at: datetime) -> None:
        key = {"team_id": team_id, "question_id": wording.question_id, "text": wording.text}
        values = {"score": wording.score, "at": at}
        put = self._db.insert(wordings).values(key | values)
        await self._db.change(put.on_conflict_do_update(index_elements=list(key), set_=values))

    async def all_wordings(self) -> list[Wording]:
        query = select(wordings.c.question_id, wordings.c.text, func.max(wordings.c.score)).group_by(
            wordings.c.question_id, wordings.c.text
        )
        return await self._db.all(query.order_by(*query.selected_columns[:2]), lambda row: Wording(*row))

    async def appeal(self, rnd: Round, member_id: int, at: datetime) -> bool:
        its = (entries.c.contest == rnd.contest, entries.c.member_id == member_id)
        logged = (
            select(answers.c.id, answers.c.member_id).join(entries, entries.c.answer_id == answers.c.id).where(*its)
        )

        def work(connection: Connection) -> bool:
            row = connection.execute(logged).one()
            new = self._db.insert(appeals).values(answer_id=row.id, member_id=row.member_id, at=at)
            return connection.execute(new.on_conflict_do_nothing()).rowcount == 1

        return await self._db.write(work)

    async def open_appeals(self, team_id: int) -> list[Appeal]:
        query = (
            select(
                appeals.c.id,
                appeals.c.member_id,
                members.c.name,
                answers.c.text,
                rounds.c.order,
                questions.c.body,
                *PRESENT,
            )
            .join_from(appeals, answers, answers.c.id == appeals.c.answer_id)
            .join(members, members.c.id == appeals.c.member_id)
            .join(rounds, rounds.c.id == answers.c.round_id)
            .join(questions, questions.c.digest == rounds.c.question)
            .outerjoin(regrades, present(answers.c.id))
            .where(appeals.c.decision.is_(None), rows.same_team(rounds.c.team_id, team_id))
            .order_by(appeals.c.id)
        )
        return await self._db.all(
            query, lambda row: Appeal(row.id, row.member_id, row.name, rows.to_question(row), row.text, row.reason)
        )

    async def decide(self, appeal_id: int, decision: Decision, at: datetime) -> bool:
        waiting = update(appeals).where(appeals.c.id == appeal_id, appeals.c.decision.is_(None))
        return await self._db.change(waiting.values(decision=decision.value, decided_at=at)) == 1

    # --- new grades

    async def logged(self, team_id: int, question_id: str) -> list[Logged]:
        told = or_(rounds.c.feedback == Feedback.IMMEDIATE, rounds.c.state.in_((State.CLOSED, State.REVEALED)))
        its = (rows.same_team(rounds.c.team_id, team_id), rounds.c.question_id == question_id)
        return await self._logged(_LOGGED.where(*its, told, rounds.c.overruled.is_(None)))

    async def logged_in(self, round_id: int) -> list[Logged]:
        return await self._logged(_LOGGED.where(rounds.c.id == round_id))

    async def _logged(self, query: Select[Any]) -> list[Logged]:
        return await self._db.all(
            query.order_by(answers.c.id),
            lambda row: Logged(row.id, row.member_id, rows.to_question(row), row.text, Grade(row.score, row.reason)),
        )

    async def overrule(self, round_id: int, verdict: str) -> None:
        await self._db.change(update(rounds).where(rounds.c.id == round_id).values(overruled=verdict))

    async def regrade(self, changes: Sequence[Regrade], cap: int | None, at: datetime) -> None:
        new = [
            {"answer_id": change.answer_id, "score": change.new.score, "reason": change.new.reason, "at": at}
            for change in changes
        ]

        def work(connection: Connection) -> None:
            connection.execute(regrades.insert(), new)
            rebuild(connection, {change.member_id for change in changes}, cap)

        await self._db.write(work)

    async def last_revealed(self, channel_id: int, kind: RoundKind | None = None) -> Round | None:
        its = rows.ROUND.where(rounds.c.channel_id == channel_id, rounds.c.state == State.REVEALED)
        if kind is not None:
            its = its.where(rounds.c.kind == kind)
        return await self._db.one(its.order_by(rounds.c.id.desc()).limit(1), rows.to_round)

    # --- the audit

    async def note_ruling(self, team_id: int, ruled: Ruled) -> None:
        values = {"team_id": team_id, "by": ruled.by, "about": ruled.about, "at": ruled.at, "what": ruled.what}
        await self._db.change(audit.insert().values(values))

    async def audit(self, team_id: int, last: int) -> list[Ruled]:
        query = (
            select(audit.c.by, audit.c.about, audit.c.at, audit.c.what, members.c.name)
            .outerjoin(members, members.c.id == audit.c.by)
            .where(audit.c.team_id == team_id)
            .order_by(audit.c.id.desc())
            .limit(last)
        )
        return await self._db.all(query, lambda row: Ruled(row.by, row.what, row.at, row.about, row.name or ""))

    # --- reports

    async def report(self, team_id: int, member_id: int, report: Report, at: datetime) -> int:
        key = {"team_id": team_id, "question_id": report.question_id, "member_id": member_id}
        values = {"reason": report.reason, "at": at}
        put = self._db.insert(reports).values(key | values)
        its = (reports.c.team_id == team_id, reports.c.question_id == report.question_id)

        def work(connection: Connection) -> int:
            connection.execute(put.on_conflict_do_update(index_elements=list(key), set_=values))
            return connection.scalar(select(func.count()).select_from(reports).where(*its)) or 0

        return await self._db.write(work)

    async def reports(self, team_id: int, question_id: str) -> list[Report]:
        query = (
            select(reports.c.question_id, members.c.name, reports.c.reason)
            .join(members)
            .where(reports.c.team_id == team_id, reports.c.question_id == question_id)
            .order_by(reports.c.at)
        )
        return await self._db.all(query, lambda row: Report(*row))

    async def rest(self, team_id: int, question_id: str) -> None:
        put = self._db.insert(rests).values(team_id=team_id, question_id=question_id, decided=False)
        await self._db.change(put.on_conflict_do_nothing())

    async def resting(self, team_id: int) -> list[str]:
        return await self._rests(rests.c.team_id == team_id, rests.c.decided.is_(False))

    async def not_asked(self, team_id: int) -> frozenset[str]:
        return frozenset(await self._rests(rests.c.team_id == team_id))

    async def _rests(self, *its: Any) -> list[str]:
        query = select(rests.c.question_id).where(*its).order_by(rests.c.question_id)
        return await self._db.read(lambda connection: list(connection.scalars(query)))

    async def settle_reports(self, team_id: int, question_id: str, *, use_again: bool) -> bool:
        reported = (reports.c.team_id == team_id, reports.c.question_id == question_id)
        rested = (rests.c.team_id == team_id, rests.c.question_id == question_id)
        never = update(rests).where(*rested, rests.c.decided.is_(False)).values(decided=True)

        def work(connection: Connection) -> bool:
            settled = connection.execute(delete(rests).where(*rested) if use_again else never).rowcount > 0
            if settled:
                connection.execute(delete(reports).where(*reported))
            return settled

        return await self._db.write(work)

    async def identities(self, member_id: int) -> list[Identity]:
        head = func.coalesce(members.c.linked_to, members.c.id)
        mine = select(head).where(members.c.id == member_id).scalar_subquery()
        query = (
            select(identities.c.platform, identities.c.workspace, identities.c.user).join(members).where(head == mine)
        )
        return await self._db.all(query, lambda row: Identity(*row))


_LOGGED = (
    select(answers.c.id, answers.c.member_id, answers.c.text, rounds.c.order, questions.c.body, *PRESENT)
    .join_from(answers, rounds, rounds.c.id == answers.c.round_id)
    .join(questions, questions.c.digest == rounds.c.question)
    .outerjoin(regrades, present(answers.c.id))
)
