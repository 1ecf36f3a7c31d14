"""Connections to the database: how they are opened, how transactions begin, and what their failures mean."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Executable, Table, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only

from bot.core.ports import Unavailable

log = logging.getLogger(__name__)

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

UPGRADING = 7_284_971
"""The lock under which processes that start together bring a PostgreSQL schema up to date one after the other."""

BUSY = 5000
"""Milliseconds to wait for another process's write to a SQLite file."""


Insert = Callable[[Table], "sqlite.Insert | postgresql.Insert"]
"""An insert that knows ON CONFLICT, which both engines spell alike."""


def _driven(url: URL) -> URL:
    """The address with the driver's name, and ``sslmode``, as hosted databases write it, in the driver's word."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername=DRIVERS[url.drivername], query=query)


class CannotOpen(Exception):
    """The database that an address names cannot be used; the text says why."""


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
        except (SQLAlchemyError, ValueError) as error:
            raise CannotOpen(f"the address cannot be read: {error}") from error
        self.insert: Insert = sqlite.insert if parsed.drivername == "sqlite" else postgresql.insert
        self.sqlite = parsed.drivername == "sqlite"
        # SQLite has one writer; those of this process wait here rather than for the file.
        self._writer = asyncio.Lock()
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _on_connect)
            event.listen(self.engine.sync_engine, "begin", _on_begin)

    async def upgrade(self) -> None:
        """Bring the schema up to date, and see that the database can be written. Raises ``CannotOpen``."""
        try:
            async with self.writing() as connection:
                await connection.run_sync(_upgrade)
                await connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        except (Unavailable, SQLAlchemyError, CommandError, TypeError, ValueError) as error:
            raise CannotOpen(f"the database cannot be used: {_brief(error)}") from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads."""
        with _failures():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes; it is durable when the block ends without an error."""
        with _failures():
            if not self.sqlite:
                async with self.engine.begin() as connection:
                    yield connection
                return
            async with self._writer, self.engine.connect() as plain:
                connection = await plain.execution_options(writes=True)
                async with connection.begin():
                    yield connection

    @property
    def lent(self) -> AsyncEngine:
        """The engine for a library with statements of its own; on SQLite its transactions wait for their turn."""
        return self.engine.execution_options(writes=True)

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


def _on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not begin transactions by itself: _on_begin does
    # SQLite's own knows the case of ASCII letters alone.
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={BUSY}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Switch a new file to WAL, which it stays in. SQLite does not wait for others that do the same, so this does."""
    for _ in range(BUSY // 50):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            await_only(asyncio.sleep(0.05))
        else:
            return
    cursor.execute("PRAGMA journal_mode=WAL")


def _on_begin(connection: Connection) -> None:
    # A transaction that starts by reading and writes later fails at once where another process wrote in between,
    # so writers ask for their lock first.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
        raise Unavailable(_brief(error)) from error
    except DBAPIError as error:
        if not (error.connection_invalidated or _passing(error)):
            raise
        raise Unavailable(_brief(error)) from error


def _passing(error: DBAPIError) -> bool:
    """Whether PostgreSQL may take the same statement later: no connection to be had, a deadlock, no room, a restart.

    https://www.postgresql.org/docs/current/errcodes-appendix.html, by class.
    """
    return str(getattr(error.orig, "sqlstate", "")).startswith(("08", "3D", "40", "53", "55", "57", "58"))


def _brief(error: Exception) -> str:
    """The driver's own words: SQLAlchemy's would repeat the statement with what a member wrote."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


async def inserted(connection: AsyncConnection, statement: Executable) -> int:
    """Run an insert that returns one id."""
    return int((await connection.execute(statement)).scalar_one())
