"""What the bot has stored on a member: to take along as a file, or erased for ever."""

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta

import pytest

from bot.adapters.sql.tables import members, metadata
from bot.core import commands, retention
from bot.core.messages import Form

from .stage import ROOM, bank_of, choice, daily, short, shown

SECRET = "Xylophonquark"
NAME = "Zephyrine Quuxwood"
ERASED = "Everything stored on you is erased. If you play again, you begin as a new member."
NOT_TO_ERASE = (
    "Nothing was erased: this button is somebody else's, or was used already. /quiz privacy erase erases what is "
    "stored on you now."
)


def rows(stage, query, *values):
    """What another connection sees."""
    return stage.database.dicts(query, *values)


def references(table, target):
    """The columns of a table that name rows of another one."""
    return [column for column in table.columns if any(key.column.table is target for key in column.foreign_keys)]


async def press(player, action):
    """Press a button of a private message, and get what it answers."""
    return await commands.press(player.stage.quiz, player.caller(), action)


async def eraser(player):
    """The button that erases, as somebody is offered it."""
    [[button]] = (await player.gets("privacy erase")).buttons
    return button.action


async def erase(player):
    """Erase somebody, and be told this."""
    return shown(await press(player, await eraser(player)))


async def play(stage, name):
    """Everything that somebody can leave behind: rounds asked for, answers, an appeal and what was decided on it, a
    report, practice begun and done, a code. Returns the player."""
    player, boss = stage.player(name), stage.player("Boss", admin=True)
    stage.clock.forward(minutes=2)
    await stage.work()
    await player.does("ask short 60m")
    asked = stage.question
    await player.writes(f"{SECRET} {name}")
    await press(player, asked.actions["My answer"].replace("mine", "appeal"))
    appeal = rows(stage, "select max(id) as id from appeals")[0]["id"]
    await commands.submit(stage.quiz, boss.caller(), f"keepsubmit:{appeal}", {"why": "It is wrong."})
    await boss.does("reveal")
    report = await press(player, asked.actions["My answer"].replace("mine", "report"))
    assert isinstance(report, Form)
    await commands.submit(stage.quiz, player.caller(), report.action, {"reason": f"{SECRET} by {name}"})
    await player.does("practice choice")
    practice = rows(stage, "select max(id) as id from practices")[0]["id"]
    await press(player, f"try:{practice}:A")
    await player.gets("practice short")
    form = await press(player, f"tryopen:{practice + 1}")
    await commands.submit(stage.quiz, player.caller(), form.action, {"answer": f"{SECRET} in practice, {name}"})
    await player.gets("practice")
    await player.gets("link me")
    return player


async def roll_up(stage):
    """Let everything so far be of long ago, and leave scores of it."""
    stage.clock.forward(minutes=2)
    await stage.work()
    async for _ in retention.roll_up(stage.quiz.store, stage.clock() + timedelta(days=1)):
        pass


async def busy(stages):
    """A stage on which two members have left behind everything that they can, one of them in a daily round, too."""
    stage = await stages(bank_of(choice("rate"), choice("adam"), short("units"), short("more")))
    await stage.declare(daily(topics=("optimization",)))
    await stage.at("2026-11-16 09:00")
    players = [await play(stage, NAME), await play(stage, "Bo")]
    await roll_up(stage)
    players = [await play(stage, NAME), await play(stage, "Bo")]
    for player in players:
        await player.presses("A", stage.chat.seen(ROOM, "question")[0], delivery=f"d-{player.name}")
    return stage, *players


# --- export ------------------------------------------------------------------------------------------------------


async def exported(player):
    """The file that somebody gets."""
    message = await player.gets("privacy export")
    assert not message.public
    assert shown(message) == "This file holds everything that is stored on you."
    assert message.file.name == "quizbot-data.json"
    return json.loads(message.file.content)


async def test_privacy_says_what_can_be_done(stage):
    """Without a word, `privacy` says what is stored and how to get or erase it."""
    assert await stage.player("Ann").does("privacy") == (
        "The bot stores your name, your answers and what they earned.\n"
        "/quiz privacy export gives you all of it as a file; /quiz privacy erase erases it for ever."
    )


async def test_an_export_holds_every_row_that_names_the_member(stages):
    """Of every table with a column that names members, the export holds each row that names this one, in full."""
    stage, zoe, _ = await busy(stages)
    data = await exported(zoe)
    [own] = data["members"]
    text = json.dumps(data, ensure_ascii=False)
    covered = set()
    for table in metadata.sorted_tables:
        for column in references(table, members):
            found = rows(stage, f'select * from "{table.name}" where "{column.name}" = ?', own["id"])
            covered |= {table.name} if found else set()
            for row in found:
                for name, value in row.items():
                    if (table.name, name) in (("codes", "code"), ("rounds", "rests_until")) or value is None:
                        continue
                    if table.name == "rounds":
                        assert row["question_id"] in text
                    elif isinstance(value, str) and not _is_instant(value):
                        assert json.dumps(value, ensure_ascii=False)[1:-1] in text, (table.name, name)
    assert covered == {table.name for table in metadata.sorted_tables if references(table, members)} - {"members"}


def _is_instant(text):
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


async def test_an_export_reads_by_itself(stages):
    """The file names the question of each answer, the text as it was written, the grade, and when."""
    stage, zoe, _ = await busy(stages)
    data = await exported(zoe)
    written = [answer for answer in data["answers"] if SECRET in answer["text"]]
    assert [(one["text"], one["score"]) for one in written] == [(f"{SECRET} {NAME}", 0.0)]
    assert written[0]["question_id"] in ("units", "more")
    assert datetime.fromisoformat(written[0]["at"]).tzinfo is not None
    assert {one["question_id"] for one in data["practices"]} <= set(stage.bank.questions)
    assert [one["user"] for one in data["identities"]] == [f"u-{NAME}"]
    assert {line["period"] for line in data["standings"]} >= {"all", date(2026, 11, 16).isoformat()}


async def test_an_export_holds_nothing_of_others(stages):
    """No id, name, text or identity of anybody else stands in the file."""
    _, zoe, bo = await busy(stages)
    for player, other in ((zoe, bo), (bo, zoe)):
        data = await exported(player)
        assert other.name not in json.dumps(data, ensure_ascii=False)
        [own] = data["members"]
        for table, its in data.items():
            for row in its:
                assert row.get("member_id", own["id"]) == own["id"], table


async def test_an_export_holds_both_linked_accounts(stages):
    """Linked accounts are one person: either gets the data of both, and once parted each only its own."""
    _, zoe, bo = await busy(stages)
    code = (await zoe.gets("link me")).title
    assert (await bo.does(f"link {code}")).startswith("Your two accounts are one member now.")
    for player in (zoe, bo):
        text = json.dumps(await exported(player), ensure_ascii=False)
        assert f"{SECRET} {NAME}" in text
        assert f"{SECRET} Bo" in text
    await zoe.does("unlink me")
    assert f"{SECRET} {NAME}" not in json.dumps(await exported(bo), ensure_ascii=False)


async def test_an_export_of_somebody_new(stage):
    """Somebody who has done nothing gets what a first visit leaves: the name and the identity."""
    data = await exported(stage.player("Ann"))
    assert [row["name"] for row in data["members"]] == ["Ann"]
    assert [row["user"] for row in data["identities"]] == ["u-Ann"]
    assert not any(its for table, its in data.items() if table not in ("members", "identities"))


# --- erase -------------------------------------------------------------------------------------------------------


async def test_erasing_asks_first(stages):
    """`privacy erase` erases nothing by itself: it says what it means and offers a button."""
    stage, zoe, _ = await busy(stages)
    before = rows(stage, "select * from members"), rows(stage, "select * from answers")
    message = await zoe.gets("privacy erase")
    assert not message.public
    assert shown(message).splitlines() == [
        "Erase your data for ever?",
        "Your name, answers, points and streak are erased at once; backups made from then on do not hold them.",
        "Nobody can bring them back. If you play again, you begin as a new member.",
    ]
    assert [button.label for row in message.buttons for button in row] == ["Erase everything"]
    assert (rows(stage, "select * from members"), rows(stage, "select * from answers")) == before


async def test_erasing_leaves_no_row(stages):
    """Afterwards no column of any table names the member, and no text of any table holds their name or words."""
    stage, zoe, bo = await busy(stages)
    own = (await exported(zoe))["members"][0]["id"]
    assert await erase(zoe) == ERASED
    for table in metadata.sorted_tables:
        for column in references(table, members):
            assert rows(stage, f'select * from "{table.name}" where "{column.name}" = ?', own) == [], table.name
        for row in rows(stage, f'select * from "{table.name}"'):
            assert NAME not in str(row), table.name
            assert f"{SECRET} {NAME}" not in str(row), table.name
    assert stage.database.dangling() == []
    assert f"{SECRET} Bo" in json.dumps(await exported(bo), ensure_ascii=False)


@pytest.mark.sqlite
async def test_erasing_leaves_nothing_in_the_file(stages):
    """The file itself, and the log beside it, hold nothing of the member's name, identity or words any more; also
    where rows were moved and changed many times before."""
    stage = await stages(bank_of(choice("rate"), choice("adam"), short("units"), short("more")))
    zoe = await play(stage, NAME)
    await stage.player("Boss", admin=True).does("setup time=09:00 topics=regularization")
    crowd = [stage.player(f"P{n}") for n in range(6)]
    for day in range(16, 19):
        await stage.at(f"2026-11-{day} 09:00")
        for n in range(3):
            await zoe.writes(f"{SECRET} {day} {n} " + f"{SECRET}, " * 9 * n)
            for player in crowd:
                await player.writes(f"other {player.name} {day} {n} " + "other " * 20 * n)
    assert SECRET.encode() in on_disk(stage)
    assert await erase(zoe) == ERASED
    left = on_disk(stage)
    assert SECRET.encode() not in left
    assert NAME.encode() not in left
    assert b"other P5 18 2" in left
    await stage.stop()
    assert SECRET.encode() not in on_disk(stage)


def on_disk(stage):
    """Everything that lies in the database's files."""
    file = stage.database.path
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(file.name + "*")))


async def test_a_board_shows_no_gap(stages):
    """Who was erased stands on no board of any period, and the ranks of the others close up."""
    stage = await stages(bank_of(choice("rate")))
    await stage.player("Boss", admin=True).does("ask 60m")
    players = [stage.player(name) for name in ("Ann", "Bo", "Chi", "Dee")]
    for player, option in zip(players, ("right", "right", "wrong", "wrong"), strict=True):
        await player.chooses(option)
    lines = [line.split("|")[:2] for line in await stage.board(players[3])]
    assert lines == [["1", "Ann"], ["1", "Bo"], ["3", "Chi"], ["3", "Dee (you)"]]
    await erase(players[0])
    for period in ("today", "week", "month", "season", "all"):
        lines = [line.split("|")[:2] for line in await stage.board(players[3], f"leaderboard {period}")]
        assert lines == [["1", "Bo"], ["2", "Chi"], ["2", "Dee (you)"]]
    stage.clock.forward(hours=2)
    await stage.work()
    assert "Ann" not in stage.reveals[-1].text
    assert "Right: Bo, 1 of 3" in stage.reveals[-1].text.splitlines()


async def test_somebody_elses_button_erases_nothing(stages):
    """The button of another member, or one that was forged, does nothing and says so."""
    stage, zoe, bo = await busy(stages)
    action = await eraser(zoe)
    before = [rows(stage, f'select * from "{table.name}"') for table in metadata.sorted_tables]
    for forged in (action, "erase:0", "erase:999999"):
        assert shown(await press(bo, forged)) == NOT_TO_ERASE
    assert shown(await press(stage.player("Boss", admin=True), action)) == NOT_TO_ERASE
    assert [rows(stage, f'select * from "{table.name}"') for table in metadata.sorted_tables] == before
    assert shown(await press(zoe, action)) == ERASED


async def test_an_old_button_does_not_erase_a_new_member(stages):
    """Pressed again after playing anew, a button that was used erases nothing of the new member."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await ann.does("ask 60m")
    await ann.chooses("right")
    action = await eraser(ann)
    assert shown(await press(ann, action)) == ERASED
    await ann.chooses("right")
    assert shown(await press(ann, action)) == NOT_TO_ERASE
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_whoever_plays_again_is_new(stages):
    """After erasing, the same person begins with nothing, may answer the open round again, and has a board line of
    their own."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    ann = stage.player("Ann")
    await ann.does("ask 60m")
    await ann.chooses("wrong")
    await erase(ann)
    assert await ann.does("stats") == (
        "You have not answered a question yet. /quiz practice gives you one that only you see."
    )
    assert (await ann.presses("My answer")).startswith("You have not answered this question.")
    assert "20 points." in await ann.chooses("right")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_erasing_a_linked_person_erases_both_accounts(stages):
    """Linked accounts are one person: erasing from either leaves nothing of both."""
    stage, zoe, bo = await busy(stages)
    code = (await zoe.gets("link me")).title
    await bo.does(f"link {code}")
    assert await erase(bo) == ERASED
    for name in (NAME, "Bo"):
        assert rows(stage, "select * from members where name = ?", name) == []
    assert rows(stage, "select * from answers where text like ?", f"%{SECRET}%") == []
    assert not stage.database.sqlite or SECRET.encode() not in on_disk(stage)


async def test_who_parted_erases_only_their_own(stages):
    """After parting, erasing one account leaves the other as it is."""
    _, zoe, bo = await busy(stages)
    code = (await zoe.gets("link me")).title
    await bo.does(f"link {code}")
    await bo.does("unlink me")
    before = await exported(zoe)
    assert await erase(bo) == ERASED
    assert await exported(zoe) == before


@pytest.mark.parametrize("round_open", [True, False])
async def test_the_round_of_an_erased_asker_goes_on(stages, round_open):
    """A round whose asker was erased is open, answered and revealed as any other."""
    stage = await stages(bank_of(choice("rate")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await ann.does("ask 60m")
    if round_open:
        await erase(ann)
    assert "20 points." in await bo.chooses("right")
    stage.clock.forward(hours=2)
    await stage.work()
    await erase(ann)
    assert "Right: Bo, 1 of 1" in stage.reveals[0].text.splitlines()
    assert (await bo.presses("My answer")).startswith("Your answer: ")


@pytest.mark.sqlite
async def test_a_backup_made_after_erasing_holds_nothing(stages, tmp_path):
    """A copy of the database made afterwards holds nothing of the member."""
    stage, zoe, _ = await busy(stages)
    await erase(zoe)
    with closing(sqlite3.connect(stage.database.path)) as live, closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        live.backup(copy)
    assert NAME.encode() not in (tmp_path / "copy.db").read_bytes()
    assert f"{SECRET} {NAME}".encode() not in (tmp_path / "copy.db").read_bytes()
