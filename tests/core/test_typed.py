"""What people type for a setting: times, zones, days, topics, difficulties, minutes."""

import time as clock
from contextlib import suppress
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import typed
from bot.core.messages import Refusal, plain
from bot.core.model import Difficulty

from .stage import BANK


def refused(reader, *args):
    """The sentence with which something typed is refused."""
    with pytest.raises(Refusal) as error:
        reader(*args)
    return plain(error.value.text)


# --- times -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("09:00", time(9)),
        ("9:00", time(9)),
        ("09.30", time(9, 30)),
        (" 16:30 ", time(16, 30)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_times(text, at):
    """Hours and minutes of the day with a colon or a dot between them."""
    assert typed.wall_time(text) == at


@pytest.mark.parametrize("text", ["", "9", "24:00", "12:60", "-1:00", "9:5", "noon", "09:00:00", "٠٩:٠٠", "09:00 x"])
def test_what_is_no_time(text):
    """Anything else is refused with two examples."""
    assert refused(typed.wall_time, text) == f'"{text}" is not a time of day. Please write it like 09:00 or 16:30.'


# --- days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon – fri", {0, 1, 2, 3, 4}),
        ("Monday to Friday", {0, 1, 2, 3, 4}),
        ("mon, wed, fri", {0, 2, 4}),
        ("mon wed fri", {0, 2, 4}),
        ("Tuesday and Thursday", {1, 3}),
        ("fri-mon", {4, 5, 6, 0}),
        ("sun", {6}),
        ("mon-wed, sat", {0, 1, 2, 5}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("daily", set(range(7))),
        ("Every day", set(range(7))),
        ("Mondays and Thursdays", {0, 3}),
        ("tues, weds, thurs", {1, 2, 3}),
        ("all", set(range(7))),
    ],
)
def test_days(text, days):
    """Ranges, lists and common words, in any case; a range may go over the weekend."""
    assert typed.days(text) == days


@pytest.mark.parametrize("text", ["", ",", "someday", "12", "mon, drop table", "🙂", "to", "monkey"])
def test_what_are_no_days(text):
    """Anything else is refused with two examples."""
    sentence = f'I do not understand the days "{text}". Write them like mon-fri, or mon, wed, fri.'
    assert refused(typed.days, text) == sentence


# --- zones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        (" New  York ", "America/New_York"),
        ("new-york", "America/New_York"),
        ("new_york", "America/New_York"),
        ("Port au Prince", "America/Port-au-Prince"),
        ("tokyo", "Asia/Tokyo"),
        ("UTC", "UTC"),
        ("Asia/Kolkata", "Asia/Kolkata"),
    ],
)
def test_zones(text, zone):
    """A zone is found by its name or its city, in any case and with any blanks."""
    assert typed.zone(text) == zone


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Berlim", 'I do not know the time zone "Berlim". Write a city of it, such as Berlin or New York.'),
        (
            "buenos aires",
            'I do not know the time zone "buenos aires". Did you mean America/Argentina/Buenos_Aires or '
            "America/Buenos_Aires?",
        ),
        ("berl", 'I do not know the time zone "berl". Did you mean Europe/Berlin?'),
    ],
)
def test_what_is_no_zone(text, sentence):
    """What is unknown or not clear is refused with the names that may be meant, always in the same order."""
    assert refused(typed.zone, text) == sentence


def test_zones_are_found_by_their_names():
    """An IANA name gives the zone with that name, and no other."""
    for name in sorted(available_timezones())[::12]:
        assert ZoneInfo(typed.zone(name)).key == name


def test_zones_are_offered_by_city():
    """While somebody types, cities that begin so come first; never more than a platform shows."""
    assert typed.zones_like(BANK, "berl")[0] == ("Europe/Berlin", "Europe/Berlin")
    assert [name for name, _ in typed.zones_like(BANK, "york")][:1] == ["America/New_York"]
    assert ("America/New_York", "America/New York") in typed.zones_like(BANK, "new y")
    assert 0 < len(typed.zones_like(BANK, "")) <= 25
    assert len(typed.zones_like(BANK, "a")) == 25
    assert typed.zones_like(BANK, "nowhere at all") == []


@settings(max_examples=40)
@given(st.text(max_size=20))
def test_whatever_is_offered_is_taken(text):
    """Every zone that is offered for anything typed is one that the setting takes."""
    for name, _ in typed.zones_like(BANK, text):
        assert typed.zone(name) == name


# --- topics and difficulties -------------------------------------------------------------------------------------


def test_topics():
    """Topics by id or shown name with commas between them; `all` is all, and one named twice counts once."""
    assert typed.topics(BANK, "optimization, Regularization") == ("optimization", "regularization")
    assert typed.topics(BANK, "all") == ()
    assert typed.topics(BANK, " ALL ") == ()
    assert typed.topics(BANK, "optimization,,optimization,") == ("optimization",)


def test_an_unknown_topic_is_named_with_the_nearest():
    """A topic that the bank has not is refused with the one that may be meant, also among others that exist."""
    assert "Did you mean optimization?" in refused(typed.topics, BANK, "regularization, optimisation")
    assert refused(typed.topics, BANK, "optimization, all").startswith('I do not know the topic "all".')
    assert "There are: optimization, regularization, architectures. " in refused(typed.topics, BANK, "cnn")


def test_topics_are_offered():
    """While somebody types a topic, those with these letters are offered by id and name; all for none."""
    assert typed.topics_like(BANK, "reg") == [("regularization", "Regularization")]
    assert len(typed.topics_like(BANK, "")) == len(BANK.topics)


def test_difficulties():
    """Difficulties with commas between them; `all` is all, and one named twice counts once."""
    assert typed.difficulties("easy, HARD") == (Difficulty.EASY, Difficulty.HARD)
    assert typed.difficulties("all") == ()
    assert typed.difficulties("easy, easy") == (Difficulty.EASY,)
    assert refused(typed.difficulties, "medum") == 'I do not know "medum". Did you mean medium?'


@pytest.mark.parametrize(("text", "count"), [("1", 1), ("10m", 10), ("10 min", 10), ("15 minutes", 15), ("1440", 1440)])
def test_minutes(text, count):
    """A number of minutes from one to a day, with or without its unit."""
    assert typed.minutes(text) == count


@pytest.mark.parametrize("text", ["0", "1441", "-1", "1.5", "ten", "", "1h", "9" * 5000])
def test_what_are_no_minutes(text):
    """Anything else is refused with an example."""
    sentence = "is not a number of minutes from 1 to 1440. With /quiz ask minutes=10 a question stays open for ten."
    assert refused(typed.minutes, text).endswith(sentence)


# --- hostile text ------------------------------------------------------------------------------------------------

READERS = [
    typed.wall_time,
    typed.days,
    typed.zone,
    typed.difficulties,
    typed.minutes,
    lambda text: typed.topics(BANK, text),
    lambda text: typed.word(text, ("easy", "hard")),
    lambda text: typed.zones_like(BANK, text),
    lambda text: typed.topics_like(BANK, text),
]


@given(st.sampled_from(READERS), st.text(max_size=60))
def test_every_reader_takes_or_refuses(reader, text):
    """No text makes a reader fail in another way than by refusing it."""
    with suppress(Refusal):
        reader(text)


@pytest.mark.parametrize("unit", ["a", "9", " ", "mon ", "mon-", "a,", "=", "a=", "\u0000", "- ", "_", "é"])
def test_huge_texts_are_read_at_once(unit):
    """A hundred thousand characters of anything are read in a moment."""
    text = unit * (100_000 // len(unit))
    began = clock.perf_counter()
    for reader in READERS:
        with suppress(Refusal):
            reader(text)
    assert clock.perf_counter() - began < 2
