"""What is wrong with a bank as a whole."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from bot.core.check.rules import BankFinding, Contents
from bot.core.check.words import SMALL, content, in_words, same, shown, words
from bot.core.format import Fault, Placed

ALIKE = 80
"""Prompts of which so many percent of the letters are the same ask the same; those of different questions in a bank
that asks several times about one thing stay below."""

RARE = 0.01
"""A word is rare that stands in at most this share of the questions."""


def same_prompts(contents: Contents) -> Iterator[BankFinding]:
    """No prompt stands in the bank twice."""
    first: dict[str, Placed] = {}
    for placed in contents.questions:
        other = first.setdefault(same(placed.question.prompt), placed)
        if other is not placed:
            yield placed, ("prompt",), f'the prompt is that of "{other.question.id}": ask something else or take it out'


def like_prompts(contents: Contents) -> Iterator[BankFinding]:
    """No two questions ask nearly the same."""
    prompts = [same(placed.question.prompt) for placed in contents.questions]
    for i, placed in enumerate(contents.questions):
        near = process.extract(prompts[i], prompts[:i], scorer=fuzz.ratio, score_cutoff=ALIKE, limit=None)
        for prompt, share, j in near:
            if prompt != prompts[i]:
                other = contents.questions[j].question.id
                yield placed, ("prompt",), f'the prompt is nearly that of "{other}" ({share:.0f} %): ask something else'


def clues(contents: Contents) -> Iterator[BankFinding]:
    """The right option shares no rare word with the stem that no other option shares."""
    texts = [content(" ".join(shown(placed.question))) for placed in contents.questions]
    stands_in = Counter(word for text in texts for word in text)
    most = max(2, int(RARE * len(texts)))
    for placed in contents.questions:
        q = placed.question
        if not q.choices:
            continue
        wrong = frozenset[str]().union(*(content(choice.text) for choice in q.choices if not choice.correct))
        shared = (content(q.prompt) & content(q.choices[q.right_choice].text)) - wrong
        rare = sorted(word for word in shared if word.isalpha() and stands_in[word] <= most)
        if rare:
            # Of the inflected words, the one that stands in the option.
            said = next(w for w in words(q.choices[q.right_choice].text) if content(w) & {rare[0]})
            yield (
                placed,
                ("choices", q.right_choice),
                f'the right option alone repeats "{said}" from the prompt: reword it, or use it in a wrong one too',
            )


# --- spelling ----------------------------------------------------------------------------------------------------

_COMPOUND = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?![\w-])")
_BEFORE = re.compile(r"\b(?:an?|the|its|their|this|that|each|one|no)\s+$")
_AFTER = re.compile(r"\s+[(\"']?([^\W\d_]+)")
_REGIONAL = (
    (re.compile(r"(?<=[a-z]{3})our(?=s?$|ed$|ing$|al|ful|ite|able|ist)"), "or"),
    (re.compile(r"(?<=[a-z]{3})is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"(?<=[a-z]{2})lys(?=(?:e|es|ed|er|ers|ing)$)"), "lyz"),
    (re.compile(r"(?<=[a-z]{2}[bt])re(?=s?$)"), "er"),
    (re.compile(r"(?<=[a-z]{2}[aeiou])ll(?=(?:ed|ing|er|ers)$)"), "l"),
    (re.compile(r"(?<=[a-z]{3})ogue(?=s?$)"), "og"),
)  # behaviour, normalise, analyse, centre, labelled, analogue


def spellings(contents: Contents) -> Iterator[BankFinding]:
    """One word is spelled one way: overfitting, over-fitting; behavior, behaviour."""
    found: defaultdict[str, defaultdict[str, list[Placed]]] = defaultdict(lambda: defaultdict(list))
    texts = [(placed, " \n ".join(shown(placed.question)).casefold()) for placed in contents.questions]
    hyphenated = {word.replace("-", "") for _, text in texts for word in _COMPOUND.findall(text)}
    nouns = {word.replace("-", " ") for _, text in texts for word in _nouns(text)}
    for placed, text in texts:
        for key, word in {*_closed(text, hyphenated), *_open(text, nouns)}:
            found[key][word].append(placed)
    for variants in found.values():
        *rarer, usual = sorted(variants, key=lambda word: (len(variants[word]), word))
        for word in rarer:
            for placed in variants[word]:
                yield placed, (), f'"{word}" is spelled "{usual}" elsewhere in the bank: spell it one way'


def _closed(text: str, hyphenated: set[str]) -> Iterator[tuple[str, str]]:
    """Words with the key under which their spellings meet: without a hyphen, and as an American spells them."""
    for word in words(text):
        if len(word) > 5 or word in hyphenated:
            yield _american(word), word
    yield from ((_american(word.replace("-", "")), word) for word in _COMPOUND.findall(text))


def _open(text: str, nouns: set[str]) -> Iterator[tuple[str, str]]:
    """The same for nouns of two words. Before another noun, as in "learning-rate schedule", a hyphen is right."""
    yield from ((word.replace("-", " "), word) for word in _nouns(text))
    pairs = (f"{first} {second}" for first, second in itertools.pairwise(words(text)))
    yield from ((pair, pair) for pair in pairs if pair in nouns and re.search(rf"\b{pair}\b", text))


def _nouns(text: str) -> Iterator[str]:
    """Hyphenated words that stand as a noun: an article before, no noun after, and no particle in it ("a set-up")."""
    for compound in _COMPOUND.finditer(text):
        after = _AFTER.match(text, compound.end())
        alone = after is None or after[1] in SMALL
        if alone and _BEFORE.search(text[: compound.start()]) and not SMALL & set(compound[0].split("-")):
            yield compound[0]


def _american(word: str) -> str:
    for british, american in _REGIONAL:
        word = british.sub(american, word)
    return word


# --- topics and sources ------------------------------------------------------------------------------------------


def unlisted_documents(contents: Contents) -> Iterator[BankFinding]:
    """What readers are shown of a source stands in ``sources.yaml``, where there is one."""
    for placed in contents.questions if contents.documents else ():
        missing = dict.fromkeys(
            source.document for source in placed.question.sources if source.document not in contents.documents
        )
        if missing:
            named = in_words([f'"{document}"' for document in missing])
            yield placed, ("source",), f"sources.yaml does not list {named}: add what readers are shown of it"


def unlisted_topics(contents: Contents) -> Iterator[BankFinding]:
    """A topic's name stands in ``topics.yaml``, where there is one."""
    told = set()
    for placed in contents.questions if contents.topics else ():
        topic = placed.question.topic
        if topic not in contents.topics and (placed.file, topic) not in told:
            told.add((placed.file, topic))
            yield placed, (), f'topics.yaml does not list the topic "{topic}": add its name and a line of description'


def unused(contents: Contents) -> Iterator[Fault]:
    """What ``topics.yaml`` and ``sources.yaml`` list is used by a question."""
    topics = {placed.question.topic for placed in contents.questions}
    documents = {source.document for placed in contents.questions for source in placed.question.sources}
    for what, listed, used in (("topic", contents.topics, topics), ("document", contents.documents, documents)):
        for name, (file, line) in listed.items():
            if name not in used:
                yield Fault(file, line, "", f'no question uses the {what} "{name}": take it out or correct its name')
