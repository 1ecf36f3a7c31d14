"""One's own statistics, and what others may see of them."""

from __future__ import annotations

from bot.core import boards
from bot.core.messages import Message, Refusal, refusal
from bot.core.messages import statistics as wording
from bot.core.model import Period
from bot.core.ports import Quiz
from bot.core.teams import Visit

LAST = 10
"""How many of the last answers are listed."""

ENOUGH = 3
"""Answers on a topic before it counts as a best or weakest one: fewer say little."""


async def of(quiz: Quiz, visit: Visit, name: str | None) -> Message:
    """The caller's statistics in full, or of another member, by name or user id, what a board shows."""
    whose = await quiz.store.member_called(visit.team.id, name) if name else visit.member
    if whose is None:
        raise Refusal(refusal.nobody_who_answered())
    day = boards.team_day(visit.team, quiz.now())
    standing = await quiz.store.standing(visit.team.id, boards.key(Period.ALL, day), day, whose.id)
    if standing is None:
        raise Refusal(refusal.never_answered(None if whose.id == visit.member.id else whose.name))
    if whose.id != visit.member.id:
        return wording.others(standing)
    record = await quiz.store.record_of(whose.id, LAST)
    ranked = sorted((t for t in record.topics if t.answered >= ENOUGH), key=lambda t: (-t.score, t.topic))
    best = [(quiz.bank().topic_name(topic.topic), topic) for topic in ranked]
    return wording.own(standing, record, best)
