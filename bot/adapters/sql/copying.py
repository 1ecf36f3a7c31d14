"""A whole database, moved to another one on either engine, and seen to have arrived."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import Column, Connection, RowMapping, Table, delete, func, inspect, literal, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.sql import schema
from bot.adapters.sql.backup import CannotCopy, database_file, unused
from bot.adapters.sql.engine import CannotOpen, Database, Held
from bot.adapters.sql.failures import brief
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
        source.held() as reading,
    ):
        await reading(_see_to_source)
        async with _failing("TO"):
            await target.read(_see_to_target)
            await target.upgrade()
            return await _copied(reading, target)


async def _copied(reading: Held, target: Database) -> list[Copied]:
    found: list[Copied] = []
    with contextlib.suppress(_Differs):
        async with target.held(writes=True) as writing:
            for table in TABLES:
                if table is tallies:
                    await writing(lambda connection: connection.execute(delete(tallies)))
                await _fill(reading, writing, table)
            for table in TABLES:
                look = partial(digest, table=table)
                found.append(Copied(table.name, await reading(look), await writing(look)))
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


def _see_to_source(reading: Connection) -> None:
    """The source has this program's schema, and on a server, too, nobody uses it."""
    has, needs = schema.version_of(reading), schema.newest()
    if has is None:
        raise CannotCopy("FROM is no database of quizbot")
    if has != needs:
        raise CannotCopy(
            f"FROM has schema {has} and this program {needs}: quizbot db upgrade brings an older one up to it"
        )
    if reading.dialect.name == "postgresql" and (others := reading.scalar(text(_OTHERS))):
        raise CannotCopy(f"FROM is used through {others} other connections: stop every bot and program on it first")


_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def _see_to_target(connection: Connection) -> None:
    """The target holds nothing."""
    for name in inspect(connection).get_table_names():
        if name == "alembic_version":
            continue
        if name not in metadata.tables:
            raise CannotCopy(f"TO must be empty, and has a table {name} that is not of quizbot")
        if connection.scalar(select(literal(1)).select_from(metadata.tables[name]).limit(1)):
            raise CannotCopy(f"TO must be empty, and has rows in {name}")


# --- a table -----------------------------------------------------------------------------------------------------


async def _fill(reading: Held, writing: Held, table: Table) -> None:
    """Copy a table's rows, and the last id that it gave."""
    batches = await reading(partial(_batches, table=table))
    while rows := await reading(lambda _: next(batches, None)):
        await writing(partial(_put, table=table, rows=rows))
    column = table.autoincrement_column
    if column is not None and (last := await reading(partial(_last_id, column=column))):
        await writing(partial(_count_on_from, column=column, last=last))


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """A table's rows, those that others of the same table name first."""
    heads_first = [table.c.linked_to.is_not(None)] if "linked_to" in table.c else []
    ordered = select(table).order_by(*heads_first, *table.primary_key)
    return connection.execute(ordered, execution_options={"yield_per": BATCH}).mappings().partitions()


def _put(connection: Connection, table: Table, rows: Sequence[RowMapping]) -> None:
    connection.execute(table.insert(), [dict(row) for row in rows])


def digest(connection: Connection, table: Table) -> Digest:
    """What a table holds, the same on both engines: they sort text differently, so the order of rows does not count."""
    rows = checksum = 0
    for row in connection.execute(select(table), execution_options={"yield_per": BATCH}):
        hashed = hashlib.blake2b(msgspec.json.encode(tuple(row)), digest_size=16).digest()
        rows, checksum = rows + 1, (checksum + int.from_bytes(hashed, "big")) % 2**128
    column = table.autoincrement_column
    last = _last_id(connection, column) if column is not None and _remembers(table) else None
    return Digest(rows, checksum, last)


# --- ids that were given -----------------------------------------------------------------------------------------


def _last_id(connection: Connection, column: Column[int]) -> int:
    """The highest id that a table ever gave, though its row be erased; 0 where it gave none."""
    table = column.table
    highest = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        given = connection.scalar(select(func.pg_sequence_last_value(sequence)))
    else:
        given = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    return max(highest, given or 0)


def _remembers(table: Table) -> bool:
    """Whether a table never gives an id twice on SQLite, too; those whose columns are slack-sdk's may."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _count_on_from(connection: Connection, column: Column[int], last: int) -> None:
    """Let a table's next id be a later one."""
    table = column.table
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))
    elif _remembers(table):
        its = {"name": table.name, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), its)
        connection.execute(text("INSERT INTO sqlite_sequence VALUES (:name, :last)"), its)
