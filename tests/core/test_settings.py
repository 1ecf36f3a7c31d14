"""What admins set for a channel, and what everyone may see of it: setup, status, pause, resume."""

from dataclasses import replace
from datetime import time

from bot.core import commands
from bot.core.messages import Asks, Form, Message
from bot.core.model import Difficulty, Feedback, Schedule, Settings

from .stage import LOBBY, ROOM, bank_of, choice, daily, shown

DECLARED = "This channel is set up in the file quizbot.yaml. Whoever runs the bot can change it there."
NO_SCHEDULE = (
    "This channel has no daily question yet. /quiz ask posts a question at once; an admin can give the channel a daily "
    "one with /quiz setup."
)
PAUSED = "The daily question here is paused. /quiz resume starts it again; an open question stays open."
FULL = (
    "setup time=09:00 timezone=Berlin days=mon-fri reveal=16:30 topics=optimization difficulty=medium feedback=reveal"
)


async def settings_of(stage, address=ROOM):
    """What is set in a channel."""
    return (await stage.quiz.store.known(address)).settings


async def weekday_posts(stage, *days):
    """Let days pass, each at nine and at the reveal."""
    for day in days:
        await stage.at(f"2026-11-{day} 09:00")
        await stage.at(f"2026-11-{day} 16:30")


# --- setup -------------------------------------------------------------------------------------------------------


async def test_setup_for_the_first_time(stage):
    """`setup` with a time makes a daily channel, says when the first question comes, and shows every setting."""
    told = await stage.player("Boss", admin=True).does("setup time=09:00")
    assert told.splitlines() == [
        "This channel is set up",
        "The next question of the day comes Mon 16 Nov, 09:00.",
        "Question of the day: 09:00, Monday to Friday",
        "Reveal: with the next question",
        "Time zone: Europe/Berlin",
        "Topics: all",
        "Difficulty: all",
        "Grades are told: at the reveal",
    ]
    assert stage.chat.posted == []
    await stage.at("2026-11-16 09:00")
    assert len(stage.chat.seen(ROOM, "question")) == 1


async def test_setup_of_everything_at_once(stage):
    """All settings can be given in one call, and what is told is what is kept."""
    told = await stage.player("Boss", admin=True).does(
        "setup days=mon, thu time=8.15 timezone=new york reveal=17:00 topics=optimization, Regularization "
        "difficulty=easy, medium feedback=immediate"
    )
    assert told.splitlines() == [
        "This channel is set up",
        "The next question of the day comes Mon 16 Nov, 14:15.",
        "Question of the day: 08:15, Monday and Thursday",
        "Reveal: 17:00",
        "Time zone: America/New_York",
        "Topics: Optimization, Regularization",
        "Difficulty: easy, medium",
        "Grades are told: at once",
    ]
    plan = Schedule("America/New_York", time(8, 15), time(17), frozenset({0, 3}))
    its = ("optimization", "regularization"), (Difficulty.EASY, Difficulty.MEDIUM)
    assert await settings_of(stage) == Settings(plan, *its, Feedback.IMMEDIATE)


PLAN = Schedule("Europe/Berlin", time(9), time(16, 30))
KEPT = Settings(PLAN, ("optimization",), (Difficulty.MEDIUM,))


CHANGES = {
    "time=10:00": replace(KEPT, schedule=replace(PLAN, post=time(10))),
    "timezone=Tokyo": replace(KEPT, schedule=replace(PLAN, timezone="Asia/Tokyo")),
    "days=sat, sun": replace(KEPT, schedule=replace(PLAN, days=frozenset({5, 6}))),
    "reveal=none": replace(KEPT, schedule=replace(PLAN, reveal=None)),
    "reveal=18:00": replace(KEPT, schedule=replace(PLAN, reveal=time(18))),
    "topics=all": replace(KEPT, topics=()),
    "topics=regularization": replace(KEPT, topics=("regularization",), difficulty=(Difficulty.MEDIUM,)),
    "difficulty=all": replace(KEPT, difficulty=()),
    "feedback=immediate": replace(KEPT, feedback=Feedback.IMMEDIATE),
    "time= topics= difficulty=hard": replace(KEPT, difficulty=(Difficulty.HARD,)),
}


async def test_setup_changes_what_is_named_and_keeps_the_rest(stages):
    """Each setting can be changed by itself; those that are not named, or left empty, stay as they are."""
    stage = await stages(bank_of(choice("rate"), choice("hard", difficulty="hard"), choice("reg", "regularization")))
    boss = stage.player("Boss", admin=True)
    for words, after in CHANGES.items():
        await boss.does(FULL)
        assert await settings_of(stage) == KEPT, words
        assert (await boss.does(f"setup {words}")).startswith("This channel is set up\n"), words
        assert await settings_of(stage) == after, words


NOT_UNDERSTOOD = {
    "setup days=mon": "At what time should the question come? /quiz setup time=09:00 sets it.",
    "setup time=25:00": '"25:00" is not a time of day. Please write it like 09:00 or 16:30.',
    "setup time=09:00 reveal=late": '"late" is not a time of day. Please write it like 09:00 or 16:30.',
    "setup time=09:00 timezone=Atlantis": (
        'I do not know the time zone "Atlantis". Write a city of it, such as Berlin or New York.'
    ),
    "setup timezone=berl": 'I do not know the time zone "berl". Did you mean Europe/Berlin?',
    "setup time=09:00 days=never": 'I do not understand the days "never". Write them like mon-fri, or mon, wed, fri.',
    "setup difficulty=medum": 'I do not know "medum". Did you mean medium?',
    "setup feedback=soon": 'I do not know "soon". /quiz help lists what there is.',
}


async def test_what_setup_does_not_understand_changes_nothing(stage):
    """A setting that cannot be read is refused with what would do, and nothing of the call is kept."""
    boss = stage.player("Boss", admin=True)
    assert {words: await boss.does(words) for words in NOT_UNDERSTOOD} == NOT_UNDERSTOOD
    assert await settings_of(stage) == Settings()
    assert await stage.next_post() is None


async def test_setup_names_the_nearest_topic(stage):
    """An unknown topic is refused with the one that may be meant."""
    told = await stage.player("Boss", admin=True).does("setup time=09:00 topics=optimization, regularisation")
    assert told.startswith('I do not know the topic "regularisation". Did you mean regularization?')
    assert await settings_of(stage) == Settings()


async def test_setup_of_a_declared_channel_is_refused(daily_stage):
    """What the configuration file declares cannot be changed in the chat, by words, form or bare command."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    await boss.does("help")
    before = await stage.quiz.store.known(ROOM)
    assert await boss.does("setup time=10:00") == DECLARED
    assert await boss.does("setup") == DECLARED
    assert shown(await commands.submit(stage.quiz, boss.caller(), "setup", {"time": "10:00"})) == DECLARED
    assert await stage.quiz.store.known(ROOM) == before


async def test_a_schedule_begins_now_and_never_catches_up(stage):
    """A time of today that has passed is not made good; the first question comes on the next of the days."""
    stage.clock.now = stage.local("2026-11-16 09:01")
    boss = stage.player("Boss", admin=True)
    told = await boss.does("setup time=09:00")
    assert told.splitlines()[1] == "The next question of the day comes Tue 17 Nov, 09:00."
    await stage.work()
    assert stage.chat.posted == []
    assert (await boss.does("setup time=08:59")).splitlines()[1] == (
        "The next question of the day comes Tue 17 Nov, 08:59."
    )
    await stage.work()
    assert stage.chat.posted == []


async def test_a_day_that_was_asked_is_not_asked_again_after_setup(stage):
    """Moving the time to later on a day that had its question does not ask a second one on it."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00 reveal=12:00")
    await stage.at("2026-11-16 09:00")
    await stage.at("2026-11-16 12:00")
    told = await boss.does("setup time=15:00")
    assert told.splitlines()[1] == "The next question of the day comes Tue 17 Nov, 15:00."
    await stage.at("2026-11-16 15:00")
    assert len(stage.chat.seen(ROOM, "question")) == 1
    await stage.at("2026-11-17 15:00")
    assert len(stage.chat.seen(ROOM, "question")) == 2


async def test_a_time_moved_to_later_before_it_came(stage):
    """Moving the time before the day's question came asks it once, at the new time."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    await boss.does("setup time=11:00")
    await stage.at("2026-11-16 09:00")
    assert stage.chat.posted == []
    await stage.at("2026-11-16 11:00")
    assert len(stage.chat.posted) == 1


async def test_the_zone_changes_while_a_round_is_open(stage):
    """A round that is open keeps its end; from the next post on the new zone counts, and no date gets two."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00 reveal=16:30")
    await stage.at("2026-11-16 09:00")
    rnd = await stage.quiz.store.round(1)
    stage.clock.forward(minutes=30)
    told = await boss.does("setup timezone=Los Angeles")
    assert told.splitlines()[1] == "The next question of the day comes Tue 17 Nov, 18:00."
    assert (await stage.quiz.store.round(1)).closes_at == rnd.closes_at
    assert "A question is open until Mon 16 Nov, 16:30." in (await boss.does("status")).splitlines()
    await stage.at("2026-11-16 16:30")
    assert len(stage.reveals) == 1
    await stage.at("2026-11-16 18:00")
    assert len(stage.chat.seen(ROOM, "question")) == 1
    await stage.at("2026-11-17 18:00")
    assert len(stage.chat.seen(ROOM, "question")) == 2


async def test_a_zone_far_to_the_east_does_not_skip_its_next_date(stage):
    """Where the new zone's next date comes within hours, it gets its question; the open one is revealed first."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    await stage.at("2026-11-16 09:00")
    stage.clock.now = stage.local("2026-11-16 20:00")
    told = await boss.does("setup timezone=Tokyo")
    assert told.splitlines()[1] == "The next question of the day comes Tue 17 Nov, 01:00."
    await stage.at("2026-11-17 01:00")
    assert [len(stage.chat.seen(ROOM, kind)) for kind in ("question", "reveal")] == [2, 1]


async def test_setup_without_a_day_to_come(stage):
    """A schedule of which no date is left says so."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    plan = (await settings_of(stage)).schedule
    every_day = frozenset(stage.local("2026-11-16 12:00").date().fromordinal(n) for n in range(739000, 742000))
    channel = await stage.quiz.store.known(ROOM)
    await stage.quiz.store.change_settings(channel.id, Settings(replace(plan, skip=every_day)), None)
    told = await boss.does("setup time=10:00")
    assert told.splitlines()[1].startswith("No day of this schedule lies within the next two years.")
    assert await stage.next_post() is None
    assert (await settings_of(stage)).schedule.skip == every_day


async def test_setup_takes_one_channel_alone(stage):
    """Setting one channel up leaves the others as they are."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    await boss.at(LOBBY).does("setup time=10:00 days=sun")
    assert (await settings_of(stage)).schedule == Schedule("Europe/Berlin", time(9))
    assert (await settings_of(stage, LOBBY)).schedule == Schedule("Europe/Berlin", time(10), None, frozenset({6}))


async def test_setup_of_what_the_bank_does_not_have(stage):
    """Topics and difficulties that no question has together are refused: the daily question would never come."""
    told = await stage.player("Boss", admin=True).does("setup time=09:00 topics=regularization difficulty=hard")
    assert told == "No question has these topics and difficulties. Name more of them, or all."
    assert await settings_of(stage) == Settings()


# --- the form ----------------------------------------------------------------------------------------------------


async def test_bare_setup_is_a_form_filled_with_what_is_set(stage):
    """`setup` without words opens a form whose fields hold the settings; before the first time, what is usual."""
    boss = stage.player("Boss", admin=True)
    form = await boss.gets("setup")
    assert isinstance(form, Form)
    assert {field.name: field.value for field in form.fields} == {
        "time": "09:00", "timezone": "Europe/Berlin", "days": "mon, tue, wed, thu, fri", "reveal": "", "topics": "",
        "difficulty": "", "feedback": "reveal",
    }  # fmt: skip
    await boss.does("setup time=10:15 timezone=Tokyo days=sun, sat reveal=18:00 topics=optimization feedback=immediate")
    form = await boss.gets("setup")
    assert {field.name: field.value for field in form.fields} == {
        "time": "10:15", "timezone": "Asia/Tokyo", "days": "sat, sun", "reveal": "18:00", "topics": "optimization",
        "difficulty": "", "feedback": "immediate",
    }  # fmt: skip
    assert [field.name for field in form.fields if not field.required] == ["reveal", "topics", "difficulty"]
    assert {field.asks for field in form.fields} == {Asks.TIME, Asks.ZONE, Asks.SOME_OF, Asks.ONE_OF}


async def test_the_form_as_it_opens_changes_nothing(stage):
    """Sending the form as it is filled in leaves every setting as it was."""
    boss = stage.player("Boss", admin=True)
    await boss.does(FULL)
    before = await settings_of(stage)
    form = await boss.gets("setup")
    values = {field.name: field.value for field in form.fields}
    assert commands.check_form(stage.quiz, boss.caller(), form.action, values) == {}
    told = shown(await commands.submit(stage.quiz, boss.caller(), form.action, values))
    assert told.startswith("This channel is set up\n")
    assert await settings_of(stage) == before


async def test_an_empty_field_of_the_form_means_something(stage):
    """An emptied reveal, topics or difficulty means the next question, all and all."""
    boss = stage.player("Boss", admin=True)
    await boss.does(FULL)
    values = {"time": "09:00", "reveal": "", "topics": " ", "difficulty": ""}
    await commands.submit(stage.quiz, boss.caller(), "setup", values)
    assert await settings_of(stage) == Settings(replace(PLAN, reveal=None))


async def test_a_fault_stands_at_its_field(stage):
    """What is wrong with a form is told field by field, all at once, and nothing is kept."""
    boss = stage.player("Boss", admin=True)
    values = {"time": "9 o'clock", "timezone": "berl", "days": "mon", "topics": "zzz", "feedback": "reveal"}
    wrong = commands.check_form(stage.quiz, boss.caller(), "setup", values)
    assert set(wrong) == {"time", "timezone", "topics"}
    told = await commands.submit(stage.quiz, boss.caller(), "setup", values)
    assert isinstance(told, Message)
    assert sorted(told.body) == sorted(wrong.values())
    assert await settings_of(stage) == Settings()


# --- status ------------------------------------------------------------------------------------------------------


async def test_status_without_a_schedule(stage):
    """Where nothing is set, `status` says so and how an admin sets it."""
    assert (await stage.player("Ann").does("status")).splitlines() == [
        "The quiz in this channel",
        "This channel has no daily question. An admin gives it one with /quiz setup.",
        "No question is open.",
        "Topics: all",
        "Difficulty: all",
        "Grades are told: at the reveal",
    ]


async def test_status_of_a_daily_channel(stage):
    """`status` names the next question's time, whether a round is open and every setting; to everyone alike."""
    await stage.player("Boss", admin=True).does(FULL)
    ann = stage.player("Ann")
    lines = (await ann.does("status")).splitlines()
    assert lines == [
        "The quiz in this channel",
        "The next question of the day comes Mon 16 Nov, 09:00.",
        "No question is open.",
        "Question of the day: 09:00, Monday to Friday",
        "Reveal: 16:30",
        "Time zone: Europe/Berlin",
        "Topics: Optimization",
        "Difficulty: medium",
        "Grades are told: at the reveal",
    ]
    await stage.at("2026-11-16 09:00")
    lines = (await ann.does("status")).splitlines()
    assert lines[1:3] == [
        "The next question of the day comes Tue 17 Nov, 09:00.",
        "A question is open until Mon 16 Nov, 16:30.",
    ]


async def test_status_of_a_declared_channel(stages):
    """What the file declares is shown with its skipped dates, and with where it stands."""
    stage = await stages()
    await stage.declare(daily(skip=["2026-12-25", "2026-12-24"]))
    lines = (await stage.player("Ann").does("status")).splitlines()
    assert "Not on: 2026-12-24, 2026-12-25" in lines
    assert "These settings stand in the file quizbot.yaml, and can be changed only there." in lines


async def test_status_of_a_paused_channel(daily_stage):
    """A pause is shown with its reason and with what ends it, whether an admin or the platform caused it."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    await boss.does("pause")
    assert (await boss.does("status")).splitlines()[1] == (
        "Paused: an admin paused it. /quiz resume starts the daily question again."
    )
    await boss.does("resume")
    stage.chat.refusing[ROOM] = "I am missing the permission Send Messages"
    await stage.at("2026-11-16 09:00")
    assert (await boss.does("status")).splitlines()[1] == (
        "Paused: I am missing the permission Send Messages. /quiz resume starts the daily question again."
    )


async def test_status_of_a_round_without_an_end(stages):
    """A round that lasts until its reveal is shown as that."""
    stage = await stages(rules=replace((await stages()).rules, minutes=None))
    ann = stage.player("Ann")
    await ann.does("ask")
    assert "A question is open until its reveal." in (await ann.does("status")).splitlines()


# --- pause and resume --------------------------------------------------------------------------------------------


async def test_pause_and_resume_without_a_schedule(stage):
    """Where there is no schedule there is nothing to pause or to resume, and what makes one is named."""
    boss = stage.player("Boss", admin=True)
    assert await boss.does("pause") == NO_SCHEDULE
    assert await boss.does("resume") == NO_SCHEDULE


async def test_resume_where_nothing_is_paused(daily_stage):
    """`resume` in a channel that is not paused changes nothing and says where the next time stands."""
    boss = daily_stage.player("Boss", admin=True)
    await boss.does("help")
    before = await daily_stage.quiz.store.known(ROOM)
    told = await boss.does("resume")
    assert told == "The daily question here is not paused. /quiz status shows when it comes."
    assert await daily_stage.quiz.store.known(ROOM) == before


async def test_a_pause_posts_nothing_and_nothing_is_caught_up(daily_stage):
    """While paused no question comes; after `resume` the next one comes at its time, and none of those missed."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    assert await boss.does("pause") == PAUSED
    assert await boss.does("pause") == PAUSED
    await weekday_posts(stage, 16, 17)
    assert stage.chat.posted == []
    stage.clock.now = stage.local("2026-11-18 09:30")
    assert await boss.does("resume") == (
        "The daily question is on again.\nThe next question of the day comes Thu 19 Nov, 09:00."
    )
    await stage.work()
    assert stage.chat.posted == []
    await stage.at("2026-11-19 09:00")
    assert len(stage.chat.posted) == 1


async def test_an_open_round_goes_on_while_paused(daily_stage):
    """A round that is open when its channel is paused takes answers and is revealed at its time."""
    stage = daily_stage
    await stage.at("2026-11-16 09:00")
    await stage.player("Boss", admin=True).does("pause")
    assert (await stage.player("Ann").chooses("right")).startswith("Recorded: ")
    await stage.at("2026-11-16 16:30")
    assert len(stage.reveals) == 1
    await stage.at("2026-11-17 09:00")
    assert len(stage.chat.seen(ROOM, "question")) == 1


async def test_resume_on_a_day_that_was_asked(daily_stage):
    """Paused after the day's question and resumed the same day, the channel is not asked twice on it."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    stage.clock.now = stage.local("2026-11-16 08:30")
    await boss.does("post")
    await boss.does("pause")
    told = await boss.does("resume")
    assert told.splitlines()[1] == "The next question of the day comes Tue 17 Nov, 09:00."
    await stage.at("2026-11-16 09:00")
    assert len(stage.chat.seen(ROOM, "question")) == 1


async def test_a_pause_survives_a_restart(stages):
    """A paused channel stays paused when the bot starts again."""
    stage = await stages()
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    await boss.does("pause")
    await stage.stop()
    await stage.start()
    await stage.at("2026-11-16 09:00")
    assert stage.chat.posted == []
    assert (await boss.does("status")).splitlines()[1].startswith("Paused: an admin paused it.")


async def test_a_pause_survives_a_declaration(daily_stage):
    """A channel of the configuration file that an admin paused stays paused when the file is read again, changed or
    not, and nothing is caught up when it is resumed."""
    stage = daily_stage
    boss = stage.player("Boss", admin=True)
    await boss.does("pause")
    for again in (daily(), daily(post="10:00")):
        await stage.stop()
        await stage.start()
        await stage.declare(again)
        assert (await boss.does("status")).splitlines()[1].startswith("Paused: an admin paused it.")
    await weekday_posts(stage, 16, 17)
    assert stage.chat.posted == []
    stage.clock.now = stage.local("2026-11-17 20:00")
    await boss.does("resume")
    await stage.work()
    assert stage.chat.posted == []
    await stage.at("2026-11-18 10:00")
    assert len(stage.chat.posted) == 1


async def test_a_start_tries_a_refused_channel_again(daily_stage):
    """A pause that the platform caused ends with the next start: whoever runs the bot has mended it by then."""
    stage = daily_stage
    stage.chat.refusing[ROOM] = "no permission"
    await stage.at("2026-11-16 09:00")
    stage.chat.refusing.clear()
    await stage.declare(daily())
    await stage.at("2026-11-17 09:00")
    assert len(stage.chat.posted) == 1


async def test_setup_does_not_end_a_pause(stage):
    """Changing a paused channel keeps it paused, and says so."""
    boss = stage.player("Boss", admin=True)
    await boss.does("setup time=09:00")
    await boss.does("pause")
    told = await boss.does("setup time=10:00")
    assert told.splitlines()[1] == "The daily question here is paused. /quiz resume starts it again."
    await stage.at("2026-11-16 10:00")
    assert stage.chat.posted == []
