"""Multiple choice: letters and whole options."""

import pytest

from bot.core.grading import NotAnOption, Unreadable, grade, picked_option
from bot.core.model import Choice, Difficulty, Kind, Question

QUESTION = Question(
    "rate-too-high",
    "optimization",
    Kind.CHOICE,
    Difficulty.EASY,
    "What do you see when the learning rate is far too high?",
    "Because.",
    choices=(
        Choice("The loss jumps around", correct=True),
        Choice("The loss falls slowly", why="That is the sign of a rate that is too low."),
        Choice("Nothing"),
    ),
)


@pytest.mark.parametrize(
    "text", ["A", "a", "A.", "a)", "(A)", " **A** ", '"A"', "The loss jumps around", "the LOSS jumps around!"]
)
def test_right(text):
    """A letter in any dress, or the option in full, picks it."""
    assert grade(QUESTION, text).score == 1
    assert grade(QUESTION, text).reason == "Right: The loss jumps around."


def test_wrong_says_why():
    """A wrong option answers with its own explanation, or at least with what was chosen."""
    assert grade(QUESTION, "b").reason == "Not right. That is the sign of a rate that is too low."
    assert grade(QUESTION, "C").reason == 'Not right. You chose "Nothing".'


def test_letters_follow_the_order_shown():
    """A is the option that is shown first."""
    assert grade(QUESTION.in_order((2, 1, 0)), "C").correct


@pytest.mark.parametrize("text", ["D", "E", "1", "AB", "A or B", "the loss", "yes", "a b c", "🅰️?"])
def test_unreadable(text):
    """Anything else is told to be no option, with the letters there are; nothing is recorded."""
    with pytest.raises(Unreadable, match="one of the letters A to C"):
        grade(QUESTION, text)


def test_index():
    """The option picked is known by its index."""
    assert picked_option(QUESTION, "c") == 2
    with pytest.raises(NotAnOption):
        picked_option(QUESTION, "x")
