"""A team's day on Discord: the real process, discord.py, a fake Discord, and people who use what they see."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.discord_stage import RIGHT, WRONG, Day, discord_day, letter_of, monday, press
from tests.fakes.discord import Permission

CONFIG = """
    teams:
      - name: ml-team
        timezone: UTC
        admins: ["discord:{admin}"]
        channels:
          - channel: "discord:{channel}"
            post: "09:00"
            reveal: "16:30"
            topics: [optimization]
    """


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A day of a team that stands in the configuration."""
    async with discord_day(tmp_path, CONFIG) as day:
        yield day


async def test_day(day: Day) -> None:
    """The question comes at its minute, answers are taken and changed in private, a killed bot goes on where it was,
    the reveal comes at its minute, once, and the board says what the answers earned."""
    await day.start(monday(8, 59, 57))
    question = await day.channel.wait_for_message(within=25)
    assert monday(9).timestamp() <= question.created <= monday(9, 0, 20).timestamp()
    assert question.text.startswith("**Question of the day · Optimization · medium · 20 points**\nWhat do you most")
    assert [button.label for button in question.buttons] == ["A", "B", "C", "D", "My answer"]
    right, wrong = letter_of(RIGHT, question), letter_of(WRONG, question)

    until = f"<t:{int(monday(16, 30).timestamp())}:t>"
    recorded = f"Recorded: {right}, {RIGHT}. You can change it until {until}."
    assert await press(day.ann, question, RIGHT) == recorded
    assert (await press(day.bob, question, WRONG)).startswith(f"Recorded: {wrong}, {WRONG}.")
    assert (await press(day.chi, question, WRONG)).startswith("Recorded")
    await day.bot.kill()

    await day.start(monday(12))
    changed = f"Changed from {wrong} to {right}. The last one counts; you can change it until {until}."
    assert await press(day.bob, question, RIGHT) == changed
    mine = (await day.bob.press(question, "My answer")).text
    assert mine.startswith(f"Your answer: {right}, {RIGHT}.\nYou learn its grade at the reveal")
    assert not re.search("ann|bob|chi", day.seen_by_all())
    assert await day.bot.stop() == 0

    await day.start(monday(16, 29, 57))
    reveal = await day.channel.wait_for_message(after=question, within=25)
    assert monday(16, 30).timestamp() <= reveal.created <= monday(16, 30, 20).timestamp()
    await day.channel.wait_until(lambda _: [button.label for button in question.buttons] == ["My answer"])
    assert "This round is closed. 3 people have answered." in question.text
    assert reveal.text.splitlines()[0] == f"**The answer: {right}: {RIGHT}**"
    assert f"{right}  2 right" in reveal.text
    assert f"{wrong}  1" in reveal.text
    assert "Right: ann, bob, 2 of 3\nThis week: 1 ann 20 · 1 bob 20 · 3 chi 0" in reveal.text

    late = await day.dan.forge_press(f"answer:1:{right}", question).final()
    assert late.text.startswith("This round closed at <t:")
    assert "was not counted" in late.text
    assert (await day.chi.press(reveal, "My answer")).text.startswith(f"Your answer: {wrong}, {WRONG}.\nNot right")

    board = await day.dan.slash("leaderboard")
    assert board.ephemeral
    assert [line.split()[:4] for line in board.text.splitlines()[2:5]] == [
        ["1", "ann", "20", "points"],
        ["1", "bob", "20", "points"],
        ["3", "chi", "0", "points"],
    ]
    shown = await day.dan.slash("leaderboard", public=True)
    assert shown.message in day.channel.messages
    assert [message for message in day.channel.messages if "The answer:" in message.text] == [reveal]
    assert day.server.command_writes == 1


async def test_extra_rounds(day: Day) -> None:
    """Anyone asks for a question and is told the grade at once; a form that was opened before a crash still counts;
    whoever asked may reveal; and what cannot be done is said in a sentence."""
    await day.start(monday(11))
    asked = await day.ann.slash("ask", kind="short", minutes=30)
    assert asked.ephemeral
    assert asked.text.startswith("The question is posted. Its answer comes <t:")
    question = await day.channel.wait_for_message()
    assert [button.label for button in question.buttons] == ["Answer", "My answer"]
    assert (await day.bob.slash("ask")).text.startswith("A question is open in this channel already, until <t:")

    form = (await day.ann.press(question, "Answer")).modal
    assert form is not None
    await day.bot.kill()
    await day.start(monday(11, 5))
    told = await day.ann.submit(form, "Drop-out")
    assert told.ephemeral
    assert told.text.startswith("Right")
    assert "10 points" in told.text.splitlines()[0]
    assert (await day.ann.press(question, "Answer")).text.startswith("Your first answer counts")
    wrong = await day.bob.submit((await day.bob.press(question, "Answer")).modal, "@everyone **dropconnect** http://x")
    assert wrong.text.startswith("Not right")
    assert "http://" not in wrong.text

    assert (await day.bob.slash("leaderboard", period="today")).text.count("points") == 2
    refused = await day.chi.slash("reveal")
    assert refused.text.startswith("Only the person who asked for this question, or an admin, can reveal it early.")
    assert (await day.ann.slash("reveal")).text == "The answer is in the channel."
    reveal = day.channel.messages[-1]
    assert "1 right    0 partly right    1 not right" in reveal.text
    assert "dropconnect" not in day.seen_by_all()

    told = await day.ann.forge_slash("ask", options={"topic": "optimisation"}).final()
    assert told.text.startswith('I do not know the topic "optimisation". Did you mean optimization? ')
    assert [choice.value for choice in await day.ann.type_option("ask", focused="topic", topic="reg")] == [
        "regularization"
    ]


async def test_post_and_names(day: Day) -> None:
    """Admins, of the server or of the configuration, ask today's question at once, and only once; nobody's name can
    ping, format or link."""
    name = "@everyone <@1> **x** [a](http://x)"
    mallory = day.server.add_member(name)
    await day.start(monday(8))
    refused = await day.ann.slash("post")
    assert refused.ephemeral
    assert refused.text.startswith("Only people who can manage this server")
    assert (await day.bob.slash("post")).text.startswith("The question is posted. Its answer comes <t:")
    boss = day.server.add_member("boss", permissions=Permission.MANAGE_GUILD)
    again = await boss.slash("post")
    tuesday = int((monday(9) + timedelta(days=1)).timestamp())
    assert again.text == (
        f"Today's question was asked here already. The next one comes <t:{tuesday}:f> (<t:{tuesday}:R>)."
    )
    (question,) = day.channel.messages
    await press(mallory, question, RIGHT)
    told = (await day.ann.slash("reveal")).text
    assert told.startswith("Only an admin can reveal the question of the day early.")
    assert (await boss.slash("reveal", daily=True)).text == "The answer is in the channel."
    shown = day.channel.messages[-1].text
    assert "Right: @\u200beveryone <\\@1> \\*\\*x\\*\\* [a]\\(http\\://x), 1 of 1" in shown
    assert await day.bot.stop() == 0


async def test_connection_lost(day: Day) -> None:
    """The bot says in its log what it is connected to and what is next, and comes back by itself."""
    await day.start(monday(8))
    await day.logged(f"channel discord:{day.channel.id}: next question at 2026-11-23T09:00:00+00:00")
    assert "connected as quizbot" in day.bot.log
    assert "Test guild" in day.bot.log
    day.server.gateway.abort()
    await day.server.gateway.wait_resumed()
    assert (await day.ann.slash("help")).text.startswith("**How to play**")
    assert await day.bot.stop() == 0


async def test_wrong_token(day: Day) -> None:
    """A token that Discord refuses ends the bot with a sentence that names the variable."""
    day.bot.environment = {**day.server.environment, "DISCORD_TOKEN": "wrong"}
    await day.bot.start()
    assert await day.bot.wait() == 2
    assert "DISCORD_TOKEN" in day.bot.log
