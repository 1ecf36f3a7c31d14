"""The JSON Schema of question files, which editors use, says what the format says."""

from __future__ import annotations

import copy
import json
import re

import pytest

from bot.__main__ import SCHEMA
from bot.adapters import yaml
from bot.config import bundled_bank
from bot.core import format
from bot.core.model import Difficulty, Kind

ROOT = json.loads(SCHEMA.read_text("utf-8"))
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float)}


def valid(schema, value):
    """Whether a value suits a schema; of JSON Schema this knows what the schema of question files uses."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= set(KEYWORDS) | {"$schema", "$defs", "title", "description", "minContains", "maxContains"}
    return all(KEYWORDS[word](rule, value, schema) for word, rule in schema.items() if word in KEYWORDS)


def kind(rule, value, _):
    return isinstance(value, TYPES[rule]) and (rule == "boolean" or not isinstance(value, bool))


def holds(rule, value, schema):
    number = sum(valid(rule, item) for item in value) if isinstance(value, list) else 1
    return schema["minContains"] <= number <= schema["maxContains"]


def for_type(python, judge):
    """A keyword that says nothing of values of other types."""
    return lambda rule, value, schema: not isinstance(value, python) or judge(rule, value, schema)


KEYWORDS = {
    "type": kind,
    "enum": lambda rule, value, _: value in rule,
    "const": lambda rule, value, _: value == rule,
    "$ref": lambda rule, value, _: valid(ROOT["$defs"][rule.removeprefix("#/$defs/")], value),
    "anyOf": lambda rule, value, _: any(valid(one, value) for one in rule),
    "oneOf": lambda rule, value, _: sum(valid(one, value) for one in rule) == 1,
    "not": lambda rule, value, _: not valid(rule, value),
    "required": for_type(dict, lambda rule, value, _: set(rule) <= set(value)),
    "properties": for_type(dict, lambda rule, value, _: all(valid(rule[k], v) for k, v in value.items() if k in rule)),
    "additionalProperties": for_type(dict, lambda rule, value, schema: rule or set(value) <= set(schema["properties"])),
    "items": for_type(list, lambda rule, value, _: all(valid(rule, item) for item in value)),
    "minItems": for_type(list, lambda rule, value, _: len(value) >= rule),
    "maxItems": for_type(list, lambda rule, value, _: len(value) <= rule),
    "contains": holds,
    "minLength": for_type(str, lambda rule, value, _: len(value) >= rule),
    "pattern": for_type(str, lambda rule, value, _: re.search(rule, value) is not None),
    "minimum": for_type((int, float), lambda rule, value, _: value >= rule),
    "exclusiveMinimum": for_type((int, float), lambda rule, value, _: value > rule),
}


def parts():
    """Each mapping of the format: its name in the schema and its fields."""
    yield "question", format.QUESTION_FIELDS
    yield "choice", format.CHOICE_FIELDS
    yield "numeric", format.NUMERIC_FIELDS
    yield "idea", format.IDEA_FIELDS
    yield "source", format.SOURCE_FIELDS


@pytest.mark.parametrize(("name", "fields"), list(parts()))
def test_fields(name, fields):
    """Both know the same fields, in one order, and no others; the schema explains each or says its form."""
    schema = ROOT["$defs"][name]
    assert tuple(schema["properties"]) == fields
    assert schema["additionalProperties"] is False
    assert all(schema["properties"].values())


def test_file_fields():
    """So do they of a file."""
    assert tuple(ROOT["properties"]) == format.FILE_FIELDS
    assert ROOT["additionalProperties"] is False


def test_words():
    """Both know the same kinds, difficulties, ids and numbers of options."""
    question = ROOT["$defs"]["question"]["properties"]
    assert question["type"]["enum"] == list(Kind)
    assert question["difficulty"]["enum"] == list(Difficulty)
    assert question["id"]["pattern"] == f"^{format.ID.pattern}$"
    choices = question["choices"]
    assert range(choices["minItems"], choices["maxItems"] + 1) == format.CHOICES


def test_kinds():
    """Both know which fields belong to one kind alone."""
    choice, short = ROOT["$defs"]["question"]["oneOf"]
    assert tuple(field for field, rule in choice["properties"].items() if rule is False) == format.ONLY_SHORT
    assert tuple(field for field, rule in short["properties"].items() if rule is False) == format.ONLY_CHOICE


@pytest.mark.parametrize("file", sorted(bundled_bank().glob("*.yaml")), ids=lambda file: file.stem)
def test_bundled(file):
    """Every bundled question file suits the schema."""
    suits = valid(ROOT, yaml.read(file).content)
    assert suits is (file.stem not in ("topics", "sources"))


CHOICE = {
    "id": "a-b",
    "type": "choice",
    "difficulty": "easy",
    "concept": "c",
    "prompt": "p?",
    "choices": [{"text": "a", "correct": True}, {"text": "b", "why": "w"}, {"text": "c"}],
    "explanation": "e",
    "source": {"document": "d", "heading": "h"},
    "note": "n",
}
NUMBER = {
    "id": "n",
    "type": "short",
    "difficulty": "medium",
    "prompt": "p?",
    "answer": "5",
    "accept": ["five"],
    "reject": [],
    "numeric": {"value": 5, "tolerance": "2.5 %", "unit": "u"},
    "explanation": "e",
    "source": [{"document": "d", "heading": "h"}, {"document": "e", "heading": "i"}],
}
IDEAS = {
    "id": "i",
    "type": "short",
    "difficulty": "hard",
    "prompt": "p?",
    "answer": "a",
    "points": [{"idea": "i", "accept": ["j"], "weight": 0.5}, {"idea": "k"}],
    "explanation": "e",
    "source": {"document": "d", "heading": "h"},
}
GONE = object()
CHANGES = [
    (question, path, value)
    for question, paths in [
        (
            CHOICE,
            [("id",), ("type",), ("difficulty",), ("concept",), ("prompt",), ("explanation",), ("source",), ("note",)],
        ),
        (
            CHOICE,
            [("choices",), ("choices", 0), ("choices", 0, "text"), ("choices", 0, "correct"), ("choices", 1, "why")],
        ),
        (
            CHOICE,
            [
                ("source", "document"),
                ("source", "heading"),
                ("answer",),
                ("points",),
                ("other",),
                ("choices", 1, "correct"),
            ],
        ),
        (
            NUMBER,
            [
                ("answer",),
                ("accept",),
                ("accept", 0),
                ("reject",),
                ("numeric",),
                ("choices",),
                ("source",),
                ("source", 1),
            ],
        ),
        (
            NUMBER,
            [("numeric", "value"), ("numeric", "tolerance"), ("numeric", "unit"), ("numeric", "other"), ("points",)],
        ),
        (IDEAS, [("points",), ("points", 0), ("points", 0, "idea"), ("points", 0, "accept"), ("points", 0, "weight")]),
    ]
    for path in paths
    for value in (GONE, "text", "Text!", "", " ", 7, -1, 0, True, [], ["x"], [3], {}, {"x": 1}, "3%", "choice", "short")
]


def changed(question, path, value):
    question = copy.deepcopy(question)
    holder = question
    for part in path[:-1]:
        holder = holder[part]
    if value is not GONE:
        holder[path[-1]] = value
    elif isinstance(holder, list):
        del holder[path[-1]]
    else:
        holder.pop(path[-1], None)
    return {"topic": "t", "questions": [question]}


@pytest.mark.parametrize("question", [CHOICE, NUMBER, IDEAS], ids=["choice", "number", "ideas"])
def test_sound(question):
    """A sound question of every kind suits the schema."""
    content = {"topic": "t", "questions": [question]}
    assert valid(ROOT, content)
    assert format.read_questions(format.Document("f", content, {}))[1] == []


def test_in_step():
    """Whatever is put in the place of any field, the schema refuses what the format refuses, and nothing else."""
    differ = []
    for question, path, value in CHANGES:
        content = changed(question, path, value)
        faults = format.read_questions(format.Document("f", content, {}))[1]
        if valid(ROOT, content) is bool(faults):
            differ.append((question["id"], path, value, list(map(str, faults))))
    assert differ == []
