"""Connections to the database: how they are opened, how transactions begin, and what their failures mean."""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from bot.adapters.sql import schema
from bot.adapters.sql.schema import CannotUpgrade
from bot.adapters.sql.writer import Writer
from bot.core.ports import Unavailable

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

log = logging.getLogger(__name__)

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

UNREADABLE = "the address cannot be read; in a password, signs such as @ and / are written as %40 and %2F"

LINKING = 7_284_972
"""The lock under which processes on PostgreSQL link and part one after the other."""

ATTEMPTS = 5
"""How often a transaction is tried that others come between, before somebody is told."""

BUSY = 5000
"""Milliseconds to wait for another process's write to a SQLite file."""

PAUSE = 0.05
"""Seconds between two attempts at what SQLite does not wait for by itself."""


P = ParamSpec("P")
T = TypeVar("T")

Insert = Callable[[Table], "sqlite.Insert | postgresql.Insert"]
"""An insert that knows ON CONFLICT, which both engines spell alike."""


def _insert_of(engine: str) -> Insert:
    """The dialect is loaded where it is used: PostgreSQL's alone takes as long as all of aiosqlite's."""
    if engine == "sqlite":
        from sqlalchemy.dialects.sqlite import insert

        return insert
    from sqlalchemy.dialects.postgresql import insert as insert_there

    return insert_there


def _driven(url: URL) -> URL:
    """The address with the driver's name, and ``sslmode``, as hosted databases write it, in the driver's word."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername=DRIVERS[url.drivername], query=query)


def _is_file(url: URL) -> bool:
    """Whether it is SQLite in a file, which several connections can share."""
    return url.drivername == "sqlite" and url.database not in (None, "", ":memory:")


class CannotOpen(Exception):
    """The database that an address names cannot be used; the text says why."""


class Crossed(Unavailable):
    """PostgreSQL gave a transaction up because of what another process did at the same time. Nothing of it was done."""


class Database:
    """One engine, with transactions that read or write. They raise ``Unavailable`` where it does not answer."""

    def __init__(self, url: str) -> None:
        """``url`` as in ``DATABASE_URL``. Raises ``CannotOpen``."""
        try:
            parsed = make_url(url)
            if parsed.drivername not in DRIVERS:
                raise CannotOpen(f"{parsed.drivername} is neither sqlite nor postgresql")
            self.engine: AsyncEngine = create_async_engine(_driven(parsed), hide_parameters=True)
        except ModuleNotFoundError as error:
            raise CannotOpen("PostgreSQL needs a driver: pip install 'quizbot[postgresql]'") from error
        except (SQLAlchemyError, ValueError) as error:  # their words may hold a part of the password
            raise CannotOpen(UNREADABLE) from error
        self.insert = _insert_of(parsed.drivername)
        self.sqlite = parsed.drivername == "sqlite"
        self.changes = 0
        """How often this process wrote, or tried to write, anything but answers."""
        # SQLite has one writer; those of this process wait here rather than for the file.
        self._writer = asyncio.Lock()
        # Through aiosqlite every statement takes four changes of thread. What is done as one piece of work takes one.
        self._threaded = create_engine(parsed, hide_parameters=True) if _is_file(parsed) else None
        self._write_in_turn = self._threaded and Writer(self._threaded.execution_options(writes=True))
        self._locked = -math.inf
        """When a writer last waited in vain for another process's, by the loop's clock."""
        if self.sqlite:
            _listen(self.engine.sync_engine, lambda: await_only(asyncio.sleep(PAUSE)))
        if self._threaded:
            _listen(self._threaded, lambda: time.sleep(PAUSE))  # in a thread of its own, not on the event loop

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that only reads."""
        if self._threaded:
            with _failures():
                return await _in_thread(self._threaded, work)
        async with self.reading() as connection:
            return await connection.run_sync(work)

    async def write(self, work: Callable[[Connection], T], *, answers: bool = False) -> T:
        """Do this in a transaction that writes, again where another process came between; it is durable when this
        returns. ``answers`` says that it writes them and what they come to, and nothing else."""
        try:
            return await retried(self._write)(work)
        finally:
            self.changes += not answers

    async def _write(self, work: Callable[[Connection], T]) -> T:
        if self._write_in_turn:
            with _failures():
                async with self._turn():
                    return await self._write_in_turn(work)
        async with self._transaction() as connection:
            return await connection.run_sync(work)

    @property
    def missing(self) -> bool:
        """Whether there is no such SQLite file, which the first connection would make."""
        file = self.engine.url.database
        return self.sqlite and bool(file) and not Path(str(file)).exists()

    async def upgrade(self) -> None:
        """Bring the schema up to date, and see that the database can be written. Raises ``CannotOpen``."""
        try:
            self._try_to_open()
            async with self.writing() as connection:
                await connection.run_sync(schema.upgrade)
                await connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        except (Unavailable, SQLAlchemyError, sqlite3.Error, CannotUpgrade, TypeError, ValueError) as error:
            raise CannotOpen(f"the database cannot be used: {brief(error)}") from error

    def _try_to_open(self) -> None:
        """Find a SQLite file that cannot be opened: aiosqlite, on meeting one, leaves a thread behind that complains of
        the closed event loop on standard error."""
        file = self.engine.url.database
        if self.sqlite and file and not file.startswith("file:"):
            sqlite3.connect(file).close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        with _failures():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, all of it as it was in one instant; on SQLite each one is so."""
        with _failures():
            async with self.engine.connect() as plain:
                if self.sqlite:
                    yield plain
                else:
                    yield await plain.execution_options(isolation_level="REPEATABLE READ")

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes; it is durable when the block ends without an error."""
        try:
            async with self._transaction() as connection:
                yield connection
        finally:
            self.changes += 1

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        with _failures():
            if not self.sqlite:
                async with self.engine.begin() as connection:
                    yield connection
                return
            async with self._turn(), self.engine.connect() as plain:
                connection = await plain.execution_options(writes=True)
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Wait for this process's other writers; where one of them meanwhile waited in vain for another process's lock,
        all who waited behind it have, too: they would else be told one after the other."""
        loop = asyncio.get_running_loop()
        arrived = loop.time()
        async with self._writer:
            if arrived < self._locked:
                raise Unavailable("database is locked")
            try:
                yield
            except OperationalError as error:
                if _sqlite_code(error) == sqlite3.SQLITE_BUSY:
                    self._locked = loop.time()
                raise

    async def one_by_one(self, connection: AsyncConnection, lock: int) -> None:
        """Hold a lock until the transaction ends, so that each one sees what the last has done.

        SQLite's writers wait for each other anyway.
        """
        if not self.sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(lock)))

    @property
    def lent(self) -> AsyncEngine:
        """The engine for a library with statements of its own; on SQLite its transactions wait for their turn."""
        return self.engine.execution_options(writes=True)

    async def ping(self) -> None:
        """See that it answers. Raises ``Unavailable``."""
        await self.read(lambda connection: connection.exec_driver_sql("SELECT 1"))

    async def scrub(self) -> None:
        """Write a SQLite file anew without what was deleted: until then it lies in free pages and in the log beside it.

        Where that cannot be done now, the next time does it.
        """
        if not self.sqlite:
            return
        async with self._writer, self.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    await (await driver.execute(statement)).close()
            except sqlite3.OperationalError as error:
                log.warning("what was deleted may still lie in the file: %s", error)

    async def close(self) -> None:
        await self.engine.dispose()
        if self._write_in_turn:
            await self._write_in_turn.close()
        if self._threaded:
            self._threaded.dispose()


async def _in_thread(engine: Engine, work: Callable[[Connection], T]) -> T:
    """``asyncio.to_thread`` would copy the context, of which nothing is read there."""
    return await asyncio.get_running_loop().run_in_executor(None, _in_transaction, engine, work)


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _listen(engine: Engine, pause: Callable[[], None]) -> None:
    event.listen(engine, "connect", lambda connection, _: _on_connect(connection, pause))
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: DBAPIConnection, pause: Callable[[], None]) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself: _on_begin does
    # SQLite's own knows the case of ASCII letters alone.
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor, pause)
    cursor.close()


def _write_ahead(cursor: DBAPICursor, pause: Callable[[], None]) -> None:
    """Switch a new file to WAL, which it stays in. SQLite does not wait for others that do the same, so this does."""
    for _ in range(int(BUSY / 1000 / PAUSE)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            pause()
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _on_begin(connection: Connection) -> None:
    # A transaction that starts by reading and writes later fails at once where another process wrote in between,
    # so writers ask for their lock first.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise Unavailable(brief(error)) from error
    except DBAPIError as error:
        if _sqlstate(error).startswith("40"):
            raise Crossed(brief(error)) from error
        if not (error.connection_invalidated or _passing(error)):
            raise
        raise Unavailable(brief(error)) from error


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


def _sqlstate(error: DBAPIError) -> str:
    """PostgreSQL's code: https://www.postgresql.org/docs/current/errcodes-appendix.html, by class."""
    return str(getattr(error.orig, "sqlstate", ""))


def _passing(error: DBAPIError) -> bool:
    """Whether the same statement may be taken later: by PostgreSQL where no connection is to be had, without room, in a
    restart. Or by a SQLite file that is damaged, which lasts until somebody brings back a copy:
    https://www.sqlite.org/rescode.html.
    """
    if _sqlite_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return True
    return _sqlstate(error).startswith(("08", "3D", "53", "55", "57", "58"))


def _sqlite_code(error: DBAPIError) -> int:
    """SQLite's primary result code, 0 for an error of another database."""
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF


def brief(error: Exception) -> str:
    """What went wrong in the driver's own words: SQLAlchemy's would repeat the statement with what a member wrote."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


async def inserted(connection: AsyncConnection, statement: Executable) -> int:
    """Run an insert that returns one id."""
    return int((await connection.execute(statement)).scalar_one())
