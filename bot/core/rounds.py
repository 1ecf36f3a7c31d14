"""The life of a round, as members and admins drive it: ask, answer, look at one's answer, reveal."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core import boards, entries, posting, schedule
from bot.core.bank import choose, merged, shuffled
from bot.core.entries import Attempt, Ruling
from bot.core.grading import Unreadable, picked_option
from bot.core.judging import PATIENCE, is_listed, judged
from bot.core.messages import Form, Message, Refusal, refusal
from bot.core.messages import round as wording
from bot.core.model import (
    LETTERS,
    Channel,
    Entry,
    Feedback,
    Kind,
    NewRound,
    Question,
    Round,
    RoundKind,
    State,
    Team,
    Wish,
)
from bot.core.ports import Quiz, Recorded, Refused
from bot.core.teams import Visit, enter
from bot.core.typed import cleaned
from bot.core.wordings import graded

ANSWER_LIMIT = wording.ANSWER_LIMIT


async def ask(quiz: Quiz, visit: Visit, wish: Wish, minutes: int | None = None) -> Message:
    """Post an extra round in the caller's channel, or point to the one that is open."""
    open_extra = await quiz.store.open_round(visit.channel.id, RoundKind.EXTRA)
    if open_extra is not None and not quiz.rules.ask_ends:
        return wording.asked_already(open_extra)
    history = await quiz.store.asked(visit.channel.id)
    now = quiz.now()
    seed = f"{visit.channel.address} {now.isoformat()}"
    question = choose(quiz.bank(), [wish], history, seed, await quiz.store.not_asked(visit.team.id))
    if question is None:
        raise Refusal(refusal.no_question())
    if open_extra is not None:
        await posting.end(quiz, open_extra)
    rnd = await _begin(quiz, _extra(visit, question, seed, now, _minutes(quiz, minutes)))
    if rnd is None:
        raise Refusal(refusal.just_asked())
    return wording.posted(rnd)


def _minutes(quiz: Quiz, wanted: int | None) -> int | None:
    """How long an extra round stays open; where a new one ends it, it has no limit of its own."""
    return None if quiz.rules.ask_ends else wanted or quiz.rules.minutes


def _extra(visit: Visit, question: Question, seed: str, now: datetime, minutes: int | None) -> NewRound:
    return NewRound(
        team_id=visit.team.id,
        home=visit.channel.home,
        channel_id=visit.channel.id,
        kind=RoundKind.EXTRA,
        question=question,
        order=shuffled(question, f"{seed} {question.id}"),
        feedback=Feedback.IMMEDIATE,
        day=boards.team_day(visit.team, now),
        slot=None,
        opened_at=now,
        closes_at=now + timedelta(minutes=minutes) if minutes else None,
        asker_id=visit.member.origin,
    )


async def _begin(quiz: Quiz, new: NewRound) -> Round | None:
    try:
        return await posting.begin(quiz, new)
    except Refused as error:
        raise Refusal(refusal.cannot_post(str(error))) from error


# --- the daily round ---------------------------------------------------------------------------------------------


async def daily(quiz: Quiz, team: Team, channel: Channel, planned: datetime) -> Round | None:
    """Post the daily round that was planned for an instant; None where that day has had its own.

    A daily round that is still open ends first: a channel has one at a time.
    """
    plan = channel.settings.schedule
    if plan is None:
        return None
    now, slot = quiz.now(), schedule.slot(plan, planned)
    still_open = await quiz.store.open_round(channel.id, RoundKind.DAILY)
    # Looked up after the open one: where the date has none even now, what is open belongs to another date.
    if await quiz.store.daily_on(channel.id, slot) is not None:
        return None
    question = await _of_the_day(quiz, channel, planned)
    if question is None:
        raise Refusal(refusal.no_question())
    if still_open is not None:
        await posting.supersede(quiz, still_open)
    new = NewRound(
        team_id=team.id,
        home=channel.home,
        channel_id=channel.id,
        kind=RoundKind.DAILY,
        question=question,
        order=shuffled(question, f"{team.id} {planned.isoformat()} {question.id}"),
        feedback=channel.settings.feedback,
        day=boards.team_day(team, planned),
        slot=slot,
        opened_at=now,
        closes_at=schedule.closes_at(plan, now, slot),
    )
    return await posting.begin(quiz, new)


async def _of_the_day(quiz: Quiz, channel: Channel, planned: datetime) -> Question | None:
    """The question for a channel and all others of its team that are due at the same instant.

    The first of them proposes it, with regard to what each of them wants and has had; the others take it over.
    """
    bank = quiz.bank()
    seed = f"{channel.team_id} {planned.isoformat()}"
    own = Wish(channel.settings.topics, channel.settings.difficulty)
    proposed = bank.questions.get(await quiz.store.picked(channel.team_id, planned) or "")
    if proposed is not None and own.fits(proposed):
        return proposed
    together = [other for other in await quiz.store.overdue(channel.team_id, planned) if _is_due(quiz, other, planned)]
    histories = [await quiz.store.asked(other.id) for other in together] or [await quiz.store.asked(channel.id)]
    wishes = [Wish(other.settings.topics, other.settings.difficulty) for other in together]
    out = await quiz.store.not_asked(channel.team_id)
    common = choose(bank, [own, *wishes], merged(histories), seed, out)
    if common is None:
        return choose(bank, [own], await quiz.store.asked(channel.id), seed, out)
    picked = await quiz.store.pick(channel.team_id, planned, common.id)
    question = bank.questions.get(picked, common)
    return question if own.fits(question) else common


def _is_due(quiz: Quiz, channel: Channel, at: datetime) -> bool:
    """Whether the post that an overdue channel makes good is the one of this instant."""
    plan, planned = channel.settings.schedule, channel.next_post
    return plan is not None and planned is not None and schedule.due(plan, planned, at, quiz.rules.grace)[1] == at


async def post(quiz: Quiz, visit: Visit) -> Message:
    """Ask the day's daily question now; the scheduled one of the day is then not posted again."""
    plan = visit.channel.settings.schedule
    if plan is None:
        raise Refusal(refusal.no_schedule())
    now = quiz.now()
    today = schedule.slot(plan, now)
    following = schedule.following_post(plan, now, today)
    if await quiz.store.daily_on(visit.channel.id, today) is not None:
        raise Refusal(refusal.asked_today(following))
    try:
        rnd = await daily(quiz, visit.team, visit.channel, now)
    except Refused as error:
        raise Refusal(refusal.cannot_post(str(error))) from error
    if rnd is None:
        raise Refusal(refusal.asked_today(following))
    await quiz.store.schedule(visit.channel.id, following)
    return wording.posted(rnd)


async def reveal(quiz: Quiz, visit: Visit, *, only_daily: bool = False) -> Message:
    """Reveal the round opened last, or the daily one; for admins, and for the asker of an extra round."""
    rnd = await quiz.store.open_round(visit.channel.id, RoundKind.DAILY if only_daily else None)
    if rnd is None:
        raise Refusal(refusal.no_daily_open() if only_daily else refusal.nothing_open())
    asker = rnd.kind is RoundKind.EXTRA and rnd.asker_id in (visit.member.id, visit.member.origin)
    if not (visit.admin or asker):
        raise Refusal(refusal.reveal_not_yours(rnd))
    if rnd.state is State.POSTING:
        raise Refusal(refusal.still_posting())
    return wording.revealed() if await posting.end(quiz, rnd) else wording.delayed()


# --- answers -----------------------------------------------------------------------------------------------------


async def answer(quiz: Quiz, visit: Visit, round_id: int, text: str, kind: Kind) -> Message:
    """Grade and record an answer as questions of this kind get it; the reply says what counts now."""
    rnd = await quiz.store.round(round_id, lately=True)
    if rnd is None or rnd.team_id != visit.team.id:  # it may be that teams were linked since one of them was read
        visit = await enter(quiz, visit.caller)
        rnd = await round_here(quiz, visit, round_id)
    if rnd.question.kind is not kind:
        raise Refusal(refusal.forged())
    return await _answer(quiz, visit, rnd, text)


async def answer_here(quiz: Quiz, visit: Visit, text: str) -> Message:
    """Answer the round that is open in the caller's channel, where members type instead of pressing buttons."""
    rnd = await quiz.store.open_round(visit.channel.id)
    if rnd is None:
        raise Refusal(refusal.nothing_to_answer())
    return await _answer(quiz, visit, rnd, text)


async def still_open(quiz: Quiz, visit: Visit) -> Message | None:
    """The open round of the caller's channel, shown once more; it says so where the caller has answered it."""
    rnd = await quiz.store.open_round(visit.channel.id)
    if rnd is None:
        return None
    answered = await quiz.store.answered(rnd.id)
    shown = wording.question(rnd, quiz.bank().topic_name(rnd.question.topic), answered)
    mine = await quiz.store.entry(rnd, visit.member.id)
    return wording.answered_before(shown) if mine else shown


async def _answer(quiz: Quiz, visit: Visit, rnd: Round, text: str) -> Message:
    text = cleaned(text)
    if len(text) > ANSWER_LIMIT:
        raise Refusal(refusal.too_long(len(text), ANSWER_LIMIT))
    at = quiz.now()
    wordings = [] if rnd.question.choices else await quiz.store.wordings(visit.team.id, rnd.question.id)
    try:
        result = graded(rnd.question, text, wordings, quiz.bank().vocabulary)
    except Unreadable as error:
        raise Refusal(refusal.unreadable(rnd.question, error)) from error
    if await _may_wait(quiz, visit, rnd, text, at):
        result = await judged(quiz.judge, rnd.question, text, result, listed=is_listed(text, wordings))
    attempt = Attempt(
        round_id=rnd.id,
        member_id=visit.member.id,
        origin=visit.member.origin,
        text=given(rnd.question, text),
        grade=result,
        at=at,
        delivery=visit.caller.delivery,
    )
    recorded = await quiz.store.record(attempt, quiz.rules.cap)
    quiz.meter.answered(rnd.address.platform, recorded.ruling, changed=recorded.earlier is not None)
    if recorded.ruling is Ruling.COUNTS:
        quiz.touched.add(rnd.id)
    return await _told(quiz, recorded, attempt)


async def _may_wait(quiz: Quiz, visit: Visit, rnd: Round, text: str, at: datetime) -> bool:
    """Whether an answer is worth a judge's time: it counts as things stand, and the round stays open for a while."""
    if quiz.judge is None or (rnd.closes_at is not None and rnd.closes_at - at < PATIENCE):
        return False
    earlier = await quiz.store.entry(rnd, visit.member.id)
    return entries.ruling(rnd, earlier, text, at, visit.member.origin) is Ruling.COUNTS


def given(question: Question, text: str) -> str:
    """What is logged as the answer: the letter of an option, or the text as it is."""
    return LETTERS[picked_option(question, text)] if question.kind is Kind.CHOICE else text


async def _told(quiz: Quiz, recorded: Recorded, attempt: Attempt) -> Message:
    rnd, entry, cap = recorded.rnd, recorded.entry, quiz.rules.cap
    if recorded.ruling is Ruling.LATE or entry is None:
        return wording.too_late(rnd, attempt.at)
    match recorded.ruling:
        case Ruling.ELSEWHERE:
            return await _elsewhere(quiz, rnd, entry)
        case Ruling.FINAL:
            return wording.final(rnd, entry, cap)
        case _ if rnd.feedback is Feedback.IMMEDIATE:
            return wording.graded(rnd, entry, cap)
        case _:
            return wording.receipt(rnd, entry, recorded.earlier)


async def answer_form(quiz: Quiz, visit: Visit, round_id: int) -> Form | Message:
    """The form behind a short round's Answer button, or why there is none."""
    rnd = await round_here(quiz, visit, round_id)
    entry = await quiz.store.entry(rnd, visit.member.id)
    now = quiz.now()
    match entries.ruling(rnd, entry, "", now, visit.member.origin):
        case Ruling.LATE:
            return wording.too_late(rnd, now)
        case Ruling.ELSEWHERE if entry:
            return await _elsewhere(quiz, rnd, entry)
        case Ruling.FINAL if entry:
            return wording.final(rnd, entry, quiz.rules.cap)
        case _:
            return wording.answer_form(rnd, entry)


async def own_answer(quiz: Quiz, visit: Visit, round_id: int) -> Message:
    """The caller's own answer in a round, with its grade as soon as that may be told."""
    rnd = await round_here(quiz, visit, round_id)
    entry = await quiz.store.entry(rnd, visit.member.id)
    if entry is not None and entry.round_id != rnd.id:
        return await _elsewhere(quiz, rnd, entry)
    if entry is None and await quiz.store.rolled_up(rnd.id):
        return wording.rolled_up(rnd)
    return wording.own_answer(rnd, entry, quiz.rules.cap)


async def _elsewhere(quiz: Quiz, rnd: Round, entry: Entry) -> Message:
    if entry.round_id == rnd.id:
        return wording.other_account(rnd, entry)
    there = await quiz.store.round(entry.round_id)
    if there is None:
        raise Refusal(refusal.no_such_round())
    return wording.elsewhere(there, entry)


async def round_here(quiz: Quiz, visit: Visit, round_id: int) -> Round:
    """A round of the caller's own team; whatever else a button names does not exist for them."""
    rnd = await quiz.store.round(round_id)
    if rnd is None or rnd.team_id != visit.team.id:
        raise Refusal(refusal.no_such_round())
    return rnd
