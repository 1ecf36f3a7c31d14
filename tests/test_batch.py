"""``quizbot grade --batch``: JSON lines in, JSON lines out, in order."""

from __future__ import annotations

import io
import json

from bot.batch import grade_lines
from bot.core.bank import Bank, Topic
from bot.core.grading import Vocabulary
from bot.core.model import Difficulty, Kind, Question

DROPOUT = Question("dropping", "t", Kind.SHORT, Difficulty.EASY, "Which technique?", "Because.", answer="dropout")
BANK = Bank({"dropping": DROPOUT}, {"t": Topic("T")}, Vocabulary.of([DROPOUT]))


async def graded(*lines: object) -> tuple[bool, list[dict[str, object]]]:
    """Whether all could be graded, and what was written."""
    out = io.StringIO()
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    sound = await grade_lines(raw, out, BANK)
    return sound, [json.loads(line) for line in out.getvalue().splitlines()]


async def test_each_line_is_answered_in_order():
    """Right and wrong answers are graded in the order in which they came; a wrong one is no fault."""
    sound, told = await graded(
        {"question": "dropping", "answer": "Drop-out!"}, {"question": "dropping", "answer": "weight decay"}
    )
    assert sound
    assert [(one["question"], one["correct"], one["score"]) for one in told] == [
        ("dropping", True, 1.0),
        ("dropping", False, 0.0),
    ]
    assert str(told[0]["reason"]).startswith("Right")
    assert str(told[1]["reason"]).startswith("Not right")


async def test_a_line_that_cannot_be_graded_keeps_its_place():
    """Broken JSON, an unknown question, an empty answer and a foreign shape are told by line; the others are graded."""
    sound, told = await graded(
        b"{", {"question": "no-such", "answer": "x"}, {"question": "dropping", "answer": " "}, [1],
        {"question": "dropping", "answer": "dropout"},
    )  # fmt: skip
    assert not sound
    assert [one.get("line") for one in told] == [1, 2, 3, 4, None]
    assert all("error" in one for one in told[:4])
    assert told[4]["correct"]


async def test_a_question_given_with_its_answer():
    """A question as in the YAML may come with the line; what does not bear on the grade may be left out."""
    key = {"type": "short", "answer": "50", "numeric": {"value": 50, "tolerance": "2%"}, "id": "Any id 7"}
    sound, told = await graded({"prompt": "How many?", "answer_key": key, "answer": "51"})
    assert sound
    assert (told[0]["question"], told[0]["correct"]) == ("Any id 7", True)


async def test_a_reference_answer_without_ideas():
    """A reference that is a sentence is graded by the ideas in it."""
    key = {"answer": "The loss jumps around because each step overshoots the minimum."}
    _, told = await graded(
        {"prompt": "What happens?", "answer_key": key, "answer": "each step overshoots the minimum so the loss jumps"},
        {"prompt": "What happens?", "answer_key": key, "answer": "the dog sleeps"},
    )
    assert float(str(told[0]["score"])) > 0.5 > float(str(told[1]["score"]))


async def test_a_faulty_key_is_told():
    """What is wrong with a given question is told in the place of its line."""
    sound, told = await graded({"prompt": "P?", "answer_key": {"answer": "x", "colour": 1}, "answer": "x"})
    assert not sound
    assert told == [{"line": 1, "error": 'answer_key: unknown field "colour"'}]
