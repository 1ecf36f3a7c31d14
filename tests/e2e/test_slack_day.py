"""A team's day on Slack: the real process, slack-bolt, a fake Slack, and people who use what they see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.slack_stage import RIGHT, WRONG, Day, choose, command, labels, letter_of, opened, press, words, write
from tests.fakes.slack import privately


@pytest.fixture
async def day(tmp_path: Path) -> AsyncIterator[Day]:
    """A day whose bot has not started yet."""
    day = Day(tmp_path)
    async with opened(day):
        yield day


async def test_a_day(day: Day) -> None:
    """The question comes at its minute, answers are taken and changed in private, a killed bot goes on where it was,
    the reveal comes at its minute, once, and the board says what the answers earned."""
    await day.start(8, 59, 58)
    question = await day.new_post()
    assert day.clock(question) == "09:00"
    heading, prompt, *options, until = words(question).splitlines()
    assert heading == "Question of the day · Optimization · medium · 20 points"
    assert prompt == "What do you most likely see when the learning rate is far too high?"
    assert {RIGHT, WRONG} < {option[3:] for option in options}
    assert re.fullmatch(r"Answers stay private until the reveal: .*16:30 UTC\. Nobody has answered yet\.", until)
    assert labels(question) == ["A", "B", "C", "D", "My answer"]
    right, wrong = letter_of(RIGHT, question), letter_of(WRONG, question)

    assert re.fullmatch(
        rf"Recorded: {right}, {RIGHT}\. You can change it until .*16:30 UTC\.", await choose(day.ann, question, RIGHT)
    )
    assert (await choose(day.bo, question, WRONG)).startswith(f"Recorded: {wrong}, {WRONG}.")
    assert (await choose(day.chi, question, WRONG)).startswith("Recorded")
    await day.bot.kill()

    await day.start(12)
    changed = await choose(day.bo, question, RIGHT)
    assert changed.startswith(f"Changed from {wrong} to {right}. The last one counts; you can change it until")
    mine = await press(day.bo, question, "My answer")
    assert mine.startswith(f"Your answer: {right}, {RIGHT}.\n")
    assert [message.ts for message in day.room.messages] == [question.ts]
    assert await day.bot.stop() == 0

    await day.start(16, 29, 58)
    reveal = await day.new_post()
    assert day.clock(reveal) == "16:30"
    assert "This round is closed. 3 people have answered." in words(question)
    assert labels(question) == ["My answer"]
    assert words(reveal).splitlines()[0].endswith(f"{right}: {RIGHT}")
    assert f"{right}  2 right" in words(reveal)
    assert f"{wrong}  1" in words(reveal)
    assert "Why: Each step overshoots the minimum" in words(reveal)
    assert 'Source: The book of interviews, "What happens when' in words(reveal)
    assert "Right: ann, bo, 2 of 3" in words(reveal)
    assert "This week: 1 ann 20 · 1 bo 20 · 3 chi 0" in words(reveal)
    assert labels(reveal) == ["My answer", "Leaderboard", "Report this question"]

    late = await day.dan.forge_press(question, f"answer:1:{right}", until=privately)
    assert "closed" in words(late.reply)
    assert "your answer was not counted" in words(late.reply)
    assert (await press(day.chi, reveal, "My answer")).startswith(f"Your answer: {wrong}, {WRONG}.\nNot right")
    board = await press(day.chi, reveal, "Leaderboard")
    assert board.startswith("This week · Monday 23 to Sunday 29 November · ml-team\n")
    ranks = [line.split()[:2] for line in board.splitlines() if re.match(r"\d", line)]
    assert ranks == [["1", "ann"], ["1", "bo"], ["3", "chi"]]
    assert [message.ts for message in day.room.messages] == [question.ts, reveal.ts]


async def test_a_day_by_hand(day: Day) -> None:
    """Admins post and reveal; what members chose is not seen in the channel before; a board may be public."""
    await day.start(7)
    posted = await day.ann.slash("/quiz", "post", day.room, until=privately)
    assert words(posted.reply).startswith("The question is posted. Its answer comes ")
    question = day.room.messages[-1]
    await asyncio.gather(*(choose(member, question, RIGHT) for member in (day.ann, day.bo, day.chi)))
    assert [sight.item for sight in day.dan.feed] == [question]
    again = await command(day.ann, day, "post")
    assert again.startswith("Today's question was asked here already. The next one comes ")
    assert await command(day.bo, day, "reveal") == "The answer is in the channel."
    assert ", 3 of 3\n" in words(day.room.messages[-1])

    shown = await day.chi.slash("/quiz", "leaderboard today public", day.room)
    assert words(shown.post).startswith("Today · Monday 23 November · ml-team\n")
    assert shown.ephemerals == []
    assert len(day.room.messages) == 3


async def test_an_extra_question_is_graded_at_once(day: Day) -> None:
    """Whoever asks gets a question for all; short answers are written in a form, the first one is final."""
    await day.start(10)
    asked = await command(day.dan, day, "ask regularization 10m")
    assert re.fullmatch(r"The question is posted\. Its answer comes .*10:10 UTC\.", asked)
    question = day.room.messages[-1]
    assert words(question).startswith("Extra question · Regularization · easy · 10 points\n")
    assert labels(question) == ["Answer", "My answer"]

    right = await write(day.bo, question, "drop out")
    assert right.startswith('Right: dropout. I read "drop out" as the same term. 10 points.\n')
    assert (await write(day.chi, question, "dropconnect")).startswith("Not right")
    refused = await day.bo.press(question, "Answer", until=privately)
    assert words(refused.reply).startswith('Your first answer counts: "drop out".')
    assert "open in this channel already" in await command(day.ann, day, "ask")

    assert await command(day.dan, day, "reveal") == "The answer is in the channel."
    reveal = words(day.room.messages[-1])
    assert "1 right    0 partly right    1 not right" in reveal
    assert "Right: bo, 1 of 2" in reveal
    assert "dropconnect" not in reveal


async def test_refusals_are_private_and_plain(day: Day) -> None:
    """Each says what cannot be done and what can, to the caller alone."""
    await day.start(10)
    assert await command(day.chi, day, "post") == (
        "Only people who can manage this server or workspace can change the quiz. "
        "You can still use /quiz ask and /quiz leaderboard at any time."
    )
    unknown = await command(day.chi, day, "ask regularisation")
    assert unknown.startswith('I do not know the topic "regularisation". Did you mean regularization?')
    assert (await command(day.chi, day, "dance")).startswith('I do not know "dance".')
    assert await command(day.chi, day, "reveal") == "No question is open in this channel. /quiz ask posts one."
    assert (await command(day.chi, day, "")).startswith("How to play\n")
    outside = day.server.add_channel("outside", bot=False)
    seen = await day.chi.slash("/quiz", "ask", outside)
    assert "I cannot post in this channel: I am not in it, and /invite takes me there." in words(seen.reply)
    assert day.room.messages == outside.messages == day.dan.feed == []


async def test_nothing_that_a_member_typed_has_an_effect(day: Day) -> None:
    """Names, words and answers full of markup are shown as they are; nobody is pinged."""
    eve = day.server.add_member("eve", display_name="<!channel> *Eve* @here")
    await day.start(10)
    assert '"<!everyone>_x_`y`"' in await command(eve, day, "ask <!everyone>_x_`y`")
    await command(eve, day, "ask regularization")
    question = day.room.messages[-1]
    assert 'You wrote "<@U1> <http://x|y> :tada:"' in await write(eve, question, "<@U1> <http://x|y> :tada:")
    await command(eve, day, "reveal")
    assert "This week: 1 <!channel> *Eve* @here 0" in words(day.room.messages[-1])
    await eve.slash("/quiz", "leaderboard public", day.room)
    assert "<!channel> *Eve* @here" in words(day.room.messages[-1])


async def test_a_lost_answer_makes_no_second_post(day: Day) -> None:
    """Slack posts the question and the connection breaks: the bot looks, finds it, and goes on with it."""
    lost = day.server.fail("chat.postMessage", reset=True, when="after")
    await day.start(8, 59, 58)
    question = await day.new_post()
    assert lost.times == 0
    await day.server.until(lambda: day.server.called("conversations.history"), timeout=10)
    assert (await choose(day.ann, question, RIGHT)).startswith("Recorded")
    await command(day.ann, day, "reveal")
    assert "This round is closed" in words(question)
    assert len(day.room.messages) == 2


async def test_a_broken_connection_is_replaced(day: Day) -> None:
    """The network fails for a moment; the next press is answered."""
    await day.start(10)
    await command(day.ann, day, "post")
    day.server.sockets.cut_all()
    await day.server.sockets.connected(total=2)
    assert (await choose(day.chi, day.room.messages[-1], RIGHT)).startswith("Recorded")


async def test_the_environment_does_not_lead_astray(day: Day) -> None:
    """A proxy and credentials for OAuth in the environment change nothing: every call goes to SLACK_API_URL."""
    nowhere = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), nowhere)
    oauth = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "secret"}
    day.bot.environment = dict(day.bot.environment) | proxies | oauth
    await day.start(10)
    await command(day.ann, day, "ask regularization")
    question = day.room.messages[-1]
    assert (await write(day.bo, question, "dropout")).startswith("Right")
    assert await day.bot.stop() == 0
    assert {call.method for call in day.server.calls} == {
        "auth.test", "apps.connections.open", "users.info", "chat.postMessage", "views.open", "chat.postEphemeral",
        "response_url",
    }  # fmt: skip


async def test_the_log_says_what_it_is_connected_to_and_what_is_next(day: Day) -> None:
    """The bot's name, its workspace, and the next question; and nothing about tokens."""
    await day.start(10)
    await command(day.ann, day, "help")
    assert await day.bot.stop() == 0
    assert "connected to Slack as quizbot in team (T0TEAM)" in day.bot.log
    assert f"channel slack:{day.room.id}: next question at 2026-11-24T09:00:00+00:00" in day.bot.log
    assert "xoxb" not in day.bot.log
    assert "WARNING" not in day.bot.log


@pytest.mark.parametrize(("variable", "token"), [("SLACK_BOT_TOKEN", "xoxb-old"), ("SLACK_APP_TOKEN", "xapp-old")])
async def test_a_refused_token_ends_the_bot(day: Day, variable: str, token: str) -> None:
    """With no other platform the exit code is 2, and one line names the variable."""
    day.bot.environment = dict(day.bot.environment) | {variable: token}
    await day.bot.start()
    assert await day.bot.wait() == 2
    assert day.bot.log.splitlines()[-1].startswith(f"quizbot: {variable}: ")
    assert token not in day.bot.log
