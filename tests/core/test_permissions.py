"""Who may do what: every command, button and form, by everyone who could try; and whatever else is sent."""

from dataclasses import replace

import pytest

from bot.adapters.sql.tables import metadata
from bot.core import commands
from bot.core.messages import Form, Message
from bot.core.model import Address, Team
from bot.core.teams import Declared, declare

from .stage import ROOM, Player, bank_of, choice, daily, short, shown

HOMES = {"discord": ROOM, "slack": Address("slack", "C1")}
ADMINS_ONLY = (
    "Only people who can manage this server or workspace can change the quiz. You can still use /quiz ask and "
    "/quiz leaderboard at any time."
)
NOT_YOURS = "Only the person who asked for this question, or an admin, can reveal it early. Its answer comes "
DAILY_NOT_YOURS = "Only an admin can reveal the question of the day early. Its answer comes "
FAULT = "That did not work because of a fault of mine"
FORGED = "That button does not belong to this quiz, so nothing was recorded. /quiz ask posts a question."

EVERYONE = [
    "help", "status", "leaderboard", "leaderboard all public", "stats", "stats Ann", "practice", "privacy",
    "privacy export", "privacy erase", "link me", "unlink me", "ask",
]  # fmt: skip
ADMINS = [
    "pause", "resume", "setup", "setup time=10:00", "post", "rulings", "overrule everyone", "link",
    "link code=AAAA-AAAA", "unlink", "reveal", "reveal daily",
]  # fmt: skip
"""What admins alone may do; the last two also whoever asked for the round."""


# --- the scene ---------------------------------------------------------------------------------------------------


class Scene:
    """A declared channel with an admin named in the configuration, two open rounds, an appeal, a report and practice;
    and another server of the same platform, with admins of its own."""

    def __init__(self, stage, platform):
        self.stage, self.platform = stage, platform
        self.home, self.abroad = HOMES[platform], Address(platform, "abroad")
        self.ann = self.player("Ann")

    def player(self, name, **more):
        """Somebody in the channel."""
        return Player(self.stage, name, self.home, **more)

    def foreigner(self, name, **more):
        """Somebody in the other server."""
        return Player(self.stage, name, self.abroad, workspace="X", **more)

    def who(self, role):
        """Somebody in this role, where they are."""
        return {
            "member": self.player("Bo"),
            "platform admin": self.player("Boss", admin=True),
            "configured admin": self.player("Root"),
            "admin of another server, here": self.player("Alien"),
            "admin of another server, there": self.foreigner("Alien", admin=True),
            "stranger": self.foreigner("Stranger"),
        }[role]

    async def prepare(self):
        """Bring everything about."""
        theirs = Team(0, "ml-team", "Europe/Berlin", (f"{self.platform}:u-Root",))
        others = Team(0, "others", "Europe/Berlin", (f"{self.platform}:u-Alien",))
        await declare(
            self.stage.quiz, [Declared(theirs, [daily(self.home)]), Declared(others, [daily(self.abroad, days=[6])])]
        )
        boss = self.player("Boss", admin=True)
        await boss.does("ask short 5m")
        asked = await self.stage.quiz.store.round(1)
        await self.submits(self.ann, f"submit:{asked.id}", answer="nonsense")
        await boss.does("reveal")
        await self.presses(self.ann, "appeal:1")
        await self.submits(self.ann, "reportsubmit:1", reason="It is unclear.")
        await self.ann.does("practice easy")
        await self.stage.at("2026-11-16 09:00")
        await boss.does("ask hard 60m")
        self.stage.clock.forward(minutes=1)
        [ann] = (await self.ann.gets("privacy erase")).buttons
        self.ids = {"home": self.home.id, "ann": ann[0].action.split(":")[1]}
        return self

    async def presses(self, player, action):
        """Press a button, and get what it answers."""
        return await commands.press(self.stage.quiz, player.caller(), action)

    async def submits(self, player, action, **values):
        """Send a form, and get what it answers."""
        return await commands.submit(self.stage.quiz, player.caller(), action, values)

    def state(self):
        """All rows of the home team, and none of who merely came by."""
        left_out = ("members", "identities", "teams", "questions", "codes", "practices")
        found = {name: self.stage.database.rows(f'select * from "{name}"') for name in metadata.tables}
        return {name: rows for name, rows in found.items() if name not in left_out} | {
            "practices": found["practices"][:1],
            "Ann": [row for row in found["members"] if "Ann" in row],
            "teams": [row[:5] for row in found["teams"]],
        }


@pytest.fixture
async def scene(stages):
    """Makes scenes."""

    async def make(platform):
        questions = choice("rate"), choice("adam", difficulty="hard"), short("units"), short("norm", difficulty="hard")
        return await Scene(await stages(bank_of(*questions)), platform).prepare()

    return make


def said(reply):
    """All the words of a reply."""
    return shown(reply)


# --- commands ----------------------------------------------------------------------------------------------------


def test_the_table_has_every_command():
    """The tables of this file name every command that there is."""
    assert {words.split()[0] for words in EVERYONE + ADMINS} == set(commands.COMMANDS)


MAY = {
    "member": False,
    "platform admin": True,
    "configured admin": True,
    "admin of another server, here": False,
    "stranger": False,
}


@pytest.mark.parametrize("platform", ["discord", "slack"])
@pytest.mark.parametrize("role", MAY)
async def test_every_command_by_everyone(scene, platform, role):
    """Each command of admins answers admins, and tells everyone else so and changes nothing; all others answer all."""
    its = await scene(platform)
    player = its.who(role)
    await player.does("help")
    before = its.state()
    for words in ADMINS:
        told = await player.does(words)
        if MAY[role]:
            assert ADMINS_ONLY not in told, words
            assert not told.startswith((NOT_YOURS, DAILY_NOT_YOURS)), words
        elif words == "link code=AAAA-AAAA":
            assert told.startswith("This code is not valid")
        elif words.startswith("reveal") and role != "stranger":
            assert told.startswith(DAILY_NOT_YOURS if "daily" in words else NOT_YOURS), words
        elif words.startswith("reveal"):
            none = "No question is open in this channel. /quiz ask posts one."
            no_daily = "The question of the day is not open in this channel. /quiz status shows when it comes."
            assert told == (no_daily if words == "reveal daily" else none)
        else:
            assert told == ADMINS_ONLY, words
    assert MAY[role] or its.state() == before
    for words in EVERYONE:
        told = await player.does(words)
        assert ADMINS_ONLY not in told, words
        assert FAULT not in told, words


async def test_an_admin_of_another_server_rules_over_their_own(scene):
    """Whoever manages another server changes the quiz there, and nothing of this one."""
    its = await scene("discord")
    player = its.who("admin of another server, there")
    before = its.state()
    for words in ("resume", "pause", "rulings", "overrule everyone", "unlink"):
        assert ADMINS_ONLY not in await player.does(words)
    after = its.state()
    assert [row for row in after["channels"] if "abroad" not in row] == [
        row for row in before["channels"] if "abroad" not in row
    ]
    assert {name: rows for name, rows in after.items() if name != "channels"} == {
        name: rows for name, rows in before.items() if name != "channels"
    }


async def test_help_shows_what_the_reader_may_use(scene):
    """`help` lists the commands of admins to admins alone."""
    its = await scene("discord")
    for role, admin in (("member", False), ("platform admin", True), ("configured admin", True)):
        told = await its.who(role).does("help")
        assert [f"/quiz {name} " in told for name in ("pause", "setup", "ask", "privacy")] == [admin, admin, True, True]


async def test_the_asker_may_reveal_their_own_round_alone(scene):
    """Whoever asked for the extra round may reveal it, and neither the daily one nor what somebody else asked for."""
    its = await scene("discord")
    bo, boss = its.who("member"), its.who("platform admin")
    await boss.does("reveal")
    await bo.does("ask 5m")
    assert (await its.ann.does("reveal")).startswith(NOT_YOURS)
    assert (await bo.does("reveal daily")).startswith(DAILY_NOT_YOURS)
    assert await bo.does("reveal") == "The answer is in the channel."
    assert (await bo.does("reveal")).startswith(DAILY_NOT_YOURS)


# --- buttons and forms -------------------------------------------------------------------------------------------

BUTTONS = {
    "answer:2:A": "everyone", "open:2": "everyone", "mine:2": "everyone", "report:2": "everyone",
    "appeal:1": "everyone", "board:all:1": "everyone", "try:1:A": "Ann", "tryopen:1": "Ann", "again:1": "Ann",
    "erase:{ann}": "Ann", "keep:1": "admins", "part:1": "admins", "accept:1": "admins", "use:never:units": "admins",
    "setup:{home}": "admins",
}  # fmt: skip
FORMS = {
    "submit:2": "everyone", "reportsubmit:2": "everyone", "trysubmit:1": "Ann", "keepsubmit:1": "admins",
    "setup": "admins", "setup:{home}": "admins",
}  # fmt: skip
VALUES = {"answer": "dropout", "reason": "unclear", "why": "so", "time": "11:00"}


def test_the_table_has_every_button_and_form():
    """The tables of this file name every kind of button and of form that there is."""
    assert {action.split(":")[0] for action in BUTTONS} == set(commands.BUTTONS)
    assert {action.split(":")[0] for action in FORMS} == set(commands.FORMS)


@pytest.mark.parametrize(
    ("platform", "role"),
    [
        ("discord", "member"),
        ("slack", "member"),
        ("discord", "admin of another server, here"),
        ("slack", "platform admin"),
        ("discord", "configured admin"),
    ],
)
async def test_every_button_and_form_by_everyone_here(scene, platform, role):
    """Buttons and forms of admins tell others so and change nothing; those of one member do nothing for another,
    and the reply says that they are somebody else's; the rest answers everyone."""
    its = await scene(platform)
    player = its.who(role)
    await player.does("help")
    for table, send in ((BUTTONS, its.presses), (FORMS, its.submits)):
        for action, who in table.items():
            before = its.state()
            more = VALUES if table is FORMS else {}
            told = said(await send(player, action.format(**its.ids), **more))
            assert FAULT not in told, action
            if who == "admins":
                assert (told == ADMINS_ONLY) == (not MAY[role]), action
            elif who == "Ann":
                assert "somebody else's" in told, action
            if who == "Ann" or (who == "admins" and not MAY[role]):
                assert its.state() == before, action


@pytest.mark.parametrize("role", ["admin of another server, there", "stranger"])
async def test_ids_of_another_server(scene, role):
    """From another server, a button or form with ids of this one changes nothing here and shows nothing of it,
    whoever sends it."""
    its = await scene("discord")
    player = its.who(role)
    await player.does("help")
    before = its.state()
    for table, send in ((BUTTONS, its.presses), (FORMS, its.submits)):
        for action in table:
            if action in ("board:all:1", "setup"):
                continue
            reply = await send(player, action.format(**its.ids), **(VALUES if table is FORMS else {}))
            told = said(reply)
            assert isinstance(reply, Message), action
            assert FAULT not in told, action
            assert "units" not in told.replace("never:units", ""), action
            assert "nonsense" not in told, action
            after = its.state()
            before["audit"] = after["audit"] if action.startswith("use:") else before["audit"]
            assert after == before, action
    assert "Ann" not in said(await its.presses(player, "board:all:1"))


@pytest.mark.parametrize("number", [0, 99, 999_999_999_999_999])
async def test_ids_that_do_not_exist(scene, number):
    """A button or form for what does not exist changes nothing, and says what to do instead."""
    its = await scene("discord")
    boss = its.who("platform admin")
    before = its.state()
    for action in (
        "answer:{}:A", "open:{}", "mine:{}", "report:{}", "appeal:{}", "try:{}:A", "tryopen:{}", "again:{}",
        "erase:{}", "keep:{}", "part:{}", "accept:{}",
    ):  # fmt: skip
        told = said(await its.presses(boss, action.format(number)))
        assert "/quiz" in told, action
        assert FAULT not in told, action
    for action in ("submit:{}", "trysubmit:{}", "keepsubmit:{}", "reportsubmit:{}"):
        told = said(await its.submits(boss, action.format(number), **VALUES))
        assert "/quiz" in told, action
    assert its.state() == before


async def test_answers_of_the_wrong_kind(scene):
    """A letter for a short question, or a text for one with options, is no answer of this quiz."""
    its = await scene("discord")
    bo = its.who("member")
    before = its.state()
    daily_round = await its.stage.quiz.store.round(2)
    other = f"submit:{daily_round.id}" if daily_round.question.choices else f"answer:{daily_round.id}:A"
    send = its.submits if other.startswith("submit") else its.presses
    more = {"answer": "dropout"} if other.startswith("submit") else {}
    assert said(await send(bo, other, **more)) == FORGED
    assert its.state() == before


# --- whatever else is sent ---------------------------------------------------------------------------------------

MALFORMED = [
    "", ":", "::", "answer", "answer:", "answer:2", "answer:2:", "answer:2:F", "answer:2:AB", "answer:2:a",
    "answer:2:A:B", "answer:2:A\n", " answer:2:A", "ANSWER:2:A", "answer:-2:A", "answer:2.0:A", "answer:0x2:A",
    "answer:99999999999999999999:A", "answer:2 or 1=1:A", "board:never:1", "board:week:-1", "board:week:1:2",
    "board::", "erase:", "erase:*", "use:always:units", "use:never:../x", "use:never:UNITS", "x" * 100_000,
    "answer:" + "9" * 100_000 + ":A", "\x00", "\ud800", "é:1", "submit:2:3", "setup:", "help", "/quiz pause",
]  # fmt: skip


async def test_malformed_actions(scene):
    """What no button or form of the bot sends is refused in one sentence, and nothing happens."""
    its = await scene("discord")
    boss = its.who("platform admin")
    before = its.state()
    for action in MALFORMED:
        assert said(await its.presses(boss, action)) == FORGED, action
        assert said(await its.submits(boss, action, **VALUES)) == FORGED, action
    for form in ("submit:2", "trysubmit:1", "keepsubmit:1", "reportsubmit:2"):
        assert said(await its.presses(boss, form)) == FORGED, form
    for button in ("answer:2:A", "mine:2", "erase:1", "accept:1", "board:week:1"):
        assert said(await its.submits(boss, button, **VALUES)) == FORGED, button
    assert its.state() == before


HOSTILE = {
    "long": "x" * 100_000,
    "many words": "a b " * 1_000,
    "control": "a\x00b\x1b[2J\x07\r\n\u202e\u200b\ufeff",
    "half a character": "\ud800 \udfff",
    "sql": "'; DROP TABLE members; --",
    "mentions": "@everyone <@1> <@U1|a> <!channel> <#C1|x>",
    "templates": "{team} {0} {number!r} %s %(x)d ${HOME} %_*\\[](){}^$.+?|",
    "emoji": "🧨" * 1_500,
    "digits": "9" * 5_000,
    "blank": " \t\n\u00a0",
    "empty": "",
}


async def test_hostile_text_in_every_option(scene):
    """Whatever stands in an option of a command, by words or typed: a plain reply, no fault, and nothing changes."""
    its = await scene("discord")
    boss, bo = its.who("platform admin"), its.who("member")
    before = its.state()
    for kind, text in HOSTILE.items():
        for name, command in commands.COMMANDS.items():
            for option in command.options:
                await tries(boss if command.admin or name == "link" else bo, name, option.name, text)
        assert FAULT not in await bo.does(text), kind
        assert its.state() == before, kind


async def tries(player, name, option, text):
    """Use a command with this text in one of its options, typed and in words."""
    if (name, option) == ("reveal", "daily") and player.admin:
        return
    more = {"time": "xx"} if name == "setup" and option != "time" else {}
    told = said(await commands.call(player.stage.quiz, player.caller(), name, {option: text} | more))
    assert told.strip(), (name, option, text[:20])
    assert FAULT not in told, (name, option, text[:20])
    if option in ("topic", "member", "code", "verdict", "action", "period") and text.strip():
        assert FAULT not in await player.does(f"{name} {text}"), (name, option, text[:20])


async def test_hostile_text_in_every_form(scene):
    """Whatever stands in the fields of a form: a plain reply, no fault, and no setting changes."""
    its = await scene("discord")
    boss = its.who("platform admin")
    fields = [option.name for option in commands.SETUP] + ["answer", "reason", "why"]
    before = its.state()
    for kind, text in HOSTILE.items():
        for action in FORMS:
            target, values = action.format(**its.ids), dict.fromkeys([*fields, text], text)
            for filled_in in (values, {}):
                reply = await commands.submit(its.stage.quiz, boss.caller(), target, filled_in)
                assert FAULT not in said(reply), (action, kind)
                assert commands.check_form(its.stage.quiz, boss.caller(), target, filled_in) is not None
        assert its.state()["channels"] == before["channels"], kind


async def test_hostile_names(scene):
    """Whatever somebody calls themselves, they play as everyone else and stand on the board."""
    its = await scene("discord")
    for n, (kind, name) in enumerate(HOSTILE.items()):
        caller = its.player(str(n)).caller()
        renamed = replace(caller, name=name)
        for words in ("status", "stats", "practice easy", "privacy export", "leaderboard"):
            reply = await commands.call_words(its.stage.quiz, renamed, words)
            assert not isinstance(reply, Form)
            assert FAULT not in said(reply), (kind, words)
        assert FAULT not in said(await commands.type_answer(its.stage.quiz, renamed, "A")), kind
        assert FAULT not in await its.ann.does("leaderboard"), kind
