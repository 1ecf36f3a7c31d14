"""What only a terminal says."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Message, counted, say


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


def instead_of_form(command: str, fields: Sequence[str]) -> Message:
    """What to type where other platforms show a form."""
    return Message(
        (
            say(
                "Type /quiz {command} with what you want to set: {fields}.",
                command=command,
                fields="= ".join(fields) + "=",
            ),
        )
    )


def now_playing(name: str) -> Message:
    """Told when the member changes."""
    return Message((say("You are now {name}.", name=name),))
