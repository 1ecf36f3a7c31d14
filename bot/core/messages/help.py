"""How to play, and the first words in a new place."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.messages import Message, Table, _, say


def overview(commands: Iterable[tuple[str, str]], *, admin: bool) -> Message:
    """How to play, the commands that the reader may use, and for admins how to set up."""
    how = "To set up: /quiz setup in the channel for the question of the day. /quiz status shows when it comes."
    set_up = [say(how)] if admin else []
    return Message(
        title=_("How to play"),
        body=(
            say("Press the letter of your answer, or Answer to write a short one. Nobody else sees what you chose."),
            say("Everyone who is right scores the same: easy 10, medium 20, hard 30 points. Speed earns nothing."),
            Table(tuple((f"/quiz {name}", _(text)) for name, text in commands)),
            *set_up,
        ),
    )


def welcome() -> Message:
    """What the bot says when it joins a place."""
    return Message(
        title=_("Hello, I am the quiz bot"),
        body=(
            say(
                "I post a question of the day, take your answers in private, and then show the right answer with its "
                "explanation and source."
            ),
            say(
                "Next: an admin uses /quiz setup in the channel that should get the question. I say nothing until then."
            ),
        ),
        public=True,
    )
