"""A database on either engine: how work on it is done in transactions."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from sqlalchemy import URL, Connection, Executable, Table, func, make_url, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.adapters.sql import schema
from bot.adapters.sql.failures import Crossed, brief, failures
from bot.adapters.sql.schema import CannotUpgrade
from bot.core.ports import Unavailable

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.adapters.sql.postgresql import Server
    from bot.adapters.sql.sqlite import File

log = logging.getLogger(__name__)

UNREADABLE = "the address cannot be read; in a password, signs such as @ and / are written as %40 and %2F"

LINKING = 7_284_972
"""The lock under which processes on PostgreSQL link and part one after the other."""

ATTEMPTS = 5
"""How often a transaction is tried that others come between, before somebody is told."""

P = ParamSpec("P")
T = TypeVar("T")

Insert = Callable[[Table], "sqlite.Insert | postgresql.Insert"]
"""An insert that knows ON CONFLICT, which both engines spell alike."""


class Held(Protocol):
    """A transaction that stays open from one piece of work to the next."""

    def __call__(self, work: Callable[[Connection], T], /) -> Awaitable[T]:
        """Do this in it."""


class CannotOpen(Exception):
    """The database that an address names cannot be used; the text says why."""


def _opened(url: URL) -> File | Server:
    """Each brings its dialect and its way to wait along, which takes time and memory: only the one in use is loaded."""
    if url.drivername == "sqlite":
        from bot.adapters.sql.sqlite import File

        return File(url)
    if url.drivername == "postgresql":
        from bot.adapters.sql.postgresql import Server

        return Server(url)
    raise CannotOpen(f"{url.drivername} is neither sqlite nor postgresql")


def retried(transaction: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Do a transaction again where another process came between: it met the same workspace, member or delivery for the
    first time in the same instant, erased what this one refers to, or held rows that both wanted. The next time finds
    what the other has done. SQLite has one writer, whom nobody comes between."""

    @wraps(transaction)
    async def until_done(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(ATTEMPTS - 1):
            try:
                return await transaction(*args, **kwargs)
            except (Crossed, IntegrityError) as error:
                log.debug("a transaction is tried again: %s", type(error).__name__)
        return await transaction(*args, **kwargs)

    return until_done


class Database:
    """Work in transactions that read or write. They raise ``Unavailable`` where the database does not answer.

    A piece of work is a function of a connection. What it returns must not need the connection any more.
    """

    def __init__(self, url: str) -> None:
        """``url`` as in ``DATABASE_URL``. Raises ``CannotOpen``."""
        try:
            self._its = _opened(make_url(url))
        except ModuleNotFoundError as error:
            raise CannotOpen("PostgreSQL needs a driver: pip install 'quizbot[postgresql]'") from error
        except (SQLAlchemyError, ValueError) as error:  # their words may hold a part of the password
            raise CannotOpen(UNREADABLE) from error
        self.engine = self._its.engine
        self.insert = self._its.insert
        self.changes = 0
        """How often this process wrote, or tried to write, anything but answers."""

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that only reads."""
        with failures():
            return await self._its.read(work)

    async def snapshot(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that only reads, all of it as it was in one instant."""
        with failures():
            return await self._its.snapshot(work)

    async def write(self, work: Callable[[Connection], T], *, answers: bool = False) -> T:
        """Do this in a transaction that writes, again where another process came between; it is durable when this
        returns. ``answers`` says that it writes them and what they come to, and nothing else."""
        try:
            return await self._write(work)
        finally:
            self.changes += not answers

    @retried
    async def _write(self, work: Callable[[Connection], T]) -> T:
        with failures():
            return await self._its.write(work)

    async def all(self, query: Executable, to: Callable[[Any], T]) -> list[T]:
        """All that is found, each row made into what it stands for."""
        return await self.read(lambda connection: [to(row) for row in connection.execute(query)])

    async def one(self, query: Executable, to: Callable[[Any], T]) -> T | None:
        """The one row that is found, made into what it stands for, if there is one."""
        row = await self.read(lambda connection: connection.execute(query).one_or_none())
        return to(row) if row else None

    async def change(self, statement: Executable) -> int:
        """Run a statement that writes; returns how many rows that concerned."""
        return await self.write(lambda connection: connection.execute(statement).rowcount)

    @asynccontextmanager
    async def held(self, *, writes: bool = False) -> AsyncIterator[Held]:
        """One transaction for several pieces of work, between which something else is waited for. It sees all as it was
        in one instant, or ``writes``, which keeps all others from writing a SQLite file meanwhile."""
        with failures():
            async with self._its.held(writes=writes) as held:
                yield held

    @property
    def missing(self) -> bool:
        """Whether there is no such SQLite file, which the first connection would make."""
        return self.engine.dialect.name == "sqlite" and not Path(str(self.engine.url.database)).exists()

    async def upgrade(self) -> None:
        """Bring the schema up to date, and see that the database can be written. Raises ``CannotOpen``."""
        try:
            await self.write(_upgrade)
        except (Unavailable, SQLAlchemyError, sqlite3.Error, CannotUpgrade, TypeError, ValueError) as error:
            raise CannotOpen(f"the database cannot be used: {brief(error)}") from error

    @property
    def lent(self) -> AsyncEngine:
        """The engine for a library with statements of its own."""
        return self._its.lent

    async def ping(self) -> None:
        """See that it answers. Raises ``Unavailable``."""
        await self.read(lambda connection: connection.exec_driver_sql("SELECT 1").scalar())

    async def scrub(self) -> None:
        """Leave nothing of what was deleted in a SQLite file. Where that cannot be done now, the next time does it."""
        with failures():
            await self._its.scrub()

    async def close(self) -> None:
        """Finish what was asked for, and let go of all connections."""
        await self._its.close()


def _upgrade(connection: Connection) -> None:
    schema.upgrade(connection)
    connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")


def one_by_one(connection: Connection, lock: int) -> None:
    """Hold a lock until the transaction ends, so that each one sees what the last has done.

    SQLite's writers wait for each other anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(lock)))


def inserted(connection: Connection, statement: Executable) -> int:
    """Run an insert that returns one id."""
    return int(connection.execute(statement).scalar_one())
