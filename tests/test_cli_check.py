"""``quizbot check`` as its users see it."""

from __future__ import annotations

import json

import pytest

from bot.__main__ import SCHEMA, main
from bot.core import check

GOOD = """\
topic: regularization
questions:
  - id: dropping-units
    type: short
    difficulty: easy
    concept: dropout
    prompt: Which technique switches off random units in training?
    answer: dropout
    explanation: No unit can rely on another. So features are useful in many contexts.
    source: {document: a.txt, heading: A}
"""
COUNTS = "1 questions\ntopic regularization: 1\nkind short: 1\ndifficulty easy: 1\n"


@pytest.fixture
def quizbot(tmp_path, monkeypatch, capsys):
    """Runs the command in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUESTIONS_DIR", raising=False)

    def run(*words):
        with pytest.raises(SystemExit) as ended:
            main(["check", *map(str, words)])
        return ended.value.code, *capsys.readouterr()

    return run


def test_a_valid_bank(quizbot, tmp_path):
    """A bank without faults prints what it holds."""
    (tmp_path / "bank.yaml").write_text(GOOD)
    assert quizbot("bank.yaml") == (0, COUNTS, "")
    assert quizbot("--strict", tmp_path) == (0, COUNTS, "")


def test_the_bundled_bank(quizbot):
    """Without a path the bank in use is checked."""
    code, out, err = quizbot()
    assert (code, err) == (0, ""), out
    assert out.splitlines()[0].endswith(" questions")


def test_the_bank_in_use(quizbot, tmp_path, monkeypatch):
    """``QUESTIONS_DIR`` names it."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "bank.yaml").write_text(GOOD)
    monkeypatch.setenv("QUESTIONS_DIR", "mine")
    assert quizbot() == (0, COUNTS, "")


def test_faults(quizbot, tmp_path):
    """Faults of all files and all kinds are told at once, a line each, in the order of the files; nothing else is."""
    (tmp_path / "a.yaml").write_text(GOOD.replace("easy", "light").replace("answer: dropout", "answer: 5"))
    (tmp_path / "b.yaml").write_text("topic: a\n b: c\n")
    (tmp_path / "c.yaml").write_text(GOOD.replace("answer: dropout", "answer: dropout\n    reject: [Dropout]"))
    (tmp_path / "d.yaml").write_text(GOOD.replace("in training", "while training"))
    assert quizbot("a.yaml", "b.yaml", "c.yaml", "d.yaml") == (
        1,
        'a.yaml:5: dropping-units: difficulty "light" is none of easy, medium, hard\n'
        "a.yaml:8: dropping-units: answer must be text; put 5 in quotes\n"
        "b.yaml:2: not valid YAML: mapping values are not allowed in this context\n"
        "c.yaml:3: dropping-units: this id is taken by the question at a.yaml:3; choose another\n"
        'c.yaml:9: dropping-units: "Dropout" stands in reject, but the key accepts it: take it out of one\n'
        "d.yaml:3: dropping-units: this id is taken by the question at a.yaml:3; choose another\n",
        "",
    )


def test_warnings(quizbot, tmp_path):
    """Warnings are told only if asked for, apart from errors, and count as faults then."""
    (tmp_path / "bank.yaml").write_text(GOOD.replace("    concept: dropout\n", ""))
    warning = (
        "bank.yaml:3: dropping-units: warning: there is no concept: name the one that is asked about, so that others "
        "on it are kept apart [no-concept]\n"
    )
    assert quizbot("bank.yaml")[0] == 0
    assert quizbot("--strict", "bank.yaml") == (1, warning, "")


def test_errors_and_warnings(quizbot, tmp_path):
    """Both are told together."""
    text = GOOD.replace("    concept: dropout\n", "").replace(
        "answer: dropout", "answer: dropout\n    reject: [Dropout]"
    )
    (tmp_path / "bank.yaml").write_text(text)
    code, out, _ = quizbot("bank.yaml", "--strict")
    assert code == 1
    assert ["warning:" in line for line in out.splitlines()] == [True, False]


def test_a_missing_path(quizbot, tmp_path):
    """A path that is not there is wrong usage, told in one line."""
    (tmp_path / "bank.yaml").write_text(GOOD)
    assert quizbot("bank.yaml", "nowhere") == (2, "", "quizbot: there is no file or folder nowhere\n")


def test_an_empty_folder(quizbot, tmp_path):
    """So is a folder without questions."""
    (tmp_path / "empty").mkdir()
    assert quizbot("empty") == (2, "", "quizbot: there is no question file (*.yaml) in empty\n")


def test_schema(quizbot):
    """The JSON Schema that ships in the package is printed as it is."""
    code, out, err = quizbot("--schema")
    assert (code, err) == (0, "")
    assert out == SCHEMA.read_text("utf-8")
    assert json.loads(out)["$schema"]


def test_documented(request):
    """The guide names every rule that warns, and no other."""
    guide = (request.config.rootpath / "docs" / "writing-questions.md").read_text("utf-8")
    named = [
        line.split("`")[1] for line in guide.partition("## The warnings")[2].splitlines() if line.startswith("| `")
    ]
    assert sorted(named) == sorted([*check.WARNINGS, *check.BANK_WARNINGS, check.UNUSED])


def test_the_guide_checks(request, quizbot, tmp_path):
    """The good examples of the guide have no faults, and the bad one has those that the guide tells."""
    guide = (request.config.rootpath / "docs" / "writing-questions.md").read_text("utf-8")
    examples = [part.partition("```")[0] for part in guide.split("```yaml\n") if part.startswith("  - id:")]
    bad, *good = (f"topic: training\nquestions:\n{example}" for example in examples)
    assert len(good) == 4
    for number, example in enumerate(good):
        (tmp_path / f"{number}.yaml").write_text(example)
        assert quizbot(f"{number}.yaml", "--strict")[0] == 0, quizbot(f"{number}.yaml", "--strict")[1]
    (tmp_path / "bad.yaml").write_text(bad)
    code, out, _ = quizbot("bad.yaml", "--strict")
    rules = {line.rpartition("[")[2].rstrip("]") for line in out.splitlines()}
    assert code == 1
    assert rules == {
        "no-question", "longest-right", "absolute-wrong", "above", "no-why", "no-concept", "explanation-length",
    }  # fmt: skip
