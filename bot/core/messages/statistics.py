"""What statistics say."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Message, Table, Text, _, counted, say
from bot.core.messages.grades import verdict
from bot.core.model import Record, Standing, TopicRecord

SHOWN = 3
"""How many best and weakest topics are named."""


def others(standing: Standing) -> Message:
    """Another member: what a board shows, and no more."""
    return Message(_summary(standing), title=standing.name)


def own(standing: Standing, record: Record, ranked: Sequence[tuple[str, TopicRecord]]) -> Message:
    """The caller's own statistics; ``ranked`` are the topics answered often enough, the best first, with names."""
    half = min(SHOWN, (len(ranked) + 1) // 2)
    body: list[Text | Table] = [
        *_summary(standing),
        say("Longest streak: {days}.", days=counted("{number} day", "{number} days", record.longest_streak)),
    ]
    if ranked:
        body.append(say("Best: {topics}.", topics=_topics(ranked[:half])))
    if len(ranked) > 1:
        body.append(say("Weakest: {topics}.", topics=_topics(ranked[half:][::-1][:SHOWN])))
    if record.last:
        body.append(say("Your last answers:"))
        body.append(Table(tuple((verdict(entry.grade), question.prompt) for question, entry in record.last)))
    return Message(tuple(body), title=_("Your statistics"))


def _summary(standing: Standing) -> tuple[Text, ...]:
    accuracy = round(100 * standing.right / standing.answered) if standing.answered else 0
    return (
        say(
            "{points}, rank {rank} of all time.",
            points=counted("{number} point", "{number} points", standing.points),
            rank=standing.rank,
        ),
        say(
            "{answered}, {right} right: {accuracy} %.",
            answered=counted("{number} question answered", "{number} questions answered", standing.answered),
            right=standing.right,
            accuracy=accuracy,
        ),
        say("Streak: {days}.", days=counted("{number} day", "{number} days", standing.streak)),
    )


def _topics(ranked: Sequence[tuple[str, TopicRecord]]) -> str:
    return ", ".join(f"{name} ({_share(topic)})" for name, topic in ranked)


def _share(topic: TopicRecord) -> str:
    answers = counted("{number} answer", "{number} answers", topic.answered)
    return _("{share} % of {answers}").format(share=round(100 * topic.score), answers=answers)
