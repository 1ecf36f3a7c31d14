"""What is known about words."""

from bot.core.grading import Vocabulary
from bot.core.model import Choice, Difficulty, Idea, Kind, Numeric, Question

from .cases import essay, short


def test_terms_of_a_bank():
    """The terms, aliases and near misses of short questions are known; numbers, explanations and options are none."""
    vocabulary = Vocabulary.of(
        [
            short("Which?", "Dropout", accept=("drop-out",), reject=("DropConnect",)),
            short("How many?", "50", numeric=Numeric(50)),
            essay("Why?", Idea("rain is wet")),
            Question(
                "id",
                "topic",
                Kind.CHOICE,
                Difficulty.EASY,
                "Which?",
                "",
                choices=(Choice("rain", correct=True), Choice("sun")),
            ),
        ]
    )
    assert vocabulary.terms == {"dropout", "drop out", "dropconnect"}
    assert vocabulary.term_words == {"dropout", "drop", "out", "dropconnect"}


def test_real_words(vocabulary):
    """Words of the language are known in the singular too, names as well."""
    assert all(map(vocabulary.knows, ("meiosis", "dreadlock", "colour", "hilton", "slovenia")))
    assert not any(map(vocabulary.knows, ("dropuot", "regularizaton", "einstien")))
