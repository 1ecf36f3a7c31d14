"""The one writer of a SQLite file in this process: a thread with a connection of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")

Work = Callable[[Connection], Any]


class Writer:
    """Does work in transactions, one after the other.

    A pool of threads, a pool of connections and the futures of both would cost a short transaction more than its
    statements do.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: SimpleQueue[tuple[Work, asyncio.Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    async def __call__(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction; it is durable when this returns. Raises what the work or the database does."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
            self._thread.start()
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._asked.put((work, done))
        return await done

    async def close(self) -> None:
        """Finish what was asked for."""
        if self._thread is not None:
            self._asked.put(None)
            await asyncio.to_thread(self._thread.join)
            self._thread = None

    def _run(self) -> None:
        connection: Connection | None = None
        while asked := self._asked.get():
            work, done = asked
            try:
                connection = connection or self._engine.connect()
                with connection.begin():
                    result = work(connection)
            except BaseException as error:
                _tell(done, done.set_exception, error)
                if connection is not None:  # whatever state it is in
                    connection.close()
                    connection = None
            else:
                _tell(done, done.set_result, result)
        if connection is not None:
            connection.close()


def _tell(done: asyncio.Future[Any], tell: Callable[[Any], None], what: object) -> None:
    def now() -> None:
        if not done.done():
            tell(what)

    with suppress(RuntimeError):  # the loop is closed, nobody waits any more
        done.get_loop().call_soon_threadsafe(now)
