"""What is said of stored data."""

from __future__ import annotations

from bot.core.messages import Button, File, Message, _, say


def exported(content: bytes) -> Message:
    """The file with everything stored on the reader."""
    return Message((say("This file holds everything that is stored on you."),), file=File("quizbot-data.json", content))


def about() -> Message:
    """What can be done with stored data."""
    return Message(
        (
            say("The bot stores your name, your answers and what they earned."),
            say("/quiz privacy export gives you all of it as a file; /quiz privacy erase erases it for ever."),
        )
    )


def confirm_erasing(member_id: int) -> Message:
    """Asked before anything is erased."""
    return Message(
        title=_("Erase your data for ever?"),
        body=(
            say(
                "Your name, answers, points and streak are erased at once; backups made from then on do not hold them."
            ),
            say("Nobody can bring them back. If you play again, you begin as a new member."),
        ),
        buttons=((Button(_("Erase everything"), f"erase:{member_id}"),),),
    )


def erased() -> Message:
    """Told when it is done."""
    return Message((say("Everything stored on you is erased. If you play again, you begin as a new member."),))
