"""Numbers: values, tolerances and units."""

import pytest

from bot.core.grading import grade
from bot.core.grading.numerals import read
from bot.core.model import Numeric

from .cases import named, replies, short


@pytest.mark.parametrize("case", list(replies("numbers")), ids=named)
def test_replies(case):
    """Right values are accepted however they are written; other values, units, ranges and bounds are not."""
    question, text, right = case
    assert grade(question, text).correct is right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,000", 1000),
        ("1.000.000", 1e6),
        ("1.234,5", 1234.5),
        ("3,14", 3.14),
        ("1 000", 1000),
        ("1'000", 1000),
        ("1_000", 1000),
        ("2e3", 2000),
        ("2 x 10^-3", 0.002),
        ("10⁵", 1e5),
        ("2^10", 1024),
        ("1½", 1.5),
        ("1 1/2", 1.5),
        ("two thirds", 2 / 3),
        ("two and a half", 2.5),
        ("one hundred and twenty-five", 125),
        ("three point one four", 3.14),
        ("2.5 million", 2.5e6),
        ("10k", 1e4),
        ("nineteen forty-five", 1945),
        ("minus three", -3),
        ("−3", -3),
        ("3 out of 4", 0.75),
        (".5", 0.5),
    ],
)
def test_one_number(text, value):
    """A number is read whole, in figures or words."""
    [number] = [token for token in read(text) if token.kind == "number"]
    assert number.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "count"), [("5 0", 2), ("40-60", 2), ("L2", 0), ("F-16", 0), ("1.2.3", 0), ("12:30", 0)]
)
def test_not_one_number(text, count):
    """What looks like a number and is none, or two, is not read as one."""
    assert len([token for token in read(text) if token.kind == "number"]) == count


def test_tolerance():
    """A tolerance is absolute or a share of the value, its bounds included."""
    absolute = short("How many?", "10", numeric=Numeric(10, 0.5))
    assert grade(absolute, "10.5").correct
    assert not grade(absolute, "10.51").correct
    relative = short("How many?", "200", numeric=Numeric(200, 0.02, relative=True))
    assert grade(relative, "204").correct
    assert not grade(relative, "204.1").correct


def test_what_the_author_lists_wins():
    """A listed wording is right in its own terms, a listed near miss wrong though within the tolerance."""
    question = short("How often?", "50", numeric=Numeric(50, 5), accept=("half a hundred", "0.5 k"), reject=("52",))
    assert grade(question, "half a hundred").correct
    assert grade(question, "53").correct
    assert not grade(question, "52").correct


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("fifty", "Right: 50."),
        ("51", 'Not right. You wrote "51"; another number was asked for.'),
        ("50 epochs", 'Not right. You wrote "50 epochs"; that is another unit than the one asked for.'),
        ("40 or 50", 'Not right. You wrote "40 or 50"; please give one number.'),
        ("at least 50", 'Not right. You wrote "at least 50"; please give the value itself, not a bound.'),
        ("50%", 'Not right. You wrote "50%"; a percentage was not asked for.'),
        ("many", 'Not right. You wrote "many"; a number was asked for.'),
        ("not 50", 'Not right. You wrote "not 50"; that says what the answer is not.'),
    ],
)
def test_reasons(text, reason):
    """Every grade says in plain words why."""
    question = short("How many iterations make an epoch?", "50", numeric=Numeric(50, unit="iterations"))
    assert grade(question, text).reason == reason


def test_a_bare_number_needs_no_key():
    """An answer that is a number is graded as one."""
    question = short("In which year?", "1945")
    assert grade(question, "nineteen forty-five").correct
    assert not grade(question, "1946").correct
    assert not grade(question, "1945 BC").correct
