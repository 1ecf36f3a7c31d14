"""Statements that are run at every answer, put together once.

SQLAlchemy takes several times as long to come to a statement's text, and from the cursor to rows, as SQLite to answer.
So on SQLite the text that it made is kept, and handed to the driver. On PostgreSQL the way there takes longer still.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Select
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from bot.adapters.sql.engine import Insert

Values = Mapping[str, Any]
Processor = Callable[[Any], Any]


class Query:
    """A select whose values are named; some of them may be lists of ids."""

    def __init__(self, statement: Select[*tuple[Any, ...]]) -> None:
        self._statement = statement
        names: list[str] = [str(column.key) for column in statement.selected_columns]
        row: Any = namedtuple("Row", names)  # type: ignore[misc]  # names that a type checker cannot know
        self._row = row._make
        self._texts: dict[tuple[int, ...], _Text] = {}
        self._read: list[tuple[int, Processor]] = []

    def __call__(self, connection: Connection, **values: Any) -> Sequence[Any]:
        """Its rows, by the columns' names."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self._statement, values).all()
        lists = {name: _filled_up(value) for name, value in values.items() if isinstance(value, list)}
        values |= lists
        sizes = tuple(map(len, lists.values()))
        text = self._texts.get(sizes) or self._texts.setdefault(sizes, self._text(connection.dialect, values))
        with _cursor(connection) as cursor:
            cursor.execute(text.statement, text.bound(values))
            return [self._row(_processed(row, self._read)) for row in cursor.fetchall()]

    def _text(self, dialect: Dialect, values: Values) -> _Text:
        types = [column.type.dialect_impl(dialect) for column in self._statement.selected_columns]
        processors = [its.result_processor(dialect, None) for its in types]
        self._read = [(n, its) for n, its in enumerate(processors) if its]
        return _Text(self._statement, dialect, values)


def _filled_up(values: list[Any]) -> list[Any]:
    """The last one again, up to a power of two, so that there are few texts; it is found once all the same."""
    return values + values[-1:] * ((1 << (len(values) - 1).bit_length()) - len(values)) if values else values


class Command:
    """What is run once for each of some rows, all of them with the same columns; ``statement`` makes it."""

    def __init__(self, statement: Callable[[Insert], Executable]) -> None:
        self._statement = statement
        self._text: _Text | None = None

    def __call__(self, connection: Connection, insert: Insert, rows: Sequence[Values]) -> None:
        """Run it."""
        if connection.dialect.name != "sqlite":
            connection.execute(self._statement(insert), rows)
            return
        text = self._text = self._text or _Text(self._statement(insert), connection.dialect, rows[0])
        with _cursor(connection) as cursor:
            cursor.executemany(text.statement, text.all_bound(rows))  # type: ignore[arg-type]  # any iterable will do


class _Text:
    """A statement as the driver takes it: https://docs.sqlalchemy.org/en/20/core/internals.html, ``SQLCompiler``."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(values))
        state = compiled.construct_expanded_state(values)
        self.statement = state.statement
        self._constants = {name: value for name, value in state.parameters.items() if name in compiled.binds}
        first = {parts[0]: name for name, parts in state.parameter_expansion.items() if parts}
        places = ((first.get(part, part), part in first) for part in state.positiontup or ())
        self._places: list[tuple[str, bool, Processor | None]] = []
        for name, many in places:
            if name in compiled.binds:  # others are the further values of a list
                its = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
                self._places.append((name, many, None if many else its))

    def bound(self, values: Values) -> Sequence[Any]:
        """Values in the order of their places, of the types that the driver takes."""
        bound: list[Any] = []
        for name, many, its in self._places:
            value = values[name] if name in values else self._constants[name]
            if many:
                bound += value
            else:
                bound.append(its(value) if its else value)
        return bound

    def all_bound(self, rows: Sequence[Values]) -> Iterator[Sequence[Any]]:
        """The same for each of many rows, which name all values, none of them a list."""
        picked: Iterator[Sequence[Any]] = map(itemgetter(*(name for name, _, _ in self._places)), rows)
        processors = [(n, its) for n, (_, _, its) in enumerate(self._places) if its]
        return (_processed(values, processors) for values in picked) if processors else picked


def _processed(values: Sequence[Any], processors: Sequence[tuple[int, Processor]]) -> Sequence[Any]:
    processed = list(values)
    for n, its in processors:
        processed[n] = its(processed[n])
    return processed


@contextmanager
def _cursor(connection: Connection) -> Iterator[DBAPICursor]:
    """The driver's; what it raises becomes what SQLAlchemy would."""
    cursor = connection.connection.cursor()
    dialect = connection.dialect
    try:
        yield cursor
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(None, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error
    finally:
        cursor.close()
