"""Databases with millions of answers, made by statements that fill whole tables."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.rounds import START, stage
from bot.core import boards

ROUNDS = 100
"""Days on which everybody answered."""

NOW = START + timedelta(days=ROUNDS - 1, hours=12)

MIGRATIONS = Path(__file__).parents[1] / "bot/adapters/sql/migrations/versions"


async def built(members: int) -> Path:
    """The database, made where it is not there yet; another schema is another file."""
    schema = max(file.stem for file in MIGRATIONS.glob("0*.py"))
    folder = Path(tempfile.gettempdir()) / "quizbot-bench"
    folder.mkdir(exist_ok=True)
    file = folder / f"board-{schema}-{members}.db"
    if not file.exists():
        with tempfile.TemporaryDirectory(dir=folder) as place:
            new = Path(place) / "quizbot.db"
            async with stage(new, 0) as there:
                for number in range(ROUNDS):
                    await there.close(await there.open(number))
            await asyncio.to_thread(fill, new, members)
            new.rename(file)
    return file


def fill(file: Path, members: int) -> None:
    """Everybody answers every round; the more often right, the higher the last two digits of their number."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
            connection.execute(f"PRAGMA {pragma}")
        dropped = _without_indexes(connection, ("answers", "entries", "standings"))
        connection.execute("CREATE TEMP TABLE sums (period, kind, right, answered, PRIMARY KEY (period, kind))")
        connection.executemany("INSERT INTO sums VALUES (?, ?, ?, ?)", _sums())
        connection.executescript(FILL.format(members=members, rounds=ROUNDS, last=NOW.date(), right=RIGHT))
        for statement in dropped:
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode=WAL")


def _sums() -> Iterator[tuple[str, int, int, int]]:
    """What each period comes to for members whose number ends in the same two digits: they all do alike."""
    answered: Counter[str] = Counter()
    right: Counter[tuple[str, int]] = Counter()
    for day in range(ROUNDS):
        for key in boards.keys((START + timedelta(days=day)).date()):
            answered[key] += 1
            for kind in range(100):
                right[key, kind] += (kind * 7919 + (day + 1) * 104729) % 100 < kind
    return ((key, kind, right[key, kind], answered[key]) for key in sorted(answered) for kind in range(100))


def _without_indexes(connection: sqlite3.Connection, tables: tuple[str, str, str]) -> list[str]:
    """Drop what would slow down the filling, triggers too; returns how to make it again."""
    query = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name IN (?, ?, ?)"
    found = [one for one in connection.execute(query, tables).fetchall() if one[0] in ("index", "trigger")]
    for kind, name, _ in found:
        connection.execute(f'DROP {kind} "{name}"')
    return [statement for _, _, statement in found]


RIGHT = "((members.id * 7919 + rounds.id * 104729) % 100 < members.id % 100)"

FILL = """
BEGIN;
INSERT INTO members (id, team_id, name, last_day, streak, longest)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {members})
SELECT i, 1, 'member' || i, '{last}', {rounds}, {rounds} FROM n;

INSERT INTO identities (team_id, platform, workspace, "user", member_id)
SELECT 1, 'discord', '1', id, id FROM members;

INSERT INTO answers (id, round_id, member_id, text, at, score, reason)
SELECT (rounds.id - 1) * {members} + members.id, rounds.id, members.id, iif({right}, 'A', 'B'), rounds.opened_at,
       {right}, iif({right}, 'Right.', 'Not right.')
FROM rounds CROSS JOIN members;

INSERT INTO entries (contest, member_id, round_id, answer_id, score, reason, points, capped, settled)
SELECT round_id, member_id, round_id, id, score, reason, 20 * score, 0, 1 FROM answers;

INSERT INTO standings (team_id, period, member_id, points, "right", answered)
SELECT 1, period, members.id, 20 * sums.right, sums.right, answered
FROM (SELECT DISTINCT period FROM sums) CROSS JOIN members JOIN sums USING (period)
WHERE kind = members.id % 100;

INSERT INTO tallies (team_id, period, bucket, lines)
SELECT team_id, period, points / 10, count(*) FROM standings GROUP BY 1, 2, 3;
COMMIT;
"""
