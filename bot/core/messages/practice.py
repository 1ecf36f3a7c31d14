"""What practice says."""

from __future__ import annotations

from bot.core.messages import Button, Form, Message, _, say
from bot.core.messages.grades import reason
from bot.core.messages.round import answer_field, asked, explained, right_answer
from bot.core.model import LETTERS, Kind, Practice


def question(practice: Practice, topic: str) -> Message:
    """A question that only the caller sees."""
    q = practice.question
    return Message(
        title=_("Practice · {topic} · {difficulty}").format(topic=topic, difficulty=_(q.difficulty)),
        body=(*asked(q), say("Only you see this. It earns no points.")),
        buttons=(_answer_buttons(practice),),
    )


def _answer_buttons(practice: Practice) -> tuple[Button, ...]:
    if practice.question.kind is Kind.SHORT:
        return (Button(_("Answer"), f"tryopen:{practice.id}", asks=True),)
    letters = LETTERS[: len(practice.question.choices)]
    return tuple(Button(letter, f"try:{practice.id}:{letter}") for letter in letters)


def form(practice: Practice) -> Form:
    """The form of a short question."""
    body = ((practice.question.prompt,),)
    return Form(f"trysubmit:{practice.id}", _("Your answer"), body, (answer_field(),))


def graded(practice: Practice) -> Message:
    """The grade, why, the source, and one more."""
    grade = practice.grade
    answer = [] if grade and grade.correct else [say("The answer: {answer}", answer=right_answer(practice.question))]
    return Message(
        ((reason(grade) if grade else "",), *answer, *explained(practice.question)),
        buttons=((Button(_("Another one"), f"again:{practice.id}"),),),
    )
