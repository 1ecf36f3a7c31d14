"""Practice: questions that only the caller sees, graded at once, without points."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.bank import pick, shuffled
from bot.core.grading import Unreadable, grade
from bot.core.messages import Form, Message, Refusal, refusal
from bot.core.messages import practice as wording
from bot.core.model import Practice, Question, Wish
from bot.core.ports import Quiz
from bot.core.rounds import ANSWER_LIMIT, cleaned, given
from bot.core.teams import Visit


async def begin(quiz: Quiz, visit: Visit, wish: Wish) -> Message:
    """A question for the caller: first those that they got wrong or never saw."""
    now = quiz.now()
    results = await quiz.store.results_of(visit.member.id)
    question = _next(quiz, wish, results, seed=f"{visit.member.id} {now.isoformat()}")
    if question is None:
        raise Refusal(refusal.no_question())
    order = shuffled(question, f"{visit.member.id} {now.isoformat()} {question.id}")
    practice = await quiz.store.begin_practice(visit.member.id, question, order, wish, now)
    return wording.question(practice, quiz.bank().topic_name(question.topic))


def _next(quiz: Quiz, wish: Wish, results: Mapping[str, bool], seed: str) -> Question | None:
    """``results`` says of each question the member answered whether they were right the last time."""
    fitting = [question for question in quiz.bank().questions.values() if wish.fits(question)]
    due = [question for question in fitting if not results.get(question.id)]
    return pick(due or fitting, seed)


async def answer(quiz: Quiz, visit: Visit, practice_id: int, text: str) -> Message:
    """Grade an answer at once; the first one stays."""
    practice = await _own(quiz, visit, practice_id)
    text = cleaned(text)
    if len(text) > ANSWER_LIMIT:
        raise Refusal(refusal.too_long(len(text), ANSWER_LIMIT))
    try:
        result = grade(practice.question, text, quiz.bank().vocabulary)
    except Unreadable as error:
        raise Refusal((str(error),)) from error
    done = await quiz.store.end_practice(practice, given(practice.question, text), result, quiz.now())
    return wording.graded(done)


async def answer_form(quiz: Quiz, visit: Visit, practice_id: int) -> Form | Message:
    """The form behind the Answer button of a short question."""
    practice = await _own(quiz, visit, practice_id)
    return wording.form(practice) if practice.grade is None else wording.graded(practice)


async def another(quiz: Quiz, visit: Visit, practice_id: int) -> Message:
    """One more question of the kind that was asked for."""
    return await begin(quiz, visit, (await _own(quiz, visit, practice_id)).wish)


async def _own(quiz: Quiz, visit: Visit, practice_id: int) -> Practice:
    practice = await quiz.store.practice(practice_id)
    if practice is None or practice.member_id != visit.member.id:
        raise Refusal(refusal.not_your_practice())
    return practice
