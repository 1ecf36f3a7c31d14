"""A bank that anybody in a team may have written: what it must not do to whoever reads it. What one file can hold is
in `tests/adapters/test_yaml.py`; this is about folders, and about what a fault shows."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters import yaml
from bot.core import check, format
from tests.adapters.test_yaml import bank


def faults(*paths: Path) -> list[str]:
    """What is wrong with a bank."""
    return [str(fault) for fault in yaml.load(paths).faults]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one sound question."""
    (tmp_path / "bank.yaml").write_text(bank("one"))
    return tmp_path


def test_links_in_a_circle(folder: Path) -> None:
    """A link that leads to itself, or to another that leads back, is a fault of its own and hides no question."""
    (folder / "a.yaml").symlink_to("a.yaml")
    (folder / "b.yaml").symlink_to("c.yaml")
    (folder / "c.yaml").symlink_to("b.yaml")
    (folder / "gone.yaml").symlink_to("nowhere.yaml")
    loaded = yaml.load([folder])
    assert [str(fault).partition(": ")[2] for fault in loaded.faults] == [
        *["cannot be read: Too many levels of symbolic links"] * 3,
        "cannot be read: No such file or directory",
    ]
    assert [placed.question.id for placed in loaded.questions] == ["one"]


def test_a_circle_while_the_bot_runs(folder: Path) -> None:
    """It leaves the last good bank in place, and so do a pipe and far too many files."""
    running = yaml.BankFolder([folder])
    (folder / "a.yaml").symlink_to("a.yaml")
    running.refresh()
    os.mkfifo(folder / "b.yaml")
    running.refresh()
    for n in range(yaml.MOST_FILES):
        (folder / f"x{n}.yaml").touch()
    running.refresh()
    assert set(running().questions) == {"one"}


def test_folders_in_a_circle(folder: Path) -> None:
    """A folder is not searched for folders, so that one which leads to itself leads nowhere."""
    (folder / "again").symlink_to(folder)
    (folder / "again.yaml").symlink_to(folder)
    assert faults(folder, folder / "again") == [f"{folder}/again.yaml:1: cannot be read: Is a directory"]


def test_what_is_no_file(folder: Path) -> None:
    """A pipe that nobody writes to, and a device that never ends, are not read."""
    os.mkfifo(folder / "pipe.yaml")
    (folder / "zero.yaml").symlink_to("/dev/zero")
    assert faults(folder) == [
        f"{folder}/{name}.yaml:1: this is neither a file nor a folder" for name in ("pipe", "zero")
    ]
    assert faults(folder / "pipe.yaml") == [f"{folder}/pipe.yaml:1: this is neither a file nor a folder"]


def test_far_too_many_files(folder: Path) -> None:
    """They are counted before any is read."""
    for n in range(yaml.MOST_FILES):
        (folder / f"{n}.yaml").write_text("[")
    assert faults(folder) == [f"{folder}:1: the bank has more than 1,000 files"]


def test_files_that_are_too_large_together(folder: Path) -> None:
    """Each may be small enough, all of them are not."""
    for n in range(11):
        with (folder / f"{n}.yaml").open("wb") as file:
            file.truncate(yaml.LARGEST)
    assert faults(folder) == [f"{folder}:1: the files of the bank are larger than 40,000,000 bytes together"]


@pytest.mark.parametrize("value", ["\\e[2J\\e]0;owned\\a", "one\\ntwo: all is well", "\\u202eevil", "\\r\\bx"])
def test_a_fault_does_not_steer_the_terminal(tmp_path: Path, value: str) -> None:
    """Whatever a file holds, a fault is one line of characters that can be seen."""
    file = tmp_path / "bank.yaml"
    file.write_text(bank("one").replace("type: short", f'type: "{value}"\n    "{value}": 1'))
    found = faults(tmp_path)
    assert len(found) == 2
    assert all(fault.isprintable() for fault in found)


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=20)
KEYS = st.sampled_from(sorted({*format.FILE_FIELDS, *format.QUESTION_FIELDS, *format.CHOICE_FIELDS})) | st.text()
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=30
)


@given(ANYTHING)
def test_whatever_a_file_holds(content: object) -> None:
    """Any values in any place are faults or a question, and raise nothing; each reader takes any file."""
    document = format.Document("x.yaml", content, {})
    for wrapped in (document, format.Document("x.yaml", {"topic": "t", "questions": [content]}, {})):
        sound, found = format.read_questions(wrapped)
        assert sound or found
        assert all(str(fault).isprintable() for fault in found)
        check.errors(check.Contents(sound, {}, {}, frozenset()))
        format.read_topics(wrapped)
        format.read_sources(wrapped)


@given(st.binary(max_size=400) | st.text(alphabet=st.sampled_from("{}[]&*!|>-?:,#%@`'\" \n\ta\x00\u2028"), max_size=60))
def test_whatever_a_file_is(tmp_path_factory: pytest.TempPathFactory, content: bytes | str) -> None:
    """Any bytes are read or refused, and raise nothing else."""
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    with suppress(yaml.Faulty):
        yaml.read(file)
