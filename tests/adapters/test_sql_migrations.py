"""Migrations let old code go on beside the new schema: they only add."""

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.adapters.sql import engine
from bot.adapters.sql.engine import Database

pytestmark = pytest.mark.store
SCRIPTS = f"{engine.__file__.rpartition('/')[0]}/migrations"
STEPS = [step.revision for step in reversed(list(ScriptDirectory(SCRIPTS).walk_revisions()))]
FIRST = "0002"
"""What was released first: nothing runs that knows less."""


@pytest.fixture
async def migrated(database):
    """Brings a new database up to a revision, and tells what is in it."""
    store = Database(database(blank=True).url)

    async def to(revision):
        return await store.write(lambda connection: upgraded(connection, revision))

    yield to
    await store.close()


def upgraded(connection, revision):
    """The schema after an upgrade."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    its = inspect(connection)
    return {
        table: {
            "columns": {column["name"]: column for column in its.get_columns(table)},
            "unique": {index["name"] for index in its.get_indexes(table) if index["unique"]}
            | {constraint["name"] for constraint in its.get_unique_constraints(table)},
            "foreign": {key["name"] for key in its.get_foreign_keys(table)},
            "check": {constraint["name"] for constraint in its.get_check_constraints(table)},
            "key": its.get_pk_constraint(table)["constrained_columns"],
        }
        for table in its.get_table_names()
    }


def test_the_chain_is_linear():
    """Every step follows one other, and there is one last one."""
    script = ScriptDirectory(SCRIPTS)
    assert len(script.get_heads()) == 1
    assert sorted(STEPS) == STEPS == [f"{n:04}" for n in range(1, len(STEPS) + 1)]


@pytest.mark.parametrize("step", STEPS[STEPS.index(FIRST) + 1 :])
async def test_a_step_only_adds(migrated, step):
    """After a step all tables, columns and constraints are what they were; what it adds to a table that old code writes
    may be empty or fills itself."""
    before = await migrated(STEPS[STEPS.index(step) - 1])
    after = await migrated(step)
    for table, was in before.items():
        its = after[table]
        for name, column in was["columns"].items():
            kept = its["columns"][name]
            assert (str(kept["type"]), kept["nullable"], kept["default"]) == (
                str(column["type"]), column["nullable"], column["default"],
            ), f"{table}.{name}"  # fmt: skip
        for name in its["columns"].keys() - was["columns"].keys():
            new = its["columns"][name]
            assert new["nullable"] or new["default"] is not None, f"{table}.{name} must be given by old code"
        for kind in ("unique", "foreign", "check", "key"):
            assert its[kind] == was[kind], f"{kind} of {table}"
