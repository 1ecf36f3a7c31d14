"""The composition root: configuration to store, chats and quiz; all of it in one TaskGroup."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from aiohttp.web import RouteDef

from bot import garbage, judges, logs
from bot.adapters import http, languages
from bot.adapters.sql import SqlStore, copying
from bot.adapters.sql.check import Caps, Check
from bot.adapters.sql.engine import CannotOpen, Database
from bot.adapters.yaml import BankFolder
from bot.config import Config, ConfigError
from bot.core import due, retention, teams
from bot.core.meter import UNMETERED, Meter, Promise
from bot.core.model import Address, Wording
from bot.core.ports import BadToken, Chat, Finding, Quiz, Refused, Rules, Unavailable

if TYPE_CHECKING:
    from bot.adapters.prometheus import Metrics
    from bot.adapters.slack import OAuth
    from bot.watched import Watched

log = logging.getLogger("bot")

REFRESH = 5.0
"""Seconds between two looks at the question files."""

CROWDED = 10.0
"""Seconds between two words in the log about how many were sent away."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds before a platform that could not be connected is tried again: doubled each time, up to the longest."""


class Platform(Chat, Protocol):
    """A chat platform that the root can start."""

    platform: str

    async def run(self, quiz: Quiz, stopping: asyncio.Event) -> None:
        """Connect and serve until ``stopping``. Raises ``BadToken`` or ``Unavailable``."""

    def examine(self, channels: Sequence[Address]) -> AsyncIterator[Finding]:
        """Look at token, scopes, clock and these channels, without posting anything."""


@runtime_checkable
class Reached(Protocol):
    """A platform that reaches the bot over HTTP."""

    @property
    def routes(self) -> Sequence[RouteDef]:
        """Where it does."""


def now() -> datetime:
    return datetime.now(UTC)


def _database(config: Config) -> Database:
    try:
        return Database(config["DATABASE_URL"])
    except CannotOpen as error:
        raise ConfigError(f"DATABASE_URL: {error}") from error


@asynccontextmanager
async def _store(database: Database, meter: Meter = UNMETERED) -> AsyncIterator[SqlStore]:
    store = SqlStore(database, meter)
    try:
        try:
            await database.upgrade()
        except CannotOpen as error:
            raise ConfigError(f"DATABASE_URL: {error}") from error
        yield store
    finally:
        await store.dispose()


# --- quizbot play ------------------------------------------------------------------------------------------------


async def play(config: Config, bank: BankFolder, name: str) -> None:
    """The quiz in this terminal."""
    from bot.adapters import console

    logging.basicConfig(level=logging.CRITICAL)  # whoever plays is told what went wrong, in a sentence
    terminal = console.Terminal()
    async with judges.configured(config) as judge, _store(_database(config)) as store:
        rules = Rules(cap=None, minutes=None, ask_ends=True)
        quiz = Quiz(store, {terminal.platform: terminal}, bank, now, rules, languages.load(), judge=judge)
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(due.forever(quiz, stopping))
            await console.play(quiz, terminal, name, languages.wanted(os.environ, quiz.languages))
            stopping.set()


# --- quizbot db --------------------------------------------------------------------------------------------------


async def upgrade(config: Config) -> None:
    """Bring the schema up to date, which is done at every start too."""
    async with _store(_database(config)):
        pass


async def check(config: Config, say: Callable[[str], object], *, repair: bool) -> bool:
    """Say in a line each what in the database is not as it should be, and return whether all is well in the end.

    ``repair`` counts entries, standings and streaks anew where they are not what the answer log comes to.
    """
    from bot.adapters.console import Terminal

    database = _database(config)
    if database.missing:
        raise ConfigError(f"DATABASE_URL: there is no database {database.engine.url.database}")
    looking = Check(database, Caps(Rules().cap, {Terminal.platform}), repair)
    async with _store(database):
        async for line in looking.lines():
            say(line)
    return not looking.faults


async def roll_up(config: Config) -> int:
    """Roll up what is older than is kept, as a running bot does once a day; returns how many answers that were."""
    if config.retention is None:
        raise ConfigError("RETENTION is not set; it says how long answers are kept, such as 400 days")
    rolled_up = 0
    async with _store(_database(config)) as store:
        async for answers in retention.roll_up(store, now() - config.retention):
            rolled_up += answers
            await asyncio.sleep(retention.PAUSE)  # in which a running bot writes
    return rolled_up


async def copy(source: str, target: str) -> tuple[list[str], bool]:
    """Copy a database into an empty one; a line for each table, and whether both hold the same."""
    copied = await copying.copy(source, target)
    lines = [_arrival(one) for one in copied]
    well = all(one.equal for one in copied)
    rows = sum(one.source.rows for one in copied)
    end = "all of it is there" if well else "not the same, so TO was left empty"
    return [*lines, f"{len(copied)} tables, {rows} rows: {end}"], well


def _arrival(one: copying.Copied) -> str:
    """What arrived of a table."""
    if one.equal:
        return f"{one.table:20} {_held(one.source)}"
    return f"{one.table:20} {_held(one.source)}  differs, what arrived: {_held(one.target)}"


def _held(digest: copying.Digest) -> str:
    return f"{digest.rows:9} rows  {digest.checksum:032x}" + (f"  last id {digest.last_id}" if digest.last_id else "")


# --- quizbot rulings ---------------------------------------------------------------------------------------------


async def accepted_wordings(config: Config) -> list[Wording]:
    """What the admins of all teams accepted in full."""
    async with _store(_database(config)) as store:
        return [wording for wording in await store.all_wordings() if wording.score >= 1]


# --- quizbot run -------------------------------------------------------------------------------------------------


async def serve(config: Config, bank: BankFolder) -> None:
    """The bot on every platform that has a token, until SIGTERM or SIGINT."""
    logs.start(config["LOG_LEVEL"], config["LOG_FORMAT"])
    database, metrics = _database(config), _metrics() if config.http_port else None  # else nobody could read them
    meter = metrics or UNMETERED
    chats = platforms(config, database)
    async with judges.configured(config) as judge, _store(database, meter) as store:
        used = metrics.measuring(chats) if metrics else chats
        rules = Rules(kept=config.retention)
        quiz = Quiz(store, used, bank, now, rules, languages.load(), judge=judge, meter=meter)
        await teams.declare(quiz, config.teams)
        watched = _watched(quiz, metrics, store, database, bank) if metrics else None
        garbage.spare_what_stays()
        await Server(quiz, chats, watched).run(config, bank)


def _metrics() -> Metrics:
    from bot.adapters.prometheus import Metrics

    return Metrics()


def _watched(quiz: Quiz, metrics: Metrics, store: SqlStore, database: Database, bank: BankFolder) -> Watched:
    from bot.watched import Watched

    return Watched(quiz, metrics, store, database, bank)


TOKENS = {
    "discord": ("DISCORD_TOKEN",),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"),
}
"""The variables that turn a platform on."""


def platforms(config: Config, database: Database) -> dict[str, Platform]:
    """The platforms that are turned on; an SDK is only imported where it is used."""
    on = [name for name, variables in TOKENS.items() if any(config[variable] for variable in variables)]
    found: dict[str, Platform] = {}
    if "discord" in on:
        with garbage.spared():
            from bot.adapters.discord import Discord

        found["discord"] = Discord(
            config["DISCORD_TOKEN"],
            api_url=config["DISCORD_API_URL"],
            shard_ids=config.shard_ids,
            shard_count=config.shard_count,
            calls=float(config["DISCORD_CALLS_A_SECOND"]),
        )
    if "slack" in on:
        found["slack"] = _slack(config, database)
    if not found:
        raise ConfigError(
            "no platform has a token: set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN; "
            "quizbot play needs none"
        )
    return found


def _slack(config: Config, database: Database) -> Platform:
    with garbage.spared():
        from bot.adapters.slack import Slack

    missing = _missing_for_slack(config)
    if missing:
        raise ConfigError(missing)
    return Slack(
        api_url=config["SLACK_API_URL"],
        bot_token=config["SLACK_BOT_TOKEN"],
        app_token=config["SLACK_APP_TOKEN"],
        signing_secret=config["SLACK_SIGNING_SECRET"],
        oauth=None if config["SLACK_APP_TOKEN"] else _slack_oauth(config, database),
    )


def _missing_for_slack(config: Config) -> str:
    """What is not set of the variables that one way to reach Slack takes; empty where nothing is missing."""
    one, many = config["SLACK_BOT_TOKEN"], config["SLACK_CLIENT_ID"] and config["SLACK_CLIENT_SECRET"]
    if config["SLACK_APP_TOKEN"]:
        return "" if one else "SLACK_BOT_TOKEN is not set; Slack over Socket Mode needs both of its tokens"
    if not config["SLACK_SIGNING_SECRET"]:
        return (
            "SLACK_APP_TOKEN is not set; Slack over Socket Mode needs both of its tokens, "
            "and over HTTP it needs SLACK_SIGNING_SECRET"
        )
    if not (one or many):
        return (
            "SLACK_BOT_TOKEN is not set; Slack over HTTP needs it, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET "
            "to be installed in several workspaces"
        )
    return "" if config.http_port else "HTTP_PORT is not set; it is where Slack reaches the bot over HTTP"


def _slack_oauth(config: Config, database: Database) -> OAuth | None:
    """What several workspaces take; slack-sdk's own stores keep their tokens in the bot's database."""
    client, secret = config["SLACK_CLIENT_ID"], config["SLACK_CLIENT_SECRET"]
    if not (client and secret):
        return None
    from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
    from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

    from bot.adapters.slack import OAuth, oauth

    installations = AsyncSQLAlchemyInstallationStore(client, database.lent)
    return OAuth(client, secret, installations, AsyncSQLAlchemyOAuthStateStore(oauth.STATE_LASTS, database.lent))


class Server:
    """Runs the platforms, the loop of due work and the HTTP server beside each other, and ends them together."""

    def __init__(self, quiz: Quiz, platforms: Mapping[str, Platform], watched: Watched | None) -> None:
        self._quiz = quiz
        self._platforms = platforms
        self._watched = watched
        self._refused: dict[str, BadToken] = {}
        self._stopping = asyncio.Event()
        if watched:
            watched.health.add_platforms({name: partial(self._state, name) for name in platforms})

    async def run(self, config: Config, bank: BankFolder) -> None:
        """Until a signal comes. Raises ``ConfigError`` where no platform accepts its token."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        try:
            await self._all(config, bank)
        except ExceptionGroup as group:
            wrong = group.subgroup(ConfigError)
            if wrong is None:
                raise
            raise ConfigError("\n".join(map(str, wrong.exceptions))) from group
        if self._never_served():
            raise ConfigError("\n".join(map(_refusal, self._refused.values())))
        log.info("stopped")

    async def _all(self, config: Config, bank: BankFolder) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(due.forever(self._quiz, self._stopping))
            group.create_task(self._refresh(bank))
            group.create_task(self._watch_the_crowd())
            if self._watched and config.http_port:
                group.create_task(self._http(config["HTTP_HOST"], config.http_port, self._watched.pages))
                group.create_task(self._watched.watch(self._stopping))
            for platform in self._platforms.values():
                group.create_task(self._keep(platform))

    async def _keep(self, platform: Platform) -> None:
        """Run a platform; where it cannot be connected, try ever more slowly."""
        name, pause = platform.platform, FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await platform.run(self._quiz, self._stopping)
                pause = FIRST_PAUSE
            except BadToken as error:
                log.error("%s: %s; again in %.0f s", name, _refusal(error), pause)
                self._refused[name] = error
                if self._never_served():
                    self._stopping.set()
            except (Unavailable, Refused) as error:
                log.warning("%s cannot be reached: %s; again in %.0f s", name, error, pause)
                self._refused.pop(name, None)
            self._quiz.connected.discard(name)
            await due.sleep(pause, self._stopping)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _never_served(self) -> bool:
        """Whether no platform takes its token, and none did before: nothing is left to wait for."""
        return not self._quiz.arrived and len(self._refused) == len(self._platforms)

    async def _refresh(self, bank: BankFolder) -> None:
        await asyncio.to_thread(bank().prepare)
        while not self._stopping.is_set():
            await due.sleep(REFRESH, self._stopping)
            if not await asyncio.to_thread(bank.refresh):
                self._quiz.meter.broke(Promise.BANK_KEPT_OUT)

    async def _watch_the_crowd(self) -> None:
        while not self._stopping.is_set():
            await due.sleep(CROWDED, self._stopping)
            told, untold = self._quiz.crowd.sent_away()
            if told or untold:
                text = "more came than could be served in time: %d were told to come again, %d got no answer"
                log.warning(text, told, untold)

    async def _http(self, host: str, port: int, pages: http.Pages) -> None:
        try:
            await http.serve(host, port, pages, self._stopping, self._routes())
        except OSError as error:
            raise ConfigError(f"HTTP_PORT: {host}:{port} cannot be had: {error.strerror}") from error

    def _routes(self) -> list[RouteDef]:
        reached = [platform for platform in self._platforms.values() if isinstance(platform, Reached)]
        return [route for platform in reached for route in platform.routes]

    def _state(self, name: str) -> str:
        """What is wrong with a platform."""
        if name in self._quiz.connected:
            return ""
        return _refusal(self._refused[name]) if name in self._refused else "not connected"


def _refusal(error: BadToken) -> str:
    return f"{error}: the platform does not accept this token"
