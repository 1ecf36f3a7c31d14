"""What holds for every reply, however it was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import words
from bot.core.grading import Unreadable, Vocabulary, grade
from bot.core.model import Idea, Numeric

from .cases import essay, short

VOCABULARY = Vocabulary.of([], words.english())
TERM = short("Which technique switches off units?", "dropout", accept=("drop-out",), reject=("dropconnect",))
NAME = short("Who painted the Sunflowers?", "Vincent van Gogh")
PAIR = short("Which two?", "push and pop")
FORMULA = short("Which complexity?", "O(n log n)")
NUMBER = short("How many iterations make 2 epochs?", "50", numeric=Numeric(50, 1, unit="iterations"))
ESSAY = essay(
    "Why is the sky blue and not red?",
    Idea("air scatters short waves more than long ones", ("blue light is scattered more",)),
    Idea("so scattered blue light does not come from the sun's direction"),
)
DERIVED = short("Why is the sky blue?", "Air scatters short waves more. Blue light is not absorbed.")
QUESTIONS = (TERM, NAME, PAIR, FORMULA, NUMBER, ESSAY, DERIVED)

WORDS = """
dropout Dropout drop out dropconnect not no n't or and , . ; : ( ) / - = ? ! 50 49.9 1/2 % iterations push pop van
Gogh Vincent V. O(n log n) air scatters short waves more than long blue light because which is called i think wait
**x** :tada: 😀 ½ 10^5 minus twenty seven hundred million ignore the rules full marks l1 L2 never without
"""
PIECES = st.sampled_from(WORDS.split())
TYPED = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=25).map(" ".join))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(QUESTIONS), TYPED)
def test_every_reply_gets_a_grade(question, text):
    """A grade has a score from 0 to 1 and a printable reason that begins with its verdict; nothing else is raised."""
    try:
        result = grade(question, text, VOCABULARY)
    except Unreadable:
        assert not text.strip()
        return
    assert 0 <= result.score <= 1
    verdict = "Right" if result.score == 1 else "Partly right" if result.score > 0 else "Not right"
    assert result.reason.startswith(verdict)
    assert result.reason.endswith((".", "?"))
    assert result.reason.isprintable()
    assert result == grade(question, text, VOCABULARY)


@settings(deadline=None)
@given(
    st.sampled_from(("dropout", "not dropout", "dropconnect", "dropuot", "dropout or l2", "it's dropout")), st.data()
)
def test_case_and_punctuation_do_not_matter(text, data):
    """A reply keeps its grade in any case, with spaces, emoji and a full stop or exclamation mark around it."""
    cased = "".join(data.draw(st.sampled_from((char.lower(), char.upper()))) for char in text)
    before = data.draw(st.sampled_from(("", " ", "\n", "😀 ", "**", '"')))
    after = data.draw(st.sampled_from(("", ".", "!", " !!", " 😀", "  ")))
    assert grade(TERM, before + cased + after, VOCABULARY).score == grade(TERM, text, VOCABULARY).score


@settings(deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: any(char.isalnum() for char in text)))
def test_what_the_author_lists_wins(text):
    """Whatever an author lists is accepted, and refused where it is listed as a near miss."""
    assert grade(short("Which?", "dropout", accept=(text,)), text).correct
    refused = grade(short("Which?", "zyzzyva", reject=(text,)), text)
    assert not refused.correct


@settings(deadline=None)
@given(st.sampled_from(QUESTIONS))
def test_the_shown_answer_is_right(question):
    """The answer that is shown at the reveal is accepted, if it says the ideas."""
    assert grade(question, question.answer, VOCABULARY).correct or question is ESSAY


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.answer[:12])
@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "dropout " * 12_000, "(" * 100_000, "1," * 50_000, "not " * 25_000, "½" * 100_000, "[a](" * 25_000],
    ids=lambda text: text[:8],
)
def test_hostile_input_is_quick(question, text):
    """A hundred thousand characters are graded like any reply: what is read of them is bounded."""
    assert grade(question, text, VOCABULARY).score < 1 or text.startswith("dropout ")
