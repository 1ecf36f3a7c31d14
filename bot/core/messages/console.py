"""What only a terminal says."""

from __future__ import annotations

from bot.core.messages import Form, Message, counted, say


def greeting(questions: int, topics: int, name: str) -> Message:
    """The first words in a terminal."""
    bank = counted("{number} question", "{number} questions", questions)
    about = counted("{number} topic", "{number} topics", topics)
    return Message(
        title="quizbot",
        body=(
            say("{bank} on {about}. You are {name}.", bank=bank, about=about, name=name),
            say("Type your answer. /quiz help lists the commands, /as NAME switches member, /quit leaves."),
        ),
    )


def asking(form: Form) -> Message:
    """A form with one field, which the next line fills in."""
    return Message((*form.body, say("{label}:", label=form.fields[0].label)), title=form.title)


def instead_of_form(form: Form) -> Message:
    """What to type where other platforms show a form."""
    example = next((f"{field.name}={field.value}" for field in form.fields if field.value), "")
    return Message(
        (
            say("Type what you want to set behind the command: /quiz {call}", call=f"{form.action} {example}"),
            say("You can set {fields}.", fields=", ".join(field.name for field in form.fields)),
        )
    )


def now_playing(name: str) -> Message:
    """Told when the member changes."""
    return Message((say("You are now {name}.", name=name),))
