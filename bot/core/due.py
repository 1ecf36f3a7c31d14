"""The one loop: does what is due, wherever it was left, and sleeps until the next thing is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import zip_longest

from bot.core import posting, retention, rounds, schedule
from bot.core.messages import Refusal
from bot.core.meter import Failure, Promise, broken
from bot.core.model import Channel, Round, RoundKind, State
from bot.core.ports import Due, Quiz, Refused, Unavailable

log = logging.getLogger(__name__)

POLL = 5.0
"""Seconds after which the store is asked again: another process may have changed a schedule."""

BREATH = 0.5
"""Seconds between two looks while a job is under way: what it works on still counts as due."""

AT_ONCE = 50
"""Jobs of one platform under way at a time: what is due in the same minute everywhere goes out in the order in which
it was due, as fast as the platform takes it, and is claimed no earlier."""

COUNT_EVERY = 10.0
"""Seconds between two updates of the count under a question; a platform counts every edit against its limits."""


ASK_EVERY = 600.0
"""Seconds between two looks whether it is time to roll up answers."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something due in one channel; ``ids`` name it in the log."""

    channel_id: int
    ids: Mapping[str, object]
    run: Callable[[], Awaitable[None]]


def jobs(quiz: Quiz, due: Due) -> list[Job]:
    """What is due on a platform: posts, reveals and unfinished work in turn; many of one keep no other waiting."""
    posts = [Job(channel.id, channel.ids, _post(quiz, channel)) for channel in due.posts]
    closes = [Job(rnd.channel_id, rnd.ids, _close(quiz, rnd)) for rnd in due.closes]
    resumed = [Job(rnd.channel_id, rnd.ids, _resume(quiz, rnd)) for rnd in due.unfinished]
    return [job for turn in zip_longest(posts, closes, resumed) for job in turn if job is not None]


def _resume(quiz: Quiz, rnd: Round) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        now = quiz.now()
        if not await quiz.store.take(rnd, now + posting.LEASE):
            return
        if rnd.state is State.CLOSED:
            await posting.reveal(quiz, rnd)
            return
        try:
            if await posting.post(quiz, rnd, again=True) and rnd.kind is RoundKind.DAILY:
                posting.on_time(quiz, rnd, rnd.opened_at)
        except Refused as error:
            await _pause(quiz, rnd.channel_id, rnd.ids, str(error))

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
            _skipped(quiz, channel, "the question of %s was missed and is skipped", instant)
        try:
            if at is not None:
                rnd = await rounds.daily(quiz, await quiz.store.team(channel.team_id), channel, at)
                if rnd is not None and rnd.state is State.OPEN:
                    posting.on_time(quiz, rnd, at)
        except Refused as error:
            await _pause(quiz, channel.id, channel.ids, str(error))
        except Refusal as error:
            _skipped(quiz, channel, "no question of the day: %s", error)
        following = schedule.next_post(plan, now)
        await quiz.store.move_on(channel.id, planned, following)
        log.info("next question at %s", following, extra=channel.ids)

    return run


def _skipped(quiz: Quiz, channel: Channel, why: str, *args: object) -> None:
    broken(quiz.meter, Promise.QUESTION_SKIPPED, channel.ids, why, *args)


async def _pause(quiz: Quiz, channel_id: int, ids: Mapping[str, object], reason: str) -> None:
    await quiz.store.pause(channel_id, reason)
    broken(quiz.meter, Promise.CHANNEL_PAUSED, ids, "paused: %s", reason)


async def _guarded(quiz: Quiz, job: Job) -> None:
    """Run a job; what goes wrong in one channel is logged and concerns no other."""
    try:
        await job.run()
    except Unavailable as error:
        quiz.meter.failed(Failure.DATABASE)
        log.warning("put off: %s", error, extra=job.ids)
    except Exception:
        quiz.meter.failed(Failure.UNEXPECTED)
        log.exception("a job failed", extra=job.ids)


async def forever(quiz: Quiz, stopping: asyncio.Event) -> None:
    """Do what is due, each channel's work by itself, until ``stopping``; then finish what was begun."""
    busy: dict[str, set[int]] = {platform: set() for platform in quiz.chats}
    async with asyncio.TaskGroup() as group:
        group.create_task(_show_counts(quiz, stopping))
        group.create_task(_roll_up(quiz, stopping))
        while not stopping.is_set():
            pause = POLL
            try:
                for platform, channels in busy.items():
                    pause = min(pause, await _begin(quiz, platform, channels, group))
            except Unavailable as error:
                quiz.meter.failed(Failure.DATABASE)
                log.warning("the database does not answer: %s", error)
            except Exception:
                quiz.meter.failed(Failure.UNEXPECTED)
                log.exception("what is due cannot be found")
            await sleep(pause, stopping)


async def _begin(quiz: Quiz, platform: str, busy: set[int], group: asyncio.TaskGroup) -> float:
    """Begin what is due on a platform in channels that are not ``busy``, as far as there is room; returns the seconds
    until more is."""
    due = await quiz.store.due(quiz.now(), platform, 2 * AT_ONCE)  # half of that may be under way already
    found = jobs(quiz, due)
    for job in found:
        if job.channel_id not in busy and len(busy) < AT_ONCE:
            busy.add(job.channel_id)
            task = group.create_task(_guarded(quiz, job))
            task.add_done_callback(_leaves(busy, job.channel_id))
    quiz.meter.looked(platform, len(found), len(busy))
    if due.following is None:
        return POLL
    return max((due.following - quiz.now()) / timedelta(seconds=1), BREATH if busy else 0.0)


def _leaves(busy: set[int], channel_id: int) -> Callable[[object], None]:
    return lambda _: busy.discard(channel_id)


async def _show_counts(quiz: Quiz, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await sleep(COUNT_EVERY, stopping)
        if stopping.is_set():
            return
        for round_id in list(quiz.touched):
            quiz.touched.discard(round_id)
            await _guarded(quiz, Job(round_id, {"round": round_id}, partial(posting.show_count, quiz, round_id)))


async def _roll_up(quiz: Quiz, stopping: asyncio.Event) -> None:
    """Once a day, in one process of all, roll up answers that are kept no longer."""
    while quiz.rules.kept is not None and not stopping.is_set():
        try:
            if await retention.is_due(quiz):
                async for _ in retention.roll_up(quiz.store, quiz.now() - quiz.rules.kept):
                    await sleep(retention.PAUSE, stopping)
                    if stopping.is_set():
                        return
        except Unavailable as error:
            log.warning("old answers are rolled up tomorrow: %s", error)
        except Exception:
            log.exception("old answers cannot be rolled up")
        await sleep(ASK_EVERY, stopping)


async def sleep(seconds: float, stopping: asyncio.Event) -> None:
    """Sleep, but no longer than until ``stopping``."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        pass
