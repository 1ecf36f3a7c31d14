"""What it means that a database did not do what it was asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.core.ports import Unavailable


class Crossed(Unavailable):
    """PostgreSQL gave a transaction up because of what another process did at the same time. Nothing of it was done."""


@contextmanager
def failures() -> Iterator[None]:
    """Raises ``Unavailable`` where the database does not answer, and what else goes wrong as it is."""
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


def busy(error: BaseException) -> bool:
    """Whether a writer waited in vain for another process's lock on a SQLite file."""
    return isinstance(error, OperationalError) and _sqlite_code(error) == sqlite3.SQLITE_BUSY


def brief(error: Exception) -> str:
    """What went wrong in the driver's own words: SQLAlchemy's would repeat the statement with what a member wrote."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


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
