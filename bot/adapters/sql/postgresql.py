"""A PostgreSQL server, which knows by itself how to do several things at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

if TYPE_CHECKING:
    from bot.adapters.sql.engine import Held, Insert

T = TypeVar("T")


class Server:
    """A database on a server."""

    def __init__(self, url: URL) -> None:
        self.lent = create_async_engine(_driven(url), hide_parameters=True)
        self.engine = self.lent.sync_engine
        self.insert: Insert = insert

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction each of whose statements sees what was written until then."""
        async with self.lent.connect() as connection:
            return await connection.run_sync(work)

    async def snapshot(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that sees all as it was in one instant."""
        async with self._snapshot() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        async with self.lent.connect() as connection:
            yield await connection.execution_options(isolation_level="REPEATABLE READ")

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do this in a transaction that writes."""
        async with self.lent.begin() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def held(self, *, writes: bool) -> AsyncIterator[Held]:
        """A transaction that stays open from one piece of work to the next."""
        async with self.lent.begin() if writes else self._snapshot() as connection:
            yield connection.run_sync

    async def scrub(self) -> None:
        """The server does this by itself, in its own time."""

    async def close(self) -> None:
        """Let go of all connections."""
        await self.lent.dispose()


def _driven(url: URL) -> URL:
    """The address with the driver's name, and ``sslmode``, as hosted databases write it, in the driver's word."""
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query)
