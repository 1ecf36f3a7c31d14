"""The database, through SQLAlchemy Core."""

from bot.adapters.sql.store import SqlStore

__all__ = ["SqlStore"]
