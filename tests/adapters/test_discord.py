"""The Discord adapter: what it writes, read as Discord reads it, and how it serves a fake Discord."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.discord import Discord
from bot.adapters.discord.client import Client
from bot.adapters.discord.pace import MARGIN, paced
from bot.adapters.discord.render import buttons, content, contents, modal, timestamp
from bot.adapters.discord.text import clip, neutral, size, visible
from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.adapters.yaml import BankFolder
from bot.core import teams
from bot.core.bank import Bank, Topic
from bot.core.commands import COMMANDS
from bot.core.crowd import Room
from bot.core.grading import Vocabulary
from bot.core.messages import Asks, Button, Field, Form, Message, Table, When, say
from bot.core.messages import board as wording_of_boards
from bot.core.messages import practice as wording_of_practice
from bot.core.messages import round as wording
from bot.core.messages import statistics as wording_of_statistics
from bot.core.model import (
    Address,
    Channel,
    Choice,
    Difficulty,
    Entry,
    Feedback,
    Grade,
    Identity,
    Kind,
    Period,
    Practice,
    Question,
    Record,
    Round,
    RoundKind,
    Schedule,
    Settings,
    Source,
    Standing,
    State,
    Team,
    TopicRecord,
    Wish,
    Workspace,
)
from bot.core.model import Member as Person
from bot.core.ports import BadToken, CannotLook, NotDone, Quiz, Refused, Unavailable
from tests.fakes.discord import Close, FakeDiscord, Member, NoResponse, Permission, Reply, Select, User
from tests.fakes.discord import Message as Shown
from tests.fakes.discord.rules import check_message, check_modal

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).parents[2]

# --- what is written ---------------------------------------------------------------------------------------------

READ_AS_MARKUP = re.compile(
    r"""
    \*\*[\s\S]+?\*\* | \*(?=\S)(?:\*\*|\s+(?:[^\s*]|\*\*)|[^\s*])+?\*      # bold, italic
    | __[\s\S]+?__ | _(?:__|[^_])+?_(?![0-9A-Za-z_])                       # underlined, italic
    | ~~[\s\S]+?~~ | \|\|[\s\S]+?\|\| | `[\s\S]+?`                         # struck out, hidden, code
    | \[[\s\S]+?\]\([\s\S]+?\) | [a-z]+://\S                               # links
    | <(?:@[!&]?|\#)\d*> | </[\w\ -]+:\d+> | <a?:\w+:\d+> | <\w+:[^\s>]+>  # mentions, commands, emoji, times, links
    | <[\w.]+@[\w.]+> | <\+\d | :[A-Za-z]\w*:                              # mail, telephone, emoji by name
    | @everyone | @here | discord\.gg/\w
    | ^\s*(?:\#{1,3}|-\#|[-*+]|>|>>>|\d+\.)\s                              # headings, small print, lists, quotes
    """,
    re.VERBOSE | re.MULTILINE,
)
"""The rules of Discord's client, from the widest reading of each."""

FORGERIES = (
    *("@everyone", "@here", "<@123>", "<@!123>", "<@&123>", "<#123>", "</quiz ask:123>", "<id:browse>"),
    *("**x**", "*x*", "***x***", "__x__", "_x_", "~~x~~", "||x||", "`x`", "```x```", "[a](http://x)", "http://x"),
    *("<http://x>", "discord.gg/abc", "# x", "### x", "-# x", "> x", ">>> x", "- x", "* x", "1. x", "\\*x\\*", "\\"),
    *(
        "<:smile:123>",
        "<a:smile:123>",
        ":smile:",
        "<t:0:R>",
        "steam://run",
        "<a@b.c>",
        "<tel:+1>",
        "<+1>",
        "_",
        "*",
        " * ",
        "\n",
        "a_b",
        "x",
    ),
)

markup = st.lists(st.one_of(st.sampled_from(FORGERIES), st.text("*_~|`<>[]()#-:@!/\\. \n1aé", max_size=6)), max_size=8)


def read(written: str) -> str:
    """What Discord shows, once it has taken signs behind a backslash as they are; fails where it finds markup."""
    plain = re.sub(r"\\([^0-9A-Za-z\s])", lambda found: chr(0xE000 + ord(found[1])), written)
    assert not READ_AS_MARKUP.search(plain), written
    return re.sub("[\ue000-\ue0ff]", lambda found: chr(ord(found[0]) - 0xE000), plain).replace("\u200b", "")


@given(markup)
def test_text_is_shown_as_it_is(pieces: list[str]) -> None:
    """Whatever somebody typed, Discord shows exactly that: no ping, no format, no link."""
    text = "".join(pieces)
    assert read(neutral(text)) == text


@pytest.mark.parametrize("text", FORGERIES)
def test_forgery_is_shown_as_it_is(text: str) -> None:
    """Each kind of markup, by itself and within a sentence."""
    assert read(neutral(text)) == text
    assert read(neutral(f"It was {text}, no less")) == f"It was {text}, no less"


@pytest.mark.parametrize(
    "text", ["snake_case_names", "a * b - c", "P(A|B) <= 0.5", "f(x) [0, 1)", "n > 3, #4", "16:30", "C:\\data", "5 ~ 6"]
)
def test_harmless_text_is_left_alone(text: str) -> None:
    """Signs that mean nothing to Discord stay without a backslash."""
    assert neutral(text) == text


@given(st.text())
def test_nothing_invisible(text: str) -> None:
    """No control characters, nothing without width, nothing that turns the writing around."""
    assert not set(visible(text)) & {*map(chr, range(10)), "\u200b", "\u200f", "\u202e", "\u2066", "\ufeff", "\x7f"}


def test_composed_signs_stay_whole() -> None:
    """Emoji and scripts that join their signs keep the joiners; between plain letters those only hide."""
    assert visible("👩\u200d💻 کتاب\u200cها A\u200dB\u202e") == "👩\u200d💻 کتاب\u200cها AB"


words = st.text(max_size=1500)
body = st.lists(
    st.one_of(
        st.tuples(words),
        st.tuples(words, st.builds(When, st.datetimes(timezones=st.just(UTC)), st.booleans()), words),
        st.builds(Table, st.lists(st.tuples(words, words), min_size=1, max_size=12).map(tuple)),
    ),
    max_size=12,
)


@settings(deadline=None)
@given(words, body)
def test_content_fits(title: str, parts: list[tuple[str | When, ...] | Table]) -> None:
    """No message is too long for Discord, whatever is in it."""
    assert size(content(Message(tuple(parts), title=title), NOW)) <= 2000


@settings(deadline=None)
@given(st.lists(st.text("ab*`\\_ ", min_size=1, max_size=3000), min_size=3, max_size=5), markup)
def test_options_keep_their_letters(options: list[str], prompt: list[str]) -> None:
    """Where a question is too long, every option still stands there with its letter, and so does the last line."""
    lines = [say("{l}  {o}", l=letter, o=option) for letter, option in zip("ABCDE", options, strict=False)]
    text = content(Message((say("Q{p}", p="".join(prompt) * 50), *lines, say("3 people"))), NOW)
    assert [line[:2] for line in text.splitlines() if re.match("[A-E] ", line)] == [
        f"{letter} " for letter in "ABCDE"[: len(options)]
    ]
    assert text.endswith("\n3 people")


@given(st.text(), st.integers(1, 60))
def test_clip(text: str, limit: int) -> None:
    """A text that is cut ends with an ellipsis and within its limit, never within a character."""
    shown = clip(visible(text), limit)
    assert size(shown) <= limit
    assert shown == visible(text) or shown.endswith("…")


@pytest.mark.parametrize("sign", ["<", "<a", "<:", "*", "_", "\\", "[", "](", ":a", "\n", "# ", "@everyone"])
def test_no_text_takes_long(sign: str) -> None:
    """The time that a text takes grows with its length and no faster, whatever somebody repeats in it."""
    begun = time.perf_counter()
    neutral(visible(sign * 20_000))
    assert time.perf_counter() - begun < 1


def test_times_are_the_readers() -> None:
    """A time soon is a time of day, a later one has its date; both can say how far away they are."""
    soon, later = NOW + timedelta(hours=7), NOW + timedelta(days=3)
    assert timestamp(When(soon), NOW) == f"<t:{int(soon.timestamp())}:t>"
    assert timestamp(When(later, relative=True), NOW) == "<t:{0}:f> (<t:{0}:R>)".format(int(later.timestamp()))


def test_tables_stand_in_code() -> None:
    """A table is aligned in a block that no name can end."""
    text = content(Message((Table((("1", "Ann ```"), ("10", "Bo\n")), frozenset({0})),)), NOW)
    assert text == "```\n 1  Ann '''\n10  Bo\n```"


async def test_form_fits() -> None:
    """A form's texts end where Discord's do, and its text and fields are five at most."""
    field = Field("answer", "L" * 99, max_length=9999, hint="h" * 999)
    menu = Field("menu", "M", Asks.ONE_OF, options=tuple((str(n), "o" * 200) for n in range(25)))
    more = (menu, *(replace(menu, name=f"m{n}", asks=Asks.SOME_OF, required=False) for n in range(4)))
    form = Form("submit:1", "T" * 99, (say("p" * 5000), say("q" * 5000)), (field, *more))
    sent = modal(form, NOW).to_dict()
    check_modal(sent)
    text, label, *_ = sent["components"]
    assert (len(sent["components"]), len(sent["title"]), len(label["label"])) == (5, 45, 45)
    assert 3000 < len(text["content"]) <= 4000
    assert label["component"]["max_length"] == 4000


async def test_form_without_options() -> None:
    """Where there is nothing, or too much, to choose from for a menu, one writes."""
    for number in (0, 26):
        field = Field("topics", "Topics", Asks.SOME_OF, options=tuple((f"t{n}", f"T{n}") for n in range(number)))
        sent = modal(Form("setup", "Title", (), (field,)), NOW).to_dict()
        check_modal(sent)
        assert sent["components"][0]["component"]["type"] == discord.ComponentType.text_input.value


@settings(deadline=None)
@given(words, body)
def test_contents_fit(title: str, parts: list[tuple[str | When, ...] | Table]) -> None:
    """No part of what is told in private is too long either; what fits into one message is one."""
    message = Message(tuple(parts), title=title)
    pages = contents(message, NOW)
    assert all(size(page) <= 2000 for page in pages)
    assert len(pages) > 1 or pages == [content(message, NOW)]


@given(st.lists(st.text("ab ", min_size=1, max_size=1900), max_size=9))
def test_nothing_is_left_out(paragraphs: list[str]) -> None:
    """What is told in private comes in as many messages as it takes."""
    pages = contents(Message(tuple((paragraph,) for paragraph in paragraphs)), NOW)
    assert "\n".join(pages) == "\n".join(paragraphs)


# --- the fake Discord --------------------------------------------------------------------------------------------

QUESTIONS = (
    Question(
        id="rate", topic="optimization", kind=Kind.CHOICE, difficulty=Difficulty.MEDIUM,
        prompt="What follows from a rate that is too high?", explanation="Steps overshoot.",
        sources=(Source("000.txt", "8. Rates", "The book"),),
        choices=(Choice("It jumps", correct=True), Choice("It falls"), Choice("It stays")),
    ),
    Question(
        id="unit", topic="regularization", kind=Kind.SHORT, difficulty=Difficulty.EASY,
        prompt="Which technique switches units off?", explanation="It is dropout.", answer="dropout",
    ),
)  # fmt: skip
TOPICS = {"optimization": Topic("Optimization"), "regularization": Topic("Regularization")}
BANK = Bank({question.id: question for question in QUESTIONS}, TOPICS, Vocabulary.of(QUESTIONS))


class SlowStore(SqlStore):
    """A database that takes its time when somebody comes."""

    seconds = 0.0

    async def visit(
        self, address: Address, workspace: Workspace, identity: Identity, name: str, *, lately: bool = False
    ) -> tuple[Channel, Team, Person]:
        await asyncio.sleep(self.seconds)
        return await super().visit(address, workspace, identity, name, lately=lately)


class Bot:
    """The adapter with a quiz, on one database."""

    def __init__(self, server: FakeDiscord, store: SlowStore, **shards: object) -> None:
        self.server = server
        self.store = store
        self.shards = shards.get("shard_ids") or range(server.shards)
        self.chat = Discord(server.token, api_url=server.url, **shards)
        self.quiz = Quiz(store, {"discord": self.chat}, lambda: BANK, lambda: datetime.now(UTC))
        self.workspace = Workspace("discord", str(server.guild.id), server.guild.name)
        self.here = Address("discord", str(server.guild.channel.id))
        self.stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Bot]:
        """Connected, and stopped cleanly at the end."""
        self.stopping.clear()
        task = asyncio.create_task(self.chat.run(self.quiz, self.stopping))
        try:
            await self.server.gateway.changes.wait_for(self.is_connected, 15, "a connected bot")
            await self.server.wait_commands()
            yield self
        finally:
            self.stopping.set()
            await task

    def is_connected(self) -> bool:
        """Whether all of its shards are."""
        return set(self.shards) <= {session.shard for session in self.server.gateway.live_sessions}

    async def until(self, probe: Callable[[], object]) -> None:
        """Wait until something holds that no event tells of."""
        for _ in range(1000):
            if probe():
                return
            await asyncio.sleep(0.01)
        raise TimeoutError


@pytest.fixture
async def server() -> AsyncIterator[FakeDiscord]:
    """A fake Discord."""
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
async def idle(server: FakeDiscord, tmp_path: Path) -> AsyncIterator[Bot]:
    """A bot that is not connected."""
    database = Database(f"sqlite:///{tmp_path}/quiz.db")
    await database.upgrade()
    store = SlowStore(database)
    yield Bot(server, store)
    await store.dispose()


@pytest.fixture
async def bot(idle: Bot) -> AsyncIterator[Bot]:
    """A bot at work."""
    async with idle.running():
        yield idle


@pytest.fixture
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord wants five seconds between two identifications, the fake does not."""

    async def at_once(*_: object, initial: bool = False) -> None:
        pass

    monkeypatch.setattr(Client, "before_identify_hook", at_once)


@pytest.fixture
def ann(server: FakeDiscord) -> Member:
    """Somebody without any rights."""
    return server.add_member("ann")


@pytest.fixture
def boss(server: FakeDiscord) -> Member:
    """Somebody who may manage the server."""
    return server.add_member("boss", permissions=Permission.MANAGE_GUILD)


async def ask(member: Member, topic: str = "optimization") -> Shown:
    """Let a member ask for a question, and find it."""
    assert "posted" in (await member.slash("ask", topic=topic, minutes=60)).text
    return await member.channel.wait_for_message(lambda message: message.button("My answer") is not None)


NOTE = Message((say("Hello {name}, see {link}", name="@everyone", link="http://x"),), title="A note", public=True)
MARKED = replace(NOTE, buttons=((Button("My answer", "mine:1"),),))


class TestConnecting:
    async def test_wrong_token(self, idle: Bot) -> None:
        """A token that Discord refuses is named by its variable."""
        with pytest.raises(BadToken, match="DISCORD_TOKEN"):
            await Discord("wrong", api_url=idle.server.url).run(idle.quiz, idle.stopping)

    async def test_token_revoked(self, idle: Bot) -> None:
        """So is one that the gateway closes on while the bot runs."""
        running = asyncio.create_task(idle.chat.run(idle.quiz, idle.stopping))
        await idle.server.wait_connected()
        idle.server.gateway.close(Close.AUTHENTICATION_FAILED)
        with pytest.raises(BadToken, match="DISCORD_TOKEN"):
            await running

    async def test_reconnecting(self, bot: Bot, without_pauses: None) -> None:
        """While the gateway is away the platform does not count as connected; resumed or begun anew, it does."""
        await bot.until(lambda: "discord" in bot.quiz.connected)
        for lose in (bot.server.gateway.abort, bot.server.gateway.forget_sessions):
            bot.server.gateway.refusing = True
            lose()
            await bot.until(lambda: "discord" not in bot.quiz.connected)
            bot.server.gateway.refusing = False
            await bot.until(lambda: "discord" in bot.quiz.connected)

    async def test_nobody_there(self, idle: Bot) -> None:
        """Where nothing answers the platform is unavailable, and may be tried again."""
        with pytest.raises(Unavailable):
            await Discord("token", api_url="http://127.0.0.1:9").run(idle.quiz, idle.stopping)

    async def test_not_discord(self, idle: Bot) -> None:
        """An address where something else answers is no Discord."""
        idle.server.faults.add("GET", "/users/@me", status=200, body={"hello": "world"})
        with pytest.raises(Unavailable):
            await Discord("token", api_url=idle.server.url).run(idle.quiz, idle.stopping)

    async def test_not_connected(self, idle: Bot) -> None:
        """Before it is connected, and after it has stopped, the chat is unavailable."""
        for _ in range(2):
            with pytest.raises(Unavailable):
                await idle.chat.post(idle.here, NOTE, "q1-1")
            async with idle.running():
                await idle.chat.post(idle.here, NOTE, f"q{idle.server.command_writes}-1")

    async def test_commands_are_written_when_they_differ(self, idle: Bot) -> None:
        """The commands are registered once for all starts, and again when what is registered is something else."""
        for writes in (1, 1, 2):
            if writes == 2:
                idle.server.commands[None][0]["options"][0]["description"] = "as it was in an earlier version"
            async with idle.running():
                pass
            assert idle.server.command_writes == writes
        (command,) = idle.server.commands[None]
        assert [option["name"] for option in command["options"]] == list(COMMANDS)

    async def test_gateway_follows_the_api(self, bot: Bot, ann: Member, without_pauses: None) -> None:
        """A lost connection is resumed where the session says, a lost session begun anew where the API says."""
        bot.server.gateway.abort()
        await bot.server.gateway.wait_resumed()
        assert bot.server.gateway.resume_paths == ["/gateway/resume"]
        assert (await ann.slash("help")).ephemeral
        bot.server.gateway.forget_sessions()
        await bot.server.gateway.wait_identified(2)
        assert (await ann.slash("help")).ephemeral

    async def test_no_privileged_intent(self, bot: Bot) -> None:
        """The bot asks for the guilds intent and no other."""
        assert [session.intents for session in bot.server.gateway.live_sessions] == [discord.Intents(guilds=True).value]

    async def test_stopping_finishes_answers(self, idle: Bot, ann: Member) -> None:
        """Who pressed before the bot was told to stop is still told what counted."""
        async with idle.running():
            question = await ask(ann)
            idle.store.seconds = 0.5
            press = ann.start_press(question, "A")
            await asyncio.sleep(0.2)
        assert re.match("Right|Not right", (await press.final()).text)

    async def test_welcome(self, bot: Bot) -> None:
        """A server that the bot joins while it runs gets one message, one that it knew before gets none."""
        await bot.until(lambda: "discord" in bot.quiz.connected)
        joined = bot.server.add_guild("New")
        message = await joined.channel.wait_for_message()
        assert "/quiz setup" in message.text
        assert bot.server.guild.channel.messages == []

    async def test_proxies_are_not_used(self, idle: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
        """A proxy in the environment is not for the bot: its addresses say where it connects."""
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        async with idle.running():
            assert await idle.chat.workspace(idle.here)

    async def test_shards(self, tmp_path: Path, without_pauses: None) -> None:
        """Where Discord wants several connections, the servers on all of them are served."""
        database = Database(f"sqlite:///{tmp_path}/quiz.db")
        await database.upgrade()
        async with FakeDiscord(shards=2) as server:
            other = server.add_guild("Other")
            async with Bot(server, SlowStore(database)).running():
                for guild in (server.guild, other):
                    assert (await server.add_member("ann", guild=guild).slash("help")).ephemeral


class TestFleet:
    """Two processes on one database, each with a shard of its own."""

    @pytest.fixture
    async def fleet(self, server: FakeDiscord, tmp_path: Path, without_pauses: None) -> AsyncIterator[list[Bot]]:
        """Both of them, connected; the first guild is on the first one's shard, the other guild on the second's."""
        database = Database(f"sqlite:///{tmp_path}/quiz.db")
        await database.upgrade()
        server.shards = 2
        server.add_guild("Other")
        store = SlowStore(database)
        one, other = [Bot(server, store, shard_ids=[shard], shard_count=2) for shard in (0, 1)]
        async with one.running(), other.running():
            await one.until(lambda: one.quiz.connected and other.quiz.connected)
            yield [one, other]
        await store.dispose()

    async def test_each_serves_its_own_servers(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """Members everywhere are answered, once, and the command was registered once."""
        for guild in server.guilds.values():
            told = await server.add_member("ann", guild=guild).slash("help")
            assert told.ephemeral
        answers = [request for request in server.requests if request.path.startswith("/interactions/")]
        assert len(answers) == len(server.guilds) == 2
        assert server.command_writes == 1

    async def test_a_new_server_is_welcomed_once(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """The process whose shard it is on says hello."""
        new = server.add_guild("New")
        await new.channel.wait_for_message()
        assert (await server.add_member("ann", guild=new).slash("help")).ephemeral
        assert len(new.channel.messages) == 1

    async def test_a_channel_on_another_shard(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """Any process posts there, edits, finds its message again and knows the server."""
        one, _ = fleet
        there = list(server.guilds.values())[1]
        address = Address("discord", str(there.channel.id))
        span = [datetime.now(UTC) + timedelta(minutes=minutes) for minutes in (-1, 1)]
        ref = await one.chat.post(address, MARKED, "q1-1")
        await one.chat.edit(address, ref, replace(MARKED, title="Another title"))
        assert there.channel.messages[0].text.startswith("**Another title**")
        server.by_nonce.clear()
        assert await one.chat.find(address, "q2-1", *span) is None
        ref = await one.chat.post(address, MARKED, "q2-1")
        assert await one.chat.find(address, "q2-1", *span) == ref
        assert (await one.chat.workspace(address)).id == str(there.id)

    async def test_an_unreadable_channel_on_another_shard(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """An empty history is not taken for a channel without the message where the bot may not read it."""
        there = list(server.guilds.values())[1].channel
        server.deny(there, Permission.READ_MESSAGE_HISTORY)
        with pytest.raises(CannotLook):
            await fleet[0].chat.find(Address("discord", str(there.id)), "q1-1", *[datetime.now(UTC)] * 2)

    async def test_within_discords_limit(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """Whatever is due at once, all processes together stay below fifty calls a second: none is turned away."""
        server.allowed = 50
        places = [Address("discord", str(guild.channel.id)) for guild in server.guilds.values()]
        posts = [(bot, place) for bot in fleet for place in places] * 18
        await asyncio.gather(*(bot.chat.post(place, NOTE, f"q{n}-1") for n, (bot, place) in enumerate(posts)))
        assert sum(len(guild.channel.messages) for guild in server.guilds.values()) == len(posts)
        assert server.violations == []

    async def test_the_gateway_is_where_discord_says(self, server: FakeDiscord, fleet: list[Bot]) -> None:
        """A connection that ends and cannot be resumed is begun anew there, though the library does not ask again."""
        server.gateway.forget_sessions()
        await server.gateway.wait_identified(4)
        for guild in server.guilds.values():
            assert (await server.add_member("bo", guild=guild).slash("help")).ephemeral


async def test_a_long_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls whose turn would come only after the core gave them up are surely not made, which they say at once."""
    monkeypatch.setattr("bot.adapters.discord.pace.PATIENCE", 0.5)
    made = []

    async def call(number: int) -> None:
        made.append(number)

    hundred_a_second = paced(call, 100 / MARGIN)
    outcomes = await asyncio.gather(*(hundred_a_second(n) for n in range(150)), return_exceptions=True)
    assert made == [n for n, outcome in enumerate(outcomes) if outcome is None]
    assert 45 < len(made) < 55
    assert all(isinstance(outcome, NotDone) for outcome in outcomes[len(made) :])


async def test_identifying_in_turn(server: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord lets a bot identify once in a while; processes that start together come in one after the other."""
    monkeypatch.setattr("bot.adapters.discord.client.IDENTIFYING", 0.3)
    server.gateway.identify_pause = 0.3
    server.shards = 4
    database = Database(f"sqlite:///{tmp_path}/quiz.db")
    await database.upgrade()
    store = SlowStore(database)
    one, other = [Bot(server, store, shard_ids=ids, shard_count=4) for ids in ([0, 1], [2, 3])]
    async with one.running(), other.running():
        await server.wait_connected(4)
    assert server.gateway.identifies == 4
    await store.dispose()


class TestPosting:
    async def test_plain(self, bot: Bot) -> None:
        """A post pings nobody, shows no previews, and reads as it was written."""
        await bot.chat.post(bot.here, NOTE, "q1-1")
        (message,) = bot.server.guild.channel.messages
        assert message.content == "**A note**\nHello @\u200beveryone, see http\\://x"
        assert not message.pings
        assert message.flags & discord.MessageFlags(suppress_embeds=True).value

    async def test_posted_once(self, bot: Bot) -> None:
        """The same mark within minutes is the same message; a mark is found again, another one is not."""
        since = datetime.now(UTC) - timedelta(minutes=1)
        first, again = [await bot.chat.post(bot.here, MARKED, "q1-1") for _ in range(2)]
        assert first == again
        assert await bot.chat.find(bot.here, "q1-1", since, FOREVER) == first
        assert await bot.chat.find(bot.here, "1-1", since, FOREVER) is None
        assert await bot.chat.find(bot.here, "q1-1", since + timedelta(minutes=5), FOREVER) is None
        assert await bot.chat.find(bot.here, "q1-1", since - timedelta(minutes=5), since) is None

    async def test_others_marks_are_not_ours(self, bot: Bot, ann: Member) -> None:
        """Only the bot's own messages count as found."""
        row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "A", "custom_id": "mine:1#q1-1"}]}
        bot.server.post(ann.channel, ann.user, {"content": "hello", "components": [row]}, [])
        assert await bot.chat.find(bot.here, "q1-1", datetime.now(UTC) - timedelta(minutes=1), FOREVER) is None

    async def test_cannot_look(self, bot: Bot) -> None:
        """Without the permission to read the history nobody can say whether a message is there."""
        await bot.until(lambda: "discord" in bot.quiz.connected)
        bot.server.deny(bot.server.guild.channel, Permission.READ_MESSAGE_HISTORY)
        await asyncio.sleep(0.1)  # the gateway tells the bot a moment later
        with pytest.raises(CannotLook):
            await bot.chat.find(bot.here, "q1-1", datetime.now(UTC), FOREVER)

    async def test_edit(self, bot: Bot) -> None:
        """An edit replaces text and buttons; of a message that is gone it is let be."""
        ref = await bot.chat.post(bot.here, MARKED, "q1-1")
        await bot.chat.edit(bot.here, ref, NOTE)
        (message,) = bot.server.guild.channel.messages
        assert (message.buttons, message.edits, bool(message.pings)) == ([], 1, False)
        bot.server.delete(message)
        await bot.chat.edit(bot.here, ref, NOTE)

    async def test_refused(self, bot: Bot) -> None:
        """What somebody has to mend is refused with the reason."""
        channel = bot.server.guild.channel
        bot.server.deny(channel, Permission.SEND_MESSAGES)
        with pytest.raises(Refused, match=r"^I am missing the permission Send Messages$"):
            await bot.chat.post(bot.here, NOTE, "q1-1")
        bot.server.deny(channel, Permission.VIEW_CHANNEL)
        with pytest.raises(Refused, match=r"^I am missing the permission View Channel$"):
            await bot.chat.post(bot.here, NOTE, "q1-1")
        bot.server.delete_channel(channel)
        with pytest.raises(Refused, match=r"^the channel was deleted$"):
            await bot.chat.post(bot.here, NOTE, "q1-1")
        with pytest.raises(Refused, match="C0123"):
            await bot.chat.post(Address("discord", "C0123"), NOTE, "q1-1")

    async def test_unavailable(self, bot: Bot) -> None:
        """A connection that breaks after the post was made is no refusal, and the post can be found."""
        since = datetime.now(UTC) - timedelta(minutes=1)
        bot.server.faults.add("POST", "/channels/*/messages", act=True, reset=True)
        with pytest.raises(Unavailable):
            await bot.chat.post(bot.here, MARKED, "q1-1")
        assert await bot.chat.find(bot.here, "q1-1", since, FOREVER) == str(bot.server.guild.channel.messages[0].id)

    async def test_faults_of_the_server(self, bot: Bot) -> None:
        """A fault after the post was made does not post it twice; a rate limit is waited for."""
        bot.server.faults.add("POST", "/channels/*/messages", act=True, status=502)
        bot.server.faults.add("POST", "/channels/*/messages", retry_after=0.2)
        await bot.chat.post(bot.here, MARKED, "q1-1")
        assert len(bot.server.guild.channel.messages) == 1

    async def test_workspace(self, bot: Bot) -> None:
        """A channel's server is known by name; a channel that is nowhere belongs to none."""
        guild = bot.server.guild
        assert await bot.chat.workspace(bot.here) == Workspace("discord", str(guild.id), "Test guild")
        assert await bot.chat.workspace(Address("discord", "1")) is None


class TestAnswering:
    async def test_slow_answer_is_deferred(self, bot: Bot, ann: Member) -> None:
        """What takes longer than Discord waits is promised in time, and told to the same people."""
        question = await ask(ann)
        bot.store.seconds = 3.2
        press, public, refused = (
            ann.start_press(question, "A"),
            ann.start_slash("leaderboard", public=True),
            ann.start_slash("post"),
        )
        outcome = await press.final()
        assert outcome.reply is Reply.DEFERRED
        assert outcome.ephemeral
        assert outcome.seconds < 3
        assert re.match("Right|Not right", outcome.text)
        assert not (await public.final()).ephemeral
        assert (await refused.final()).ephemeral
        assert bot.server.violations == []

    async def test_more_than_can_be_served(self, bot: Bot, ann: Member) -> None:
        """Whoever comes when it is full is told at once that nothing was done; what is beyond that is left to Discord,
        which tells of no response. Then it goes on."""
        question = await ask(ann)
        bo, crowd = bot.server.add_member("bo"), bot.quiz.crowd
        crowd.most, bot.store.seconds = 1, 1.0
        served = ann.start_press(question, "A")
        await bot.until(lambda: crowd.room() is Room.WORD)
        refused = await bo.press(question, "B")
        assert "NOT recorded" in refused.text
        assert refused.ephemeral
        assert "nothing was done" in (await bo.slash("stats")).text
        crowd.most = 0
        with pytest.raises(NoResponse):
            await bo.start_press(question, "A").final(within=0.5)
        assert re.match("Right|Not right", (await served.final()).text)
        crowd.most = 1
        assert len(await bot.store.entries(1)) == 1
        assert re.match("Right|Not right", (await bo.press(question, "B")).text)

    async def test_a_click_that_waited_long(self, bot: Bot, ann: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        """What comes much later than Discord sent it, as from a connection that was full, is not begun any more."""
        question = await ask(ann)
        monkeypatch.setattr("bot.adapters.discord.delay.Delay.of", lambda *_: 1.5)
        assert "NOT recorded" in (await ann.press(question, "A")).text
        assert await bot.store.entries(1) == []

    async def test_slow_form(self, bot: Bot, ann: Member) -> None:
        """A form cannot follow a deferral: the member is asked to press again."""
        question = await ask(ann, "regularization")
        bot.store.seconds = 2.0
        assert "try again" in (await ann.press(question, "Answer")).text
        bot.store.seconds = 0.0
        form = (await ann.press(question, "Answer")).modal
        assert form is not None
        assert (await ann.submit(form, "dropout")).text.startswith("Right")

    async def test_slow_public_refusal(self, bot: Bot, ann: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was promised to everybody but fails is told to the caller alone."""
        bot.store.seconds = 2.0

        async def fail(*_: object) -> int:
            raise Unavailable("database is locked")

        monkeypatch.setattr(bot.store, "lines", fail)
        outcome = await ann.slash("leaderboard", public=True)
        told = await outcome.followup()
        assert told.ephemeral
        assert "did not answer" in told.text
        assert bot.server.guild.channel.messages == []

    async def test_lost_response(self, bot: Bot, ann: Member) -> None:
        """A receipt whose connection breaks is sent again, be it that it had arrived or not."""
        question = await ask(ann)
        for act in (False, True):
            bot.server.faults.add("POST", "/interactions/*", act=act, reset=True)
            assert re.match("Right|Not right|Your first answer", (await ann.press(question, "A")).text)

    async def test_response_too_late(self, bot: Bot, ann: Member, caplog: pytest.LogCaptureFixture) -> None:
        """A member who cannot be told is a line in the log; the answer is recorded."""
        question = await ask(ann)
        bot.server.faults.add("POST", "/interactions/*", delay=3.1)
        with pytest.raises(NoResponse):
            await ann.press(question, "A")
        await bot.until(lambda: "was not told" in caplog.text)
        assert [record.levelname for record in caplog.records if "not told" in record.message] == ["WARNING"]
        assert (await ann.press(question, "My answer")).text.startswith("Your answer: A")

    async def test_delivered_twice(self, bot: Bot, ann: Member) -> None:
        """A click that Discord delivers twice is one click."""
        question = await ask(ann)
        bot.server.gateway.deliver_twice()
        press = ann.start_press(question, "A")
        assert re.match("Right|Not right", (await press.final()).text)
        bot.server.gateway.deliver_twice()
        assert "open in this channel already" in (await ann.slash("ask")).text
        assert bot.server.violations == []

    async def test_board_turns_its_pages(self, bot: Bot, ann: Member) -> None:
        """On a private board a press changes the board; on a public one it opens a private one."""
        private = await ann.slash("leaderboard")
        turned = await ann.press(private.message, "This month")
        assert turned.reply is Reply.UPDATE
        assert turned.message is private.message
        public = await ann.slash("leaderboard", public=True)
        outcome = await ann.press(public.message, "This month")
        assert outcome.ephemeral
        assert outcome.message is not public.message

    async def test_forgeries(self, bot: Bot, ann: Member) -> None:
        """Ids that the bot never gave change nothing and are answered in a plain sentence."""
        question = await ask(ann)
        for action in ("answer:999:A", "answer:1:Z", "nonsense", "#", "answer:1:A:B", "mine:" + "9" * 40):
            assert (await ann.forge_press(action, question).final()).ephemeral
        for action in ("submit:1", "submit:x", "answer:1:A"):
            assert (await ann.forge_submit(action, {"text": "x" * 100_000}).final()).ephemeral
        assert (await ann.forge_slash("ask", options={"nothing": 1}).final()).ephemeral
        assert (await ann.forge_slash("ask", options={"topic": "cnm"}).final()).text.startswith(
            "I do not know the topic"
        )

    async def test_outside_of_servers(self, bot: Bot, ann: Member) -> None:
        """The command is not offered in private messages; whoever gets there all the same is told where to go."""
        outcome = await ann.in_private().forge_slash("help", options={}).final()
        assert outcome.text == "I ask my questions in the channels of a server. Please use /quiz there."

    async def test_topics_are_completed(self, bot: Bot, ann: Member) -> None:
        """Typing a topic shows those of the bank."""
        choices = await ann.type_option("ask", focused="topic", topic="OPTI")
        assert [(choice.name, choice.value) for choice in choices] == [("Optimization", "optimization")]

    async def test_who_may(self, bot: Bot, ann: Member) -> None:
        """Everybody is offered every command; Manage Server, or the administrator's right, makes an admin."""
        assert "manage this server" in (await ann.slash("post")).text
        for right in (Permission.MANAGE_GUILD, Permission.ADMINISTRATOR):
            admin = bot.server.add_member("boss", permissions=right)
            assert "no daily question yet" in (await admin.slash("post")).text


class German:
    """A catalogue that knows little."""

    def gettext(self, message: str) -> str:
        return message if "{" in message else f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return msgid1 if n == 1 else msgid2


SETTINGS = {"time": "09:00", "timezone": "Europe/Berlin", "days": ["mon", "wed"], "reveal": "", "topics": []}


class TestSettingUp:
    async def test_form(self, bot: Bot, boss: Member) -> None:
        """Bare setup opens a form with the five most important fields, filled with what is set."""
        form = (await boss.slash("setup")).modal
        assert form is not None
        assert (form.title, [field.label for field in form.fields]) == (
            "Question of the day",
            [
                "Question at",
                "Time zone: type a city",
                "Days",
                "Answer at; empty: with the next question",
                "Topics; empty: all",
            ],
        )
        told = await boss.submit(form, SETTINGS)
        assert told.ephemeral
        assert re.match(r"\*\*This channel is set up\*\*\nThe next question of the day comes <t:\d+:.>", told.text)
        for line in ("09:00, Monday and Wednesday", "Reveal: with the next question", "Europe/Berlin", "Topics: all"):
            assert line in told.text

        again = (await boss.slash("setup")).modal
        assert again is not None
        days, topics = again.field("days"), again.field("topics")
        assert isinstance(days, Select)
        assert isinstance(topics, Select)
        assert (again.field("timezone").value, days.chosen) == ("Europe/Berlin", ("mon", "wed"))
        assert topics.options == {"optimization": "Optimization", "regularization": "Regularization"}
        assert "Topics: Optimization" in (await boss.submit(again, {"topics": ["Optimization"], "time": "8:30"})).text

    async def test_wrong_fields(self, bot: Bot, boss: Member) -> None:
        """What is wrong is said for each field, and nothing is set."""
        form = (await boss.slash("setup")).modal
        told = await boss.submit(form, {"time": "25:00", "timezone": "Atlantis", "days": ["mon"]})
        assert told.ephemeral
        assert '"25:00" is not a time of day' in told.text
        assert 'I do not know the time zone "Atlantis".' in told.text
        assert "no daily question" in (await boss.slash("status")).text

    async def test_options(self, bot: Bot, boss: Member) -> None:
        """Settings are typed options too, completed for zones and for the last of several topics."""
        zones = await boss.type_option("setup", focused="timezone", timezone="berl")
        assert [(zone.name, zone.value) for zone in zones] == [("Europe/Berlin", "Europe/Berlin")]
        for typed, offered in {
            "": ["optimization", "regularization"],
            "reg": ["regularization"],
            "Optimization, ": ["Optimization, regularization"],
            "optimization,R": ["optimization, regularization"],
            "x" * 90 + ", o": [],
        }.items():
            topics = await boss.type_option("setup", focused="topics", topics=typed)
            assert [topic.value for topic in topics] == offered, typed
        values = {"time": "9.00", "timezone": "Europe/Berlin", "topics": "Optimization, regularization"}
        told = await boss.slash("setup", **values, difficulty="easy", feedback="immediate")
        for line in ("Topics: Optimization, Regularization", "Difficulty: easy", "Grades are told: at once"):
            assert line in told.text

    async def test_sent_by_others(self, bot: Bot, boss: Member, ann: Member) -> None:
        """The form is an admin's, however it is sent."""
        told = await ann.forge_submit("setup", {"time": "09:00"}).final()
        assert told.text.startswith("Only people who can manage this server")
        assert "no daily question" in (await boss.slash("status")).text

    async def test_welcome_in_the_servers_language(self, bot: Bot) -> None:
        """The first words in a server are in its language."""
        bot.quiz.languages["de"] = German()  # type: ignore[index]
        await bot.until(lambda: "discord" in bot.quiz.connected)
        joined = bot.server.add_guild("Neu", locale="de")
        assert (await joined.channel.wait_for_message()).text.startswith("**[Hello, I am the quiz bot]**")


class TestPrivateMessages:
    async def test_language(self, bot: Bot) -> None:
        """Everybody is spoken to in the language of their Discord, in English where there is no other."""
        bot.quiz.languages["de"] = German()  # type: ignore[index]
        greta, ann = bot.server.add_member("greta", locale="de"), bot.server.add_member("ann", locale="en-GB")
        assert (await greta.slash("help")).text.startswith("**[How to play]**")
        assert (await ann.slash("help")).text.startswith("**How to play**")
        assert (await greta.in_private().forge_slash("help", options={}).final()).text.startswith("[I ask")

    async def test_practice(self, bot: Bot, ann: Member) -> None:
        """The grade comes below the practice question and the next question below that, all for one's own eyes."""
        asked = await ann.slash("practice", kind="choice")
        told = await ann.press(asked.message, "A")
        following = await ann.press(told.message, "Another one")
        assert len({message.message for message in (asked, told, following)}) == 3
        assert asked.ephemeral
        assert told.ephemeral
        assert following.ephemeral
        assert "Why: Steps overshoot." in told.text
        assert following.text.startswith("**Practice · Optimization · medium**")
        written = await ann.slash("practice", kind="short")
        form = (await ann.press(written.message, "Answer")).modal
        assert form is not None
        assert form.text == "Which technique switches units off?"
        graded = await ann.submit(form, "drop-out")
        assert graded.text.startswith("Right")
        assert graded.message is not written.message
        assert bot.server.guild.channel.messages == []

    async def test_practice_is_ones_own(self, bot: Bot, ann: Member) -> None:
        """Buttons of somebody else's practice, and of somebody else's data, say whose they are."""
        asked = await ann.slash("practice", kind="choice")
        asking = await ann.slash("privacy", action="erase")
        bea = bot.server.add_member("bea")
        for action in ("try:1:A", "tryopen:1", "again:1"):
            assert (await bea.forge_press(action, asked.message).final()).text.startswith(
                "This practice question is so"
            )
        (erase,) = asking.message.buttons
        assert erase.custom_id
        told = await bea.forge_press(erase.custom_id, asking.message).final()
        assert told.text.startswith("Nothing was erased: this button is somebody else's")

    async def test_export(self, bot: Bot, ann: Member) -> None:
        """One's own data come as a file in private, at once or after a deferral."""
        question = await ask(ann)
        await ann.press(question, "A")
        for seconds in (0.0, 2.0):
            bot.store.seconds = seconds
            told = await ann.slash("privacy", action="export")
            assert told.ephemeral
            (file,) = told.message.attachments
            assert file.filename == "quizbot-data.json"
            assert '"A"' in file.content.decode()
            json.loads(file.content)

    async def test_erase(self, bot: Bot, ann: Member) -> None:
        """After a confirmation the member is gone from every board, and so are the answers."""
        question = await ask(ann)
        await ann.press(question, "A")
        asked = await ann.slash("privacy", action="erase")
        assert asked.text.startswith("**Erase your data for ever?**")
        told = await ann.press(asked.message, "Erase everything")
        assert told.text.startswith("Everything stored on you is erased.")
        assert "ann" not in (await bot.server.add_member("bea").slash("leaderboard")).text
        assert (await ann.press(question, "My answer")).text.startswith("You have not answered")

    async def test_long_answer_is_split(self, bot: Bot, ann: Member, monkeypatch: pytest.MonkeyPatch) -> None:
        """What does not fit into one private message goes on in a second one, with the buttons under the last."""
        long = replace(QUESTIONS[0], explanation="x" * 1200, note="y" * 1200)
        monkeypatch.setitem(BANK.questions, long.id, long)  # type: ignore[arg-type]
        for seconds in (0.0, 2.0):
            bot.store.seconds = 0.0
            asked = await ann.slash("practice", kind="choice")
            bot.store.seconds = seconds
            told = await ann.press(asked.message, "A")
            rest = await told.followup()
            assert rest.ephemeral
            assert "Why: " + "x" * 1200 in told.text
            assert "Note: " + "y" * 1200 in rest.text
            assert (told.message.buttons, [button.label for button in rest.buttons]) == ([], ["Another one"])

    async def test_names_are_current(self, bot: Bot, ann: Member) -> None:
        """A board shows the name of the last interaction, and the lines of those who left."""
        question = await ask(ann)
        await ann.press(question, "A")
        ann.rename("Anna the Second")
        await ann.slash("help")
        del bot.server.guild.members[ann.id]
        board = await bot.server.add_member("bea").slash("leaderboard")
        assert "Anna the Second" in board.text
        assert "ann " not in board.text

    async def test_statistics(self, bot: Bot, ann: Member) -> None:
        """One sees all of one's own, of others what a board shows; a member is picked as Discord picks them."""
        bea = bot.server.add_member("bea")
        await ann.press(await ask(ann), "A")
        assert "Your last answers" in (await ann.slash("stats")).text
        others = (await bea.slash("stats", member=ann)).text
        assert others.startswith("**ann**")
        assert "last answers" not in others
        assert (await ann.slash("stats", member=bea)).text == "bea has not answered a question yet."
        unknown = bot.server.add_member("cy")
        assert (await ann.slash("stats", member=unknown)).text == "That person has not answered a question here yet."


# --- who may what ------------------------------------------------------------------------------------------------

CALLS: Mapping[str, tuple[str, dict[str, object]]] = {
    "ask": ("ask", {"minutes": 60}),
    "practice": ("practice", {}),
    "leaderboard": ("leaderboard", {}),
    "stats": ("stats", {}),
    "status": ("status", {}),
    "setup": ("setup", {"time": "09:00"}),
    "setup's form": ("setup", {}),
    "post": ("post", {}),
    "pause": ("pause", {}),
    "resume": ("resume", {}),
    "link": ("link", {}),
    "link me": ("link", {"me": True}),
    "unlink": ("unlink", {}),
    "unlink me": ("unlink", {"me": True}),
    "privacy": ("privacy", {}),
    "export": ("privacy", {"action": "export"}),
    "erase": ("privacy", {"action": "erase"}),
    "help": ("help", {}),
    "reveal": ("reveal", {"daily": True}),
    "rulings": ("rulings", {}),
    "overrule": ("overrule", {"verdict": "everyone", "daily": True}),
}
"""Every command; where it is allowed the question of the day is revealed, and then ruled on."""

ADMINS_ONLY = {"setup", "setup's form", "post", "pause", "resume", "link", "unlink", "reveal", "rulings", "overrule"}

NAMED = 4242
"""The user whom the configuration names as an admin."""

ADMINS = {"admin by Manage Server", "admin named in the configuration"}

ROLES: Mapping[str, Callable[[FakeDiscord], Member]] = {
    "member": lambda server: server.add_member("ann"),
    "admin by Manage Server": lambda server: server.add_member("ann", permissions=Permission.MANAGE_GUILD),
    "admin named in the configuration": lambda server: server.add_member("ann", user=User(NAMED, "ann")),
    "admin of another server": lambda server: at_home(server.add_member("ann"), server),
}


def at_home(member: Member, server: FakeDiscord) -> Member:
    """The same person, who may do everything in a server of their own."""
    member.join(server.add_guild("Elsewhere"), permissions=Permission.ADMINISTRATOR)
    return member


@pytest.mark.parametrize("role", ROLES)
async def test_permissions(idle: Bot, boss: Member, role: str) -> None:
    """What only admins may do is refused to everybody else, in a sentence; everything else is not."""
    member = ROLES[role](idle.server)
    other = Address("discord", str(idle.server.add_channel("other").id))
    channel = Channel(0, 0, other, Settings(Schedule("UTC", clock_time(9))), declared=True)
    await teams.declare(idle.quiz, [teams.Declared(Team(0, "team", admins=(f"discord:{NAMED}",)), (channel,))])
    async with idle.running():
        await teams.arrive(idle.quiz, "discord")
        refused = await refused_to(member, boss)
    assert refused == (set() if role in ADMINS else ADMINS_ONLY)
    assert {command for command, _ in CALLS.values()} == set(COMMANDS)


async def refused_to(member: Member, boss: Member) -> set[str]:
    """The names of the calls that a member may not make."""
    assert "is set up" in (await boss.slash("setup", time="09:00")).text
    assert "is posted" in (await boss.slash("post")).text
    refused = set()
    for name, (command, options) in CALLS.items():
        told = await member.slash(command, **options)
        assert told.modal or told.ephemeral, name
        if told.text.startswith("Only "):
            refused.add(name)
    return refused


async def test_admin_of_another_server(bot: Bot, boss: Member) -> None:
    """Who manages one server sets up that one, and nothing of another."""
    stranger = bot.server.add_member(
        "stranger", guild=bot.server.add_guild("Elsewhere"), permissions=Permission.MANAGE_GUILD
    )
    assert "is set up" in (await stranger.slash("setup", time="07:00")).text
    assert "no daily question" in (await boss.slash("status")).text


@pytest.mark.parametrize("topic", ["optimization", "regularization"])
async def test_strangers_buttons(bot: Bot, ann: Member, topic: str) -> None:
    """Somebody from another server who presses the buttons of this one's round is told that it is not theirs."""
    question = await ask(ann, topic)
    elsewhere = bot.server.add_guild("Elsewhere").channel
    stranger = bot.server.add_member("stranger", guild=elsewhere.guild, permissions=Permission.ADMINISTRATOR)
    for button in question.buttons:
        assert button.custom_id
        told = await stranger.forge_press(button.custom_id, question, channel=elsewhere).final()
        assert told.ephemeral
        assert told.text.startswith("This question does not belong to this channel's team, so nothing was recorded.")
    told = await stranger.forge_submit("submit:1", {"answer": "dropout"}).final()
    assert told.text.startswith("This question does not belong to this channel's team, so nothing was recorded.")
    assert await bot.store.answered(1) == 0


async def test_own_answer_at_any_time(idle: Bot) -> None:
    """Under the question and under its reveal one finds one's own answer and grade, after a restart too."""
    ann, bea = idle.server.add_member("ann"), idle.server.add_member("bea")
    async with idle.running():
        question = await ask(ann)
        given = (await ann.press(question, "B")).text.splitlines()[0]
        await ann.slash("reveal")
        reveal = idle.server.guild.channel.messages[-1]
    async with idle.running():
        for message in (question, reveal):
            told = await ann.press(message, "My answer")
            assert told.ephemeral
            first, second, *_ = told.text.splitlines()
            assert first.startswith("Your answer: B, It ")
            assert second == given
            assert (await bea.press(message, "My answer")).text.startswith("You did not answer this question")


async def test_pages_of_a_board(bot: Bot, ann: Member) -> None:
    """A board that all may see has pages too; the caller's own line is always there."""
    question = await ask(ann)
    letter = "ABC"[[line[3:] for line in question.text.splitlines() if line[1:3] == "  "].index("It jumps")]
    for number in range(12):
        await bot.server.add_member(f"m{number:02}").press(question, letter)
    await ann.press(question, "ABC".replace(letter, "")[0])
    board = await ann.slash("leaderboard")
    assert "ann (you)" in board.text
    assert "Page 1 of 2." in board.text
    turned = await ann.press(board.message, "Next")
    assert turned.message is board.message
    assert turned.text.count("20 points") == 2
    assert "Page 2 of 2." in turned.text
    public = await ann.slash("leaderboard", public=True)
    assert public.message in bot.server.guild.channel.messages
    assert (await ann.press(public.message, "Next")).ephemeral


# --- every question of the bank, and worse -----------------------------------------------------------------------


def discord_takes(said: Message | Form) -> list[str]:
    """The texts as they are sent; fails where Discord would refuse one."""
    if isinstance(said, Form):
        sent = modal(said, NOW).to_dict()
        check_modal(sent)
        return [part["content"] for part in sent["components"] if "content" in part]
    shown = buttons(said, "r999999999999999-ffffffff")
    view = shown.to_components() if shown else []
    texts = [content(said, NOW)] if said.public else contents(said, NOW)
    for text in texts:
        check_message({"content": text, "components": view})
        assert 0 < size(text) <= 2000
    return texts


def everything_said(question: Question, name: str) -> Iterator[Message | Form]:
    """All that is said of a question in the course of its life, by members of this name."""
    given = "B" if question.kind is Kind.CHOICE else name * 10
    rnd = Round(
        10**14, 1, 1, Address("discord", "1"), RoundKind.DAILY, question, Feedback.REVEAL, NOW.date(), 1, State.OPEN,
        NOW, NOW + timedelta(days=3),
    )  # fmt: skip
    done = replace(rnd, state=State.REVEALED, closed_at=NOW)
    entry = Entry(rnd.id, 1, given, Grade(0.4, f"Partly right. You wrote {name}"), 12, NOW, name=name)
    rights = [replace(entry, member_id=id, grade=Grade(1, "Right.")) for id in range(2, 60)]
    top = [Standing(rank, rank, name, 10**6, 10**6, 10**6, 10**4) for rank in range(1, 4)]
    practice = Practice(10**14, 1, question, Wish(), given, entry.grade)
    yield wording.question(rnd, name, 10**6)
    yield wording.closed(done, name, 10**6)
    yield wording.reveal(done, [entry, *rights], top, this_week=False)
    yield wording.receipt(rnd, entry, None)
    yield wording.own_answer(rnd, entry, 5)
    yield wording.own_answer(done, entry, 5)
    yield wording_of_practice.question(practice, name)
    yield wording_of_practice.graded(practice)
    if question.kind is Kind.SHORT:
        yield wording.answer_form(rnd, entry)
        yield wording_of_practice.form(practice)


@pytest.mark.parametrize("question", BankFolder([ROOT / "questions"])().questions.values(), ids=lambda q: q.id)
async def test_bank_fits(question: Question) -> None:
    """Every question of the bundled bank can be asked, answered and revealed, and nothing of it is left out."""
    for said in everything_said(question, "Ann Example"):
        shown = " ".join(discord_takes(said))
        assert "…" not in shown or "…" in str(question)


def questions(letters: str | None) -> st.SearchStrategy[Question]:
    """Questions as long as they may be, and far longer, of any letters."""
    text = st.text(letters, min_size=1, max_size=3000) if letters else st.text(min_size=1, max_size=3000)
    sources = st.lists(st.builds(Source, text, text, text, text), max_size=3).map(tuple)
    common = {"id": st.just("x"), "topic": st.just("t"), "difficulty": st.sampled_from(Difficulty), "prompt": text}
    told = {"explanation": text, "note": text, "sources": sources}
    options = st.lists(text, min_size=3, max_size=5).map(
        lambda texts: tuple(Choice(t, i == 0) for i, t in enumerate(texts))
    )
    return st.builds(Question, kind=st.just(Kind.CHOICE), choices=options, **common, **told) | st.builds(
        Question, kind=st.just(Kind.SHORT), answer=text, **common, **told
    )


@pytest.mark.parametrize("letters", [None, "a ", "*_`\\~|<@:#>\n"])
def test_extremes_fit(letters: str | None) -> None:
    """Whatever a question and a name are made of, Discord takes all that is said of it."""

    @settings(deadline=None, max_examples=25)
    @given(questions(letters), st.text(letters or "a\u202e😀*", min_size=1, max_size=300))
    def fits(question: Question, name: str) -> None:
        async def render() -> None:
            for said in everything_said(question, name):
                discord_takes(said)

        asyncio.run(render())

    fits()


@settings(deadline=None)
@given(st.lists(st.text(max_size=300), min_size=1, max_size=11), st.sampled_from(Period))
def test_boards_fit(names: list[str], period: Period) -> None:
    """So do boards and statistics, whatever the members call themselves."""
    lines = [Standing(10**4, id, name, 10**7, 10**5, 10**5, 10**4) for id, name in enumerate(names)]
    board = wording_of_boards.board(
        period, wording_of_boards.title(period, names[0], NOW.date()), lines, lines[0], 2, 9
    )
    entry = Entry(1, 1, "A", Grade(1, "Right."), 10, NOW)
    record = Record((), ((replace(QUESTIONS[0], prompt=names[0] * 9), entry),) * 10, 10**4)
    topics = [(name, TopicRecord(name, 10**4, 0.5)) for name in names]

    async def render() -> None:
        for said in (board, replace(board, public=True), wording_of_statistics.own(lines[0], record, topics)):
            discord_takes(said)

    asyncio.run(render())
