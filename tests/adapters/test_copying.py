"""A database moved to another engine and back: every row, every id that was ever given, or nothing at all."""

import asyncio
import re
import subprocess
import sys
from datetime import timedelta
from functools import partial
from itertools import permutations

import pytest
from sqlalchemy import insert, make_url, text

from bot.adapters.sql import copying
from bot.adapters.sql.backup import CannotCopy
from bot.adapters.sql.engine import Database
from bot.adapters.sql.tables import slack_bots
from tests.databases import ENGINES

from .test_sql_rebuild import Game

ID = "select max(id) from answers"


@pytest.fixture
def blank(engines):
    """Makes a database without tables, on the engine of this name."""
    started, made = {name: engines(name) for name in ENGINES}, []

    def new(engine):
        made.append((started[engine], started[engine].new(blank=True)))
        return made[-1][1]

    yield new
    for databases, one in made:
        databases.drop(one)


async def lived(scratch):
    """Fill a database with a history: linked teams and members, rounds, answers, practice, an installation, and
    somebody who erased everything and was the last to be given ids."""
    async with Game(scratch) as game:
        await game.link("B", "A")
        for words in ("reveal", "easy", "hard", "immediate"):
            rnd = await game.opens("A", words)
            for name, place in (("Ann", "A"), ("Ann", "B"), ("Bo", "A"), ("Bo", "A")):
                await game.answers(name, rnd, "right" if name == "Ann" else "odd", place)
            game.now += timedelta(hours=24)
            await game.does("Boss", "A", "reveal")
        await game.link_me(("Ann", "A"), ("Ann", "B"))  # who counts as somebody with a later id
        await game.does("Bo", "C", "practice")
        await game.code("Bo", "C", "link me")
        rnd = await game.opens("A", "easy")
        await game.answers("Zoe ✓", rnd, "wrong")
        zoe = await game.store.member_called(1, "Zoe ✓")
        await game.store.erase(zoe.id)
        await game.does("Boss", "A", "reveal")
        bot = {
            "id": 7,
            "client_id": "1",
            "app_id": "A1",
            "is_enterprise_install": False,
            "installed_at": game.now.replace(tzinfo=None),
        }
        await game.database.change(insert(slack_bots).values(bot))


async def held(url):
    """Every row of every table, in the order of the keys, and the last id that each table gave."""
    database = Database(url)
    rows = {table.name: sorted(await database.all(table.select(), repr)) for table in copying.TABLES}
    digests = {table.name: await database.read(partial(copying.digest, table=table)) for table in copying.TABLES}
    await database.close()
    return rows, digests


async def test_there_and_back(blank):
    """SQLite, PostgreSQL, SQLite: each copy holds what the one before does, and says so of every table."""
    first, server, last = blank("sqlite"), blank("postgresql"), blank("sqlite")
    await lived(first)
    last.path.unlink(missing_ok=True)
    for source, target in ((first, server), (server, last)):
        copied = await copying.copy(source.url, target.url)
        assert [one.table for one in copied] == [table.name for table in copying.TABLES]
        assert all(one.equal for one in copied)
    assert await held(first.url) == await held(server.url) == await held(last.url)
    rows, _ = await held(last.url)
    assert {name for name, its in rows.items() if its} == LIVED


LIVED = {
    "teams", "workspaces", "channels", "members", "identities", "questions", "rounds", "answers", "entries",
    "standings", "tallies", "picks", "practices", "codes", "slack_bots",
}  # fmt: skip
"""What the history fills."""


@pytest.mark.parametrize(("one", "other"), [*permutations(ENGINES), *zip(ENGINES, ENGINES, strict=True)])
async def test_a_copy_goes_on_where_the_source_stopped(blank, one, other):
    """The next ids in a copy are those that the source would have given: none of an erased row comes again."""
    source, target = blank(one), blank(other)
    await lived(source)
    [(highest,)] = source.rows(ID)
    await copying.copy(source.url, target.url)
    for scratch in (source, target):
        async with Game(scratch) as game:
            game.now += timedelta(days=9)
            rnd = await game.opens("A", "easy")
            await game.answers("New", rnd, "right")
    assert target.rows(ID) == source.rows(ID) == [(highest + 2,)]
    for table in ("members", "rounds"):
        assert target.rows(f"select max(id) from {table}") == source.rows(f"select max(id) from {table}")


async def test_what_differs_is_told_and_taken_back(blank):
    """Where a row arrives changed, the table is named and the target is left empty."""
    source, target = blank("sqlite"), blank("sqlite")
    await lived(source)
    database = Database(target.url)
    await database.upgrade()
    await database.change(
        text("CREATE TRIGGER t AFTER INSERT ON answers BEGIN UPDATE answers SET score = score + 1 WHERE id = 1; END")
    )
    await database.close()
    copied = await copying.copy(source.url, target.url)
    assert [one.table for one in copied if not one.equal] == ["answers"]
    assert [target.rows(f"select count(*) from {table.name}") for table in copying.TABLES] == [[(0,)]] * len(copied)


# --- what is refused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_target_that_holds_anything(blank, engine):
    """A target with a row, or with a table of something else, is refused by name and stays as it is."""
    source, target = blank("sqlite"), blank(engine)
    await lived(source)
    target.change("create table recipes (id integer)")
    with pytest.raises(CannotCopy, match=r"^TO must be empty, and has a table recipes that is not of quizbot$"):
        await copying.copy(source.url, target.url)
    target.change("drop table recipes")
    await copying.copy(source.url, target.url)
    before = await held(target.url)
    with pytest.raises(CannotCopy, match=r"^TO must be empty, and has rows in [a-z]+$"):
        await copying.copy(source.url, target.url)
    assert await held(target.url) == before


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_source_in_use(blank, engine):
    """A source that a bot has open is refused: what it confirms after the copy began would stay behind."""
    source, target = blank(engine), blank("sqlite")
    await lived(source)
    async with Game(source) as game:
        await game.does("Ann", "A", "help")
        with pytest.raises(CannotCopy, match="stop "):
            await copying.copy(source.url, target.url)
    assert all(one.equal for one in await copying.copy(source.url, target.url))


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_source_of_another_version(blank, engine):
    """A source with an older schema is refused and told how to bring it up; one without any is no database of ours."""
    source, target = blank(engine), blank("sqlite")
    if engine == "sqlite":
        source.change("create table recipes (id integer)")
    with pytest.raises(CannotCopy, match=r"^FROM is no database of quizbot$"):
        await copying.copy(source.url, target.url)
    database = Database(source.url)
    await database.upgrade()
    await database.close()
    source.change("update alembic_version set version_num = '0001'")
    with pytest.raises(CannotCopy, match=r"^FROM has schema 0001 and this program .*: quizbot db upgrade "):
        await copying.copy(source.url, target.url)


def quizbot(*words):
    """The command line, as a process."""
    return subprocess.run([sys.executable, "-m", "bot", *map(str, words)], capture_output=True, text=True, timeout=60)


def test_the_command(blank, tmp_path):
    """`db copy FROM TO` prints a line for each table and the sum, and exits 0; a refusal is one line and exit 2."""
    source, target = blank("sqlite"), tmp_path / "new.db"
    asyncio.run(lived(source))
    done = quizbot("db", "copy", source.url, f"sqlite:///{target}")
    assert (done.returncode, done.stderr) == (0, "")
    *lines, end = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == [table.name for table in copying.TABLES]
    assert re.fullmatch(rf"{len(lines)} tables, [0-9]+ rows: all of it is there", end)
    again = quizbot("db", "copy", source.url, f"sqlite:///{target}")
    assert (again.returncode, again.stdout, len(again.stderr.splitlines())) == (2, "", 1)
    assert quizbot("db", "copy", source.url).stderr == "quizbot: db copy takes FROM and TO\n"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:Sw0rdfish@127.0.0.1:1/quiz",
        "postgresql://ann:Sw0rdfish@host:Sw0rdfish@127.0.0.1/quiz",
        "mysql://ann:Sw0rdfish@127.0.0.1/quiz",
        "sqlite:////nowhere/Sw0rdfish.db",
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_a_failure_is_one_line_without_a_password(blank, url, side):
    """Whatever is wrong with an address, the user is told in one line which of the two it is, and no password."""
    other = blank("sqlite")
    asyncio.run(lived(other))
    urls = [url, other.url] if side == 0 else [other.url, url]
    done = quizbot("db", "copy", *urls)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert done.stderr.startswith(("quizbot: FROM: ", "quizbot: TO: ")[side])
    if "sqlite" not in url:
        assert "Sw0rdfish" not in done.stderr
        assert str(make_url(other.url).database) not in done.stderr
