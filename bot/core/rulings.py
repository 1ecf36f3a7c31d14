"""Rulings: appeals against grades, overruled rounds, reported questions. Every one leaves an audit line."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bot.core.messages import Form, Message, Refusal, refusal
from bot.core.messages import rulings as wording
from bot.core.model import (
    LETTERS,
    Appeal,
    Decision,
    Grade,
    Kind,
    Logged,
    Regrade,
    Report,
    Round,
    RoundKind,
    Ruled,
    Wording,
)
from bot.core.ports import Quiz, Refused, Unavailable
from bot.core.rounds import round_here
from bot.core.teams import Visit
from bot.core.wordings import graded

log = logging.getLogger(__name__)

IN_PART = 0.5
"""The score of an answer that an admin accepts in part."""

ENOUGH_REPORTS = 3
"""Members who must report a question before it rests."""


# --- appeals -----------------------------------------------------------------------------------------------------


async def appeal(quiz: Quiz, visit: Visit, round_id: int) -> Message:
    """ "I was right": lay one's own answer before the admins."""
    rnd = await round_here(quiz, visit, round_id)
    entry = await quiz.store.entry(rnd, visit.member.id)
    if entry is None or rnd.question.kind is Kind.CHOICE or entry.grade.correct or not rnd.told:
        raise Refusal(refusal.nothing_to_appeal())
    if not await quiz.store.appeal(rnd, visit.member.id, quiz.now()):
        raise Refusal(refusal.appealed_already())
    return wording.appealed()


async def waiting(quiz: Quiz, visit: Visit) -> Message:
    """What waits for an admin's decision: the oldest appeal, else a question that rests."""
    appeals = await quiz.store.open_appeals(visit.team.id)
    if appeals:
        return wording.appeal(appeals[0], len(appeals))
    resting = await quiz.store.resting(visit.team.id)
    if resting:
        reports = await quiz.store.reports(visit.team.id, resting[0])
        return wording.reported(resting[0], quiz.bank().questions.get(resting[0]), reports)
    return wording.nothing_waits()


async def decide(quiz: Quiz, visit: Visit, appeal_id: int, decision: Decision, why: str = "") -> Message:
    """Accept an appeal, accept it in part, or keep the grade and tell the member why."""
    found = await _open_appeal(quiz, visit, appeal_id)
    changed = []
    if decision is not Decision.KEEP:
        score = 1.0 if decision is Decision.ACCEPT else IN_PART
        await quiz.store.accept_wording(visit.team.id, Wording(found.question.id, found.text, score), quiz.now())
        changed = await _regrade_question(quiz, visit, found.question.id)
    # Last, because what stands above may be done twice: an appeal that a crash left open is decided once more.
    if not await quiz.store.decide(found.id, decision, quiz.now()):
        raise Refusal(refusal.decided_already())
    await _note(quiz, visit, wording.audit_appeal(decision, found), about=found.member_id)
    if decision is Decision.KEEP:
        await _tell(quiz, visit, found.member_id, wording.kept(found, why[: wording.REASON_LIMIT]))
    for regrade in changed:
        await _tell(quiz, visit, regrade.member_id, wording.regraded(found.question, regrade))
    return wording.decided(len(changed), await waiting(quiz, visit))


async def keep_form(quiz: Quiz, visit: Visit, appeal_id: int) -> Form:
    """Asks an admin why the grade is kept: the member is told."""
    return wording.keep_form(await _open_appeal(quiz, visit, appeal_id))


async def _open_appeal(quiz: Quiz, visit: Visit, appeal_id: int) -> Appeal:
    appeals = await quiz.store.open_appeals(visit.team.id)
    found = next((appeal for appeal in appeals if appeal.id == appeal_id), None)
    if found is None:
        raise Refusal(refusal.decided_already())
    return found


async def _regrade_question(quiz: Quiz, visit: Visit, question_id: str) -> list[Regrade]:
    """Grade every past answer to a question in the team again; returns what changed.

    An accepted wording can only raise a grade; no judge is asked, and what one found in an explanation stands.
    """
    wordings = await quiz.store.wordings(visit.team.id, question_id)
    logged = await quiz.store.logged(visit.team.id, question_id)
    fresh = [(one, graded(one.question, one.text, wordings, quiz.bank().vocabulary)) for one in logged]
    return await _regraded(quiz, [(one, new) for one, new in fresh if new.score > one.grade.score])


async def _regraded(quiz: Quiz, fresh: Sequence[tuple[Logged, Grade]]) -> list[Regrade]:
    """Keep the grades that changed and move the standings by the difference."""
    changed = [
        Regrade(one.answer_id, one.member_id, one.text, one.grade, new)
        for one, new in fresh
        if new.score != one.grade.score
    ]
    if changed:
        await quiz.store.regrade(changed, quiz.rules.cap, quiz.now())
    return changed


# --- overruling a round ------------------------------------------------------------------------------------------


async def overrule(quiz: Quiz, visit: Visit, verdict: str, *, only_daily: bool = False) -> Message:
    """Rule on the channel's last revealed round: everyone scores, nobody does, or another option was right."""
    rnd = await quiz.store.last_revealed(visit.channel.id, RoundKind.DAILY if only_daily else None)
    if rnd is None:
        raise Refusal(refusal.nothing_to_overrule())
    if await quiz.store.rolled_up(rnd.id):
        raise Refusal(refusal.too_old_to_overrule())
    new = _overruled(rnd, verdict)
    logged = await quiz.store.logged_in(rnd.id)
    await quiz.store.overrule(rnd.id, verdict)
    changed = await _regraded(quiz, [(one, new(one)) for one in logged])
    await _note(quiz, visit, wording.audit_overrule(verdict, rnd))
    await _announce(quiz, rnd, verdict)
    return wording.overruled(len(changed))


def _overruled(rnd: Round, verdict: str) -> Callable[[Logged], Grade]:
    """The grade that each answer of the round gets."""
    right, wrong = Grade(1.0, wording.ruled_right(verdict)), Grade(0.0, wording.ruled_wrong(verdict))
    if verdict in ("everyone", "nobody"):
        return lambda _: right if verdict == "everyone" else wrong
    if rnd.question.kind is not Kind.CHOICE or verdict.upper() not in LETTERS[: len(rnd.question.choices)]:
        raise Refusal(refusal.no_such_option(verdict))
    return lambda one: right if one.text == verdict.upper() else wrong


async def _announce(quiz: Quiz, rnd: Round, verdict: str) -> None:
    chat = quiz.chats.get(rnd.address.platform)
    mark = f"o{rnd.id}-{int(quiz.now().timestamp()):x}"
    try:
        if chat is not None:
            await chat.post(rnd.address, wording.announced(rnd, verdict), mark)
    except (Unavailable, Refused) as error:
        log.warning("its overruling is not announced: %s", error, extra=rnd.ids)


# --- reports -----------------------------------------------------------------------------------------------------


async def report_form(quiz: Quiz, visit: Visit, round_id: int) -> Form:
    """Asks what is wrong with a question."""
    return wording.report_form(await round_here(quiz, visit, round_id))


async def report(quiz: Quiz, visit: Visit, round_id: int, reason: str) -> Message:
    """Tell the admins what is wrong with a question; three members who do let it rest."""
    rnd = await round_here(quiz, visit, round_id)
    known = Report(rnd.question.id, visit.member.name, reason[: wording.REASON_LIMIT])
    members = await quiz.store.report(visit.team.id, visit.member.id, known, quiz.now())
    if members >= ENOUGH_REPORTS:
        await quiz.store.rest(visit.team.id, rnd.question.id)
        log.warning("question %s rests after %d reports", rnd.question.id, members, extra=rnd.ids)
    return wording.reported_thanks()


async def settle_report(quiz: Quiz, visit: Visit, question_id: str, *, use_again: bool) -> Message:
    """Use a reported question again, or never again in this team."""
    if not await quiz.store.settle_reports(visit.team.id, question_id, use_again=use_again):
        raise Refusal(refusal.decided_already())
    await _note(quiz, visit, wording.audit_report(question_id, use_again=use_again))
    return await waiting(quiz, visit)


async def _note(quiz: Quiz, visit: Visit, what: str, about: int | None = None) -> None:
    await quiz.store.note_ruling(visit.team.id, Ruled(visit.member.id, what, quiz.now(), about))


async def _tell(quiz: Quiz, visit: Visit, member_id: int, message: Message) -> None:
    """Tell a member in private, on every platform that they play on; what cannot be told is logged."""
    for identity in await quiz.store.identities(member_id):
        chat = quiz.chats.get(identity.platform)
        try:
            if chat is not None:
                await chat.tell(identity, message)
        except (Unavailable, Refused) as error:
            log.warning("member %d is not told of a ruling: %s", member_id, error, extra={"team": visit.team.id})
