"""Carrying out what members ask for: commands, buttons and forms, from the tables beside this module."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from typing import TypeVar

from bot.core import home as homes
from bot.core import rounds, typed
from bot.core.commands.buttons import BUTTONS, FORMS, Values, found, named
from bot.core.commands.reading import parse, read
from bot.core.commands.table import COMMANDS, SETUP, Command, Option, Said, Takes
from bot.core.messages import Form, Message, Refusal, Text, _, refusal, speaking
from bot.core.messages.home import Home
from bot.core.meter import Failure, Promise, broken
from bot.core.model import Caller
from bot.core.ports import Quiz, Unavailable
from bot.core.teams import Visit, enter

__all__ = [
    "BUTTONS", "COMMANDS", "FORMS", "SETUP", "Command", "Option", "Takes", "call", "call_words", "check_form", "home",
    "parse", "press", "read", "speaking_to", "still_open", "submit", "turned_away",
    "type_answer",
]  # fmt: skip

log = logging.getLogger(__name__)


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


async def press(quiz: Quiz, caller: Caller, action: str) -> Said:
    """Carry out what a button asks for."""
    match = found(BUTTONS, action)
    if match is None:
        return _forged(quiz, caller)
    its, args = match

    async def use(visit: Visit) -> Said:
        _allow(visit, its.admin)
        return await its.press(quiz, visit, args)

    return await _answered(quiz, caller, action, use, its.told)


def _forged(quiz: Quiz, caller: Caller) -> Message:
    with speaking_to(quiz, caller):
        return Message((refusal.forged(),))


def check_form(quiz: Quiz, caller: Caller, action: str, values: Values) -> Mapping[str, Text]:
    """What is wrong with a filled-in form, by field, for platforms that show it there."""
    match = found(FORMS, action)
    with speaking_to(quiz, caller):
        return match[0].check(quiz.bank(), values) if match else {}


async def submit(quiz: Quiz, caller: Caller, action: str, values: Values) -> Message:
    """Carry out what a form was filled in for."""
    match = found(FORMS, action)
    if match is None:
        return _forged(quiz, caller)
    its, args = match

    async def use(visit: Visit) -> Message:
        _allow(visit, its.admin)
        return await its.submit(quiz, visit, args, {field: typed.cleaned(text) for field, text in values.items()})

    return await _answered(quiz, caller, action, use, its.told)


def turned_away(quiz: Quiz, action: str = "") -> Message:
    """What is said, in place of carrying out a command or what a button or form asks for, where too many are served."""
    quiz.meter.failed(Failure.CROWDED)
    button, form = found(BUTTONS, action), found(FORMS, action)
    if any(match and match[0].told is refusal.not_recorded for match in (button, form)):
        quiz.meter.broke(Promise.ANSWER_NOT_RECORDED)
        return Message((refusal.crowded_out(),))
    return Message((refusal.crowded(),))


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
    answer = told is refusal.not_recorded
    with speaking_to(quiz, caller):
        try:
            return await use(await enter(quiz, caller, lately=answer))
        except Refusal as error:
            return Message((error.text,))
        except Unavailable as error:
            _unavailable(quiz, caller, what, error, answer=answer)
            return Message((told(_("the database")),))
        except Exception:
            name, ids = named(what)
            quiz.meter.failed(Failure.UNEXPECTED)
            log.exception("%s failed", name, extra={**caller.ids, **ids})
            return Message((refusal.unexpected(),))


def _unavailable(quiz: Quiz, caller: Caller, what: str, error: Unavailable, *, answer: bool) -> None:
    quiz.meter.failed(Failure.DATABASE)
    name, ids = named(what)
    about = {**caller.ids, **ids}
    if answer:
        broken(quiz.meter, Promise.ANSWER_NOT_RECORDED, about, "an answer is not recorded: %s", error)
    else:
        log.warning("%s: %s", name, error, extra=about)
