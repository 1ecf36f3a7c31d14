"""The one table of commands and buttons: name, options, who may, which use case.

Every platform builds its own from it.
"""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import time
from enum import Enum, auto
from typing import TypeVar

from bot.core import boards, links, practice, privacy, rounds, rulings, settings, statistics, typed
from bot.core import home as homes
from bot.core.bank import Bank
from bot.core.messages import Form, Message, Refusal, Text, _, refusal, speaking
from bot.core.messages import help as wording
from bot.core.messages.home import Home
from bot.core.model import Caller, Decision, Difficulty, Feedback, Kind, Period, Wish
from bot.core.ports import Quiz, Unavailable
from bot.core.teams import Visit, elsewhere, enter

log = logging.getLogger(__name__)


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
    return wording.overview((c.name, c.help) for c in COMMANDS.values() if visit.admin or not c.admin)


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


# --- reading a call ----------------------------------------------------------------------------------------------


def read(command: Command, bank: Bank, raw: Mapping[str, str]) -> Given:
    """The options of a call, checked. Raises ``Refusal``."""
    options = {option.name: option for option in command.options}
    for name in raw:
        if name not in options:
            raise Refusal(refusal.unknown_word(name, difflib.get_close_matches(name, options)))
    for option in command.options:
        if option.required and option.name not in raw:
            raise Refusal(refusal.missing(option.name, option.words))
    if command.name == "setup":
        return Given(changes=read_changes(bank, raw))
    return Given(**{name: _value(options[name], bank, text) for name, text in raw.items()})  # type: ignore[arg-type]


def _value(option: Option, bank: Bank, text: str) -> object:
    match option.takes:
        case Takes.TEXT if option is TOPIC:
            return typed.topic(bank, text)
        case Takes.MINUTES:
            return typed.minutes(text)
        case Takes.FLAG:
            return typed.folded(text) not in ("false", "no", "0")
        case Takes.WORD:
            word = typed.word(text, option.words)
            return {"difficulty": Difficulty, "kind": Kind, "period": Period}.get(option.name, str)(word)
        case _:
            return text


def read_changes(bank: Bank, raw: Mapping[str, str]) -> settings.Changes:
    """The settings that somebody typed; what was left empty is not changed. Raises ``Refusal``."""
    readers: Mapping[str, tuple[str, Callable[[str], object]]] = {
        "time": ("post", typed.wall_time),
        "timezone": ("timezone", typed.zone),
        "days": ("days", typed.days),
        "reveal": ("reveal", _reveal_time),
        "topics": ("topics", lambda text: typed.topics(bank, text)),
        "difficulty": ("difficulty", typed.difficulties),
        "feedback": ("feedback", lambda text: Feedback(typed.word(text, tuple(Feedback)))),
    }
    changed = {readers[name][0]: readers[name][1](text) for name, text in raw.items() if text.strip()}
    return settings.Changes(**changed)  # type: ignore[arg-type]  # each value is of its setting's type by its reader


def read_form(bank: Bank, filled_in: Mapping[str, str]) -> settings.Changes:
    """The settings of a form, in which empty fields mean something: no reveal time of its own, all topics."""
    empty = {"reveal": "none", "topics": "all", "difficulty": "all"}
    known = {name: text for name, text in filled_in.items() if name in _SETTINGS}
    return read_changes(bank, {name: text.strip() or empty.get(name, "") for name, text in known.items()})


def _reveal_time(text: str) -> time | settings.NoReveal:
    return settings.NO_REVEAL if typed.folded(text) == "none" else typed.wall_time(text)


def parse(text: str) -> tuple[str, dict[str, str]]:
    """A command and its options from words in any order, for platforms without typed options. Raises ``Refusal``.

    ``ask architectures hard 10m``, ``ask topic=cnn minutes=10``, ``leaderboard month public``.
    """
    name, *words = _split(text) or ["help"]
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


def _split(text: str) -> list[str]:
    """Words; a setting or a name lasts until the next equals sign: ``timezone=New York days=mon, wed``."""
    parts = re.split(r"(?:^|\s)(\w+=)", text)
    words = parts[0].split()
    lasting = _LASTING.get(words[0].lower(), frozenset()) if words else frozenset()
    for key, value in zip(parts[1::2], parts[2::2], strict=True):
        words += [key + value.strip()] if key[:-1].lower() in lasting else _first_word(key, value)
    return words


_SETTINGS = frozenset(option.name for option in SETUP)
_LASTING: Mapping[str, frozenset[str]] = {"setup": _SETTINGS, "stats": frozenset({MEMBER.name})}


def _first_word(key: str, value: str) -> list[str]:
    first, *others = value.split() or [""]
    return [key + first, *others]


def _recognised(command: Command, word: str) -> tuple[str | None, str]:
    """The option that a single word belongs to, and its value."""
    key, equals, value = word.partition("=")
    if equals and any(option.name == key.lower() for option in command.options):
        return key.lower(), value
    mention = re.fullmatch(r"<@(\w+)(?:\|[^>]*)?>", word)
    for option in command.options:
        if option.takes is Takes.WORD and typed.folded(word) in option.words:
            return option.name, word
        if option.takes is Takes.FLAG and word.lower() == option.name:
            return option.name, "true"
        if option.takes is Takes.MINUTES and re.fullmatch(r"-?\d+(m|min)?", word.lower()):
            return option.name, word
        if option.takes is Takes.MEMBER and mention:
            return option.name, mention[1]
    return None, word


def _left_over(command: Command, rest: list[str], raw: Mapping[str, str]) -> dict[str, str]:
    """Words that no fixed word explains: a topic or a member, whose name may have several words, or a code."""
    free = next((option for option in command.options if option in (TOPIC, MEMBER, CODE)), None)
    if not rest:
        return {}
    if free is None:
        known = [word for option in command.options for word in (option.words or (option.name,))]
        raise Refusal(refusal.unknown_word(rest[0], difflib.get_close_matches(rest[0].lower(), known)))
    if free.name in raw:
        raise Refusal(refusal.said_twice(free.name))
    return {free.name: " ".join(rest)}


# --- carrying out ------------------------------------------------------------------------------------------------


def speaking_to(quiz: Quiz, caller: Caller) -> AbstractContextManager[None]:
    """Say everything inside in the caller's language."""
    return speaking(quiz.languages.get(caller.language))


async def call(quiz: Quiz, caller: Caller, name: str, raw: Mapping[str, str]) -> Said:
    """Carry out a command with its options as text."""

    async def use(visit: Visit) -> Said:
        command = COMMANDS[name]
        _allow(visit, command.admin)
        given = {option: typed.cleaned(text) for option, text in raw.items()}
        return await command.run(quiz, visit, read(command, quiz.bank(), given))

    return await _answered(quiz, caller, f"/quiz {name}", use, refusal.failed)


def _allow(visit: Visit, admin: bool) -> None:
    """The one check of who may do what that depends on the caller alone."""
    if admin and not visit.admin:
        raise Refusal(refusal.admins_only())


async def call_words(quiz: Quiz, caller: Caller, text: str) -> Said:
    """Carry out a command given in words."""
    try:
        with speaking_to(quiz, caller):
            name, raw = parse(text)
    except Refusal as error:
        return Message((error.text,))
    return await call(quiz, caller, name, raw)


Press = Callable[[Quiz, Visit, tuple[str, ...]], Awaitable[Said]]


@dataclass(frozen=True, slots=True)
class Action:
    """What a button or a form does: ``pattern`` is the form of its id, ``told`` what is said if the store fails."""

    pattern: re.Pattern[str]
    press: Press
    told: Callable[[str], Text] = refusal.failed
    admin: bool = False


async def _press_answer(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rounds.answer(quiz, visit, int(args[0]), args[1], Kind.CHOICE)


async def _press_open(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Said:
    return await rounds.answer_form(quiz, visit, int(args[0]))


async def _press_mine(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rounds.own_answer(quiz, visit, int(args[0]))


async def _press_board(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await boards.leaderboard(quiz, visit, Period(args[0]), int(args[1]))


async def _press_try(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await practice.answer(quiz, visit, int(args[0]), args[1])


async def _press_tryopen(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Said:
    return await practice.answer_form(quiz, visit, int(args[0]))


async def _press_again(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await practice.another(quiz, visit, int(args[0]))


async def _press_erase(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await privacy.erase(quiz, visit, int(args[0]))


async def _press_appeal(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rulings.appeal(quiz, visit, int(args[0]))


async def _press_accept(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rulings.decide(quiz, visit, int(args[0]), Decision.ACCEPT)


async def _press_part(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rulings.decide(quiz, visit, int(args[0]), Decision.PART)


async def _press_keep(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Said:
    return await rulings.keep_form(quiz, visit, int(args[0]))


async def _press_report(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Said:
    return await rulings.report_form(quiz, visit, int(args[0]))


async def _press_use(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Message:
    return await rulings.settle_report(quiz, visit, args[1], use_again=args[0] == "again")


async def _press_setup(quiz: Quiz, visit: Visit, args: tuple[str, ...]) -> Said:
    form = settings.form(quiz, await elsewhere(quiz, visit, args[0]))
    return replace(form, action=f"setup:{args[0]}")


ID = r"(\d{1,15})"

CHANNEL = r"(\w{1,30})"

BUTTONS: Mapping[str, Action] = {
    "answer": Action(re.compile(rf"answer:{ID}:([A-E])"), _press_answer, refusal.not_recorded),
    "open": Action(re.compile(rf"open:{ID}"), _press_open),
    "mine": Action(re.compile(rf"mine:{ID}"), _press_mine),
    "board": Action(re.compile(rf"board:({'|'.join(Period)}):(\d{{1,6}})"), _press_board),
    "try": Action(re.compile(rf"try:{ID}:([A-E])"), _press_try),
    "tryopen": Action(re.compile(rf"tryopen:{ID}"), _press_tryopen),
    "again": Action(re.compile(rf"again:{ID}"), _press_again),
    "erase": Action(re.compile(rf"erase:{ID}"), _press_erase),
    "appeal": Action(re.compile(rf"appeal:{ID}"), _press_appeal),
    "accept": Action(re.compile(rf"accept:{ID}"), _press_accept, admin=True),
    "part": Action(re.compile(rf"part:{ID}"), _press_part, admin=True),
    "keep": Action(re.compile(rf"keep:{ID}"), _press_keep, admin=True),
    "report": Action(re.compile(rf"report:{ID}"), _press_report),
    "setup": Action(re.compile(rf"setup:{CHANNEL}"), _press_setup, admin=True),
    "use": Action(re.compile(r"use:(again|never):([a-z0-9-]{1,80})"), _press_use, admin=True),
}
"""What a button's action does; an action of another form was not made by this bot."""


async def press(quiz: Quiz, caller: Caller, action: str) -> Said:
    """Carry out what a button asks for."""
    found = _found(BUTTONS, action)
    if found is None:
        return _forged(quiz, caller)
    its, args = found

    async def use(visit: Visit) -> Said:
        _allow(visit, its.admin)
        return await its.press(quiz, visit, args)

    return await _answered(quiz, caller, action, use, its.told)


def _forged(quiz: Quiz, caller: Caller) -> Message:
    with speaking_to(quiz, caller):
        return Message((refusal.forged(),))


def _found(table: Mapping[str, Its], action: str) -> tuple[Its, tuple[str, ...]] | None:
    its = table.get(action.partition(":")[0])
    match = its.pattern.fullmatch(action) if its else None
    return (its, match.groups()) if its and match else None


Values = Mapping[str, str]
"""What was filled into a form, by field; several choices stand with commas between them."""

Submit = Callable[[Quiz, Visit, tuple[str, ...], Values], Awaitable[Message]]
Check = Callable[[Bank, Values], Mapping[str, Text]]


def _nothing_wrong(bank: Bank, values: Values) -> Mapping[str, Text]:
    return {}


@dataclass(frozen=True, slots=True)
class Submission:
    """What becomes of a filled-in form; ``check`` says what is wrong with single fields."""

    pattern: re.Pattern[str]
    submit: Submit
    told: Callable[[str], Text] = refusal.failed
    admin: bool = False
    check: Check = _nothing_wrong


Its = TypeVar("Its", Action, Submission)


async def _submit_answer(quiz: Quiz, visit: Visit, args: tuple[str, ...], values: Values) -> Message:
    return await rounds.answer(quiz, visit, int(args[0]), values.get("answer", ""), Kind.SHORT)


async def _submit_try(quiz: Quiz, visit: Visit, args: tuple[str, ...], values: Values) -> Message:
    return await practice.answer(quiz, visit, int(args[0]), values.get("answer", ""))


async def _submit_keep(quiz: Quiz, visit: Visit, args: tuple[str, ...], values: Values) -> Message:
    return await rulings.decide(quiz, visit, int(args[0]), Decision.KEEP, values.get("why", ""))


async def _submit_report(quiz: Quiz, visit: Visit, args: tuple[str, ...], values: Values) -> Message:
    return await rulings.report(quiz, visit, int(args[0]), values.get("reason", ""))


async def _submit_setup(quiz: Quiz, visit: Visit, args: tuple[str, ...], values: Values) -> Message:
    wrong = _check_setup(quiz.bank(), values)
    if wrong:
        return Message(tuple(wrong.values()))
    there = await elsewhere(quiz, visit, args[0]) if args[0] else visit
    return await settings.setup(quiz, there, read_form(quiz.bank(), values))


def _check_setup(bank: Bank, values: Values) -> Mapping[str, Text]:
    wrong: dict[str, Text] = {}
    for name in (name for name in values if name in _SETTINGS):
        try:
            read_form(bank, {name: values[name]})
        except Refusal as error:
            wrong[name] = error.text
    return wrong


FORMS: Mapping[str, Submission] = {
    "submit": Submission(re.compile(rf"submit:{ID}"), _submit_answer, refusal.not_recorded),
    "trysubmit": Submission(re.compile(rf"trysubmit:{ID}"), _submit_try),
    "keepsubmit": Submission(re.compile(rf"keepsubmit:{ID}"), _submit_keep, admin=True),
    "reportsubmit": Submission(re.compile(rf"reportsubmit:{ID}"), _submit_report),
    "setup": Submission(re.compile(rf"setup(?::{CHANNEL})?"), _submit_setup, admin=True, check=_check_setup),
}


def check_form(quiz: Quiz, caller: Caller, action: str, values: Values) -> Mapping[str, Text]:
    """What is wrong with a filled-in form, by field, for platforms that show it there."""
    found = _found(FORMS, action)
    with speaking_to(quiz, caller):
        return found[0].check(quiz.bank(), values) if found else {}


async def submit(quiz: Quiz, caller: Caller, action: str, values: Values) -> Message:
    """Carry out what a form was filled in for."""
    found = _found(FORMS, action)
    if found is None:
        return _forged(quiz, caller)
    its, args = found

    async def use(visit: Visit) -> Message:
        _allow(visit, its.admin)
        return await its.submit(quiz, visit, args, {field: typed.cleaned(text) for field, text in values.items()})

    return await _answered(quiz, caller, action, use, its.told)


async def home(quiz: Quiz, caller: Caller) -> Home | Message:
    """The caller's own page, on platforms that have one; or why it cannot be shown."""

    async def use(visit: Visit) -> Home | Message:
        return await homes.of(quiz, visit)

    return await _answered(quiz, caller, "the home page", use, refusal.failed)


async def still_open(quiz: Quiz, caller: Caller) -> Message | None:
    """The question that is open in the caller's channel, shown once more."""
    return await rounds.still_open(quiz, await enter(quiz, caller))


async def type_answer(quiz: Quiz, caller: Caller, text: str) -> Message:
    """Answer the round that is open in the channel, where members type instead of pressing buttons."""
    return await _answered(
        quiz, caller, "a typed answer", lambda visit: rounds.answer_here(quiz, visit, text), refusal.not_recorded
    )


Told = TypeVar("Told", Message, Message | Form, Message | Home)


async def _answered(
    quiz: Quiz, caller: Caller, what: str, use: Callable[[Visit], Awaitable[Told]], told: Callable[[str], Text]
) -> Told:
    """Whatever happens, the caller is told in a plain sentence; the log gets what is nobody's fault, with its ids."""
    with speaking_to(quiz, caller):
        try:
            return await use(await enter(quiz, caller))
        except Refusal as error:
            return Message((error.text,))
        except Unavailable as error:
            log.warning("%s in %s: %s", what, caller.address, error)
            return Message((told(_("the database")),))
        except Exception:
            log.exception("%s in %s failed", what, caller.address)
            return Message((refusal.unexpected(),))
