"""The version of a database's schema, and the steps that bring it up to this program's."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

MIGRATIONS = Path(__file__).parent / "migrations"

UPGRADING = 7_284_971
"""The lock under which processes that start together bring a PostgreSQL schema up to date one after the other."""


class CannotUpgrade(Exception):
    """No step leads from the schema that a database has to this program's; the text says why."""


def newest() -> str:
    """The version of the schema that this program has: that of its last step."""
    return max(step.name.partition("_")[0] for step in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def version_of(connection: Connection) -> str | None:
    """The version that a database has; None where it has no schema."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def upgrade(connection: Connection) -> None:
    """Bring a schema up to date. Raises ``CannotUpgrade``.

    Most starts find it so; then Alembic, a fifth of what a start takes, is not even loaded.
    """
    if version_of(connection) == newest():
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    if connection.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADING})")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise CannotUpgrade(str(error)) from error
