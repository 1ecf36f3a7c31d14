"""The one writer of a SQLite file in this process: a thread with a connection of its own."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine

from bot.adapters.sql.failures import busy
from bot.core.ports import Unavailable

T = TypeVar("T")


class _Asked(NamedTuple):
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any]
    at: float


class Writer:
    """Does work in transactions, one after the other.

    A pool of threads, a pool of connections and the futures of both would cost a short transaction more than its
    statements do.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def __call__(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction; it is durable when this returns. Raises what the work or the database does."""
        return await self.between(partial(_in_transaction, work))

    async def between(self, work: Callable[[Connection], T]) -> T:
        """Do this between two transactions."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._asked.put(_Asked(work, done, time.monotonic()))
        return await done

    async def close(self) -> None:
        """Finish what was asked for."""
        if self._thread is not None:
            self._asked.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _run(self) -> None:
        connection: Connection | None = None
        locked = -math.inf
        """When another process's lock was last waited for in vain."""
        while asked := self._asked.get():
            if asked.done.cancelled():
                continue
            if asked.at < locked:  # who waited behind that has waited as long: they would be told one after the other
                _tell(asked.done, asked.done.set_exception, Unavailable("database is locked"))
                continue
            try:
                connection = connection or self._engine.connect()
                result = asked.work(connection)
            except BaseException as error:
                if busy(error):
                    locked = time.monotonic()
                _tell(asked.done, asked.done.set_exception, error)
                if connection is not None:  # whatever state it is in
                    connection.close()
                    connection = None
            else:
                _tell(asked.done, asked.done.set_result, result)
        if connection is not None:
            connection.close()


def _in_transaction(work: Callable[[Connection], T], connection: Connection) -> T:
    with connection.begin():
        return work(connection)


def _tell(done: asyncio.Future[Any], tell: Callable[[Any], None], what: object) -> None:
    def now() -> None:
        if not done.done():
            tell(what)

    with suppress(RuntimeError):  # the loop is closed, nobody waits any more
        done.get_loop().call_soon_threadsafe(now)
