"""Which answer counts in a round, and what it earns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.core.model import Difficulty, Entry, Feedback, Grade, Round, RoundKind


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer on its way into the log.

    ``origin`` is the member as which it is logged, ``member_id`` the one it counts for: they differ where a person has
    linked two identities. ``delivery`` names the event it came with, where the platform names it.
    """

    round_id: int
    member_id: int
    origin: int
    text: str
    grade: Grade
    at: datetime
    delivery: str = ""


class Ruling(Enum):
    """What becomes of an answer that arrives."""

    COUNTS = auto()
    SAME = auto()
    """It says what the member's answer says already."""
    LATE = auto()
    FINAL = auto()
    """The member's first answer is final, because its grade was told."""
    ELSEWHERE = auto()
    """The member answered this question in another channel of the team, or with another account."""


def ruling(rnd: Round, earlier: Entry | None, text: str, at: datetime, origin: int) -> Ruling:
    """Rule on an answer to a round, given the member's earlier one in the same contest.

    ``origin`` is the member as which this one is given, as of an ``Attempt``.
    """
    if not rnd.accepting or (rnd.closes_at is not None and at >= rnd.closes_at):
        return Ruling.LATE
    if earlier is None:
        return Ruling.COUNTS
    if earlier.round_id != rnd.id:
        return Ruling.ELSEWHERE
    if rnd.feedback is Feedback.IMMEDIATE:
        return Ruling.FINAL
    if earlier.origin != origin:
        return Ruling.ELSEWHERE
    return Ruling.SAME if earlier.text == text else Ruling.COUNTS


def points(grade: Grade, difficulty: Difficulty) -> int:
    """What a grade earns: the question's points times the score, halves rounded up."""
    return int(difficulty.points * grade.score + 0.5)


def entry(rnd: Round, attempt: Attempt, extras: int, cap: int | None) -> Entry:
    """The answer as it counts; ``extras`` is how many extra rounds the member answered before on the round's day."""
    capped = rnd.kind is RoundKind.EXTRA and cap is not None and extras >= cap
    return Entry(
        round_id=rnd.id,
        member_id=attempt.member_id,
        text=attempt.text,
        grade=attempt.grade,
        points=0 if capped else points(attempt.grade, rnd.question.difficulty),
        answered_at=attempt.at,
        capped=capped,
        origin=attempt.origin,
    )
