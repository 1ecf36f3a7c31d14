"""The Slack adapter: what it makes of the core's messages, and how it lives with Slack's failures."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy.ext.asyncio import create_async_engine

from bot.adapters.slack import api, forms, render, socket
from bot.adapters.slack.errors import NOT_INSTALLED
from bot.adapters.slack.people import People
from bot.adapters.slack.scopes import SCOPES
from bot.adapters.slack.text import clean, mrkdwn, shortened
from bot.adapters.slack.workspaces import ManyWorkspaces
from bot.adapters.sql.tables import metadata
from bot.core import posting
from bot.core.messages import Asks, Button, Field, Form, Message, Table, When, clock, say
from bot.core.meter import Doing, Meter
from bot.core.model import Address
from bot.core.ports import BadToken, CannotLook, Refused, Unavailable
from tests.adapters.slack_desk import HELLO, Desk, desk_on, until
from tests.fakes.slack import privately, rules
from tests.fakes.slack.blocks import elements, state_of
from tests.fakes.slack.mentions import pinged
from tests.fakes.slack.methods import METHODS

Json = dict[str, Any]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


# --- what a message becomes --------------------------------------------------------------------------------------

NASTY = st.sampled_from(
    ["<!channel>", "<@U123>", "@everyone", "*x*", "_x_", "`x`", "```", "~x~", ":tada:", "> x", "http://x", "&amp;",
     "<http://x|y>", "\u202e", "\u200b", "\ud800", "\0", "\n", " ", "👩‍🔬"]
)  # fmt: skip
LONG = st.tuples(st.sampled_from("x& "), st.sampled_from([200, 2000])).map(lambda pair: pair[0] * pair[1])
STRING = st.lists(st.one_of(NASTY, LONG, st.text(max_size=40)), max_size=8).map("".join)
WHEN = st.builds(When, st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.booleans())
TEXT = st.lists(st.one_of(STRING, WHEN), min_size=1, max_size=4).map(tuple)
TABLE = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.tuples(*[STRING] * width), min_size=1, max_size=12).map(lambda rows: Table(tuple(rows)))
)
BUTTONS = st.lists(st.lists(STRING, min_size=1, max_size=6), max_size=3).map(
    lambda rows: tuple(
        tuple(Button(label, f"mine:{i}{j}") for j, label in enumerate(row)) for i, row in enumerate(rows)
    )
)
BODY = st.lists(st.one_of(TEXT, TABLE), max_size=8).map(tuple)
MESSAGES = st.builds(Message, BODY, title=STRING, buttons=BUTTONS, public=st.booleans())
CHOICES = st.lists(
    st.tuples(st.text("abc", min_size=1, max_size=9), STRING), max_size=120, unique_by=lambda one: one[0]
)
FIELDS = st.builds(
    Field,
    st.text("abcdef", min_size=1, max_size=20),
    STRING,
    st.sampled_from(Asks),
    st.one_of(STRING, st.sampled_from(["09:00", "Europe/Berlin", "a, b"])),
    CHOICES.map(tuple),
    st.booleans(),
    st.integers(1, 100_000),
    STRING,
)
DISTINCT = st.lists(FIELDS, max_size=5, unique_by=lambda field: field.name).map(tuple)
FORMS = st.builds(Form, st.just("submit:1"), STRING, st.lists(TEXT, max_size=3).map(tuple), DISTINCT)


@given(MESSAGES)
def test_no_message_is_refused_for_its_shape_or_length(message: Message) -> None:
    """Whatever people type, the blocks and the text keep Slack's limits, and can be sent as JSON."""
    content = render.content(message)
    assert list(rules.faults_of_blocks(content["blocks"])) == []
    assert 0 < len(content["text"]) <= rules.UPDATE_TEXT_LIMIT
    str(content).encode()


@given(FORMS)
def test_no_form_is_refused_for_its_shape_or_length(form: Form) -> None:
    """A form's title, label and text keep Slack's limits."""
    assert list(rules.faults_of_view(forms.view(form, "C1"))) == []


@given(MESSAGES)
def test_nothing_pings(message: Message) -> None:
    """Nothing in a message notifies anybody, and no markup is left but Slack's own instants."""
    content = render.content(message)
    assert list(pinged(content["text"], content["blocks"], loose=False)) == []
    for markup in (content["text"], *_markups(content["blocks"])):
        assert "<" not in re.sub(r"<!date\^\d+\^[^<>|]*\|[^<>|]*>", "", markup)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=100))
def test_plain_lines_are_kept_letter_for_letter(text: str) -> None:
    """A prompt, an option or a name reads as it was written, signs of formatting included."""
    (block,) = render.blocks(Message((say("{text}", text=text),)))
    assert block["text"] == {"type": "plain_text", "text": text, "emoji": False}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("*x*", "∗x∗"),
        ("_x_ and ~x~", "ˍxˍ and ∼x∼"),
        ("`x`", "ˋxˋ"),
        (":tada:", "∶tada:"),
        ("> x", "› x"),
        ("<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"),
        ("&lt;", "&amp;lt;"),
        ("*\u200bx\u200b*", "∗x∗"),
        ("snake_case, 2*3*4, 12:30, a > b, O(n)", "snake_case, 2*3*4, 12:30, a &gt; b, O(n)"),
    ],
)
def test_markup_is_shown_as_it_was_typed(typed: str, shown: str) -> None:
    """Where a line needs markup for its instant, signs that would format are replaced by others that look like them."""
    assert mrkdwn(clean(typed)) == shown


def test_hidden_characters_are_taken_away() -> None:
    """Controls, zero-width characters and overrides of the direction go; emoji held together by a joiner stay."""
    assert clean("a\u202eb\u200b\u2066c\0d\ud800e\u2028f👩‍🔬") == "abc d" + "e f👩‍🔬"


def test_cutting_leaves_escapes_whole() -> None:
    """A text is cut between characters of its own, never inside what one of them is escaped to."""
    assert [shortened("a&b", limit, mrkdwn) for limit in (0, 1, 6, 7)] == ["", "…", "a…", "a&amp;b"]


def test_an_instant_is_shown_on_the_readers_clock() -> None:
    """Slack renders the instant; the fallback of an old client and the plain text give it in UTC."""
    message = Message((say("Until {until}.", until=When(NOON)),))
    text = f"Until <!date^{int(NOON.timestamp())}^{{date_short_pretty}} at {{time}}|{clock(NOON, UTC)} UTC>."
    assert _markups(render.blocks(message)) == [text]
    assert render.blocks(message)[0]["text"]["verbatim"] is True
    assert render.fallback(message) == f"Until {clock(NOON, UTC)} UTC."


def test_a_long_line_keeps_its_instant() -> None:
    """Whatever is cut from a line, the time it names is not."""
    line = say("You wrote {text}, until {until}.", text="&" * 5000, until=When(NOON))
    (markup,) = _markups(render.blocks(Message((line,))))
    assert len(markup) <= 3000
    assert "12:00 UTC>" in markup


def test_a_table_is_monospaced_and_aligned() -> None:
    """Columns stay aligned whatever is in a name, and no name ends the block."""
    table = Table((("1", "ann\u200b", "20 points"), ("2", "```\nb<o>", "0 points")))
    (markup,) = _markups(render.blocks(Message((table,))))
    assert html.unescape(markup) == "```\n1  ann       20 points\n2  ˋˋˋ b<o>  0 points\n```"


def test_a_long_title_still_stands_out() -> None:
    """A title that is too long for a header is bold text."""
    title = f"The answer: {'B' * 150}"
    header, bold = render.blocks(Message((), title="Hello")), render.blocks(Message((), title=title))
    assert [block["type"] for block in header + bold] == ["header", "section"]
    assert _markups(bold) == [f"*{title}*"]


def test_a_long_prompt_costs_no_option() -> None:
    """Lines that do not fit into one section go on in the next one."""
    message = Message((say("x" * 5000), say("A  yes"), say("B  no")))
    first, second = (block["text"]["text"] for block in render.blocks(message))
    assert (len(first), first[-1], second) == (3000, "…", "A  yes\nB  no")


def test_the_fallback_says_what_the_blocks_say() -> None:
    """Notifications and screen readers get every line."""
    body = (say("One & two."), Table((("1", "ann"),)), say("At {at}.", at=When(NOON)), say("Three."))
    message = Message(body, title="Title", buttons=((Button("A", "answer:1:A"),),))
    assert render.fallback(message).splitlines() == [
        "Title", "One &amp; two.", "1  ann", f"At {clock(NOON, UTC)} UTC.", "Three.",
    ]  # fmt: skip
    kinds = [block["type"] for block in render.blocks(message)]
    assert kinds == ["header", "section", "section", "section", "section", "actions"]


def test_buttons_carry_their_actions() -> None:
    """A row of buttons is a row in Slack; what a press does is its action_id."""
    message = Message((), title="?", buttons=((Button("A", "answer:1:A"), Button("B", "answer:1:B")),))
    found = [(element["text"]["text"], element["action_id"]) for _, element in elements(render.blocks(message))]
    assert found == [("A", "answer:1:A"), ("B", "answer:1:B")]


def _markups(blocks: list[Json]) -> list[str]:
    return [b["text"]["text"] for b in blocks if b["type"] == "section" and b["text"]["type"] == "mrkdwn"]


# --- the adapter in a fake Slack -----------------------------------------------------------------------------------


@pytest.fixture
async def idle(tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk whose adapter is not connected."""
    async with desk_on(tmp_path) as desk:
        yield desk


@pytest.fixture
async def desk(idle: Desk) -> AsyncIterator[Desk]:
    """A desk whose adapter is connected."""
    await idle.start()
    yield idle
    await idle.stop()


# --- posting, finding, editing


async def test_a_post_is_found_by_its_mark(desk: Desk) -> None:
    """A message carries its mark unseen; another mark, another app's message and an older message are not it."""
    ts = await desk.post()
    await desk.chat.edit(desk.address, ts, replace(HELLO, title="Changed"))
    since = datetime.now(UTC) - timedelta(minutes=1)
    assert await desk.chat.find(desk.address, "q1", since, FOREVER) == ts
    assert await desk.chat.find(desk.address, "q2", since, FOREVER) is None
    assert await desk.chat.find(desk.address, "q1", datetime.now(UTC) + timedelta(minutes=1), FOREVER) is None
    assert await desk.chat.find(desk.address, "q1", since - timedelta(minutes=5), since) is None
    assert "q1" not in desk.room.messages[0].shown + desk.room.messages[0].text
    desk.server.check()


async def test_a_post_is_found_behind_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole history since then is read, page by page."""
    monkeypatch.setattr(api, "PAGE", 2)
    ts = await desk.post()
    for _ in range(5):
        await desk.chat.post(desk.address, HELLO, "other")
    assert await desk.chat.find(desk.address, "q1", datetime.now(UTC) - timedelta(minutes=1), FOREVER) == ts


async def test_an_edit_replaces_text_and_blocks(desk: Desk) -> None:
    """An edited message has nothing left of what it said; one that was deleted is let be."""
    ts = await desk.post()
    await desk.chat.edit(desk.address, ts, Message((say("Bye."),)))
    (message,) = desk.room.messages
    assert (message.text, message.shown) == ("Bye.", "Bye.")
    desk.server.delete(message)
    await desk.chat.edit(desk.address, ts, HELLO)
    desk.server.check()


async def test_a_post_whose_answer_is_lost_is_not_repeated(desk: Desk) -> None:
    """After a lost answer the adapter does not know, and says so; the core looks before it posts again."""
    desk.server.fail("chat.postMessage", reset=True, when="after")
    with pytest.raises(Unavailable):
        await desk.post()
    assert len(desk.server.called("chat.postMessage")) == len(desk.room.messages) == 1
    assert await desk.chat.find(desk.address, "q1", datetime.now(UTC) - timedelta(minutes=1), FOREVER) is not None


async def test_a_rate_limit_is_waited_out(desk: Desk) -> None:
    """A call that Slack puts off is made again after the time it names."""
    desk.server.fail("chat.postMessage", status=429, retry_after=0)
    await desk.post()
    assert len(desk.room.messages) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"error": "fatal_error"}, {"reset": True}])
async def test_a_failing_slack_is_unavailable(desk: Desk, fault: Json) -> None:
    """The same call may succeed later."""
    desk.server.fail("chat.*", times=9, **fault)
    with pytest.raises(Unavailable):
        await desk.post()


async def test_a_rate_limit_that_lasts_is_unavailable(desk: Desk) -> None:
    """After a few times the core decides how to go on."""
    desk.server.fail("chat.postMessage", times=9, status=429, retry_after=0)
    with pytest.raises(Unavailable, match="ratelimited"):
        await desk.post()


async def test_a_revoked_token_is_no_channels_fault(desk: Desk) -> None:
    """A token that worked before makes Slack unavailable; no channel is refused for it."""
    desk.server.workspace.revoked = True
    with pytest.raises(Unavailable, match="token_revoked"):
        await desk.post()


async def test_refusals_tell_an_admin_the_reason(desk: Desk) -> None:
    """Archived, deleted, without the bot, without the scope: each is named in words."""
    archived, outside = desk.server.add_channel("old"), desk.server.add_channel("outside", bot=False)
    archived.archived = True
    reasons = []
    for channel in (archived, outside, replace(desk.room, id="C404")):
        with pytest.raises(Refused) as refused:
            await desk.post(channel)
        reasons.append(str(refused.value))
    desk.server.workspace.scopes = {"commands"}
    with pytest.raises(Refused) as refused:
        await desk.post()
    assert [*reasons, str(refused.value)] == [
        "it is archived",
        "I am not in it, and /invite takes me there",
        "it was deleted, or it is private and I am not in it",
        "I am missing a scope of the Slack app (chat:write)",
    ]


async def test_without_the_history_scope_nobody_can_look(desk: Desk) -> None:
    """The core is told, so that it never posts twice."""
    desk.server.workspace.scopes = {"commands", "chat:write", "users:read"}
    with pytest.raises(CannotLook):
        await desk.chat.find(desk.address, "q1", NOON, FOREVER)


async def test_without_the_history_scope_status_says_what_may_be_left_out(idle: Desk) -> None:
    """`status` tells what a crash may cost, for as long as the scope is missing."""
    idle.server.workspace.scopes -= {"channels:history", "groups:history"}
    await idle.start()
    caveat = "a question whose posting a crash interrupts is left out, and never comes twice"
    assert caveat in (await idle.bo.slash("/quiz", "status", idle.room)).text
    await idle.stop()
    idle.server.workspace.scopes |= {"channels:history", "groups:history"}
    await idle.start()
    assert caveat not in (await idle.bo.slash("/quiz", "status", idle.room)).text


async def test_while_not_connected_slack_is_unavailable(idle: Desk) -> None:
    """Before and after its run the chat can do nothing."""
    with pytest.raises(Unavailable):
        await idle.post()
    await idle.start()
    await idle.post()
    await idle.stop()
    with pytest.raises(Unavailable):
        await idle.post()


# --- what members do


async def test_name_and_rights_come_from_slack(desk: Desk) -> None:
    """The display name stands on the board, owners manage the quiz, and each person is asked for once."""
    await desk.ask(who=desk.bo)
    assert "Only people who can manage" in (await desk.bo.slash("/quiz", "post", desk.room)).text
    assert "no daily question yet" in (await desk.ann.slash("/quiz", "post", desk.room)).text
    await desk.bo.press(desk.room.messages[-1], "A", until=privately)
    assert "Bo B. (you)" in (await desk.bo.slash("/quiz", "leaderboard", desk.room)).text
    assert [call.args["user"] for call in desk.server.called("users.info")] == [desk.bo.id, desk.ann.id]


async def test_where_slack_does_not_tell_who_somebody_is(desk: Desk) -> None:
    """Without users.info the handle is the name, nobody manages the quiz, and nobody waits for long."""
    desk.server.fail("users.info", times=9, delay=9.0)
    asked = await desk.ann.slash("/quiz", "post", desk.room, timeout=2)
    assert "Only people who can manage" in asked.text
    await desk.ask()
    await desk.ann.press(desk.room.messages[-1], "A", until=privately)
    assert "ann (you)" in (await desk.ann.slash("/quiz", "leaderboard", desk.room)).text


async def test_a_person_is_asked_for_again_after_ten_minutes() -> None:
    """A new name or role is learned; while Slack does not answer, the last name and language known stay."""
    clock, answers = [0.0], iter(["Bo", "Bob", Unavailable("500"), "Bobby"])

    class Users:
        async def user(self, user: str) -> Json:
            answer = next(answers)
            if isinstance(answer, Unavailable):
                raise answer
            return {"profile": {"display_name": answer}, "is_admin": True, "locale": "de-DE"}

    people = People(Users(), "T0TEAM", lambda: clock[0])  # type: ignore[arg-type]
    seen = []
    for now in (0, 599, 601, 1300, 1320, 1331):
        clock[0] = now
        person = await people.person("U1", "bo")
        seen.append((person.name, person.manages))
        assert person.language == "de"
    assert seen == [
        ("Bo", True), ("Bo", True), ("Bob", True), ("Bob", False), ("Bob", False), ("Bobby", True),
    ]  # fmt: skip


async def test_a_private_answer_leaves_the_message_alone(desk: Desk) -> None:
    """A receipt is seen by its member alone, beside the question."""
    question = await desk.ask()
    before = len(desk.bo.feed)
    seen = await desk.ann.press(question, "A", until=privately)
    assert re.match(r"(Right|Not right)", seen.text)
    assert not question.edited
    assert len(desk.bo.feed) == before
    assert seen.ack == {}
    desk.server.check()


async def test_the_count_is_brought_up_to_date(desk: Desk) -> None:
    """The question says how many have answered, and keeps its buttons."""
    question = await desk.ask()
    await desk.bo.press(question, "A", until=privately)
    (round_id,) = desk.quiz.touched
    await posting.show_count(desk.quiz, round_id)
    assert "1 person has answered." in question.shown
    assert (await desk.ann.press(question, "B", until=privately)).text
    desk.server.check()


async def test_a_public_answer_is_for_the_channel(desk: Desk) -> None:
    """``public`` shows the board to everybody, and to the caller only once."""
    seen = await desk.ann.slash("/quiz", "leaderboard public", desk.room)
    assert "This week" in seen.post.shown
    assert seen.ephemerals == []
    desk.server.check()


async def test_an_answer_finds_another_way(desk: Desk) -> None:
    """Where the interaction's own address fails, the answer comes in the channel; else as a direct message."""
    desk.server.fail("response_url", times=2, status=500)
    assert (await desk.ann.slash("/quiz", "reveal", desk.room)).text.startswith("No question is open")
    desk.server.fail("chat.postEphemeral", status=500)
    seen = await desk.ann.slash("/quiz", "reveal", desk.room)
    assert seen.post.channel.direct
    assert seen.post.shown.startswith("No question is open")


async def test_a_form_is_shown_and_taken(desk: Desk) -> None:
    """Answer opens a form with the prompt and one field; what is sent is graded, and the receipt is private."""
    question = await desk.ask("regularization")
    view = (await desk.bo.press(question, "Answer", until=privately)).view
    assert view.shown.splitlines() == ["Your answer", "Which term?", "Your answer"]
    seen = await desk.bo.submit(view, "dropout", until=lambda seen: seen.ephemerals)
    assert seen.text.startswith("Right: dropout.")
    assert not view.open
    desk.server.check()


async def test_half_of_a_character_is_taken(desk: Desk) -> None:
    """What somebody typed may end within a character, as a cut emoji does; it is graded all the same."""
    view = (await desk.bo.press(await desk.ask("regularization"), "Answer", until=privately)).view
    seen = await desk.bo.submit(view, "dropout \ud83d", until=lambda seen: seen.ephemerals)
    assert seen.text.startswith("Right: dropout")


async def test_a_receipt_goes_to_the_member_where_the_bot_was_thrown_out(desk: Desk) -> None:
    """Slack gives a form no address to answer; without the bot in the channel the receipt is a direct message."""
    question = await desk.ask("regularization")
    view = (await desk.bo.press(question, "Answer", until=privately)).view
    desk.room.bot_in = False
    seen = await desk.bo.submit(view, "dropout", until=lambda seen: seen.posts)
    assert seen.post.channel.direct
    assert seen.post.shown.startswith("Right: dropout.")
    why = "I tell you here because I cannot write in that channel: I am not in it, and /invite takes me there."
    assert seen.post.shown.splitlines()[-1] == why


async def test_an_admin_who_forgot_to_invite_the_bot(desk: Desk) -> None:
    """What comes next is said in private, with the reason why nothing can come in the channel."""
    desk.room.bot_in = False
    view = (await desk.ann.slash("/quiz", "setup", desk.room)).view
    seen = await desk.ann.submit(view, until=lambda seen: seen.posts)
    assert seen.post.shown.startswith("This channel is set up\n")
    assert "I am not in it, and /invite takes me there." in seen.post.shown


def test_each_field_gets_the_widget_that_fits() -> None:
    """Times are picked, zones searched, days ticked and topics selected; what is set already is filled in."""
    days = tuple((day, day.capitalize()) for day in ("mon", "tue"))
    topics = tuple((f"topic{n}", f"Topic {n}") for n in range(12))
    fields = (
        Field("time", "Time", Asks.TIME, "09:00"),
        Field("zone", "Zone", Asks.ZONE, "Europe/Berlin"),
        Field("days", "Days", Asks.SOME_OF, "mon, tue", days),
        Field("topics", "Topics", Asks.SOME_OF, "", topics, required=False),
        Field("feedback", "Feedback", Asks.ONE_OF, "tue", days),
        Field("answer", "Answer", value="so far"),
    )
    view = forms.view(Form("setup", "Setup", (), fields), "C1")
    assert [block["element"]["type"] for block in view["blocks"]] == [
        "timepicker",
        "external_select",
        "checkboxes",
        "multi_static_select",
        "static_select",
        "plain_text_input",
    ]
    assert [block["optional"] for block in view["blocks"]] == [False, False, False, True, False, False]
    untouched = {"state": {"values": state_of(view["blocks"], {})}}
    assert forms.filled_in(untouched) == {field.name: field.value for field in fields}


async def test_a_command_may_show_a_form(desk: Desk) -> None:
    """Zones are searched by city, and what is wrong is said at its field, in the form."""
    view = (await desk.ann.slash("/quiz", "setup", desk.room)).view
    assert "Europe/Berlin" in (await desk.ann.suggest(view, "timezone", "berl")).options
    wrong = {"time": {"time": {"type": "plain_text_input", "value": "25:00"}}}
    forged = await desk.ann.forge_submission("setup", wrong, desk.room.id)
    assert "25:00" in forged.errors["time"]
    seen = await desk.ann.submit(view, {"time": "08:30"}, until=lambda seen: seen.ephemerals)
    assert "08:30" in seen.text
    desk.server.check()


async def test_a_form_that_slack_does_not_show(desk: Desk) -> None:
    """The member is told to try again."""
    question = await desk.ask("regularization")
    desk.server.fail("views.open", error="expired_trigger_id")
    seen = await desk.bo.press(question, "Answer", until=privately)
    assert seen.text == "That did not work: Slack did not answer. Please try again in a minute."


async def test_a_repeated_delivery_counts_once(desk: Desk) -> None:
    """Slack may deliver a press or a form twice at once: one answer counts."""
    question = await desk.ask()
    desk.server.deliver_twice("interactive")
    await desk.bo.press(question, "A", until=lambda seen: len(seen.ephemerals) == 2)
    await desk.ann.slash("/quiz", "reveal", desk.room, until=privately)
    assert "of 1\n" in desk.room.messages[-1].shown + "\n"


async def test_forged_buttons_and_forms(desk: Desk) -> None:
    """Invented actions, and forms that were never opened, are refused in words and change nothing."""
    question = await desk.ask()
    for action in ("answer:1:Z", "answer:99:A", "x" * 255, "open:", "💥\n"):
        assert "nothing was recorded" in (await desk.bo.forge_press(question, action, until=privately)).text
    for callback, values in (("submit:99", {}), ("drop", {"answer": {"text": {"value": None}}})):
        seen = await desk.bo.forge_submission(callback, values, until=lambda seen: seen.views)
        assert "nothing was recorded" in seen.view.shown


async def test_words_may_be_missing(desk: Desk) -> None:
    """Bare ``/quiz`` is help, and only its caller sees it."""
    seen = await desk.bo.slash("/quiz", "", desk.room)
    assert seen.text.startswith("How to play")
    assert desk.room.messages == []


async def test_more_than_can_be_served(desk: Desk) -> None:
    """Whoever comes when it is full is told at once that nothing was done; what is beyond that is not acknowledged, so
    that Slack tells them. Then it goes on."""
    question, crowd = await desk.ask(), desk.quiz.crowd
    crowd.most, desk.store.gate = 1, asyncio.Event()
    served = await desk.pressing(question)
    refused = await desk.ann.press(question, "A", until=privately)
    assert "NOT recorded" in refused.text
    assert "nothing was done" in (await desk.ann.slash("/quiz", "stats", desk.room, until=privately)).text
    crowd.most = 0
    deliveries = desk.server.courier.deliveries
    await desk.ann.press(question, "A")
    assert not deliveries[-1].acknowledged
    crowd.most = 1
    desk.store.gate.set()
    await served
    assert len(await desk.store.entries(1)) == 1
    await desk.ann.press(question, "A", until=privately)
    assert len(await desk.store.entries(1)) == 2


async def test_the_acknowledgement_does_not_wait_for_the_database(desk: Desk) -> None:
    """A press is acknowledged at once, its receipt comes when the answer is stored."""
    question = await desk.ask()
    desk.store.gate = asyncio.Event()
    pressing = await desk.pressing(question)
    assert desk.server.courier.deliveries[-1].after < 1
    assert not pressing.done()
    desk.store.gate.set()
    assert (await pressing).text


async def test_what_nobody_expected(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of the bot's own is logged once. What it has not acknowledged by then it never does, so that Slack tells
    whoever did it."""
    question = await desk.ask("regularization")
    form = (await desk.bo.press(question, "Answer", until=privately)).view
    monkeypatch.setattr(People, "person", lambda *args: 1 / 0)
    deliveries = desk.server.courier.deliveries
    await desk.bo.submit(form, "dropout")
    assert not deliveries[-1].acknowledged
    await desk.bo.press(question, "Answer", until=lambda seen: deliveries[-1].acknowledged)
    faults = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.exc_info and record.exc_info[0] for record in faults] == [ZeroDivisionError] * 2


# --- life


async def test_stopping_finishes_what_was_begun(desk: Desk) -> None:
    """An answer that is being stored when the bot stops is still confirmed; new presses are not taken."""
    question = await desk.ask()
    desk.store.gate = asyncio.Event()
    pressing = await desk.pressing(question)
    desk.stopping.set()
    await asyncio.sleep(0.05)
    assert not desk.running.done()
    desk.store.gate.set()
    assert (await pressing).text
    await desk.stop()
    assert desk.server.sockets.open == []


async def test_it_can_run_again(desk: Desk) -> None:
    """After a run another one begins afresh, and buttons of before work."""
    question = await desk.ask()
    await desk.stop()
    await desk.start()
    assert (await desk.bo.press(question, "A", until=privately)).text


@pytest.mark.parametrize(
    ("tokens", "variable"),
    [
        ({"bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"app_token": "xoxb-mixed-up"}, "SLACK_APP_TOKEN"),
    ],
)
async def test_a_refused_token_is_named(idle: Desk, tokens: dict[str, str], variable: str) -> None:
    """Whoever runs the bot is told which variable to look at."""
    with pytest.raises(BadToken, match=variable):
        await idle.slack(**tokens).run(idle.quiz, idle.stopping)


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_slack_that_cannot_be_reached_at_the_start(idle: Desk, method: str) -> None:
    """The adapter gives up, so that whoever runs it tries again later."""
    idle.server.fail(method, times=9, status=503)
    with pytest.raises(Unavailable):
        await idle.chat.run(idle.quiz, idle.stopping)
    idle.server.sockets.refusing = True
    idle.server.web.faults.clear()
    with pytest.raises(Unavailable):
        await idle.chat.run(idle.quiz, idle.stopping)


async def test_a_lost_connection_is_replaced_at_once(desk: Desk) -> None:
    """A closed or broken connection is replaced within a moment, and members are served again."""
    sockets = desk.server.sockets
    await sockets.close_all()
    await sockets.connected(total=2, timeout=0.5)
    sockets.cut_all()
    await sockets.connected(total=3, timeout=1.5)
    assert (await desk.bo.slash("/quiz", "help", desk.room)).text


async def test_an_announced_end_leaves_no_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """When Slack wants a connection replaced, the old one is listened to until Slack ends it, or for a while."""
    monkeypatch.setattr(socket, "LINGER", 0.3)
    sockets = desk.server.sockets
    await sockets.disconnect("warning")
    await sockets.connected(total=2)
    assert len(sockets.open) == 2
    for _ in range(2):
        assert (await desk.bo.slash("/quiz", "help", desk.room)).text
    await desk.server.until(lambda: len(sockets.open) == 1)
    assert (await desk.bo.slash("/quiz", "help", desk.room)).text


async def test_what_members_do_is_timed(idle: Desk) -> None:
    """Each kind of interaction is counted once it was replied to."""
    replied: list[str] = []

    class Timer(Meter):
        def replied(self, platform: str, doing: Doing, seconds: float) -> None:
            assert (platform, 0 < seconds < 60) == ("slack", True)
            replied.append(doing.value)

    idle.quiz = replace(idle.quiz, meter=Timer())
    await idle.start()
    question = await idle.ask()
    await idle.bo.press(question, "A", until=privately)
    await idle.bo.open_home(until=lambda seen: seen.items("home"))
    await until(lambda: len(replied) == 3)
    assert replied == ["command", "button", "page"]
    await idle.stop()


async def test_a_lost_connection_tells_health(desk: Desk) -> None:
    """From its end until there is another one the platform does not count as connected; an announced end is none."""
    sockets = desk.server.sockets
    await sockets.disconnect("warning")
    await sockets.connected(total=2)
    assert "slack" in desk.quiz.connected
    desk.server.fail("apps.connections.open", delay=0.3)
    await sockets.close_all()
    await until(lambda: "slack" not in desk.quiz.connected)
    await until(lambda: "slack" in desk.quiz.connected)


async def test_reconnecting_is_slow_and_tells_health(desk: Desk) -> None:
    """While Slack refuses connections it is asked ever more slowly, and the platform does not count as connected."""
    sockets = desk.server.sockets
    sockets.refusing = True
    await sockets.close_all()
    await until(lambda: "slack" not in desk.quiz.connected)
    await asyncio.sleep(0.6)
    assert len(desk.server.called("apps.connections.open")) == 2
    sockets.refusing = False
    await sockets.connected(total=2)
    await until(lambda: "slack" in desk.quiz.connected)


async def test_an_app_that_is_taken_out_pauses_its_channels(desk: Desk) -> None:
    """The reason stands in the channel's settings, and nothing else is lost; a person's own token means nothing."""
    await desk.ann.slash("/quiz", "setup time=09:00", desk.room, until=privately)
    known = await desk.store.known(desk.address)
    assert known is not None
    await desk.server.event("tokens_revoked", tokens={"oauth": [desk.ann.id], "bot": []})
    assert await desk.store.known(desk.address) == known
    await desk.server.uninstall(desk.server.workspace)
    async with asyncio.timeout(5):
        while await desk.store.known(desk.address) == known:  # noqa: ASYNC110  # the database rings no bell
            await asyncio.sleep(0.01)
    assert await desk.store.known(desk.address) == replace(known, paused=NOT_INSTALLED)


async def test_tokens_of_installed_workspaces() -> None:
    """A token is asked for again after a while; while its store does not answer, the one known last has to do."""
    clock, tokens = [0.0], iter(["one", "two", OSError("locked"), None])

    class Store:
        async def async_find_bot(self, **workspace: object) -> SimpleNamespace | None:
            found = next(tokens)
            if isinstance(found, OSError):
                raise found
            bot = {"team_id": "T1", "team_name": "team", "bot_token": found, "bot_id": "B", "bot_user_id": "U"}
            return SimpleNamespace(**bot) if found else None

    def api(token: str, lost: str) -> Any:
        return SimpleNamespace(token=token)

    async def unknown(address: Address) -> None:
        return None

    many = ManyWorkspaces(Store(), api, unknown, clock=lambda: clock[0])  # type: ignore[arg-type]
    seen = []
    for clock[0] in (0, 59, 61, 130, 150):
        seen.append((await many.called("T1")).bot.bot_token)
    assert seen == ["one", "one", "two", "two", "two"]
    clock[0] = 300
    with pytest.raises(Refused, match="not installed in this workspace any more"):
        await many.called("T1")
    with pytest.raises(Refused, match="I do not know yet in which workspace it is"):
        await many.of(Address("slack", "C1"))


# --- the manifest


@pytest.fixture
def manifest() -> Json:
    """What is pasted into Slack."""
    return yaml.safe_load((ROOT / "slack-manifest.yaml").read_text())


def test_the_manifest_asks_for_the_scopes_that_are_used(manifest: Json) -> None:
    """The scopes are those of the methods that the adapter calls, and of its slash command; none is spare."""
    sources = [path.read_text() for path in (ROOT / "bot/adapters/slack").glob("*.py")]
    called = {name for source in sources for name in re.findall(r"client\.([a-z]+_\w+)\b", source)}
    methods = {name.replace(".", "_"): method for name, method in METHODS.items()}
    methods["files_upload_v2"] = methods["files_completeUploadExternal"]
    assert {"chat_postMessage", "views_push", "auth_test", "conversations_history"} <= called
    needed = {scope for name in called for scope in methods[name].scopes} - {"im:history", "mpim:history"}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed | {"commands"}
    assert set(SCOPES) == set(manifest["oauth_config"]["scopes"]["bot"])


def test_the_manifest_is_one_that_slack_takes(manifest: Json) -> None:
    """Its keys and lengths are those of Slack's schema (https://github.com/slackapi/manifest-schema, version 1)."""
    assert set(manifest) == {"display_information", "features", "oauth_config", "settings"}
    about, features = manifest["display_information"], manifest["features"]
    assert set(about) == {"name", "description", "long_description", "background_color"}
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert re.fullmatch("#[0-9a-f]{6}", about["background_color"])
    assert set(features) == {"app_home", "bot_user", "slash_commands"}
    assert set(features["app_home"]) == {
        "home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled",
    }  # fmt: skip
    assert len(features["bot_user"]["display_name"]) <= 80
    (command,) = features["slash_commands"]
    assert set(command) == {"command", "description", "usage_hint", "should_escape"}
    assert command["command"] == "/quiz"
    assert command["should_escape"] is True
    assert len(command["usage_hint"]) <= 1000
    assert manifest["settings"] == {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_uninstalled", "tokens_revoked"]},
        "interactivity": {"is_enabled": True}, "socket_mode_enabled": True, "org_deploy_enabled": False,
        "token_rotation_enabled": False,
    }  # fmt: skip


# --- what slack-sdk keeps in the bot's database


def test_the_tables_are_those_of_slack_sdk() -> None:
    """The installation and state stores find the tables and columns that they were written for."""
    installations = AsyncSQLAlchemyInstallationStore("client", create_async_engine("sqlite+aiosqlite://"))
    states = AsyncSQLAlchemyOAuthStateStore(600, installations.engine)
    for table in (installations.bots, installations.installations, states.oauth_states):
        ours = metadata.tables[table.name]
        assert [_shape(column) for column in ours.columns] == [_shape(column) for column in table.columns]
        assert {index.name: [c.name for c in index.columns] for index in ours.indexes} == {
            index.name: [c.name for c in index.columns] for index in table.indexes
        }


def _shape(column: Any) -> tuple[Any, ...]:
    return (column.name, str(column.type), column.nullable, column.primary_key)
