"""Who may do what on Slack: every command, button and form, tried by everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest

from bot.core.commands import BUTTONS, COMMANDS, FORMS
from bot.core.model import Channel, Schedule, Settings, Team
from tests.adapters.slack_desk import Desk, desk_on
from tests.fakes.slack import Member, Seen, privately

REFUSED = "Only people who can manage this server or workspace can change the quiz."

ROLES = {
    "member": False,
    "admin": True,
    "owner": True,
    "configured": True,
    "admin of another workspace": False,
    "owner of another workspace": False,
}
"""Whether they may change the quiz."""

WORDS = {
    "ask": "ask optimization",
    "practice": "practice",
    "leaderboard": "leaderboard all public",
    "stats": "stats",
    "status": "status",
    "setup": "setup time=09:00",
    "post": "post",
    "reveal": "reveal daily",
    "pause": "pause",
    "resume": "resume",
    "rulings": "rulings",
    "overrule": "overrule nobody",
    "link": "link",
    "unlink": "unlink",
    "privacy": "privacy",
    "help": "help",
}
"""Each command as it is tried."""

CHANGING = {"setup", "link", "post", "pause", "resume", "rulings", "overrule", "unlink"}
"""What only those may do who manage the quiz; ``reveal`` depends on whose question it is."""

PRESSES = {
    "answer": "answer:1:A",
    "open": "open:1",
    "mine": "mine:1",
    "board": "board:week:1",
    "try": "try:1:A",
    "tryopen": "tryopen:1",
    "again": "again:1",
    "erase": "erase:1",
    "appeal": "appeal:1",
    "accept": "accept:1",
    "part": "part:1",
    "keep": "keep:1",
    "report": "report:1",
    "use": "use:again:rate",
    "setup": "setup:C0000000001",
}
RULING = {"accept", "part", "keep", "use", "setup"}
SENT = {
    "submit": "submit:1",
    "trysubmit": "trysubmit:1",
    "keepsubmit": "keepsubmit:1",
    "reportsubmit": "reportsubmit:1",
    "setup": "setup",
}
SENT_BY_ADMINS = {"keepsubmit", "setup"}


class Gate(Desk):
    """A desk with somebody in every role, in a team whose configuration names an admin."""

    def __post_init__(self) -> None:
        super().__post_init__()
        add, guest = self.server.add_member, {"team": "T0OTHER"}
        self.people: dict[str, Member] = {
            "member": self.bo,
            "admin": add("adam", is_admin=True),
            "owner": self.ann,
            "configured": add("cora"),
            "admin of another workspace": add("gus", is_admin=True, **guest),
            "owner of another workspace": add("gil", is_owner=True, is_admin=True, **guest),
        }

    async def start(self) -> None:
        team = Team(0, "team", "UTC", (f"slack:{self.people['configured'].id}",))
        plan = Settings(Schedule("UTC", time(9)))
        await self.store.declare(team, [Channel(0, 0, self.address, plan, declared=False)])
        await super().start()


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[Gate]:
    """A gate whose adapter is connected."""
    async with desk_on(tmp_path, Gate) as gate:
        await gate.start()
        yield gate
        await gate.stop()
        gate.server.check()


def said(seen: Seen) -> str:
    """All that somebody was told."""
    return "\n".join(shown.shown for shown in (*seen.ephemerals, *seen.posts, *seen.views))


def noticed(seen: Seen) -> bool:
    """Something to read, wherever it is."""
    return bool(seen.ephemerals or seen.posts or seen.views)


def test_the_tables_are_complete() -> None:
    """A command, button or form that is new has to be entered here."""
    assert set(WORDS) == set(COMMANDS)
    assert set(PRESSES) == set(BUTTONS)
    assert set(SENT) == set(FORMS)


@pytest.mark.parametrize("role", ROLES)
async def test_every_command(gate: Gate, role: str) -> None:
    """Those who manage the workspace and those whom the configuration names change the quiz; nobody else does."""
    member = gate.people[role]
    refused = set()
    for name, words in WORDS.items():
        seen = await member.slash("/quiz", words, gate.room, until=noticed)
        if REFUSED in said(seen):
            refused.add(name)
            assert seen.posts == []
    assert refused == (set() if ROLES[role] else CHANGING)


@pytest.mark.parametrize("role", ROLES)
async def test_every_button_and_form(gate: Gate, role: str) -> None:
    """A button or form that somebody invents does no more than the command would."""
    member = gate.people[role]
    question = await gate.ask()
    pressed, sent = set(), set()
    for name, action in PRESSES.items():
        if REFUSED in said(await member.forge_press(question, action, until=noticed)):
            pressed.add(name)
    for name, callback in SENT.items():
        if REFUSED in said(await member.forge_submission(callback, {}, gate.room.id, until=noticed)):
            sent.add(name)
    assert (pressed, sent) == ((set(), set()) if ROLES[role] else (RULING, SENT_BY_ADMINS))


async def test_a_question_is_revealed_by_its_asker_or_an_admin(gate: Gate) -> None:
    """Whoever asked may end it, and so may admins; all others are told so."""
    await gate.ask(who=gate.people["admin of another workspace"])
    seen = await gate.bo.slash("/quiz", "reveal", gate.room, until=privately)
    assert "Only the person who asked for this question, or an admin, can reveal it early." in seen.text
    seen = await gate.people["configured"].slash("/quiz", "reveal", gate.room, until=privately)
    assert seen.text == "The answer is in the channel."
    await gate.ask(who=gate.bo)
    seen = await gate.bo.slash("/quiz", "reveal", gate.room, until=privately)
    assert seen.text == "The answer is in the channel."


async def test_practice_is_its_owners(gate: Gate) -> None:
    """A button of somebody else's practice question tells so."""
    question = await gate.ask()
    await gate.bo.slash("/quiz", "practice optimization", gate.room, until=privately)
    seen = await gate.ann.forge_press(question, "try:1:A", until=privately)
    assert "somebody else's" in seen.text
