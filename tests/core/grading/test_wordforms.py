"""Which forms of a word are the same, and which words stay apart."""

import pytest

from bot.core.grading.wordforms import root


@pytest.mark.parametrize(
    "forms",
    [
        ["normalization", "normalisation", "normalizing", "normalised", "normalize", "normalizes"],
        ["overfitting", "overfit", "overfits", "overfitted"],
        ["bagging", "bagged"],
        ["tuning", "tune", "tuned", "tunes"],
        ["activation", "activate", "activations", "activating"],
        ["augmentation", "augmenting", "augment"],
        ["matrix", "matrices"],
        ["analysis", "analyses"],
        ["bias", "biases"],
        ["mitochondrion", "mitochondria"],
        ["positional", "position"],
        ["colour", "color", "colours"],
        ["centre", "center"],
        ["separable", "separability"],
        ["linear", "linearly", "linearity"],
        ["two", "2"],
        ["fourteenth", "14th"],
        ["cnn", "cnns"],
        ["epoch", "epochs"],
        ["class", "classes"],
    ],
)
def test_inflections_meet(forms):
    """Plurals, inflections, British and American spelling and number words have one root."""
    assert len({root(form) for form in forms}) == 1, {form: root(form) for form in forms}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("generator", "generative"),
        ("optimizer", "optimization"),
        ("regularizer", "regularization"),
        ("plan", "plane"),
        ("nil", "nile"),
        ("universe", "university"),
        ("station", "state"),
        ("precision", "precise"),
        ("police", "policy"),
        ("l1", "l2"),
        ("mean", "median"),
    ],
)
def test_other_words_stay_apart(one, other):
    """Words of one family that are different terms have different roots."""
    assert root(one) != root(other)
