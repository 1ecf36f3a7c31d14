"""Ideas: an explanation that should contain certain ideas."""

from __future__ import annotations

import re

from bot.core.grading.normalise import plain
from bot.core.grading.reasons import partly, right, wrong
from bot.core.model import Grade, Idea, Question

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+")


def derived_ideas(answer: str) -> tuple[Idea, ...]:
    """The sentences of a reference answer, each as one idea."""
    return tuple(Idea(part.strip()) for part in _SENTENCE.split(answer) if plain(part))


def grade_ideas(question: Question, text: str) -> Grade:
    ideas = question.ideas or derived_ideas(question.answer)
    said = set(plain(text).split())
    asked = set(plain(question.prompt).split())
    total = sum(i.weight for i in ideas) or 1.0
    found = [i for i in ideas if any(_share(w, said, asked) >= 0.5 for w in (i.idea, *i.accept))]
    missing = [i for i in ideas if i not in found]
    score = sum(i.weight for i in found) / total
    if not missing:
        return right("")
    if not found:
        return wrong("I did not find the ideas asked for.")
    return partly(score, f"you said that {found[0].idea}; missing: {missing[0].idea}.")


def _share(wording: str, said: set[str], asked: set[str]) -> float:
    wanted = set(plain(wording).split()) - asked
    return len(wanted & said) / len(wanted) if wanted else 0.0
