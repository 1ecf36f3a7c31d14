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

from bot.core.grading.attribution import Pair, contrasted, is_misattributed
from bot.core.grading.normalise import clean, plain, words
from bot.core.grading.phrases import addresses_grader
from bot.core.grading.polarity import Spoken, Turn, opposite_words, turns
from bot.core.grading.reasons import partly, right, wrong
from bot.core.grading.stems import stem
from bot.core.grading.wordclasses import word_set
from bot.core.grading.wordings import (
    FUNCTION,
    SMALL,
    SYNONYM,
    Lexicon,
    Matched,
    Wording,
    coverage,
    in_order,
    match,
    wording,
)
from bot.core.model import Grade, Idea, Question

_MOST = {Turn.NO: 1.0, Turn.PERHAPS: 0.9, Turn.YES: 0.5}
"""The most that an idea can earn that was, perhaps, said with the opposite sense: its words are known, no more."""

WEIGHTY = 0.2
"""From this share of a wording's weight on, words that are denied turn it."""

SAYS = 0.5
"""From this coverage on, a clause of the reference answer says an idea."""

MOSTLY = 0.6
"""A reference answer that earns this share says all there is to say, whatever its key makes of it."""

FAINT = 0.25
"""Less of an idea than this is chance."""

_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n+|(?:(?<=\s)|^)[-*•]\s+|\s\(?\d[.)]\s")
_CLAUSE = re.compile(r"[.;:!?]\s+|,\s+(?:so|and|but|while|whereas|because|which)\s+|\n+")
_VERBS = word_set("is are was were has have can does do it they which that because so to when")
_SMALL_STEMS = frozenset(map(stem, SMALL))
_QUOTED = 110
_LEADING = re.compile(r"^(?:so|and|because|therefore|thus|hence|then|but)\b,? ", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """How far an explanation contains an idea, whether it says the opposite, and what its words alone would earn."""

    idea: Idea
    credit: float
    turned: bool = False
    words: float = 0.0


@dataclass(frozen=True)
class IdeasKey:
    """What is compiled once of a question that is graded by ideas."""

    ideas: tuple[tuple[Idea, tuple[Wording, ...]], ...]
    asked: frozenset[str]
    lexicon: Lexicon
    pairs: frozenset[Pair]
    is_derived: bool


def is_explanation(answer: str) -> bool:
    """Whether an answer is a sentence to be graded by its ideas rather than a term."""
    found = answer.split()
    if len(found) > 2 and sum(word[:1].isupper() for word in found) > 0.6 * len(found):
        return False  # a title or a name
    if len(found) > 7 or (len(found) > 1 and answer.rstrip().endswith(".")):
        return True
    return len(found) > 4 and any(word.lower() in _VERBS for word in found)


def derived_ideas(answer: str, prompt: str = "") -> tuple[Idea, ...]:
    """The sentences of a reference answer, each as one idea, weighted by what it says beyond the question."""
    asked = frozenset(stem(word) for word in words(prompt))
    parts = [part.strip(" -*•") for part in _SENTENCE.split(answer)]
    weighed = [(part, wording(part, asked).mass) for part in parts if words(part)]
    return tuple(Idea(part, weight=round(mass, 2)) for part, mass in weighed)


def ideas_of(question: Question) -> tuple[Idea, ...]:
    """The ideas by which a question is graded: its own, or those of its reference answer."""
    return question.ideas or derived_ideas(question.answer, question.prompt)


def grade_ideas(question: Question, text: str) -> Grade:
    """The grade of an explanation."""
    key = _key_of(question)
    cleaned = clean(text)
    said = Spoken(text)
    if not said.words:
        return wrong("I found no words in your answer.")
    if plain(text) in map(plain, question.accept):
        return grade_of([Found(idea, 1.0) for idea, _ in key.ideas])
    if addresses_grader(cleaned):
        return wrong("Please answer the question in your own words.")
    if _repeats(said, key):
        return wrong("You repeated the question.")
    found = grade_of(_found_in(key, said))
    if found.score >= MOSTLY and plain(text) == plain(question.answer):  # the author's own answer, if it says the ideas
        return grade_of([Found(idea, 1.0) for idea, _ in key.ideas])
    return found


def found_ideas(question: Question, text: str) -> tuple[Found, ...]:
    """How far an explanation contains each idea of a question."""
    return _found_in(_key_of(question), Spoken(text))


def _found_in(key: IdeasKey, said: Spoken) -> tuple[Found, ...]:
    matched = match(said, key.lexicon)
    best = [_best(wordings, matched, said, key) for _, wordings in key.ideas]
    named = [i for i, (_, credit) in enumerate(best) if credit]
    parts = [(best[i][0].spoken, frozenset(best[i][0].weights)) for i in named]
    turned = dict(zip(named, turns(said, parts), strict=True))
    return tuple(
        _found(idea, of, credit, max(_turn(of, matched, said, key), turned.get(i, Turn.NO)))
        for i, ((idea, _), (of, credit)) in enumerate(zip(key.ideas, best, strict=True))
    )


def _key_of(question: Question) -> IdeasKey:
    return ideas_key(question.prompt, ideas_of(question), question.answer if question.ideas else "")


@lru_cache(maxsize=1024)
def ideas_key(prompt: str, ideas: tuple[Idea, ...], answer: str) -> IdeasKey:
    """The compiled key of a question; cached by what it is made of.

    The clauses of ``answer`` add to the wordings; without it the ideas are derived from a reference answer.
    """
    asked = frozenset(stem(word) for word in words(prompt))
    compiled = [(idea, [wording(text, asked) for text in (idea.idea, *idea.accept)]) for idea in ideas]
    for segment in _segments(answer):
        _add_to_nearest(wording(segment, asked), compiled)
    every = [of for _, wordings in compiled for of in wordings]
    return IdeasKey(
        tuple((idea, tuple(wordings)) for idea, wordings in compiled),
        asked,
        Lexicon(every),
        contrasted(words(prompt)),
        not answer,
    )


def _segments(answer: str) -> list[str]:
    """The clauses of a reference answer: further wordings of the ideas."""
    return [part for part in _CLAUSE.split(answer) if len(part.split()) > 2]


def _add_to_nearest(segment: Wording, compiled: list[tuple[Idea, list[Wording]]]) -> None:
    """Give a clause of the reference answer to the one idea that it says, if there is one and no other as well."""
    near = []
    for _, wordings in compiled:
        matched = match(segment.spoken, Lexicon(wordings))
        near.append(max((coverage(of, matched) for of in wordings), default=0.0))
    best = max(near, default=0.0)
    if best >= SAYS and segment.novel and sum(share >= SAYS for share in near) == 1:
        wordings = compiled[near.index(best)][1]
        if all(of.spoken.words != segment.spoken.words for of in wordings):
            wordings.append(segment)


def _best(wordings: Sequence[Wording], matched: Matched, said: Spoken, key: IdeasKey) -> tuple[Wording, float]:
    """The wording that an explanation comes nearest to, and how near; a list of keywords says nothing."""
    same = [of for of in wordings if of.spoken.words == said.words]
    if same:
        return same[0], 1.0
    listed = _is_list(said, 0.15 if key.is_derived else 0.2)
    credits = [0.0 if listed and not _is_named(of, said, key) else coverage(of, matched) for of in wordings]
    credit = max(credits)
    return wordings[credits.index(credit)], credit if credit >= FAINT else 0.0


def _is_named(of: Wording, said: Spoken, key: IdeasKey) -> bool:
    """Whether a list of words says a wording: it names things, or its words stand in the list side by side.

    An author's ideas are statements, of which nothing may be missing in a list; a reference answer may be one itself.
    """
    if key.is_derived and of.is_enumeration:
        return True
    together, pairs, every = in_order(of, said.words)
    if not key.is_derived:
        return together == every > 0
    return together > 0.5 * pairs or (pairs < 4 and together >= 0.5 * pairs)


def _found(idea: Idea, of: Wording, credit: float, turned: Turn) -> Found:
    return Found(idea, min(_MOST[turned], credit), turned is not Turn.NO and credit > 0, words=credit)


def _turn(of: Wording, matched: Matched, said: Spoken, key: IdeasKey) -> Turn:
    """Whether a wording's words occur only after a negation, or their opposites, or are said of something else."""
    missing = frozenset(stemmed for stemmed in of.novel if matched.strength.get(stemmed, 0.0) < SYNONYM)
    if opposite_words(said, of.spoken, of.novel, missing) or is_misattributed(of, said, key.pairs):
        return Turn.YES
    affirmed = {stem(word) for word, senses in of.spoken.denials.items() if True not in senses and word not in SMALL}
    denied = sum(of.weights[stemmed] for stemmed in sorted(affirmed & matched.denied))
    return Turn.YES if denied >= WEIGHTY * of.mass else Turn.PERHAPS if denied else Turn.NO


def _repeats(said: Spoken, key: IdeasKey) -> bool:
    """Whether an explanation has no word beyond those of the question, and is no wording made of a few of them."""
    content = {stem(word) for word in said.words if word not in SMALL}
    listed = any(of.spoken.words == said.words for _, wordings in key.ideas for of in wordings)
    return bool(content) and content <= key.asked and not (listed and 2 * len(content) < len(key.asked - _SMALL_STEMS))


def _is_list(said: Spoken, least: float) -> bool:
    """Whether somebody wrote keywords instead of sentences, which have at least this share of function words."""
    found = [word for word in said.words if len(word) > 2 or word in FUNCTION]
    few_small = sum(word in FUNCTION for word in found) < least * len(found)
    single = len(said.clauses) > 3 and len(found) < 1.6 * len(said.clauses)
    return len(found) > 3 and (few_small or single)


def grade_of(found: Sequence[Found]) -> Grade:
    """The weighted share of the ideas, with a sentence that names what was found and what was missing."""
    total = sum(max(0.0, each.idea.weight) for each in found)
    score = sum(each.idea.weight * each.credit for each in found) / total if total else 0.0
    if found and all(each.credit >= 0.995 for each in found):
        return right(f"you said that {_named(found)}.")
    if score < 0.01:
        return wrong("None of the ideas asked for is in your answer.")
    return partly(score, f"{_summary(found)}.")


def _summary(found: Sequence[Found]) -> str:
    said = [each for each in found if each.credit >= 0.995]
    half = [each for each in found if 0 < each.credit < 0.995 and not each.turned]
    turned = [each for each in found if each.turned]
    missing = [each for each in found if not each.credit]
    parts = [
        f"{lead} {_named(group)}"
        for lead, group in (
            ("you said that", said),
            ("you said part of this:", half),
            ("you turned this round with a negation or an opposite:", turned),
            ("missing:", missing),
        )
        if group
    ]
    return "; ".join(parts)


def _named(found: Sequence[Found]) -> str:
    names = [_shown(each.idea.idea) for each in found[:3]]
    more = f" and {len(found) - 3} more" if len(found) > 3 else ""
    return ", and ".join(names) + more


def _shown(idea: str) -> str:
    """An idea inside a sentence: without its full stop, in lower case unless it begins with a name or formula."""
    text = _LEADING.sub("", " ".join(idea.split())).rstrip(".;")
    if len(text) > _QUOTED:
        text = text[: _QUOTED - 3].rstrip() + "..."
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
