"""Practice: questions that only the caller sees, graded at once, without points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.bank import pick, shuffled
from bot.core.grading import Unreadable, grade
from bot.core.judging import judged
from bot.core.messages import Form, Message, Refusal, refusal
from bot.core.messages import practice as wording
from bot.core.model import Practice, Question, Wish
from bot.core.ports import Quiz
from bot.core.rounds import ANSWER_LIMIT, given
from bot.core.teams import Visit
from bot.core.typed import cleaned


async def begin(quiz: Quiz, visit: Visit, wish: Wish, after: str = "") -> Message:
    """A question for the caller: first those that they got wrong or never saw, and another one than ``after``.

    Practice grades at once, so what is open in the team is not practised: it would be given away.
    """
    now = quiz.now()
    fitting = [question for question in quiz.bank().questions.values() if wish.fits(question)]
    if not fitting:
        raise Refusal(refusal.no_question())
    open_now = await quiz.store.being_asked(visit.team.id)
    results = await quiz.store.results_of(visit.member.id)
    closed = [question for question in fitting if question.id not in open_now]
    question = _next(closed, results, after, seed=f"{visit.member.id} {now.isoformat()}")
    if question is None:
        raise Refusal(refusal.all_open())
    order = shuffled(question, f"{visit.member.id} {now.isoformat()} {question.id}")
    practice = await quiz.store.begin_practice(visit.member.origin, question, order, wish, now)
    return wording.question(practice, quiz.bank().topic_name(question.topic))


def _next(fitting: Sequence[Question], results: Mapping[str, bool], after: str, seed: str) -> Question | None:
    """``results`` says of each question the member answered whether they were right the last time."""
    due = [question for question in fitting if not results.get(question.id)] or fitting
    return pick([question for question in due if question.id != after] or due, seed)


async def answer(quiz: Quiz, visit: Visit, practice_id: int, text: str) -> Message:
    """Grade an answer at once; the first one stays."""
    practice = await _own(quiz, visit, practice_id)
    text = cleaned(text)
    if len(text) > ANSWER_LIMIT:
        raise Refusal(refusal.too_long(len(text), ANSWER_LIMIT))
    try:
        result = grade(practice.question, text, quiz.bank().vocabulary)
    except Unreadable as error:
        raise Refusal(refusal.unreadable(practice.question, error)) from error
    if practice.grade is None:
        result = await judged(quiz.judge, practice.question, text, result)
    done = await quiz.store.end_practice(practice, given(practice.question, text), result, quiz.now())
    return wording.graded(done)


async def answer_form(quiz: Quiz, visit: Visit, practice_id: int) -> Form | Message:
    """The form behind the Answer button of a short question."""
    practice = await _own(quiz, visit, practice_id)
    return wording.form(practice) if practice.grade is None else wording.graded(practice)


async def another(quiz: Quiz, visit: Visit, practice_id: int) -> Message:
    """One more question of the kind that was asked for."""
    practice = await _own(quiz, visit, practice_id)
    return await begin(quiz, visit, practice.wish, practice.question.id)


async def _own(quiz: Quiz, visit: Visit, practice_id: int) -> Practice:
    practice = await quiz.store.practice(practice_id)
    if practice is None or practice.member_id != visit.member.origin:
        raise Refusal(refusal.not_your_practice())
    return practice
