"""One's own statistics, what others may see of them, and the leaderboard a page at a time."""

from dataclasses import replace

import pytest

from bot.core import commands
from bot.core.messages import Table

from .stage import LOBBY, ROOM, bank_of, choice, essay, letter_of, short, shown

TITLES = {
    "today": "Today · Wednesday 18 November · ml-team",
    "week": "This week · Monday 16 to Sunday 22 November · ml-team",
    "month": "This month · November 2026 · ml-team",
    "season": "This season · quarter 4 of 2026 · ml-team",
    "all": "All time · ml-team",
}
NEVER = "You have not answered a question yet. /quiz practice gives you one that only you see."


async def asks(stage, words="ask"):
    """Ask a question in the room, and return its message."""
    stage.clock.forward(minutes=2)
    await stage.work()
    await stage.player("Boss", admin=True).does(words)
    return stage.question


async def ended(stage):
    """Let the open question end."""
    stage.clock.forward(minutes=2)
    await stage.work()


def rows(message):
    """The rows of a board, each with its columns parted by a bar."""
    table = next((part for part in message.body if isinstance(part, Table)), Table(()))
    return ["|".join(cell for cell in row if cell) for row in table.rows]


def buttons(message):
    """The buttons of a message: what each one does, by label."""
    return {button.label: button.action for row in message.buttons for button in row}


async def turns(player, action):
    """Press a button of a board, and get the board behind it."""
    return await commands.press(player.stage.quiz, player.caller(), action)


# --- one's own ---------------------------------------------------------------------------------------------------


async def test_stats_before_the_first_answer(stage):
    """Who has not answered yet is told so, and where to begin."""
    assert await stage.player("Ann").does("stats") == NEVER


async def test_ones_own_statistics(stages):
    """Answered, accuracy, points, rank, both streaks and the last answers with their grades, the latest first."""
    bank = bank_of(choice("rate"), essay("nonlinearity"), short("units"))
    stage = await stages(bank)
    ann, bo = stage.player("Ann"), stage.player("Bo")
    await asks(stage, "ask optimization")
    await ann.chooses("right")
    await bo.chooses("right")
    await asks(stage, "ask architectures")
    await ann.writes("It is a single linear layer.")
    await bo.writes("It is a single linear layer, so depth is useless.")
    await asks(stage, "ask regularization")
    await ann.writes("pooling")
    assert (await ann.does("stats")).splitlines() == [
        "Your statistics",
        "35 points, rank 2 of all time.",
        "3 questions answered, 1 right: 33 %.",
        "Streak: 1 day.",
        "Longest streak: 1 day.",
        "Your last answers:",
        "Not right     Name units.",
        "Partly right  Why nonlinearity?",
        "Right         What is rate?",
    ]
    assert (await bo.does("stats")).splitlines()[1:3] == [
        "50 points, rank 1 of all time.",
        "2 questions answered, 2 right: 100 %.",
    ]


async def test_one_answer_is_counted_in_words(stages):
    """One point, one question, one day: the singular is said where it is meant."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await asks(stage)
    await ann.chooses("wrong")
    assert (await ann.does("stats")).splitlines()[1:4] == [
        "0 points, rank 1 of all time.",
        "1 question answered, 0 right: 0 %.",
        "Streak: 1 day.",
    ]


async def test_best_and_weakest_topics(stages):
    """Topics answered at least three times are named, the best first and the weakest first; others say too little."""
    names = ("cnn", "rnn", "gan", "nlp")
    rounds = [choice(f"{topic}{n}", topic) for topic in names for n in range(3)] + [choice("rare", "rare")]
    stage = await stages(bank_of(*rounds))
    ann = stage.player("Ann")
    right = {"cnn": 3, "rnn": 2, "gan": 1, "nlp": 0, "rare": 0}
    for topic, count in right.items():
        for n in range(1 if topic == "rare" else 3):
            await asks(stage, f"ask {topic}")
            await ann.chooses("right" if n < count else "wrong")
    lines = (await ann.does("stats")).splitlines()
    assert "Best: Cnn (100 % of 3 answers), Rnn (67 % of 3 answers)." in lines
    assert "Weakest: Nlp (0 % of 3 answers), Gan (33 % of 3 answers)." in lines
    assert "Rare" not in "\n".join(lines)


async def test_the_last_ten_answers(stages):
    """Of many answers the last ten are listed, the latest first."""
    stage = await stages(bank_of(*(choice(f"q{n:02}") for n in range(12))))
    ann = stage.player("Ann")
    asked = []
    for n in range(12):
        posted = await asks(stage)
        asked.append(posted.text.splitlines()[1])
        await ann.chooses("right" if n % 3 else "wrong")
    lines = (await ann.does("stats")).splitlines()
    listed = lines[lines.index("Your last answers:") + 1 :]
    assert [line.split("  ")[-1].strip() for line in listed] == asked[:1:-1]
    assert [line.startswith("Right") for line in listed] == [bool(n % 3) for n in range(11, 1, -1)]


async def test_a_grade_that_waits_is_not_told_by_statistics(daily_stage):
    """An answer whose grade waits for the reveal moves nothing in its member's statistics before it."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    await ann.chooses("right")
    before = (await ann.does("stats")).splitlines()
    assert before == [
        "Your statistics",
        "0 points, rank 1 of all time.",
        "0 questions answered, 0 right: 0 %.",
        "Streak: 1 day.",
        "Longest streak: 1 day.",
    ]
    await stage.at("2026-11-16 16:30")
    assert "1 question answered, 1 right: 100 %." in (await ann.does("stats")).splitlines()


async def test_streaks(daily_stage):
    """The streak that runs and the longest one are told apart; a missed day ends the one and not the other."""
    stage = daily_stage
    ann, bo = stage.player("Ann"), stage.player("Bo")
    for day in (16, 17, 18, 19, 20, 23):
        await stage.at(f"2026-11-{day} 09:00")
        await bo.chooses("right")
        if day not in (19, 20):
            await ann.chooses("right")
        await stage.at(f"2026-11-{day} 16:30")
    lines = (await ann.does("stats")).splitlines()
    assert lines[3:5] == ["Streak: 1 day.", "Longest streak: 3 days."]
    assert (await bo.does("stats")).splitlines()[3:5] == ["Streak: 6 days.", "Longest streak: 6 days."]
    await stage.at("2026-11-24 09:00")
    await stage.at("2026-11-25 09:00")
    assert (await bo.does("stats")).splitlines()[3:5] == ["Streak: 0 days.", "Longest streak: 6 days."]
    assert (await ann.does("stats Bo")).splitlines()[3] == "Streak: 0 days."


async def test_a_late_answer_for_an_earlier_day_counts_in_the_streak(stages):
    """Yesterday's daily round, still open, counts for its day also where today's question was answered first."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    ann = stage.player("Ann")
    await stage.at("2026-11-16 09:00")
    monday = stage.question
    await stage.at("2026-11-17 08:00")
    await boss.does("ask")
    await ann.chooses("right")
    await ann.chooses("right", on=monday)
    assert (await ann.does("stats")).splitlines()[3] == "Streak: 2 days."
    await stage.at("2026-11-17 09:00")
    await ann.chooses("right")
    assert (await ann.does("stats")).splitlines()[3] == "Streak: 2 days."
    await stage.at("2026-11-18 09:00")
    await ann.chooses("right")
    assert (await ann.does("stats")).splitlines()[3:5] == ["Streak: 3 days.", "Longest streak: 3 days."]


# --- another member ----------------------------------------------------------------------------------------------


async def with_two(stages):
    """A stage on which Ann Émile, right, and Bo, wrong, have answered one question."""
    stage = await stages(bank_of(choice("rate")))
    ann, bo = stage.player("Ann Émile"), stage.player("Bo")
    await asks(stage)
    await ann.chooses("right")
    await bo.chooses("wrong")
    return stage, ann, bo


@pytest.mark.parametrize("whom", ["Bo", "bo", "member=BO", "<@UBO>", "<@UBO|bo.name>", "UBO"])
async def test_of_another_member_only_what_a_board_shows(stages, whom):
    """Another member, by mention, id or name, is shown with points, rank, accuracy and streak, and nothing else."""
    stage = await stages(bank_of(choice("rate")))
    posted = await asks(stage)
    await stage.player("Ann").chooses("right")
    bo = stage.player("Bo").caller()
    bo = replace(bo, identity=replace(bo.identity, user="UBO"))
    await commands.press(stage.quiz, bo, f"answer:1:{letter_of('wrong', posted)}")
    told = await stage.player("Ann").gets(f"stats {whom}")
    assert shown(told).splitlines() == [
        "Bo",
        "0 points, rank 2 of all time.",
        "1 question answered, 0 right: 0 %.",
        "Streak: 1 day.",
    ]
    assert told.buttons == ()
    assert not told.public


@pytest.mark.parametrize("name", ["Ann Émile", "ann émile", "ANN ÉMILE"])
async def test_a_name_is_found_in_any_case(stages, name):
    """A name with blanks and accents is found, however its letters are written."""
    _, _, bo = await with_two(stages)
    assert (await bo.does(f"stats {name}")).splitlines()[:2] == ["Ann Émile", "20 points, rank 1 of all time."]


async def test_ones_own_name_gives_ones_own_statistics(stages):
    """Whoever names themselves sees all of their own."""
    _, _, bo = await with_two(stages)
    assert await bo.does("stats bo") == await bo.does("stats")
    assert (await bo.does("stats")).startswith("Your statistics\n")


async def test_statistics_of_somebody_who_has_not_answered(stages):
    """Somebody without an answer, or whom nobody knows, is told of in one sentence."""
    stage, ann, _ = await with_two(stages)
    await stage.player("Chi").does("help")
    assert await ann.does("stats Chi") == "Chi has not answered a question yet."
    assert await ann.does("stats Nobody") == "That person has not answered a question here yet."
    told = await commands.call(stage.quiz, ann.caller(), "stats", {"member": "u-Nobody"})
    assert shown(told) == "That person has not answered a question here yet."


async def test_members_of_other_teams_are_not_found(stages):
    """Somebody of another server is nobody here, by name and by id."""
    stage, ann, _ = await with_two(stages)
    stranger = stage.player("Stranger", LOBBY, workspace="Elsewhere")
    await stranger.does("ask")
    await stranger.chooses("right")
    assert await ann.does("stats Stranger") == "That person has not answered a question here yet."
    assert await stranger.does("stats Bo") == "That person has not answered a question here yet."


async def test_an_id_is_taken_before_a_name(stages):
    """Who calls themselves by another member's id does not take their place."""
    stage, ann, _ = await with_two(stages)
    await stage.player("u-Bo").does("help")
    told = await commands.call(stage.quiz, ann.caller(), "stats", {"member": "u-Bo"})
    assert shown(told).splitlines()[0] == "Bo"


# --- boards ------------------------------------------------------------------------------------------------------


async def crowd(stage, size=25):
    """So many members with points of 20, 20, 0 by threes: the first of three, the second, the third."""
    await asks(stage, "ask 60m")
    for n in range(size):
        await stage.player(f"P{n:02}").chooses("wrong" if n % 3 == 2 else "right")


async def test_a_board_of_twenty_five(stages):
    """A board has pages of ten with buttons; ties share a rank over pages; each member stands on exactly one page."""
    stage = await stages(bank_of(choice("rate")))
    await crowd(stage)
    boss = stage.player("Boss", admin=True)
    seen, page = [], await boss.gets("leaderboard")
    for number in (1, 2, 3):
        assert shown(page).splitlines()[-1] == f"Page {number} of 3."
        seen += rows(page)
        assert ("Previous" in buttons(page)) == (number > 1)
        assert ("Next" in buttons(page)) == (number < 3)
        if number < 3:
            page = await turns(boss, buttons(page)["Next"])
    names = [row.split("|")[1] for row in seen]
    assert sorted(names) == [f"P{n:02}" for n in range(25)]
    assert [row.split("|")[0] for row in seen] == ["1"] * 17 + ["18"] * 8
    assert all("|20 points|1 of 1 right|" in row for row in seen[:17])
    assert all("|0 points|0 of 1 right|" in row for row in seen[17:])
    back = await turns(boss, buttons(page)["Previous"])
    assert rows(back) == seen[10:20]


async def test_the_callers_own_line_is_always_there(stages):
    """Whichever page is shown, the caller's own line is on it exactly once, marked, and with its rank."""
    stage = await stages(bank_of(choice("rate")))
    await crowd(stage)
    for name, rank in (("P00", 1), ("P02", 18), ("P23", 18)):
        player = stage.player(name)
        for number in (1, 2, 3):
            lines = rows(await turns(player, f"board:week:{number}"))
            assert [line.split("|")[:2] for line in lines if "(you)" in line] == [[str(rank), f"{name} (you)"]]
            assert len(lines) in ((10, 11) if number < 3 else (5, 6))


@pytest.mark.parametrize("page", [0, 4, 999_999])
async def test_a_page_that_is_not_there(stages, page):
    """A page beyond the end is the last one, and one before the beginning the first."""
    stage = await stages(bank_of(choice("rate")))
    await crowd(stage, 12)
    lines = shown(await turns(stage.player("P00"), f"board:week:{page}")).splitlines()
    assert lines[-1] == ("Page 2 of 2." if page else "Page 1 of 2.")


async def test_exactly_ten_are_one_page(stages):
    """Ten lines are one page, without buttons that turn it."""
    stage = await stages(bank_of(choice("rate")))
    await crowd(stage, 10)
    page = await stage.player("P00").gets("leaderboard")
    assert len(rows(page)) == 10
    assert "Page" not in shown(page)
    assert set(buttons(page)) == {"Today", "This month", "This season", "All time"}


async def test_five_periods(stages):
    """Today, week, month, season and all count what lies in them, and each board leads to the four others."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(8))))
    ann = stage.player("Ann")
    for at in ("2026-08-03 10:00", "2026-10-05 10:00", "2026-11-02 10:00", "2026-11-16 10:00", "2026-11-18 10:00"):
        await stage.at(at)
        await asks(stage)
        await ann.chooses("right")
    points = {"today": 20, "week": 40, "month": 60, "season": 80, "all": 100}
    for period, sum in points.items():
        board = await ann.gets(f"leaderboard {period}")
        assert board.title == TITLES[period]
        assert rows(board) == [f"1|Ann (you)|{sum} points|{sum // 20} of {sum // 20} right|streak 5"]
        others = {label: action for label, action in buttons(board).items() if action.startswith("board:")}
        assert set(others.values()) == {f"board:{other}:1" for other in points if other != period}
        for action in others.values():
            assert (await turns(ann, action)).title == TITLES[action.split(":")[1]]
    assert (await ann.gets("leaderboard")).title == TITLES["week"]


async def test_a_board_is_public_only_where_it_is_asked_for(stages):
    """`public` posts the board; turning its page shows the next one to the reader alone."""
    stage = await stages(bank_of(choice("rate")))
    await crowd(stage, 12)
    board = await stage.player("P00").gets("leaderboard public")
    assert board.public
    assert not (await turns(stage.player("P01"), buttons(board)["Next"])).public


async def test_names_on_a_board_are_current(stages):
    """A member who goes by another name now stands on the board with that one, and on the same line."""
    stage = await stages(bank_of(choice("rate")))
    await asks(stage)
    ann = stage.player("Ann")
    await ann.chooses("right")
    caller = ann.caller()
    await commands.call_words(stage.quiz, replace(caller, name="Anna"), "help")
    assert await stage.board(stage.player("Bo")) == ["1|Anna|20 points|1 of 1 right|streak 1"]


async def test_boards_of_other_teams_are_not_seen(stages):
    """A board button shows the reader's own team, wherever it was made."""
    stage, _, _ = await with_two(stages)
    stranger = stage.player("Stranger", LOBBY, workspace="Elsewhere")
    assert rows(await turns(stranger, "board:week:1")) == []
    assert stage.chat.seen(ROOM)
