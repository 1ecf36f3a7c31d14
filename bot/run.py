"""The composition root: configuration to store, chats and quiz; all of it in one TaskGroup."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol

from bot.adapters import http
from bot.adapters.console import Terminal
from bot.adapters.console import play as play_lines
from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.adapters.yaml import BankFolder
from bot.config import Config, ConfigError
from bot.core import due, teams
from bot.core.ports import BadToken, Chat, Quiz, Rules, Unavailable

log = logging.getLogger("bot")

REFRESH = 5.0
"""Seconds between two looks at the question files."""

FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
"""Seconds before a platform that could not be connected is tried again: doubled each time, up to the longest."""


class Platform(Chat, Protocol):
    """A chat platform that the root can start."""

    platform: str

    async def run(self, quiz: Quiz, stopping: asyncio.Event) -> None:
        """Connect and serve until ``stopping``. Raises ``BadToken`` or ``Unavailable``."""


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def _store(config: Config) -> AsyncIterator[SqlStore]:
    database = Database(config["DATABASE_URL"])
    store = SqlStore(database)
    try:
        try:
            await database.upgrade()
        except Unavailable as error:
            raise ConfigError(f"DATABASE_URL: the database cannot be used: {error}") from error
        yield store
    finally:
        await store.dispose()


# --- quizbot play ------------------------------------------------------------------------------------------------


async def play(config: Config, bank: BankFolder, name: str) -> None:
    """The quiz in this terminal."""
    logging.basicConfig(level=logging.ERROR, format="%(message)s")
    terminal = Terminal()
    async with _store(config) as store:
        quiz = Quiz(store, {terminal.platform: terminal}, bank, now, Rules(cap=None, minutes=None, ask_ends=True))
        stopping = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(due.forever(quiz, stopping))
            await play_lines(quiz, terminal, name)
            stopping.set()


# --- quizbot run -------------------------------------------------------------------------------------------------


async def serve(config: Config, bank: BankFolder) -> None:
    """The bot on every platform that has a token, until SIGTERM or SIGINT."""
    _start_logging(config["LOG_LEVEL"], config["LOG_FORMAT"])
    platforms = _platforms(config)
    async with _store(config) as store:
        quiz = Quiz(store, platforms, bank, now)
        await teams.declare(quiz, config.teams)
        server = Server(quiz, platforms)
        await server.run(config, bank)


def _platforms(config: Config) -> dict[str, Platform]:
    """The platforms whose tokens are set; an SDK is only imported where it is used."""
    found: dict[str, Platform] = {}
    if config["DISCORD_TOKEN"]:
        from bot.adapters.discord import Discord

        found["discord"] = Discord(config["DISCORD_TOKEN"], api_url=config["DISCORD_API_URL"])
    if config["SLACK_BOT_TOKEN"] or config["SLACK_APP_TOKEN"]:
        from bot.adapters.slack import Slack

        for variable in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
            if not config[variable]:
                raise ConfigError(f"{variable} is not set; Slack over Socket Mode needs both of its tokens")
        found["slack"] = Slack(
            bot_token=config["SLACK_BOT_TOKEN"], app_token=config["SLACK_APP_TOKEN"], api_url=config["SLACK_API_URL"]
        )
    if not found:
        raise ConfigError(
            "no platform has a token: set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN; "
            "quizbot play needs none"
        )
    return found


class Server:
    """Runs the platforms, the loop of due work and the HTTP server beside each other, and ends them together."""

    def __init__(self, quiz: Quiz, platforms: Mapping[str, Platform]) -> None:
        self._quiz = quiz
        self._platforms = platforms
        self._refused: dict[str, BadToken] = {}
        self._stopping = asyncio.Event()

    async def run(self, config: Config, bank: BankFolder) -> None:
        """Until a signal comes. Raises ``ConfigError`` where no platform accepts its token."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        async with asyncio.TaskGroup() as group:
            group.create_task(due.forever(self._quiz, self._stopping))
            group.create_task(self._refresh(bank))
            if config.http_port:
                group.create_task(self._http(config["HTTP_HOST"], config.http_port))
            for platform in self._platforms.values():
                group.create_task(self._keep(platform))
        if len(self._refused) == len(self._platforms):
            raise ConfigError("\n".join(map(_refusal, self._refused.values())))
        log.info("stopped")

    async def _keep(self, platform: Platform) -> None:
        """Run a platform; where it cannot be connected, try ever more slowly."""
        name, pause = platform.platform, FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await platform.run(self._quiz, self._stopping)
                pause = FIRST_PAUSE
            except BadToken as error:
                log.error("%s: %s", name, _refusal(error))
                self._refused[name] = error
                if len(self._refused) == len(self._platforms):
                    self._stopping.set()
            except Unavailable as error:
                log.warning("%s cannot be reached: %s; again in %.0f s", name, error, pause)
            self._quiz.connected.discard(name)
            await due.sleep(pause, self._stopping)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _refresh(self, bank: BankFolder) -> None:
        while not self._stopping.is_set():
            await due.sleep(REFRESH, self._stopping)
            await asyncio.to_thread(bank.refresh)

    async def _http(self, host: str, port: int) -> None:
        try:
            await http.serve(host, port, self._health, self._stopping)
        except OSError as error:
            raise ConfigError(f"HTTP_PORT: {host}:{port} cannot be had: {error.strerror}") from error

    def _health(self) -> dict[str, str]:
        return {name: self._state(name) for name in self._platforms}

    def _state(self, name: str) -> str:
        if name in self._quiz.connected:
            return "connected"
        return _refusal(self._refused[name]) if name in self._refused else "not connected"


def _refusal(error: BadToken) -> str:
    return f"{error}: the platform does not accept this token"


# --- the log -----------------------------------------------------------------------------------------------------


class _Json(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _start_logging(level: str, form: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    handler.setFormatter(_Json() if form == "json" else text)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("bot").setLevel(level.upper())
