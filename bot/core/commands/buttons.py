"""What buttons do, and what becomes of filled-in forms: the form of each id, and the use case behind it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.core import boards, practice, privacy, rounds, rulings, settings
from bot.core.bank import Bank
from bot.core.commands.reading import SETTINGS, read_form
from bot.core.commands.table import Said
from bot.core.messages import Message, Refusal, Text, refusal
from bot.core.model import Decision, Kind, Period
from bot.core.ports import Quiz
from bot.core.teams import Visit, elsewhere

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


ID = r"([0-9]{1,15})"

ROUND = r"(?P<round>[0-9]{1,15})"

CHANNEL = r"([A-Za-z0-9]{1,30})"

BUTTONS: Mapping[str, Action] = {
    "answer": Action(re.compile(rf"answer:{ROUND}:([A-E])"), _press_answer, refusal.not_recorded),
    "open": Action(re.compile(rf"open:{ROUND}"), _press_open),
    "mine": Action(re.compile(rf"mine:{ROUND}"), _press_mine),
    "board": Action(re.compile(rf"board:({'|'.join(Period)}):([0-9]{{1,6}})"), _press_board),
    "try": Action(re.compile(rf"try:{ID}:([A-E])"), _press_try),
    "tryopen": Action(re.compile(rf"tryopen:{ID}"), _press_tryopen),
    "again": Action(re.compile(rf"again:{ID}"), _press_again),
    "erase": Action(re.compile(rf"erase:{ID}"), _press_erase),
    "appeal": Action(re.compile(rf"appeal:{ROUND}"), _press_appeal),
    "accept": Action(re.compile(rf"accept:{ID}"), _press_accept, admin=True),
    "part": Action(re.compile(rf"part:{ID}"), _press_part, admin=True),
    "keep": Action(re.compile(rf"keep:{ID}"), _press_keep, admin=True),
    "report": Action(re.compile(rf"report:{ROUND}"), _press_report),
    "setup": Action(re.compile(rf"setup:{CHANNEL}"), _press_setup, admin=True),
    "use": Action(re.compile(r"use:(again|never):([a-z0-9-]{1,80})"), _press_use, admin=True),
}
"""What a button's action does; an action of another form was not made by this bot."""


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
    for name in (name for name in values if name in SETTINGS):
        try:
            read_form(bank, {name: values[name]})
        except Refusal as error:
            wrong[name] = error.text
    return wrong


FORMS: Mapping[str, Submission] = {
    "submit": Submission(re.compile(rf"submit:{ROUND}"), _submit_answer, refusal.not_recorded),
    "trysubmit": Submission(re.compile(rf"trysubmit:{ID}"), _submit_try),
    "keepsubmit": Submission(re.compile(rf"keepsubmit:{ID}"), _submit_keep, admin=True),
    "reportsubmit": Submission(re.compile(rf"reportsubmit:{ROUND}"), _submit_report),
    "setup": Submission(re.compile(rf"setup(?::{CHANNEL})?"), _submit_setup, admin=True, check=_check_setup),
}


def found(table: Mapping[str, Its], action: str) -> tuple[Its, tuple[str, ...]] | None:
    its = table.get(action.partition(":")[0])
    match = its.pattern.fullmatch(action) if its else None
    return (its, match.groups()) if its and match else None


def named(action: str) -> tuple[str, dict[str, object]]:
    """What the log may tell of an action: its name, and the round that it is about; never what was chosen."""
    name = action.partition(":")[0]
    its = BUTTONS.get(name) or FORMS.get(name)
    match = its.pattern.fullmatch(action) if its else None
    return name, {key: int(number) for key, number in match.groupdict().items()} if match else {}
