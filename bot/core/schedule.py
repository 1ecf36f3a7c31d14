"""When: pure functions of (schedule, now); and the one loop that does what is due."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.model import Schedule


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """The instant at which the clocks of a zone show a wall time on a day.

    A time that comes twice means its first coming; one that a clock change leaves out means the first instant after
    the gap. None where the zone left out the whole day.
    """
    local = datetime.combine(day, wall, tzinfo=zone)
    at = local.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    # In a gap fold=0 reads the wall time with the offset before it, fold=1 with the one after: the change lies between.
    after = _change(local.replace(fold=1).astimezone(UTC), at, zone)
    return None if _left_out(day, after, zone) else after


def _change(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The first whole second in (early, late] at which the zone's offset is the late one."""
    offset = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(zone).utcoffset() == offset:
            late = middle
        else:
            early = middle
    return late


def _left_out(day: date, after: datetime, zone: ZoneInfo) -> bool:
    """Whether the change before ``after`` skipped the whole day, as Samoa did on 30 December 2011."""
    before = (after - timedelta(seconds=1)).astimezone(zone).date()
    return before < day < after.astimezone(zone).date()


def posts_after(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    """The instants of a schedule's posts later than ``after``, in order, for the next two years or so."""
    zone = ZoneInfo(schedule.timezone)
    # A clock change can move yesterday's last minutes into today.
    first = after.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(800)):
        if day.weekday() not in schedule.days or day in schedule.skip:
            continue
        at = instant(day, schedule.post, zone)
        if at is not None and at > after:
            yield at


def next_post(schedule: Schedule, after: datetime) -> datetime | None:
    """The first post later than ``after``; None where there is none in the next two years."""
    return next(posts_after(schedule, after), None)


def due(
    schedule: Schedule, planned: datetime, now: datetime, grace: timedelta
) -> tuple[list[datetime], datetime | None]:
    """Of the posts from the ``planned`` one to now: those that are missed, and the one to make good, if any."""
    instants = posts_after(schedule, planned - timedelta(microseconds=1))
    passed = list(itertools.takewhile(lambda at: at <= now, instants))
    if passed and now - passed[-1] <= grace:
        return passed[:-1], passed[-1]
    return passed, None


def following_post(schedule: Schedule, after: datetime, taken: date) -> datetime | None:
    """The first post later than ``after`` for another date than the one ``taken``, which has had its round."""
    return next((at for at in posts_after(schedule, after) if slot(schedule, at) != taken), None)


def closes_at(schedule: Schedule, posted: datetime, taken: date) -> datetime | None:
    """When the daily round for the date ``taken`` closes that is posted now: at the next reveal time, and not after
    the next post in any case."""
    following = following_post(schedule, posted, taken)
    if schedule.reveal is None:
        return following
    zone = ZoneInfo(schedule.timezone)
    first = posted.astimezone(zone).date() - timedelta(days=1)
    reveals = (instant(first + timedelta(days=n), schedule.reveal, zone) for n in range(5))
    reveal = next(at for at in reveals if at is not None and at > posted)
    return min(reveal, following) if following else reveal


def slot(schedule: Schedule, at: datetime) -> date:
    """The date in the channel's zone that a daily round at an instant takes.

    A post that a clock change moved past midnight still takes the date it was meant for.
    """
    zone = ZoneInfo(schedule.timezone)
    day = at.astimezone(zone).date()
    before = day - timedelta(days=1)
    return before if instant(before, schedule.post, zone) == at else day
