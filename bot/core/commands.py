"""The one table of commands and buttons: name, options, who may, which use case.

Every platform builds its own from it.
"""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from bot.core import boards, rounds
from bot.core.bank import Bank, Wish
from bot.core.messages import Form, Message, Refusal, Text, refusal
from bot.core.messages import help as wording
from bot.core.model import Caller, Difficulty, Kind, Period
from bot.core.ports import Quiz, Unavailable
from bot.core.teams import Visit, enter

log = logging.getLogger(__name__)

MINUTES = range(1, 1441)


class Takes(Enum):
    """What an option's value is."""

    WORD = auto()
    """One of the option's ``words``."""
    TOPIC = auto()
    """A topic of the bank."""
    MINUTES = auto()
    FLAG = auto()
    """Set or not; on Slack and in the terminal by its own name."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a command."""

    name: str
    help: str
    takes: Takes
    words: tuple[str, ...] = ()


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

    @property
    def wish(self) -> Wish:
        """Which questions will do."""
        topics = (self.topic,) if self.topic else ()
        return Wish(topics, (self.difficulty,) if self.difficulty else (), self.kind)


UseCase = Callable[[Quiz, Visit, Given], Awaitable[Message]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command; ``admin`` says that only admins may use it."""

    name: str
    help: str
    run: UseCase
    options: tuple[Option, ...] = ()
    admin: bool = False


async def _ask(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.ask(quiz, visit, given.wish, given.minutes)


async def _leaderboard(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return replace(await boards.leaderboard(quiz, visit, given.period), public=given.public)


async def _post(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.post(quiz, visit)


async def _reveal(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return await rounds.reveal(quiz, visit, only_daily=given.daily)


async def _help(quiz: Quiz, visit: Visit, given: Given) -> Message:
    return wording.overview((c.name, c.help) for c in COMMANDS.values() if visit.admin or not c.admin)


TOPIC = Option("topic", "Only questions on this topic", Takes.TOPIC)
DIFFICULTY = Option("difficulty", "Only questions this hard", Takes.WORD, tuple(Difficulty))
KIND = Option("kind", "With options to choose from, or with a short answer to write", Takes.WORD, tuple(Kind))
MINUTES_OPEN = Option("minutes", "How long the question stays open, 1 to 1440", Takes.MINUTES)
PERIOD = Option("period", "This week where you leave it out", Takes.WORD, tuple(Period))
PUBLIC = Option("public", "Show it to the whole channel", Takes.FLAG)
DAILY = Option("daily", "The question of the day, where another one is open too", Takes.FLAG)

COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("ask", "Post a question in this channel", _ask, (TOPIC, DIFFICULTY, KIND, MINUTES_OPEN)),
        Command("leaderboard", "See the standings", _leaderboard, (PERIOD, PUBLIC)),
        Command("post", "Ask today's question of the day now", _post, admin=True),
        Command("reveal", "Reveal the open question now", _reveal, (DAILY,)),
        Command("help", "How to play", _help),
    )
}


# --- reading a call ----------------------------------------------------------------------------------------------


def read(command: Command, bank: Bank, raw: Mapping[str, str]) -> Given:
    """The options of a call, checked. Raises ``Refusal``."""
    options = {option.name: option for option in command.options}
    given: dict[str, object] = {}
    for name, text in raw.items():
        if name not in options:
            raise Refusal(refusal.unknown_word(name, difflib.get_close_matches(name, options)))
        given[name] = _value(options[name], bank, text)
    return Given(**given)  # type: ignore[arg-type]  # each value is of its option's type by _value


def _value(option: Option, bank: Bank, text: str) -> object:
    match option.takes:
        case Takes.TOPIC:
            return _topic(bank, text)
        case Takes.MINUTES:
            return _minutes(text)
        case Takes.FLAG:
            return _folded(text) not in ("false", "no", "0")
        case Takes.WORD:
            if _folded(text) not in option.words:
                raise Refusal(refusal.unknown_word(text, difflib.get_close_matches(_folded(text), option.words)))
            return {"difficulty": Difficulty, "kind": Kind, "period": Period}[option.name](_folded(text))


def _topic(bank: Bank, text: str) -> str:
    names = {_folded(name): topic for topic, shown in bank.topics.items() for name in (topic, shown.name)}
    if _folded(text) not in names:
        raise Refusal(refusal.unknown_topic(text, difflib.get_close_matches(_folded(text), names, n=1, cutoff=0.5)))
    return names[_folded(text)]


def _minutes(text: str) -> int:
    found = re.fullmatch(r"(\d{1,4})\s?(?:m|min|minutes?)?", text.strip().lower())
    if not found or int(found[1]) not in MINUTES:
        raise Refusal(refusal.not_minutes(text))
    return int(found[1])


def _folded(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def parse(text: str) -> tuple[str, dict[str, str]]:
    """A command and its options from words in any order, for platforms without typed options. Raises ``Refusal``.

    ``ask architectures hard 10m``, ``ask topic=cnn minutes=10``, ``leaderboard month public``.
    """
    name, *words = text.split() or ["help"]
    command = COMMANDS.get(name.lower())
    if command is None:
        raise Refusal(refusal.unknown_word(name, difflib.get_close_matches(name.lower(), COMMANDS)))
    raw: dict[str, str] = {}
    rest: list[str] = []
    for word in words:
        option, value = _recognised(command, word)
        if option is None:
            rest.append(word)
        elif option in raw:
            raise Refusal(refusal.said_twice(option))
        else:
            raw[option] = value
    return command.name, raw | _left_over(command, rest, raw)


def _recognised(command: Command, word: str) -> tuple[str | None, str]:
    """The option that a single word belongs to, and its value."""
    key, equals, value = word.partition("=")
    if equals and any(option.name == key.lower() for option in command.options):
        return key.lower(), value
    for option in command.options:
        if option.takes is Takes.WORD and _folded(word) in option.words:
            return option.name, word
        if option.takes is Takes.FLAG and word.lower() == option.name:
            return option.name, "true"
        if option.takes is Takes.MINUTES and re.fullmatch(r"-?\d+(m|min)?", word.lower()):
            return option.name, word
    return None, word


def _left_over(command: Command, rest: list[str], raw: Mapping[str, str]) -> dict[str, str]:
    """Words that no fixed word explains: a topic, whose name may have several words."""
    if not rest:
        return {}
    if all(option.takes is not Takes.TOPIC for option in command.options):
        known = [word for option in command.options for word in (option.words or (option.name,))]
        raise Refusal(refusal.unknown_word(rest[0], difflib.get_close_matches(rest[0].lower(), known)))
    if "topic" in raw:
        raise Refusal(refusal.said_twice("topic"))
    return {"topic": " ".join(rest)}


def topics_like(bank: Bank, typed: str) -> list[tuple[str, str]]:
    """Topics to offer while somebody types one: (id, name), at most 25, as Discord allows."""
    found = [(topic, shown.name) for topic, shown in bank.topics.items()]
    needle = _folded(typed)
    return [(topic, name) for topic, name in found if needle in _folded(name) or needle in _folded(topic)][:25]


# --- carrying out ------------------------------------------------------------------------------------------------


async def call(quiz: Quiz, caller: Caller, name: str, raw: Mapping[str, str]) -> Message:
    """Carry out a command with its options as text."""

    async def use(visit: Visit) -> Message:
        command = COMMANDS[name]
        if command.admin and not visit.admin:
            raise Refusal(refusal.admins_only())
        return await command.run(quiz, visit, read(command, quiz.bank(), raw))

    return await _answered(quiz, caller, f"/quiz {name}", use, refusal.failed)


async def call_words(quiz: Quiz, caller: Caller, text: str) -> Message:
    """Carry out a command given in words."""
    try:
        name, raw = parse(text)
    except Refusal as error:
        return Message((error.text,))
    return await call(quiz, caller, name, raw)


Press = Callable[[Quiz, Visit, tuple[str, ...]], Awaitable[Message | Form]]


async def _press_answer(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rounds.answer(quiz, visit, int(args[0]), args[1])


async def _press_open(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message | Form:
    return await rounds.answer_form(quiz, visit, int(args[0]))


async def _press_mine(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rounds.own_answer(quiz, visit, int(args[0]))


async def _press_board(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await boards.leaderboard(quiz, visit, Period(args[0]), int(args[1]))


BUTTONS: Mapping[str, tuple[re.Pattern[str], Press]] = {
    "answer": (re.compile(r"answer:(\d{1,15}):([A-E])"), _press_answer),
    "open": (re.compile(r"open:(\d{1,15})"), _press_open),
    "mine": (re.compile(r"mine:(\d{1,15})"), _press_mine),
    "board": (re.compile(rf"board:({'|'.join(Period)}):(\d{{1,6}})"), _press_board),
}
"""What a button's action does; an action of another form was not made by this bot."""

SUBMIT = re.compile(r"submit:(\d{1,15})")


async def press(quiz: Quiz, caller: Caller, action: str) -> Message | Form:
    """Carry out what a button asks for."""
    pattern, use_case = BUTTONS.get(action.partition(":")[0], (None, None))
    found = pattern.fullmatch(action) if pattern else None
    if found is None or use_case is None:
        return Message((refusal.forged(),))
    told = refusal.not_recorded if action.startswith("answer:") else refusal.failed
    return await _answered(quiz, caller, action, lambda visit: use_case(quiz, visit, found.groups()), told)


async def submit(quiz: Quiz, caller: Caller, action: str, text: str) -> Message:
    """Carry out what a form was filled in for."""
    found = SUBMIT.fullmatch(action)
    if found is None:
        return Message((refusal.forged(),))
    use = lambda visit: rounds.answer(quiz, visit, int(found[1]), text)  # noqa: E731
    return await _answered(quiz, caller, action, use, refusal.not_recorded)


async def unanswered(quiz: Quiz, caller: Caller) -> Message | None:
    """The question that waits for the caller's answer in their channel, shown once more."""
    return await rounds.unanswered(quiz, await enter(quiz, caller))


async def type_answer(quiz: Quiz, caller: Caller, text: str) -> Message:
    """Answer the round that is open in the channel, where members type instead of pressing buttons."""
    return await _answered(
        quiz, caller, "a typed answer", lambda visit: rounds.answer_here(quiz, visit, text), refusal.not_recorded
    )


Said = TypeVar("Said", Message, Message | Form)


async def _answered(
    quiz: Quiz, caller: Caller, what: str, use: Callable[[Visit], Awaitable[Said]], told: Callable[[str], Text]
) -> Said:
    """Whatever happens, the caller is told in a plain sentence; the log gets what is nobody's fault, with its ids."""
    try:
        return await use(await enter(quiz, caller))
    except Refusal as error:
        return Message((error.text,))
    except Unavailable as error:
        log.warning("%s in %s: %s", what, caller.address, error)
        return Message((told("the database"),))
    except Exception:
        log.exception("%s in %s failed", what, caller.address)
        return Message((refusal.unexpected(),))
