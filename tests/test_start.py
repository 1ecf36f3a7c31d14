"""What a start loads: each library costs every start its time and its memory."""

import subprocess
import sys
from functools import cache
from textwrap import dedent

import pytest

STARTED = """
    import gc, sys
    import bot.__main__, bot.adapters.discord, bot.adapters.slack
    from bot.adapters.sql.engine import Database
    from tests.core.stage import bank_of, choice, essay, short
    Database("sqlite:///never-opened.db")
"""


@cache
def loaded(*then: str) -> set[str]:
    """The modules of a process that has loaded what runs on both platforms and SQLite, and did this."""
    program = "\n".join([dedent(STARTED), *then, "print(*sys.modules)"])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "library",
    [
        "aiosqlite",
        "alembic",
        "bot.core.check",
        "prometheus_client",
        "rapidfuzz",
        "rich",
        "snowballstemmer",
        "sqlalchemy.dialects.postgresql",
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.orm",
    ],
)
def test_a_start_loads_only_what_it_uses(library):
    """Neither what migrates, checks or is looked at over HTTP, nor another database, nor what plays in a terminal or
    grades typed answers."""
    assert library not in loaded()


def test_a_bank_prepares_what_grades_its_questions():
    """The grader of typed answers is loaded before the first of them comes, and not where none can come."""
    grader = "bot.core.grading.short"
    assert grader not in loaded('bank_of(choice("one")).prepare()')
    assert grader in loaded('bank_of(choice("one"), short("two")).prepare()')
    assert grader in loaded('bank_of(essay("one")).prepare()')


def test_what_was_loaded_is_never_looked_through_again():
    """Garbage is collected once the program is loaded, but not among its modules."""
    assert "True" in loaded("print(gc.isenabled() and gc.get_freeze_count() > 100_000)")
