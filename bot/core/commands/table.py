"""The one table of commands: name, options, who may, which use case. Every platform builds its own from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bot.core import boards, links, practice, privacy, rounds, rulings, settings, statistics, typed
from bot.core.bank import Bank
from bot.core.messages import Form, Message, speaking
from bot.core.messages import help as wording
from bot.core.model import Difficulty, Feedback, Kind, Period, Wish
from bot.core.ports import Quiz
from bot.core.teams import Visit


class Takes(Enum):
    """What an option's value is."""

    WORD = auto()
    """One of the option's ``words``."""
    TEXT = auto()
    """Any text; ``suggest`` helps with it."""
    MINUTES = auto()
    """A whole number from 1 to 1440."""
    FLAG = auto()
    """Set or not; on Slack and in the terminal by its own name."""
    MEMBER = auto()
    """Somebody, as the platform names them: the id of a user."""


Suggest = Callable[[Bank, str], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command; ``suggest`` offers (value, name) pairs for what is typed so far."""

    name: str
    help: str
    takes: Takes
    words: tuple[str, ...] = ()
    suggest: Suggest | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """The options of one call, read and checked."""

    topic: str | None = None
    difficulty: Difficulty | None = None
    kind: Kind | None = None
    minutes: int | None = None
    period: Period = Period.WEEK
    public: bool = False
    daily: bool = False
    member: str | None = None
    code: str | None = None
    me: bool = False
    action: str | None = None
    verdict: str = ""
    changes: settings.Changes = field(default_factory=settings.Changes)

    @property
    def wish(self) -> Wish:
        """Which questions will do."""
        topics = (self.topic,) if self.topic else ()
        return Wish(topics, (self.difficulty,) if self.difficulty else (), self.kind)


Said = Message | Form
UseCase = Callable[[Quiz, Visit, Given], Awaitable[Said]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command; ``admin`` says that only admins may use it."""

    name: str
    help: str
    run: UseCase
    options: tuple[Option, ...] = ()
    admin: bool = False


# --- the use case of each command --------------------------------------------------------------------------------


async def _ask(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.ask(quiz, visit, given.wish, given.minutes)


async def _practice(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await practice.begin(quiz, visit, given.wish)


async def _leaderboard(quiz: Quiz, visit: Visit, given: Given) -> Message:
    if not given.public:
        return await boards.leaderboard(quiz, visit, given.period)
    with speaking(None):
        return replace(await boards.leaderboard(quiz, visit, given.period), public=True)


async def _stats(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await statistics.of(quiz, visit, given.member)


async def _setup(quiz: Quiz, visit: Visit, given: Given) -> Said:
    if not given.changes.any:
        return settings.form(quiz, visit)
    return await settings.setup(quiz, visit, given.changes)


async def _status(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await settings.status(quiz, visit)


async def _post(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.post(quiz, visit)


async def _reveal(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.reveal(quiz, visit, only_daily=given.daily)


async def _pause(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await settings.pause(quiz, visit)


async def _resume(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await settings.resume(quiz, visit)


async def _link(quiz: Quiz, visit: Visit, given: Given) -> Message:
    if given.code:
        return await links.use(quiz, visit, given.code)
    return await links.make(quiz, visit, me=given.me)


async def _unlink(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await links.part(quiz, visit, me=given.me)


async def _privacy(quiz: Quiz, visit: Visit, given: Given) -> Message:
    match given.action:
        case "export":
            return await privacy.export(quiz, visit)
        case "erase":
            return privacy.ask_to_erase(visit)
        case _:
            return privacy.about()


async def _rulings(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rulings.waiting(quiz, visit)


async def _overrule(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rulings.overrule(quiz, visit, given.verdict, only_daily=given.daily)


async def _help(quiz: Quiz, visit: Visit, given: Given) -> Message:
    shown = [(command.name, command.help) for command in COMMANDS.values() if visit.admin or not command.admin]
    return wording.overview(shown, admin=visit.admin)


# --- the table ---------------------------------------------------------------------------------------------------


TOPIC = Option("topic", "Only questions on this topic", Takes.TEXT, suggest=typed.topics_like)
DIFFICULTY = Option("difficulty", "Only questions this hard", Takes.WORD, tuple(Difficulty))
KIND = Option("kind", "With options to choose from, or with a short answer to write", Takes.WORD, tuple(Kind))
MINUTES = Option("minutes", "How long the question stays open, 1 to 1440", Takes.MINUTES)
PERIOD = Option("period", "This week where you leave it out", Takes.WORD, tuple(Period))
PUBLIC = Option("public", "Show it to the whole channel", Takes.FLAG)
DAILY = Option("daily", "The question of the day, where another one is open too", Takes.FLAG)
MEMBER = Option("member", "Yourself where you leave it out", Takes.MEMBER)
CODE = Option("code", "The code from the other place; without one you get a new code", Takes.TEXT)
ME = Option("me", "Your own two accounts instead of the two places", Takes.FLAG)
VERDICT = Option(
    "verdict", "Who scores on the last revealed question", Takes.WORD, ("everyone", "nobody", *"abcde"), required=True
)
ACTION = Option("action", "What to do with what is stored on you", Takes.WORD, ("export", "erase"))

SETUP = (
    Option("time", "When the question comes, such as 09:00", Takes.TEXT),
    Option("timezone", "The zone of these times: type a city", Takes.TEXT, suggest=typed.zones_like),
    Option("days", "Such as mon-fri, or mon, wed, fri", Takes.TEXT),
    Option("reveal", "When the answer comes, such as 16:30; none: with the next question", Takes.TEXT),
    Option("topics", "Names with commas between them, or all", Takes.TEXT, suggest=typed.topic_lists_like),
    Option("difficulty", "Such as easy, medium; or all", Takes.TEXT),
    Option("feedback", "When grades are told: at the reveal, or immediate", Takes.WORD, tuple(Feedback)),
)

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("ask", "Post a question in this channel", _ask, (TOPIC, DIFFICULTY, KIND, MINUTES)),
        Command("practice", "A question that only you see, without points", _practice, (TOPIC, DIFFICULTY, KIND)),
        Command("leaderboard", "See the standings", _leaderboard, (PERIOD, PUBLIC)),
        Command("stats", "See your own statistics, or what a board shows of somebody", _stats, (MEMBER,)),
        Command("status", "See what is set in this channel and what comes next", _status),
        Command("setup", "Give this channel a question of the day, or change it", _setup, SETUP, admin=True),
        Command("post", "Ask today's question of the day now", _post, admin=True),
        Command("reveal", "Reveal the open question now", _reveal, (DAILY,)),
        Command("pause", "Stop the question of the day; its schedule is kept", _pause, admin=True),
        Command("resume", "Start the question of the day again", _resume, admin=True),
        Command("rulings", "See appeals and reported questions, and decide", _rulings, admin=True),
        Command("overrule", "Rule on the question revealed last here", _overrule, (VERDICT, DAILY), admin=True),
        Command("link", "Make two places one team, or your two accounts one member", _link, (CODE, ME)),
        Command("unlink", "Part places or accounts that were linked", _unlink, (ME,)),
        Command("privacy", "Get or erase what is stored on you", _privacy, (ACTION,)),
        Command("help", "How to play", _help),
    )
}
