"""The command line: what the words ask for, and the exit code. ``run.py`` puts the parts together."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import bot
from bot.garbage import spared

with spared():
    from bot import config, doctor, judges, run
    from bot.adapters import words, yaml
    from bot.adapters.sql import backup
    from bot.batch import grade_lines
    from bot.config import Config, ConfigError
    from bot.core.bank import Bank
    from bot.core.grading import Unreadable, grade
    from bot.core.judging import judged
    from bot.core.ports import Finding, Judge, Unavailable

DONE, FAULTS, USAGE = 0, 1, 2

SCHEMA = Path(__file__).with_name("question-file.schema.json")


class Usage(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message} ({self.prog} --help explains)\n")


def parser() -> argparse.ArgumentParser:
    """Every command with its options; those that all commands share may stand before or after its name."""
    shared = Usage(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--database", metavar="URL", help="sqlite:///FILE or postgresql://USER@HOST/NAME")
    shared.add_argument("--questions", metavar="DIR", help="the folder of the bank")
    shared.add_argument("--config", metavar="FILE", type=Path, help="instead of quizbot.yaml")
    top = Usage(prog="quizbot", description="A quiz bot for teams on Discord and Slack.", parents=[shared])
    top.add_argument("--version", action="version", version=f"quizbot {bot.__version__}")
    words = top.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Usage)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return words.add_parser(name, help=text, description=text, parents=[shared])

    play = command("play", "play in this terminal, without any account")
    play.add_argument("--as", dest="member", metavar="NAME", help="play under this name")
    command("run", "the bot, on every platform whose tokens are set")
    checked = command("check", "find every fault of a bank")
    checked.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="files or folders; the bank in use if none"
    )
    checked.add_argument("--strict", action="store_true", help="warn of what a good question avoids, too")
    checked.add_argument("--schema", action="store_true", help="print the JSON Schema of question files, for editors")
    graded = command("grade", "grade one answer, or a batch from standard input")
    graded.add_argument("question", nargs="?", metavar="QUESTION", help="the id of a question")
    graded.add_argument("answer", nargs="?", metavar="ANSWER")
    graded.add_argument("--json", action="store_true", help="print JSON")
    graded.add_argument("--batch", action="store_true", help='JSON lines {"question": id, "answer": text}')
    rulings = command("rulings", "what teams accepted beside what the bank does")
    rulings.add_argument("action", choices=["export"], help="print it as YAML, to add to the bank's accept lists")
    database = command("db", "the database: upgrade its schema, check it, copy it, bring a copy back, move it")
    database.add_argument("action", choices=_DB, help="; ".join(f"{name}: {text}" for name, (text, *_) in _DB.items()))
    database.add_argument("of", nargs="*", metavar="FILE", help="the copy, for backup and restore; two URLs for copy")
    database.add_argument("--repair", action="store_true", help="check: count anew what differs from the answer log")
    command("doctor", "find what is wrong with configuration, database, bank, tokens and channels")
    return top


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Do what the command line asks for and exit with its code."""
    asked = parser().parse_args(argv)
    try:
        code = _COMMANDS[asked.command](asked)
    except (*MENDABLE, ExceptionGroup) as error:
        for line in _mendable(error):
            print(f"quizbot: {line}", file=sys.stderr)
        code = USAGE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads on; nothing is left to flush
        code = FAULTS
    except KeyboardInterrupt:
        code = DONE
    sys.exit(code)


MENDABLE = (ConfigError, yaml.Faulty, Unavailable, backup.CannotCopy)
"""What the user can mend: told in a line each, without a traceback."""


def _mendable(error: Exception) -> list[str]:
    """The lines to tell; what goes wrong beside something else comes in a group."""
    if not isinstance(error, ExceptionGroup):
        return _harmless(str(error)).splitlines()
    if error.split(MENDABLE)[1] is not None:
        raise error
    return [line for one in error.exceptions for line in _mendable(one)]


def _harmless(text: str) -> str:
    """Without control characters, with which what was typed could steer the terminal."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)


def _config(asked: argparse.Namespace, *, read_file: bool = True) -> Config:
    options = {"DATABASE_URL": "database", "QUESTIONS_DIR": "questions"}
    given = {variable: getattr(asked, name, "") for variable, name in options.items()}
    return config.load(given, getattr(asked, "config", None), read_file=read_file)


def _bank(settings: Config) -> yaml.BankFolder:
    try:
        return yaml.BankFolder(settings.questions, words.english())
    except FileNotFoundError as error:
        raise ConfigError(f"QUESTIONS_DIR: there is no folder {error}") from error


def _play(asked: argparse.Namespace) -> int:
    settings = _config(asked)
    asyncio.run(run.play(settings, _bank(settings), asked.member or _login()))
    return DONE


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"


def _run(asked: argparse.Namespace) -> int:
    settings = _config(asked)
    bank = _bank(settings)
    faults = config.unknown_topics(settings, bank().topics)
    if faults:
        raise ConfigError("\n".join(map(str, faults)))
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(run.serve(settings, bank))
    return DONE


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop, where ``quizbot[fast]`` is installed; else None, which stands for asyncio's own."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def _check(asked: argparse.Namespace) -> int:
    from bot.core import check  # which nothing else takes

    settings = _config(asked)
    if asked.schema:
        print(SCHEMA.read_text(encoding="utf-8"), end="")
        return DONE
    paths = asked.paths or settings.questions
    try:
        loaded = yaml.load(paths)
    except FileNotFoundError as error:
        raise ConfigError(f"there is no file or folder {error}") from error
    contents = check.Contents(loaded.questions, loaded.listed_topics, loaded.listed_documents, words.english())
    faults = [*loaded.faults, *check.errors(contents)]
    if not loaded.questions and not faults:
        raise ConfigError("there is no question file (*.yaml) in " + ", ".join(map(str, paths)))
    if asked.strict:
        faults += check.warnings(contents)
    for fault in sorted(faults, key=lambda fault: (fault.file, fault.line)):
        print(fault)
    if not faults:
        print("\n".join(check.counts([placed.question for placed in loaded.questions])))
    return FAULTS if faults else DONE


def _grade(asked: argparse.Namespace) -> int:
    return asyncio.run(_graded(asked, _config(asked)))


async def _graded(asked: argparse.Namespace, settings: Config) -> int:
    bank = _bank(settings)()
    if asked.batch and sys.stdin is None:
        raise ConfigError("grade --batch reads standard input, which is closed")
    async with judges.configured(settings) as judge:
        if asked.batch:
            return DONE if await grade_lines(sys.stdin.buffer, sys.stdout, bank, judge) else FAULTS
        return await _graded_one(asked, bank, judge)


async def _graded_one(asked: argparse.Namespace, bank: Bank, judge: Judge | None) -> int:
    if asked.question is None or asked.answer is None:
        raise ConfigError("grade takes a QUESTION and an ANSWER, or --batch")
    question = bank.questions.get(asked.question)
    if question is None:
        raise ConfigError(f'the bank has no question "{asked.question}"')
    try:
        result = grade(question, asked.answer, bank.vocabulary)
    except Unreadable as error:
        raise ConfigError(str(error)) from error
    result = await judged(judge, question, asked.answer, result)
    told = {"question": question.id, "correct": result.correct, "score": result.score, "reason": result.reason}
    print(json.dumps(told, ensure_ascii=False) if asked.json else f"score {result.score:g}\n{result.reason}")
    return DONE


def _doctor(asked: argparse.Namespace) -> int:
    well = True
    try:
        settings = _config(asked)
    except ConfigError as error:
        for line in str(error).splitlines():
            print(doctor.line(Finding(False, "configuration", line)))
        settings, well = _config(asked, read_file=False), False
    return DONE if asyncio.run(_examined(settings)) and well else FAULTS


async def _examined(settings: Config) -> bool:
    well = True
    async for finding in doctor.examine(settings):
        print(doctor.line(finding), flush=True)
        well = well and finding.well
    return well


def _rulings(asked: argparse.Namespace) -> int:
    print(yaml.accepted(asyncio.run(run.accepted_wordings(_config(asked)))), end="")
    return DONE


def _db(asked: argparse.Namespace) -> int:
    _, takes, act = _DB[asked.action]
    if len(asked.of) != len(takes.split()):
        wanted = {"": "no FILE", "FILE": "a FILE"}.get(takes, takes.replace(" ", " and "))
        raise ConfigError(f"db {asked.action} takes {wanted}")
    if asked.repair and asked.action != "check":
        raise ConfigError("--repair belongs to db check")
    return act(asked, *asked.of)


def _upgrade(asked: argparse.Namespace) -> int:
    asyncio.run(run.upgrade(_config(asked)))
    return DONE


def _db_check(asked: argparse.Namespace) -> int:
    return DONE if asyncio.run(run.check(_config(asked), print, repair=asked.repair)) else FAULTS


def _backup(asked: argparse.Namespace, file: str) -> int:
    backup.backup(_config(asked)["DATABASE_URL"], Path(file))
    return DONE


def _restore(asked: argparse.Namespace, file: str) -> int:
    backup.restore(_config(asked)["DATABASE_URL"], Path(file))
    return _db_check(asked)


def _roll_up(asked: argparse.Namespace) -> int:
    print(f"{asyncio.run(run.roll_up(_config(asked)))} answers rolled up")
    return DONE


def _copy(_: argparse.Namespace, source: str, target: str) -> int:
    lines, well = asyncio.run(run.copy(source, target))
    print("\n".join(lines))
    return DONE if well else FAULTS


_DB: dict[str, tuple[str, str, Callable[..., int]]] = {
    "upgrade": ("bring its schema up to date, as every start does", "", _upgrade),
    "check": ("find what is broken in it, or differs from what the answer log comes to", "", _db_check),
    "backup": ("write a consistent copy into FILE, while the bot runs", "FILE", _backup),
    "restore": ("bring a copy back, while no bot runs, and check it", "FILE", _restore),
    "copy": ("move everything to another, empty database, while no bot runs", "FROM TO", _copy),
    "roll-up": ("drop answers older than RETENTION and keep what they earned, as a running bot does", "", _roll_up),
}
"""What can be done with the database: in words, what it takes, and how."""


_COMMANDS = {
    "play": _play,
    "run": _run,
    "check": _check,
    "grade": _grade,
    "doctor": _doctor,
    "rulings": _rulings,
    "db": _db,
}

if __name__ == "__main__":
    main()
