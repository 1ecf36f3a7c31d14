"""A SQLite file's copy, and its return."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url


class CannotCopy(Exception):
    """Why a copy was not made or not brought back; one plain sentence."""


def database_file(url: str) -> Path:
    """The file of a SQLite address. Raises ``CannotCopy`` for another database."""
    name = make_url(url).database if url.startswith("sqlite:///") else None
    if not name:
        raise CannotCopy("DATABASE_URL is no SQLite file: PostgreSQL is backed up with its own pg_dump and pg_restore")
    return Path(name)


def backup(url: str, file: Path) -> None:
    """Write a consistent copy, while the bot runs; it holds no trace of what was erased. Raises ``CannotCopy``."""
    source = database_file(url)
    if not source.exists():
        raise CannotCopy(f"there is no database {source}")
    if file.exists():
        raise CannotCopy(f"{file} is there already")
    with _failing(f"{source} cannot be copied"), contextlib.closing(sqlite3.connect(source)) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))
    _sound(file)


def restore(url: str, file: Path) -> None:
    """Put a copy in the database's place, unless a bot uses it. Raises ``CannotCopy``."""
    target = database_file(url)
    if not file.exists():
        raise CannotCopy(f"there is no file {file}")
    _sound(file)
    arriving = target.with_name(target.name + ".restoring")
    with _failing(f"{file} cannot be copied"), contextlib.closing(sqlite3.connect(file)) as connection:
        arriving.unlink(missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(arriving),))
    try:
        _sound(arriving)
        if _counts(arriving) != _counts(file):
            raise CannotCopy(f"{file} could not be copied whole")
        with unused(target):
            os.replace(arriving, target)
    finally:
        arriving.unlink(missing_ok=True)


def _sound(file: Path) -> None:
    """A database of this product that SQLite finds nothing wrong with."""
    with _failing(f"{file} is no whole database"), contextlib.closing(sqlite3.connect(file)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    if found != [("ok",)] or foreign:
        raise CannotCopy(f"{file} is damaged")
    if not {"alembic_version", "answers"} <= tables:
        raise CannotCopy(f"{file} is no database of quizbot")


def _counts(file: Path) -> dict[str, int]:
    """The number of rows of each table."""
    with _failing(f"{file} cannot be read"), contextlib.closing(sqlite3.connect(file)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        count = "SELECT count(*) FROM {}".format  # the names come from the file's own catalogue
        return {name: connection.execute(count('"' + name.replace('"', '""') + '"')).fetchone()[0] for name in tables}


@contextlib.contextmanager
def unused(target: Path) -> Iterator[None]:
    """Holds a database that nobody else has open: SQLite lets go of WAL only then. Raises ``CannotCopy``."""
    if not target.exists():
        yield
        return
    with contextlib.closing(sqlite3.connect(target, timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CannotCopy(f"a bot uses {target}: stop it first") from error
        yield


@contextlib.contextmanager
def _failing(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise CannotCopy(f"{what}: {error}") from error
