"""Hostile texts and ids as they come over the wire, through the real SDKs: Discord's gateway and Slack's socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.slack_desk import Desk, desk_on
from tests.adapters.test_discord import Bot, ask
from tests.adapters.test_discord import bot as bot
from tests.adapters.test_discord import idle as idle
from tests.adapters.test_discord import server as server
from tests.fakes.slack import Seen, privately

from .corpus import TEXTS, misspelt

IDS = ("answer:1:A", "mine:1", "erase:1", "accept:1")
LONGEST_ID = 100
"""Both platforms know no longer ids; what is longer never arrives."""


WIRED = {kind: text.encode("utf-8", "replace").decode() for kind, text in TEXTS.items()}
"""As UTF-8 can carry them: what arrives over the wire has no halves of characters."""


def forged() -> list[str]:
    """Ids that come near those of the bot."""
    ids = {near for action in IDS for near in misspelt(action)} | set(WIRED.values())
    return sorted(one for one in ids if len(one) <= LONGEST_ID and one.isprintable() and one)


async def test_discord(bot: Bot) -> None:
    """Names, answers, options and ids of every kind: everybody is answered in private, nobody is pinged, Discord has
    nothing to complain about, and what was typed does no harm on any board."""
    boss = bot.server.add_member("boss")
    question = await ask(boss, "regularization")
    for n, text in enumerate(WIRED.values()):
        named = bot.server.add_member(text[:32] or f"m{n}")
        assert (await named.forge_submit("submit:1", {"answer": text, "score": "1"}).final()).ephemeral
        assert (await named.forge_slash("ask", options={"topic": text}).final()).ephemeral
        assert (await named.forge_slash("stats", options={"member": text, "other": text}).final()).text
    for action in forged():
        outcome = await boss.forge_press(action, question).final()
        assert outcome.text.startswith("That button does not belong to this quiz"), action
    board = await boss.slash("leaderboard", public=True)
    assert "1." in board.text or "points" in board.text
    assert bot.server.violations == []
    assert not any(message.pings for message in bot.server.messages.values())


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A Slack whose bot is connected."""
    async with desk_on(tmp_path) as desk:
        await desk.start()
        yield desk
        await desk.stop()
        desk.server.check()


def told(seen: Seen) -> bool:
    """Something to read; that the form is gone is none."""
    return bool(seen.ephemerals)


async def test_slack(desk: Desk) -> None:
    """The same in Slack, where a form also has a state of any shape."""
    question = await desk.ask("regularization")
    for n, text in enumerate(WIRED.values()):
        named = desk.server.add_member(f"m{n}", display_name=text[:80])
        values = {"answer": {"answer": {"value": text}}}
        assert (await named.forge_submission("submit:1", values, desk.room.id, until=told)).reply
        assert (await named.slash("/quiz", f"ask {text}"[:8000], desk.room, until=privately)).reply
    for state in ({"value": None}, {"selected_options": []}, {"selected_option": None}, {}, {"value": 7}):
        values = {"answer": {"answer": state}, "points": {"points": {"value": "99"}}}
        assert (await desk.bo.forge_submission("submit:1", values, desk.room.id, until=told)).reply
    for action in forged():
        reply = (await desk.bo.forge_press(question, action, until=privately)).reply
        assert "does not belong to this quiz" in reply.shown, action
    await desk.ann.slash("/quiz", "reveal", desk.room, until=privately)
    board = await desk.ann.slash("/quiz", "leaderboard all public", desk.room, until=lambda seen: seen.posts)
    assert board.posts
