"""Terms: a reply that should name one thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.grading.contrasts import opposed
from bot.core.grading.forms import LINKING, Form, forms, shortened
from bot.core.grading.formulas import is_formula, same_formula
from bot.core.grading.normalise import MARKS, clean, plain, tokens, without_articles
from bot.core.grading.occurrences import NOWHERE, Index, Marked, mark, mark_loosely
from bot.core.grading.people import is_same_person
from bot.core.grading.phrases import addresses_grader, last_correction, without_doubts
from bot.core.grading.places import COUNTRIES
from bot.core.grading.questions import (
    asked_nouns,
    asks_for_person,
    asks_for_place,
    gap_words,
    known_words,
    short_forms,
)
from bot.core.grading.reasons import quote, right, sentence, wrong
from bot.core.grading.replies import Subject, Verdict, judge
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordclasses import ALTERNATIVES, NEGATIONS, SMALL_TALK
from bot.core.grading.wordforms import root
from bot.core.model import Grade, Question

_JOINT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*", re.IGNORECASE)
_MOST_TOKENS = 100
_CHOICE = ALTERNATIVES - {"and"}


@dataclass(frozen=True)
class TermKey:
    """What is compiled once of a question whose answer is a term."""

    answer: str
    listed: frozenset[str]
    rejected: frozenset[str]
    key: Index
    rejects: Index
    parts: tuple[Index, ...]
    formulas: tuple[str, ...]
    subject: Subject
    prompt: tuple[str, ...]
    in_prompt: bool
    person: bool


def grade_term(question: Question, text: str, vocabulary: Vocabulary) -> Grade:
    """The grade of a reply that should be one term."""
    key = term_key(question.prompt, question.answer, question.accept, question.reject, vocabulary)
    if key.formulas:
        return _grade_formula(key, text)
    cleaned = clean(text)
    words = without_articles([token for token in tokens(cleaned) if token not in MARKS])
    said = " ".join(words)
    if said in key.listed:
        return right(sentence(key.answer))
    if said in key.rejected:
        return wrong(f'You wrote "{quote(text)}"; another term was asked for.')
    if not words:
        return wrong("I found no words in your answer.")
    if "/" not in cleaned and key.key.find(words):
        return _right(key, said)
    return _grade_reply(key, cleaned, text, vocabulary)


def _grade_formula(key: TermKey, text: str) -> Grade:
    if any(same_formula(text, formula) for formula in key.formulas):
        return right(sentence(key.answer))
    return wrong(f'You wrote "{quote(text)}"; something else was asked for.')


def _grade_reply(key: TermKey, cleaned: str, text: str, vocabulary: Vocabulary) -> Grade:
    """The grade of a reply that is not just the term."""
    if addresses_grader(cleaned):
        return wrong("Please write only the term that was asked for.")
    found = tokens(last_correction(without_doubts(cleaned)))[:_MOST_TOKENS]
    words = [token for token in found if token not in MARKS]
    if key.in_prompt and _echoes(key, words):
        return wrong("You repeated the question.")
    marked, verdict = _read(key, found, vocabulary)
    if verdict is Verdict.RIGHT:
        return _right(key, marked.read[0])
    if verdict is not Verdict.NEGATED and "/" not in found and _says_otherwise(key, words, vocabulary):
        return _right(key, " ".join(words))
    return wrong(_fault(verdict, key, words, text))


def _read(key: TermKey, found: list[str], vocabulary: Vocabulary) -> tuple[Marked, Verdict]:
    """Where a reply names the term, and what it does with it; slips are looked for only where nothing else is found."""
    marked = mark(found, key.key, key.rejects)
    verdict = judge(marked.items, key.subject)
    if verdict in (Verdict.ABSENT, Verdict.OTHER):
        marked = mark_loosely(found, key.key, key.rejects, vocabulary)
        verdict = judge(marked.items, key.subject)
    if verdict is not Verdict.RIGHT and key.parts:
        return _read_parts(key, found, vocabulary)
    return marked, verdict


def _read_parts(key: TermKey, found: list[str], vocabulary: Vocabulary) -> tuple[Marked, Verdict]:
    """The same for an answer like "A and B": a reply must put forward each part, in any order."""
    if not all(mark_loosely(found, part, NOWHERE, vocabulary) for part in key.parts):
        return Marked(()), Verdict.ABSENT
    every = Index([form for part in key.parts for form in part.forms])
    marked = mark_loosely(found, every, key.rejects, vocabulary)
    return marked, judge(marked.items, key.subject, joint=True)


@lru_cache(maxsize=2048)
def term_key(
    prompt: str, answer: str, accept: tuple[str, ...], reject: tuple[str, ...], vocabulary: Vocabulary
) -> TermKey:
    """The compiled key of a question; cached by what it is made of."""
    wordings = (answer, *accept)
    listed = frozenset(map(plain, wordings)) - {""}
    rejected = frozenset(map(plain, reject)) - listed
    prompt_words = tuple(plain(prompt).split())
    person = asks_for_person(clean(prompt))
    every = forms(wordings, person=person)
    roots = frozenset(form_root for form in every if not form.weak for form_root in form.roots)
    prompted = known_words(prompt_words)
    in_prompt = roots <= prompted
    asked = asked_nouns(prompt_words)
    if in_prompt:  # then the question's other words may be the wrong answers to it
        prompted = asked = frozenset()
    barred = rejected | (vocabulary.terms - listed)
    usable = _usable(every, asked, barred)
    near_misses = forms(reject)
    return TermKey(
        answer=answer,
        listed=listed | _lone_symbols(listed, asked),
        rejected=rejected,
        key=Index(usable),
        rejects=Index([f for f in near_misses if not f.weak and f.roots not in {form.roots for form in usable}]),
        parts=tuple(Index(forms((part,))) for part in _parts(answer)),
        formulas=wordings if is_formula(answer) else (),
        subject=Subject(
            known=prompted
            | {form for form in roots if len(form) > 3}
            | (COUNTRIES if asks_for_place(prompt_words) else frozenset()),
            asked=asked | gap_words(prompt) | short_forms(prompt_words),
            key=roots,
            person=person,
        ),
        prompt=prompt_words,
        in_prompt=in_prompt,
        person=person,
    )


def _lone_symbols(listed: frozenset[str], asked: frozenset[str]) -> frozenset[str]:
    """The letter or number of a term whose noun the question says: "D" where it asks for a vitamin."""
    pairs = (wording.split() for wording in listed if wording.count(" ") == 1)
    return frozenset(symbol for noun, symbol in pairs if len(symbol) == 1 and root(noun) in asked)


def _usable(every: Sequence[Form], heads: frozenset[str], barred: frozenset[str]) -> list[Form]:
    """The forms that are accepted: weak ones only where they are no other term and no small word."""
    short = [part for form in every if not form.weak for part in shortened(form, heads)]
    small = SMALL_TALK | NEGATIONS | ALTERNATIVES
    return [
        form
        for form in (*every, *short)
        if not form.weak or (" ".join(form.words) not in barred and (form.dropped or form.words[-1] not in small))
    ]


def _parts(answer: str) -> list[str]:
    """The parts of an answer that joins several things: "push and pop"."""
    parts = [part.strip() for part in _JOINT.split(answer)]
    return parts if 1 < len(parts) < 6 and all(plain(part) for part in parts) else []


def _says_otherwise(key: TermKey, words: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the words that matter are those of the term, in another order and with small words between them."""
    if any(word in NEGATIONS or word in _CHOICE for word in words):
        return False
    names = [form.words for form in key.key.forms if not form.weak]
    if key.person and "and" not in words and is_same_person(words, names, vocabulary):
        return True
    said = Counter(_content(key, words))
    return any(
        len(form.bag) > 1 and not form.ordered and Counter(form.bag) == said for form in key.key.forms if not form.weak
    )


def _content(key: TermKey, words: list[str]) -> list[str]:
    """The roots of the words that matter, compounds of the term put together."""
    joined: list[str] = []
    for word in words:
        if joined and root(joined[-1] + word) in key.subject.key:
            joined[-1] += word
        else:
            joined.append(word)
    content = (word for word in joined if root(word) in key.subject.key or not key.subject.neutral(word))
    return [root(word) for word in content if word not in LINKING]


def _echoes(key: TermKey, words: list[str]) -> bool:
    """Whether a reply is most of the question again."""
    if len(words) < 5 or len(key.prompt) < 5:
        return False
    shared = (Counter(words) & Counter(key.prompt)).total()
    return shared >= 0.7 * len(words) and shared >= 0.6 * len(key.prompt)


def _right(key: TermKey, read: str) -> Grade:
    if not read or plain(read) in key.listed:
        return right(sentence(key.answer))
    return right(f'{sentence(key.answer)} I read "{quote(read)}" as the same term.')


def _fault(verdict: Verdict, key: TermKey, words: list[str], text: str) -> str:
    """What is wrong with a reply, without telling the answer."""
    wrote = f'You wrote "{quote(text)}"'
    if verdict is Verdict.SEVERAL or (verdict is Verdict.ABSENT and not {"or", "either"}.isdisjoint(words)):
        return "You gave more than one answer; please give one."
    if verdict is Verdict.NEGATED:
        return f"{wrote}, which says what the answer is not."
    content = [word for word in words if root(word) in key.subject.key or not key.subject.neutral(word)]
    if not content:
        return "You repeated the question." if len(words) > 4 else f"{wrote}; a term was asked for."
    said = {root(word) for word in words if word not in SMALL_TALK}
    if verdict is Verdict.ABSENT and said < key.subject.key:
        return f"{wrote}; that is too general."
    if any(opposed(word, meant) for word in content if root(word) not in key.subject.key for meant in _meant(key)):
        return f"{wrote}; the term asked for is its opposite."
    return f"{wrote}; another term was asked for."


def _meant(key: TermKey) -> set[str]:
    return {word for form in key.key.forms if not form.weak for word in form.words}
