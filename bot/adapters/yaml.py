"""YAML files: question banks, and the configuration file.

Files are read with limits and without tags, anchors or aliases: a bank can come from anybody in a team.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.core import format
from bot.core.bank import Bank, Topic
from bot.core.format import Document, Fault, Placed
from bot.core.grading import NO_WORDS, Vocabulary, Words
from bot.core.meter import Promise
from bot.core.model import Source, Wording

log = logging.getLogger(__name__)

LARGEST = 4_000_000
"""Bytes of one file at most."""

DEEPEST = 20
"""Levels of nesting at most; the format itself needs six."""

FULLEST = 500_000
"""Values of one file at most; a question has about forty."""

MOST_FILES, LARGEST_BANK = 1000, 40_000_000
"""Files of a bank, and bytes of all of them, at most; the bundled one has fourteen and half a million."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_YAML = "tag:yaml.org,2002:"
_TEXT = _YAML + "str"
_PLAIN_TAGS = tuple(_YAML + kind for kind in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map"))


Event = Any
"""What a parser meets; the stubs know little of it."""


class Faulty(Exception):
    """A file that cannot be used, with all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


def read(path: Path) -> Document:
    """A YAML file's content with the line of each value. Raises ``Faulty``."""
    try:
        return _composed(str(path), _content(path))
    except OSError as error:
        raise Faulty([Fault(str(path), 1, "", f"cannot be read: {error.strerror}")]) from error
    except _Wrong as error:
        raise Faulty([Fault(str(path), error.line, "", error.text)]) from error


class _Wrong(Exception):
    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text


def _content(path: Path) -> bytes:
    """The bytes of a file; a pipe or a device might never begin, or never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise _Wrong(1, "this is neither a file nor a folder")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _Wrong(1, f"the file is larger than {LARGEST:,} bytes")
    return data


def _composed(name: str, data: bytes) -> Document:
    loader = LOADER(_text(data))
    values = _Values(loader)
    try:
        content = values.document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _Wrong(line, f"not valid YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise _Wrong(1, f"not valid YAML: {str(error).splitlines()[0]}") from error
    finally:
        loader.dispose()
    return Document(name, content, values.lines, frozenset(values.doubled))


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Wrong(line, "not valid UTF-8: save the file in this encoding") from error


class _Values:
    """Turns what a parser meets into plain values, and notes the line of each by its path, and the keys that stand
    twice. A file that is too deep or too full is refused on the way."""

    def __init__(self, loader: yaml.SafeLoader) -> None:
        self._loader = loader
        self._anchors: dict[str, int] = {}
        self._met = 0
        self.lines: dict[format.Path, int] = {}
        self.doubled: set[format.Path] = set()

    def document(self) -> object:
        """The value of the one document; None of an empty file."""
        self._next()  # the stream begins
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), ())
        self._next()  # the document ends
        end = self._next()
        if not isinstance(end, yaml.StreamEndEvent):
            raise _Wrong(_line(end), "not valid YAML: but found another document")
        return value

    def _next(self) -> Event:
        event = self._loader.get_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
        self._met += 1
        if self._met > FULLEST:
            raise _Wrong(_line(event), f"the file holds more than {FULLEST:,} values: split it")
        return event

    def _value(self, event: Event, path: format.Path) -> object:
        line = self._line_of(event)
        self.lines.setdefault(path, line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        self._allow(event.tag, line)
        if len(path) >= DEEPEST:
            raise _Wrong(line, "nested too deeply")
        return self._sequence(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _line_of(self, event: Event) -> int:
        """Where an event stands; an alias stands for what it repeats, which is refused."""
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _Wrong(line, "not valid YAML: found undefined alias")
            text = "anchors and aliases (& and *) are not allowed: write the value out"
            raise _Wrong(self._anchors[event.anchor], text)
        if event.anchor:
            self._anchors[event.anchor] = line
        return line

    def _allow(self, tag: str | None, line: int) -> None:
        if tag and tag != "!" and not tag.startswith(_PLAIN_TAGS):
            raise _Wrong(line, f"the tag {tag.removeprefix(_YAML)} is not allowed: take it out")

    def _scalar(self, event: Event, line: int) -> object:
        self._allow(event.tag, line)
        tag = event.tag
        if tag is None or tag == "!":
            # PyYAML's stubs leave its types out, here too.
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if tag == _TEXT:
            return event.value
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            return self._loader.construct_object(node)
        except (ValueError, LookupError, AttributeError) as error:  # as the library meets what a tag does not fit
            raise _Wrong(line, f'"{event.value[:40]}" cannot be read: put it in quotes') from error

    def _sequence(self, path: format.Path) -> list[object]:
        found: list[object] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found))))
        return found

    def _mapping(self, path: format.Path) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = self._line_of(event)
            if not isinstance(event, yaml.ScalarEvent) or event.value == "<<":
                raise _Wrong(line, "a key must be plain text")
            key = event.value
            at = (*path, key)
            if key in found:
                self.doubled.add(at)
            self.lines[at] = line
            found[key] = self._value(self._next(), at)
        return found


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


# --- banks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of a bank: every sound question, topics, all faults, and what the files beside the questions list,
    each with its file and line."""

    questions: Sequence[Placed]
    topics: dict[str, Topic]
    faults: Sequence[Fault]
    listed_topics: dict[str, tuple[str, int]]
    listed_documents: dict[str, tuple[str, int]]


def load(paths: Iterable[Path]) -> Loaded:
    """Read banks from folders or single files. A path that is not there raises ``FileNotFoundError``, a folder that
    cannot be read ``Faulty``."""
    questions: list[Placed] = []
    documents: list[Document] = []
    files = list(_files(paths))
    faults = list(_too_much(files))
    topics: dict[str, Topic] = {}
    titles: dict[str, str] = {}
    urls: dict[str, str] = {}
    listed_topics: dict[str, tuple[str, int]] = {}
    listed_documents: dict[str, tuple[str, int]] = {}
    for path in () if faults else files:
        try:
            document = read(path)
        except Faulty as error:
            faults += error.faults
            continue
        if path.name == "topics.yaml":
            named, found = format.read_topics(document)
            topics |= named
            listed_topics |= _places(named, document)
        elif path.name == "sources.yaml":
            more_titles, more_urls, found = format.read_sources(document)
            titles |= more_titles
            urls |= more_urls
            listed_documents |= _places(more_titles, document)
        else:
            sound, found = format.read_questions(document)
            questions += sound
            documents.append(document)
        faults += found
    faults += _twice(documents)
    shown = [_shown(placed, titles, urls) for placed in questions]
    used = {placed.question.topic: Topic(_spelled(placed.question.topic)) for placed in shown}
    used |= {topic: named for topic, named in topics.items() if topic in used}
    return Loaded(shown, used, faults, listed_topics, listed_documents)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Each file once, also where two of the paths, or links, lead to it."""
    found: dict[str, Path] = {}
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        for file in _inside(path) if path.is_dir() else [path]:
            found.setdefault(os.path.realpath(file), file)
    yield from found.values()


def _inside(folder: Path) -> list[Path]:
    try:
        return sorted(filter(_is_yaml, folder.iterdir()))
    except OSError as error:
        raise Faulty([Fault(str(folder), 1, "", f"the folder cannot be read: {error.strerror}")]) from error


def _too_much(files: Sequence[Path]) -> Iterator[Fault]:
    """Refuse a bank that is far larger than any, before it is read."""
    if len(files) > MOST_FILES:
        yield Fault(str(files[0].parent), 1, "", f"the bank has more than {MOST_FILES:,} files")
    elif sum(map(_size, files)) > LARGEST_BANK:
        yield Fault(
            str(files[0].parent), 1, "", f"the files of the bank are larger than {LARGEST_BANK:,} bytes together"
        )


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # it is told where it is read


def _is_yaml(file: Path) -> bool:
    """Editors put hidden files beside the one that is open."""
    return file.suffix in (".yaml", ".yml") and not file.name.startswith(".")


def _places(keys: Iterable[str], document: Document) -> dict[str, tuple[str, int]]:
    return {key: (document.file, document.line((key,))) for key in keys}


def _twice(documents: Iterable[Document]) -> Iterator[Fault]:
    """Ids that stand twice, also where one of the questions has another fault."""
    first: dict[str, str] = {}
    for document in documents:
        content = document.content if isinstance(document.content, dict) else {}
        questions = content.get("questions")
        for i, raw in enumerate(questions if isinstance(questions, list) else []):
            name = raw.get("id") if isinstance(raw, dict) else None
            line = document.line(("questions", i, "id"))
            if isinstance(name, str) and name in first:
                yield Fault(
                    document.file, line, name, f"this id is taken by the question at {first[name]}; choose another"
                )
            elif isinstance(name, str):
                first[name] = f"{document.file}:{document.line(('questions', i))}"


def _shown(placed: Placed, titles: dict[str, str], urls: dict[str, str]) -> Placed:
    sources = tuple(_titled(source, titles, urls) for source in placed.question.sources)
    return replace(placed, question=replace(placed.question, sources=sources))


def _titled(source: Source, titles: dict[str, str], urls: dict[str, str]) -> Source:
    return replace(source, title=titles.get(source.document, ""), url=urls.get(source.document, ""))


def _spelled(topic: str) -> str:
    return topic.replace("_", " ").replace("-", " ").capitalize()


def accepted(wordings: Iterable[Wording]) -> str:
    """Accepted wordings as what to add to the questions of a bank: ids with their ``accept`` lists."""
    by_id: dict[str, list[str]] = {}
    for wording in wordings:
        by_id.setdefault(wording.question_id, []).append(wording.text)
    questions = [{"id": id, "accept": texts} for id, texts in by_id.items()]
    return yaml.safe_dump({"questions": questions}, sort_keys=False, allow_unicode=True)


class BankFolder:
    """A bank on disk that is taken up again when its files change; a broken change leaves the last good bank."""

    def __init__(self, paths: Sequence[Path], words: Words = NO_WORDS) -> None:
        """``words`` are those of the language, for the grader. Raises ``Faulty``, or ``FileNotFoundError``."""
        self._paths = paths
        self._words = words
        self._stamp = self._stamped()
        self._bank = self._load()
        self.loaded_at = datetime.now(UTC)
        self.faulty = False
        """Whether the files have faults now, so that an older bank is in use."""

    def __call__(self) -> Bank:
        """The last good bank."""
        return self._bank

    def refresh(self) -> bool:
        """Read the files again if they changed; False where they did and have faults now."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return True
        self._stamp = stamp
        try:
            bank = self._load()
        except (Faulty, OSError) as error:
            self.faulty = True
            kept_out = {"promise": Promise.BANK_KEPT_OUT.value}
            log.error("the changed bank has faults, the last good one stays in use:\n%s", error, extra=kept_out)
        else:
            bank.prepare()
            self._bank, self.faulty, self.loaded_at = bank, False, datetime.now(UTC)
            log.info("the bank was read again: %d questions", len(self._bank.questions))
        return not self.faulty

    def _stamped(self) -> tuple[tuple[str, int, int], ...]:
        try:
            stats = [(str(path), path.stat()) for path in _files(self._paths)]
        except (Faulty, OSError):
            return ()
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _load(self) -> Bank:
        loaded = load(self._paths)
        if not loaded.questions and not loaded.faults:
            places = ", ".join(map(str, self._paths))
            raise Faulty([Fault(places, 1, "", "there is no question file (*.yaml) here")])
        if loaded.faults:
            raise Faulty(loaded.faults)
        questions = [placed.question for placed in loaded.questions]
        return Bank({q.id: q for q in questions}, loaded.topics, Vocabulary.of(questions, self._words))
