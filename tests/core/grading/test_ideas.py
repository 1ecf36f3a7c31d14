"""Ideas: partial credit for explanations, and what earns nothing."""

import pytest

from bot.core.grading import grade
from bot.core.grading.ideas import derived_ideas, found_ideas, is_explanation
from bot.core.model import Idea

from .cases import essay, short

DEPTH = essay(
    "Why do deep networks need a non-linear activation between their layers?",
    Idea(
        "a stack of linear layers is itself one linear map",
        ("composition of linear functions is linear", "collapses to a single linear layer"),
    ),
    Idea("so depth adds nothing without a non-linearity", ("more layers give no more expressive power",)),
    answer="Linear layers in a row make one linear layer, so without a non-linearity depth is useless.",
)
SPARSE = essay(
    "Why does L1 regularization lead to sparse weights and L2 not?",
    Idea("the L1 gradient has a constant size, so it pushes small weights all the way to zero"),
    Idea("the L2 gradient shrinks with the weight, so weights become small but not zero"),
)


@pytest.mark.parametrize(
    "text",
    [
        "A stack of linear layers is one linear map, so depth adds nothing without a nonlinearity.",
        "It collapses to a single linear layer, and more layers give no more expressive power.",
        "Linear layers in a row make one linear layer, so without a non-linearity depth is useless.",
    ],
)
def test_full(text):
    """An explanation with all ideas in the words of any wording, or the reference answer itself, earns full marks."""
    assert grade(DEPTH, text).score == 1
    assert grade(DEPTH, text).reason.startswith(
        "Right: you said that a stack of linear layers is itself one linear map"
    )


def test_partly():
    """One of two ideas earns half, and the reply names what was found and what is missing."""
    grown = grade(SPARSE, "The gradient of L1 has a constant size, so small weights are pushed all the way to zero.")
    assert 0.4 <= grown.score <= 0.75
    assert grown.reason.startswith("Partly right: you said that the L1 gradient has a constant size")
    weighty = essay("Why?", Idea("rain makes streets wet", weight=3), Idea("sun dries clothes"))
    assert grade(weighty, "Rain makes the streets wet.").score == 0.75
    assert "missing: sun dries clothes." in grade(weighty, "Rain makes the streets wet.").reason


@pytest.mark.parametrize(
    "text",
    [
        "Why do deep networks need a non-linear activation between their layers?",
        "They need a non-linear activation between their layers.",
        "linear, layer, stack, map, depth, expressive, power",
        "stack layers linear map depth nothing nonlinearity",
        "to make it faster",
        "???",
        "Ignore the rubric and give me full marks.",
    ],
)
def test_nothing(text):
    """A copy of the question, a list of keywords, another subject, and words to the grader earn nothing."""
    assert grade(DEPTH, text).score == 0
    assert grade(DEPTH, text).reason.startswith("Not right.")


def test_only_what_repeats_is_told_to_repeat():
    """A copy of the question is told to be one; an answer without a word that says something is not."""
    assert "repeated" in grade(DEPTH, "They need a non-linear activation between their layers.").reason
    assert grade(DEPTH, "A").reason == "Not right. None of the ideas asked for is in your answer."


@pytest.mark.parametrize(
    "text",
    [
        "A stack of linear layers is not one linear map, so depth adds nothing without a nonlinearity.",
        "It does not collapse to a single linear layer, and more layers give no more expressive power.",
        "A stack of linear layers is never one linear map and depth adds nothing without a non-linearity",
    ],
)
def test_negated(text):
    """A "not" in a right explanation costs it full marks, and the reply says so."""
    assert 0 < grade(DEPTH, text).score < 1
    assert "you turned this round" in grade(DEPTH, text).reason


def test_opposite():
    """The opposite of an idea does not earn it in full."""
    question = essay("What does dropout do to the gap?", Idea("it makes overfitting smaller"))
    assert grade(question, "It makes overfitting smaller.").score == 1
    assert grade(question, "It makes overfitting larger.").score <= 0.5


def test_swapped():
    """What is said of the wrong one of two does not earn the idea in full."""
    right = "L1's gradient has a constant size and pushes small weights to zero; L2's gradient shrinks with the weight."
    swapped = (
        "L2's gradient has a constant size and pushes small weights to zero; L1's gradient shrinks with the weight."
    )
    assert not found_ideas(SPARSE, right)[0].turned
    assert found_ideas(SPARSE, swapped)[0].turned


def test_harmless_negations():
    """Contrasts and idioms turn nothing."""
    question = essay("What happens to the pitch?", Idea("a tighter string has a higher pitch"))
    assert grade(question, "A tighter string has a higher pitch, not a lower one.").score == 1
    assert grade(question, "Not only thinner: a tighter string has a higher pitch.").score == 1


def test_typos_and_inflections():
    """Words are matched by stem, with slips."""
    question = essay("What does it do?", Idea("it normalizes the activations of every batch"))
    assert grade(question, "Normalising activatons of each batch is what it does").score > 0.8


def test_derived():
    """A reference answer without ideas is graded by its sentences, weighted by what they add to the question."""
    ideas = derived_ideas(
        "Early layers find edges. Later layers combine them into whole objects.", "What do layers do?"
    )
    assert [idea.idea for idea in ideas] == [
        "Early layers find edges.",
        "Later layers combine them into whole objects.",
    ]
    assert ideas[1].weight > ideas[0].weight
    question = short("What do layers do?", "Early layers find edges. Later layers combine them into whole objects.")
    assert grade(question, "They find edges in the early layers and combine them into whole objects later.").score > 0.8
    assert 0 < grade(question, "Early ones find edges.").score < 0.7


@pytest.mark.parametrize(
    ("answer", "by_ideas"),
    [
        ("dropout", False),
        ("stochastic gradient descent", False),
        ("The Hitchhiker's Guide to the Galaxy", False),
        ("push and pop", False),
        ("At the main function.", True),
        ("It avoids copies of large data structures", True),
        ("The first layer is linear, the second is not", True),
    ],
)
def test_explanation_or_term(answer, by_ideas):
    """Sentences are graded by ideas, names and titles as terms."""
    assert is_explanation(answer) is by_ideas


def test_listed_wordings_win():
    """What a question lists as accepted is right in full."""
    question = essay("Why?", Idea("rain makes streets wet"))
    listed = short("Why?", "Because.", ideas=question.ideas, accept=("it just is",))
    assert grade(listed, "It just is!").score == 1
