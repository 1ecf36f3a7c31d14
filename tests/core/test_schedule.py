"""When: posts and reveals on the wall clocks of the world."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.core import schedule
from bot.core.model import Schedule

ALL = frozenset(range(7))
GRACE = timedelta(hours=2)
HOUR = timedelta(hours=1)


def plan(zone="Europe/Berlin", post="09:00", reveal="16:30", days=ALL, skip=()):
    """A schedule."""
    revealed = time.fromisoformat(reveal) if reveal else None
    return Schedule(zone, time.fromisoformat(post), revealed, frozenset(days), frozenset(map(date.fromisoformat, skip)))


def local(text, zone="Europe/Berlin", fold=0):
    """An instant by a zone's wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def posts(a_plan, first, count):
    """The first posts from a day on, as the zone's wall clock shows them."""
    start = local(first, a_plan.timezone) - timedelta(microseconds=1)
    found = [at for at, _ in zip(schedule.posts_after(a_plan, start), range(count), strict=False)]
    return [f"{at.astimezone(ZoneInfo(a_plan.timezone)):%Y-%m-%d %H:%M}" for at in found]


# --- examples: clock changes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "wall", "shown"),
    [
        ("Europe/Berlin", "2026-03-29", "01:59", "2026-03-29 01:59"),
        ("Europe/Berlin", "2026-03-29", "02:00", "2026-03-29 03:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29 03:00"),
        ("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29 03:00"),
        ("America/New_York", "2026-03-08", "02:59", "2026-03-08 03:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:29", "2026-10-04 02:30"),
        ("America/Sao_Paulo", "2018-11-04", "00:30", "2018-11-04 01:00"),
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04 01:00"),
        ("Asia/Beirut", "2026-03-29", "00:15", "2026-03-29 01:00"),
        ("Africa/Cairo", "2026-04-24", "00:00", "2026-04-24 01:00"),
        ("America/Nuuk", "2026-03-28", "23:30", "2026-03-29 00:00"),
        ("Asia/Pyongyang", "2018-05-04", "23:45", "2018-05-05 00:00"),
    ],
)
def test_a_time_in_a_gap_is_the_first_instant_after_it(zone, day, wall, shown):
    """02:30 on the day it does not exist is 03:00; gaps of half an hour and gaps at midnight are alike."""
    at = schedule.instant(date.fromisoformat(day), time.fromisoformat(wall), ZoneInfo(zone))
    assert f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == shown


@pytest.mark.parametrize(
    ("zone", "day", "wall", "first"),
    [
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25 00:30"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04 14:45"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01 05:30"),
        ("Asia/Beirut", "2026-10-24", "23:30", "2026-10-24 20:30"),
    ],
)
def test_a_time_that_comes_twice_is_posted_once(zone, day, wall, first):
    """The first coming is meant, and the next post is a day later."""
    a_plan = plan(zone, wall)
    at = schedule.instant(date.fromisoformat(day), a_plan.post, ZoneInfo(zone))
    assert f"{at:%Y-%m-%d %H:%M}" == first
    following = schedule.next_post(a_plan, at)
    assert following.astimezone(ZoneInfo(zone)).date() == date.fromisoformat(day) + timedelta(days=1)


def test_across_both_changes_of_berlin():
    """Nine in the morning is nine in the morning, in summer and in winter."""
    for first in ("2026-03-28", "2026-10-24"):
        days = [date.fromisoformat(first) + timedelta(days=n) for n in range(3)]
        assert posts(plan(), first, 3) == [f"{day} 09:00" for day in days]


def test_a_day_that_a_zone_left_out():
    """Samoa had no 30 December 2011: that date has no post, and those around it have one each."""
    samoa = ZoneInfo("Pacific/Apia")
    assert posts(plan("Pacific/Apia"), "2011-12-29", 3) == ["2011-12-29 09:00", "2011-12-31 09:00", "2012-01-01 09:00"]
    assert schedule.instant(date(2011, 12, 30), time(9), samoa) is None
    assert schedule.instant(date(2011, 12, 30), time(0), samoa) is None


def test_a_reveal_on_a_day_that_a_zone_left_out():
    """A reveal time that falls on the missing day is the next one that exists."""
    a_plan = plan("Pacific/Apia", "20:00", "08:00")
    posted = local("2011-12-29 20:00", "Pacific/Apia")
    assert schedule.closes_at(a_plan, posted, date(2011, 12, 29)) == local("2011-12-31 08:00", "Pacific/Apia")


# --- examples: the calendar ------------------------------------------------------------------------------------------


def test_weekdays_and_skipped_dates():
    """Only the wanted weekdays are posted, and of them not the skipped dates."""
    a_plan = plan(days=range(5), skip=["2026-12-24", "2026-12-25"])
    assert [at[8:10] for at in posts(a_plan, "2026-12-21", 5)] == ["21", "22", "23", "28", "29"]


def test_the_turn_of_the_year_and_the_29th_of_february():
    """Posts go on over New Year and on a leap day."""
    assert posts(plan(), "2027-12-31", 2) == ["2027-12-31 09:00", "2028-01-01 09:00"]
    assert posts(plan(), "2028-02-28", 3) == ["2028-02-28 09:00", "2028-02-29 09:00", "2028-03-01 09:00"]
    assert posts(plan(days=[1]), "2028-02-23", 1) == ["2028-02-29 09:00"]


def test_without_a_day_left_there_is_no_post():
    """Where every day is skipped there is no next post, and a round without a reveal time has no end."""
    skipped = [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(900)]
    a_plan = plan(skip=skipped, reveal=None)
    assert schedule.next_post(a_plan, local("2026-01-01")) is None
    assert schedule.closes_at(a_plan, local("2026-01-01"), date(2026, 1, 1)) is None


# --- examples: reveals -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("post", "reveal", "posted", "closes"),
    [
        ("09:00", "16:30", "2026-11-16 09:00", "2026-11-16 16:30"),
        ("16:00", "08:30", "2026-11-16 16:00", "2026-11-17 08:30"),
        ("16:00", "08:30", "2026-11-20 16:00", "2026-11-21 08:30"),
        ("09:00", "09:00", "2026-11-16 09:00", "2026-11-17 09:00"),
        ("09:00", None, "2026-11-16 09:00", "2026-11-17 09:00"),
        ("09:00", None, "2026-11-20 09:00", "2026-11-23 09:00"),
        ("09:00", "16:30", "2026-11-16 10:59", "2026-11-16 16:30"),
        ("09:00", "09:30", "2026-11-16 10:00", "2026-11-17 09:00"),
    ],
)
def test_when_a_round_closes(post, reveal, posted, closes):
    """At the next reveal time after the post, on the next day too; without one at the next post; never after it."""
    a_plan = plan(post=post, reveal=reveal, days=range(5))
    at = local(posted)
    assert schedule.closes_at(a_plan, at, date.fromisoformat(posted[:10])) == local(closes)


def test_when_a_round_that_was_posted_early_closes():
    """A post by hand before the day's time lasts as long as the scheduled one would have."""
    monday = date(2026, 11, 16)
    assert schedule.closes_at(plan(), local("2026-11-16 07:00"), monday) == local("2026-11-16 16:30")
    assert schedule.closes_at(plan(reveal=None), local("2026-11-16 07:00"), monday) == local("2026-11-17 09:00")


def test_a_post_that_a_gap_moved_past_midnight_takes_the_date_it_was_meant_for():
    """In Pyongyang 23:45 on 4 May 2018 became midnight of the 5th: it is the round of the 4th."""
    a_plan = plan("Asia/Pyongyang", "23:45")
    moved = local("2018-05-05 00:00", "Asia/Pyongyang")
    assert schedule.slot(a_plan, moved) == date(2018, 5, 4)
    following = schedule.next_post(a_plan, moved)
    assert schedule.slot(a_plan, following) == date(2018, 5, 5)


# --- examples: catching up -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "missed", "made_good"),
    [
        ("2026-11-16 08:59:59", [], None),
        ("2026-11-16 09:00:00", [], "2026-11-16 09:00"),
        ("2026-11-16 11:00:00", [], "2026-11-16 09:00"),
        ("2026-11-16 11:00:01", ["2026-11-16 09:00"], None),
        ("2026-11-18 10:00:00", ["2026-11-16 09:00", "2026-11-17 09:00"], "2026-11-18 09:00"),
        ("2026-11-18 12:00:00", ["2026-11-16 09:00", "2026-11-17 09:00", "2026-11-18 09:00"], None),
    ],
)
def test_what_is_made_good_after_an_outage(now, missed, made_good):
    """Of the posts that were missed only the last one is made good, up to and with the end of the grace."""
    found = schedule.due(plan(), local("2026-11-16 09:00"), local(now), GRACE)
    assert found == ([local(at) for at in missed], local(made_good) if made_good else None)


# --- laws ------------------------------------------------------------------------------------------------------------

ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
CHANGING = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo",
    "Pacific/Apia", "America/Nuuk", "Africa/Casablanca", "Asia/Tehran", "America/Santiago", "Pacific/Kwajalein",
    "Asia/Gaza", "Antarctica/Troll", "Asia/Pyongyang", "America/Caracas", "Europe/Dublin", "Pacific/Enderbury",
    "America/Havana",
]  # fmt: skip

zones = st.sampled_from(CHANGING) | st.sampled_from(ZONES)
walls = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0)) | st.sampled_from(
    [time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 30), time(3), time(12), time(23, 45)]
)
days = st.dates(date(1975, 1, 2), date(2036, 12, 1))
schedules = st.builds(
    Schedule,
    timezone=zones,
    post=walls,
    reveal=st.none() | walls,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    skip=st.just(frozenset()),
)


def some_posts(a_plan, day, count=12):
    """The posts from the beginning of a day on."""
    start = datetime.combine(day, time(), ZoneInfo(a_plan.timezone)).astimezone(UTC)
    return start, [at for at, _ in zip(schedule.posts_after(a_plan, start), range(count), strict=False)]


def around_changes(test):
    """The same law around the changes that zones are known for."""
    cases = [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 27)), ("Europe/Berlin", time(2, 30), date(2026, 10, 23)),
        ("Pacific/Apia", time(9), date(2011, 12, 28)), ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 2)),
        ("America/Sao_Paulo", time(0, 30), date(2018, 11, 2)), ("America/Nuuk", time(23, 30), date(2026, 3, 26)),
        ("Asia/Pyongyang", time(23, 45), date(2018, 5, 2)), ("Pacific/Kwajalein", time(8), date(1993, 8, 18)),
        ("Antarctica/Troll", time(1, 30), date(2026, 3, 27)),
    ]  # fmt: skip
    for zone, post, day in cases:
        for reveal in (None, time(1), time(23, 59)):
            test = example(Schedule(zone, post, reveal, ALL), day)(test)
    return test


@around_changes
@given(schedules, days)
def test_posts_come_one_after_the_other(a_plan, day):
    """The instants of the posts strictly increase and lie after the one they were asked for."""
    start, found = some_posts(a_plan, day)
    assert all(early < late for early, late in zip([start, *found], found, strict=False))


@around_changes
@given(schedules, days)
def test_each_date_is_posted_once(a_plan, day):
    """Every wanted date that the zone has is posted exactly once; no date is used twice."""
    zone = ZoneInfo(a_plan.timezone)
    _, found = some_posts(a_plan, day)
    taken = [schedule.slot(a_plan, at) for at in found]
    assert len(set(taken)) == len(taken)
    span = [day + timedelta(days=n) for n in range(1, (taken[-1] - day).days)]
    wanted = {one for one in span if one.weekday() in a_plan.days and exists(one, zone)}
    assert wanted <= set(taken)
    assert {one.weekday() for one in taken} <= a_plan.days


def exists(day, zone):
    """Whether a zone has this date: any minute of it."""
    midnight = datetime.combine(day, time(), UTC)
    return any((midnight + timedelta(minutes=15 * n)).astimezone(zone).date() == day for n in range(-60, 164))


@around_changes
@given(schedules, days)
def test_the_wall_clock_shows_the_wanted_time(a_plan, day):
    """It shows the wanted time, or what was wanted does not exist and it shows the first instant after the gap."""
    zone = ZoneInfo(a_plan.timezone)
    for at in some_posts(a_plan, day)[1]:
        shown = at.astimezone(zone)
        if shown.time() == a_plan.post:
            assert shown.fold == 0
            continue
        wanted = datetime.combine(schedule.slot(a_plan, at), a_plan.post)
        before = (at - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None)
        assert before < wanted < shown.replace(tzinfo=None)


@around_changes
@given(schedules, days)
def test_a_round_closes_between_its_post_and_the_next(a_plan, day):
    """It closes after its post, and not after the next one, whatever the clocks do."""
    for at, following in zip(found := some_posts(a_plan, day)[1], found[1:], strict=False):
        closes = schedule.closes_at(a_plan, at, schedule.slot(a_plan, at))
        assert at < closes <= following
        if a_plan.reveal is None:
            assert closes == following
        elif closes < following and closes.astimezone(ZoneInfo(a_plan.timezone)).time() != a_plan.reveal:
            shown, before = (moment.astimezone(ZoneInfo(a_plan.timezone)) for moment in (closes, closes - HOUR / 3600))
            assert shown.replace(tzinfo=None) - before.replace(tzinfo=None) > timedelta(seconds=1)


@given(schedules, days, st.integers(0, 40), st.timedeltas(timedelta(), timedelta(days=9)))
def test_what_is_due(a_plan, day, hours, late):
    """Nothing of the future is due and nothing older than the grace; all that passed is missed or made good, once."""
    found = some_posts(a_plan, day, count=30)[1]
    grace = timedelta(hours=hours)
    now = found[0] + late
    missed, at = schedule.due(a_plan, found[0], now, grace)
    passed = [one for one in found if one <= now]
    assume(len(passed) < len(found))
    assert [*missed, *([at] if at else [])] == passed
    assert (at is not None) == (now - passed[-1] <= grace)


@given(schedules, days, st.timedeltas(timedelta(microseconds=1), timedelta(days=5)))
def test_nothing_is_due_before_its_time(a_plan, day, early):
    """Before the planned instant nothing is due and nothing was missed."""
    planned = some_posts(a_plan, day, count=1)[1][0]
    assert schedule.due(a_plan, planned, planned - early, GRACE) == ([], None)
