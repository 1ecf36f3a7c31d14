"""Teams apart: nothing of one can be answered, seen, counted or ruled on from another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.core import commands
from bot.core.messages import Message
from bot.core.model import Address
from tests.core.stage import LOBBY, ROOM, Player, Stage, bank_of, choice, shown

SHARED = Address("slack", "C1")
NOT_ADMIN = "Only people who can manage this server or workspace can change the quiz."
ABROAD = Address("discord", "abroad")


def foreigner(stage: Stage, name: str, address: Address = ABROAD, **more: bool) -> Player:
    """Somebody of another server or workspace."""
    return Player(stage, name, address, workspace="X", **more)


@pytest.fixture
async def stage(stages: Callable[..., Awaitable[Stage]]) -> Stage:
    """A room in which Ann and Bo answered a question that was revealed, and another one is open."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await ann.does("ask 60m")
    await ann.chooses("right")
    await bo.chooses("wrong")
    await ann.does("reveal")
    await ann.does("ask 60m")
    return stage


async def test_boards_and_statistics(stage: Stage) -> None:
    """A board counts and names its own team alone, and nobody can be looked up by name or id from another one."""
    eve = foreigner(stage, "Eve")
    for words in ("leaderboard", "leaderboard all public", "stats Ann", "stats u-Ann", "stats <@u-Ann>", "status"):
        told = await eve.does(words)
        assert "Ann" not in told.replace("stats Ann", ""), words
        assert "20" not in told, words
    await eve.does("ask 60m")
    await eve.chooses("right", stage.chat.seen(ABROAD)[-1])
    await eve.does("reveal")
    assert [line.split("|")[1] for line in await stage.board(eve, "leaderboard all")] == ["Eve (you)"]
    assert {line.split("|")[1] for line in await stage.board(stage.player("Cy"), "leaderboard all")} == {"Ann", "Bo"}


async def test_rounds(stage: Stage) -> None:
    """A round of another team cannot be answered, looked at, appealed against or reported, and its count stays."""
    eve = foreigner(stage, "Eve")
    await eve.does("status")
    for number in (1, 2):
        for action in (f"answer:{number}:A", f"mine:{number}", f"appeal:{number}", f"report:{number}"):
            reply = await commands.press(stage.quiz, eve.caller(), action)
            assert isinstance(reply, Message)
            assert "adam" not in shown(reply)
            assert "rate" not in shown(reply)
        assert await stage.quiz.store.answered(number) == (2 if number == 1 else 0)
    assert await eve.does("reveal") == "No question is open in this channel. /quiz ask posts one."


async def test_questions_are_chosen_apart(stage: Stage) -> None:
    """What one team was asked, reported or ruled out leaves the choice of another alone."""
    ann, boss = stage.player("Ann"), stage.player("Boss", admin=True)
    first = await stage.quiz.store.round(1)
    assert first is not None
    for name in ("Ann", "Bo", "Cy"):
        await commands.submit(stage.quiz, stage.player(name).caller(), "reportsubmit:1", {"reason": "unclear"})
    assert await stage.quiz.store.not_asked(first.team_id) == {first.question.id}
    eve = foreigner(stage, "Eve", admin=True)
    assert await eve.does("rulings") == "No appeal and no reported question waits for a decision."
    assert (await eve.presses("", f"use:never:{first.question.id}")).startswith("This was decided already.")
    assert "rests" in await boss.does("rulings")
    team = (await stage.quiz.store.channel(ABROAD, stage.workspace("discord", "X"))).team_id
    assert await stage.quiz.store.not_asked(team) == frozenset()
    assert await stage.quiz.store.being_asked(team) == frozenset()
    assert "Ann" not in await eve.does("status")
    assert await ann.does("practice")


async def test_another_servers_admin_has_no_say_in_a_shared_channel(stage: Stage) -> None:
    """Two workspaces may share a channel. It stays the first one's: whoever manages the other one manages nothing
    there, before and after they came, and it goes on being posted to as the first one."""
    home = Player(stage, "Boss", SHARED, admin=True)
    await home.does("setup time=09:00 timezone=UTC")
    theirs = foreigner(stage, "Eve", SHARED, admin=True)
    for words in ("pause", "setup time=11:00", "post", "rulings", "link", "unlink", "overrule everyone"):
        assert (await theirs.does(words)).startswith(NOT_ADMIN), words
        for action in ("accept:1", "use:never:rate", f"setup:{SHARED.id}"):
            reply = await commands.press(stage.quiz, theirs.caller(), action)
            assert shown(reply).startswith(NOT_ADMIN), action
    known = await stage.quiz.store.known(SHARED)
    assert known is not None
    assert known.workspace == "W"
    assert known.paused == ""
    assert await home.does("pause")
    assert (await theirs.does("ask")).startswith("The question is posted.")


async def test_a_guest_in_a_shared_channel_is_a_member_of_their_own(stage: Stage) -> None:
    """The same user id in two workspaces is two people, each with answers of their own."""
    here, there = Player(stage, "Eve", ROOM), Player(stage, "Eve", ROOM, workspace="X")
    assert (await here.chooses("right")).startswith("Right")
    assert (await there.chooses("wrong")).startswith("Not right")
    mine = await here.gets("privacy erase")
    [[button, *_]] = mine.buttons
    assert "somebody else's" in await there.presses("", button.action)
    assert await stage.quiz.store.answered(2) == 2


async def test_a_private_export_holds_ones_own(stage: Stage) -> None:
    """Nobody else's name, id or answer stands in it, and another team's member has nothing of this one."""
    for player, foreign in ((stage.player("Ann"), b"Bo"), (foreigner(stage, "Eve"), b"Ann")):
        file = (await player.gets("privacy export")).file
        assert file is not None
        assert foreign not in file.content
        assert player.name.encode() in file.content


async def test_reports_are_settled_where_there_are_some(stage: Stage) -> None:
    """An admin's button for a question that does not rest, or does not exist, changes nothing and leaves no line in
    the audit; nor does a second press of the right one."""
    boss = stage.player("Boss", admin=True)
    first = await stage.quiz.store.round(1)
    assert first is not None
    for name in ("rate", "adam", "no-such-question", "x" * 80):
        for use in ("again", "never"):
            assert (await boss.presses("", f"use:{use}:{name}")).startswith("This was decided already.")
    assert await stage.quiz.store.audit(first.team_id, 10) == []
    assert await stage.quiz.store.not_asked(first.team_id) == frozenset()
    for name in ("Ann", "Bo", "Cy"):
        await commands.submit(stage.quiz, stage.player(name).caller(), "reportsubmit:1", {"reason": "unclear"})
    await boss.presses("", f"use:never:{first.question.id}")
    assert (await boss.presses("", f"use:never:{first.question.id}")).startswith("This was decided already.")
    assert len(await stage.quiz.store.audit(first.team_id, 10)) == 1
    assert await stage.quiz.store.not_asked(first.team_id) == {first.question.id}


async def test_rooms_of_one_server_are_one_team(stage: Stage) -> None:
    """The same server's other channel sees the same board: what is kept apart are teams, not channels."""
    assert {line.split("|")[1] for line in await stage.board(Player(stage, "Cy", LOBBY), "leaderboard all")} == {
        "Ann",
        "Bo",
    }
