"""What a database says that was killed with its bot, counted again from its answer log by rules of its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.boards import keys
from tests.databases import Scratch

CAP = 5
"""Extra rounds of a day that earn points."""

POINTS = {"easy": 10, "medium": 20, "hard": 30}

LOG = """
    SELECT a.round_id, a.member_id, a.text, a.score, r.contest, r.feedback, r.kind, r.day, q.body
    FROM answers a JOIN rounds r ON r.id = a.round_id JOIN questions q ON q.digest = r.question ORDER BY a.id
"""

Row = dict[str, Any]

Place = tuple[int, int]
"""A contest and a member."""


@dataclass
class Ledger:
    """All rows that matter, read once."""

    rounds: Sequence[Row]
    log: Sequence[Row]
    entries: dict[Place, Row]
    standings: dict[tuple[str, int], int]
    """Points by period and member."""
    members: dict[str, int]
    """By the platform's id of the user."""
    channels: dict[str, int]
    """By the platform's id of the channel."""
    counted: dict[Place, Row] = field(init=False)
    """The answer that counts of each member in each contest, by the log alone."""

    def __post_init__(self) -> None:
        self.counted = {}
        for row in self.log:
            place = (row["contest"], row["member_id"])
            if row["feedback"] == "reveal" or place not in self.counted:
                self.counted[place] = row

    def logged(self) -> set[tuple[int, int, str]]:
        """Round, member and letter of every answer."""
        return {(row["round_id"], row["member_id"], row["text"]) for row in self.log}

    def check(self) -> None:
        """Entries and standings are what the log comes to, and nothing is left half done."""
        assert {place: row["text"] for place, row in self.entries.items()} == {
            place: row["text"] for place, row in self.counted.items()
        }
        assert all(row["settled"] for row in self.entries.values())
        assert self.standings == self._recounted()
        assert {row["state"] for row in self.rounds} <= {"revealed", "void"}

    def _recounted(self) -> dict[tuple[str, int], int]:
        points: dict[tuple[str, int], int] = defaultdict(int)
        extras: Counter[tuple[int, str]] = Counter()
        for (_, member), row in self.counted.items():
            extras[member, row["day"]] += row["kind"] == "extra"
            capped = row["kind"] == "extra" and extras[member, row["day"]] > CAP
            earned = 0 if capped else int(POINTS[_difficulty(row)] * row["score"] + 0.5)
            for period in keys(date.fromisoformat(row["day"])):
                points[period, member] += earned
        return dict(points)


def _difficulty(row: Row) -> str:
    return str(json.loads(row["body"])["difficulty"])


QUERIES = {
    "rounds": "SELECT * FROM rounds ORDER BY id",
    "log": LOG,
    "entries": "SELECT e.*, a.text FROM entries e JOIN answers a ON a.id = e.answer_id",
    "standings": "SELECT * FROM standings",
    "members": 'SELECT "user" AS name, member_id AS id FROM identities',
    "channels": "SELECT address AS name, id FROM channels",
}


def read(file: Path) -> Ledger:
    """The rows of a SQLite file."""
    return of(Scratch(f"sqlite:///{file}"))


def of(database: Scratch) -> Ledger:
    """The rows of a database, which its engine finds whole."""
    assert not database.sqlite or database.rows("PRAGMA integrity_check") == [("ok",)]
    assert database.dangling() == []
    found = {name: database.dicts(query) for name, query in QUERIES.items()}
    return Ledger(
        rounds=found["rounds"],
        log=found["log"],
        entries={(row["contest"], row["member_id"]): row for row in found["entries"]},
        standings={(row["period"], row["member_id"]): row["points"] for row in found["standings"]},
        members={row["name"]: row["id"] for row in found["members"]},
        channels={row["name"]: row["id"] for row in found["channels"]},
    )
