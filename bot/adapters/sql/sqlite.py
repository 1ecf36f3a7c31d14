"""A SQLite file: threads that read, and one that writes."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from bot.adapters.sql.writer import Writer

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.adapters.sql.engine import Held, Insert

log = logging.getLogger(__name__)

BUSY = 5000
"""Milliseconds to wait for another process's write to the file."""

CHECKPOINT = 4000
"""Pages in the log beside the file after which they are carried over. In a file that has grown each answer changes
pages of its own; the more of them are carried over at once, the fewer are written twice."""

PAUSE = 0.05
"""Seconds between two attempts at what SQLite does not wait for by itself."""

T = TypeVar("T")


class File:
    """A file that several connections and processes share; or, without a name, what one connection has in memory, which
    only the thread that writes uses."""

    def __init__(self, url: URL) -> None:
        self._in_memory = url.database in (None, "", ":memory:")
        alone: dict[str, Any] = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        self.engine = create_engine(url, hide_parameters=True, **alone if self._in_memory else {})
        self.insert: Insert = insert
        _listen(self.engine, lambda: time.sleep(PAUSE))  # in a thread of its own, not on the event loop
        self._writing = self.engine.execution_options(writes=True)
        self._writer = Writer(self._writing)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction, which sees all as it was in one instant."""
        if self._in_memory:
            return await self.write(work)
        # asyncio.to_thread would copy the context, of which nothing is read there.
        return await asyncio.get_running_loop().run_in_executor(None, _in_transaction, self.engine, work)

    snapshot = read

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that writes, after all that this process was asked to write before."""
        return await self._writer(work)

    @asynccontextmanager
    async def held(self, *, writes: bool) -> AsyncIterator[Held]:
        """A transaction in a thread of its own, which ends what it has begun before it gives the transaction up."""
        with ThreadPoolExecutor(1) as thread:
            do = partial(asyncio.get_running_loop().run_in_executor, thread)
            connection = await do((self._writing if writes else self.engine).connect)
            try:
                transaction = await do(connection.begin)
                yield lambda work: do(work, connection)
                await do(transaction.commit)
            finally:
                await do(connection.close)

    async def scrub(self) -> None:
        """Write the file anew without what was deleted: until then it lies in free pages and in the log beside it."""
        await self._writer.between(_scrub)

    @cached_property
    def lent(self) -> AsyncEngine:
        """For a library with statements of its own, whose transactions wait for their turn."""
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.util import await_only

        made = create_async_engine(self.engine.url.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
        _listen(made.sync_engine, lambda: await_only(asyncio.sleep(PAUSE)))
        return made.execution_options(writes=True)

    async def close(self) -> None:
        """Finish what was asked for."""
        if "lent" in self.__dict__:
            await self.lent.dispose()
        await self._writer.close()
        self.engine.dispose()


def _in_transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _scrub(connection: Connection) -> None:
    cursor = connection.connection.cursor()  # the driver's: SQLAlchemy would begin a transaction
    try:
        for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement)
            cursor.fetchall()
    except sqlite3.OperationalError as error:
        log.warning("what was deleted may still lie in the file: %s", error)
    finally:
        cursor.close()


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
    cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")
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
