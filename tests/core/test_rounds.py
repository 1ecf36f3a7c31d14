"""The life of a round, as members and admins see it."""

import pytest

from bot.core import commands, entries, posting
from bot.core.model import Address, Difficulty, Feedback, Grade, State
from bot.core.ports import Rules

from .stage import LOBBY, ROOM, bank_of, choice, daily, essay, short, shown

SLACK_ROOM = Address("slack", "C1")
TERMINAL = Rules(cap=None, minutes=None, ask_ends=True)


# --- extra rounds ------------------------------------------------------------------------------------------------


async def test_ask_posts_one_question_with_a_button_for_each_option(stages):
    """`ask` posts one public message with the prompt, the options and their buttons, and tells the asker alone."""
    stage = await stages(bank_of(choice("rate")))
    reply = await stage.player("Ann").does("ask")
    assert reply == "The question is posted. Its answer comes Mon 16 Nov, 08:01."
    [posted] = stage.chat.posted
    assert posted.message.public
    assert posted.message.title == "Extra question · Optimization · medium · 20 points"
    assert posted.text.splitlines()[1] == "What is rate?"
    assert sorted(line[3:] for line in posted.text.splitlines()[2:6]) == ["odd", "other", "right", "wrong"]
    assert list(posted.actions) == ["A", "B", "C", "D", "My answer"]
    last = "Answers stay private until the reveal: Mon 16 Nov, 08:01. Nobody has answered yet."
    assert posted.text.splitlines()[6] == last


async def test_a_short_round_has_a_form(stages):
    """A short round has an Answer button that opens a form with one field."""
    stage = await stages(bank_of(short("units")))
    ann = stage.player("Ann")
    await ann.does("ask")
    assert list(stage.question.actions) == ["Answer", "My answer"]
    form = await ann.opens()
    assert shown(form) == "Your answer\nName units."
    assert form.fields[0].max_length == 1000


async def test_an_extra_answer_is_graded_at_once(stages):
    """In an extra round the grade, the points, the reason and the source are told at once."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await ann.does("ask")
    assert await ann.chooses("right") == 'Right: right. 20 points.\nWhy: rate is right.\nSource: The book, "rate"'
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_a_wrong_extra_answer_is_told_the_right_one(stages):
    """A wrong answer where the grade is told at once gets the reason why it is wrong and the right option."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await ann.does("ask")
    lines = (await ann.chooses("wrong")).splitlines()
    assert lines[0] == "Not right. It is wrong. 0 points."
    assert lines[1].startswith("The answer: ")
    assert lines[1].endswith(": right")


async def test_the_first_answer_is_final_in_an_extra_round(stages):
    """Once the grade was told, another answer changes nothing, and the member is told which one counts."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await ann.does("ask")
    await ann.chooses("wrong")
    again = await ann.chooses("right")
    assert again.startswith("Your first answer counts: ")
    assert again.splitlines()[0].endswith(", wrong.")
    assert await stage.board(ann) == ["1|Ann (you)|0 points|0 of 1 right|streak 1"]


async def test_an_extra_round_ends_after_its_minutes(stages):
    """An extra round is open for a minute unless its asker says otherwise; then it is revealed, and not before."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    ann = stage.player("Ann")
    for words, minutes in (("ask", 1), ("ask minutes=10", 10), ("ask 2m", 2)):
        await ann.does(words)
        stage.clock.forward(seconds=60 * minutes - 1)
        await stage.work()
        assert "A" in stage.question.actions
        stage.clock.forward(seconds=1)
        await stage.work()
        assert list(stage.question.actions) == ["My answer"]
        assert stage.chat.posted[-1].mark.startswith("r")
    assert len(stage.reveals) == 3


async def test_ask_while_one_is_open_points_to_it(stage):
    """A second `ask` posts nothing and says until when the first one is open."""
    await stage.player("Ann").does("ask minutes=5")
    reply = await stage.player("Bo").does("ask")
    assert reply == "A question is open in this channel already, until Mon 16 Nov, 08:05: answer that one first."
    assert len(stage.chat.posted) == 1


async def test_ask_takes_its_wishes(stage):
    """`ask` with topic, difficulty and kind posts such a question; one that the bank has not is refused."""
    ann = stage.player("Ann", admin=True)
    wishes = {"architectures": "nonlinearity", "optimization hard": "adam", "short easy": "units"}
    for words, id in wishes.items():
        await ann.does(f"ask {words}")
        assert (await stage.quiz.store.round(len(stage.chat.seen(ROOM, "question")))).question.id == id
        await ann.does("reveal")
    reply = await ann.does("ask regularization hard")
    assert reply == "There is no question like that. /quiz ask with no words picks one for you."
    assert len(stage.chat.posted) == 6


async def test_the_daily_cap_of_extra_points(stages):
    """The sixth extra round that a member answers on a day earns no points, and says so; the next day earns again."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(8))))
    ann, bo = stage.player("Ann", admin=True), stage.player("Bo")
    for n in range(6):
        await ann.does("ask")
        told = await ann.chooses("right")
        if n:
            assert "20 points." in await bo.chooses("right")
        if n < 5:
            assert told.startswith("Right: right. 20 points.")
            await ann.does("reveal")
    cap = "No points for this one: on one day only the first 5 extra rounds that you answer earn points."
    assert told.splitlines()[0] == f"Right: right. {cap}"
    assert await stage.board(ann) == [
        "1|Ann (you)|100 points|6 of 6 right|streak 1", "1|Bo|100 points|5 of 5 right|streak 1",
    ]  # fmt: skip
    await ann.does("reveal")
    stage.clock.forward(days=1)
    await ann.does("ask")
    assert (await ann.chooses("right")).startswith("Right: right. 20 points.")


async def test_without_a_cap_every_extra_round_earns(stages):
    """Where the rules know no cap, as in a terminal, every extra round earns its points."""
    stage = await stages(rules=TERMINAL)
    ann = stage.player("Ann", admin=True)
    for _ in range(7):
        await ann.does("ask choice medium")
        await ann.chooses("right")
    assert await stage.board(ann) == ["1|Ann (you)|140 points|7 of 7 right|streak 1"]


async def test_in_a_terminal_a_new_question_ends_the_open_one(stages):
    """Where `ask` ends the open round, that one is revealed first, and it stays open without a time limit till then."""
    stage = await stages(rules=TERMINAL)
    ann = stage.player("Ann")
    await ann.does("ask")
    stage.clock.forward(days=3)
    await stage.work()
    assert [one.mark[0] for one in stage.chat.posted] == ["q"]
    assert await ann.does("ask") == "Type your answer; /quiz reveal shows the right one."
    assert [one.mark[0] for one in stage.chat.posted] == ["q", "r", "q"]


# --- typed answers -----------------------------------------------------------------------------------------------


async def test_typed_answers(stages):
    """A letter or the option's text typed where members type answers the open round; without one nothing counts."""
    stage = await stages(bank_of(choice("rate")))
    ann, bo = stage.player("Ann"), stage.player("Bo")
    assert await ann.types("B") == "No question is open, so your answer was not counted. /quiz ask posts one."
    await ann.does("ask")
    assert (await ann.types("right")).startswith("Right: right. 20 points.")
    assert await bo.types("perhaps") == "Please answer with one of the letters A to D."
    assert await bo.types("  ") == "Please write an answer."
    assert (await bo.types("RIGHT")).startswith("Right: right. 20 points.")


async def test_a_long_answer_is_refused_and_not_recorded(stages):
    """An answer beyond the limit is refused in one sentence; a shorter one counts afterwards."""
    stage = await stages(bank_of(short("units")))
    ann = stage.player("Ann")
    await ann.does("ask")
    told = await ann.writes("x" * 100_000)
    assert told == "Your answer was not recorded: it has 100,000 characters and the limit is 1,000. Please shorten it."
    unanswered = "You have not answered this question. You can still answer until Mon 16 Nov, 08:01."
    assert await ann.presses("My answer") == unanswered
    assert (await ann.writes("dropout")).startswith("Right: dropout. 10 points.")


async def test_odd_characters_in_an_answer(stages):
    """Control characters, lone surrogates and markup are an answer as any other: graded, kept, never a fault."""
    stage = await stages(bank_of(short("units")))
    await stage.player("Ann").does("ask 60m")
    texts = ("a\x00b", "\ud800", "@everyone", "'; DROP TABLE answers; --", "\u202eneveres", "é" * 1000)
    for n, text in enumerate(texts):
        assert (await stage.player(f"P{n}").writes(text)).startswith("Not right.")
        assert (await stage.player(f"P{n}").presses("My answer")).startswith('Your answer: "')


# --- the daily round: answers ------------------------------------------------------------------------------------


async def test_a_daily_answer_is_confirmed_without_its_grade(daily_stage):
    """With feedback at the reveal the receipt begins with Recorded, names the option, and nothing of the grade."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    letter = next(line[0] for line in stage.question.text.splitlines() if line[3:] == "right")
    assert await ann.chooses("right") == f"Recorded: {letter}, right. You can change it until Mon 16 Nov, 16:30."
    assert await ann.chooses("right") == f"Recorded: {letter}, right. You can change it until Mon 16 Nov, 16:30."


async def test_a_daily_answer_may_change_until_the_close(daily_stage):
    """Each change is told from which to which; the last one before the close counts."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann, question = stage.player("Ann"), stage.question
    letters = {line[3:]: line[0] for line in question.text.splitlines()[2:6]}
    await ann.chooses("wrong")
    stage.clock.now = stage.local("2026-11-16 16:29:59")
    assert await ann.chooses("right") == (
        f"Changed from {letters['wrong']} to {letters['right']}. The last one counts; you can change it until "
        "Mon 16 Nov, 16:30."
    )
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_a_late_answer_is_told_so_and_changes_nothing(daily_stage):
    """From the minute of the close on an answer is late, whether the reveal is out or not."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann, bo, question = stage.player("Ann"), stage.player("Bo"), stage.question
    button = question.actions[next(line[0] for line in question.text.splitlines() if line[3:] == "right")]
    await ann.chooses("wrong")
    late = "This round closed at Mon 16 Nov, 16:30, so your answer was not counted. The reveal is below it."
    stage.clock.now = stage.local("2026-11-16 16:30")
    assert [await who.presses("", button) for who in (ann, bo)] == [late, late]
    await stage.work()
    assert [await who.presses("", button) for who in (ann, bo)] == [late, late]
    assert await stage.board(ann) == ["1|Ann (you)|0 points|0 of 1 right|streak 1"]
    told = await bo.presses("My answer")
    assert told.startswith("You did not answer this question, and its round is closed.\nThe answer: ")


async def test_a_late_form_is_told_so(stages):
    """A form that was opened in time and sent too late is late; one cannot be opened any more either."""
    stage = await stages(bank_of(short("units")))
    ann = stage.player("Ann")
    await ann.does("ask")
    question, action = stage.question, (await ann.opens()).action
    before = dict(question.actions)
    stage.clock.forward(minutes=1)
    await stage.work()
    said = shown(await commands.submit(stage.quiz, ann.caller(), action, {"answer": "dropout"}))
    assert said == "This round closed at Mon 16 Nov, 08:01, so your answer was not counted. The reveal is below it."
    assert await ann.presses("", before["Answer"]) == said


async def test_the_form_shows_the_answer_so_far(stages):
    """Whoever changes a short answer sees the one that counts so far."""
    stage = await stages(bank_of(short("units")))
    await stage.declare(daily())
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    assert await ann.writes("pooling") == 'Recorded: "pooling". You can change it until Mon 16 Nov, 16:30.'
    assert shown(await ann.opens()).splitlines()[2] == 'Your answer so far: "pooling". A new one replaces it.'
    assert await ann.writes("dropout") == (
        'Changed from "pooling" to "dropout". The last one counts; you can change it until Mon 16 Nov, 16:30.'
    )


async def test_everyone_who_is_right_scores_the_same(daily_stage):
    """Speed earns nothing: the last second is worth as much as the first."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    await stage.player("Ann").chooses("right")
    stage.clock.now = stage.local("2026-11-16 16:29:59")
    await stage.player("Bo").chooses("right")
    await stage.at("2026-11-16 16:30")
    assert await stage.board(stage.player("Zoe")) == [
        "1|Ann|20 points|1 of 1 right|streak 1", "1|Bo|20 points|1 of 1 right|streak 1",
    ]  # fmt: skip


async def test_points_wait_for_the_reveal_where_the_grade_does(daily_stage):
    """Before the reveal of a daily round the board has the member's line without points; from the reveal on with."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    await ann.chooses("right")
    assert await stage.board(ann) == ["1|Ann (you)|0 points|0 of 0 right|streak 1"]
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_immediate_feedback_on_a_daily_round(stages):
    """With immediate feedback a daily answer is graded at once, is final, and its points stand at once."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily(feedback=Feedback.IMMEDIATE))
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    assert (await ann.chooses("right")).startswith("Right: right. 20 points.")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    assert (await ann.chooses("odd")).startswith("Your first answer counts: ")
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_partial_credit(stages):
    """A score between 0 and 1 earns its share of the points, and the reply says what was missing."""
    stage = await stages(bank_of(essay("nonlinearity")))
    ann = stage.player("Ann")
    await ann.does("ask")
    first = (await ann.writes("it is a single linear layer")).splitlines()[0]
    assert first.startswith("Partly right")
    assert "depth adds nothing" in first
    assert first.endswith("15 of 30 points.")


@pytest.mark.parametrize(
    ("score", "difficulty", "points"),
    [(1, "easy", 10), (1, "medium", 20), (1, "hard", 30), (0, "hard", 0), (0.25, "easy", 3), (0.55, "hard", 17)],
)
def test_points_are_the_share_of_what_a_question_is_worth(score, difficulty, points):
    """Easy 10, medium 20, hard 30, times the score, halves rounded up."""
    assert entries.points(Grade(score, ""), Difficulty(difficulty)) == points


# --- my answer ---------------------------------------------------------------------------------------------------


async def test_my_answer_before_and_after_the_reveal(daily_stage):
    """One's own answer can be seen at any time; its grade from the reveal on, days later too."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann, bo = stage.player("Ann"), stage.player("Bo")
    unanswered = "You have not answered this question. You can still answer until Mon 16 Nov, 16:30."
    assert await bo.presses("My answer") == unanswered
    receipt = await ann.chooses("wrong")
    letter = receipt.split()[1][0]
    assert await ann.presses("My answer") == (
        f"Your answer: {letter}, wrong.\nYou learn its grade at the reveal; you can change it until Mon 16 Nov, 16:30."
    )
    await stage.at("2026-11-16 16:30")
    for posted in (stage.question, stage.reveals[0]):
        lines = (await ann.presses("My answer", posted)).splitlines()
        assert lines[:2] == [f"Your answer: {letter}, wrong.", "Not right. It is wrong. 0 points."]
        assert lines[2].endswith(": right")
    stage.clock.forward(days=30)
    assert (await ann.presses("My answer", stage.reveals[0])).splitlines()[0] == f"Your answer: {letter}, wrong."


# --- reveal ------------------------------------------------------------------------------------------------------


async def test_what_a_reveal_of_a_choice_round_says(daily_stage):
    """The reveal is one public message: right option, split, why, source, who was right, top of the week."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    for name, option in (("Ann", "right"), ("Bo", "wrong"), ("Chi", "right"), ("Dan", "odd")):
        await stage.player(name).chooses(option)
    letters = {line[3:]: line[0] for line in stage.question.text.splitlines()[2:6]}
    await stage.at("2026-11-16 16:30")
    [reveal] = stage.reveals
    counts = {"right": "2 right", "wrong": "1", "odd": "1", "other": "0"}
    split = "    ".join(f"{letter}  {counts[option]}" for option, letter in sorted(letters.items(), key=lambda o: o[1]))
    assert reveal.text.splitlines()[:5] == [
        f"The answer: {letters['right']}: right", split, "Why: rate is right.", 'Source: The book, "rate"',
        "Right: Ann, Chi, 2 of 4",
    ]  # fmt: skip
    assert reveal.text.splitlines()[5].startswith("This week: 1 ")
    assert "1 Ann 20" in reveal.text
    assert "1 Chi 20" in reveal.text
    assert reveal.message.public
    assert list(reveal.actions) == ["My answer", "Leaderboard", "Report this question"]


async def test_what_a_reveal_of_a_short_round_says(stages):
    """It says how many were right, partly right and not right, and shows nobody what others typed."""
    stage = await stages(bank_of(essay("nonlinearity")))
    await stage.declare(daily())
    await stage.at("2026-11-16 09:00")
    texts = {"Ann": "a single linear layer, so depth is useless", "Bo": "a single linear layer", "Chi": "magic beans"}
    for name, text in texts.items():
        await stage.player(name).writes(text)
    await stage.at("2026-11-16 16:30")
    [reveal] = stage.reveals
    lines = reveal.text.splitlines()
    assert lines[0] == "The answer: It is linear, so depth adds nothing."
    assert lines[1] == "1 right    1 partly right    1 not right"
    assert "Right: Ann, 1 of 3" in lines
    everything = "\n".join(one.text for one in stage.chat.posted)
    assert not [text for text in texts.values() if text in everything]


async def test_a_reveal_without_answers(daily_stage):
    """A round that nobody answered is revealed all the same, and says so."""
    await daily_stage.at("2026-11-16 09:00")
    await daily_stage.at("2026-11-16 16:30")
    [reveal] = daily_stage.reveals
    assert reveal.text.splitlines()[-1] == "Nobody answered this time."


async def test_a_reveal_where_nobody_was_right(daily_stage):
    """Where all were wrong the reveal says nobody."""
    await daily_stage.at("2026-11-16 09:00")
    await daily_stage.player("Ann").chooses("odd")
    await daily_stage.at("2026-11-16 16:30")
    assert "Right: nobody, 0 of 1" in daily_stage.reveals[0].text


async def test_many_who_were_right_are_counted(daily_stage):
    """A reveal lists twenty names and counts the rest."""
    await daily_stage.at("2026-11-16 09:00")
    for n in range(23):
        await daily_stage.player(f"P{n}").chooses("right")
    await daily_stage.at("2026-11-16 16:30")
    names = ", ".join(f"P{n}" for n in range(20))
    assert f"Right: {names} and 3 more, 23 of 23" in daily_stage.reveals[0].text


async def test_answers_are_private_until_the_reveal(daily_stage):
    """Until the reveal the channel holds one message; who answered, and what, is nowhere in it."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    before = stage.question.text
    await stage.player("Ann").chooses("right")
    await stage.work()
    assert [one.text for one in stage.chat.posted] == [before]


async def test_a_closed_round_keeps_no_button_that_answers(daily_stage):
    """At the reveal the question's own message is edited: closed, the number of people, and only My answer left."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    await stage.player("Ann").chooses("right")
    await stage.at("2026-11-16 16:30")
    assert stage.question.text.splitlines()[-1] == "This round is closed. 1 person has answered."
    assert list(stage.question.actions) == ["My answer"]


async def test_who_may_reveal_an_extra_round(stage):
    """The asker and admins reveal an extra round early; others are refused and nothing happens."""
    ann, bo = stage.player("Ann"), stage.player("Bo")
    boss = stage.player("Boss", admin=True)
    await ann.does("ask")
    assert await bo.does("reveal") == (
        "Only the person who asked for this question, or an admin, can reveal it early. "
        "Its answer comes Mon 16 Nov, 08:01."
    )
    assert len(stage.chat.posted) == 1
    assert await ann.does("reveal") == "The answer is in the channel."
    assert len(stage.reveals) == 1
    await ann.does("ask")
    assert await boss.does("reveal") == "The answer is in the channel."
    assert len(stage.reveals) == 2
    assert await boss.does("reveal") == "No question is open in this channel. /quiz ask posts one."


async def test_who_may_reveal_the_daily_round(daily_stage):
    """Only admins reveal the question of the day early, one named in the configuration too."""
    stage = daily_stage
    await stage.declare(daily(), admins=["discord:u-Cleo"])
    await stage.at("2026-11-16 09:00")
    told = await stage.player("Ann").does("reveal")
    assert told == "Only an admin can reveal the question of the day early. Its answer comes Mon 16 Nov, 16:30."
    assert stage.reveals == []
    assert await stage.player("Cleo").does("reveal") == "The answer is in the channel."
    assert len(stage.reveals) == 1
    await stage.at("2026-11-16 16:30")
    assert len(stage.reveals) == 1


async def test_reveal_takes_the_round_opened_last(stages):
    """With both kinds open `reveal` takes the one opened last and `reveal daily` the daily one."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    await stage.declare(daily())
    await stage.at("2026-11-16 09:00")
    boss = stage.player("Boss", admin=True)
    await boss.does("ask 60m")
    first, second = stage.chat.seen(ROOM, "question")
    await boss.does("reveal")
    assert ("A" in first.actions, "A" in second.actions) == (True, False)
    stage.clock.forward(hours=1)
    await boss.does("ask 60m")
    third = stage.question
    assert await boss.does("reveal daily") == "The answer is in the channel."
    assert ("A" in first.actions, "A" in third.actions) == (False, True)
    none = "The question of the day is not open in this channel. /quiz status shows when it comes."
    assert await boss.does("reveal daily") == none
    assert len(stage.reveals) == 2


# --- post --------------------------------------------------------------------------------------------------------


async def test_post_asks_the_question_of_the_day_now(daily_stage):
    """`post` before the scheduled time posts it now, until the reveal time; the scheduled one does not come again."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    assert await boss.does("post") == "The question is posted. Its answer comes Mon 16 Nov, 16:30."
    assert stage.question.message.title.startswith("Question of the day")
    await stage.at("2026-11-16 09:00")
    await stage.at("2026-11-16 16:29")
    assert len(stage.chat.posted) == 1
    await stage.at("2026-11-16 16:30")
    assert len(stage.reveals) == 1
    await stage.at("2026-11-17 09:00")
    assert len(stage.chat.seen(ROOM, "question")) == 2


async def test_post_without_a_reveal_time_lasts_until_the_next_post(stages):
    """Where the schedule names no reveal time a round that was posted early lasts until the next day's post."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily(reveal=None))
    boss = stage.player("Boss", admin=True)
    assert await boss.does("post") == "The question is posted. Its answer comes Tue 17 Nov, 09:00."
    await stage.at("2026-11-17 08:59:59")
    assert len(stage.chat.posted) == 1
    await stage.at("2026-11-17 09:00")
    assert [one.mark[0] for one in stage.chat.posted] == ["q", "r", "q"]


async def test_a_second_post_is_refused_with_the_next_time(daily_stage):
    """Once the day had its question `post` is refused and names the next time, after the reveal too."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    await stage.at("2026-11-16 09:00")
    told = "Today's question was asked here already. The next one comes Tue 17 Nov, 09:00."
    assert await boss.does("post") == told
    await stage.at("2026-11-16 16:30")
    assert await boss.does("post") == told
    assert len(stage.chat.seen(ROOM, "question")) == 1


async def test_post_on_a_day_off(daily_stage):
    """`post` on a day without a scheduled question posts one; a second one that day names Monday."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    await stage.at("2026-11-21 12:00")
    count = len(stage.chat.seen(ROOM, "question"))
    assert await boss.does("post") == "The question is posted. Its answer comes Sat 21 Nov, 16:30."
    assert await boss.does("post") == "Today's question was asked here already. The next one comes Mon 23 Nov, 09:00."
    assert len(stage.chat.seen(ROOM, "question")) == count + 1


async def test_post_without_a_schedule(stage):
    """In a channel without a schedule `post` is refused and names `ask` and `setup`."""
    told = await stage.player("Boss", admin=True).does("post")
    assert "/quiz ask" in told
    assert "/quiz setup" in told
    assert stage.chat.posted == []


async def test_post_is_for_admins(daily_stage):
    """Members without the right are refused in one sentence that says what they can do."""
    told = await daily_stage.player("Ann").does("post")
    assert told == (
        "Only people who can manage this server or workspace can change the quiz. "
        "You can still use /quiz ask and /quiz leaderboard at any time."
    )
    assert daily_stage.chat.posted == []


async def test_a_daily_round_that_is_still_open_ends_before_the_next(stages):
    """A channel has one daily round open at a time: `post` on the next day reveals the old one first."""
    stage = await stages(bank_of(choice("rate")))
    await stage.declare(daily(reveal=None))
    await stage.at("2026-11-16 09:00")
    stage.clock.now = stage.local("2026-11-17 08:00")
    await stage.player("Boss", admin=True).does("post")
    assert [one.mark[0] for one in stage.chat.posted] == ["q", "r", "q"]
    assert ["A" in one.actions for one in stage.chat.posted] == [False, False, True]


# --- several channels --------------------------------------------------------------------------------------------


def prompt(posted):
    """The question that a message asks."""
    return posted.text.splitlines()[1]


async def two_channels(stages, bank=None, **more):
    """A team with a room and a lobby that are due together."""
    stage = await stages(bank or bank_of(*(choice(f"q{n}") for n in range(9))))
    await stage.declare(daily(**more), daily(LOBBY, **more))
    return stage


async def test_channels_that_are_due_together_get_the_same_question(stages):
    """Two channels of a team get the same question with its options in the same order, every day."""
    stage = await two_channels(stages)
    for day in (16, 17, 18, 19, 20):
        await stage.at(f"2026-11-{day} 09:00")
        [room], [lobby] = (stage.chat.seen(place, "question")[day - 16 :] for place in (ROOM, LOBBY))
        assert room.text == lobby.text
    assert len({prompt(one) for one in stage.chat.seen(ROOM, "question")}) == 5


async def test_channels_with_different_wishes_get_a_question_that_suits_both(stages):
    """The common question is one that both channels' topics allow."""
    bank = bank_of(*(choice(f"{topic}{n}", topic) for topic in ("a", "b", "c") for n in range(3)))
    stage = await stages(bank)
    await stage.declare(daily(topics=("a", "b")), daily(LOBBY, topics=("b", "c")))
    await stage.at("2026-11-16 09:00")
    [room], [lobby] = stage.chat.seen(ROOM), stage.chat.seen(LOBBY)
    assert prompt(room) == prompt(lobby)
    assert prompt(room).startswith("What is b")


async def test_channels_without_a_common_wish_get_their_own(stages):
    """Channels whose topics have nothing in common are asked what each of them wants."""
    bank = bank_of(*(choice(f"{topic}{n}", topic) for topic in "ab" for n in range(3)))
    stage = await stages(bank)
    await stage.declare(daily(topics=("a",)), daily(LOBBY, topics=("b",)))
    await stage.at("2026-11-16 09:00")
    assert prompt(*stage.chat.seen(ROOM)).startswith("What is a")
    assert prompt(*stage.chat.seen(LOBBY)).startswith("What is b")


async def test_after_an_outage_every_channel_gets_what_it_wants(stages):
    """Channels that missed days together are asked the same question where both allow one, and never another topic."""
    bank = bank_of(*(choice(f"{topic}{n}", topic) for topic in "ab" for n in range(4)))
    for day in (18, 24):
        stage = await stages(bank)
        await stage.declare(daily(topics=("a", "b")), daily(LOBBY, topics=("b",)))
        await stage.at(f"2026-11-{day} 10:00")
        [room], [lobby] = stage.chat.seen(ROOM), stage.chat.seen(LOBBY)
        assert prompt(lobby).startswith("What is b")
        assert prompt(room) == prompt(lobby)


async def test_a_paused_channel_does_not_narrow_the_choice(stages):
    """A channel that is paused is not asked, and its wishes do not part the others."""
    bank = bank_of(*(choice(f"{topic}{n}", topic) for topic in "abc" for n in range(4)))
    stage = await stages(bank)
    attic = Address("discord", "attic")
    await stage.declare(daily(topics=("a", "b")), daily(LOBBY, topics=("b", "c")), daily(attic, topics=("a",)))
    await stage.quiz.store.pause((await stage.quiz.store.known(attic)).id, "I was removed")
    await stage.at("2026-11-16 09:00")
    [room], [lobby] = stage.chat.seen(ROOM), stage.chat.seen(LOBBY)
    assert prompt(room) == prompt(lobby)
    assert stage.chat.seen(attic) == []


async def test_a_member_scores_once_in_a_contest(stages):
    """Of two channels with the same question the first answer counts; the second place says so and records nothing."""
    stage = await two_channels(stages)
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    letter = (await ann.chooses("odd")).split()[1][0]
    told = await ann.at(LOBBY).chooses("right")
    assert told == (
        f"You answered this question in another channel of the team: {letter}, odd. That answer counts; this one was "
        "not recorded."
    )
    assert (await ann.chooses("right")).startswith("Changed from")
    await stage.at("2026-11-16 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    assert "Right: Ann, 1 of 1" in stage.reveals[0].text
    assert "Nobody answered this time." in stage.chat.seen(LOBBY, "reveal")[0].text


async def test_the_second_place_quotes_the_option_as_it_was_chosen(stages):
    """Where the second channel shows the options in another order, the member's answer still reads as it was given."""
    for id in "abc":
        stage = await stages(bank_of(choice(id)))
        ann = stage.player("Ann")
        await ann.does("ask")
        await ann.chooses("odd")
        await ann.at(LOBBY).does("ask")
        told = await ann.at(LOBBY).chooses("right")
        assert told.startswith("You answered this question in another channel of the team: ")
        assert ", odd. That answer counts" in told
        assert ", odd" in await ann.at(LOBBY).presses("My answer")


async def test_a_contest_spans_a_late_post(stages):
    """A channel that gets the question of the day late, after midnight, still shares it: a member scores once."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    await stage.declare(daily(post="23:30", reveal="12:00"), daily(SLACK_ROOM, post="23:30", reveal="12:00"))
    stage.slack.down = True
    stage.quiz.chats.pop("slack")
    await stage.at("2026-11-16 23:30")
    stage.quiz.chats["slack"], stage.slack.down = stage.slack, False
    await stage.at("2026-11-17 00:30")
    [here], [there] = stage.chat.posted, stage.slack.posted
    assert prompt(here) == prompt(there)
    team = (await stage.quiz.store.round(1)).contest, (await stage.quiz.store.round(2)).contest
    assert team[0] == team[1]


async def test_a_contest_survives_a_post_that_was_refused(stages):
    """A round that could not be posted does not part its channel from the contest when it is posted after all."""
    stage = await two_channels(stages, bank_of(choice("rate")))
    stage.chat.refusing[LOBBY] = "I am missing the permission Send Messages"
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann", LOBBY, admin=True)
    assert await ann.does("post") == (
        "I cannot post in this channel: I am missing the permission Send Messages. "
        "Please try again once an admin has mended that."
    )
    stage.chat.refusing.clear()
    await ann.does("post")
    await ann.at(ROOM).chooses("right")
    assert (await ann.chooses("right")).startswith("You answered this question in another channel of the team")


async def test_the_question_may_be_asked_again_on_another_day(stages):
    """The same question on another day is another contest, and scores again."""
    stage = await two_channels(stages, bank_of(choice("rate")))
    ann = stage.player("Ann")
    for day in (16, 17):
        await stage.at(f"2026-11-{day} 09:00")
        assert (await ann.chooses("right")).startswith("Recorded: ")
        await stage.at(f"2026-11-{day} 16:30")
    assert await stage.board(ann) == ["1|Ann (you)|40 points|2 of 2 right|streak 2"]


async def test_a_channel_that_gets_a_question_again_plays_it_again(stages):
    """The same question a second time in one channel on one day is a new contest, also where two channels share one."""
    stage = await stages(bank_of(choice("rate")))
    ann, bo = stage.player("Ann"), stage.player("Bo", LOBBY)
    await ann.does("ask")
    for _ in range(2):
        await bo.does("ask")
        assert (await bo.chooses("right")).startswith("Right: right. 20 points.")
        await bo.does("reveal")
    assert await stage.board(bo) == ["1|Bo (you)|40 points|2 of 2 right|streak 1"]


async def test_another_teams_round_cannot_be_answered(stages):
    """A button of a round of another team answers nothing, opens nothing and tells nothing."""
    stage = await stages(bank_of(choice("rate")))
    await stage.player("Ann").does("ask")
    stranger = stage.player("Eve", Address("discord", "elsewhere"), workspace="other", admin=True)
    told = "This question does not belong to this channel's team, so nothing was recorded. /quiz ask posts one here."
    for label in ("A", "My answer"):
        assert await stranger.presses("", stage.question.actions[label]) == told
    assert await stage.quiz.store.entries(1) == []


async def test_forged_buttons(stages):
    """An action that this bot never gave to a button is refused in one sentence, and nothing is recorded."""
    stage = await stages(bank_of(choice("rate"), short("units")))
    ann = stage.player("Ann", admin=True)
    await ann.does("ask choice")
    forged = "That button does not belong to this quiz, so nothing was recorded. /quiz ask posts a question."
    actions = ("", "answer", "answer:1", "answer:1:F", "answer:1:AB", "answer:-1:A", "board:never:1", "x:1:A",
               "answer:1:A\n", "mine:" + "9" * 20)  # fmt: skip
    assert {await ann.presses("", action) for action in actions} == {forged}
    unknown = "This question does not belong to this channel's team, so nothing was recorded. /quiz ask posts one here."
    assert await ann.presses("", "answer:999999999999999:A") == unknown
    assert await ann.presses("", "answer:1:E") == "Please answer with one of the letters A to D."
    await ann.does("reveal")
    await ann.does("ask short")
    assert await ann.presses("", "answer:2:A") == forged
    assert await stage.quiz.store.entries(1) == await stage.quiz.store.entries(2) == []


# --- the bank changes --------------------------------------------------------------------------------------------


async def test_a_round_outlives_a_changed_bank(daily_stage):
    """A round keeps its question as it was asked, although the bank was changed or emptied of it meanwhile."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    ann = stage.player("Ann")
    stage.bank = bank_of(short("other", topic="other"))
    assert (await ann.chooses("right")).startswith("Recorded: ")
    await stage.stop()
    await stage.start()
    await stage.at("2026-11-16 16:30")
    assert "Why: rate is right." in stage.reveals[0].text
    assert stage.question.message.title == "Question of the day · Optimization · medium · 20 points"
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]
    await stage.at("2026-11-17 09:00")
    assert prompt(stage.question) == "Name other."


async def test_questions_do_not_repeat_in_a_channel(stages):
    """Daily and extra rounds of a channel share its history: no question again before all were asked."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(6))))
    await stage.declare(daily())
    boss = stage.player("Boss", admin=True)
    for day in (16, 17, 18):
        await stage.at(f"2026-11-{day} 09:00")
        await boss.does("ask")
        await boss.does("reveal")
        await stage.at(f"2026-11-{day} 16:30")
    asked = [prompt(one) for one in stage.chat.seen(ROOM, "question")]
    assert len(asked) == len(set(asked)) == 6


# --- boards ------------------------------------------------------------------------------------------------------


async def test_ties_share_a_rank(stages):
    """Equal points share a rank, and the next rank counts everyone before it: 1, 2, 2, 4."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(3))))
    right = {"Ann": 3, "Cleo": 2, "Bo": 2, "Dan": 1, "Eve": 0}
    boss = stage.player("Ann")
    for n in range(3):
        await boss.does("ask")
        for name, score in right.items():
            await stage.player(name).chooses("right" if n < score else "odd")
        await boss.does("reveal")
    assert await stage.board(stage.player("Dan")) == [
        "1|Ann|60 points|3 of 3 right|streak 1", "2|Bo|40 points|2 of 3 right|streak 1",
        "2|Cleo|40 points|2 of 3 right|streak 1", "4|Dan (you)|20 points|1 of 3 right|streak 1",
        "5|Eve|0 points|0 of 3 right|streak 1",
    ]  # fmt: skip


async def test_a_board_shows_the_callers_own_line_wherever_it_is(stages):
    """The caller's line is added where the page does not hold it; pages turn by buttons, past the end too."""
    stage = await stages(bank_of(choice("rate")))
    await stage.player("Ann").does("ask")
    for n in range(12):
        await stage.player(f"P{n:02}").chooses("right")
    last = stage.player("Zed")
    await last.chooses("odd")
    board = await stage.board(last)
    assert len(board) == 11
    assert board[-1] == "13|Zed (you)|0 points|0 of 1 right|streak 1"
    assert (await last.gets("leaderboard")).buttons[-1][0].action == "board:week:2"
    page = (await last.presses("", "board:week:2")).splitlines()
    assert page[-1] == "Page 2 of 2."
    assert len(page) == 5
    assert await last.presses("", "board:week:9") == await last.presses("", "board:week:2")


async def test_an_empty_board_says_so(stage):
    """Where nobody has answered yet the board says so, and what to do."""
    told = await stage.player("Ann").does("leaderboard")
    assert told.splitlines()[1:] == ["Nobody has answered in this period yet. /quiz ask posts a question."]


async def test_a_board_is_private_unless_asked_otherwise(stage):
    """The leaderboard is for the caller alone; with `public` for the channel."""
    ann = stage.player("Ann")
    assert not (await ann.gets("leaderboard")).public
    message = await ann.gets("leaderboard month public")
    assert message.public
    assert message.title == "This month · November 2026 · ml-team"


async def test_the_boards_of_a_team_span_its_channels(stages):
    """Rounds in any channel of a team count on the one board of the team; another team has its own."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await ann.does("ask")
    await ann.chooses("right")
    assert await stage.board(stage.player("Bo", LOBBY)) == ["1|Ann|20 points|1 of 1 right|streak 1"]
    assert await stage.board(stage.player("Eve", Address("discord", "x"), workspace="other")) == []


# --- periods -----------------------------------------------------------------------------------------------------


async def boards(stage, player):
    """The caller's points in each period, as the boards have them; None without a line."""
    found = {}
    for period in ("today", "week", "month", "season", "all"):
        lines = await stage.board(player, f"leaderboard {period}")
        found[period] = int(lines[0].split("|")[2].split()[0]) if lines else None
    return tuple(found.values())


async def score(stage, player, at):
    """Earn 20 points at a time on the team's clock."""
    stage.clock.now = stage.local(at)
    await player.does("ask")
    await player.chooses("right")
    await player.does("reveal")


async def test_periods_around_midnight_in_the_teams_zone(stages):
    """A day ends at midnight of the team's zone, not of UTC: in Berlin Sunday 23:59:59 and Monday 00:00."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await score(stage, ann, "2026-11-15 23:59:59")
    assert await boards(stage, ann) == (20, 20, 20, 20, 20)
    await score(stage, ann, "2026-11-16 00:00")
    assert await boards(stage, ann) == (20, 20, 40, 40, 40)


async def test_periods_in_a_zone_far_from_utc(stages):
    """In Auckland Monday has begun while it is Sunday in UTC."""
    stage = await stages(bank_of(choice("rate")), timezone="Pacific/Auckland")
    ann = stage.player("Ann")
    await score(stage, ann, "2026-11-16 00:30")
    title = (await ann.gets("leaderboard")).title
    assert title == "This week · Monday 16 to Sunday 22 November · ml-team"
    assert (await ann.gets("leaderboard today")).title == "Today · Monday 16 November · ml-team"
    stage.clock.now = stage.local("2026-11-15 23:30")
    assert await boards(stage, ann) == (None, None, 20, 20, 20)


async def test_periods_at_the_end_of_a_year(stages):
    """The week from Monday 28 December to Sunday 3 January is one; month, season and day end with the year."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    await score(stage, ann, "2026-12-31 23:59")
    await score(stage, ann, "2027-01-01 00:01")
    assert await boards(stage, ann) == (20, 40, 20, 20, 40)
    assert (await ann.gets("leaderboard")).title == "This week · Monday 28 December to Sunday 3 January · ml-team"
    assert (await ann.gets("leaderboard season")).title == "This season · quarter 1 of 2027 · ml-team"
    await score(stage, ann, "2027-01-04 00:00")
    assert await boards(stage, ann) == (20, 20, 40, 40, 60)


async def test_periods_on_the_days_of_a_clock_change(stages):
    """The days of 23 and 25 hours are one day each."""
    stage = await stages(bank_of(choice("rate")))
    ann = stage.player("Ann")
    for day, points in (("2026-03-29", 20), ("2026-10-25", 20)):
        await score(stage, ann, f"{day} 00:00")
        assert (await boards(stage, ann))[0] == points
        await score(stage, ann, f"{day} 23:59:59")
        assert (await boards(stage, ann))[0] == points * 2
        stage.clock.forward(seconds=1)
        assert (await boards(stage, ann))[0] is None


# --- streaks -----------------------------------------------------------------------------------------------------


async def play_days(stage, *days, answering):
    """Let the daily rounds of these days of November come; answer on some of them."""
    for day in days:
        await stage.at(f"2026-11-{day:02} 09:00")
        if day in answering:
            await stage.player("Ann").chooses("odd")
        await stage.at(f"2026-11-{day:02} 16:30")


async def streak(stage):
    """Ann's streak, as the board shows it; it stands on the board of all time in any case."""
    [line] = await stage.board(stage.player("Ann"), "leaderboard all")
    return int(line.rpartition("|streak ")[2]) if "|streak " in line else 0


async def test_a_streak_counts_asked_days_across_a_weekend(daily_stage):
    """Right or wrong, taking part counts; days on which nothing is asked neither count nor break it."""
    await play_days(daily_stage, 19, 20, 21, 22, 23, 24, answering=(19, 20, 23, 24))
    assert await streak(daily_stage) == 4
    await daily_stage.at("2026-11-25 08:59")
    assert await streak(daily_stage) == 4


async def test_a_missed_asked_day_breaks_a_streak(daily_stage):
    """A streak ends with an asked day without an answer, and starts again at one."""
    await play_days(daily_stage, 16, 17, 18, 19, answering=(16, 17))
    assert await streak(daily_stage) == 0
    await play_days(daily_stage, 20, answering=(20,))
    assert await streak(daily_stage) == 1


async def test_an_open_day_does_not_break_a_streak_yet(daily_stage):
    """While today's question can still be answered, yesterday's streak stands."""
    await play_days(daily_stage, 16, answering=(16,))
    await daily_stage.at("2026-11-17 09:00")
    assert await streak(daily_stage) == 1


async def test_a_day_counts_once_in_a_streak(stages):
    """Several rounds on one day are one day."""
    stage = await stages(bank_of(*(choice(f"q{n}") for n in range(4))))
    await stage.declare(daily())
    ann = stage.player("Ann")
    await stage.at("2026-11-16 09:00")
    await ann.chooses("right")
    for _ in range(2):
        await ann.does("ask")
        await ann.chooses("right")
        await ann.does("reveal")
    assert await streak(stage) == 1


# --- the count under a question ----------------------------------------------------------------------------------


async def test_the_count_of_answers_is_brought_up_to_date(daily_stage):
    """The question's message shows how many have answered, once for many clicks."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    for name in ("Ann", "Bo", "Chi"):
        await stage.player(name).chooses("odd")
    assert stage.quiz.touched == {1}
    await posting.show_count(stage.quiz, 1)
    assert stage.question.text.splitlines()[-1].endswith("3 people have answered.")
    assert stage.question.edits == 1


async def test_a_count_never_reopens_a_closed_question(daily_stage):
    """Where a round closes while its count is being shown, the message ends as the closed one."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    await stage.player("Ann").chooses("odd")
    stage.chat.when_edited.append(lambda: stage.player("Boss", admin=True).does("reveal"))
    await posting.show_count(stage.quiz, 1)
    assert list(stage.question.actions) == ["My answer"]
    assert stage.question.text.splitlines()[-1] == "This round is closed. 1 person has answered."
    await posting.show_count(stage.quiz, 1)
    assert list(stage.question.actions) == ["My answer"]
    assert (await stage.quiz.store.round(1)).state is State.REVEALED


# --- words -------------------------------------------------------------------------------------------------------


async def test_words_that_are_not_understood(stage):
    """A word that is no command or option is answered with the nearest one, and nothing is posted."""
    ann = stage.player("Ann")
    minutes = "is not a number of minutes from 1 to 1440. With /quiz ask minutes=10 a question stays open for ten."
    replies = {
        "askk": 'I do not know "askk". Did you mean ask?',
        "dance": 'I do not know "dance". /quiz help lists what there is.',
        "leaderboard weak": 'I do not know "weak". Did you mean week?',
        "ask optimisation": 'I do not know the topic "optimisation". Did you mean optimization? '
        "With no topic, /quiz ask picks one for you.",
        "ask 0m": f'"0m" {minutes}',
        "ask minutes=1441": f'"1441" {minutes}',
        "ask hard easy": "You named the difficulty twice. Please name it once.",
    }
    assert {words: await ann.does(words) for words in replies} == replies
    assert stage.chat.posted == []


async def test_words_come_in_any_order_and_case(stages):
    """`HARD 10m Optimization` is understood as `topic=optimization difficulty=hard minutes=10`."""
    stage = await stages()
    ann = stage.player("Ann", admin=True)
    for words in ("ask HARD 10m Optimization", "ask minutes=10 topic=optimization difficulty=hard"):
        assert await ann.does(words) == "The question is posted. Its answer comes Mon 16 Nov, 08:10."
        assert (await stage.quiz.store.open_round(1)).question.difficulty is Difficulty.HARD
        await ann.does("reveal")


async def test_help_shows_admins_what_is_theirs(stage):
    """Help is private and lists the commands that its reader may use; bare `/quiz` is help."""
    ann, boss = stage.player("Ann"), stage.player("Boss", admin=True)
    assert "/quiz post" not in await ann.does("help")
    assert "/quiz post" in await boss.does("help")
    assert await ann.does("") == await ann.does("help")
    assert not (await ann.gets("help")).public
