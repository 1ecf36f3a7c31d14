"""The fake Slack as the real slack-bolt sees it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from .slack import Channel, FakeSlack, Member, Message, Refused, Silence, acked, edited

Json = dict[str, Any]


class Clock:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 1_750_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Stage:
    """A Slack with a channel and two people, and a client with the bot's token."""

    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.server = FakeSlack(clock=self.clock, ack_seconds=0.25)
        self.room: Channel = self.server.add_channel("room")
        self.ann: Member = self.server.add_member("ann", is_admin=True, tz="Asia/Tokyo")
        self.ben: Member = self.server.add_member("ben")

    @property
    def client(self) -> AsyncWebClient:
        """The real client."""
        return AsyncWebClient(token=self.server.bot_token, base_url=self.server.api_url)

    async def post(self, *elements: Json, text: str = "A question") -> Message:
        """A message of the bot with a row of elements."""
        blocks = [section(text), {"type": "actions", "block_id": "row", "elements": list(elements)}]
        posted = await self.client.chat_postMessage(
            channel=self.room.id, text=text, blocks=blocks if elements else None
        )
        message = self.room.message(posted["ts"])
        assert message is not None
        return message


@dataclass
class Bot(Stage):
    """The same, and a bolt app connected over Socket Mode."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.handler: AsyncSocketModeHandler

    async def connect(self) -> None:
        """Start the app."""
        self.app = AsyncApp(client=self.client, logger=quiet())
        self.handler = AsyncSocketModeHandler(self.app, self.server.app_token, logger=quiet(), ping_interval=0.2)
        await self.handler.connect_async()  # type: ignore[no-untyped-call]
        await self.server.sockets.connected()


def quiet() -> logging.Logger:
    """A logger that keeps what bolt warns about out of the test's output."""
    logger = logging.getLogger("quiet")
    logger.setLevel(logging.CRITICAL)
    return logger


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """A running Slack without a bot."""
    stage = Stage()
    async with stage.server:
        yield stage


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    """A running Slack with a connected bolt app."""
    bot = Bot()
    async with bot.server:
        await bot.connect()
        yield bot
        await bot.handler.close_async()  # type: ignore[no-untyped-call]


def section(text: str) -> Json:
    """A section with formatted text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def plain(text: str) -> Json:
    """Unformatted text."""
    return {"type": "plain_text", "text": text}


def button(label: str, action_id: str) -> Json:
    """A button whose value is its label."""
    return {"type": "button", "text": plain(label), "action_id": action_id, "value": label}


def modal(**changes: Any) -> Json:
    """A modal with one text field."""
    typed = {"type": "plain_text_input", "action_id": "typed", "max_length": 20}
    block = {"type": "input", "block_id": "answer", "label": plain("Your answer"), "element": typed}
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Answer"),
        "submit": plain("Send"),
        "blocks": [block],
    }
    return view | changes


@asynccontextmanager
async def served(app: AsyncApp) -> AsyncIterator[str]:
    """The app over HTTP, at the address given."""

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    site = web.Application()
    site.router.add_post("/slack/events", events)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await runner.cleanup()


async def error_of(call: Any) -> str:
    """The error name with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as refusal:
        await call
    error: str = refusal.value.response["error"]
    return error


async def test_slash_command_is_acknowledged_and_answered_privately(bot: Bot) -> None:
    """A slash command carries its words; what is posted with postEphemeral is seen by that member alone."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any, command: Json, client: AsyncWebClient) -> None:
        await ack()
        words = f"you said {command['text']}"
        await client.chat_postEphemeral(channel=command["channel_id"], user=command["user_id"], text=words)

    seen = await bot.ann.slash("/quiz", "ask cnn hard", bot.room)
    assert seen.text == "you said ask cnn hard"
    assert seen.ack == {} and seen.ack_after is not None and seen.ack_after < 0.25
    assert bot.ben.feed == []
    bot.server.check()


async def test_acknowledgement_of_a_slash_command_may_be_the_answer(bot: Bot) -> None:
    """Text in the acknowledgement is an ephemeral message, or one for all with in_channel."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any, command: Json) -> None:
        await ack(text="hello", response_type=command["text"])

    assert (await bot.ann.slash("/quiz", "ephemeral", bot.room)).text == "hello"
    assert bot.room.messages == []
    assert (await bot.ann.slash("/quiz", "in_channel", bot.room)).post.text == "hello"


async def test_missing_acknowledgement_is_shown_and_recorded(bot: Bot) -> None:
    """Without an acknowledgement in time the member sees operation_timeout; one that comes later is noted as late."""
    go = asyncio.Event()

    @bot.app.command("/quiz")
    async def quiz(ack: Any) -> None:
        await go.wait()
        await ack()

    seen = await bot.ann.slash("/quiz", "", bot.room)
    assert seen.error == "operation_timeout" and seen.ack is None
    assert [delivery.envelope.type for delivery in bot.server.courier.missed] == ["slash_commands"]
    go.set()
    await bot.server.until(lambda: bot.server.sockets.late_acks)


async def test_button_is_answered_through_its_response_url(bot: Bot) -> None:
    """A click carries message, value and channel; an ephemeral answer leaves the message as it is."""
    clicks: list[Json] = []

    @bot.app.action("choose")
    async def choose(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        clicks.append(body)
        await respond("Recorded: B", response_type="ephemeral", replace_original=False)

    message = await bot.post(button("A", "other"), button("B", "choose"))
    seen = await bot.ann.press(message, "B")
    assert seen.text == "Recorded: B"
    (body,) = clicks
    assert body["actions"][0]["value"] == "B" and body["actions"][0]["block_id"] == "row"
    assert body["message"]["ts"] == body["container"]["message_ts"] == message.ts
    assert (body["user"]["id"], body["channel"]["id"], body["team"]["id"]) == (bot.ann.id, bot.room.id, "T0TEAM")
    assert not message.edited
    with pytest.raises(Refused):
        await bot.ann.press(message, "C")


async def test_bare_response_to_a_click_replaces_the_message(bot: Bot) -> None:
    """Without replace_original and response_type the message itself is replaced, and deleted with delete_original."""

    @bot.app.action("replace")
    async def replace(ack: Any, respond: Any) -> None:
        await ack()
        await respond("replaced")

    @bot.app.action("delete")
    async def delete(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    message = await bot.post(button("A", "replace"))
    seen = await bot.ann.press(message, "A")
    assert seen.edits == [message] and message.shown == "replaced" and message.blocks == [] and message.edits == 1
    await bot.ann.press(await bot.post(button("B", "delete")), "B")
    assert bot.room.messages == [message]


async def test_clicks_on_an_ephemeral_message_are_without_the_message(bot: Bot) -> None:
    """Slack sends no message for an ephemeral one, and its response_url replaces what that member sees."""
    clicks: list[Json] = []

    @bot.app.command("/quiz")
    async def quiz(ack: Any) -> None:
        row = {"type": "actions", "elements": [button("Sure", "sure")]}
        await ack(text="really?", blocks=[section("really?"), row])

    @bot.app.action("sure")
    async def sure(ack: Any, body: Json, respond: Any) -> None:
        clicks.append(body)
        await ack()
        await respond("done")

    asked = await bot.ann.slash("/quiz", "erase", bot.room)
    seen = await bot.ann.press(asked.reply, "Sure")
    assert "message" not in clicks[0] and clicks[0]["container"]["is_ephemeral"]
    assert seen.reply is asked.reply and seen.reply.text == "done"


async def test_response_url_is_spent_after_five_posts_or_half_an_hour(bot: Bot) -> None:
    """The sixth post is refused, and so is one that comes too late."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any, command: Json, respond: Any) -> None:
        await ack()
        bot.clock.now += 1801 * (command["text"] == "late")
        for _ in range(6 if command["text"] == "often" else 1):
            await respond("x")

    server = bot.server
    seen = await bot.ann.slash("/quiz", "often", bot.room, until=acked)
    await server.until(lambda: server.violations)
    assert len(seen.ephemerals) == 5
    await bot.ann.slash("/quiz", "late", bot.room, until=acked)
    await server.until(lambda: len(server.violations) == 2)
    assert [violation.error for violation in server.violations] == ["used_url", "expired_url"]
    await server.until(lambda: all(call.status for call in server.called("response_url")))
    assert [call.status for call in server.called("response_url")] == [200] * 5 + [404] * 2


async def test_modal_round_trip(bot: Bot) -> None:
    """A click opens a modal with its trigger; errors come back under the field; a plain acknowledgement closes it."""

    @bot.app.action("open")
    async def opening(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(private_metadata="round 7"))

    @bot.app.view("form")
    async def submitted(ack: Any, view: Json, body: Json, client: AsyncWebClient) -> None:
        typed = view["state"]["values"]["answer"]["typed"]["value"]
        if typed == "bad":
            await ack(response_action="errors", errors={"answer": "No."})
            return
        await ack()
        words = f"{view['private_metadata']}: {typed}"
        await client.chat_postEphemeral(channel=bot.room.id, user=body["user"]["id"], text=words)

    view = (await bot.ann.press(await bot.post(button("Answer", "open")), "Answer")).view
    assert "Your answer" in view.shown
    with pytest.raises(Refused):
        await bot.ann.submit(view, {"Your answer": "x" * 21})
    assert (await bot.ann.submit(view, "bad")).errors == {"answer": "No."}
    assert view.open
    seen = await bot.ann.submit(view, {"typed": "dropout"}, until=lambda seen: seen.ephemerals)
    assert seen.text == "round 7: dropout" and seen.closed == [view] and not view.open
    bot.server.check()


async def test_views_can_be_updated_pushed_and_cleared(bot: Bot) -> None:
    """An acknowledged submission may change the view, push another or clear the stack; views.update changes it too."""
    answers: dict[str, Json] = {
        "update": {"response_action": "update", "view": modal(title=plain("Second"))},
        "push": {"response_action": "push", "view": modal(title=plain("Third"))},
        "clear": {"response_action": "clear"},
    }

    @bot.app.command("/quiz")
    async def quiz(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    @bot.app.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        await ack(**answers[view["state"]["values"]["answer"]["typed"]["value"]])

    view = (await bot.ann.slash("/quiz", "", bot.room)).view
    assert (await bot.ann.submit(view, "update")).view is view and view.body["title"] == plain("Second")
    await bot.client.views_update(view_id=view.id, hash=view.hash, view=modal(title=plain("Changed")))
    assert view.body["title"] == plain("Changed")
    assert await error_of(bot.client.views_update(view_id=view.id, hash="old", view=modal())) == "hash_conflict"
    third = (await bot.ann.submit(view, "push")).view
    assert third.previous_id == view.id and bot.ann.views == [view, third]
    assert (await bot.ann.submit(third, "clear")).closed == [view, third]


async def test_trigger_serves_once_and_for_three_seconds(bot: Bot) -> None:
    """A used trigger is exchanged, an old one expired, an invented one invalid."""
    triggers: list[str] = []

    @bot.app.command("/quiz")
    async def quiz(ack: Any, body: Json) -> None:
        triggers.append(body["trigger_id"])
        await ack()

    await bot.ann.slash("/quiz", "", bot.room, until=acked)
    await bot.client.views_open(trigger_id=triggers[0], view=modal())
    assert await error_of(bot.client.views_open(trigger_id=triggers[0], view=modal())) == "exchanged_trigger_id"
    await bot.ann.slash("/quiz", "", bot.room, until=acked)
    bot.clock.now += 3.1
    assert await error_of(bot.client.views_open(trigger_id=triggers[1], view=modal())) == "expired_trigger_id"
    assert await error_of(bot.client.views_open(trigger_id="1.2.3", view=modal())) == "invalid_trigger_id"
    assert len(bot.server.violations) == 3


async def test_closing_a_view_and_the_home_tab(bot: Bot) -> None:
    """view_closed comes where it was asked for; opening the App Home lets the bot publish it."""
    heard = asyncio.Event()

    @bot.app.command("/quiz")
    async def quiz(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    @bot.app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()
        heard.set()

    @bot.app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    seen = await bot.ann.slash("/quiz", "", bot.room)
    await bot.ann.close(seen.view)
    await asyncio.wait_for(heard.wait(), 1)
    await bot.ann.open_home()
    assert bot.ann.home is not None and bot.ann.home.shown == "Welcome"


async def test_external_menu_gets_its_options(bot: Bot) -> None:
    """What a member types is sent as block_suggestion, and the acknowledged options are offered and chosen."""
    menu = {"type": "external_select", "action_id": "topic", "placeholder": plain("Topic")}
    chosen: list[Json] = []

    @bot.app.options("topic")
    async def topics(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(payload["value"] + "imization"), "value": "optimization"}])

    @bot.app.action("topic")
    async def choose(ack: Any, action: Json) -> None:
        await ack()
        chosen.append(action)

    message = await bot.post(menu)
    assert (await bot.ann.suggest(message, "topic", "opt")).options == ["optimization"]
    option = {"text": plain("optimization"), "value": "optimization"}
    await bot.ann.choose(message, "Topic", option, until=acked)
    assert chosen[0]["selected_option"] == option


async def test_forged_and_repeated_deliveries(bot: Bot) -> None:
    """Invented buttons, forms never opened, foreign members and second deliveries all reach the bot."""
    heard: list[str] = []

    @bot.app.action("gone")
    async def gone(ack: Any, body: Json) -> None:
        heard.append(f"{body['team']['id']} {body['actions'][0]['value']}")
        await ack()

    @bot.app.view("form")
    async def form(ack: Any, view: Json) -> None:
        heard.append(view["state"]["values"]["b"]["a"]["value"])
        await ack(response_action="errors", errors={"b": "No such round."})

    eve = bot.server.add_member("eve", workspace=bot.server.add_workspace("T1EVIL", "evil"))
    message = await bot.post(button("A", "a"))
    seen = await eve.forge_press(message, "gone", "<!channel>", until=acked)
    await eve.repeat(seen)
    forged = await eve.forge_submission("form", {"b": {"a": {"type": "plain_text_input", "value": "x"}}})
    assert forged.errors == {"b": "No such round."}
    bot.server.deliver_twice("interactive")
    await eve.forge_press(message, "gone", "twice", until=acked)
    assert heard == ["T1EVIL <!channel>", "T1EVIL <!channel>", "x", "T1EVIL twice", "T1EVIL twice"]


async def test_unacknowledged_event_is_delivered_again(bot: Bot) -> None:
    """An event comes again with a retry attempt until it is acknowledged."""
    bot.server.courier.retry_delays = (0, 0, 0)
    attempts = 0

    @bot.app.middleware
    async def slow(body: Json, next: Any) -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            await asyncio.sleep(0.4)
        await next()

    @bot.app.event("channel_archive")
    async def archived() -> None:
        pass

    await bot.server.archive(bot.room)
    await bot.server.until(lambda: bot.server.courier.deliveries[-1].acknowledged)
    assert [delivery.envelope.attempt for delivery in bot.server.courier.deliveries] == [0, 1, 2]
    assert await error_of(bot.client.chat_postMessage(channel=bot.room.id, text="x")) == "is_archived"


async def test_closed_socket_is_replaced(bot: Bot) -> None:
    """After a close, a disconnect request or a cut the app connects again and is served."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any) -> None:
        await ack("here")

    await bot.server.sockets.ping()
    await bot.server.sockets.close_all()
    await bot.server.sockets.connected(total=2)
    assert (await bot.ann.slash("/quiz", "", bot.room)).text == "here"
    await bot.server.sockets.disconnect("refresh_requested")
    await bot.server.sockets.connected(total=3)
    bot.server.sockets.cut_all()
    await bot.server.sockets.connected(total=4)
    assert (await bot.ann.slash("/quiz", "", bot.room)).text == "here"


async def test_refused_sockets_leave_the_bot_unreachable(bot: Bot) -> None:
    """While no connection is admitted, the member sees dispatch_failed; afterwards the app comes back by itself."""
    bot.server.sockets.refusing = True
    await bot.server.sockets.close_all()
    await bot.server.until(lambda: not bot.server.sockets.open)
    assert (await bot.ann.slash("/quiz", "", bot.room)).error == "dispatch_failed"
    bot.server.sockets.refusing = False
    await bot.server.sockets.connected(total=2)


async def test_envelopes_are_spread_over_connections(bot: Bot) -> None:
    """With two connections each envelope goes to one of them, in turn."""
    heard: list[int] = []
    apps = [bot.app, AsyncApp(client=bot.client, logger=quiet())]
    second = AsyncSocketModeHandler(apps[1], bot.server.app_token, logger=quiet())

    def listen(number: int) -> None:
        @apps[number].command("/quiz")
        async def quiz(ack: Any) -> None:
            heard.append(number)
            await ack()

    listen(0)
    listen(1)
    await second.connect_async()  # type: ignore[no-untyped-call]
    await bot.server.sockets.connected(total=2)
    for _ in range(4):
        await bot.ann.slash("/quiz", "", bot.room, until=acked)
    await second.close_async()  # type: ignore[no-untyped-call]
    assert heard == [0, 1, 0, 1]


async def test_silence_fails_a_waiting_member(bot: Bot) -> None:
    """Waiting for what never comes fails with what was seen instead."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any) -> None:
        await ack()

    with pytest.raises(Silence):
        await bot.ann.slash("/quiz", "", bot.room, timeout=0.05)


async def test_a_message_is_updated_read_and_deleted(stage: Stage) -> None:
    """chat.update keeps blocks that it does not name; history gives metadata when asked; a deleted message is gone."""
    metadata = {"event_type": "round", "event_payload": {"id": "7"}}
    client = stage.client
    first = await client.chat_postMessage(channel=stage.room.id, text="one", blocks=[section("one")], metadata=metadata)
    seen = stage.ben.feed[-1]
    await client.chat_update(channel=stage.room.id, ts=first["ts"], text="two")
    message = stage.room.messages[0]
    assert seen.item is message and (message.text, message.shown, message.edits) == ("two", "one", 1)
    await client.chat_update(channel=stage.room.id, ts=first["ts"], text="three", blocks=[])
    second = await client.chat_postMessage(channel=stage.room.id, text="next")
    page = await client.conversations_history(channel=stage.room.id, include_all_metadata=True, limit=1)
    assert [m["ts"] for m in page["messages"]] == [second["ts"]] and page["has_more"]
    older = await client.conversations_history(
        channel=stage.room.id, include_all_metadata=True, latest=second["ts"], oldest=str(float(first["ts"]) - 1)
    )
    assert older["messages"][0]["metadata"] == metadata and older["messages"][0]["text"] == "three"
    assert "metadata" not in (await client.conversations_history(channel=stage.room.id))["messages"][1]
    await client.chat_delete(channel=stage.room.id, ts=first["ts"])
    assert await error_of(client.chat_update(channel=stage.room.id, ts=first["ts"], text="x")) == "message_not_found"
    stage.server.check()


@pytest.mark.parametrize(
    ("blocks", "fault"),
    [
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([{"type": "header", "text": plain("x" * 151)}], "must be less than 151 characters"),
        ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10 items"),
        ([{"type": "actions", "elements": [button("x" * 76, "a")]}], "must be less than 76 characters"),
        ([{"type": "actions", "elements": [button("A", "a"), button("B", "a")]}], "action_id already exists: a"),
        ([{"type": "actions", "elements": [button("A", str(n)) for n in range(26)]}], "no more than 25 items"),
        ([{"type": "divider", "block_id": "b"}] * 2, "block_id already exists: b"),
        ([{"type": "divider"}] * 51, "no more than 50 items"),
        ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10 items"),
        ([{"type": "button"}], "unsupported type: button"),
        ([{"type": "actions", "elements": [{"type": "plain_text_input", "action_id": "a"}]}], "unsupported type"),
        ([{"type": "actions", "elements": [{"type": "checkboxes", "options": [{}] * 11}]}], "no more than 10 items"),
        ([section("x") | {"colour": "red"}], "invalid additional property: colour"),
        ([section("")], "must be more than 0 characters"),
    ],
)
async def test_blocks_beyond_the_limits_are_refused(stage: Stage, blocks: list[Json], fault: str) -> None:
    """Blocks that break a limit are answered invalid_blocks, with the place, and recorded."""
    call = stage.client.chat_postMessage(channel=stage.room.id, text="x", blocks=blocks)
    assert await error_of(call) == "invalid_blocks"
    assert fault in " ".join(violation.detail for violation in stage.server.violations)
    assert stage.room.messages == []


async def test_views_beyond_the_limits_are_refused(bot: Bot) -> None:
    """A title over 24 characters and a missing submit button are answered invalid_arguments."""

    @bot.app.command("/quiz")
    async def quiz(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack(await error_of(client.views_open(trigger_id=body["trigger_id"], view=modal(title=plain("x" * 25)))))

    assert (await bot.ann.slash("/quiz", "", bot.room)).text == "invalid_arguments"
    assert "/view/title/text" in bot.server.violations[0].detail


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing:UserWarning")
async def test_texts_are_checked(stage: Stage) -> None:
    """Empty and overlong texts are refused, an edit at 4,000 characters; blocks without text break a rule silently."""
    client, room = stage.client, stage.room.id
    assert await error_of(client.chat_postMessage(channel=room, text="")) == "no_text"
    assert await error_of(client.chat_postMessage(channel=room, text="x" * 40_001)) == "msg_too_long"
    posted = await client.chat_postMessage(channel=room, text="x" * 4001)
    assert [note.error for note in stage.server.advice] == ["long_text"]
    assert await error_of(client.chat_update(channel=room, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"
    await client.chat_postMessage(channel=room, blocks=[section("x")])
    assert stage.server.violations[-1].error == "missing_fallback"


async def test_mentions_are_recorded(stage: Stage) -> None:
    """What would notify somebody is recorded, from text and mrkdwn; escaped or plain_text mentions are not."""
    client, room = stage.client, stage.room.id
    await client.chat_postMessage(
        channel=room, text="&lt;!here&gt; @here", blocks=[{"type": "header", "text": plain("<!here>")}]
    )
    stage.server.check()
    await client.chat_postMessage(channel=room, text="<@U1> <!subteam^S2|team>", blocks=[section("<!channel>")])
    await client.chat_postEphemeral(channel=room, user=stage.ann.id, text="@everyone", link_names=True)
    assert [ping.target for ping in stage.server.pings] == ["@U1", "!subteam^S2", "!channel", "@everyone"]


async def test_channels_and_people(stage: Stage) -> None:
    """users.info, conversations.* and direct messages tell what the members are; unknown channels are not found."""
    client, server = stage.client, stage.server
    user = (await client.users_info(user=stage.ann.id, include_locale=True))["user"]
    assert (user["tz"], user["is_admin"], user["locale"], user["profile"]["display_name"]) == (
        "Asia/Tokyo",
        True,
        "en-US",
        "ann",
    )
    assert (await client.conversations_info(channel=stage.room.id))["channel"]["is_member"]
    assert len((await client.conversations_members(channel=stage.room.id))["members"]) == 3
    direct = (await client.conversations_open(users=stage.ann.id))["channel"]["id"]
    await client.chat_postMessage(channel=stage.ann.id, text="hello")
    assert server.channel(direct).messages[0].text == "hello" and stage.ben.feed == []
    assert await error_of(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    outside = server.add_channel("outside", bot=False)
    assert await error_of(client.chat_postMessage(channel=outside.id, text="x")) == "not_in_channel"
    foreign = server.add_channel("foreign", workspace=server.add_workspace("T2", "two"))
    assert await error_of(client.conversations_info(channel=foreign.id)) == "channel_not_found"


async def test_tokens_and_scopes(stage: Stage) -> None:
    """Scopes are told by auth.test and demanded by each method; wrong and revoked tokens are refused by name."""
    client, server = stage.client, stage.server
    server.workspace.scopes = {"chat:write"}
    who = await client.auth_test()
    assert who["team_id"] == "T0TEAM" and who.headers["x-oauth-scopes"] == "chat:write"
    with pytest.raises(SlackApiError) as refusal:
        await client.conversations_history(channel=stage.room.id)
    assert refusal.value.response["error"] == "missing_scope"
    assert "channels:history" in refusal.value.response["needed"]
    assert await error_of(AsyncWebClient(token="xoxb-no", base_url=server.api_url).auth_test()) == "invalid_auth"
    assert await error_of(client.api_call("no.such")) == "unknown_method"
    server.workspace.revoked = True
    assert await error_of(client.auth_test()) == "token_revoked"


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")
async def test_installation_by_oauth(stage: Stage) -> None:
    """A code is exchanged once for the workspace's token."""
    server, client = stage.server, AsyncWebClient(base_url=stage.server.api_url)
    keys = {"client_id": server.client_id, "client_secret": server.client_secret}
    code = server.oauth_code(server.workspace)
    assert (await client.oauth_v2_access(code=code, **keys))["access_token"] == server.bot_token
    assert await error_of(client.oauth_v2_access(code=code, **keys)) == "invalid_code"


async def test_file_upload(stage: Stage) -> None:
    """A file uploaded in three steps keeps its bytes and is shared in the channel named."""
    direct = (await stage.client.conversations_open(users=stage.ann.id))["channel"]["id"]
    done = await stage.client.files_upload_v2(
        filename="me.json", content='{"a": 1}', channel=direct, initial_comment="Yours"
    )
    assert stage.server.files[done["file"]["id"]] == b'{"a": 1}'
    message = stage.ann.feed[-1].item
    assert (message.text, message.files) == ("Yours", [done["file"]["id"]])


async def test_rate_limit_is_retried(stage: Stage) -> None:
    """A 429 carries Retry-After, and the SDK's handler comes back after it."""
    client = stage.client
    client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
    fault = stage.server.fail("chat.postMessage", status=429, retry_after=0)
    await client.chat_postMessage(channel=stage.room.id, text="x")
    assert fault.times == 0 and len(stage.room.messages) == 1
    assert [call.status for call in stage.server.called("chat.postMessage")] == [429, 200]


async def test_lost_answers_are_repeated_by_the_sdk(stage: Stage) -> None:
    """A reset before acting loses nothing; a reset after acting makes the SDK post twice; a 500 is not repeated."""
    client, server = stage.client, stage.server
    server.fail("chat.*", reset=True)
    await client.chat_postMessage(channel=stage.room.id, text="once")
    server.fail("chat.*", reset=True, when="after", only=lambda call: call.args["text"] == "twice")
    await client.chat_postMessage(channel=stage.room.id, text="twice")
    server.fail("chat.*", status=500, when="after", delay=0.01)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=stage.room.id, text="acted")
    assert [message.text for message in stage.room.messages] == ["once", "twice", "twice", "acted"]


async def test_http_mode_takes_good_signatures_only(stage: Stage) -> None:
    """Over HTTP the same actions work; unsigned, wrongly signed and old requests are refused by bolt."""
    stage.clock.now = FakeSlack().clock()
    app = AsyncApp(client=stage.client, signing_secret=stage.server.signing_secret, logger=quiet())
    heard: list[str] = []

    @app.command("/quiz")
    async def quiz(ack: Any, command: Json) -> None:
        heard.append(command["text"])
        await ack("hello")

    @app.action("choose")
    async def choose(ack: Any, respond: Any) -> None:
        await ack()
        await respond("done")

    @app.event("app_home_opened")
    async def opened(event: Json, client: AsyncWebClient) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": []})

    async with served(app) as url:
        posting = stage.server.use_http(url)
        seen = await stage.ann.slash("/quiz", "good", stage.room)
        assert seen.text == "hello"
        message = await stage.post(button("A", "choose"))
        assert (await stage.ann.press(message, "A", until=edited)).edits == [message]
        await stage.ann.open_home()
        assert seen.delivery is not None
        for signature in ("none", "wrong", "old"):
            assert (await posting.send(seen.delivery.envelope, signature)).status == 401
    assert heard == ["good"]
    assert (await stage.ann.slash("/quiz", "", stage.room)).error == "dispatch_failed"


async def test_answers_carry_slacks_clock_and_the_scopes(stage: Stage) -> None:
    """Every answer says when Slack gave it; those to a token also what the token may do."""
    answer = await stage.client.auth_test()
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == stage.clock.now
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


async def test_somebody_from_a_workspace_that_shares_a_channel(bot: Bot) -> None:
    """Their account is in the other workspace, as users.info and each interaction tell."""
    guest = bot.server.add_member("gus", team="T0OTHER", is_admin=True)
    clicks: list[Json] = []

    @bot.app.action("setup")
    async def chosen(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        clicks.append(body)
        await respond("done", response_type="ephemeral", replace_original=False)

    assert (await bot.client.users_info(user=guest.id))["user"]["team_id"] == "T0OTHER"
    menu = {"type": "conversations_select", "action_id": "setup", "placeholder": plain("Where?")}
    await guest.choose(await bot.post(menu), "Where?", bot.room.id)
    assert clicks[0]["actions"][0]["selected_conversation"] == bot.room.id
    assert (clicks[0]["user"]["team_id"], clicks[0]["team"]["id"]) == ("T0OTHER", "T0TEAM")
