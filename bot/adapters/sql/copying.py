"""A whole database, moved to another one on either engine, and seen to have arrived."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Table, delete, func, inspect, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql import schema
from bot.adapters.sql.backup import CannotCopy, database_file, unused
from bot.adapters.sql.engine import CannotOpen, Database, brief
from bot.adapters.sql.tables import metadata, tallies
from bot.core.ports import Unavailable

BATCH = 1000
"""Rows in memory at a time."""

TABLES = [*(table for table in metadata.sorted_tables if table is not tallies), tallies]
"""Every table after those that its rows name; the tallies after the standings, whose triggers write them too."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a table holds: how many rows, the sum of their hashes, and the last id it ever gave."""

    rows: int
    checksum: int
    last_id: int | None


@dataclass(frozen=True, slots=True)
class Copied:
    """A table on both sides."""

    table: str
    source: Digest
    target: Digest

    @property
    def equal(self) -> bool:
        return self.source == self.target


class _Differs(Exception):
    """Takes back all that was written to a target which does not hold what the source does."""


async def copy(source_url: str, target_url: str) -> list[Copied]:
    """Copy every row into an empty database, in one transaction, and compare both sides, table by table.

    Where a table differs, the target is left empty. Raises ``CannotCopy``.
    """
    if source_url.startswith("sqlite"):
        _see_to_file(source_url)
    async with (
        _opened("FROM", source_url) as source,
        _opened("TO", target_url) as target,
        _failing("FROM"),
        source.snapshot() as reading,
    ):
        await _see_to_source(reading)
        async with _failing("TO"):
            await _see_to_target(target)
            return await _copied(reading, target)


async def _copied(reading: AsyncConnection, target: Database) -> list[Copied]:
    found: list[Copied] = []
    with contextlib.suppress(_Differs):
        async with target.writing() as writing:
            for table in TABLES:
                if table is tallies:
                    await writing.execute(delete(tallies))
                await _fill(reading, writing, table)
            for table in TABLES:
                found.append(Copied(table.name, await digest(reading, table), await digest(writing, table)))
            if not all(one.equal for one in found):
                raise _Differs
    return found


@contextlib.asynccontextmanager
async def _opened(name: str, url: str) -> AsyncIterator[Database]:
    async with _failing(name):
        database = Database(url)
    try:
        yield database
    finally:
        await database.close()


@contextlib.asynccontextmanager
async def _failing(name: str) -> AsyncIterator[None]:
    """Tell what goes wrong with one of the two databases in a line, in the driver's words and without any row."""
    try:
        yield
    except (CannotOpen, Unavailable, SQLAlchemyError) as error:
        raise CannotCopy(f"{name}: {brief(error).partition(chr(10))[0]}") from error


# --- both sides as they must be ----------------------------------------------------------------------------------


def _see_to_file(url: str) -> None:
    """The source is a file that nobody uses: what is answered after the copy began would stay behind."""
    file = database_file(url)
    if not file.exists():
        raise CannotCopy(f"FROM: there is no database {file}")
    with unused(file):
        pass


async def _see_to_source(reading: AsyncConnection) -> None:
    """The source has this program's schema, and on a server, too, nobody uses it."""
    has, needs = await reading.run_sync(schema.version_of), schema.newest()
    if has is None:
        raise CannotCopy("FROM is no database of quizbot")
    if has != needs:
        raise CannotCopy(
            f"FROM has schema {has} and this program {needs}: quizbot db upgrade brings an older one up to it"
        )
    if reading.dialect.name == "postgresql" and (others := await reading.scalar(text(_OTHERS))):
        raise CannotCopy(f"FROM is used through {others} other connections: stop every bot and program on it first")


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


async def _see_to_target(target: Database) -> None:
    """The target holds nothing; then it gets the schema."""
    async with target.reading() as connection:
        for name in await connection.run_sync(lambda sync: inspect(sync).get_table_names()):
            if name == "alembic_version":
                continue
            if name not in metadata.tables:
                raise CannotCopy(f"TO must be empty, and has a table {name} that is not of quizbot")
            if await connection.scalar(select(literal(1)).select_from(metadata.tables[name]).limit(1)):
                raise CannotCopy(f"TO must be empty, and has rows in {name}")
    await target.upgrade()


# --- a table -----------------------------------------------------------------------------------------------------


async def _fill(reading: AsyncConnection, writing: AsyncConnection, table: Table) -> None:
    """Copy a table's rows, those that others of the same table name first, and the last id that it gave."""
    heads_first = [table.c.linked_to.is_not(None)] if "linked_to" in table.c else []
    ordered = select(table).order_by(*heads_first, *table.primary_key)
    async with reading.stream(ordered, execution_options={"yield_per": BATCH}) as found:
        async for rows in found.mappings().partitions():
            await writing.execute(table.insert(), [dict(row) for row in rows])
    column = table.autoincrement_column
    last = await _last_id(reading, column) if column is not None else 0
    if column is not None and last:
        await _count_on_from(writing, column, last)


async def digest(connection: AsyncConnection, table: Table) -> Digest:
    """What a table holds, the same on both engines: they sort text differently, so the order of rows does not count."""
    rows = checksum = 0
    async with connection.stream(select(table), execution_options={"yield_per": BATCH}) as found:
        async for row in found:
            hashed = hashlib.blake2b(msgspec.json.encode(tuple(row)), digest_size=16).digest()
            rows, checksum = rows + 1, (checksum + int.from_bytes(hashed, "big")) % 2**128
    column = table.autoincrement_column
    last = await _last_id(connection, column) if column is not None and _remembers(table) else None
    return Digest(rows, checksum, last)


# --- ids that were given -----------------------------------------------------------------------------------------


async def _last_id(connection: AsyncConnection, column: Column[int]) -> int:
    """The highest id that a table ever gave, though its row be erased; 0 where it gave none."""
    table = column.table
    highest = await connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        given = await connection.scalar(select(func.pg_sequence_last_value(sequence)))
    else:
        given = await connection.scalar(
            text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
    return max(highest, given or 0)


def _remembers(table: Table) -> bool:
    """Whether a table never gives an id twice on SQLite, too; those whose columns are slack-sdk's may."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


async def _count_on_from(connection: AsyncConnection, column: Column[int], last: int) -> None:
    """Let a table's next id be a later one."""
    table = column.table
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        await connection.execute(select(func.setval(sequence, last)))
    elif _remembers(table):
        its = {"name": table.name, "last": last}
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), its)
        await connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), its)
