"""The bank: all questions, and which one comes next."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core import grading
from bot.core.grading import Vocabulary
from bot.core.model import Kind, Question, Wish

KEPT_APART = 10
"""Questions on one concept are kept at least so many questions apart where the bank allows it."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is called, and what it is about."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """All questions loaded from a folder, by id, and its topics."""

    questions: Mapping[str, Question]
    topics: Mapping[str, Topic]
    vocabulary: Vocabulary = field(repr=False, compare=False)

    def topic_name(self, topic: str) -> str:
        """A topic as people read it; a round outlives the bank that it came from, so any topic has a name."""
        known = self.topics.get(topic)
        return known.name if known else topic.replace("_", " ").replace("-", " ").capitalize()

    def prepare(self) -> None:
        """Load what grades its questions: that of typed answers takes a tenth of a second, so do it in a thread."""
        if any(question.kind is Kind.SHORT for question in self.questions.values()):
            grading.prepare()


@dataclass(frozen=True, slots=True)
class Asked:
    """How often a channel was asked a question, and when last, as the running number of that round."""

    question_id: str
    times: int
    last: int


def choose(
    bank: Bank, wishes: Sequence[Wish], history: Sequence[Asked], seed: str, without: Collection[str] = ()
) -> Question | None:
    """The next question that suits all wishes, after this history, oldest first; None where none will do.

    ``without`` are questions that are not to be asked.

    No question comes again before every eligible one was asked, the topic that rested longest comes first, and a
    concept of the last few questions is avoided. The same seed and history give the same question.
    """
    eligible = [
        question
        for question in bank.questions.values()
        if question.id not in without and all(wish.fits(question) for wish in wishes)
    ]
    if not eligible:
        return None
    fresh = _fresh(eligible, history)
    recent = [bank.questions[asked.question_id] for asked in history if asked.question_id in bank.questions]
    rested = _longest_rested_topic(_apart(fresh, recent[-KEPT_APART:]), recent)
    return pick(rested, seed)


def pick(questions: Iterable[Question], seed: str) -> Question | None:
    """One of these questions, the same for the same seed; None of none."""
    by_id = sorted(questions, key=lambda question: question.id)
    return random.Random(seed).choice(by_id) if by_id else None


def _fresh(eligible: Sequence[Question], history: Sequence[Asked]) -> list[Question]:
    """Those asked least often, of the half that rested longest: a question that is new in the bank does not make up
    for the times that the others were asked by coming again and again."""
    ids = {question.id for question in eligible}
    asked = [asked for asked in history if asked.question_id in ids]
    tired = {asked.question_id for asked in asked[max(0, len(asked) - len(ids) // 2) :]}
    times = {asked.question_id: asked.times for asked in asked}
    rested = [question for question in eligible if question.id not in tired]
    fewest = min(times.get(question.id, 0) for question in rested)
    return [question for question in rested if times.get(question.id, 0) == fewest]


def _apart(questions: Sequence[Question], recent: Sequence[Question]) -> Sequence[Question]:
    concepts = {question.concept for question in recent if question.concept}
    return [question for question in questions if question.concept not in concepts] or questions


def _longest_rested_topic(questions: Iterable[Question], recent: Sequence[Question]) -> list[Question]:
    last = {question.topic: position for position, question in enumerate(recent)}
    by_topic: dict[str, list[Question]] = {}
    for question in questions:
        by_topic.setdefault(question.topic, []).append(question)
    oldest = min(last.get(topic, -1) for topic in by_topic)
    return [q for topic, found in by_topic.items() if last.get(topic, -1) == oldest for q in found]


def merged(histories: Iterable[Sequence[Asked]]) -> list[Asked]:
    """One history for channels that are asked together: a question counts as often as the channel that had it most."""
    joint: dict[str, Asked] = {}
    for asked in itertools.chain.from_iterable(histories):
        known = joint.get(asked.question_id, asked)
        joint[asked.question_id] = Asked(asked.question_id, max(asked.times, known.times), max(asked.last, known.last))
    return sorted(joint.values(), key=lambda asked: asked.last)


def shuffled(question: Question, seed: str) -> tuple[int, ...]:
    """The order in which a round shows the options; the same seed gives the same order."""
    order = list(range(len(question.choices)))
    random.Random(seed).shuffle(order)
    return tuple(order)
