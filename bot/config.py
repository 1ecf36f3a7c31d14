"""The configuration: one frozen value, from options, the environment, ``.env`` and ``quizbot.yaml``, in this order."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from bot.adapters import yaml
from bot.core.format import Document, Fault, Reader
from bot.core.format import Path as Where
from bot.core.model import Address, Channel, Difficulty, Feedback, Schedule, Settings, Team
from bot.core.retention import SHORTEST
from bot.core.teams import Declared

SECRETS = (
    "DISCORD_TOKEN",
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "LLM_API_KEY",
)

DEFAULTS = {
    "DISCORD_API_URL": "https://discord.com/api/v10",
    "DISCORD_SHARD_COUNT": "",
    "DISCORD_SHARD_IDS": "",
    "DISCORD_CALLS_A_SECOND": "50",
    "SLACK_API_URL": "https://slack.com/api/",
    "SLACK_CLIENT_ID": "",
    "DATABASE_URL": "sqlite:///quizbot.db",
    "QUESTIONS_DIR": "",
    "SEMANTIC_MODEL": "",
    "LLM_API_URL": "",
    "LLM_MODEL": "",
    "LLM_CALLS_A_DAY": "1000",
    "LLM_TOKENS_A_DAY": "1000000",
    "RETENTION": "",
    "HTTP_HOST": "127.0.0.1",
    "HTTP_PORT": "",
    "LOG_LEVEL": "info",
    "LOG_FORMAT": "text",
}
"""Every variable that is no secret; in ``quizbot.yaml`` they have the same names in small letters."""

VARIABLES = (*SECRETS, *DEFAULTS)

PASSWORD = re.compile(r"://[^:/@]*:[^@]+@|[?&]password=", re.IGNORECASE)
"""What an address has that holds a password: ``postgresql://quiz:secret@host/name``."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

CHANNEL = {"discord": "[0-9]+", "slack": "[CGD][A-Z0-9]+"}
USER = {"discord": "[0-9]+", "slack": "[UW][A-Z0-9]+"}
"""What the platforms' ids look like: snowflakes, and letters that say what Slack means."""


class ConfigError(Exception):
    """The configuration cannot be used; a line for each thing that is wrong, naming the setting."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; tokens are empty where they are not set, and never shown."""

    values: Mapping[str, str]
    teams: tuple[Declared, ...]
    channel_lines: Mapping[Address, str]
    """Where the file declares a channel: ``quizbot.yaml:9``."""

    def __repr__(self) -> str:
        secret = {name for name, value in self.values.items() if name in SECRETS or PASSWORD.search(value)}
        shown = {name: value for name, value in self.values.items() if name not in secret}
        return f"Config({shown})"

    def __getitem__(self, variable: str) -> str:
        return self.values[variable]

    @property
    def questions(self) -> tuple[Path, ...]:
        """The folders of the bank."""
        folders = self["QUESTIONS_DIR"]
        return tuple(map(Path, folders.split(os.pathsep))) if folders else (bundled_bank(),)

    @property
    def shard_count(self) -> int | None:
        """How many shards all processes together have; None where Discord is asked."""
        return int(self["DISCORD_SHARD_COUNT"]) if self["DISCORD_SHARD_COUNT"] else None

    @property
    def shard_ids(self) -> list[int] | None:
        """The shards of this process; None where it has all of them."""
        return _shards(self["DISCORD_SHARD_IDS"]) or None

    @property
    def http_port(self) -> int | None:
        return int(self["HTTP_PORT"]) if self["HTTP_PORT"] else None

    @property
    def retention(self) -> timedelta | None:
        """How long answers are kept; None: for ever."""
        return _days(self["RETENTION"])


def bundled_bank() -> Path:
    """The bank that comes with the product: inside the package once installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "questions"
    return installed if installed.is_dir() else package.parent / "questions"


def load(options: Mapping[str, str], file: Path | None = None, *, read_file: bool = True) -> Config:
    """The configuration. ``options`` are variables set on the command line. Raises ``ConfigError``."""
    path = file or Path("quizbot.yaml")
    if read_file and file is not None and not file.is_file():
        raise ConfigError(f"--config: there is no file {file}")
    reader = _Settings(_document(path)) if read_file and path.is_file() else None
    written = reader.values() if reader else {}
    dotenv = _dotenv()
    layers = (DEFAULTS, written, dotenv, os.environ, options)
    values = {name: next((layer[name] for layer in reversed(layers) if layer.get(name)), "") for name in VARIABLES}
    teams = reader.teams() if reader else ()
    faults = [*(map(str, reader.faults) if reader else ()), *_faults(values)]
    if faults:
        raise ConfigError("\n".join(faults))
    return Config(values, teams, reader.channel_lines if reader else {})


def _dotenv() -> dict[str, str]:
    try:
        return {name: value for name, value in dotenv_values(".env").items() if value is not None}
    except UnicodeDecodeError as error:
        raise ConfigError(".env: the file is not UTF-8 text") from error


def _document(path: Path) -> Document:
    try:
        return yaml.read(path)
    except yaml.Faulty as error:
        raise ConfigError(str(error)) from error


def _faults(values: Mapping[str, str]) -> list[str]:
    """What is wrong with single settings."""
    found = []
    port = values["HTTP_PORT"]
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        found.append(f'HTTP_PORT: "{port}" is not a port from 1 to 65535')
    if values["LOG_LEVEL"].lower() not in ("debug", "info", "warning", "error"):
        found.append(f'LOG_LEVEL: "{values["LOG_LEVEL"]}" is none of debug, info, warning, error')
    if values["LOG_FORMAT"] not in ("text", "json"):
        found.append(f'LOG_FORMAT: "{values["LOG_FORMAT"]}" is neither text nor json')
    for name in ("DISCORD_API_URL", "SLACK_API_URL"):
        if not re.match(r"https?://[^/]", values[name]):
            found.append(f"{name} is no address such as {DEFAULTS[name]}")  # it may hold a password
    calls = values["DISCORD_CALLS_A_SECOND"]
    if not re.fullmatch(r"[1-9][0-9]{0,5}", calls):
        found.append(f'DISCORD_CALLS_A_SECOND: "{calls}" is not a whole number from 1 to 999999')
    found += _faults_of_the_shards(values["DISCORD_SHARD_COUNT"], values["DISCORD_SHARD_IDS"])
    found += _faults_of_the_language_model(values)
    found += _faults_of_retention(values["RETENTION"])
    if not re.match(r"(sqlite:///|postgresql://).", values["DATABASE_URL"]):
        found.append("DATABASE_URL: neither sqlite:///FILE nor postgresql://USER@HOST/NAME")
    return found


def _faults_of_the_shards(count: str, ids: str) -> list[str]:
    if count and not re.fullmatch(r"[1-9][0-9]{0,4}", count):
        return [f'DISCORD_SHARD_COUNT: "{count}" is not a number of shards from 1 to 99999']
    if ids and not count:
        return ["DISCORD_SHARD_COUNT is not set; DISCORD_SHARD_IDS needs the number of shards of all processes"]
    if ids and not _shards(ids):
        return [f'DISCORD_SHARD_IDS: "{ids}" is no list of shards such as 0,1 or 0-3']
    beyond = [shard for shard in _shards(ids) if shard >= int(count)]
    if beyond:
        return [f"DISCORD_SHARD_IDS: there is no shard {beyond[0]} among {count}, which are numbered from 0"]
    return []


def _shards(text: str) -> list[int]:
    """The shards that ``0,2-3`` names; none where it is no such list."""
    parts = [re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part.strip()) for part in text.split(",")]
    if not all(parts):
        return []
    return sorted({shard for part in parts if part for shard in range(int(part[1]), int(part[2] or part[1]) + 1)})


def _faults_of_the_language_model(values: Mapping[str, str]) -> list[str]:
    found = []
    url = values["LLM_API_URL"]
    if url and not re.match(r"https?://[^/]", url):
        found.append("LLM_API_URL is no address such as https://api.openai.com/v1")
    if url and not values["LLM_MODEL"]:
        found.append("LLM_MODEL is not set; LLM_API_URL needs the name of a model")
    for name in ("LLM_CALLS_A_DAY", "LLM_TOKENS_A_DAY"):
        if not (values[name].isascii() and values[name].isdigit()):
            found.append(f'{name}: "{values[name]}" is not a whole number from 0 on')
    return found


def _days(text: str) -> timedelta | None:
    """``400 days`` or ``400``; None of anything else."""
    found = re.fullmatch(r"([0-9]{1,6})(?: days)?", text.strip(), re.ASCII)
    return timedelta(days=int(found[1])) if found else None


def _faults_of_retention(text: str) -> list[str]:
    kept = _days(text)
    if text and kept is None:
        return [f'RETENTION: "{text}" is not a number of days such as "400 days"']
    if kept is not None and kept < SHORTEST:
        return [
            f"RETENTION: {kept.days} days are too few: a season's answers must stay until all of it was ruled on, "
            f"so take {SHORTEST.days} days or more"
        ]
    return []


class _Settings(Reader):
    """Reads ``quizbot.yaml``."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.channel_lines: dict[Address, str] = {}
        fields = ("teams", *(name.lower() for name in DEFAULTS))
        content = document.content if document.content is not None else {}
        if isinstance(content, dict):
            for name, value in content.items():
                variable = str(name).upper()
                if variable in SECRETS:
                    self.fault((name,), f"{variable} is a secret and belongs in the environment or in .env")
                elif variable in DEFAULTS and PASSWORD.search(str(value)):
                    self.fault((name,), f"{variable} holds a password: it belongs in the environment or in .env")
            content = {
                str(name).lower() if str(name) in DEFAULTS else name: value
                for name, value in content.items()
                if str(name).upper() not in SECRETS
            }
        self._content = self.mapping(content, (), fields)

    def values(self) -> dict[str, str]:
        """The variables that the file sets."""
        return {
            name: str(self._content[name.lower()]) for name in DEFAULTS if self._content.get(name.lower()) is not None
        }

    def teams(self) -> tuple[Declared, ...]:
        found = []
        for i, raw in enumerate(self.items(self._content.get("teams"), ("teams",), "teams")):
            path: Where = ("teams", i)
            team = self.mapping(raw, path, ("name", "timezone", "admins", "channels"))
            if team:
                found.append(self._team(team, path))
        names = [declared.team.name for declared in found]
        for i, name in enumerate(names):
            if name and name in names[:i]:
                self.fault(("teams", i, "name"), f'name: there are two teams called "{name}"')
        return tuple(found)

    def _team(self, team: Mapping[str, object], path: Where) -> Declared:
        zone = self._zone(team, path, "UTC")
        admins = self.texts(team, path, "admins")
        for i, admin in enumerate(admins):
            self._address(admin, (*path, "admins", i), USER, "admins", "discord:4242 or slack:U0AB12")
        channels = []
        for i, raw in enumerate(self.items(team.get("channels"), (*path, "channels"), "channels")):
            at: Where = (*path, "channels", i)
            fields = ("channel", "post", "days", "skip", "reveal", "timezone", "topics", "difficulty", "feedback")
            channel = self.mapping(raw, at, fields)
            if channel:
                channels.append(self._channel(channel, at, zone))
        return Declared(Team(0, self.text(team, path, "name"), zone, admins), channels)

    def _channel(self, raw: Mapping[str, object], path: Where, zone: str) -> Channel:
        named, at = self.text(raw, path, "channel"), (*path, "channel")
        address = self._address(named, at, CHANNEL, "channel", "discord:1234567890 or slack:C0123")
        if address in self.channel_lines:
            self.fault(at, f"channel: {address} stands at {self.channel_lines[address]} already")
        self.channel_lines[address] = f"{self.document.file}:{self.document.line(path)}"
        post = self._time(raw, path, "post")
        if post is None and "post" not in raw:
            self.fault(path, "post is missing: the time of the daily question, such as 09:00")
        schedule = Schedule(
            timezone=self._zone(raw, path, zone),
            post=post or time(0),
            reveal=self._time(raw, path, "reveal"),
            days=self._days(raw, path),
            skip=self._skip(raw, path),
        )
        difficulty = self._words(raw, path, "difficulty", tuple(Difficulty))
        feedback = self.word(raw, path, "feedback", Feedback) if "feedback" in raw else Feedback.REVEAL
        settings = Settings(
            schedule=schedule,
            topics=self.texts(raw, path, "topics"),
            difficulty=tuple(map(Difficulty, difficulty)),
            feedback=feedback or Feedback.REVEAL,
        )
        return Channel(0, 0, address, settings, declared=True)

    def _address(self, text: str, path: Where, ids: Mapping[str, str], key: str, example: str) -> Address:
        platform, _, name = text.partition(":")
        if text and not re.fullmatch(ids.get(platform, "(?!)"), name):
            self.fault(path, f'{key}: "{text}" is none such as {example}')
        return Address(platform, name)

    def _zone(self, raw: Mapping[str, object], path: Where, default: str) -> str:
        name = self.text(raw, path, "timezone", required=False) or default
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):  # none, a path out of the folder of zones, that folder
            self.fault((*path, "timezone"), f'timezone: "{name}" is not a zone such as Europe/Berlin')
            return "UTC"

    def _time(self, raw: Mapping[str, object], path: Where, key: str) -> time | None:
        value = raw.get(key)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60:
            return time(*divmod(value, 60))  # YAML 1.1 reads 16:30 without quotes as 16 * 60 + 30
        found = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", str(value).strip())
        if not found:
            self.fault((*path, key), f'{key}: "{value}" is not a time such as "09:00"')
            return None
        return time(int(found[1]), int(found[2]))

    def _days(self, raw: Mapping[str, object], path: Where) -> frozenset[int]:
        if "days" not in raw:
            return frozenset(range(5))
        days = self._words(raw, path, "days", DAYS)
        if not raw["days"]:
            self.fault((*path, "days"), "days: the list is empty; name at least one of " + ", ".join(DAYS))
        return frozenset(DAYS.index(day) for day in days)

    def _words(self, raw: Mapping[str, object], path: Where, key: str, words: Sequence[str]) -> tuple[str, ...]:
        found = self.texts(raw, path, key)
        for i, word in enumerate(found):
            if word not in words:
                self.fault((*path, key, i), f'{key}: "{word}" is none of {", ".join(words)}')
        return tuple(word for word in found if word in words)

    def _skip(self, raw: Mapping[str, object], path: Where) -> frozenset[date]:
        found = set()
        for i, value in enumerate(self.items(raw.get("skip"), (*path, "skip"), "dates")):
            try:
                found.add(value if type(value) is date else date.fromisoformat(str(value)))
            except ValueError:
                self.fault((*path, "skip", i), f'skip: "{value}" is not a date such as 2026-12-25')
        return frozenset(found)


def unknown_topics(config: Config, topics: Mapping[str, object]) -> list[Fault]:
    """Channels that ask for topics which the bank does not have."""
    found = []
    for channel in (channel for declared in config.teams for channel in declared.channels):
        file, _, line = config.channel_lines[channel.address].rpartition(":")
        for topic in channel.settings.topics:
            if topic not in topics:
                known = ", ".join(sorted(topics))
                found.append(Fault(file, int(line), "", f'topics: the bank has no topic "{topic}"; it has {known}'))
    return found
