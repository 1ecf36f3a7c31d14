"""YAML files: question banks, and the configuration file.

Files are read with limits and without tags, anchors or aliases: a bank can come from anybody in a team.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from bot.core import format
from bot.core.bank import Bank, Topic
from bot.core.format import Document, Fault
from bot.core.grading import Vocabulary
from bot.core.model import Question, Source

log = logging.getLogger(__name__)

LARGEST = 4_000_000
"""Bytes of one file at most."""

DEEPEST = 20
"""Levels of nesting at most; the format itself needs six."""

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Lines = dict[format.Path, int]


class Faulty(Exception):
    """A file that cannot be used, with all that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


def read(path: Path) -> Document:
    """A YAML file's content with the line of each value. Raises ``Faulty``."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise _Wrong(1, f"the file is larger than {LARGEST:,} bytes")
        return _composed(str(path), data)
    except OSError as error:
        raise Faulty([Fault(str(path), 1, "", f"cannot be read: {error.strerror}")]) from error
    except _Wrong as error:
        raise Faulty([Fault(str(path), error.line, "", error.text)]) from error


class _Wrong(Exception):
    def __init__(self, line: int, text: str) -> None:
        self.line, self.text = line, text


def _composed(name: str, data: bytes) -> Document:
    loader = LOADER(data)
    lines: Lines = {}
    try:
        node = loader.get_single_node()
        content = _plain(loader, node, (), lines, set()) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _Wrong(line, f"not valid YAML: {error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _Wrong(1, f"not valid YAML: {str(error).splitlines()[0]}") from error
    finally:
        loader.dispose()
    return Document(name, content, lines)


def _plain(
    loader: yaml.SafeLoader, node: yaml.Node, path: format.Path, lines: dict[format.Path, int], met: set[int]
) -> object:
    """A node as plain values, its lines noted by path."""
    line = node.start_mark.line + 1
    lines.setdefault(path, line)
    if id(node) in met:
        raise _Wrong(line, "anchors and aliases (& and *) are not allowed")
    if not node.tag.startswith("tag:yaml.org,2002:"):
        raise _Wrong(line, f"the tag {node.tag} is not allowed")
    if len(path) > DEEPEST:
        raise _Wrong(line, "nested too deeply")
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node)
    met.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(loader, item, (*path, i), lines, met) for i, item in enumerate(node.value)]
    return _mapping(loader, node, path, lines, met)


def _mapping(
    loader: yaml.SafeLoader, node: yaml.Node, path: format.Path, lines: dict[format.Path, int], met: set[int]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            raise _Wrong(line, "a key must be plain text")
        if key_node.value in found:
            raise _Wrong(line, f'"{key_node.value}" stands here twice')
        lines[*path, key_node.value] = line
        found[key_node.value] = _plain(loader, value, (*path, key_node.value), lines, met)
    return found


# --- banks -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of a bank: every sound question with its file and line, topics, and all faults."""

    questions: Sequence[tuple[Question, str, int]]
    topics: dict[str, Topic]
    faults: Sequence[Fault]


def load(paths: Iterable[Path]) -> Loaded:
    """Read banks from folders or single files. A path that is not there raises ``FileNotFoundError``."""
    questions: list[tuple[Question, str, int]] = []
    faults: list[Fault] = []
    topics: dict[str, Topic] = {}
    titles: dict[str, str] = {}
    urls: dict[str, str] = {}
    for path in _files(paths):
        try:
            document = read(path)
        except Faulty as error:
            faults += error.faults
            continue
        if path.name == "topics.yaml":
            named, found = format.read_topics(document)
            topics |= named
        elif path.name == "sources.yaml":
            more_titles, more_urls, found = format.read_sources(document)
            titles |= more_titles
            urls |= more_urls
        else:
            sound, found = format.read_questions(document)
            questions += [(question, document.file, line) for question, line in sound]
        faults += found
    faults += _twice(questions)
    shown = [
        (replace(q, sources=tuple(_shown(s, titles, urls) for s in q.sources)), file, line)
        for q, file, line in questions
    ]
    used = {question.topic: Topic(_spelled(question.topic)) for question, _, _ in shown}
    return Loaded(shown, used | {topic: named for topic, named in topics.items() if topic in used}, faults)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        if path.is_file():
            yield path
        else:
            yield from sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))


def _twice(questions: Iterable[tuple[Question, str, int]]) -> Iterator[Fault]:
    first: dict[str, tuple[str, int]] = {}
    for question, file, line in questions:
        if question.id in first:
            at = "{}:{}".format(*first[question.id])
            yield Fault(file, line, question.id, f"this id is taken by the question at {at}")
        first.setdefault(question.id, (file, line))


def _shown(source: Source, titles: dict[str, str], urls: dict[str, str]) -> Source:
    return replace(source, title=titles.get(source.document, ""), url=urls.get(source.document, ""))


def _spelled(topic: str) -> str:
    return topic.replace("_", " ").replace("-", " ").capitalize()


class BankFolder:
    """A bank on disk that is taken up again when its files change; a broken change leaves the last good bank."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Raises ``Faulty``, or ``FileNotFoundError``."""
        self._paths = paths
        self._stamp = self._stamped()
        self._bank = self._load()

    def __call__(self) -> Bank:
        """The last good bank."""
        return self._bank

    def refresh(self) -> None:
        """Read the files again if they changed."""
        stamp = self._stamped()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self._bank = self._load()
        except (Faulty, OSError) as error:
            log.error("the changed bank has faults, the last good one stays in use:\n%s", error)
        else:
            log.info("the bank was read again: %d questions", len(self._bank.questions))

    def _stamped(self) -> tuple[tuple[str, int, int], ...]:
        try:
            stats = [(str(path), path.stat()) for path in _files(self._paths)]
        except OSError:
            return ()
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)

    def _load(self) -> Bank:
        loaded = load(self._paths)
        if not loaded.questions and not loaded.faults:
            places = ", ".join(map(str, self._paths))
            raise Faulty([Fault(places, 1, "", "there is no question file (*.yaml) here")])
        if loaded.faults:
            raise Faulty(loaded.faults)
        questions = [question for question, _, _ in loaded.questions]
        return Bank({q.id: q for q in questions}, loaded.topics, Vocabulary.of(questions))
