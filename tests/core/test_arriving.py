"""Connecting to a platform, while members already press its buttons."""

from __future__ import annotations

import asyncio

import pytest

from bot.core import teams
from bot.core.model import Team
from bot.core.ports import Unavailable
from tests.core.stage import LOBBY, ROOM, bank_of, choice, daily


async def declared(stages):
    """A team whose channel is configured, in a workspace that was never met."""
    stage = await stages(bank_of(choice("rate")))
    await teams.declare(stage.quiz, [teams.Declared(Team(0, "ml-team", "Europe/Berlin"), [daily()])])
    stage.chat.workspaces = {ROOM: stage.workspace("discord", "W")}
    return stage


async def team_in(stage, address):
    channel = await stage.quiz.store.known(address)
    return channel and channel.team_id


async def test_whoever_comes_before_the_workspaces_are_known(stages):
    """A click in another channel of a configured server does not give the server a team of its own, whether it comes
    before the bot has looked at its channels or while it does."""
    stage = await declared(stages)
    await stage.player("Ann", LOBBY).does("ask")
    await asyncio.gather(teams.arrive(stage.quiz, "discord"), stage.player("Bob", LOBBY).does("help"))
    assert await team_in(stage, LOBBY) == await team_in(stage, ROOM)
    assert stage.quiz.connected == {"discord"}


async def test_the_database_is_away_on_arriving(stages, monkeypatch):
    """The platform is connected; what could not be done then is done as soon as somebody comes."""
    stage = await declared(stages)

    async def away(*_):
        raise Unavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(stage.quiz.store, "channels", away)
        with pytest.raises(Unavailable):
            await teams.arrive(stage.quiz, "discord")
        assert (stage.quiz.connected, stage.quiz.arrived) == ({"discord"}, set())
    await stage.player("Ann", LOBBY).does("ask")
    assert await team_in(stage, LOBBY) == await team_in(stage, ROOM)


async def test_a_scheduled_channel_is_announced_once(stages, caplog):
    """The log says when the next question comes, once, with the channel and its team as fields."""
    caplog.set_level("INFO", "bot")
    stage = await declared(stages)
    await stage.player("Ann", LOBBY).does("help")
    await teams.arrive(stage.quiz, "discord")
    [line] = [record for record in caplog.records if "next question at" in record.getMessage()]
    assert (line.team, line.channel) == (1, "discord:room")
