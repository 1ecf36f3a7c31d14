"""From rows to the core's values and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Date, Row, bindparam, func, or_, select

from bot.adapters.sql.prepared import Query
from bot.adapters.sql.tables import answers, channels, entries, members, questions, rounds, teams
from bot.core.model import (
    Address,
    Channel,
    Entry,
    Feedback,
    Grade,
    NewRound,
    Question,
    Round,
    RoundKind,
    Settings,
    State,
    Team,
    Wish,
)

AnyRow = Row[Any]


def head_team(team_id: ColumnElement[int]) -> ColumnElement[int]:
    """The team that a team plays as: itself, or the one that it is linked to."""
    linked = teams.alias()
    return select(func.coalesce(linked.c.linked_to, linked.c.id)).where(linked.c.id == team_id).scalar_subquery()


def same_team(team_id: ColumnElement[int], head: int) -> ColumnElement[bool]:
    """Whether a team is the one that plays as ``head``, or is linked to it."""
    return team_id.in_(select(teams.c.id).where(or_(teams.c.id == head, teams.c.linked_to == head)))


ROUND = (
    select(
        rounds,
        head_team(rounds.c.team_id).label("head"),
        channels.c.platform,
        channels.c.address,
        questions.c.body,
    )
    .join_from(rounds, channels)
    .join(questions)
)

CHANNEL = select(channels, head_team(channels.c.team_id).label("head"))

ENTRY = (
    select(entries, answers.c.text, answers.c.at, answers.c.member_id.label("origin"), members.c.name)
    .join_from(entries, answers, entries.c.answer_id == answers.c.id)
    .join(members, members.c.id == entries.c.member_id)
)


def parts(ids: Iterable[int], size: int = 500) -> Iterator[list[int]]:
    """Ids in lists that are short enough for one statement."""
    todo = sorted(set(ids))
    return (todo[n : n + size] for n in range(0, len(todo), size))


Shared = TypeVar("Shared")
Own = TypeVar("Own")


def gathered(pairs: Iterable[tuple[Shared, Own]]) -> dict[Shared, list[Own]]:
    """Pairs by what they share: what an index on both finds at once for each."""
    found: dict[Shared, list[Own]] = {}
    for shared, own in pairs:
        found.setdefault(shared, []).append(own)
    return found


def encoded(value: Question | Settings | Wish | tuple[str, ...]) -> str:
    return msgspec.json.encode(value, order="sorted").decode()


@lru_cache(maxsize=1000)
def _question(body: str) -> Question:
    return msgspec.json.decode(body, type=Question)


@lru_cache(maxsize=1000)
def _settings(text: str) -> Settings:
    return msgspec.json.decode(text, type=Settings)


def to_question(row: Any) -> Question:
    """The question as it was shown: ``row`` has its body and the order of its options."""
    return _question(row.body).in_order(tuple(map(int, row.order)))


def question_row(question: Question) -> dict[str, str]:
    body = encoded(question)
    digest = hashlib.sha256(body.encode()).hexdigest()[:32]
    return {"digest": digest, "id": question.id, "topic": question.topic, "body": body}


def to_team(row: AnyRow) -> Team:
    return Team(row.id, row.name, row.timezone, msgspec.json.decode(row.admins, type=tuple[str, ...]))


def team_row(team: Team) -> dict[str, str]:
    return {"name": team.name, "timezone": team.timezone, "admins": encoded(team.admins)}


def to_channel(row: AnyRow) -> Channel:
    return Channel(
        id=row.id,
        team_id=row.head,
        home=row.team_id,
        address=Address(row.platform, row.address),
        settings=_settings(row.settings),
        next_post=row.next_post,
        paused=row.paused,
        declared=row.declared,
        workspace=row.workspace,
    )


def to_round(row: AnyRow) -> Round:
    return Round(
        id=row.id,
        team_id=row.head,
        channel_id=row.channel_id,
        address=Address(row.platform, row.address),
        kind=RoundKind(row.kind),
        question=to_question(row),
        feedback=Feedback(row.feedback),
        day=row.day,
        contest=row.contest,
        state=State(row.state),
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        asker_id=row.asker_id,
        message=row.message,
        reveal=row.reveal,
        attempts=row.attempts,
        tried_at=row.tried_at,
    )


def round_row(new: NewRound, digest: str) -> dict[str, object]:
    return {
        "team_id": new.home,
        "channel_id": new.channel_id,
        "kind": new.kind.value,
        "question_id": new.question.id,
        "question": digest,
        "order": "".join(map(str, new.order)),
        "feedback": new.feedback.value,
        "day": new.day,
        "slot": new.slot,
        "asker_id": new.asker_id,
        "opened_at": new.opened_at,
        "closes_at": new.closes_at,
        "state": State.POSTING.value,
        "message": "",
        "reveal": "",
        "attempts": 0,
        "tried_at": None,
    }


def to_entry(row: AnyRow) -> Entry:
    return Entry(
        round_id=row.round_id,
        member_id=row.member_id,
        text=row.text,
        grade=Grade(row.score, row.reason),
        points=row.points,
        answered_at=row.at,
        capped=row.capped,
        name=row.name,
        origin=row.origin,
    )


def _asked_day_before() -> Query:
    last = select(func.max(rounds.c.day)).where(
        rounds.c.team_id == teams.c.id,
        rounds.c.kind == RoundKind.DAILY,
        rounds.c.state != State.VOID,
        rounds.c.day < bindparam("day", type_=Date),
    )
    its = or_(teams.c.id == bindparam("team"), teams.c.linked_to == bindparam("team"))
    latest = func.max(last.correlate(teams).scalar_subquery(), type_=Date).label("day")
    return Query(select(latest).select_from(teams).where(its))


_ASKED_DAY_BEFORE = _asked_day_before()


def asked_day_before(connection: Connection, team_id: int, day: date) -> date | None:
    """The last day before this one on which the team had a daily question: whoever took part in it keeps a streak.

    The last of each linked team is looked up by itself: that is a step into an index, not a walk through all rounds.
    """
    found: date | None = _ASKED_DAY_BEFORE(connection, team=team_id, day=day)[0].day
    return found
