"""From the invitation to the first answer, and what members do with what is theirs: the real process on Discord."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.discord_stage import RIGHT, WRONG, Day, discord_day, letter_of, monday, press
from tests.fakes.discord import Member, Message, Permission


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A day of a bot that nobody has set up."""
    async with discord_day(tmp_path, "") as day:
        yield day


def new_server(day: Day, name: str) -> tuple[Member, Member]:
    """The bot is invited to a server: its admin and a member of it."""
    guild = day.server.add_guild(name)
    return (
        day.server.add_member("boss", guild=guild, permissions=Permission.MANAGE_GUILD),
        day.server.add_member("zoe", guild=guild),
    )


async def told(caller: Member, name: str, /, **options: object) -> str:
    """What a command says to its caller alone."""
    outcome = await caller.slash(name, **options)
    assert outcome.ephemeral
    return outcome.text


async def asked(member: Member, topic: str = "optimization") -> Message:
    """Ask for a question and find it."""
    assert (await told(member, "ask", topic=topic, minutes=60)).startswith("The question is posted.")
    return member.channel.messages[-1]


async def test_first_question(day: Day) -> None:
    """A new admin reads one welcome, opens the form, sends it as it is, and the question comes; a new member presses
    a letter and is told what was recorded."""
    await day.start(monday(8, 59, 40))
    await day.logged("connected as")
    boss, zoe = new_server(day, "New team")
    welcome = await boss.channel.wait_for_message()
    assert "Next: an admin uses /quiz setup" in welcome.text

    form = (await boss.slash("setup")).modal
    assert form is not None
    assert [field.custom_id for field in form.fields] == ["time", "timezone", "days", "reveal", "topics"]
    done = await boss.submit(form, {"reveal": "16:30"})
    assert done.ephemeral
    at = int(monday(9).timestamp())
    assert done.text.splitlines()[:3] == [
        "**This channel is set up**",
        f"The next question of the day comes <t:{at}:t> (<t:{at}:R>).",
        "Question of the day: 09:00, Monday to Friday",
    ]
    question = await boss.channel.wait_for_message(after=welcome, within=40)
    assert monday(9).timestamp() <= question.created <= monday(9, 0, 20).timestamp()
    until = f"<t:{int(monday(16, 30).timestamp())}:t>"
    option = next(line for line in question.text.splitlines() if line.startswith("A  "))[3:]
    first = await zoe.press(question, "A")
    assert first.ephemeral
    assert first.text == f"Recorded: A, {option}. You can change it until {until}."

    await day.bot.kill()
    await day.start(monday(10))
    assert (await zoe.press(question, "My answer")).text.startswith(f"Your answer: A, {option}.")
    assert [message for message in boss.channel.messages if "/quiz setup" in message.text] == [welcome]
    assert day.channel.messages == []


async def test_setting_up(day: Day) -> None:
    """Settings by typed options; status tells everybody; pause and resume keep the schedule."""
    await day.start(monday(8))
    boss, zoe = new_server(day, "New team")
    (zone,) = await boss.type_option("setup", focused="timezone", timezone="berlin")
    topics = await boss.type_option("setup", focused="topics", topics="Optimization, reg")
    assert [topic.value for topic in topics] == ["Optimization, regularization"]
    values = {"time": "10:00", "timezone": zone.value, "days": "mon-fri", "reveal": "17:00", "topics": topics[0].value}
    done = await told(boss, "setup", **values, difficulty="easy, medium", feedback="immediate")
    following = f"The next question of the day comes <t:{int(monday(9).timestamp())}:t>"
    assert following in done
    for line in ("Question of the day: 10:00, Monday to Friday", "Reveal: 17:00", "Time zone: Europe/Berlin"):
        assert line in done

    status = await told(zoe, "status")
    assert following in status
    assert "No question is open." in status
    assert (await told(zoe, "pause")).startswith("Only ")
    assert "paused" in await told(boss, "pause")
    assert "Paused:" in await told(zoe, "status")
    assert following in await told(boss, "resume")
    assert following in await told(zoe, "status")
    wrong = await told(boss, "setup", timezone="Atlantis")
    assert wrong.startswith('I do not know the time zone "Atlantis".')


async def test_ones_own(day: Day) -> None:
    """Practice is graded at once and goes on; statistics, all of one's data as a file, and their erasure."""
    await day.start(monday(8))
    question = await asked(day.ann)
    await press(day.ann, question, RIGHT)
    await press(day.bob, question, WRONG)

    practice = await day.bob.slash("practice", kind="short")
    form = (await day.bob.press(practice.message, "Answer")).modal
    assert form is not None
    assert form.text == "Which technique switches off a random subset of units at each training step?"
    graded = await day.bob.submit(form, "dropconnect")
    assert graded.ephemeral
    assert graded.text.startswith("Not right")
    assert "The answer: dropout" in graded.text
    assert "Source: The book of interviews" in graded.text
    again = await day.bob.press(graded.message, "Another one")
    assert again.text.startswith("**Practice · Regularization · easy**")
    assert (await day.chi.forge_press("again:1", practice.message).final()).text.startswith("This practice question is")

    assert "20 points, rank 1 of all time." in await told(day.ann, "stats")
    others = await told(day.ann, "stats", member=day.bob)
    assert others.startswith("**bob**\n0 points, rank 2 of all time.")
    assert "last answers" not in others

    export = await day.bob.slash("privacy", action="export")
    assert export.ephemeral
    (file,) = export.message.attachments
    assert letter_of(WRONG, question) in {row.get("text") for rows in json.loads(file.content).values() for row in rows}
    confirm = await day.bob.slash("privacy", action="erase")
    assert confirm.text.startswith("**Erase your data for ever?**")
    erase = confirm.message.buttons[0].custom_id
    assert erase
    assert (await day.chi.forge_press(erase, confirm.message).final()).text.startswith("Nothing was erased")
    assert "bob" in await told(day.ann, "leaderboard")
    assert (await day.bob.press(confirm.message, "Erase everything")).text.startswith("Everything stored on you is")
    board = await told(day.ann, "leaderboard")
    assert "bob" not in board
    assert "ann (you)" in board


async def test_linked_servers(day: Day) -> None:
    """Two servers become one team by a code, a person in both becomes one member, and unlinking undoes it."""
    await day.start(monday(8))
    boss = day.server.add_member("boss", permissions=Permission.MANAGE_GUILD)
    there, zoe = new_server(day, "Other team")
    ann_there = day.ann.join(there.channel.guild)
    await press(day.ann, await asked(day.ann), RIGHT)
    await press(zoe, await asked(there), WRONG)

    assert (await told(day.ann, "link")).startswith("Only ")
    code = code_in(await told(boss, "link"))
    assert (await told(zoe, "link", code=code)).startswith("Only ")
    code = code_in(await told(boss, "link"))
    assert (await told(there, "link", code=code)).startswith("This place and Test guild are one team now")
    assert (await told(there, "link", code=code)).startswith("This code is not valid, or was used already.")
    assert names_on(await told(zoe, "leaderboard")) == ["ann", "zoe"]
    assert names_on(await told(day.bob, "leaderboard")) == ["ann", "zoe"]

    await ann_there.submit((await answer_form(ann_there, there)), "dropout")
    assert names_on(await told(zoe, "leaderboard")) == ["ann", "ann", "zoe"]
    linked = await told(ann_there, "link", code=code_in(await told(day.ann, "link", me=True)))
    assert linked.startswith("Your two accounts are one member now.")
    board = await told(zoe, "leaderboard")
    assert names_on(board) == ["ann", "zoe"]
    assert "30 points" in board

    assert (await told(ann_there, "unlink", me=True)).startswith("Your accounts are two members again")
    assert (await told(there, "unlink")).startswith("The places are two teams again")
    assert names_on(await told(day.bob, "leaderboard")) == ["ann"]
    assert names_on(await told(zoe, "leaderboard")) == ["ann", "zoe"]


async def answer_form(member: Member, asker: Member) -> object:
    """The form of a short question that was just asked."""
    assert (await told(asker, "reveal")) == "The answer is in the channel."
    return (await member.press(await asked(asker, "regularization"), "Answer")).modal


def code_in(text: str) -> str:
    """The code that is told."""
    found = re.search("[A-Z2-9]{4}-[A-Z2-9]{4}", text)
    assert found, text
    return found[0]


def names_on(board: str) -> list[str]:
    """The names on a board, in alphabetical order."""
    return sorted(line.split()[1] for line in board.splitlines() if "points" in line)
