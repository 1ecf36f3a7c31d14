"""Warnings on how one question is made.

Most are guidelines for multiple-choice items that have a mechanical form (Haladyna, Downing & Rodriguez 2002, "A review
of multiple-choice item-writing guidelines for classroom assessment", Applied Measurement in Education 15(3), 309-333).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from bot.core.check.rules import Finding
from bot.core.check.words import contains, in_words, roots, same, sentences, words
from bot.core.model import Kind, Question

SENTENCES = range(2, 6)

LONGER, LONGER_BY = 1.25, 10
"""A right option stands out if it is so many times as long as the longest wrong one, and by so many characters."""

ALIKE = 95
"""Options in words of which so many percent are the same differ in a slip rather than in what they say."""

ABSOLUTE = frozenset(
    {"all", "always", "certainly", "completely", "entirely", "every", "everything", "guaranteed", "guarantees"}
    | {"impossible", "invariably", "must", "never", "none", "nothing", "only"}
)

_ABOVE = re.compile(
    r"\b(?:all|none|any|both|neither|some|two) (?:of )?(?:the )?(?:above|these|those)(?: (?:options|answers))?\s*\.?$"
    r"|\b(?:above|previous|preceding|other) (?:options|answers|choices)\b"
    r"|^(?:(?:both|neither) )?[A-E] (?:and|or|nor) [A-E]\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"\b(?:which|what|who|where|when)\b[^?]*\?", re.IGNORECASE)
_NEGATIVE = re.compile(
    r"\b(?:not|never|except|cannot|incorrect|untrue|least (?:likely|probable|suitable|important))\b|n[’']t\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"(?:^|[.?!,:;]\s+)(?:then )?(?:argue|calculate|compare|compute|define|derive|describe|explain|give|list|name|"
    r"outline|say|state|write)\b",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"[^\W\d_]{2,} +\S+ +\S")  # not a symbol, nor a name alone
_NUMBER = re.compile(r"[-+−]?\d[\d.,]*(?: ?%| ?:.*)?")
_WORDY = re.compile(r"[^\W\d_]+(?:[ ,;'’-]+[^\W\d_]+)*\.?")


def no_question(question: Question) -> Iterator[Finding]:
    """The stem asks a full question; a short question may tell to do something instead."""
    told = question.kind is Kind.SHORT and _TOLD.search(question.prompt)
    if "?" not in question.prompt and not told:
        yield ("prompt",), "the prompt is no full question: ask one that ends in a question mark"


def negative_stem(question: Question) -> Iterator[Finding]:
    """The stem of a choice question asks for what is so, not for what is not."""
    asked = _ASKED.search(question.prompt) if question.choices else None
    negative = asked and _NEGATIVE.search(asked[0])
    if negative:
        yield ("prompt",), f'the question asks with "{negative[0]}" for what is not so: turn it round'


def longest_right(question: Question) -> Iterator[Finding]:
    """The right option is not clearly the longest."""
    if question.choices:
        right = question.choices[question.right_choice]
        longest = max(len(choice.text) for choice in question.choices if not choice.correct)
        if len(right.text) >= max(LONGER * longest, longest + LONGER_BY):
            yield (
                ("choices", question.right_choice),
                f"the right option is clearly the longest, {len(right.text)} characters against {longest}: "
                "shorten it, or say as much in a wrong one",
            )


def above(question: Question) -> Iterator[Finding]:
    """No option speaks of other options; they are shuffled when posted."""
    for i, choice in enumerate(question.choices):
        if _ABOVE.search(choice.text):
            yield ("choices", i), f'"{choice.text}" speaks of other options, which are shuffled: name what is meant'


def absolute_wrong(question: Question) -> Iterator[Finding]:
    """Words such as "always" give wrong options away where only they have them."""
    if not question.choices or ABSOLUTE & set(words(question.choices[question.right_choice].text)):
        return
    for i, choice in enumerate(question.choices):
        found = [word for word in words(choice.text.replace("at all", "")) if word in ABSOLUTE]
        if found:
            yield ("choices", i), f'only wrong options say "{found[0]}", which gives them away: reword "{choice.text}"'


def like_options(question: Question) -> Iterator[Finding]:
    """Two options say different things."""
    texts = [choice.text for choice in question.choices]
    for i, text in enumerate(texts):
        for other in texts[:i]:
            if _WORDY.fullmatch(text) and _alike(text, other):
                yield ("choices", i), f'the options "{other}" and "{text}" are nearly the same: make them differ'


def _alike(text: str, other: str) -> bool:
    return roots(text) == roots(other) or fuzz.ratio(same(text), same(other)) >= ALIKE


def mixed_options(question: Question) -> Iterator[Finding]:
    """Options are alike in form."""
    texts = [choice.text for choice in question.choices]
    if len({text.endswith(".") for text in texts}) > 1:
        yield ("choices",), "some options end in a full stop and others do not: give all the same form"
    if len({text[0].isupper() for text in texts if _BEGINS.match(text)}) > 1:
        yield ("choices",), "some options begin with a capital and others do not: give all the same form"
    if len({bool(_NUMBER.fullmatch(text)) for text in texts}) > 1:
        yield ("choices",), "some options are bare numbers and others are not: give all the same form"


def no_why(question: Question) -> Iterator[Finding]:
    """Each wrong option says what is wrong with it."""
    for i, choice in enumerate(question.choices):
        if not choice.correct and not choice.why:
            yield ("choices", i), f'the wrong option "{choice.text}" has no why: say what is wrong with it'


def explanation_length(question: Question) -> Iterator[Finding]:
    """An explanation teaches, and is read in a chat."""
    number = sentences(question.explanation)
    if number not in SENTENCES:
        many = "1 sentence" if number == 1 else f"{number} sentences"
        yield ("explanation",), f"the explanation has {many}: write 2 to 5"


def no_concept(question: Question) -> Iterator[Finding]:
    """Questions on one concept are kept apart, so each names its own."""
    if not question.concept:
        yield (), "there is no concept: name the one that is asked about, so that others on it are kept apart"


def told_answer(question: Question) -> Iterator[Finding]:
    """The prompt does not say the term it asks for."""
    if question.kind is Kind.SHORT and not question.ideas and question.numeric is None:
        prompt = roots(question.prompt)
        told = [text for text in (question.answer, *question.accept) if contains(prompt, roots(text))]
        if told and not told[0].replace(" ", "").isdigit():
            named = in_words([f'"{text}"' for text in told])
            yield ("prompt",), f"the prompt says {named}, which counts as the answer: reword it"
