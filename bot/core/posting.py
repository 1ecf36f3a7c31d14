"""A round on its way into its channel: claimed, posted, closed, revealed - each exactly once.

Every step is written down before the platform is asked and again afterwards. Whoever finds a step begun but not done
(after a crash, or a platform that did not answer) looks in the channel for the message before sending it again.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import boards
from bot.core.messages import Message
from bot.core.messages import round as wording
from bot.core.meter import Promise, Step, broken
from bot.core.model import NewRound, Period, Round, State
from bot.core.ports import CannotLook, NotDone, Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
"""How long a step stays in the hands of the process that began it."""

TRY = 20.0
"""Seconds for one attempt at a platform; shorter than the lease, so that two processes never send at once."""

SKEW = timedelta(minutes=1)
"""How far a platform's clock may be off this one's."""

LONGEST_PAUSE = timedelta(minutes=1)
"""The longest pause between two attempts at a platform that does not answer."""

REFUSED_REST = timedelta(hours=1)
"""How long a reveal rests that the platform refuses to take."""

PUNCTUAL = timedelta(seconds=20)
"""How long after its minute a daily question may come."""


async def begin(quiz: Quiz, new: NewRound) -> Round | None:
    """Claim a round and post it; None where it was claimed before. Raises ``Refused`` where it cannot be posted.

    Where the platform does not answer the round stays in its posting state, and is posted later.
    """
    rnd = await quiz.store.claim(new, quiz.now() + LEASE)
    if rnd is not None and await post(quiz, rnd):
        return replace(rnd, state=State.OPEN)
    return rnd


async def post(quiz: Quiz, rnd: Round, *, again: bool = False) -> bool:
    """Post a round's message and say whether it stands in the channel now.

    ``again`` says that there were earlier attempts. Raises ``Refused``.
    """
    message = wording.question(rnd, quiz.bank().topic_name(rnd.question.topic), 0)
    mark = _mark(rnd, "question")
    try:
        async with asyncio.timeout(TRY):
            ref = await _find(quiz, rnd, mark)
            if ref is None and again and not _worth_posting(quiz, rnd):
                _withheld(quiz, rnd, "given up, its time is over before it could be posted")
                await _drop(quiz, rnd)
                return False
            ref = ref or await _send(quiz, rnd, message, mark)
    except (Unavailable, TimeoutError) as error:
        await _rest(quiz, rnd, error)
    except Refused:
        await _drop(quiz, rnd)
        raise
    except CannotLook:
        _withheld(quiz, rnd, "an attempt to post it ended unknown and the channel cannot be read; left alone")
        await _give_up(quiz, rnd)
    else:
        await quiz.store.opened(rnd.id, ref)
        quiz.meter.went(rnd.kind, Step.OPENED)
        log.info("%s posted: %s", rnd.kind, rnd.question.id, extra=rnd.ids)
        return True
    return False


def on_time(quiz: Quiz, rnd: Round, planned: datetime) -> None:
    """Tell how long after its instant a daily question came that stands in its channel now."""
    late = quiz.now() - planned
    quiz.meter.posted(late.total_seconds())
    if late > PUNCTUAL:
        broken(quiz.meter, Promise.POST_LATE, rnd.ids, "posted %.0f s after its time", late.total_seconds())


def _withheld(quiz: Quiz, rnd: Round, why: str) -> None:
    broken(quiz.meter, Promise.QUESTION_GIVEN_UP, rnd.ids, why)


async def _drop(quiz: Quiz, rnd: Round) -> None:
    await quiz.store.void(rnd.id)
    quiz.meter.went(rnd.kind, Step.GIVEN_UP)


async def _give_up(quiz: Quiz, rnd: Round) -> None:
    """Look no more for a round's message; where somebody answered it is there all the same, and the round goes on."""
    if await quiz.store.answered(rnd.id):
        await quiz.store.opened(rnd.id, "")
    else:
        await _drop(quiz, rnd)


def _worth_posting(quiz: Quiz, rnd: Round) -> bool:
    now = quiz.now()
    return now - rnd.opened_at <= quiz.rules.grace and (rnd.closes_at is None or now < rnd.closes_at)


def _mark(rnd: Round, message: str) -> str:
    """What tells the round's messages from all others in a channel, in another database too; 25 characters at most."""
    return f"{message[0]}{rnd.id}-{int(rnd.opened_at.timestamp()):x}"


async def _find(quiz: Quiz, rnd: Round, mark: str) -> str | None:
    """The message of an earlier attempt, where one may have succeeded unseen."""
    if rnd.tried_at is None:
        return None
    began = max(rnd.tried_at, rnd.opened_at if rnd.accepting else rnd.closed_at or rnd.opened_at)
    return await quiz.chats[rnd.address.platform].find(rnd.address, mark, began - SKEW, began + LEASE + SKEW)


async def _send(quiz: Quiz, rnd: Round, message: Message, mark: str) -> str:
    """Post a message of the round, and let nobody look for it who comes after an attempt that surely failed."""
    await quiz.store.trying(rnd.id, quiz.now())
    try:
        return await quiz.chats[rnd.address.platform].post(rnd.address, message, mark)
    except (NotDone, Refused):
        await quiz.store.trying(rnd.id, None)
        raise


async def _rest(quiz: Quiz, rnd: Round, error: Exception) -> None:
    """Try again later, ever more slowly."""
    pause = min(timedelta(seconds=2 ** min(rnd.attempts + 1, 9)), LONGEST_PAUSE)
    log.warning("%s does not answer (%s); again in %s", rnd.address.platform, error, pause, extra=rnd.ids)
    await quiz.store.put_off(rnd.id, quiz.now() + pause)


async def end(quiz: Quiz, rnd: Round) -> bool:
    """Close a round and reveal it, unless somebody else does; False where the reveal has to wait for the platform."""
    now = quiz.now()
    closed = await quiz.store.close(rnd.id, now, now + LEASE)
    if closed is None:
        return True
    quiz.meter.went(rnd.kind, Step.CLOSED)
    return await reveal(quiz, closed)


async def supersede(quiz: Quiz, rnd: Round) -> None:
    """End a round whose successor is due, whether or not it ever got into the channel."""
    if rnd.state is State.POSTING:
        _withheld(quiz, rnd, "given up, the next one is due before it could be posted")
        await _give_up(quiz, rnd)
    await end(quiz, rnd)


async def reveal(quiz: Quiz, rnd: Round) -> bool:
    """Edit a closed round's message, post its reveal, and say whether it stands there."""
    entries = await quiz.store.entries(rnd.id)
    team = await quiz.store.team(rnd.team_id)
    week = boards.key(Period.WEEK, rnd.day)
    today = boards.team_day(team, quiz.now())
    top = await quiz.store.standings(rnd.team_id, week, today, boards.TOP)
    message = wording.reveal(rnd, entries, top, this_week=week == boards.key(Period.WEEK, today))
    mark = _mark(rnd, "reveal")
    try:
        async with asyncio.timeout(TRY):
            if rnd.message:
                await _show_closed(quiz, rnd, len(entries))
            ref = await _find(quiz, rnd, mark) or await _send(quiz, rnd, message, mark)
    except (Unavailable, TimeoutError) as error:
        await _rest(quiz, rnd, error)
    except Refused as error:
        broken(quiz.meter, Promise.REVEAL_WITHHELD, rnd.ids, "its reveal is refused: %s", error)
        await quiz.store.put_off(rnd.id, quiz.now() + REFUSED_REST)
    except CannotLook:
        unknown = "an attempt to reveal it ended unknown and the channel cannot be read; left alone"
        broken(quiz.meter, Promise.REVEAL_WITHHELD, rnd.ids, unknown)
        await quiz.store.revealed(rnd.id, "")
    else:
        await quiz.store.revealed(rnd.id, ref)
        quiz.meter.went(rnd.kind, Step.REVEALED)
        log.info("revealed, %d answers", len(entries), extra=rnd.ids)
        return True
    return False


async def _show_closed(quiz: Quiz, rnd: Round, answered: int) -> None:
    message = wording.closed(rnd, quiz.bank().topic_name(rnd.question.topic), answered)
    await quiz.chats[rnd.address.platform].edit(rnd.address, rnd.message, message)


async def show_count(quiz: Quiz, round_id: int) -> None:
    """Bring the count of answers under an open round's question up to date.

    The round may close while the platform works on it; then the closed message is put back. Another process may have
    shown a later count before this one arrived; then it is due once more.
    """
    rnd = await quiz.store.round(round_id)
    if rnd is None or rnd.state is not State.OPEN or not rnd.message:
        return
    answered = await quiz.store.answered(round_id)
    message = wording.question(rnd, quiz.bank().topic_name(rnd.question.topic), answered)
    try:
        await quiz.chats[rnd.address.platform].edit(rnd.address, rnd.message, message)
        after, later = await quiz.store.round(round_id), await quiz.store.answered(round_id)
        if after is not None and not after.accepting:
            await _show_closed(quiz, after, later)
        elif later != answered:
            quiz.touched.add(round_id)
    except (Unavailable, Refused) as error:
        log.warning("the count of answers is not up to date: %s", error, extra=rnd.ids)
