"""Ideas: an explanation that should contain certain ideas, graded by stems without a model.

An idea is found to the degree to which the words of one of its wordings occur in the explanation. Coverage of the
reference's words, the question's own words nearly left out, follows human graders better than similarities of whole
texts do (Sultan, Salazar & Sumner 2016, "Fast and Easy Short Answer Grading with High Accuracy", NAACL).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.grading.normalise import clean, words
from bot.core.grading.phrases import addresses_grader
from bot.core.grading.polarity import Spoken, Turn, opposite_words, turns
from bot.core.grading.reasons import partly, right, wrong
from bot.core.grading.stems import stem
from bot.core.grading.wordings import SMALL, SYNONYM, Lexicon, Matched, Wording, coverage, in_order, match, wording
from bot.core.model import Grade, Idea, Question

_MOST = {Turn.NO: 1.0, Turn.PERHAPS: 0.8, Turn.YES: 0.5}
"""The most that an idea can earn that was, perhaps, said with the opposite sense: the words are known, the thing is not."""

FAINT = 0.15
"""Less of an idea than this is chance."""

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+|(?:(?<=\s)|^)[-*•]\s+|\s\(?\d[.)]\s")
_VERBS = frozenset("is are was were has have can does do it they which that because so to when".split())
_QUOTED = 110


@dataclass(frozen=True)
class Found:
    """How far an explanation contains an idea, and whether it says the opposite of it."""

    idea: Idea
    credit: float
    turned: bool = False


@dataclass(frozen=True)
class IdeasKey:
    """What is compiled once of a question that is graded by ideas."""

    ideas: tuple[tuple[Idea, tuple[Wording, ...]], ...]
    asked: frozenset[str]
    lexicon: Lexicon


def is_explanation(answer: str) -> bool:
    """Whether an answer is a sentence to be graded by its ideas rather than a term."""
    found = answer.split()
    if len(found) > 2 and sum(word[:1].isupper() for word in found) > 0.6 * len(found):
        return False  # a title or a name
    if len(found) > 7 or len(found) > 1 and answer.rstrip().endswith("."):
        return True
    return len(found) > 4 and any(word.lower() in _VERBS for word in found)


def derived_ideas(answer: str, prompt: str = "") -> tuple[Idea, ...]:
    """The sentences of a reference answer, each as one idea, weighted by what it says beyond the question."""
    asked = frozenset(stem(word) for word in words(prompt))
    parts = [part.strip(" -*•") for part in _SENTENCE.split(answer)]
    weighed = [(part, wording(part, asked).mass) for part in parts if words(part)]
    return tuple(Idea(part, weight=round(mass, 2)) for part, mass in weighed)


def grade_ideas(question: Question, text: str) -> Grade:
    """The grade of an explanation."""
    return grade_of(found_ideas(question, text), text)


def found_ideas(question: Question, text: str) -> tuple[Found, ...]:
    """How far an explanation contains each idea of a question."""
    key = ideas_key(question.prompt, question.ideas or derived_ideas(question.answer, question.prompt))
    said = Spoken(text)
    if _repeats(said, key) or addresses_grader(clean(text)):
        return tuple(Found(idea, 0.0) for idea, _ in key.ideas)
    matched = match(said, key.lexicon)
    best = [_best(wordings, matched, said) for _, wordings in key.ideas]
    named = [i for i, (_, credit) in enumerate(best) if credit]
    turned = dict(zip(named, turns(said, [(best[i][0].spoken, frozenset(best[i][0].weights)) for i in named]), strict=True))
    return tuple(
        _found(idea, of, credit, Turn.YES if _denied(of, matched, said) else turned.get(i, Turn.NO))
        for i, ((idea, _), (of, credit)) in enumerate(zip(key.ideas, best, strict=True))
    )


@lru_cache(maxsize=1024)
def ideas_key(prompt: str, ideas: tuple[Idea, ...]) -> IdeasKey:
    """The compiled key of a question; cached by what it is made of."""
    asked = frozenset(stem(word) for word in words(prompt))
    compiled = tuple((idea, tuple(wording(text, asked) for text in (idea.idea, *idea.accept))) for idea in ideas)
    return IdeasKey(compiled, asked, Lexicon(of for _, wordings in compiled for of in wordings))


def _best(wordings: Sequence[Wording], matched: Matched, said: Spoken) -> tuple[Wording, float]:
    """The wording that an explanation comes nearest to, and how near; a list of keywords says nothing."""
    credits = [(of, 0.0 if of.is_statement and _is_list(said) and not in_order(of, said.words) else coverage(of, matched)) for of in wordings]
    of, credit = max(credits, key=lambda pair: pair[1])
    return of, credit if credit >= FAINT else 0.0


def _found(idea: Idea, of: Wording, credit: float, turned: Turn) -> Found:
    return Found(idea, min(_MOST[turned], credit), turned is not Turn.NO and credit > 0)


def _denied(of: Wording, matched: Matched, said: Spoken) -> bool:
    """Whether a word of the wording occurs only right after a negation, or only its opposite occurs."""
    denied = any(
        stem(word) in matched.denied and True not in of.spoken.denials[word] for word in of.spoken.denials if word not in SMALL
    )
    missing = frozenset(stemmed for stemmed in of.novel if matched.strength.get(stemmed, 0.0) < SYNONYM)
    return denied or opposite_words(said, of.spoken, of.novel, missing)


def _repeats(said: Spoken, key: IdeasKey) -> bool:
    """Whether an explanation has no word beyond those of the question."""
    return all(word in SMALL or stem(word) in key.asked for word in said.words)


def _is_list(said: Spoken) -> bool:
    """Whether somebody wrote keywords instead of sentences."""
    return len(said.words) > 3 and sum(word in SMALL for word in said.words) < 0.15 * len(said.words)


def grade_of(found: Sequence[Found], text: str) -> Grade:
    """The weighted share of the ideas, with a sentence that names what was found and what was missing."""
    total = sum(max(0.0, each.idea.weight) for each in found)
    score = sum(each.idea.weight * each.credit for each in found) / total if total else 0.0
    if found and all(each.credit >= 0.995 for each in found):
        return right(f"you said that {_named(found)}.")
    if score < 0.01:
        return wrong("None of the ideas asked for is in your answer." if clean(text).strip() else "I found no words in your answer.")
    return partly(score, f"{_summary(found)}.")


def _summary(found: Sequence[Found]) -> str:
    said = [each for each in found if each.credit >= 0.995]
    half = [each for each in found if 0 < each.credit < 0.995 and not each.turned]
    turned = [each for each in found if each.turned]
    missing = [each for each in found if not each.credit]
    parts = [
        f"{lead} {_named(group)}"
        for lead, group in (("you said that", said), ("you said part of this:", half), ("you turned this round with a negation or an opposite:", turned), ("missing:", missing))
        if group
    ]
    return "; ".join(parts)


def _named(found: Sequence[Found]) -> str:
    names = [_shown(each.idea.idea) for each in found[:3]]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", and ".join(names) + more


def _shown(idea: str) -> str:
    """An idea inside a sentence: without its full stop, in lower case unless it begins with a name or formula."""
    text = " ".join(idea.split()).rstrip(".;")
    if len(text) > _QUOTED:
        text = text[: _QUOTED - 3].rstrip() + "..."
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
