"""``/quiz``: one command, whose subcommands and options are those of the table.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import discord

from bot.adapters.discord.text import clip_start, size
from bot.core.bank import Bank
from bot.core.commands import COMMANDS, Command, Option, Takes

log = logging.getLogger(__name__)

CHOICE = 100
"""The longest name or value of a suggestion."""

CHAT_INPUT, IN_SERVERS, INSTALLED_IN_SERVERS = 1, 0, 0

TELLING = (
    *("name", "type", "description", "options", "choices", "value", "required", "autocomplete"),
    *("min_value", "max_value", "contexts", "integration_types", "default_member_permissions", "nsfw"),
)
"""What makes two registrations differ; Discord adds ids, versions, translations and defaults."""


def command() -> dict[str, Any]:
    """The command as Discord registers it. Everybody is shown all of it: who may do what, the core decides."""
    return {
        "name": "quiz",
        "type": CHAT_INPUT,
        "description": "A question a day, and a leaderboard",
        "options": [_subcommand(entry) for entry in COMMANDS.values()],
        "contexts": [IN_SERVERS],
        "integration_types": [INSTALLED_IN_SERVERS],
    }


def _subcommand(entry: Command) -> dict[str, Any]:
    kind = discord.AppCommandOptionType.subcommand.value
    options = [_option(option) for option in entry.options]
    return {"name": entry.name, "type": kind, "description": entry.help, "options": options}


def _option(option: Option) -> dict[str, Any]:
    kinds = discord.AppCommandOptionType
    kind = {Takes.MINUTES: kinds.integer, Takes.FLAG: kinds.boolean, Takes.MEMBER: kinds.user}.get(
        option.takes, kinds.string
    )
    limits: dict[str, Any] = {"required": True} if option.required else {}
    match option.takes:
        case Takes.WORD:
            limits["choices"] = [{"name": str(word), "value": str(word)} for word in option.words]
        case Takes.TEXT if option.suggest:
            limits["autocomplete"] = True
        case Takes.MINUTES:
            limits |= {"min_value": 1, "max_value": 1440}
    return {"type": kind.value, "name": option.name, "description": option.help} | limits


async def register(client: discord.Client) -> None:
    """Make the registered commands this one; without a write where they are already."""
    application = client.application_id
    assert application is not None  # known once logged in
    registered = await client.http.get_global_commands(application)
    if _essence(registered) == _essence([command()]):
        return
    await client.http.bulk_upsert_global_commands(application, [command()])
    log.info("the command /quiz is registered")


def _essence(thing: Any) -> Any:
    """A registration without what Discord adds to it."""
    if isinstance(thing, list):
        return [_essence(item) for item in thing]
    if isinstance(thing, Mapping):
        return {key: _essence(thing[key]) for key in TELLING if thing.get(key)}
    return thing


def call_of(data: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The subcommand that somebody ran, and its options as text."""
    called = _called(data)
    return called["name"], {given["name"]: _text(given["value"]) for given in called.get("options", ())}


def suggestions(bank: Bank, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What to offer for the option that somebody is typing into, as (value, name).

    A value that is too long for Discord cannot be offered; of a long name the end is what was not typed yet.
    """
    called = _called(data)
    options = {option.name: option for option in COMMANDS[called["name"]].options}
    for given in called.get("options", ()):
        suggest = options[given["name"]].suggest
        if given.get("focused") and suggest:
            offered = suggest(bank, str(given["value"]))
            return [(value, clip_start(name, CHOICE)) for value, name in offered if size(value) <= CHOICE]
    return []


def _called(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(data.get("options", ())), {"name": "help"})


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
