"""What somebody's own page says, where a platform has one, and what is said in private on files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.messages import Button, Message, Text, _, refusal, say
from bot.core.model import Address, Round


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page; one that is about a channel stands under the channel's name, which the platform knows."""

    message: Message
    channel: Address | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """Somebody's own page, refreshed whenever they open it.

    ``choose`` invites admins to choose a channel; the choice does what the button ``setup:CHANNEL`` does.
    """

    parts: tuple[Part, ...]
    choose: str = ""


def welcome(*, admin: bool) -> Message:
    """The first words in a workspace that has no daily question yet, and what to do next."""
    about = say(
        "I post a question of the day, take your answers in private, and then show the right answer with its "
        "explanation and source."
    )
    return Message((about, *(_first_steps() if admin else _meanwhile())), title=_("Hello, I am the quiz bot"))


def _first_steps() -> tuple[Text, ...]:
    return (
        say("1. Write /invite @quizbot in the channel that should get the question."),
        say("2. Write /quiz setup there, or choose the channel on my Home tab. All is filled in already: press Send."),
    )


def _meanwhile() -> tuple[Text, ...]:
    return (
        say("No channel here has a daily question yet: an admin sets one up with /quiz setup."),
        say("/quiz practice gives you a question that only you see."),
    )


def choose() -> str:
    """What stands in the empty field in which an admin chooses a channel."""
    return _("Set up a channel")


def over() -> Text:
    """Said of today's question once it is closed."""
    return say("Today's question is closed.")


def buttons(rnd: Round | None, channel: str, *, changeable: bool) -> tuple[tuple[Button, ...], ...]:
    """What can be done about a channel from the page."""
    mine = [Button(_("My answer"), f"mine:{rnd.id}")] if rnd else []
    change = [Button(_("Change the settings"), f"setup:{channel}")] if changeable else []
    row = (*mine, *change)
    return (row,) if row else ()


def your_statistics(text: Text) -> Message:
    """The own statistics of somebody who has none yet."""
    return Message((text,), title=_("Your statistics"))


def file_sent(name: str) -> Message:
    """Told where the command was used; the file came as a direct message."""
    return Message((say("I sent you {name} as a direct message: look under Apps.", name=name),))


def file_not_sent(reason: str) -> Message:
    """Told to whoever should have got a file."""
    text = "I could not send you the file: {reason}. Please ask for it again once an admin has mended that."
    return Message((say(text, reason=refusal.why(reason)),))


def why_here(reason: str) -> Text:
    """Added to an answer that comes as a direct message, since the bot cannot write where it was asked for."""
    return say("I tell you here because I cannot write in that channel: {reason}.", reason=refusal.why(reason))


def installed(workspace: str) -> Message:
    """The page that ends an installation."""
    where = say("Next, in Slack: write /invite @quizbot in the channel that should get the question.")
    return Message(
        (where, say("Then write /quiz setup there.")),
        title=_("The quiz bot is installed in {workspace}").format(workspace=workspace),
    )


def not_installed(reason: str) -> Message:
    """The page of an installation that failed."""
    reasons = {
        "access_denied": _("You did not allow it."),
        "invalid_browser": _("It was begun in another browser, or too long ago."),
        "invalid_state": _("It was begun too long ago, or is done already."),
    }
    why = reasons.get(reason) or _("Slack says: {reason}.").format(reason=reason)
    return Message(((why,), say("Begin again at /slack/install.")), title=_("The quiz bot is not installed"))


def no_installation() -> str:
    """Told where the app is still seen in a workspace whose installation is not known."""
    return _("I am not installed in this workspace any more. An admin of the workspace can install me again.")


def close() -> str:
    """The button that closes what was shown."""
    return _("Close")


def window() -> str:
    """The title of the window in which an answer is shown."""
    return _("Quiz")
