"""What only a terminal says."""

from __future__ import annotations

from bot.core.messages import Message, counted, say


def greeting(questions: int, topics: int, name: str) -> Message:
    """The first words in a terminal."""
    bank = f"{counted(questions, 'question')} on {counted(topics, 'topic')}"
    return Message(
        title="quizbot",
        body=(
            say("{bank}. You are {name}.", bank=bank, name=name),
            say("Type your answer. /quiz help lists the commands, /as NAME switches member, /quit leaves."),
        ),
    )


def now_playing(name: str) -> Message:
    """Told when the member changes."""
    return Message((say("You are now {name}.", name=name),))
