"""What a channel's settings say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from bot.core.messages import Asks, Field, Form, Message, Text, When, _, counted, refusal, say
from bot.core.messages.board import DAYS
from bot.core.model import Channel, Difficulty, Feedback, Round, Ruled, Settings


def described(settings: Settings, topics: Sequence[str]) -> Mapping[str, str]:
    """Settings in words: label to value."""
    plan = settings.schedule
    feedback = _("at once") if settings.feedback is Feedback.IMMEDIATE else _("at the reveal")
    asked = {
        _("Topics"): ", ".join(topics) or _("all"),
        _("Difficulty"): ", ".join(map(_, settings.difficulty)) or _("all"),
        _("Grades are told"): feedback,
    }
    if plan is None:
        return asked
    when = {
        _("Question of the day"): f"{plan.post:%H:%M}, {days(plan.days)}",
        _("Reveal"): f"{plan.reveal:%H:%M}" if plan.reveal else _("with the next question"),
        _("Time zone"): plan.timezone,
    }
    return when | ({_("Not on"): ", ".join(map(str, sorted(plan.skip)))} if plan.skip else {}) | asked


def days(numbers: frozenset[int]) -> str:
    """``Monday to Friday``, ``every day``, ``Monday and Thursday``."""
    if len(numbers) == 7:
        return _("every day")
    first, last = min(numbers), max(numbers)
    if len(numbers) > 2 and len(numbers) == last - first + 1:
        return _("{first} to {last}").format(first=_(DAYS[first]), last=_(DAYS[last]))
    *names, end = [_(DAYS[number]) for number in sorted(numbers)]
    return _("{names} and {last}").format(names=", ".join(names), last=end) if names else end


def _lines(described: Mapping[str, str]) -> tuple[Text, ...]:
    return tuple(say("{label}: {value}", label=label, value=value) for label, value in described.items())


def set_up(described: Mapping[str, str], following: datetime | None, *, paused: bool) -> Message:
    """Told to whoever set a channel up: what will happen next."""
    return Message((_next(following, paused), *_lines(described)), title=_("This channel is set up"))


def _next(following: datetime | None, paused: bool) -> Text:
    if paused:
        return say("The daily question here is paused. /quiz resume starts it again.")
    if following is None:
        return say("No day of this schedule lies within the next two years. /quiz setup days=mon-fri changes its days.")
    return say("The next question of the day comes {when}.", when=When(following, relative=True))


def status(
    channel: Channel,
    described: Mapping[str, str],
    rnd: Round | None,
    rulings: Sequence[Ruled],
    waiting: int,
    *,
    blind: bool = False,
) -> Message:
    """What is set in a channel, what is under way, the latest rulings, and for admins how many appeals wait.

    ``blind`` says that the bot may not look what the channel shows.
    """
    if channel.settings.schedule is None:
        lines = [say("This channel has no daily question. An admin gives it one with /quiz setup.")]
    elif channel.paused:
        text = "Paused: {reason}. /quiz resume starts the daily question again."
        lines = [say(text, reason=refusal.why(channel.paused).rstrip("."))]
    else:
        lines = [_next(channel.next_post, paused=False)]
    origin = (
        [say("These settings stand in the file quizbot.yaml, and can be changed only there.")]
        if channel.declared
        else []
    )
    unseen = (
        "I may not read this channel: a question whose posting a crash interrupts is left out, and never comes twice."
    )
    caveat = [say(unseen)] if blind else []
    body = (*lines, _under_way(rnd), *_lines(described), *origin, *caveat, *_rulings(rulings, waiting))
    return Message(body, title=_("The quiz in this channel"))


def _rulings(rulings: Sequence[Ruled], waiting: int) -> Iterable[Text]:
    if waiting:
        yield (counted("{number} appeal waits: /quiz rulings.", "{number} appeals wait: /quiz rulings.", waiting),)
    for ruled in rulings:
        name = ruled.name or _("A former admin")
        yield say("Ruling, {at}: {name} {what}", at=When(ruled.at), name=name, what=ruled.what)


def _under_way(rnd: Round | None) -> Text:
    if rnd is None:
        return say("No question is open.")
    if rnd.closes_at is None:
        return say("A question is open until its reveal.")
    return say("A question is open until {when}.", when=When(rnd.closes_at, relative=True))


BY_ADMIN = "an admin paused it"
"""The reason that is kept where an admin paused a channel."""


def paused() -> Message:
    """Told to whoever paused a channel."""
    text = "The daily question here is paused. /quiz resume starts it again; an open question stays open."
    return Message((say(text),))


def resumed(following: datetime | None) -> Message:
    """Told to whoever resumed a channel."""
    return Message((say("The daily question is on again."), _next(following, paused=False)))


def form(settings: Settings, zone: str, topics: tuple[tuple[str, str], ...]) -> Form:
    """The form of ``setup``, filled with what is set; ``zone`` is the team's, ``topics`` are those of the bank."""
    plan = settings.schedule
    day_names = tuple((day[:3].lower(), _(day)) for day in DAYS)
    chosen = plan.days if plan else frozenset(range(5))
    reveal = f"{plan.reveal:%H:%M}" if plan and plan.reveal else ""
    difficulties = tuple((str(difficulty), _(difficulty)) for difficulty in Difficulty)
    feedback = ((str(Feedback.REVEAL), _("at the reveal")), (str(Feedback.IMMEDIATE), _("at once")))
    return Form(
        action="setup",
        title=_("Question of the day"),
        body=(),
        fields=(
            Field("time", _("Question at"), Asks.TIME, f"{plan.post:%H:%M}" if plan else "09:00", hint="09:00"),
            Field("timezone", _("Time zone: type a city"), Asks.ZONE, plan.timezone if plan else zone),
            Field("days", _("Days"), Asks.SOME_OF, ", ".join(day_names[day][0] for day in sorted(chosen)), day_names),
            Field("reveal", _("Answer at; empty: with the next question"), Asks.TIME, reveal, required=False),
            Field("topics", _("Topics; empty: all"), Asks.SOME_OF, ", ".join(settings.topics), topics, required=False),
            Field(
                "difficulty",
                _("Difficulty; empty: all"),
                Asks.SOME_OF,
                ", ".join(settings.difficulty),
                difficulties,
                required=False,
            ),
            Field("feedback", _("Grades are told"), Asks.ONE_OF, str(settings.feedback), feedback),
        ),
    )
