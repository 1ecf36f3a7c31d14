"""Reading YAML that anybody may have written, and banks on disk."""

from __future__ import annotations

import logging
import os
import time

import pytest

from bot.adapters import yaml

QUESTION = """\
  - id: {id}
    type: short
    difficulty: easy
    prompt: Which technique is {id}?
    answer: {answer}
    explanation: It is so. It stays so.
    source: {{document: a.txt, heading: A}}
"""


def bank(*ids, topic="networks", answer="dropout"):
    return f"topic: {topic}\nquestions:\n" + "".join(QUESTION.format(id=name, answer=answer) for name in ids)


def refusal(path):
    with pytest.raises(yaml.Faulty) as caught:
        yaml.read(path)
    return str(caught.value).removeprefix(f"{path}:")


@pytest.fixture
def file(tmp_path):
    def write(content, name="bank.yaml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


class TestHostileFiles:
    """What is no plain YAML is refused in one line with its place, at once and without harm."""

    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (b"a: 1\nb: \xff\xfe\n", "2: not valid UTF-8: save the file in this encoding"),
            ("a: 1\nb: c".encode("utf-16"), "1: not valid UTF-8: save the file in this encoding"),
            (b"a: [1, 2\nb: 3\n", "2: not valid YAML: did not find expected ',' or ']'"),
            (b"a: b\n c: d\n", "2: not valid YAML: mapping values are not allowed in this context"),
            (b"a:\n\t- b\n", "2: not valid YAML: found character that cannot start any token"),
            (b"a: 1\n---\nb: 2\n", "2: not valid YAML: but found another document"),
            (b"a: \x00\n", "1: not valid YAML: unacceptable character #x0000: control characters are not allowed"),
            (b"a: &x [1]\nb: *x\n", "1: anchors and aliases (& and *) are not allowed: write the value out"),
            (b"a: &x text\nb: *x\n", "1: anchors and aliases (& and *) are not allowed: write the value out"),
            (b"a: &x\n  b: *x\n", "1: anchors and aliases (& and *) are not allowed: write the value out"),
            (b"a: *x\n", "1: not valid YAML: found undefined alias"),
            (b"a: 1\nb: !secret c\n", "2: the tag !secret is not allowed: take it out"),
            (
                b"a: !!python/object/apply:os.system [ls]\n",
                "1: the tag python/object/apply:os.system is not allowed: take it out",
            ),
            (b"a: !!binary aGVsbG8=\n", "1: the tag binary is not allowed: take it out"),
            (b"a: !!set {b, c}\n", "1: the tag set is not allowed: take it out"),
            (b"a: {b: 1}\nc:\n  <<: {b: 2}\n", "3: a key must be plain text"),
            (b"[a]: b\n", "1: a key must be plain text"),
            (b"&x a: 1\nb: *x\n", "1: anchors and aliases (& and *) are not allowed: write the value out"),
            (b"a: 1\nb: !!bool maybe\n", '2: "maybe" cannot be read: put it in quotes'),
            (b"a: !!timestamp today\n", '1: "today" cannot be read: put it in quotes'),
            (b"a: !!int\n", '1: "" cannot be read: put it in quotes'),
            (b"a: 1\nb: 2001-99-99\n", '2: "2001-99-99" cannot be read: put it in quotes'),
            (b"a: 1\nb: " + b"9" * 5000, f'2: "{"9" * 40}" cannot be read: put it in quotes'),
        ],
    )
    def test_refused(self, file, content, expected):
        """Each has its own words."""
        assert refusal(file(content)) == expected

    def test_bomb(self, file):
        """Aliases that would grow to billions of values are not followed."""
        levels = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30))
        assert "anchors and aliases" in refusal(file(f"a0: &a0 [lol]\n{levels}\n"))

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
    def test_deep(self, file, opening):
        """A file nested a hundred thousand times is refused before it can exhaust anything."""
        started = time.perf_counter()
        assert refusal(file(opening * 100_000)) == "1: nested too deeply"
        assert time.perf_counter() - started < 2

    def test_large(self, file):
        """A file of five megabytes is refused without being read further."""
        assert refusal(file(b"a: " + b"b" * 5_000_000)) == "1: the file is larger than 4,000,000 bytes"

    def test_full(self, file):
        """A file within that size that holds millions of values is refused."""
        assert refusal(file("- 1\n" * 900_000)).endswith(": the file holds more than 500,000 values: split it")

    def test_folder(self, tmp_path):
        """A folder in place of a file is told."""
        assert refusal(tmp_path) == "1: cannot be read: Is a directory"

    def test_twice(self, file):
        """A key that stands twice keeps its place, so that the reader of the content tells it with all else."""
        document = yaml.read(file("a:\n  b: 1\n  c: 2\n  b: 3\n"))
        assert document.doubled == {("a", "b")}
        assert document.line(("a", "b")) == 4

    def test_byte_order_mark(self, file):
        """What some editors put before the text is no fault."""
        assert yaml.read(file(b"\xef\xbb\xbfa: 1\n")).content == {"a": 1}


class TestLoad:
    """A bank may be several folders and files."""

    def test_several_folders(self, tmp_path):
        """Questions, topics and documents of all of them belong together."""
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "bank.yaml").write_text(bank(f"from-{name}", topic=name))
        (tmp_path / "two" / "sources.yaml").write_text("a.txt: {title: Alpha, url: https://a.example}\n")
        (tmp_path / "two" / "topics.yaml").write_text("one: {name: Number one}\nthree: {name: Unused}\n")
        loaded = yaml.load([tmp_path / "one", tmp_path / "two"])
        assert loaded.faults == []
        assert [placed.question.id for placed in loaded.questions] == ["from-one", "from-two"]
        assert {topic: named.name for topic, named in loaded.topics.items()} == {"one": "Number one", "two": "Two"}
        source = loaded.questions[0].question.sources[0]
        assert (source.title, source.url) == ("Alpha", "https://a.example")
        assert loaded.listed_topics["three"] == (str(tmp_path / "two" / "topics.yaml"), 2)
        assert loaded.listed_documents == {"a.txt": (str(tmp_path / "two" / "sources.yaml"), 1)}

    def test_an_id_taken_in_another_folder(self, tmp_path):
        """Ids are unique over all files; the fault names the other place."""
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            (tmp_path / name / "bank.yaml").write_text(bank("only-one"))
        (fault,) = yaml.load([tmp_path / "one", tmp_path / "two"]).faults
        first, second = (tmp_path / name / "bank.yaml" for name in ("one", "two"))
        assert str(fault) == f"{second}:3: only-one: this id is taken by the question at {first}:3; choose another"

    def test_the_same_file_twice(self, tmp_path, file):
        """A file that two paths lead to is read once."""
        path = file(bank("only-one"))
        loaded = yaml.load([tmp_path, path, tmp_path / ".." / tmp_path.name])
        assert (len(loaded.questions), loaded.faults) == (1, [])

    def test_only_yaml(self, tmp_path, file):
        """Other files, and the hidden ones that editors make, are left alone."""
        file(bank("one"), "one.yaml")
        file(bank("two"), "two.yml")
        file(b"\xff", "notes.txt")
        file(b"\xff", ".one.yaml")
        assert [placed.question.id for placed in yaml.load([tmp_path]).questions] == ["one", "two"]

    def test_every_file_is_told(self, tmp_path, file):
        """One broken file hides neither the faults of another nor the questions of a third."""
        file("topic: [", "a.yaml")
        file(bank("Bad Id"), "b.yaml")
        file(bank("good"), "c.yaml")
        loaded = yaml.load([tmp_path])
        assert [os.path.basename(fault.file) for fault in loaded.faults] == ["a.yaml", "b.yaml"]
        assert [placed.question.id for placed in loaded.questions] == ["good"]

    def test_missing(self, tmp_path):
        """A path that is not there is no fault of a bank."""
        with pytest.raises(FileNotFoundError):
            yaml.load([tmp_path / "nowhere"])


class TestBankFolder:
    """A bank on disk follows its files while the bot runs."""

    def changed(self, folder, path, content):
        path.write_text(content)
        stamp = path.stat().st_mtime_ns + 1_000_000_000
        os.utime(path, ns=(stamp, stamp))
        folder.refresh()

    def test_start(self, tmp_path, file):
        """At the start every fault is raised together."""
        file(bank("Bad Id"), "a.yaml")
        file(bank("good").replace("easy", "light"), "b.yaml")
        with pytest.raises(yaml.Faulty) as caught:
            yaml.BankFolder([tmp_path])
        assert len(str(caught.value).splitlines()) == 2

    def test_empty(self, tmp_path):
        """A folder without questions is a fault."""
        with pytest.raises(yaml.Faulty, match="there is no question file"):
            yaml.BankFolder([tmp_path])

    def test_taken_up(self, tmp_path, file):
        """A changed file, a new one and a removed one are taken up."""
        path = file(bank("one"))
        folder = yaml.BankFolder([tmp_path])
        self.changed(folder, path, bank("one", "two"))
        assert set(folder().questions) == {"one", "two"}
        file(bank("three"), "more.yaml")
        folder.refresh()
        assert set(folder().questions) == {"one", "two", "three"}
        path.unlink()
        folder.refresh()
        assert set(folder().questions) == {"three"}

    @pytest.mark.parametrize("broken", ["topic: [", "", bank("one", "one"), bank("one").replace("easy", "light")])
    def test_broken(self, tmp_path, file, caplog, broken):
        """A broken change leaves the last good bank, and the log tells the faults once; its repair is taken up."""
        path = file(bank("one"))
        folder = yaml.BankFolder([tmp_path])
        before = folder()
        with caplog.at_level(logging.ERROR):
            self.changed(folder, path, broken)
            folder.refresh()
        assert folder() is before
        (record,) = caplog.records
        assert f"{path}:" in record.getMessage()
        self.changed(folder, path, bank("mended"))
        assert set(folder().questions) == {"mended"}

    def test_gone(self, tmp_path, file):
        """A folder that disappears for a while leaves the last good bank."""
        file(bank("one"))
        folder = yaml.BankFolder([tmp_path])
        away = tmp_path.rename(tmp_path.with_name("away"))
        folder.refresh()
        assert set(folder().questions) == {"one"}
        away.rename(tmp_path)
        folder.refresh()
        assert set(folder().questions) == {"one"}

    def test_unchanged(self, tmp_path, file):
        """Without a change nothing is read again."""
        file(bank("one"))
        folder = yaml.BankFolder([tmp_path])
        before = folder()
        folder.refresh()
        assert folder() is before
