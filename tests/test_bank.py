"""The bank that comes with the product."""

from __future__ import annotations

import math
import re
from collections import Counter
from fractions import Fraction
from statistics import fmean, pstdev

import pytest

from bot.adapters import words, yaml
from bot.config import bundled_bank
from bot.core import check
from bot.core.model import Difficulty, Kind

from .tricks import TRICKS, success

LOADED = yaml.load([bundled_bank()])
CONTENTS = check.Contents(LOADED.questions, LOADED.listed_topics, LOADED.listed_documents, words.english())
QUESTIONS = {placed.question.id: placed.question for placed in LOADED.questions}
CHOICE = [q for q in QUESTIONS.values() if q.kind is Kind.CHOICE]
NUMBERS = [q for q in QUESTIONS.values() if q.numeric]
IDEAS = [q for q in QUESTIONS.values() if q.ideas]
TERMS = [q for q in QUESTIONS.values() if q.kind is Kind.SHORT and not q.numeric and not q.ideas]


def test_sound():
    """It has no fault of form and no error."""
    assert [*map(str, LOADED.faults), *map(str, check.errors(CONTENTS))] == []


@pytest.mark.parametrize(
    ("found", "least"),
    [(QUESTIONS, 320), (CHOICE, 170), ([*TERMS, *NUMBERS, *IDEAS], 150), (TERMS, 70), (NUMBERS, 30), (IDEAS, 50)],
    ids=["questions", "choice", "short", "terms", "numbers", "ideas"],
)
def test_counts(found, least):
    """It has enough questions of every kind."""
    assert len(found) >= least


@pytest.mark.parametrize(("difficulty", "share"), [("easy", 0.4), ("medium", 0.4), ("hard", 0.2)])
def test_difficulty(difficulty, share):
    """Two of five questions are easy, two medium and one hard, within five points."""
    counts = Counter(q.difficulty for q in QUESTIONS.values())
    assert counts[Difficulty(difficulty)] / len(QUESTIONS) == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_tricks(trick):
    """Test tricks alone are right in at most three of ten four-option questions."""
    four = [q for q in CHOICE if len(q.choices) == 4]
    assert len(four) >= 150
    assert success(trick, four) <= 0.30


def test_documents():
    """Every document that a question comes from is listed with what readers are shown of it, and no other is."""
    used = {source.document for q in QUESTIONS.values() for source in q.sources}
    assert used == set(LOADED.listed_documents)
    assert all(source.title for q in QUESTIONS.values() for source in q.sources)


def test_topics():
    """Every topic has a name, and a name has questions."""
    assert {q.topic for q in QUESTIONS.values()} == set(LOADED.listed_topics)


# --- numbers -----------------------------------------------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def dense(inputs, units):
    return (inputs + 1) * units


def valid(side, kernel=3):
    """The side of a map after a convolution without padding and a 2 x 2 pooling."""
    return (side - kernel + 1) // 2


def neighbors(examples, x, k):
    nearest = sorted(examples, key=lambda example: abs(example[0] - x))[:k]
    return fmean(y for _, y in nearest)


def entropy(*shares):
    return -sum(p * math.log2(p) for p in shares if p)


def backpropagated(x, w1, w2, t):
    """dL/dw1 of L = (w2 * w1 * x - t)^2 / 2, by a central difference, which is exact for a parabola."""

    def loss(w):
        return (w2 * w * x - t) ** 2 / 2

    return (loss(w1 + 1) - loss(w1 - 1)) / 2


BATCH = (1, 3, 5, 7)

COMPUTED = {
    "slope-of-two-stacked-layers": (2 * (3 * 1 + 1) - 5) - (2 * (3 * 0 + 1) - 5),
    "dog-probability-from-two-logits": 100 * math.exp(5.6) / (math.exp(5.6) + math.exp(10.1)),
    "bound-for-four-sigmoid-derivatives": (sigmoid(0) * (1 - sigmoid(0))) ** 4,
    "conv-layer-parameter-count": dense(3 * 3 * 32, 64),
    "shallow-deep-parameter-gap": (dense(100, 1000) + dense(1000, 1))
    - (dense(100, 50) + 2 * dense(50, 50) + dense(50, 1)),
    "flattened-values-of-example-cnn": valid(valid(32)) ** 2 * 64,
    "attention-share-of-second-word": 100 * math.exp(3) / (math.exp(1) + math.exp(3)),
    "input-with-even-odds": 3 / 0.5,
    "variance-kept-by-two-components": 100 * (6 + 2) / (6 + 2 + 1 + 1),
    "average-of-three-neighbors": neighbors([(1, 10), (2, 12), (4, 20), (7, 30), (9, 50)], 3, 3),
    "standard-score-of-one-value": (80 - 65) / 12,
    "chance-that-a-subset-holds-both": 100 * math.comb(8, 3) / math.comb(10, 5),
    "share-of-distinct-examples": 100 * (1 - (1 - 1 / 10**6) ** 10**6),
    "factor-for-adaboost-weights": math.sqrt((1 - 0.2) / 0.2),
    "one-step-of-gradient-boosting": 10 + 0.1 * (16 - 10),
    "accuracy-from-a-three-class-table": 100 * (50 + 30 + 47) / sum((50, 5, 5, 4, 30, 6, 1, 2, 47)),
    "f1-from-three-counts": 2 * 30 / (2 * 30 + 10 + 20),
    "parameters-of-a-small-digit-network": dense(784, 64) + dense(64, 10),
    "compression-factor-of-an-autoencoder": 784 / 64,
    "model-fits-in-a-grid-search": 4 * 3 * 5,
    "running-mean-after-one-example": (9 * 4.0 + 9) / (9 + 1),
    "code-size-in-percent": 100 * 64 / (28 * 28),
    "optimal-discriminator-value": 0.3 / (0.3 + 0.1),
    "spam-by-bayes-rule": 0.3 * 0.02 / (0.3 * 0.02 + 0.7 * 0.005),
    "entropy-of-four-unequal-outcomes": entropy(1 / 2, 1 / 4, 1 / 8, 1 / 8),
    "preference-from-two-rewards": sigmoid(2.0 - 1.0),
    "trainable-weights-of-new-head": dense(2048, 5),
    "bits-per-weight-with-scales": 4 + 16 / 128,
    "standardize-four-pre-activations": (7 - fmean(BATCH)) / pstdev(BATCH),
    "derivative-for-the-first-weight": backpropagated(x=2, w1=3, w2=-1, t=-4),
    "one-step-on-a-parabola": 3 - 0.1 * 2 * 3,
    "updates-in-ten-epochs": 10 * math.ceil(50_000 / 128),
    "second-adagrad-step": 0.1 * 4 / math.sqrt(3**2 + 4**2),
    "inverted-dropout-scaling": 4.0 / (1 - 0.2),
    "smoothed-target-of-true-class": (1 - 0.1) * 1 + 0.1 / 5,
    "penalty-value-for-two-weights": 0.1 / 2 * (3**2 + 4**2),
    "keras-rate-expected-zeros": 0.3 * 200,
}
"""Every number that the bank asks for, from what the prompt gives."""


def test_every_number_is_computed():
    """No question that asks for a number goes without its formula, and no formula without its question."""
    assert {q.id for q in NUMBERS} == set(COMPUTED)


@pytest.mark.parametrize("name", COMPUTED)
def test_number(name):
    """The key is the computed value, rounded as the answer shows it, and what is shown lies within the tolerance."""
    question = QUESTIONS[name]
    shown = re.search(r"-?\d+(?:\.(\d+))?", question.answer)
    key = question.numeric
    room = key.tolerance * (abs(key.value) if key.relative else 1)
    assert round(COMPUTED[name], len(shown[1] or "")) == pytest.approx(float(shown[0]))
    assert key.value == pytest.approx(float(shown[0]), abs=room)
    assert key.value == pytest.approx(COMPUTED[name], abs=max(room, 1e-9))


def k_means(points, centroids):
    """The centroids at convergence, exactly."""
    while True:
        groups = [[] for _ in centroids]
        for point in points:
            groups[min(range(len(centroids)), key=lambda i: abs(point - centroids[i]))].append(point)
        moved = [Fraction(sum(group), len(group)) for group in groups]
        if moved == centroids:
            return moved
        centroids = moved


def area(positive, negative):
    """The area under the ROC curve: the share of pairs in the right order."""
    return fmean(p > n for p in positive for n in negative)


LOSSES = (0.90, 0.71, 0.62, 0.60, 0.63, 0.66, 0.72)

PICKED = {
    "hundred-added-to-both-logits": f"{math.exp(110.1) / (math.exp(110.1) + math.exp(105.6)):.3f}",
    "odds-at-temperature-four": f"{81 ** (1 / 4):.0f} : 1",
    "k-means-trace-from-a-poor-start": " and ".join(map(str, k_means((1, 2, 4, 12), [1, 2]))),
    "width-of-an-svm-margin": f"{2 / math.hypot(3, 4):g}",
    "precision-behind-a-fine-roc-point": f"{100 * 0.9 * 10 / (0.9 * 10 + 0.01 * 99_990):.0f}%",
    "minmax-to-a-symmetric-range": f"{-1 + 2 * (20 - 10) / (50 - 10):.2f}",
    "mean-of-five-trees": f"{fmean((8, 9, 10, 12, 16)):g}",
    "variance-limit-of-a-forest": f"{0.3 * 10 + (1 - 0.3) * 10 / 10**9:.0f}",
    "pseudo-residual-of-log-loss": f"{1 - 0.8:.1f}",
    "accuracy-of-a-blind-detector": f"{100 * (1 - 1 / 100_000):.3f}%",
    "area-from-four-scores": f"{area((0.9, 0.4), (0.6, 0.2)):.2f}",
    "relu-unit-switch-on-point": f"x > {6 / 2:g}",
    "outlier-share-of-squared-error": f"{100 * 81 / (1 + 1 + 1 + 81):.0f}%",
    "halved-probability-of-the-true-class": f"{math.log(0.8) - math.log(0.4):.2f}",
    "third-match-by-bradley-terry": str(1 - 1 / (1 + Fraction(3, 1) * Fraction(2, 1))),
    "die-known-to-be-even": f"{entropy(*[1 / 6] * 6) - entropy(*[1 / 3] * 3):.0f} bit",
    "hundredfold-batch-standard-error": f"{math.sqrt(10_000 / 100):.0f}",
    "sign-of-the-step": f"{0.1 * 3:.1f}",
    "variance-for-a-relu-layer": f"{2 / 200:g}",
    "slow-average-after-a-jump": f"{1 - 0.999**1000:.2f}",
    "early-stopping-which-epoch": f"Epoch {1 + LOSSES.index(min(LOSSES))}",
    "largest-converging-rate": f"{max(rate for rate in (0.05, 0.15, 0.25, 0.5) if abs(1 - 10 * rate) < 1):g}",
    "euclidean-norm-of-weights": f"{math.hypot(2, 3, 6):.0f}",
}
"""What the right option of a choice question says where it is computed."""


@pytest.mark.parametrize("name", PICKED)
def test_picked_number(name):
    """The right option says the computed value."""
    question = QUESTIONS[name]
    text = question.choices[question.right_choice].text
    assert re.search(rf"(?<![\w.,-]){re.escape(PICKED[name])}(?![\w]|[.,]\d)", text), (text, PICKED[name])
