"""Terms: a reply that should name one thing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.grading.contrasts import opposed
from bot.core.grading.formulas import is_formula, same_formula
from bot.core.grading.forms import Form, forms
from bot.core.grading.normalise import MARKS, clean, plain, tokens, without_articles
from bot.core.grading.occurrences import Index, Marked, mark, mark_loosely
from bot.core.grading.phrases import (
    ALTERNATIVES,
    CONTENTLESS,
    NEGATIONS,
    SMALL_TALK,
    addresses_grader,
    last_correction,
    without_doubts,
)
from bot.core.grading.reasons import quote, right, wrong
from bot.core.grading.replies import Subject, Verdict, judge
from bot.core.grading.typos import is_typo
from bot.core.grading.vocabulary import Vocabulary
from bot.core.grading.wordforms import root
from bot.core.model import Grade, Question

_WHO = re.compile(
    r"\b(?:who|whose|whom|surname|(?:which|what|name the|name of the)(?: \w+){0,4} (?:scientist|mathematician|physicist|"
    r"author|writer|painter|artist|composer|philosopher|president|inventor|chemist|biologist|economist|programmer|"
    r"researcher|poet|playwright|novelist|explorer|astronaut|astronomer|engineer|psychologist|pioneer|statistician|"
    r"king|queen|emperor|person|woman|man))\b"
)
_JOINT = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*", re.IGNORECASE)
_ASKING = frozenset(["which", "what", "whats", "whose", "name", "kind", "type", "sort"])
_ASKED_END = frozenset(
    ["that", "which", "who", "when", "where", "if", "used", "for", "in", "to", "by", "with", "at", "from", "and", "as", "is", "are", "was", "were", "does", "do", "did", "can", "has", "have", "had", "would", "should", "will", "may", "must", "on", "during", "after", "before"]
)
_SKIPPED = frozenset(["is", "are", "was", "were", "the", "a", "an", "name", "term", "word", "call", "called", "do", "you", "we", "one", "of"])


@dataclass(frozen=True)
class TermKey:
    """What is compiled once of a question whose answer is a term."""

    answer: str
    listed: frozenset[str]
    rejected: frozenset[str]
    key: Index
    rejects: Index
    subject: Subject
    prompt: tuple[str, ...]
    person: bool
    in_prompt: bool
    formulas: tuple[str, ...]
    parts: tuple[Index, ...]


def grade_term(question: Question, text: str, vocabulary: Vocabulary) -> Grade:
    """The grade of a reply that should be one term."""
    key = term_key(question.prompt, question.answer, question.accept, question.reject, vocabulary)
    cleaned = clean(text)
    found = tokens(cleaned)
    words = without_articles([token for token in found if token not in MARKS])
    said = " ".join(words)
    if key.formulas:
        return _grade_formula(key, text)
    if said in key.listed:
        return right(_sentence(key.answer))
    if said in key.rejected:
        return wrong(f'You wrote "{quote(text)}"; another term was asked for.')
    if not words:
        return wrong("I found no words in your answer.")
    if key.key.has(words):
        return _right(key, said)
    return _grade_sentence(key, cleaned, text, vocabulary)


def _grade_formula(key: TermKey, text: str) -> Grade:
    if any(same_formula(text, formula) for formula in key.formulas):
        return right(_sentence(key.answer))
    return wrong(f'You wrote "{quote(text)}"; something else was asked for.')


def _grade_sentence(key: TermKey, cleaned: str, text: str, vocabulary: Vocabulary) -> Grade:
    if addresses_grader(cleaned):
        return wrong("Please write only the term that was asked for.")
    found = tokens(last_correction(without_doubts(cleaned)))
    words = [token for token in found if token not in MARKS]
    if key.in_prompt and _echoes(key, words):
        return wrong("You repeated the question.")
    marked = mark(found, key.key, key.rejects)
    verdict = judge(marked.items, key.subject)
    if verdict in (Verdict.ABSENT, Verdict.OTHER):
        marked = mark_loosely(found, key.key, key.rejects, vocabulary)
        verdict = judge(marked.items, key.subject)
    if verdict is not Verdict.RIGHT and key.parts:
        marked, verdict = _judge_parts(key, found, vocabulary)
    if verdict is Verdict.RIGHT:
        return _right(key, marked.read[0])
    if verdict is Verdict.ABSENT and _said_otherwise(key, words, vocabulary):
        return _right(key, " ".join(words))
    return wrong(_fault(verdict, key, words, text))


def _judge_parts(key: TermKey, found: list[str], vocabulary: Vocabulary) -> tuple[Marked, Verdict]:
    """The verdict on a reply to a question whose answer is "A and B": it must put forward each, in any order."""
    none = Index(())
    for part in key.parts:
        if not mark_loosely(found, part, none, vocabulary):
            return Marked(()), Verdict.ABSENT
    marked = mark_loosely(found, Index(tuple(form for part in key.parts for form in part.forms)), key.rejects, vocabulary)
    return marked, judge(marked.items, key.subject)


@lru_cache(maxsize=2048)
def term_key(
    prompt: str, answer: str, accept: tuple[str, ...], reject: tuple[str, ...], vocabulary: Vocabulary
) -> TermKey:
    """The compiled key of a question; cached by what it is made of."""
    asked_words = plain(prompt).split()
    person = _WHO.search(clean(prompt)) is not None
    wordings = (answer, *accept)
    listed = frozenset(plain(wording) for wording in wordings) - {""}
    rejected = frozenset(plain(wording) for wording in reject) - listed
    strong = forms(wordings, person=person)
    roots = frozenset(root for form in strong if not form.weak for root in form.roots)
    barred = rejected | (vocabulary.terms - listed)
    asked = frozenset(_asked(asked_words))
    prompted = frozenset(root(word) for word in asked_words if word not in NEGATIONS)
    in_prompt = roots <= prompted
    if in_prompt:  # the term is in the question: then its other words may be the wrong answers to it
        prompted = asked = frozenset()
    usable = tuple(form for form in strong if not form.weak or _usable(form, barred))
    usable += tuple(form for form in _shortened(strong, prompted) if _usable(form, barred))
    return TermKey(
        answer,
        listed,
        rejected,
        Index(usable),
        Index(tuple(form for form in forms(tuple(reject)) if not form.weak and form.roots not in {f.roots for f in usable})),
        Subject(prompted | roots, asked, roots),
        tuple(asked_words),
        person,
        in_prompt,
        tuple(wording for wording in wordings if is_formula(wording)) if is_formula(answer) else (),
        tuple(Index(forms((part,))) for part in _parts(answer)),
    )


def _parts(answer: str) -> list[str]:
    """The parts of an answer that joins several things: "push and pop"."""
    parts = [part.strip() for part in _JOINT.split(answer)]
    return parts if 1 < len(parts) < 6 and all(plain(part) for part in parts) else []


def _usable(weak: Form, barred: frozenset[str]) -> bool:
    text = " ".join(weak.words)
    return text not in barred and weak.words[-1] not in SMALL_TALK | NEGATIONS | ALTERNATIVES


def _shortened(strong: Sequence[Form], prompted: frozenset[str]) -> Iterator[Form]:
    """Terms without their last nouns, where the question says them: "stochastic" of gradient descent."""
    for long in strong:
        for kept in range(1, len(long.words)) if not long.weak else ():
            dropped = long.words[kept:]
            if all(root(word) in prompted or word in CONTENTLESS for word in dropped) and not (
                set(long.roots[:kept]) <= prompted or long.words[kept - 1] in SMALL_TALK
            ):
                yield Form(long.words[:kept], long.roots[:kept], weak=True)


def _asked(prompt: Sequence[str]) -> Iterator[str]:
    """Roots of the nouns that a question asks for: of "which activation function" the last two."""
    for i, word in enumerate(prompt):
        if word in _ASKING:
            taken = 0
            for noun in prompt[i + 1 : i + 12]:
                if (noun in _SKIPPED and not taken) or noun == "of":
                    continue
                if noun in _ASKED_END or taken == 4:
                    break
                taken += 1
                yield root(noun)


def _right(key: TermKey, read: str) -> Grade:
    if plain(read) in key.listed or not read:
        return right(_sentence(key.answer))
    return right(f'{_sentence(key.answer)} I read "{quote(read)}" as the same term.')


def _sentence(answer: str) -> str:
    return answer if answer.endswith((".", "?", "!")) else f"{answer}."


def _said_otherwise(key: TermKey, words: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the words that matter are those of the term, in another order and with small words between them."""
    if any(word in NEGATIONS or word in ALTERNATIVES for word in words):
        return False
    if key.person and _same_person(key, words, vocabulary):
        return True
    said = Counter(root(word) for word in words if not key.subject.neutral(word) or root(word) in key.subject.key)
    said.pop("of", None), said.pop("the", None)
    return any(
        len(form.bag) > 1 and not form.ordered and Counter(form.bag) == said for form in key.key.forms if not form.weak
    )


def _same_person(key: TermKey, words: list[str], vocabulary: Vocabulary) -> bool:
    """Initials for first names, and first names that the key leaves out or puts before others."""
    said = [word for word in words if word not in SMALL_TALK or len(word) == 1]
    names = [form.words for form in key.key.forms if not form.weak]
    return len(said) > 1 and any(_is_person(said, name, names, vocabulary) for name in names)


def _is_person(said: list[str], name: tuple[str, ...], names: list[tuple[str, ...]], vocabulary: Vocabulary) -> bool:
    same_last = root(said[-1]) == root(name[-1]) or is_typo(said[-1], name[-1], vocabulary)
    if not same_last or len(said) > 4:
        return False
    if len(name) == 1:
        return len(name[0]) > 2 and not any(len(other) > 1 and other[-1] == name[0] for other in names)
    first, meant = said[0], name[0]
    return first == meant or ((len(first) == 1 or len(meant) == 1) and first[0] == meant[0]) or is_typo(first, meant, vocabulary)


def _echoes(key: TermKey, words: list[str]) -> bool:
    """Whether a reply is most of the question again."""
    if len(words) < 5 or len(key.prompt) < 5:
        return False
    shared = Counter(words) & Counter(key.prompt)
    return shared.total() >= 0.7 * len(words) and shared.total() >= 0.6 * len(key.prompt)


def _fault(verdict: Verdict, key: TermKey, words: list[str], text: str) -> str:
    """What is wrong with a reply, without telling the answer."""
    wrote = f'You wrote "{quote(text)}"'
    if verdict is Verdict.SEVERAL or (verdict is Verdict.ABSENT and any(word in ("or", "either") for word in words)):
        return "You gave more than one answer; please give one."
    if verdict is Verdict.NEGATED:
        return f"{wrote}, which says what the answer is not."
    content = [word for word in words if not key.subject.neutral(word) or root(word) in key.subject.key]
    if not content and words:
        return "You repeated the question." if len(words) > 4 else f"{wrote}; please name the term that was asked for."
    roots = {root(word) for word in words if word not in SMALL_TALK}
    if verdict is Verdict.ABSENT and roots < key.subject.key:
        return f"{wrote}; that is too general."
    if any(opposed(said, meant) for said in content for form in key.key.forms if not form.weak for meant in form.words):
        return f"{wrote}; the term asked for is its opposite."
    return f"{wrote}; another term was asked for."
