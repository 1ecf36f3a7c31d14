"""What Slack shows outside of channels: the App Home, windows, direct messages and files."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.slack.text import typed_words
from bot.core.commands import press, submit
from bot.core.model import Address, Caller, Feedback, Identity, Workspace
from tests.adapters.slack_desk import Desk, desk_on
from tests.fakes.slack import Member, Seen, View, privately
from tests.fakes.slack.blocks import elements, label


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose adapter is connected; at the end Slack has nothing to complain about."""
    async with desk_on(tmp_path) as desk:
        await desk.start()
        yield desk
        await desk.stop()
        desk.server.check()


async def home(member: Member) -> View:
    """Open the bot's page."""
    await member.open_home(until=lambda seen: seen.items("home"))
    assert member.home is not None
    return member.home


def buttons(view: View) -> list[str]:
    """The words on buttons and in empty fields."""
    return [label(element) for _, element in elements(view.blocks)]


async def set_up(desk: Desk) -> None:
    """Ann gives the channel a daily question at once, on all days, by the form."""
    view = (await desk.ann.slash("/quiz", "setup", desk.room)).view
    every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    await desk.ann.submit(view, {"time": "00:00", "days": every, "topics": ["optimization"]}, until=ephemeral)


def ephemeral(seen: Seen) -> bool:
    """A message for this member alone."""
    return bool(seen.ephemerals)


# --- the page


async def test_first_contact(desk: Desk) -> None:
    """Before there is a daily question, the page says what the bot does and the next step: another one for admins."""
    mine, his = (await home(desk.ann)).shown, (await home(desk.bo)).shown
    assert mine.splitlines()[0] == his.splitlines()[0] == "Hello, I am the quiz bot"
    assert mine.splitlines()[2].startswith("1. Write /invite @quizbot in the channel")
    assert mine.splitlines()[3].startswith("2. Write /quiz setup there")
    assert "an admin sets one up with /quiz setup" in his
    assert "invite" not in his
    assert "Set up a channel" in mine
    assert "Set up a channel" not in his
    assert desk.room.messages == []


async def test_an_admin_sets_a_channel_up_from_the_page(desk: Desk) -> None:
    """Choosing a channel opens its form, filled in; what comes next is said in a window, and stands on the page."""
    view = await home(desk.ann)
    form = (await desk.ann.choose(view, "setup", desk.room.id, until=privately)).view
    assert "Europe/Berlin" in json.dumps(form.body)
    seen = await desk.ann.submit(form, {"time": "08:30"}, until=lambda seen: seen.views)
    assert seen.view.shown.startswith("Quiz\nThis channel is set up\nThe next question of the day comes ")
    page = await home(desk.ann)
    assert f"<#{desk.room.id}>" in page.shown
    assert "Question of the day: 08:30, Monday to Friday" in page.shown
    again = (await desk.ann.press(page, "Change the settings", until=privately)).view
    assert '"initial_time": "08:30"' in json.dumps(again.body)
    member = await home(desk.bo)
    assert "The next question of the day comes" in member.shown
    assert "Question of the day: 08:30" not in member.shown
    assert "Change the settings" not in buttons(member)


async def test_the_page_shows_todays_question_and_ones_own_answer(desk: Desk) -> None:
    """Its state, one's own answer, the week's board and one's own statistics; nobody else's answer."""
    await set_up(desk)
    await desk.ann.slash("/quiz", "post", desk.room, until=privately)
    question = desk.room.messages[-1]
    assert "You have not answered this question. You can still answer" in (await home(desk.bo)).shown
    await desk.bo.press(question, "A", until=privately)
    page = await home(desk.bo)
    assert re.search(r"A question is open until .*\nYour answer: A, ", page.shown)
    assert "You learn its grade at the reveal" in page.shown
    assert "Your answer" not in (await home(desk.ann)).shown
    await desk.ann.slash("/quiz", "reveal", desk.room, until=privately)
    page = await home(desk.bo)
    assert "Today's question is closed.\nYour answer: A, " in page.shown
    assert "Bo B. (you)" in page.shown
    assert "1 question answered" in page.shown
    mine = (await desk.bo.press(page, "My answer", until=privately)).view
    assert "Why: Because." in mine.shown
    assert question.channel.id == desk.room.id
    assert len(desk.room.messages) == 2


async def test_presses_outside_of_channels_answer_in_a_window(desk: Desk) -> None:
    """A button of the page opens a window; a button of the window changes it; both lead nowhere else."""
    await desk.ask()
    await desk.bo.press(desk.room.messages[-1], "A", until=privately)
    page = await home(desk.bo)
    window = (await desk.bo.press(page, "All time", until=privately)).view
    assert window.shown.startswith("Quiz\nAll time · team\n")
    changed = (await desk.bo.press(window, "Today", until=privately)).view
    assert changed is window
    assert "Today · " in window.shown
    assert [sight.kind for sight in desk.ann.feed].count("ephemeral") == 1


async def test_a_window_that_slack_does_not_show(desk: Desk) -> None:
    """The answer comes as a direct message instead."""
    page = await home(desk.bo)
    desk.server.fail("views.open", error="expired_trigger_id")
    seen = await desk.bo.press(page, "All time", until=lambda seen: seen.posts)
    assert seen.post.channel.direct
    assert seen.post.shown.startswith("All time · team\n")


async def test_only_admins_open_the_settings(desk: Desk) -> None:
    """A forged press on the page changes nothing, and says so."""
    page = await home(desk.bo)
    seen = await desk.bo.forge_press(page, f"setup:{desk.room.id}", until=privately)
    assert "Only people who can manage this server or workspace" in seen.view.shown
    seen = await desk.bo.forge_submission(f"setup:{desk.room.id}", {}, until=lambda seen: seen.views)
    assert "Only people who can manage this server or workspace" in seen.view.shown
    channel = await desk.store.known(desk.address)
    assert channel is None or channel.settings.schedule is None


async def test_no_channel_of_another_workspace_is_set_up(desk: Desk) -> None:
    """The admin of one workspace cannot name a channel of another one."""
    await set_up(desk)
    known = await desk.store.known(desk.address)
    assert known is not None
    other = desk.server.add_workspace("T0OTHER", "other")
    eve = desk.server.add_member("eve", workspace=other, is_owner=True)
    place = Workspace("slack", other.id, "other")
    caller = Caller(Identity("slack", other.id, eve.id), "eve", Address("slack", other.id), place, manages=True)
    assert "nothing was recorded" in str(await press(desk.quiz, caller, f"setup:{desk.room.id}"))
    filled = {"time": "05:00", "feedback": Feedback.IMMEDIATE}
    assert "nothing was recorded" in str(await submit(desk.quiz, caller, f"setup:{desk.room.id}", filled))
    assert await desk.store.known(desk.address) == known


async def test_a_page_whose_owner_is_unknown(desk: Desk) -> None:
    """Where Slack does not tell who somebody is, their name is not replaced by an id: the page waits."""
    desk.server.fail("users.info", times=9, error="internal_error")
    await desk.bo.open_home(until=lambda seen: seen.delivery)
    assert desk.bo.home is None


async def test_the_messages_tab_makes_no_page(desk: Desk) -> None:
    """Opening the tab with direct messages publishes nothing."""
    await desk.server.event("app_home_opened", user=desk.bo.id, tab="messages", channel="D1")
    assert desk.server.called("views.publish") == []


# --- files and mentions


async def test_an_export_comes_in_private(desk: Desk) -> None:
    """The file comes as a direct message, with a line on what it is; the channel's reader is told where it is."""
    await desk.ask()
    await desk.bo.press(desk.room.messages[-1], "A", until=privately)
    seen = await desk.bo.slash("/quiz", "privacy export", desk.room, until=privately)
    assert seen.text == "I sent you quizbot-data.json as a direct message: look under Apps."
    told, shared = seen.posts
    assert told.channel is shared.channel
    assert told.channel.members == {desk.bo.id}
    assert told.shown == "This file holds everything that is stored on you."
    (file,) = shared.files
    assert desk.server.file_names[file] == "quizbot-data.json"
    stored = json.loads(desk.server.files[file] or b"")
    assert stored["identities"][0]["user"] == desk.bo.id
    assert [sight.kind for sight in desk.ann.feed].count("post") == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            {"pattern": "upload", "status": 500},
            "That did not work: Slack did not answer. Please try again in a minute.",
        ),
        (
            {"pattern": "files.completeUploadExternal", "error": "missing_scope"},
            "I could not send you the file: I am missing a scope of the Slack app (). "
            "Please ask for it again once an admin has mended that.",
        ),
    ],
)
async def test_a_file_that_cannot_be_sent(desk: Desk, fault: dict[str, object], said: str) -> None:
    """The member is told why, and what to do."""
    desk.server.fail(**fault)
    assert (await desk.bo.slash("/quiz", "privacy export", desk.room, until=privately)).text == said


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("stats <@U0AB12|bo>", "stats <@U0AB12|bo>"),
        ("ask <http://c.io|c.io> hard", "ask c.io hard"),
        ("ask <https://c.io/x>", "ask https://c.io/x"),
        ("ask <#C0123|general>", "ask general"),
        ("ask a &amp; b &lt;x&gt; &amp;lt;", "ask a & b <x> &lt;"),
        ("ask <mailto:a@b.c|a@b.c>", "ask a@b.c"),
        ("setup time=09:00 days=mon, wed timezone=New York", "setup time=09:00 days=mon, wed timezone=New York"),
    ],
)
def test_words_behind_a_command(sent: str, typed: str) -> None:
    """What Slack marks up is read as it was typed; people keep the id that Slack gives."""
    assert typed_words(sent) == typed


async def test_statistics_of_somebody(desk: Desk) -> None:
    """``/quiz stats @somebody`` shows what a board shows; their answers stay their own."""
    await desk.ask()
    await desk.bo.press(desk.room.messages[-1], "A", until=privately)
    seen = await desk.ann.slash("/quiz", f"stats <@{desk.bo.id}|bo>", desk.room, until=privately)
    assert seen.text.startswith("Bo B.\n")
    assert "last answers" not in seen.text
    assert "Your last answers:" in (await desk.bo.slash("/quiz", "stats", desk.room, until=privately)).text
