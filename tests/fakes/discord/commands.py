"""Application commands: the rules by which Discord accepts them, and the options a member fills in."""

from __future__ import annotations

import re
from typing import Any

from .rules import Form
from .world import Json, Permission, User

NAME = re.compile(r"^[-_a-z0-9]{1,32}$")
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
CHAT_INPUT = 1
NESTED = {SUBCOMMAND, GROUP}


class NotOffered(AssertionError):
    """What the test asks for is not something that Discord's user interface would let this member do."""


def check_commands(commands: list[Json]) -> None:
    """Refuse a registration that breaks a rule of "Application Commands"."""
    form = Form()
    for index, command in enumerate(commands):
        _check_command(form, str(index), command)
    form.unique("name", [(c.get("type") or CHAT_INPUT, c.get("name")) for c in commands], "DUPLICATED_NAME")
    form.refuse()


def _check_command(form: Form, path: str, command: Json) -> None:
    """A slash command, or one of a context menu, whose name is free and whose description is empty."""
    if (command.get("type") or CHAT_INPUT) != CHAT_INPUT:
        form.length(f"{path}.name", command.get("name"), 32, 1)
        return
    _check_named(form, path, command)
    _check_options(form, f"{path}.options", command.get("options"))
    if _size(command) > 8000:
        form.fault(path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _check_named(form: Form, path: str, thing: Json) -> None:
    """Commands and options are named by lower-case words and described in 1 to 100 characters."""
    if not NAME.match(str(thing.get("name", ""))):
        form.fault(f"{path}.name", "APPLICATION_COMMAND_INVALID_NAME", f"Command name is invalid: {thing.get('name')}")
    form.length(f"{path}.description", thing.get("description"), 100, 1)


def _check_options(form: Form, path: str, options: Any) -> None:
    """At most 25 options, each name once, the required ones first."""
    listed = form.count(path, options, 25)
    form.unique(path, [option.get("name") for option in listed], "APPLICATION_COMMAND_OPTIONS_NAME_INVALID")
    if [o for o in listed if o.get("type") in NESTED] not in ([], listed):
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands and options cannot be mixed")
    required = [bool(option.get("required")) for option in listed]
    if required != sorted(required, reverse=True):
        form.fault(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must come first")
    for index, option in enumerate(listed):
        _check_named(form, f"{path}.{index}", option)
        if option.get("type") in NESTED:
            _check_options(form, f"{path}.{index}.options", option.get("options"))
        else:
            _check_option(form, f"{path}.{index}", option)


def _check_option(form: Form, path: str, option: Json) -> None:
    """An option of a known type has up to 25 choices, or is completed while typing."""
    form.number(f"{path}.type", option.get("type", 0), STRING, NUMBER)
    check_choices(form, f"{path}.choices", option.get("choices"))
    if option.get("autocomplete") and option.get("choices"):
        form.fault(path, "APPLICATION_COMMAND_AUTOCOMPLETE_WITH_CHOICES", "choices exclude autocomplete")


def check_choices(form: Form, path: str, choices: Any) -> None:
    """At most 25 choices with names, and values if they are strings, of 1 to 100 characters."""
    for index, choice in enumerate(form.count(path, choices, 25)):
        form.length(f"{path}.{index}.name", choice.get("name"), 100, 1)
        if not isinstance(choice.get("value"), int | float):
            form.length(f"{path}.{index}.value", choice.get("value"), 100, 1)


def _size(thing: Json) -> int:
    """The characters of a command's names, descriptions and values, which count towards its limit of 8000."""
    own = len(str(thing.get("name", ""))) + len(str(thing.get("description", "")))
    values = sum(len(str(c.get("name", ""))) + len(str(c.get("value", ""))) for c in thing.get("choices") or [])
    return own + values + sum(_size(option) for option in thing.get("options") or [])


def find_command(commands: list[Json], words: list[str]) -> tuple[Json, list[Json]]:
    """The registered command that `words` name, and the (sub)commands from it down to the one that is run.

    The words may leave out the top command: "ask" finds `/quiz ask` where only one command has a subcommand "ask".
    """
    slash = [c for c in commands if (c.get("type") or CHAT_INPUT) == CHAT_INPUT]
    found = [(c, path) for c in slash if (path := _descend(c, words[1:])) and c["name"] == words[0]]
    found = found or [(c, path) for c in slash if (path := _descend(c, words))]
    if len(found) != 1:
        names = sorted(" ".join(path) for c in slash for path in _runnable(c))
        raise NotOffered(f"/{' '.join(words)} is {'ambiguous' if found else 'no command'}; registered: {names}")
    return found[0]


def _descend(command: Json, words: list[str]) -> list[Json]:
    """The commands from `command` down along `words`, or nothing where they do not end at one that can be run."""
    path = [command]
    for word in words:
        step = next((o for o in path[-1].get("options") or [] if o["type"] in NESTED and o["name"] == word), None)
        if step is None:
            return []
        path.append(step)
    return [] if any(o["type"] in NESTED for o in path[-1].get("options") or []) else path


def _runnable(command: Json) -> list[list[str]]:
    """The names of everything that can be run under `command`."""
    nested = [option for option in command.get("options") or [] if option["type"] in NESTED]
    return [[command["name"], *rest] for option in nested for rest in _runnable(option)] or [[command["name"]]]


GUILD_CONTEXT, BOT_DM_CONTEXT = 0, 1


def check_offered(command: Json, permissions: Permission | None) -> None:
    """Discord shows a command in its `contexts`, and only to members who have its `default_member_permissions`.

    `permissions` is None in direct messages.
    """
    context = BOT_DM_CONTEXT if permissions is None else GUILD_CONTEXT
    if context not in (command.get("contexts") or (GUILD_CONTEXT, BOT_DM_CONTEXT)):
        raise NotOffered(f"/{command['name']} is not shown in context {context}")
    needed = command.get("default_member_permissions")
    if needed is not None and permissions is not None and int(needed) & ~permissions:
        raise NotOffered(f"/{command['name']} is shown only to members with permissions {needed}")


def fill_options(path: list[Json], values: dict[str, Any], *, focused: str | None = None) -> tuple[list[Json], Json]:
    """The options of an interaction for the command at the end of `path`, and its resolved users.

    While one is typing (`focused`), required options may be missing and the focused value is any text.
    """
    known = {option["name"]: option for option in path[-1].get("options") or []}
    if unknown := values.keys() - known.keys():
        raise NotOffered(f"/{path[-1]['name']} has no option {sorted(unknown)}; it has {sorted(known)}")
    missing = [name for name, option in known.items() if option.get("required") and name not in values]
    if missing and focused is None:
        raise NotOffered(f"/{path[-1]['name']} needs {missing}")
    options = [_fill(known[name], value, name == focused) for name, value in values.items() if value is not None]
    for step in reversed(path[1:]):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options, _resolved(values)


def _fill(option: Json, value: Any, focused: bool) -> Json:
    """One option as an interaction carries it."""
    filled: Json = {"name": option["name"], "type": option["type"]}
    if focused:
        if not option.get("autocomplete"):
            raise NotOffered(f"{option['name']} is not completed while typing")
        return filled | {"value": value, "focused": True}
    return filled | {"value": _convert(option, value)}


def _convert(option: Json, value: Any) -> Any:
    """The value as Discord's client would send it, or NotOffered where it would not let it through."""
    if choices := option.get("choices"):
        picked = next((c["value"] for c in choices if value in (c["value"], c["name"])), None)
        if picked is None:
            raise NotOffered(f"{option['name']}={value!r} is not one of {[c['name'] for c in choices]}")
        return picked
    kind = option["type"]
    if kind in (USER, CHANNEL, ROLE, MENTIONABLE):
        return str(getattr(value, "id", value))
    types: dict[int, tuple[type, ...]] = {STRING: (str,), INTEGER: (int,), BOOLEAN: (bool,), NUMBER: (int, float)}
    if not isinstance(value, types[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise NotOffered(f"{option['name']}={value!r} is not of option type {kind}")
    _check_range(option, value)
    return value


def _check_range(option: Json, value: Any) -> None:
    """Discord's client keeps to the bounds a bot has registered."""
    measure, low, high = value, option.get("min_value"), option.get("max_value")
    if option["type"] == STRING:
        measure, low, high = len(value), option.get("min_length"), option.get("max_length")
    if (low is not None and measure < low) or (high is not None and measure > high):
        raise NotOffered(f"{option['name']}={value!r} is not within {low} to {high}")


def _resolved(values: dict[str, Any]) -> Json:
    """The users and members among the values, in full, as `resolved` carries them."""
    people = [value for value in values.values() if isinstance(getattr(value, "user", None), User)]
    if not people:
        return {}
    members = {str(person.id): person.membership.payload(permissions=True) for person in people if person.membership}
    for member in members.values():
        del member["user"]
    return {"users": {str(person.id): person.user.payload() for person in people}, "members": members}
