"""What is said of links between platforms."""

from __future__ import annotations

from datetime import datetime

from bot.core.messages import Message, When, say


def code(code: str, until: datetime, *, me: bool) -> Message:
    """The code, where to enter it, and until when."""
    text = (
        "Enter it with your other account: {command}"
        if me
        else "As an admin of the other place, enter it there: {command}"
    )
    return Message(
        title=code,
        body=(
            say(text, command=f"/quiz link code={code}"),
            say("It can be used once, until {until}.", until=When(until, relative=True)),
        ),
    )


def teams_linked(name: str) -> Message:
    """Told when two places became one team."""
    text = "This place and {name} are one team now: one leaderboard, one question of the day. /quiz unlink parts them."
    next_step = "Members who play in both places link their own accounts with /quiz link me."
    return Message((say(text, name=name), say(next_step)))


def members_linked() -> Message:
    """Told when two identities became one member."""
    text = "Your two accounts are one member now. Where both answered the same question, the first answer counts."
    return Message((say(text), say("/quiz unlink me makes them two again.")))


def teams_parted() -> Message:
    """Told when one team became two again."""
    return Message((say("The places are two teams again, everyone with their own history."),))


def members_parted() -> Message:
    """Told when one member became two again."""
    return Message((say("Your accounts are two members again, each with its own answers."),))


def nothing_linked() -> Message:
    """Told where there is nothing to undo."""
    return Message((say("Nothing is linked here. /quiz link makes a code that links."),))
