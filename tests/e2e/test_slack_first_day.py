"""The first day on Slack: a new admin's way to the first question, a new member's to the first answer, and what else
there is to do; the real process without a configuration file."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.slack_stage import RIGHT, Day, choose, command, home, labels, letter_of, opened, press, words
from tests.fakes.slack import Seen, View, privately


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A day whose bot has not started yet, in a workspace where nothing is set up."""
    day = Day(tmp_path, config="")
    day.room.bot_in = False
    async with opened(day):
        yield day


def ephemeral(seen: Seen) -> bool:
    """A message for this member alone."""
    return bool(seen.ephemerals)


def filled_in(view: View) -> dict[str, object]:
    """What stands in the fields of a form before anybody touches it."""
    found = {}
    for block in view.blocks:
        element = block["element"]
        initial = next((value for key, value in element.items() if key.startswith("initial")), None)
        if isinstance(initial, dict):
            initial = initial["value"]
        elif isinstance(initial, list):
            initial = [option["value"] for option in initial]
        found[block["block_id"]] = initial
    return found


async def test_the_first_question_in_two_steps(day: Day) -> None:
    """Invite the bot, send the form as it is: the question comes at nine on the admin's own clock."""
    await day.start(7, 59, 52)
    assert words(await home(day.ann)).startswith("Hello, I am the quiz bot\n")
    await day.server.invite_bot(day.room)
    view = (await day.ann.slash("/quiz", "setup", day.room, until=privately)).view
    assert filled_in(view) == {
        "time": "09:00",
        "timezone": "Europe/Berlin",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "reveal": None,
        "topics": None,
        "difficulty": None,
        "feedback": "reveal",
    }
    done = words((await day.ann.submit(view, until=ephemeral)).reply)
    assert re.match(r"This channel is set up\nThe next question of the day comes 2026-11-23 08:00 UTC\.\n", done)
    assert day.room.messages == []
    question = await day.new_post()
    assert day.clock(question) == "08:00"
    assert words(question).startswith("Question of the day · ")


async def test_the_form_says_what_is_wrong_where_it_is(day: Day) -> None:
    """A zone is searched by its city; a wrong entry is told at its field and changes nothing."""
    day.room.bot_in = True
    await day.start(7)
    view = (await day.ann.slash("/quiz", "setup", day.room, until=privately)).view
    assert "America/New York" in (await day.ann.suggest(view, "timezone", "new yo")).options
    broken = {"timezone": {"timezone": {"type": "external_select", "selected_option": {"value": "Atlantis"}}}}
    wrong = await day.ann.forge_submission("setup", broken, day.room.id)
    assert wrong.errors["timezone"].startswith('I do not know the time zone "Atlantis".')
    zone = {"text": {"type": "plain_text", "text": "America/New York"}, "value": "America/New_York"}
    entered = {"time": "08:30", "timezone": zone, "days": ["sat", "sun"], "reveal": "17:00", "difficulty": ["medium"]}
    done = words((await day.ann.submit(view, entered | {"feedback": "immediate"}, until=ephemeral)).reply)
    assert "The next question of the day comes 2026-11-28 13:30 UTC." in done
    assert "Question of the day: 08:30, Saturday and Sunday" in done
    assert "Time zone: America/New_York" in done
    again = (await day.ann.slash("/quiz", "setup", day.room, until=privately)).view
    assert filled_in(again) == {
        "time": "08:30", "timezone": "America/New_York", "days": ["sat", "sun"], "reveal": "17:00", "topics": None,
        "difficulty": ["medium"], "feedback": "immediate",
    }  # fmt: skip


async def test_what_admins_do(day: Day) -> None:
    """Status, pause and resume; and why nothing comes where the bot cannot post."""
    await day.start(7)
    assert "no daily question" in await command(day.bo, day, "status")
    await command(day.ann, day, "setup time=09:00 timezone=UTC reveal=16:30 topics=optimization")
    assert (await command(day.bo, day, "status")).splitlines()[:2] == [
        "The quiz in this channel", "The next question of the day comes 2026-11-23 09:00 UTC.",
    ]  # fmt: skip
    refused = await command(day.ann, day, "post")
    assert refused.startswith("I cannot post in this channel: I am not in it, and /invite takes me there.")
    assert (await command(day.ann, day, "pause")).startswith("The daily question here is paused.")
    assert "Paused: an admin paused it. /quiz resume starts" in await command(day.bo, day, "status")
    assert "Paused: an admin paused it." in words(await home(day.ann))
    assert (await command(day.ann, day, "resume")).startswith("The daily question is on again.")


async def test_a_members_first_answer(day: Day) -> None:
    """One press, one receipt; the page shows the answer, and "My answer" tells it at any later time."""
    day.room.bot_in = True
    await day.start(8)
    await command(day.ann, day, "setup time=09:00 timezone=UTC reveal=16:30 topics=optimization")
    await command(day.ann, day, "post")
    question = day.room.messages[-1]
    receipt = await choose(day.bo, question, RIGHT)
    letter = letter_of(RIGHT, question)
    assert receipt.startswith(f"Recorded: {letter}, {RIGHT}. You can change it until")
    page = await home(day.bo)
    assert f"Your answer: {letter}, {RIGHT}." in words(page)
    assert "My answer" in labels(page)
    await command(day.ann, day, "reveal")
    assert (await press(day.bo, day.room.messages[-1], "My answer")).startswith(f"Your answer: {letter}, {RIGHT}.\n")
    assert "bo (you)" in words(await home(day.bo))


async def test_what_members_do(day: Day) -> None:
    """Practice with another one, statistics of oneself and of others, boards by period, one's own data."""
    day.room.bot_in = True
    await day.start(8)
    practice = (await day.bo.slash("/quiz", "practice regularization", day.room, until=privately)).reply
    assert words(practice).startswith("Practice · Regularization · easy\n")
    form = (await day.bo.press(practice, "Answer", until=privately)).view
    graded = (await day.bo.submit(form, "dropout", until=ephemeral)).reply
    assert words(graded).startswith("Right: dropout.")
    another = await press(day.bo, graded, "Another one")
    assert another.startswith("Practice · ")

    await command(day.dan, day, "ask regularization 10m")
    question = day.room.messages[-1]
    view = (await day.bo.press(question, "Answer", until=privately)).view
    await day.bo.submit(view, "drop out", until=ephemeral)
    assert (await command(day.bo, day, "stats")).startswith("Your statistics\n10 points, rank 1 of all time.")
    others = await command(day.dan, day, f"stats <@{day.bo.id}|bo>")
    assert others.startswith("bo\n10 points, rank 1 of all time.")
    assert "last answers" not in others
    board = (await day.bo.slash("/quiz", "leaderboard today", day.room, until=privately)).reply
    assert words(board).startswith("Today · Monday 23 November · team\n")
    assert (await press(day.bo, board, "All time")).startswith("All time · team\n")

    exported = await day.bo.slash("/quiz", "privacy export", day.room, until=ephemeral)
    stored = json.loads(day.server.files[exported.posts[-1].files[0]] or b"")
    assert [answer["text"] for answer in stored["answers"]] == ["drop out"]
    asked = (await day.bo.slash("/quiz", "privacy erase", day.room, until=ephemeral)).reply
    assert (await press(day.bo, asked, "Erase everything")).startswith("Everything stored on you is erased.")
    assert "Nobody has answered" in await command(day.dan, day, "leaderboard all")
