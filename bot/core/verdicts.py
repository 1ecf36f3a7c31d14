"""What a judge outside the core found of an explanation becomes a grade here.

A judge (``ports.Judge``) says how far each idea is in an answer. What it may not overrule is decided here: an answer
that is right already stays right, one that copies the question, lists keywords or addresses the grader earns what it
earned without a judge, and an idea that was said with the opposite sense is never earned in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.core.grading.ideas import Found, found_ideas, grade_of, is_explanation
from bot.core.grading.normalise import clean, plain, words
from bot.core.grading.phrases import addresses_grader
from bot.core.grading.polarity import Spoken
from bot.core.grading.stems import stem
from bot.core.grading.wordclasses import NEGATIONS
from bot.core.grading.wordings import FUNCTION, RELATED, SMALL, Lexicon, match, wording
from bot.core.model import Grade, Idea, Kind, Question

MODEL_SHARE = 0.85
"""What a model's finding counts for beside the words; the rest of an idea's credit is what the words show."""

ENOUGH = 0.9
"""The credit that makes a whole idea: nobody says it just as the author did."""

MOST_TURNED = 0.6
"""The most that an idea can earn that was, perhaps, said with the opposite sense, unless the words earn more."""

MOST_DENIED = 0.9
"""The most that an idea earns where an answer says "not" more often than its ideas do, unless words earn more."""

OWN_WORDS = 0.2
"""An answer with a smaller share of words beyond the question's is a copy of the question."""

QUOTED_WORDS = 2
"""Words that a quotation has at least: one word says nothing."""


class Says(Enum):
    """How far an answer says an idea."""

    YES = 1.0
    PARTLY = 0.5
    NO = 0.0


@dataclass(frozen=True)
class Verdict:
    """What a judge found of one idea, with the words of the answer that show it."""

    says: Says
    quote: str = ""


def is_by_ideas(question: Question) -> bool:
    """Whether a question is graded by ideas."""
    short = question.kind is Kind.SHORT and question.numeric is None
    return short and bool(question.ideas or is_explanation(question.answer))


def may_be_judged(question: Question, text: str) -> bool:
    """Whether an answer consists of sentences in words of its own, and speaks to nobody."""
    said = Spoken(text)
    content = [word for word in said.words if word not in SMALL]
    asked = _asked(question)
    own = [word for word in content if stem(word) not in asked]
    if not own or len(own) < OWN_WORDS * len(content) or addresses_grader(clean(text)):
        return False
    return len(said.words) <= 3 or sum(word in FUNCTION for word in said.words) >= 0.15 * len(said.words)


# --- a model that measures ---------------------------------------------------------------------------------------


def raised(question: Question, text: str, credits: Sequence[float]) -> Grade:
    """The grade where a model gave each idea of a question a credit from 0 to 1."""
    found = found_ideas(question, text)
    denies = _negations(text) > sum(_negations(one.idea.idea) for one in found)
    return grade_of([_blended(one, credit, denies) for one, credit in zip(found, credits, strict=True)])


def _negations(text: str) -> int:
    return sum(word in NEGATIONS for word in words(text))


def _blended(found: Found, credit: float, denies: bool) -> Found:
    mixed = min(1.0, (MODEL_SHARE * credit + (1 - MODEL_SHARE) * found.credit) / ENOUGH)
    if found.turned:
        return Found(found.idea, min(mixed, max(found.credit, MOST_TURNED)), turned=True)
    if denies:  # a model sees no "not": where the words do not tell what it turns, nothing is completed
        mixed = min(mixed, max(found.credit, MOST_DENIED if found.credit else MOST_TURNED))
    return Found(found.idea, mixed if mixed >= 0.05 else 0.0)


# --- a judge that quotes -----------------------------------------------------------------------------------------


def ruled(question: Question, text: str, verdicts: Sequence[Verdict]) -> Grade | None:
    """The grade where a judge gave a verdict on each idea of a question; None where it quotes what nobody wrote."""
    if any(verdict.says is not Says.NO and not _is_quoted(verdict.quote, text) for verdict in verdicts):
        return None
    found = found_ideas(question, text)
    return grade_of([_found(question, one, verdict) for one, verdict in zip(found, verdicts, strict=True)])


def _is_quoted(quote: str, text: str) -> bool:
    """Whether a quotation stands in the answer, white space and case aside."""
    flat = _flat(quote)
    return bool(flat) and flat in _flat(text)


def _flat(text: str) -> str:
    return " ".join(text.casefold().split())


def _found(question: Question, found: Found, verdict: Verdict) -> Found:
    credit = verdict.says.value if _bears(question, found.idea, verdict.quote) else 0.0
    if found.turned:
        return Found(found.idea, min(credit, max(found.credit, MOST_TURNED)), turned=credit > 0)
    return Found(found.idea, credit)


def _bears(question: Question, idea: Idea, quote: str) -> bool:
    """Whether a quotation has at least one word that belongs to the idea: then it can be about it.

    An answer may talk a judge into anything; it cannot talk this into finding the idea in other words.
    """
    if len(plain(quote).split()) < QUOTED_WORDS:
        return False
    wordings = [wording(text, _asked(question)) for text in (idea.idea, *idea.accept)]
    strength = match(Spoken(quote), Lexicon(wordings)).strength
    return any(strength.get(word, 0.0) >= RELATED for of in wordings for word in of.novel or of.weights)


def _asked(question: Question) -> frozenset[str]:
    """The stems of the question's own words."""
    return frozenset(map(stem, words(question.prompt)))
