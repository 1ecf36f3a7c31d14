"""The format of question files: from raw values to questions, with every fault told at once.

A ``Document`` is what a YAML file holds, without knowing YAML: plain values, and the line on which each one stands.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from bot.core.bank import Topic
from bot.core.model import Choice, Difficulty, Idea, Kind, Numeric, Question, Source

Path = tuple[str | int, ...]
Word = TypeVar("Word", bound=StrEnum)

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CHOICES = range(3, 6)

FILE_FIELDS = ("topic", "questions")
QUESTION_FIELDS = (
    "id", "type", "difficulty", "concept", "prompt", "choices", "answer", "accept", "reject", "numeric", "points",
    "explanation", "source", "note",
)  # fmt: skip
CHOICE_FIELDS = ("text", "correct", "why")
NUMERIC_FIELDS = ("value", "tolerance", "unit")
IDEA_FIELDS = ("idea", "accept", "weight")
SOURCE_FIELDS = ("document", "heading")
TOPIC_FIELDS = ("name", "description")
DOCUMENT_FIELDS = ("title", "author", "site", "url")
ONLY_CHOICE = ("choices",)
ONLY_SHORT = ("answer", "accept", "reject", "numeric", "points")


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content, and the line of each value by its path: ``("questions", 0, "prompt")``.

    ``doubled`` are the keys that stand in their mapping twice; the last one counts."""

    file: str
    content: object
    lines: Mapping[Path, int]
    doubled: frozenset[Path] = frozenset()

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file, where, and in which question, if in one."""

    file: str
    line: int
    id: str
    text: str

    def __str__(self) -> str:
        """On one line, without characters that could steer the terminal that it is read in."""
        about = f"{self.id}: {self.text}" if self.id else self.text
        return "".join(char if char.isprintable() else " " for char in f"{self.file}:{self.line}: {about}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A question and where it stands."""

    question: Question
    document: Document
    path: Path

    @property
    def file(self) -> str:
        return self.document.file

    @property
    def line(self) -> int:
        return self.document.line(self.path)

    def fault(self, path: Path, text: str) -> Fault:
        """A fault of the question, in the part of it that ``path`` leads to."""
        return Fault(self.file, self.document.line((*self.path, *path)), self.question.id, text)


@dataclass(slots=True)
class Reader:
    """Takes values out of a document and notes what is wrong with them; reads on after a fault, to find them all."""

    document: Document
    faults: list[Fault] = field(default_factory=list)
    id: str = ""

    def fault(self, path: Path, text: str) -> None:
        self.faults.append(Fault(self.document.file, self.document.line(path), self.id, text))

    def mapping(self, value: object, path: Path, fields: Sequence[str]) -> Mapping[str, object]:
        """A mapping with no other fields than these."""
        if not isinstance(value, dict):
            self.fault(path, f"{_name(path)} must be a mapping with {_list(fields)}")
            return {}
        self.doubles(path, value)
        for key in value:
            if key not in fields:
                near = difflib.get_close_matches(str(key), fields, n=1)
                self.fault((*path, key), f'unknown field "{key}"' + (f"; did you mean {near[0]}?" if near else ""))
        return value

    def filled(self, value: object, path: Path, fields: Sequence[str]) -> Mapping[str, object]:
        """A mapping that is not empty."""
        found = self.mapping(value, path, fields)
        if value == {}:
            self.fault(path, f"{_name(path)} is empty; it takes {_list(fields)}")
        return found

    def doubles(self, path: Path, keys: Iterable[str]) -> None:
        """Keys that stand in a mapping twice."""
        for key in keys:
            if (*path, key) in self.document.doubled:
                self.fault((*path, key), f'"{key}" stands here twice; take one out')

    def items(self, value: object, path: Path, what: str) -> Sequence[object]:
        """A list; what is missing is empty."""
        if value is None:
            return ()
        if not isinstance(value, list):
            self.fault(path, f"{_name(path)} must be a list of {what}")
            return ()
        return value

    def text(self, holder: Mapping[str, object], path: Path, key: str, *, required: bool = True) -> str:
        """A text without blanks around it; empty where it is missing."""
        value = holder.get(key)
        if value is not None and not isinstance(value, str):
            self.fault((*path, key), f"{key} must be text; put {_shown(value)} in quotes")
            return ""
        text = (value or "").strip()
        if required and not text:
            self.fault((*path, key), f"{key} is missing")
        return text

    def texts(self, holder: Mapping[str, object], path: Path, key: str) -> tuple[str, ...]:
        """A list of texts."""
        found = []
        for i, value in enumerate(self.items(holder.get(key), (*path, key), "texts")):
            if isinstance(value, str) and value.strip():
                found.append(value.strip())
            else:
                self.fault((*path, key, i), f"{key} must hold texts; put {_shown(value)} in quotes")
        return tuple(found)

    def word(self, holder: Mapping[str, object], path: Path, key: str, words: type[Word]) -> Word | None:
        """One of a few words."""
        text = self.text(holder, path, key)
        if text and text not in tuple(words):
            self.fault((*path, key), f'{key} "{text}" is none of {_list(tuple(words))}')
        return words(text) if text in tuple(words) else None

    def number(self, holder: Mapping[str, object], path: Path, key: str, default: float | None = None) -> float:
        """A finite number."""
        value = holder.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
            self.fault((*path, key), f"{key} must be a number" if key in holder else f"{key} is missing")
            return 0.0
        try:
            return float(value)
        except OverflowError:
            self.fault((*path, key), f"{key} is too large a number")
            return 0.0


def read_questions(document: Document) -> tuple[list[Placed], list[Fault]]:
    """The questions of a file, and the faults; a question with a fault is left out."""
    reader = Reader(document)
    content = reader.filled(document.content, (), FILE_FIELDS)
    topic = reader.text(content, (), "topic") if content else ""
    if content and not content.get("questions"):
        reader.fault(("questions",), "questions is missing or empty")
    found = []
    for i, raw in enumerate(reader.items(content.get("questions"), ("questions",), "questions")):
        path: Path = ("questions", i)
        before = len(reader.faults)
        question = _question(reader, raw, path, topic)
        reader.id = ""
        if len(reader.faults) == before and question is not None:
            found.append(Placed(question, document, path))
    return found, reader.faults


def _question(reader: Reader, raw: object, path: Path, topic: str) -> Question | None:
    reader.id = " ".join(str(raw.get("id") or "").split())[:100] if isinstance(raw, dict) else ""
    value = reader.filled(raw, path, QUESTION_FIELDS)
    if not value:
        return None
    identifier = reader.text(value, path, "id")
    if identifier and not ID.fullmatch(identifier):
        reader.fault((*path, "id"), f'id "{identifier}" must be lower-case words joined by hyphens')
    kind = reader.word(value, path, "type", Kind)
    difficulty = reader.word(value, path, "difficulty", Difficulty)
    choice, short = kind is Kind.CHOICE, kind is Kind.SHORT
    for key in ONLY_SHORT if choice else ONLY_CHOICE if short else ():
        if key in value:
            reader.fault((*path, key), f"a {kind} question has no {key}")
    if "numeric" in value and "points" in value:
        reader.fault((*path, "points"), "a question is graded by numeric or by points, not by both")
    question = Question(
        id=identifier,
        topic=topic,
        kind=kind or Kind.SHORT,
        difficulty=difficulty or Difficulty.EASY,
        prompt=reader.text(value, path, "prompt"),
        explanation=reader.text(value, path, "explanation"),
        sources=_sources(reader, value, path),
        concept=reader.text(value, path, "concept", required=False),
        note=reader.text(value, path, "note", required=False),
        choices=_choices(reader, value, path) if choice else (),
        answer=reader.text(value, path, "answer") if short else "",
        accept=reader.texts(value, path, "accept") if short else (),
        reject=reader.texts(value, path, "reject") if short else (),
        numeric=_numeric(reader, value["numeric"], (*path, "numeric")) if short and "numeric" in value else None,
        ideas=_ideas(reader, value, path) if short else (),
    )
    return question if kind and difficulty else None


def _sources(reader: Reader, value: Mapping[str, object], path: Path) -> tuple[Source, ...]:
    raw = value.get("source")
    if raw is None or raw == []:
        reader.fault((*path, "source"), "source is missing")
        return ()
    found = []
    for i, one in enumerate(raw if isinstance(raw, list) else [raw]):
        at: Path = (*path, "source", i) if isinstance(raw, list) else (*path, "source")
        source = reader.filled(one, at, SOURCE_FIELDS)
        if source:
            found.append(Source(reader.text(source, at, "document"), reader.text(source, at, "heading")))
    return tuple(found)


def _choices(reader: Reader, value: Mapping[str, object], path: Path) -> tuple[Choice, ...]:
    path = (*path, "choices")
    raw = reader.items(value.get("choices"), path, "options")
    if len(raw) not in CHOICES:
        reader.fault(path, f"a choice question needs 3 to 5 choices, this one has {len(raw)}")
    choices = []
    for i, one in enumerate(raw):
        at: Path = (*path, i)
        option = reader.filled(one, at, CHOICE_FIELDS)
        correct = option.get("correct", False)
        if not isinstance(correct, bool):
            reader.fault((*at, "correct"), "correct must be true or false")
        text = reader.text(option, at, "text") if option else ""
        choices.append(Choice(text, correct is True, reader.text(option, at, "why", required=False)))
    right = sum(choice.correct for choice in choices)
    if choices and right != 1:
        reader.fault(
            path, f"exactly one choice must have correct: true, here {right or 'none'} {'have' if right > 1 else 'has'}"
        )
    texts = [" ".join(choice.text.casefold().rstrip(".").split()) for choice in choices]
    for i, text in enumerate(texts):
        if text and text in texts[:i]:
            reader.fault((*path, i), f'the choice "{choices[i].text}" stands there twice; replace one')
    return tuple(choices)


def _numeric(reader: Reader, raw: object, path: Path) -> Numeric | None:
    value = reader.filled(raw, path, NUMERIC_FIELDS)
    if not value:
        return None
    tolerance, relative = _tolerance(reader, value, path)
    return Numeric(
        reader.number(value, path, "value"), tolerance, relative, reader.text(value, path, "unit", required=False)
    )


def _tolerance(reader: Reader, value: Mapping[str, object], path: Path) -> tuple[float, bool]:
    raw = value.get("tolerance", 0)
    percent = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", raw.strip()) if isinstance(raw, str) else None
    if percent:
        return float(percent[1]) / 100, True
    if isinstance(raw, str) or (isinstance(raw, int | float) and raw < 0):
        reader.fault((*path, "tolerance"), f'tolerance {_shown(raw)} is neither a number from 0 up nor like "2%"')
        return 0.0, False
    return reader.number(value, path, "tolerance", 0), False


def _ideas(reader: Reader, value: Mapping[str, object], path: Path) -> tuple[Idea, ...]:
    path = (*path, "points")
    if value.get("points") == []:
        reader.fault(path, "points is empty; name two to four ideas, or leave points out")
    found = []
    for i, raw in enumerate(reader.items(value.get("points"), path, "ideas")):
        at: Path = (*path, i)
        idea = reader.filled(raw, at, IDEA_FIELDS)
        if not idea:
            continue
        weight = reader.number(idea, at, "weight", 1)
        if weight <= 0 and "weight" in idea:
            reader.fault((*at, "weight"), "weight must be more than 0")
        found.append(Idea(reader.text(idea, at, "idea"), reader.texts(idea, at, "accept"), weight))
    return tuple(found)


def read_topics(document: Document) -> tuple[dict[str, Topic], list[Fault]]:
    """``topics.yaml``: the name shown for each topic, and a line on it."""
    reader = Reader(document)
    topics = {}
    for key, raw in _entries(reader, "topics"):
        value = reader.filled(raw, (key,), TOPIC_FIELDS)
        if value:
            description = reader.text(value, (key,), "description", required=False)
            topics[key] = Topic(reader.text(value, (key,), "name"), description)
    return topics, reader.faults


def read_sources(document: Document) -> tuple[dict[str, str], dict[str, str], list[Fault]]:
    """``sources.yaml``: for each document the title a reader is shown, with its author or site, and its address."""
    reader = Reader(document)
    titles, urls = {}, {}
    for key, raw in _entries(reader, "documents"):
        value = reader.filled(raw, (key,), DOCUMENT_FIELDS)
        if not value:
            continue
        parts = [reader.text(value, (key,), name, required=name == "title") for name in ("title", "author", "site")]
        titles[key] = ", ".join(part for part in parts if part)
        urls[key] = reader.text(value, (key,), "url", required=False)
    return titles, urls, reader.faults


def _entries(reader: Reader, what: str) -> Iterable[tuple[str, object]]:
    if not isinstance(reader.document.content, dict):
        reader.fault((), f"this file must map {what} to what is shown of them")
        return ()
    reader.doubles((), reader.document.content)
    return reader.document.content.items()


def _name(path: Path) -> str:
    return str(next((part for part in reversed(path) if isinstance(part, str)), "the file"))


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
