"""When a slip is forgiven: only where the word meant is beyond doubt."""

import pytest

from bot.core.grading import Vocabulary
from bot.core.grading.typos import is_typo


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dropuot", "dropout"),
        ("droput", "dropout"),
        ("overfiting", "overfitting"),
        ("regularizaton", "regularization"),
        ("backpropogation", "backpropagation"),
        ("einstien", "einstein"),
        ("mitossis", "mitosis"),
        ("kernal", "kernel"),
        ("gradeint", "gradient"),
        ("tchaikovski", "tchaikovsky"),
        ("cambera", "camera"),
    ],
)
def test_slips_are_forgiven(typed, meant, vocabulary):
    """A letter too many, too few, changed or swapped in a long enough word is a slip."""
    assert is_typo(typed, meant, vocabulary)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rtae", "rate"),
        ("relo", "relu"),
        ("stick", "stack"),
        ("pairs", "paris"),
        ("meiosis", "mitosis"),
        ("decent", "descent"),
        ("delay", "decay"),
        ("beetles", "beatles"),
        ("dreadlock", "deadlock"),
        ("monet", "manet"),
        ("currie", "curie"),
        ("l2", "l1"),
        ("1946", "1945"),
        ("underfitting", "overfitting"),
        ("decoder", "encoder"),
        ("autodecoder", "autoencoder"),
        ("chemosynthesis", "photosynthesis"),
        ("asymetric", "symmetric"),
        ("nonconvex", "convex"),
        ("hypotension", "hypertension"),
        ("meosis", "mitosis"),
    ],
)
def test_doubt_is_not(typed, meant, vocabulary):
    """Short words, real words, names, a change of number or polarity and what is nearer to another word are no slip."""
    assert not is_typo(typed, meant, vocabulary)


def test_the_other_words_of_a_term_support_a_slip(vocabulary):
    """Beside the right words a four-letter swap and words that sound the same can only be slips."""
    assert is_typo("rtae", "rate", vocabulary, supported=True)
    assert is_typo("decent", "descent", vocabulary, supported=True)
    assert not is_typo("rite", "rate", vocabulary, supported=True)
    assert not is_typo("delay", "decay", vocabulary, supported=True)


def test_a_term_of_the_bank_is_no_slip():
    """What another question of the bank asks for is a word of its own, though no dictionary has it."""
    bare = Vocabulary()
    bank = Vocabulary(terms=frozenset({"dropoff"}))
    assert not is_typo("dropoff", "dropout", bank)
    assert is_typo("overfiting", "overfitting", bare)


def test_without_a_word_list_less_is_forgiven(vocabulary):
    """The fewer words are known, the more doubt there is: then only slips that keep a short word's sound count."""
    bare = Vocabulary()
    assert is_typo("hintom", "hinton", vocabulary)
    assert not is_typo("hintom", "hinton", bare)
