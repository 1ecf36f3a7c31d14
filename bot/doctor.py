"""``quizbot doctor``: what is wrong, before the users notice."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from zoneinfo import available_timezones

from bot import config, judges, run
from bot.adapters import yaml
from bot.adapters.sql.engine import CannotOpen, Database
from bot.config import Config, ConfigError
from bot.core.model import Address
from bot.core.ports import Finding


async def examine(settings: Config) -> AsyncIterator[Finding]:
    """Look at every part in turn: configuration, zones, bank, database, platforms."""
    yield Finding(True, f"configuration: {_counted(settings)}")
    yield _zones()
    for finding in _bank(settings):
        yield finding
    yield await _database(settings)
    yield await _judge(settings)
    for name, variables in run.TOKENS.items():
        if not any(settings[variable] for variable in variables):
            yield Finding(True, f"{name}: off, {variables[0]} is not set")
    try:
        platforms = run.platforms(settings, Database(settings["DATABASE_URL"]))
    except ConfigError as error:
        if any(settings[variable] for variables in run.TOKENS.values() for variable in variables):
            yield Finding(False, "tokens", str(error))
        return
    except CannotOpen:  # which was told above
        return
    for name, platform in platforms.items():
        async for finding in platform.examine(_declared(settings, name)):
            yield Finding(finding.well, f"{name}: {finding.what}", finding.remedy)


def _counted(settings: Config) -> str:
    channels = sum(len(declared.channels) for declared in settings.teams)
    return f"{len(settings.teams)} teams and {channels} channels declared"


def _zones() -> Finding:
    known = len(available_timezones())
    return Finding(known > 300, f"time zones: {known} known", "install the Python package tzdata")


def _bank(settings: Config) -> Iterator[Finding]:
    try:
        bank = yaml.BankFolder(settings.questions)()
    except FileNotFoundError as error:
        yield Finding(False, "bank", f"QUESTIONS_DIR: there is no folder {error}")
    except yaml.Faulty as error:
        yield from (Finding(False, "bank", str(fault)) for fault in error.faults)
    else:
        yield Finding(True, f"bank: {len(bank.questions)} questions on {len(bank.topics)} topics")
        for fault in config.unknown_topics(settings, bank.topics):
            yield Finding(False, "bank", str(fault))


async def _database(settings: Config) -> Finding:
    """Whether the schema can be brought up to date, which takes that the database can be written."""
    try:
        database = Database(settings["DATABASE_URL"])
    except CannotOpen as error:
        return Finding(False, f"database: {error}", "see DATABASE_URL")
    try:
        await database.upgrade()
    except CannotOpen as error:
        return Finding(False, f"database: {error}", "see DATABASE_URL")
    finally:
        await database.close()
    return Finding(True, "database: its schema is up to date and it can be written")


async def _judge(settings: Config) -> Finding:
    """Whether the model that is to judge explanations can be loaded; a language model is not asked, that costs."""
    try:
        async with judges.configured(settings) as judge:
            return Finding(True, f"explanations: graded by {'their words and a model' if judge else 'their words'}")
    except ConfigError as error:
        return Finding(False, "explanations", str(error))


def _declared(settings: Config, platform: str) -> list[Address]:
    channels = (channel for declared in settings.teams for channel in declared.channels)
    return [channel.address for channel in channels if channel.address.platform == platform]


def line(finding: Finding) -> str:
    """A finding as a line: ``ok``, or ``FAIL`` with the remedy."""
    remedy = f" - {finding.remedy}" if finding.remedy and not finding.well else ""
    return f"{'ok  ' if finding.well else 'FAIL'}  {finding.what}{remedy}"
