"""``quizbot db check``: whatever is not what the log comes to is found, told in a line, and repaired."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.adapters.sql.backup import CannotCopy, backup, restore
from bot.adapters.sql.check import Caps, Check

from .test_sql_rebuild import CAP, NAMES, Game, kept, recomputed

pytestmark = pytest.mark.store
COUNTS = "1 teams, 3 members, 3 rounds, 6 answers, 6 entries, 14 standings; 2 extra rounds a day earn points"


@pytest.fixture
async def game(database):
    """A team of which two have answered the questions of three days."""
    async with Game(database()) as made:
        for hours in (0, 24, 24):
            made.now += timedelta(hours=hours)
            rnd = await made.opens("A", "reveal")
            for name in NAMES:
                await made.answers(name, rnd, "right")
            await made.does("Boss", "A", "reveal")
        yield made


RULES = Caps(CAP)


async def checked(game, repair=False, caps=RULES):
    """The lines of a check, and how many faults were left."""
    check = Check(game.database, caps, repair)
    return [line async for line in check.lines()], check.faults


async def test_a_whole_database(game):
    """A database in which all is well is told in one line, with counts and the cap that holds."""
    assert await checked(game) == ([f"whole: {COUNTS}"], 0)


DAMAGES = [
    ("delete from entries where contest = 2 and member_id = 2", ["entries: contest 2, member 2: is missing"]),
    (
        "update entries set points = 5, reason = 'x', settled = {no} where contest = 1 and member_id = 2",
        ["entries: contest 1, member 2: reason is another one; points is 5, should be 20; "
         "settled is False, should be True"],
    ),
    ("delete from standings where period = 'all' and member_id = 2", [
        "standings: team 1, period all, member 2: is missing"
    ]),
    ("update standings set points = points + 3 where period = '2026-12' and member_id = 2", [
        "standings: team 1, period 2026-12, member 2: points is 63, should be 60"
    ]),
    ("insert into standings values (1, '1999', 2, 7, 7, 7)", [
        "standings: team 1, period 1999, member 2: should not be there"
    ]),
    ("update members set streak = 9, last_day = null where id = 2", [
        "streaks: member 2: last_day is None, should be 2026-12-30; streak is 9, should be 3"
    ]),
]  # fmt: skip


async def test_tallies_are_checked(game):
    """Tallies that are not what a board's lines come to are told, board by board, and made anew."""
    game.scratch.change("update tallies set lines = lines + 1 where period = 'all'")
    game.scratch.change("delete from tallies where period = '2026-12'")
    told = [f"tallies: team 1, period {period}: not as many lines as there are" for period in ("2026-12", "all")]
    lines, faults = await checked(game)
    assert (lines[:-1], faults) == (told, 2)
    assert await checked(game, repair=True) == ([*told, f"whole: {COUNTS}"], 0)
    assert await checked(game) == ([f"whole: {COUNTS}"], 0)


@pytest.mark.parametrize(("damage", "lines"), DAMAGES)
async def test_damage_is_found_and_repaired(game, damage, lines):
    """Each table that is kept beside the log: what was lost, changed or put in is told, and then counted anew."""
    before = kept(game)
    game.scratch.change(damage.format(no=0 if game.scratch.sqlite else "false"))
    found, faults = await checked(game)
    assert (found[:-1], faults) == (lines, len(lines))
    assert found[-1].startswith("not whole: ")
    found, faults = await checked(game, repair=True)
    assert found == [*lines, f"whole after the repair of 1 members: {COUNTS}"]
    assert faults == 0
    assert kept(game) == before == recomputed(game)
    assert await checked(game) == ([f"whole: {COUNTS}"], 0)


async def test_only_whom_it_concerns_is_counted_anew(game):
    """A repair writes no row of members for whom all is well."""
    game.scratch.change("update standings set points = 1 where member_id = 3 and period = 'all'")
    untouched = game.rows("select * from standings where member_id = 2")
    where = "select ctid, * from standings where member_id = 2" if not game.scratch.sqlite else "select 1"
    before = game.rows(where)
    await checked(game, repair=True)
    assert game.rows("select * from standings where member_id = 2") == untouched
    assert game.rows(where) == before


async def test_more_persons_than_are_counted_at_a_time(game, monkeypatch):
    """What differs is found for everyone, however few are looked at together, and linked accounts stay one person."""
    monkeypatch.setattr("bot.adapters.sql.check.PERSONS", 1)
    await game.does("Ann", "B", "help")
    await game.link("B", "A")
    await game.link_me(("Ann", "B"), ("Ann", "A"))
    assert (await checked(game))[1] == 0
    game.scratch.change("update standings set right = 0 where period = 'all'".replace("right", '"right"'))
    lines, faults = await checked(game)
    assert [line.split(":")[0] for line in lines[:-1]] == ["standings", "standings"]
    assert faults == 2
    await checked(game, repair=True)
    assert kept(game) == recomputed(game)


async def test_without_a_cap(game):
    """Where a platform has no cap, its teams are counted without one; elsewhere the cap that is given holds."""
    for _ in range(CAP + 1):
        rnd = await game.opens("A", "easy")
        await game.answers("Ann", rnd, "right")
        await game.does("Boss", "A", "reveal")
    assert (await checked(game))[1] == 0
    lines, faults = await checked(game, caps=Caps(CAP, {"test"}))
    assert faults == len(lines) - 1 > 0
    assert lines[-1].endswith("; 2 extra rounds a day earn points, all on test")
    assert await checked(game, caps=Caps(None)) != await checked(game)


async def test_while_a_bot_runs(game):
    """While answers come, rounds close and members link in another process, no check finds a difference."""
    async with Game(game.scratch) as other:
        other.now = game.now
        playing = asyncio.create_task(played(other))
        checks = []
        while not playing.done():
            checks.append(await checked(game))
        await playing
    assert [lines[:-1] for lines, _ in checks] == [[]] * len(checks)
    assert len(checks) > 1


async def played(game):
    """A few rounds of many answers, with links."""
    await game.does("Ann", "B", "help")
    await game.link("B", "A")
    for n in range(4):
        game.now += timedelta(hours=24)
        rnd = await game.opens("A", "easy" if n % 2 else "reveal")
        await asyncio.gather(
            *(game.answers(f"P{m}", rnd, "right") for m in range(20)),
            game.link_me(("Ann", "B"), ("Ann", "A")),
        )
        await asyncio.gather(game.does("Boss", "A", "reveal"), game.does("Ann", "A", "unlink me"))


async def test_a_repair_while_answers_come(game):
    """What is counted anew while another process takes answers and closes rounds is right in the end."""
    async with Game(game.scratch) as other:
        other.now = game.now
        playing = asyncio.create_task(played(other))
        while not playing.done():
            await asyncio.to_thread(game.scratch.change, "update standings set points = 0 where member_id = 2")
            await checked(game, repair=True)
        await playing
    assert kept(game) == recomputed(game)


@pytest.mark.sqlite
async def test_a_row_that_points_to_nothing(game):
    """A reference that is broken is told with its table and row, and no repair hides it."""
    game.scratch.change("update rounds set asker_id = 99 where id = 1")
    for repair in (False, True):
        lines, faults = await checked(game, repair)
        assert lines[0] == "rounds: row 1 points to a row of members that is not there"
        assert (lines[-1][:10], faults) == ("not whole:", 1)


@pytest.mark.sqlite
async def test_a_damaged_file(game):
    """A page that was overwritten is told, without a traceback."""
    await game.store.dispose()
    root, size = game.rows(
        "select rootpage, (select * from pragma_page_size) from sqlite_master where name = 'answers'"
    )[0]
    with game.scratch.path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xaa" * size)
    async with Game(game.scratch) as damaged:
        lines, faults = await checked(damaged)
    assert faults >= 1
    assert all(line.startswith(("database: ", "not whole: ")) for line in lines)


async def test_an_index_that_is_not_valid(game):
    """On PostgreSQL an index that was not built to its end is told by its name."""
    if game.scratch.sqlite:
        pytest.skip("SQLite has no such index")
    game.scratch.change("update pg_index set indisvalid = false where indexrelid = 'ix_answers_round_id'::regclass")
    lines, faults = await checked(game)
    assert (lines[0], faults) == ("database: the index ix_answers_round_id is not valid", 1)


# --- a copy and its return -------------------------------------------------------------------------------------------


@pytest.mark.sqlite
async def test_a_restore_brings_every_row_back(game, tmp_path):
    """What is restored has as many rows of each table as the copy, and is whole."""
    before = kept(game)
    backup(game.scratch.url, tmp_path / "copy.db")
    game.scratch.change("delete from standings")
    await game.store.dispose()
    restore(game.scratch.url, tmp_path / "copy.db")
    async with Game(game.scratch) as again:
        assert kept(again) == before
        assert await checked(again) == ([f"whole: {COUNTS}"], 0)


@pytest.mark.sqlite
@pytest.mark.parametrize("damage", ["delete from members where id = 2", "drop table answers"])
async def test_a_copy_that_is_not_whole_is_not_brought_back(game, tmp_path, damage):
    """A copy with broken references or without the log is refused, and the database stays as it is."""
    copy = tmp_path / "copy.db"
    backup(game.scratch.url, copy)
    with closing(sqlite3.connect(copy)) as connection, connection:
        connection.execute(damage)
    await game.store.dispose()
    before = kept(game)
    with pytest.raises(CannotCopy):
        restore(game.scratch.url, copy)
    assert kept(game) == before
