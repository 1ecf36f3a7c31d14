"""The one loop: does what is due, wherever it was left, and sleeps until the next thing is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.core import posting, rounds, schedule
from bot.core.messages import Refusal
from bot.core.model import Channel, Round, State
from bot.core.ports import Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

POLL = 5.0
"""Seconds after which the store is asked again: another process may have changed a schedule."""

BREATH = 0.5
"""Seconds between two looks while a job is under way: what it works on still counts as due."""

COUNT_EVERY = 10.0
"""Seconds between two updates of the count under a question; a platform counts every edit against its limits."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something due in one channel."""

    channel_id: int
    run: Callable[[], Awaitable[None]]


async def jobs(quiz: Quiz) -> list[Job]:
    """All that is due now: unfinished work first, then reveals, then posts."""
    now, platforms = quiz.now(), list(quiz.chats)
    found = [Job(rnd.channel_id, _resume(quiz, rnd)) for rnd in await quiz.store.unfinished(now, platforms)]
    found += [Job(rnd.channel_id, _close(quiz, rnd)) for rnd in await quiz.store.due_closes(now, platforms)]
    found += [Job(channel.id, _post(quiz, channel)) for channel in await quiz.store.due_posts(now, platforms)]
    return found


def _resume(quiz: Quiz, rnd: Round) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        now = quiz.now()
        if not await quiz.store.take(rnd, now + posting.LEASE):
            return
        if rnd.state is State.CLOSED:
            await posting.reveal(quiz, rnd, again=True)
            return
        try:
            await posting.post(quiz, rnd, again=True)
        except Refused as error:
            await _pause(quiz, rnd.channel_id, str(error))

    return run


def _close(quiz: Quiz, rnd: Round) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        await posting.end(quiz, rnd)

    return run


def _post(quiz: Quiz, channel: Channel) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        plan, planned, now = channel.settings.schedule, channel.next_post, quiz.now()
        if plan is None or planned is None:
            return
        missed, at = schedule.due(plan, planned, now, quiz.rules.grace)
        for instant in missed:
            log.warning("channel %s: the question of %s was missed and is skipped", channel.address, instant)
        try:
            if at is not None:
                await rounds.daily(quiz, await quiz.store.team(channel.team_id), channel, at)
        except Refused as error:
            await _pause(quiz, channel.id, str(error))
        except Refusal as error:
            log.error("channel %s: no question of the day: %s", channel.address, error)
        following = schedule.next_post(plan, now)
        await quiz.store.move_on(channel.id, planned, following)
        log.info("channel %s: next question at %s", channel.address, following)

    return run


async def _pause(quiz: Quiz, channel_id: int, reason: str) -> None:
    log.error("channel %d: paused: %s", channel_id, reason)
    await quiz.store.pause(channel_id, reason)


async def _guarded(job: Job) -> None:
    """Run a job; what goes wrong in one channel is logged and concerns no other."""
    try:
        await job.run()
    except Unavailable as error:
        log.warning("channel %d: put off: %s", job.channel_id, error)
    except Exception:
        log.exception("channel %d: a job failed", job.channel_id)


async def forever(quiz: Quiz, stopping: asyncio.Event) -> None:
    """Do what is due, each channel's work by itself, until ``stopping``; then finish what was begun."""
    busy: dict[int, asyncio.Task[None]] = {}
    async with asyncio.TaskGroup() as group:
        group.create_task(_show_counts(quiz, stopping))
        while not stopping.is_set():
            pause = POLL
            try:
                for job in await jobs(quiz):
                    if job.channel_id not in busy:
                        task = busy[job.channel_id] = group.create_task(_guarded(job))
                        task.add_done_callback(_leaves(busy, job.channel_id))
                pause = await _until_next(quiz, BREATH if busy else 0.0)
            except Unavailable as error:
                log.warning("the database does not answer: %s", error)
            except Exception:
                log.exception("what is due cannot be found")
            await sleep(pause, stopping)


def _leaves(busy: dict[int, asyncio.Task[None]], channel_id: int) -> Callable[[asyncio.Task[None]], object]:
    return lambda _: busy.pop(channel_id, None)


async def _until_next(quiz: Quiz, least: float) -> float:
    due = await quiz.store.next_due(list(quiz.chats))
    if due is None:
        return POLL
    return min(max((due - quiz.now()) / timedelta(seconds=1), least), POLL)


async def _show_counts(quiz: Quiz, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await sleep(COUNT_EVERY, stopping)
        for round_id in list(quiz.touched):
            quiz.touched.discard(round_id)
            await _guarded(Job(round_id, partial(posting.show_count, quiz, round_id)))


async def sleep(seconds: float, stopping: asyncio.Event) -> None:
    """Sleep, but no longer than until ``stopping``."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass
