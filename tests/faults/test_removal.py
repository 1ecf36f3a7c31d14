"""The bot is put out of a room, and let in again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.discord import Channel, Permission
from tests.fakes.slack import Channel as SlackChannel
from tests.faults import ledger, slack_team
from tests.faults.discord_team import MONDAY, Team, team

Harm = Callable[[Team, Channel], None]

HARMS: dict[str, tuple[Harm, str]] = {
    "may not speak": (
        lambda its, room: its.server.deny(room, Permission.SEND_MESSAGES),
        "I am missing the permission Send Messages",
    ),
    "may not see": (
        lambda its, room: its.server.deny(room, Permission.VIEW_CHANNEL),
        "I am missing the permission View Channel",
    ),
}
"""What is done to a room, and the reason that its status gives."""


@pytest.fixture
async def its(tmp_path: Path) -> AsyncIterator[Team]:
    """A team of two rooms, known to the bot for an hour."""
    async with team(tmp_path, rooms=2) as its:
        await its.start()
        assert await its.bot.stop() == 0
        yield its


async def run_at(its: Team, day: int, hour: float) -> None:
    """Start the bot two seconds before a time of a day."""
    its.let_it_be(MONDAY + timedelta(days=day, hours=hour, seconds=-2))
    await its.start()


@pytest.mark.parametrize("harm", ["may not speak", pytest.param("may not see", marks=pytest.mark.long)])
async def test_a_permission_is_taken_and_given_back(its: Team, harm: str) -> None:
    """The room is paused with the reason in its status, the other goes on; nothing is deleted, and once the permission
    is back `/quiz resume`, or a restart, makes it go on."""
    act, reason = HARMS[harm]
    room, other = its.rooms
    boss = its.members[0]
    act(its, room)
    await run_at(its, 0, 9)
    await other.wait_for_message(within=30)
    await its.logged(f"{room.id}: next question at 2026-11-24 09")  # the last step, after the pause
    assert reason in (await boss.at(room).slash("status")).text
    assert room.messages == []
    its.server.restore(room)
    assert "paused" not in (await boss.at(room).slash("resume")).text
    assert reason not in (await boss.at(room).slash("status")).text
    assert await its.bot.stop() == 0
    await run_at(its, 1, 9)
    await room.wait_for_message(within=30)
    assert await its.bot.stop() == 0


@pytest.mark.long
async def test_a_restart_resumes_a_declared_channel(its: Team) -> None:
    """A channel of the configuration file that was paused is tried again after a restart."""
    room, other = its.rooms
    its.server.deny(room, Permission.SEND_MESSAGES)
    await run_at(its, 0, 9)
    await its.logged(f"{room.id}: next question at 2026-11-24 09")
    await other.wait_for_message(within=30)
    assert await its.bot.stop() == 0
    its.server.restore(room)
    await run_at(its, 1, 9)
    await room.wait_for_message(within=30)
    assert await its.bot.stop() == 0


@pytest.mark.parametrize("harm", ["room deleted", pytest.param("bot removed", marks=pytest.mark.long)])
async def test_a_room_or_the_bot_goes(its: Team, harm: str) -> None:
    """With a round open the room is deleted, or the bot thrown out: nothing of it is deleted, and other rooms go on."""
    room, other = its.rooms
    elsewhere = its.server.add_guild("Other guild")
    await run_at(its, 0, 9)
    question = await room.wait_for_message(within=30)
    told = await its.press(its.members[1], question, "A").interaction.final()
    assert told.text.startswith("Recorded: A")
    await other.wait_for_message(within=30)
    if harm == "room deleted":
        its.server.delete_channel(room)
    else:
        its.server.remove_guild(its.server.guild)
    assert await its.bot.stop() == 0
    await run_at(its, 0, 16.5)
    if harm == "room deleted":
        await other.wait_until(lambda _: any(map(its.is_revealed, its.questions(other))), within=30)
    await its.logged("its reveal is refused")
    guest = its.server.add_member("guest", guild=elsewhere)
    assert (await guest.slash("help")).text.startswith("**How to play**")
    assert await its.bot.stop() == 0
    found = ledger.read(its.folder / "quizbot.db")
    assert [row["text"] for row in found.log] == ["A"]
    assert found.standings["all", found.members[str(its.members[1].id)]] in (0, 10, 20, 30)


@pytest.mark.long
async def test_the_bot_is_invited_again(its: Team) -> None:
    """Thrown out over a posting time, and let in again: the status says that the channel is paused, and `/quiz resume`
    makes it go on."""
    room, _ = its.rooms
    boss = its.members[0]
    its.let_it_be(MONDAY + timedelta(hours=9, seconds=-6))
    await its.start()
    its.server.remove_guild(its.server.guild)
    await its.logged(f"{room.id}: next question at 2026-11-24 09")
    its.server.return_to(its.server.guild)
    assert "Paused: " in (await boss.at(room).slash("status")).text
    assert "paused" not in (await boss.at(room).slash("resume")).text
    assert its.questions(room) == []
    assert await its.bot.stop() == 0
    await run_at(its, 1, 9)
    await its.until(lambda: its.questions(room), within=30)
    assert await its.bot.stop() == 0


# --- Slack

Act = Callable[[slack_team.Team, SlackChannel], Awaitable[object]]

CLOSED: dict[str, tuple[Act, Act, str]] = {
    "archived": (
        lambda its, room: its.server.archive(room),
        lambda its, room: its.server.unarchive(room),
        "it is archived",
    ),
    "bot removed": (
        lambda its, room: its.server.remove_bot(room),
        lambda its, room: its.server.invite_bot(room),
        "I am not in it, and /invite takes me there",
    ),
}
"""How a channel is closed to the bot and opened again, and the reason that its status gives."""


@pytest.mark.long
@pytest.mark.parametrize("harm", ["bot removed", "archived"])
async def test_a_slack_channel_is_closed_and_opened(tmp_path: Path, harm: str) -> None:
    """A channel is archived, or the bot thrown out, at the posting time: it is paused with the reason in its status,
    another one, renamed meanwhile, goes on; once it is open again `/quiz resume` makes it go on."""
    close, open_again, reason = CLOSED[harm]
    async with slack_team.team(tmp_path, rooms=2) as its:
        room, other = its.rooms
        await its.begin()
        its.let_it_be(MONDAY + timedelta(hours=9, seconds=-6))
        await its.start()
        await close(its, room)
        other.name = "renamed"
        await its.until(lambda: its.questions(other), within=30)
        await its.logged(f"{room.id}: next question at 2026-11-24 09")  # the last step, after the pause
        assert room.messages == []
        await open_again(its, room)
        assert reason in await its.command(its.members[0], "status")
        assert "paused" not in await its.command(its.members[0], "resume")
        assert reason not in await its.command(its.members[0], "status")
        assert await its.bot.stop() == 0
        its.let_it_be(MONDAY + timedelta(days=1, hours=9, seconds=-3))
        await its.start()
        await its.until(lambda: its.questions(room), within=30)
        assert await its.bot.stop() == 0
