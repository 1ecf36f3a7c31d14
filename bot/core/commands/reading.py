"""Reading a call: options as text, typed words in any order, filled-in forms. Raises ``Refusal`` with what would do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from datetime import time

from bot.core import settings, typed
from bot.core.bank import Bank
from bot.core.commands.table import CODE, COMMANDS, MEMBER, SETUP, TOPIC, Command, Given, Option, Takes
from bot.core.messages import Refusal, refusal
from bot.core.model import Difficulty, Feedback, Kind, Period


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
    values = {name: _value(options[name], bank, text) for name, text in raw.items()}
    return Given(**values)  # type: ignore[arg-type]  # each value is of its option's type by _value


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
    known = {name: text for name, text in filled_in.items() if name in SETTINGS}
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


SETTINGS = frozenset(option.name for option in SETUP)
_LASTING: Mapping[str, frozenset[str]] = {"setup": SETTINGS, "stats": frozenset({MEMBER.name})}


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
