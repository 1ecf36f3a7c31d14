"""Days without end of a team whose bot is treated badly, and what has to be true after them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.faults.ledger import Ledger
from tests.faults.teams import MONDAY, Room, Team


def acts() -> Iterator[tuple[datetime, int, str]]:
    """What happens on days without end: when, the number of the day, and what is to be there before time goes on."""
    for day in range(10_000):
        midnight = MONDAY + timedelta(days=day)
        yield midnight + timedelta(hours=9), day + 1, "posted"
        yield midnight + timedelta(hours=12), day + 1, ""
        yield midnight + timedelta(hours=16, minutes=30), day + 1, "revealed"


def is_there(its: Team[Any, Any, Any], day: int, what: str) -> bool:
    """Whether every room shows what this day is to have brought by now."""
    return not what or all(has(its, room, day, what) for room in its.rooms)


def has(its: Team[Room, Any, Any], room: Room, day: int, what: str) -> bool:
    """Whether one of them does."""
    questions = its.questions(room)
    return len(questions) >= day and (what == "posted" or all(map(its.is_revealed, questions)))


def all_revealed(its: Team[Any, Any, Any]) -> bool:
    """Whether every question that the rooms ever showed has its answer."""
    marks = set(its.marks())
    return {mark.replace("q", "r") for mark in marks} <= marks


async def settle(its: Team[Any, Any, Any], day: int) -> None:
    """Let the bot run undisturbed, until the day's answer and the last extra round's are there."""
    its.let_it_be(MONDAY + timedelta(days=day - 1, hours=16, minutes=30))
    its.forward(90)
    await its.start()
    await its.until(lambda: is_there(its, day, "revealed"), within=60)
    await its.until(lambda: all_revealed(its), within=100)
    assert await its.bot.stop() == 0


def check_answers(its: Team[Any, Any, Any], found: Ledger) -> int:
    """Whatever a member saw confirmed is in the log, and counts unless they tried to change it; returns how many."""
    tries = defaultdict(list)
    for press in its.presses:
        tries[press.round_id, found.members.get(str(press.member.id))].append(press)
    contests = {row["id"]: row["contest"] for row in found.rounds}
    logged, confirmed = found.logged(), 0
    for (round_id, member), presses in tries.items():
        told = [(n, press.confirmed) for n, press in enumerate(presses) if press.confirmed]
        confirmed += len(told)
        assert member is not None or not told
        assert {(round_id, member, letter) for _, letter in told} <= logged
        if told:
            last, letter = told[-1]
            later = {press.letter for press in presses[last + 1 :] if not press.confirmed}
            counts = found.entries[contests[round_id], member]["text"]
            assert counts in {letter, *later}, (round_id, member, told, counts)
    return confirmed


def check_rounds(its: Team[Any, Any, Any], found: Ledger, days: int) -> None:
    """Each day had one question in each room and one answer to it; extra rounds too were posted and revealed once."""
    assert [len(its.questions(room)) for room in its.rooms] == [days] * len(its.rooms)
    dailies = Counter(row["channel_id"] for row in found.rounds if row["slot"])
    assert dailies == {found.channels[str(room.id)]: days for room in its.rooms}
    revealed = [row["id"] for row in found.rounds if row["state"] == "revealed"]
    assert Counter(its.marks()) == Counter(f"{part}{id}" for part in "qr" for id in revealed)


async def check_boards(its: Team[Any, Any, Any], found: Ledger) -> None:
    """Every member sees on the leaderboard the points that the log gives them."""
    await its.start()
    for member in its.members:
        own = found.standings.get(("all", found.members.get(str(member.id), 0)))
        text = await its.leaderboard(member)
        assert own is None or any(member.name in line and f" {own} point" in line for line in text.splitlines()), text
    assert await its.bot.stop() == 0
