"""The fake Discord server holds what it promises, shown by discord.py's own client running against it."""

from __future__ import annotations

import asyncio
import io
import re
import zlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Self

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from .discord import Clock, Close, FakeDiscord, Intent, Kind, NoResponse, NotOffered, Permission
from .discord.gateway import Session

DAYS = ("mon", "tue", "wed")


class PickButton(discord.ui.DynamicItem[discord.ui.Button], template=r"pick:(?P<option>\w+)"):
    """A button that outlives the process that posted it."""

    def __init__(self, option: str, *, disabled: bool = False) -> None:
        super().__init__(discord.ui.Button(label=option, custom_id=f"pick:{option}", disabled=disabled))
        self.option = option

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: discord.ui.Item, match: re.Match[str], /
    ) -> Self:
        return cls(match["option"])

    async def callback(self, interaction: discord.Interaction) -> None:
        if self.option == "Setup":
            await interaction.response.send_modal(SetupForm())
        elif self.option == "Form":
            await interaction.response.send_modal(AnswerForm())
        elif self.option == "Close":
            await interaction.response.edit_message(content="closed", view=None)
        elif self.option == "Slow":
            await interaction.response.defer()
            await interaction.edit_original_response(content="slowly changed", view=None)
        else:
            await interaction.response.send_message(f"Recorded: {self.option}", ephemeral=True)


class AnswerForm(discord.ui.Modal, title="Your answer"):
    """A form with one text field."""

    answer: discord.ui.TextInput = discord.ui.TextInput(label="Answer", custom_id="answer", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"You wrote {self.answer.value}", ephemeral=True)


def quiz_group() -> app_commands.Group:
    """The commands of the bot under test."""
    group = app_commands.Group(name="quiz", description="A quiz")

    @group.command(description="Ask")
    async def ask(interaction: discord.Interaction, topic: str = "any", minutes: int = 1) -> None:
        view = discord.ui.View(timeout=None)
        for option in ("A", "Form", "Close", "Slow", "Setup"):
            view.add_item(PickButton(option))
        view.add_item(PickButton("Gone", disabled=True))
        await interaction.response.send_message(f"{topic} for {minutes} min", view=view)

    @ask.autocomplete("topic")
    async def complete(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=n, value=n) for n in ("cnn", "rnn") if n.startswith(typed)]

    @group.command(description="Help")
    async def help(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Hello {interaction.user.name}", ephemeral=True)

    @group.command(description="Slow")
    async def slow(interaction: discord.Interaction, who: discord.Member | None = None) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"at last, {who.name if who else 'nobody'}")
        await interaction.followup.send("and more", ephemeral=True)

    @group.command(description="File")
    async def export(interaction: discord.Interaction) -> None:
        file = discord.File(io.BytesIO(b"{}"), "data.json")
        await interaction.response.send_message("Your data", file=file, ephemeral=True)

    @group.command(description="Silent")
    async def silent(interaction: discord.Interaction) -> None:
        pass

    return group


class Bot(discord.AutoShardedClient):
    """A bot that syncs its commands when it starts."""

    def __init__(self, intents: discord.Intents | None = None, **options: Any) -> None:
        super().__init__(intents=intents or discord.Intents(guilds=True), guild_ready_timeout=0.05, **options)
        self.tree = app_commands.CommandTree(self)
        self.tree.add_command(quiz_group())

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self.add_dynamic_items(PickButton)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Several shards identify at once, which the fake does not mind."""


@asynccontextmanager
async def running(server: FakeDiscord, bot: discord.Client) -> AsyncIterator[discord.Client]:
    """The bot, connected to the server and stopped at the end."""
    task = asyncio.create_task(bot.start(server.token))
    try:
        await _unless_ended(task, server.wait_connected())
        await _unless_ended(task, bot.wait_until_ready())
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


async def _unless_ended(task: asyncio.Task[None], waiting: Coroutine[Any, Any, Any]) -> None:
    """Wait, but no longer than the bot runs: its failure is the test's."""
    waiter = asyncio.ensure_future(waiting)
    await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiter.cancel()
        task.result()
    await waiter


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """A fake Discord that discord.py calls."""
    async with FakeDiscord() as server:
        monkeypatch.setattr(Route, "BASE", server.url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway.url))
        yield server


@pytest.fixture
async def bot(server: FakeDiscord) -> AsyncIterator[discord.Client]:
    """A running bot."""
    async with running(server, Bot()) as bot:
        yield bot


async def call(server: FakeDiscord, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """Status and JSON of a REST request made by hand."""
    headers = {"Authorization": f"Bot {server.token}"} | headers
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, server.url + path, json=body, headers=headers) as response,
    ):
        return response.status, await response.json() if response.status != 204 else None


def codes(server: FakeDiscord) -> list[int]:
    """The error codes of all violations."""
    return [violation.code for violation in server.violations]


class TestCommands:
    async def test_sync(self, server: FakeDiscord, bot: Bot) -> None:
        """A bot's sync registers its commands, and every write is counted."""
        assert [option["name"] for option in server.commands[None][0]["options"]][:2] == ["ask", "help"]
        before, id = server.command_writes, server.commands[None][0]["id"]
        await bot.tree.sync()
        assert (before, server.command_writes) == (1, 2)
        assert server.commands[None][0]["id"] == id

    async def test_slash_answers_privately(self, server: FakeDiscord, bot: Bot) -> None:
        """An ephemeral answer is seen by its member and stands in no history."""
        outcome = await server.add_member("ann").slash("help")
        assert outcome.ephemeral
        assert outcome.text == "Hello ann"
        assert outcome.seconds < 3
        assert server.guild.channel.messages == []
        status, error = await call(server, "GET", f"/channels/{server.guild.channel.id}/messages/{outcome.message.id}")
        assert (status, error["code"]) == (404, 10008)
        assert server.violations == []

    async def test_options_are_those_registered(self, server: FakeDiscord, bot: Bot) -> None:
        """A member can give only commands and options that the bot registered, of their types."""
        ann = server.add_member("ann")
        assert (await ann.slash("quiz", "ask", topic="cnn", minutes=5)).text == "cnn for 5 min"
        for words, options in ((["nothing"], {}), (["ask"], {"colour": "red"}), (["ask"], {"minutes": "5"})):
            with pytest.raises(NotOffered):
                ann.start_slash(*words, **options)

    async def test_user_option_is_resolved(self, server: FakeDiscord, bot: Bot) -> None:
        """A member given as an option reaches the bot as a full member."""
        ann, ben = server.add_member("ann"), server.add_member("ben")
        assert (await ann.slash("slow", who=ben)).text == "at last, ben"

    async def test_autocomplete(self, server: FakeDiscord, bot: Bot) -> None:
        """Typing into an option shows the bot's suggestions."""
        choices = await server.add_member("ann").type_option("ask", focused="topic", topic="c")
        assert [choice.value for choice in choices] == ["cnn"]

    async def test_commands_for_few(self, server: FakeDiscord) -> None:
        """A command is shown only to members with its permissions, and only in its contexts."""
        admin = {"default_member_permissions": str(int(Permission.MANAGE_GUILD)), "contexts": [0]}
        command = {"name": "setup", "description": "Set up"} | admin
        await call(server, "PUT", f"/applications/{server.bot.id}/commands", [command])
        boss, ann = server.add_member("boss", permissions=Permission.MANAGE_GUILD), server.add_member("ann")
        assert boss.start_slash("setup").payload["data"]["name"] == "setup"
        for person in (ann, boss.in_private()):
            with pytest.raises(NotOffered):
                person.start_slash("setup")

    async def test_bad_registration(self, server: FakeDiscord) -> None:
        """A command with a bad name or an overlong description is refused."""
        path = f"/applications/{server.bot.id}/commands"
        status, error = await call(server, "PUT", path, [{"name": "Quiz!", "description": "x" * 101}])
        assert (status, error["code"], set(error["errors"]["0"])) == (400, 50035, {"name", "description"})
        assert codes(server) == [50035]
        assert server.command_writes == 0


class SetupForm(discord.ui.Modal, title="Set up"):
    """A form with something to read, a menu of one, a menu of several, and a text."""

    text: discord.ui.TextDisplay = discord.ui.TextDisplay("Please **read** this.")
    time: discord.ui.Label = discord.ui.Label(
        text="Time", component=discord.ui.TextInput(custom_id="time", default="09:00", max_length=5)
    )
    kind: discord.ui.Label = discord.ui.Label(
        text="Kind",
        component=discord.ui.Select(
            custom_id="kind", options=[discord.SelectOption(label="One", value="1"), discord.SelectOption(label="Two")]
        ),
    )
    days: discord.ui.Label = discord.ui.Label(
        text="Days",
        component=discord.ui.Select(
            custom_id="days",
            required=False,
            min_values=0,
            max_values=2,
            options=[discord.SelectOption(label=day.title(), value=day, default=day == "mon") for day in DAYS],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        time, kind, days = (label.component for label in (self.time, self.kind, self.days))
        await interaction.response.send_message(f"{time.value} {kind.values} {days.values}", ephemeral=True)


HELP_BY_HAND = {"id": "1", "name": "quiz", "type": 1, "options": [{"name": "help", "type": 1, "options": []}]}


MENU: dict[str, Any] = {"type": 3, "custom_id": "menu", "options": [{"label": "x", "value": "x"}]}


class TestInteractions:
    async def test_button(self, server: FakeDiscord, bot: Bot) -> None:
        """A button press is answered privately; missing and disabled buttons cannot be pressed."""
        ann, ben = server.add_member("ann"), server.add_member("ben")
        asked = (await ann.slash("ask")).message
        outcome = await ben.press(asked, "A")
        assert outcome.ephemeral
        assert outcome.text == "Recorded: A"
        for label in ("Gone", "Nowhere"):
            with pytest.raises(NotOffered):
                ben.start_press(asked, label)

    async def test_ephemeral_message_is_for_one(self, server: FakeDiscord, bot: Bot) -> None:
        """Nobody else can press what only one member sees."""
        seen = (await server.add_member("ann").slash("help")).message
        with pytest.raises(NotOffered, match="does not see"):
            server.add_member("ben").start_press(seen, "A")

    async def test_update(self, server: FakeDiscord, bot: Bot) -> None:
        """A press can edit its message, at once or after a deferral."""
        ann = server.add_member("ann")
        for label, text in (("Close", "closed"), ("Slow", "slowly changed")):
            asked = (await ann.slash("ask")).message
            outcome = await ann.press(asked, label)
            assert outcome.message is asked
            assert outcome.text == text
            assert (asked.edits, asked.buttons) == (1, [])

    async def test_deferral_and_follow_up(self, server: FakeDiscord, bot: Bot) -> None:
        """The first follow-up takes the place of the deferral and stays as private as that was."""
        outcome = await server.add_member("ann").slash("slow")
        assert outcome.deferred
        assert outcome.ephemeral
        assert outcome.text == "at last, nobody"
        assert outcome.message.edits == 0
        assert (await outcome.followup()).content == "and more"

    async def test_modal(self, server: FakeDiscord, bot: Bot) -> None:
        """A button opens a form, and what is sent with it comes back."""
        ann = server.add_member("ann")
        asked = (await ann.slash("ask")).message
        modal = (await ann.press(asked, "Form")).modal
        assert (modal.title, modal.fields[0].label) == ("Your answer", "Answer")
        with pytest.raises(NotOffered):
            ann.start_submit(modal, "x" * 21)
        assert (await ann.submit(modal, "dropout")).text == "You wrote dropout"
        again = (await ann.press(asked, "Form")).modal
        assert (await ann.submit(again, answer="relu")).text == "You wrote relu"

    async def test_modal_with_menus(self, server: FakeDiscord, bot: Bot) -> None:
        """A form gives texts to read and menus to choose from, which open as the bot filled them."""
        ann = server.add_member("ann")
        asked = (await ann.slash("ask")).message
        modal = (await ann.press(asked, "Setup")).modal
        assert (modal.text, [field.custom_id for field in modal.fields]) == (
            "Please **read** this.",
            ["time", "kind", "days"],
        )
        assert (await ann.submit(modal, {"kind": ["Two"]})).text == "09:00 ['Two'] ['mon']"
        again = (await ann.press(asked, "Setup")).modal
        assert (await ann.submit(again, {"days": [], "Time": "9:30"}, kind="One")).text == "9:30 ['1'] []"
        for wrong in ({}, {"kind": "3"}, {"kind": ["1", "Two"]}, {"kind": "1", "days": DAYS}, {"time": ["9"]}):
            with pytest.raises(NotOffered):
                ann.start_submit(again, wrong)
        assert server.violations == []

    @pytest.mark.parametrize(
        "component",
        [
            {"type": 10, "content": "x" * 4001},
            {"type": 18, "label": "x" * 46, "component": MENU},
            {"type": 18, "label": "x", "description": "x" * 101, "component": MENU},
            {"type": 18, "label": "x", "component": MENU | {"options": []}},
            {"type": 18, "label": "x", "component": MENU | {"options": MENU["options"] * 2}},
            {"type": 18, "label": "x", "component": MENU | {"max_values": 2}},
            {"type": 18, "label": "x", "component": MENU | {"min_values": 0}},
            {"type": 1, "components": [MENU]},
            {"type": 2, "label": "x"},
        ],
    )
    async def test_bad_modal(self, server: FakeDiscord, bot: Bot, component: Any) -> None:
        """A form that breaks a rule of Discord's does not open."""
        waiting = server.add_member("ann").start_slash("silent")
        modal = {"type": 9, "data": {"title": "x", "custom_id": "m", "components": [component]}}
        assert (await respond(server, waiting, modal))[1]["code"] == 50035

    async def test_file(self, server: FakeDiscord, bot: Bot) -> None:
        """A file is kept with its name and bytes."""
        message = (await server.add_member("ann").slash("export")).message
        assert [(file.filename, file.content) for file in message.attachments] == [("data.json", b"{}")]

    async def test_late_response(self, server: FakeDiscord, bot: Bot) -> None:
        """A first response after more than 3 s is refused with 10062."""
        waiting = server.add_member("ann").start_slash("silent")
        server.clock.advance(3.1)
        status, error = await respond(server, waiting)
        assert (status, error["code"], codes(server)) == (404, 10062, [10062])
        with pytest.raises(NoResponse):
            await waiting.first()

    async def test_second_response(self, server: FakeDiscord, bot: Bot) -> None:
        """Only one first response is taken, the second is refused with 40060."""
        waiting = server.add_member("ann").start_slash("silent")
        assert (await respond(server, waiting))[0] == 204
        status, error = await respond(server, waiting)
        assert (status, error["code"], codes(server)) == (400, 40060, [40060])

    async def test_expired_token(self, server: FakeDiscord, bot: Bot) -> None:
        """Fifteen minutes later the webhook is closed (50027)."""
        outcome = await server.add_member("ann").slash("help")
        server.clock.advance(901)
        path = f"/webhooks/{server.bot.id}/{outcome.interaction.token}"
        status, error = await call(server, "POST", path, {"content": "late"})
        assert (status, error["code"], codes(server)) == (401, 50027, [50027])

    async def test_response_must_fit(self, server: FakeDiscord, bot: Bot) -> None:
        """A command has no message to update and an overlong form does not open (50035)."""
        waiting = server.add_member("ann").start_slash("silent")
        assert (await respond(server, waiting, {"type": 7, "data": {"content": "x"}}))[1]["code"] == 50035
        modal = {"type": 9, "data": {"title": "x" * 46, "custom_id": "m", "components": []}}
        errors = (await respond(server, waiting, modal))[1]["errors"]
        assert set(errors["data"]) == {"title", "components"}

    async def test_forged(self, server: FakeDiscord, bot: Bot) -> None:
        """Any custom_id, any guild, any form and a repeated delivery can be sent to the bot."""
        other = server.add_guild("Elsewhere")
        stranger = server.add_member("eve", guild=other)
        assert (await stranger.forge_press("pick:Z").first()).text == "Recorded: Z"
        forged = stranger.forge_press("pick:Y", channel=server.guild.channel)
        assert (await forged.first()).text == "Recorded: Y"
        assert forged.payload["guild_id"] == str(server.guild.id)
        assert (await stranger.forge(Kind.COMMAND, HELP_BY_HAND).first()).text == "Hello eve"
        unknown = stranger.forge_submit("nothing", {"field": "x" * 100_000})
        with pytest.raises(NoResponse):
            await unknown.first(within=0.1)
        server.deliver(forged)
        await server.changes.wait_for(lambda: 40060 in codes(server), 5, "a refused second response")

    async def test_direct_messages(self, server: FakeDiscord, bot: Bot) -> None:
        """A command works in direct messages, without a guild."""
        assert (await server.add_member("ann").in_private().slash("help")).text == "Hello ann"


async def respond(server: FakeDiscord, interaction: Any, body: Any = None) -> tuple[int, Any]:
    """Answer an interaction by hand."""
    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    return await call(server, "POST", path, body or {"type": 4, "data": {"content": "x"}})


def row(*buttons: dict[str, str]) -> list[Any]:
    """An action row with buttons that differ from a good one in what is given."""
    return [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "c"} | button for button in buttons]}]


class TestMessages:
    async def test_nonce(self, server: FakeDiscord, bot: Bot) -> None:
        """The same nonce within minutes returns the first message; later it makes a new one."""
        channel = bot.get_channel(server.guild.channel.id)
        first = await channel.send("one", nonce="n1")
        assert (await channel.send("two", nonce="n1")).id == first.id
        assert [(m.content, m.nonce) for m in server.guild.channel.messages] == [("one", "n1")]
        server.clock.advance(600)
        assert (await channel.send("two", nonce="n1")).id != first.id

    async def test_edit_delete_and_history(self, server: FakeDiscord, bot: Bot) -> None:
        """Messages are edited, deleted and listed as the bot asks."""
        channel = bot.get_channel(server.guild.channel.id)
        sent = [await channel.send(f"m{n}") for n in range(5)]
        await sent[0].edit(content="changed")
        await sent[1].delete()
        assert [m.content async for m in channel.history(limit=2)] == ["m4", "m3"]
        assert [m.content async for m in channel.history(after=sent[2])] == ["m3", "m4"]
        assert [m.content async for m in channel.history(before=sent[3])] == ["m2", "changed"]
        assert [m.content async for m in channel.history(around=sent[3], limit=3)] == ["m4", "m3", "m2"]
        assert (await channel.fetch_message(sent[0].id)).edited_at is not None
        assert [m.edits for m in server.guild.channel.messages] == [1, 0, 0, 0]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"content": "x" * 2001}, 50035),
            ({"content": " "}, 50006),
            ({"embeds": [{"title": "x" * 257}]}, 50035),
            ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, 50035),
            ({"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, 50035),
            ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, 50035),
            ({"components": row({"label": "x"}, {"label": "y"})}, 50035),
            ({"components": row({"label": "x" * 81})}, 50035),
            ({"components": row({"label": "x", "custom_id": "x" * 101})}, 50035),
            ({"components": row()}, 50035),
            ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, 50035),
        ],
    )
    async def test_limits(self, server: FakeDiscord, body: Any, code: int) -> None:
        """A message beyond a limit is refused, kept nowhere and noted as a violation."""
        status, error = await call(server, "POST", f"/channels/{server.guild.channel.id}/messages", body)
        assert (status, error["code"], codes(server)) == (400, code, [code])
        assert server.guild.channel.messages == []

    async def test_pings(self, server: FakeDiscord, bot: Bot) -> None:
        """Whom the content notifies is told, under the allowed mentions."""
        ann = server.add_member("ann")
        channel = bot.get_channel(server.guild.channel.id)
        text = f"@everyone {ann.mention} <@&7>"
        await channel.send(text)
        await channel.send(text, allowed_mentions=discord.AllowedMentions.none())
        await channel.send(text, allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=[ann]))
        await channel.send(embed=discord.Embed(description=text))
        loud, none, one, embed = (message.pings for message in server.guild.channel.messages)
        assert loud.everyone
        assert loud.users == {ann.id}
        assert loud.roles == {7}
        assert one.users == {ann.id}
        assert not one.roles
        assert not one.everyone
        assert not none
        assert not embed

    async def test_permissions(self, server: FakeDiscord, bot: Bot) -> None:
        """A channel the bot may not see, may not write to, or that is gone, answers 50001, 50013 and 10003."""
        place = server.add_channel("secret")
        channel = bot.get_partial_messageable(place.id)
        for denied, code in ((Permission.SEND_MESSAGES, 50013), (Permission.VIEW_CHANNEL, 50001)):
            server.deny(place, denied)
            with pytest.raises(discord.Forbidden) as refused:
                await channel.send("x")
            assert refused.value.code == code
        server.restore(place)
        await channel.send("x")
        server.delete_channel(place)
        with pytest.raises(discord.NotFound) as gone:
            await channel.send("x")
        assert gone.value.code == 10003
        assert server.violations == []

    async def test_wrong_token(self, server: FakeDiscord) -> None:
        """A wrong bot token is answered with 401."""
        status, _ = await call(server, "GET", "/users/@me", Authorization="Bot wrong")
        assert status == 401

    async def test_unknown_route(self, server: FakeDiscord) -> None:
        """What the fake does not know is answered with 404."""
        assert await call(server, "GET", "/nothing") == (404, {"message": "404: Not Found", "code": 0})


class TestFaults:
    async def test_rate_limit(self, server: FakeDiscord, bot: Bot) -> None:
        """A 429 with Retry-After is waited out and tried again by the client."""
        fault = server.faults.add("POST", "/channels/*/messages", retry_after=0.05, times=2)
        await bot.get_channel(server.guild.channel.id).send("x")
        assert fault.hits == 2
        assert len(server.guild.channel.messages) == 1

    async def test_act_then_reset(self, server: FakeDiscord, bot: Bot) -> None:
        """A request can be carried out and its answer lost."""
        server.faults.add("POST", "/channels/*/messages", act=True, reset=True)
        with pytest.raises((OSError, aiohttp.ClientError)):
            await bot.get_channel(server.guild.channel.id).send("x")
        assert len(server.guild.channel.messages) == 1

    async def test_reset_before_acting(self, server: FakeDiscord, bot: Bot) -> None:
        """A connection can be lost before anything happens."""
        server.faults.add("POST", "/channels/*/messages", reset=True)
        with pytest.raises((OSError, aiohttp.ClientError)):
            await bot.get_channel(server.guild.channel.id).send("x")
        assert server.guild.channel.messages == []

    async def test_hold(self, server: FakeDiscord, bot: Bot) -> None:
        """An answer can be held back after the request was carried out."""
        fault = server.faults.add("POST", "/channels/*/messages", act=True, hold=True)
        sending = asyncio.create_task(bot.get_channel(server.guild.channel.id).send("x"))
        await fault.wait_hit()
        assert len(server.guild.channel.messages) == 1
        assert not sending.done()
        fault.release()
        await sending

    async def test_status(self, server: FakeDiscord) -> None:
        """Any status and body can be answered in place of the right one, and only as often as told."""
        server.faults.add("GET", "/users/@me", status=503, body={"message": "down"})
        assert await call(server, "GET", "/users/@me") == (503, {"message": "down"})
        assert (await call(server, "GET", "/users/@me"))[0] == 200


class TestGateway:
    @pytest.mark.parametrize("how", ["close", "abort", "ask_to_reconnect"])
    async def test_resume(self, server: FakeDiscord, bot: Bot, how: str) -> None:
        """After a lost connection the client resumes at the address READY named and gets what it missed."""
        session = server.gateway.live_sessions[0]
        getattr(server.gateway, how)()
        await server.gateway.changes.wait_for(lambda: session.connection is None, 5, "the end of the connection")
        waiting = server.add_member("ann").start_slash("help")
        assert (await waiting.first()).text == "Hello ann"
        await server.gateway.wait_resumed()
        assert server.gateway.resume_paths == ["/gateway/resume"]
        assert server.gateway.identifies == 1

    async def test_forgotten_session(self, server: FakeDiscord, bot: Bot) -> None:
        """A session that cannot be resumed is begun anew."""
        server.gateway.forget_sessions()
        await server.gateway.wait_identified(2)
        assert (await server.add_member("ann").slash("help")).text == "Hello ann"

    async def test_join_and_leave(self, server: FakeDiscord, bot: Bot) -> None:
        """The client learns of guilds and channels that come and go."""
        joined, left = asyncio.Event(), asyncio.Event()
        bot.on_guild_join, bot.on_guild_remove = _setter(joined), _setter(left)
        guild = server.add_guild("New")
        await asyncio.wait_for(joined.wait(), 5)
        assert bot.get_channel(guild.channel.id).guild.me.guild_permissions.send_messages
        server.remove_guild(guild)
        await asyncio.wait_for(left.wait(), 5)
        assert bot.get_guild(guild.id) is None

    async def test_shards(self, server: FakeDiscord) -> None:
        """Each guild's events come on its own shard."""
        server.shards = 2
        other = server.add_guild("Other")
        async with running(server, Bot()):
            assert sorted(session.shard for session in server.gateway.live_sessions) == [0, 1]
            for guild in (server.guild, other):
                assert (await server.add_member("ann", guild=guild).slash("help")).text == "Hello ann"
            assert [events(session).count("INTERACTION_CREATE") for session in server.gateway.live_sessions] == [1, 1]
            assert [events(session).count("GUILD_CREATE") for session in server.gateway.live_sessions] == [1, 1]

    async def test_delivered_twice(self, server: FakeDiscord, bot: Bot) -> None:
        """An event can come twice."""
        server.gateway.deliver_twice()
        assert (await server.add_member("ann").slash("help")).text == "Hello ann"
        await server.changes.wait_for(lambda: codes(server) == [40060], 5, "a refused second response")

    async def test_no_messages_without_intent(self, server: FakeDiscord, bot: Bot) -> None:
        """With the guilds intent alone no message is told to the bot, not even its own ephemeral ones."""
        ann = server.add_member("ann")
        ann.say("hello")
        await ann.slash("help")
        assert set(events(server.gateway.live_sessions[0])) == {"READY", "GUILD_CREATE", "INTERACTION_CREATE"}

    async def test_messages_with_intent(self, server: FakeDiscord) -> None:
        """With the intent for messages the bot sees messages, people's words left out unless it may read them."""
        seen: asyncio.Queue[discord.Message] = asyncio.Queue()
        bot = Bot(discord.Intents(guilds=True, guild_messages=True))
        bot.on_message = seen.put
        async with running(server, bot):
            server.add_member("ann").say("secret")
            assert (await asyncio.wait_for(seen.get(), 5)).content == ""

    async def test_plain_client(self, server: FakeDiscord) -> None:
        """A client without shards runs as well, and its end is noticed."""
        async with running(server, discord.Client(intents=discord.Intents.none(), guild_ready_timeout=0.05)) as client:
            assert client.user.id == server.bot.id
        await server.gateway.wait_disconnected()
        assert server.gateway.live_sessions == []

    @pytest.mark.parametrize("compress", ["zlib-stream", ""])
    async def test_identify_by_hand(self, server: FakeDiscord, compress: str) -> None:
        """zlib streams and plain text work, and a forgotten session cannot be resumed."""
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{server.gateway.url}?compress={compress}") as ws:
            context = zlib.decompressobj()

            async def receive() -> Any:
                frame = await ws.receive()
                data = context.decompress(frame.data).decode() if compress else frame.data
                return discord.utils._from_json(data)

            assert (await receive())["op"] == 10
            await ws.send_json({"op": 6, "d": {"token": server.token, "session_id": "gone", "seq": 3}})
            assert await receive() == {"op": 9, "d": False}
            await ws.send_json({"op": 2, "d": {"token": server.token, "intents": 1, "properties": {}}})
            assert (await receive())["t"] == "READY"
            assert (await receive())["t"] == "GUILD_CREATE"

    @pytest.mark.parametrize(
        ("identify", "code"),
        [
            ({"token": "wrong", "intents": 1}, Close.AUTHENTICATION_FAILED),
            ({"intents": Intent.MESSAGE_CONTENT}, Close.DISALLOWED_INTENTS),
            ({"intents": 1 << 30}, Close.INVALID_INTENTS),
            ({"intents": 1, "shard": [2, 2]}, Close.INVALID_SHARD),
        ],
    )
    async def test_refused_identify(self, server: FakeDiscord, identify: Any, code: int) -> None:
        """A wrong token, a privileged or unknown intent or an impossible shard closes the connection with its code."""
        async with aiohttp.ClientSession() as http, http.ws_connect(server.gateway.url) as ws:
            await ws.receive()
            await ws.send_json({"op": 2, "d": {"token": server.token} | identify})
            await ws.receive()
            assert ws.close_code == code

    async def test_refusing(self, server: FakeDiscord) -> None:
        """The gateway can turn connections away."""
        server.gateway.refusing = True
        async with aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await http.ws_connect(server.gateway.url)


def events(session: Session) -> list[str]:
    """The names of the events that a session was sent."""
    return [payload["t"] for payload in session.sent]


def _setter(event: asyncio.Event) -> Any:
    """A listener that sets an event."""

    async def listener(*_: Any) -> None:
        event.set()

    return listener


async def test_frozen_clock() -> None:
    """Time can be a test's own."""
    clock = Clock(lambda: 1_800_000_000.0)
    clock.advance(5)
    assert FakeDiscord(clock=clock).clock.now() == 1_800_000_005.0
