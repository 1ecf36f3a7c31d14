"""The format of question files: what is read, and what is said of each fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters import yaml
from bot.core import format
from bot.core.model import Choice, Difficulty, Idea, Kind, Numeric, Source

GOOD = """\
topic: optimization
questions:
  - id: rate-too-high
    type: choice
    difficulty: medium
    concept: learning rate
    prompt: What happens when the rate is too high?
    choices:
      - text: The loss jumps
        correct: true
      - text: The loss falls slowly
        why: The rate is too low then.
      - text: The loss stays
        why: The weights do not move then.
    explanation: Steps go too far. The loss grows.
    source: {document: a.txt, heading: Rates}
    note: The document says little.
  - id: batches-per-epoch
    type: short
    difficulty: easy
    prompt: How many batches?
    answer: "50"
    accept: [fifty]
    reject: ["5"]
    numeric: {value: 50, tolerance: 2%, unit: batches}
    explanation: One by one. Fifty times.
    source:
      - {document: a.txt, heading: Batches}
      - {document: b.txt, heading: Epochs}
  - id: why-depth
    type: short
    difficulty: hard
    prompt: Why depth?
    answer: Parts are made of parts.
    points:
      - idea: parts are made of parts
        accept: [hierarchy of features]
        weight: 2
    explanation: Layers build on layers. It saves units.
    source: {document: a.txt, heading: Depth}
"""


def document(folder: Path, text: str) -> format.Document:
    file = folder / "bank.yaml"
    file.write_text(text, encoding="utf-8")
    return yaml.read(file)


def faults(folder: Path, text: str) -> list[str]:
    found = format.read_questions(document(folder, text))[1]
    return [str(fault).removeprefix(f"{folder}/") for fault in found]


def test_every_field_is_read(tmp_path):
    """All that a file says of a question is in the question."""
    placed, found = format.read_questions(document(tmp_path, GOOD))
    choice, number, ideas = (one.question for one in placed)
    assert found == []
    assert (choice.id, choice.topic, choice.kind, choice.difficulty) == (
        "rate-too-high",
        "optimization",
        Kind.CHOICE,
        Difficulty.MEDIUM,
    )
    assert choice.choices[:2] == (
        Choice("The loss jumps", correct=True),
        Choice("The loss falls slowly", why="The rate is too low then."),
    )
    assert (choice.concept, choice.note) == ("learning rate", "The document says little.")
    assert (number.answer, number.accept, number.reject) == ("50", ("fifty",), ("5",))
    assert number.numeric == Numeric(50, 0.02, relative=True, unit="batches")
    assert number.sources == (Source("a.txt", "Batches"), Source("b.txt", "Epochs"))
    assert ideas.ideas == (Idea("parts are made of parts", ("hierarchy of features",), 2),)


def test_a_question_knows_its_place(tmp_path):
    """A question stands in its file on the line where it begins, and each part of it on its own line."""
    placed, _ = format.read_questions(document(tmp_path, GOOD))
    assert [one.line for one in placed] == [3, 18, 30]
    assert str(placed[0].fault(("choices", 1, "why"), "odd")).endswith("bank.yaml:12: rate-too-high: odd")
    assert placed[0].fault(("answer",), "absent").line == 3


FAULTS = [
    # the file
    ("topic: optimization\n", "", ["1: topic is missing"]),
    ("topic: optimization", "topic: 5", ["1: topic must be text; put 5 in quotes"]),
    ("topic: optimization", "title: optimization", ['1: unknown field "title"', "1: topic is missing"]),
    # all questions
    (
        "id: rate-too-high",
        "id: Rate too high",
        ['3: Rate too high: id "Rate too high" must be lower-case words joined by hyphens'],
    ),
    ("id: rate-too-high\n    type", "type", ["3: id is missing"]),
    ("id: rate-too-high", "id: 7", ["3: 7: id must be text; put 7 in quotes"]),
    ("type: choice", "type: chioce", ['4: rate-too-high: type "chioce" is none of choice, short']),
    ("    type: choice\n", "", ["3: rate-too-high: type is missing"]),
    (
        "difficulty: medium",
        "difficulty: middling",
        ['5: rate-too-high: difficulty "middling" is none of easy, medium, hard'],
    ),
    ("    difficulty: medium\n", "", ["3: rate-too-high: difficulty is missing"]),
    ("concept: learning rate", "concept: 3", ["6: rate-too-high: concept must be text; put 3 in quotes"]),
    ("prompt: What happens when the rate is too high?", "prompt:", ["7: rate-too-high: prompt is missing"]),
    (
        "prompt: What",
        "promt: What",
        ['7: rate-too-high: unknown field "promt"; did you mean prompt?', "3: rate-too-high: prompt is missing"],
    ),
    (
        "explanation: Steps go too far. The loss grows.",
        "explanation: yes",
        ["15: rate-too-high: explanation must be text; put True in quotes"],
    ),
    ("    explanation: Steps go too far. The loss grows.\n", "", ["3: rate-too-high: explanation is missing"]),
    (
        "    note: The document says little.",
        "    note: [a]",
        ["17: rate-too-high: note must be text; put ['a'] in quotes"],
    ),
    (
        "    note: The document says little.",
        "    note: a\n    note: b",
        ['18: rate-too-high: "note" stands here twice; take one out'],
    ),
    # sources
    ("    source: {document: a.txt, heading: Rates}\n", "", ["3: rate-too-high: source is missing"]),
    ("source: {document: a.txt, heading: Rates}", "source: []", ["16: rate-too-high: source is missing"]),
    (
        "source: {document: a.txt, heading: Rates}",
        "source: {}",
        ["16: rate-too-high: source is empty; it takes document, heading"],
    ),
    (
        "source: {document: a.txt, heading: Rates}",
        "source: a.txt",
        ["16: rate-too-high: source must be a mapping with document, heading"],
    ),
    (
        "source: {document: a.txt, heading: Rates}",
        "source: {heading: Rates}",
        ["16: rate-too-high: document is missing"],
    ),
    (
        "      - {document: b.txt, heading: Epochs}",
        "      - {document: b.txt}",
        ["29: batches-per-epoch: heading is missing"],
    ),
    # choices
    (
        "      - text: The loss stays\n        why: The weights do not move then.\n",
        "",
        ["8: rate-too-high: a choice question needs 3 to 5 choices, this one has 2"],
    ),
    ("        correct: true\n", "", ["8: rate-too-high: exactly one choice must have correct: true, here none has"]),
    (
        "        why: The rate is too low then.",
        "        correct: true",
        ["8: rate-too-high: exactly one choice must have correct: true, here 2 have"],
    ),
    (
        "correct: true",
        "correct: right",
        [
            "10: rate-too-high: correct must be true or false",
            "8: rate-too-high: exactly one choice must have correct: true, here none has",
        ],
    ),
    (
        "text: The loss stays",
        "text: the  loss falls slowly.",
        ['13: rate-too-high: the choice "the  loss falls slowly." stands there twice; replace one'],
    ),
    ("text: The loss stays", "text:", ["13: rate-too-high: text is missing"]),
    ("text: The loss stays", "text: 0.5", ["13: rate-too-high: text must be text; put 0.5 in quotes"]),
    (
        "      - text: The loss stays\n        why: The weights do not move then.",
        "      - {}",
        ["13: rate-too-high: choices is empty; it takes text, correct, why"],
    ),
    (
        "      - text: The loss stays\n        why: The weights do not move then.",
        "      - The loss stays",
        ["13: rate-too-high: choices must be a mapping with text, correct, why"],
    ),
    (
        "    explanation: Steps",
        "    answer: no\n    explanation: Steps",
        ["15: rate-too-high: a choice question has no answer"],
    ),
    # short questions
    ('    answer: "50"\n', "", ["18: batches-per-epoch: answer is missing"]),
    ('answer: "50"', "answer: 50", ["22: batches-per-epoch: answer must be text; put 50 in quotes"]),
    ("accept: [fifty]", "accept: fifty", ["23: batches-per-epoch: accept must be a list of texts"]),
    ("accept: [fifty]", "accept: [50]", ["23: batches-per-epoch: accept must hold texts; put 50 in quotes"]),
    ('reject: ["5"]', "reject: [5]", ["24: batches-per-epoch: reject must hold texts; put 5 in quotes"]),
    (
        '    answer: "50"',
        '    choices: []\n    answer: "50"',
        ["22: batches-per-epoch: a short question has no choices"],
    ),
    ("{value: 50, tolerance: 2%, unit: batches}", "{tolerance: 2%}", ["25: batches-per-epoch: value is missing"]),
    ("{value: 50, tolerance: 2%, unit: batches}", "{value: many}", ["25: batches-per-epoch: value must be a number"]),
    ("{value: 50, tolerance: 2%, unit: batches}", "{value: .inf}", ["25: batches-per-epoch: value must be a number"]),
    ("{value: 50, tolerance: 2%, unit: batches}", "{value: .nan}", ["25: batches-per-epoch: value must be a number"]),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "{value: %s}" % ("9" * 400),
        ["25: batches-per-epoch: value is too large a number"],
    ),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "{value: 50, tolerance: -1}",
        ['25: batches-per-epoch: tolerance -1 is neither a number from 0 up nor like "2%"'],
    ),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "{value: 50, tolerance: some}",
        ['25: batches-per-epoch: tolerance some is neither a number from 0 up nor like "2%"'],
    ),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "{value: 50, unit: 3}",
        ["25: batches-per-epoch: unit must be text; put 3 in quotes"],
    ),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "{}",
        ["25: batches-per-epoch: numeric is empty; it takes value, tolerance, unit"],
    ),
    (
        "{value: 50, tolerance: 2%, unit: batches}",
        "50",
        ["25: batches-per-epoch: numeric must be a mapping with value, tolerance, unit"],
    ),
    (
        "    points:",
        "    numeric: {value: 1}\n    points:",
        ["36: why-depth: a question is graded by numeric or by points, not by both"],
    ),
    ("idea: parts are made of parts", "idea:", ["36: why-depth: idea is missing"]),
    ("weight: 2", "weight: 0", ["38: why-depth: weight must be more than 0"]),
    (
        "weight: 2",
        "weight: heavy",
        ["38: why-depth: weight must be a number", "38: why-depth: weight must be more than 0"],
    ),
    ("weight: 2", "wieght: 2", ['38: why-depth: unknown field "wieght"; did you mean weight?']),
    (
        "accept: [hierarchy of features]",
        "accept: [[hierarchy]]",
        ["37: why-depth: accept must hold texts; put ['hierarchy'] in quotes"],
    ),
    (
        "      - idea: parts are made of parts\n        accept: [hierarchy of features]\n        weight: 2",
        "      []",
        ["35: why-depth: points is empty; name two to four ideas, or leave points out"],
    ),
]


@pytest.mark.parametrize(("good", "bad", "expected"), FAULTS, ids=[str(i) for i in range(len(FAULTS))])
def test_fault(tmp_path, good, bad, expected):
    """Each fault is told with its line, its question and what to change, and nothing else is said."""
    assert GOOD.count(good) >= 1
    assert faults(tmp_path, GOOD.replace(good, bad, 1)) == [f"bank.yaml:{line}" for line in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file must be a mapping with topic, questions"),
        ("{}", "the file is empty; it takes topic, questions"),
        ("- a\n- b", "the file must be a mapping with topic, questions"),
        ("just words", "the file must be a mapping with topic, questions"),
        ("topic: a", "questions is missing or empty"),
        ("topic: a\nquestions:", "questions is missing or empty"),
        ("topic: a\nquestions: []", "questions is missing or empty"),
        ("topic: a\nquestions: {a: b}", "questions must be a list of questions"),
        ("topic: a\nquestions: [a]", f"questions must be a mapping with {', '.join(format.QUESTION_FIELDS)}"),
        ("topic: a\nquestions: [{}]", f"questions is empty; it takes {', '.join(format.QUESTION_FIELDS)}"),
    ],
)
def test_no_questions(tmp_path, text, expected):
    """A file that holds something else than questions is told so in one line."""
    (found,) = faults(tmp_path, text)
    assert found.partition(": ")[2] == expected


def test_all_faults_at_once(tmp_path):
    """Faults do not hide one another, in one question or in several; sound questions are kept."""
    text = GOOD.replace("difficulty: medium", "difficulty: middling").replace("correct: true", "correct: false")
    text = text.replace('answer: "50"', "answer: 50").replace("    source: {document: a.txt, heading: Rates}\n", "")
    placed, found = format.read_questions(document(tmp_path, text))
    assert [one.question.id for one in placed] == ["why-depth"]
    assert [(fault.line, fault.id) for fault in found] == [
        (5, "rate-too-high"),
        (3, "rate-too-high"),
        (8, "rate-too-high"),
        (21, "batches-per-epoch"),
    ]


def test_an_id_cannot_break_the_line(tmp_path):
    """However an id is written, a fault stays on one line."""
    (found,) = faults(tmp_path, GOOD.replace("id: rate-too-high", 'id: "a\\nb: c"'))
    assert found == 'bank.yaml:3: a b: c: id "a b: c" must be lower-case words joined by hyphens'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("optimization: {name: Optimization, description: Steps.}", []),
        ("optimization: {description: Steps.}", ["bank.yaml:1: name is missing"]),
        ("optimization: Optimization", ["bank.yaml:1: optimization must be a mapping with name, description"]),
        ("a: {name: A}\nb: {}", ["bank.yaml:2: b is empty; it takes name, description"]),
        ("a: {name: A}\na: {name: B}", ['bank.yaml:2: "a" stands here twice; take one out']),
        ("[a]", ["bank.yaml:1: this file must map topics to what is shown of them"]),
    ],
)
def test_topics(tmp_path, text, expected):
    """``topics.yaml`` gives each topic a name."""
    found = format.read_topics(document(tmp_path, text))[1]
    assert [str(fault).removeprefix(f"{tmp_path}/") for fault in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.txt: {title: A, author: B, site: C, url: https://d.example}", []),
        ("a.txt: {author: B}", ["bank.yaml:1: title is missing"]),
        ("a.txt: {title: 12}", ["bank.yaml:1: title must be text; put 12 in quotes"]),
        ("a.txt: {title: A, link: B}", ['bank.yaml:1: unknown field "link"']),
        ("a.txt: A", ["bank.yaml:1: a.txt must be a mapping with title, author, site, url"]),
        ("a.txt", ["bank.yaml:1: this file must map documents to what is shown of them"]),
    ],
)
def test_sources(tmp_path, text, expected):
    """``sources.yaml`` gives each document a title."""
    found = format.read_sources(document(tmp_path, text))[2]
    assert [str(fault).removeprefix(f"{tmp_path}/") for fault in found] == expected
