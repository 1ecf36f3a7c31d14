"""Delivery: one post and one reveal for each round, whatever fails, and whenever the process dies."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.core import due, posting
from bot.core.model import Address, State
from bot.core.ports import Unavailable

from .stage import LOBBY, ROOM, bank_of, choice, daily, due_now

MON, TUE, WED = "2026-11-16", "2026-11-17", "2026-11-18"


def kinds(stage, address=ROOM):
    """What a channel shows, in order: q for a question, r for a reveal."""
    return "".join(one.mark[0] for one in stage.chat.seen(address))


async def pass_time(stage, seconds, step=5):
    """Let time pass in steps, and do in each what is due."""
    for _ in range(0, seconds, step):
        stage.clock.forward(seconds=step)
        await stage.work()


# --- on time -----------------------------------------------------------------------------------------------------


async def test_a_post_comes_at_its_minute_and_never_before(daily_stage):
    """Up to the last microsecond before its minute nothing is posted; then one question is, and no second one."""
    stage = daily_stage
    stage.clock.now = stage.local(f"{MON} 09:00") - timedelta(microseconds=1)
    await stage.work()
    assert kinds(stage) == ""
    await stage.at(f"{MON} 09:00")
    assert kinds(stage) == "q"
    assert stage.question.message.title == "Question of the day · Optimization · medium · 20 points"
    await pass_time(stage, 120)
    assert kinds(stage) == "q"
    assert await stage.next_post() == stage.local(f"{TUE} 09:00")


async def test_a_reveal_comes_at_its_minute_and_never_before(daily_stage):
    """The reveal comes at the reveal time, once."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    stage.clock.now = stage.local(f"{MON} 16:30") - timedelta(microseconds=1)
    await stage.work()
    assert kinds(stage) == "q"
    await stage.at(f"{MON} 16:30")
    await pass_time(stage, 120)
    assert kinds(stage) == "qr"


async def test_days_off_have_no_question(stages):
    """Nothing is posted on weekends and on skipped dates."""
    stage = await stages()
    await stage.declare(daily(skip=[TUE]))
    for day in range(16, 24):
        await stage.at(f"2026-11-{day} 09:00")
        await stage.at(f"2026-11-{day} 16:30")
    posted = [one.at.day for one in stage.chat.seen(ROOM, "question")]
    assert posted == [16, 18, 19, 20, 23]


async def test_clock_changes_post_each_day_once(stages):
    """Across both clock changes of Berlin every day has one question, at 02:30, or 03:00 where 02:30 does not exist."""
    stage = await stages(now=datetime(2026, 3, 27, 12, tzinfo=UTC))
    await stage.declare(daily(post="02:30", reveal="02:00", days=range(7)))
    for day in ("2026-03-28", "2026-03-29", "2026-03-30"):
        for hour in range(24):
            await stage.at(f"{day} {hour:02}:00")
            await stage.at(f"{day} {hour:02}:30")
    assert [f"{one.at:%d %H:%M}" for one in stage.chat.seen(ROOM, "question")] == ["28 01:30", "29 01:00", "30 00:30"]


# --- late --------------------------------------------------------------------------------------------------------


async def test_a_late_start_within_the_grace_posts_late(daily_stage, caplog):
    """Down over the posting time for less than two hours: the question comes late, and closes at its reveal time."""
    await daily_stage.at(f"{MON} 10:59:59")
    assert kinds(daily_stage) == "q"
    assert "Mon 16 Nov, 16:30" in daily_stage.question.text


async def test_a_late_start_beyond_the_grace_skips_the_day(daily_stage, caplog):
    """Down for longer: that day is skipped, the log says so, and the next day's question comes."""
    await daily_stage.at(f"{MON} 11:00:01")
    assert kinds(daily_stage) == ""
    [missed] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert missed.getMessage() == "the question of 2026-11-16 08:00:00+00:00 was missed and is skipped"
    assert (missed.channel, missed.promise) == ("discord:room", "question_skipped")
    await daily_stage.at(f"{TUE} 09:00")
    assert kinds(daily_stage) == "q"


async def test_a_start_after_days_posts_only_the_last(daily_stage, caplog):
    """Down over several posting times: only the last one is made good, if it is within the grace."""
    await daily_stage.at(f"{WED} 09:30")
    assert kinds(daily_stage) == "q"
    assert sum("was missed" in record.getMessage() for record in caplog.records) == 2


async def test_times_before_a_channel_was_set_up_are_never_caught_up(stages):
    """A channel that is set up an hour after its posting time waits for the next day."""
    stage = await stages()
    stage.clock.now = stage.local(f"{MON} 10:00")
    await stage.declare(daily())
    await pass_time(stage, 60)
    assert kinds(stage) == ""
    await stage.at(f"{TUE} 09:00")
    assert kinds(stage) == "q"


async def test_a_restart_keeps_the_next_post(daily_stage):
    """Declaring the same schedule again at a restart does not lose a post that was missed meanwhile."""
    stage = daily_stage
    await stage.stop()
    stage.clock.now = stage.local(f"{MON} 09:30")
    await stage.start()
    await stage.declare(daily())
    await stage.work()
    assert kinds(stage) == "q"


async def test_a_schedule_moved_to_later_on_the_same_day(daily_stage):
    """A day has one daily question: moving the time after it was asked posts none again, and ends none early."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    await stage.declare(daily(post="15:00"))
    await stage.at(f"{MON} 15:00")
    assert kinds(stage) == "q"
    assert "A" in stage.question.actions
    assert await stage.next_post() == stage.local(f"{TUE} 15:00")
    await stage.at(f"{MON} 16:30")
    assert kinds(stage) == "qr"


async def test_a_missed_reveal_is_made_good_however_late(daily_stage):
    """A reveal whose time passed while the bot was down comes at the next start, days later too."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    await stage.player("Ann").chooses("right")
    await stage.stop()
    stage.clock.forward(days=40)
    await stage.start()
    await stage.work()
    assert kinds(stage).startswith("qr")
    assert "Right: Ann, 1 of 1" in stage.reveals[0].text
    assert "That week: 1 Ann 20" in stage.reveals[0].text


# --- a platform that does not answer -------------------------------------------------------------------------------


async def test_a_post_waits_for_the_platform(daily_stage):
    """A platform that is down is asked ever more rarely; once it answers the question is there, once."""
    stage = daily_stage
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    await pass_time(stage, 600)
    assert 5 <= stage.chat.asked["post"] + stage.chat.asked["find"] <= 16
    stage.chat.down = False
    await pass_time(stage, 300)
    assert kinds(stage) == "q"
    assert "A" in stage.question.actions


async def test_a_reveal_waits_for_the_platform(daily_stage):
    """A reveal that the platform did not take comes once it does, with the question closed."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    stage.chat.down = True
    await stage.at(f"{MON} 16:30")
    await pass_time(stage, 100)
    assert kinds(stage) == "q"
    stage.chat.down = False
    await pass_time(stage, 300)
    assert kinds(stage) == "qr"
    assert list(stage.question.actions) == ["My answer"]


async def test_a_question_that_could_not_be_posted_in_time_is_given_up(daily_stage):
    """A platform down for longer than the grace: that day has no question, and the next day's comes as planned."""
    stage = daily_stage
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    await pass_time(stage, 4 * 3600, step=600)
    stage.chat.down = False
    await pass_time(stage, 600)
    assert kinds(stage) == ""
    await stage.at(f"{TUE} 09:00")
    assert kinds(stage) == "q"


async def test_an_extra_question_whose_time_is_over_is_given_up(stage):
    """A question that was asked for while the platform was down does not come after its minutes; another one can."""
    stage.chat.down = True
    ann = stage.player("Ann")
    await ann.does("ask")
    await pass_time(stage, 120)
    stage.chat.down = False
    await pass_time(stage, 120)
    assert kinds(stage) == ""
    await ann.does("ask")
    assert kinds(stage) == "q"


async def test_an_outage_over_two_posting_times(daily_stage):
    """A platform that comes back within the grace of the second day gets the second day's question."""
    stage = daily_stage
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    await stage.at(f"{MON} 16:30")
    await stage.at(f"{TUE} 09:00")
    await stage.at(f"{TUE} 09:10")
    stage.chat.down = False
    await pass_time(stage, 600)
    assert kinds(stage) == "q"
    assert stage.question.at.day == 17
    await stage.at(f"{TUE} 16:30")
    assert kinds(stage) == "qr"


async def test_the_caller_is_told_that_a_post_waits(stage):
    """`ask` and `reveal` do not claim what the platform has not shown."""
    stage.chat.down = True
    ann = stage.player("Ann")
    waits = "The chat platform does not answer at the moment; the message follows as soon as it does."
    assert await ann.does("ask 10m") == waits
    assert await ann.does("reveal") == (
        "This question is still on its way into the channel. Please try again in a minute."
    )
    stage.chat.down = False
    await pass_time(stage, 10)
    assert kinds(stage) == "q"
    stage.chat.down = True
    assert await ann.does("reveal") == waits
    stage.chat.down = False
    await pass_time(stage, 10)
    assert kinds(stage) == "qr"


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_a_lost_response_never_posts_twice(daily_stage, lost):
    """Where the platform acted and its response was lost, the message is found and not sent again."""
    stage = daily_stage
    stage.chat.losing = lost
    await stage.at(f"{MON} 09:00")
    await pass_time(stage, 60)
    assert kinds(stage) == "q"
    stage.chat.losing = lost
    await stage.player("Ann").chooses("right")
    await stage.at(f"{MON} 16:30")
    await pass_time(stage, 120)
    assert kinds(stage) == "qr"
    assert stage.chat.losing == 0 or lost > 1
    assert list(stage.question.actions) == ["My answer"]


async def test_a_message_seen_before_its_round_is_open_can_be_answered(daily_stage):
    """Where the response to the post was lost, members may already answer what they see; it counts."""
    stage = daily_stage
    stage.chat.losing = 1
    await stage.at(f"{MON} 09:00")
    assert (await stage.quiz.store.round(1)).state is State.POSTING
    assert (await stage.player("Ann").chooses("right")).startswith("Recorded: ")
    await pass_time(stage, 60)
    await stage.at(f"{MON} 16:30")
    assert "Right: Ann, 1 of 1" in stage.reveals[0].text


async def test_a_platform_that_never_answers_is_given_up_for_a_while(daily_stage, monkeypatch):
    """A call that hangs is ended and tried again later; the question still comes once."""
    monkeypatch.setattr(posting, "TRY", 0.05)
    stage = daily_stage
    stage.chat.hanging.add(ROOM)
    await stage.at(f"{MON} 09:00")
    assert kinds(stage) == ""
    stage.chat.hanging.clear()
    await pass_time(stage, 60)
    assert kinds(stage) == "q"


# --- a channel that cannot be read ---------------------------------------------------------------------------------


async def test_an_attempt_that_was_turned_away_is_repeated_without_a_look(daily_stage):
    """What a platform surely did not do (its limits, no connection) is tried again where the bot cannot look, too."""
    stage = daily_stage
    stage.chat.away, stage.chat.blind = True, True
    await stage.at(f"{MON} 09:00")
    await pass_time(stage, 60)
    stage.chat.away = False
    await pass_time(stage, 60)
    assert kinds(stage) == "q"
    stage.chat.away = True
    await stage.at(f"{MON} 16:30")
    await pass_time(stage, 60)
    stage.chat.away = False
    await pass_time(stage, 60)
    assert kinds(stage) == "qr"


async def test_a_look_that_was_turned_away_says_nothing_of_the_attempt(daily_stage):
    """After an attempt that ended unknown, a look that was turned away leaves it unknown: no second post."""
    stage = daily_stage
    stage.chat.losing = 1
    await stage.at(f"{MON} 09:00")
    stage.chat.away = True
    await pass_time(stage, 20)
    stage.chat.away = False
    await pass_time(stage, 60)
    assert kinds(stage) == "q"


async def test_a_reveal_that_was_refused_comes_where_the_bot_cannot_look(daily_stage):
    """A channel was archived over its reveal and is back: the reveal is made good, without a look."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    stage.chat.blind, stage.chat.refusing[ROOM] = True, "it is archived"
    await stage.at(f"{MON} 16:30")
    stage.chat.refusing.clear()
    await pass_time(stage, 3700, step=60)
    assert kinds(stage) == "qr"


async def test_what_is_due_at_once_goes_out_in_parts(stages, monkeypatch):
    """So many channels at a time are claimed; the others wait their turn, and none is left out."""
    monkeypatch.setattr(due, "AT_ONCE", 3)
    stage = await stages()
    rooms = [Address("discord", f"room {n}") for n in range(20)]
    await stage.declare(*map(daily, rooms))
    stage.clock.now = stage.local(f"{MON} 09:00")
    stage.chat.slow = asyncio.Event()
    stopping = asyncio.Event()
    loop = asyncio.create_task(due.forever(stage.quiz, stopping))
    async with asyncio.timeout(10):
        while stage.chat.asked["post"] < 3:  # noqa: ASYNC110  # the platform rings no bell
            await asyncio.sleep(0)
    claimed = [await stage.quiz.store.round(n) is not None for n in range(1, 5)]
    assert claimed == [True, True, True, False]
    monkeypatch.setattr(due, "BREATH", 0.0)
    stage.chat.slow.set()
    async with asyncio.timeout(10):
        while len(stage.chat.posted) < len(rooms):  # noqa: ASYNC110  # the platform rings no bell
            await asyncio.sleep(0.01)
    stopping.set()
    await loop
    assert sorted(one.address.id for one in stage.chat.posted) == sorted(room.id for room in rooms)


async def test_reveals_and_posts_take_turns(stages):
    """Where many reveals are due, posts that are due wait for one of them each, not for all."""
    stage = await stages()
    await stage.declare(*(daily(Address("discord", f"early {n}"), reveal="10:00") for n in range(5)),
                        *(daily(Address("discord", f"late {n}"), post="10:00") for n in range(3)))  # fmt: skip
    await stage.at(f"{MON} 09:00")
    stage.clock.now = stage.local(f"{MON} 10:00")
    for job in await due_now(stage.quiz):
        await due._guarded(stage.quiz, job)
    assert "".join(one.mark[0] for one in stage.chat.posted[5:]) == "qrqrqrrr"


async def test_a_channel_that_cannot_be_read_never_gets_two_posts(daily_stage, caplog):
    """An attempt that ended unknown is not repeated where the bot cannot look; and the log says so."""
    stage = daily_stage
    stage.chat.losing, stage.chat.blind = 1, True
    await stage.at(f"{MON} 09:00")
    await pass_time(stage, 120)
    assert kinds(stage) == "q"
    assert any("cannot be read" in record.getMessage() for record in caplog.records)
    await stage.at(f"{TUE} 09:00")
    assert kinds(stage) == "qq"


async def test_a_confirmed_answer_proves_a_post_that_cannot_be_looked_for(daily_stage):
    """Where somebody answered before anyone could tell whether the question was posted, the round goes on."""
    stage = daily_stage
    stage.chat.losing, stage.chat.blind = 1, True
    await stage.at(f"{MON} 09:00")
    ann = stage.player("Ann")
    assert (await ann.chooses("right")).startswith("Recorded: ")
    await pass_time(stage, 60)
    await posting.show_count(stage.quiz, 1)
    await stage.at(f"{MON} 16:30")
    assert "Right: Ann, 1 of 1" in stage.reveals[0].text
    assert await stage.board(ann) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


async def test_a_reveal_in_a_channel_that_cannot_be_read_comes_at_most_once(daily_stage):
    """A reveal whose response was lost is not sent again where the bot cannot look; the points stand."""
    stage = daily_stage
    stage.chat.blind = True
    await stage.at(f"{MON} 09:00")
    await stage.player("Ann").chooses("right")
    stage.clock.now = stage.local(f"{MON} 16:30")
    stage.chat.when_edited.append(lose_next_post(stage))
    await stage.work()
    await pass_time(stage, 120)
    assert kinds(stage) == "qr"
    assert await stage.board(stage.player("Ann")) == ["1|Ann (you)|20 points|1 of 1 right|streak 1"]


def lose_next_post(stage):
    """Act on an edit: let the response to the next post be lost."""

    async def act():
        stage.chat.when_posted = lambda: setattr(stage.chat, "losing", 1)

    return act


async def test_a_count_that_another_process_overtook_is_shown_again(daily_stage):
    """While one process shows how many answered, an answer comes to another one, which shows its count first: the last
    count shown is still the right one."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    await stage.player("Ann").chooses("right")
    stage.quiz.touched.clear()

    async def another_answer():
        await stage.player("Bo").chooses("wrong")
        stage.quiz.touched.clear()

    stage.chat.when_edited.append(another_answer)
    await posting.show_count(stage.quiz, 1)
    assert "1 person has answered" in stage.question.text
    assert stage.quiz.touched == {1}
    await posting.show_count(stage.quiz, 1)
    assert "2 people have answered" in stage.question.text


# --- a platform that refuses ---------------------------------------------------------------------------------------


async def test_a_refused_post_pauses_the_channel_and_no_other(stages):
    """A channel that cannot be posted in is paused with the reason; others go on; nothing is deleted."""
    stage = await stages()
    await stage.declare(daily(), daily(LOBBY))
    stage.chat.refusing[ROOM] = "I am missing the permission Send Messages"
    await stage.at(f"{MON} 09:00")
    room = await stage.quiz.store.known(ROOM)
    assert room.paused == "I am missing the permission Send Messages"
    assert room.settings.schedule is not None
    assert (kinds(stage), kinds(stage, LOBBY)) == ("", "q")
    stage.chat.refusing.clear()
    await stage.at(f"{TUE} 09:00")
    assert (kinds(stage), kinds(stage, LOBBY)) == ("", "qrq")


async def test_a_refusal_after_a_lost_response_pauses_too(daily_stage):
    """Where the second attempt is refused, the channel is paused with the reason."""
    stage = daily_stage
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    stage.chat.down, stage.chat.refusing[ROOM] = False, "I was removed"
    await pass_time(stage, 30)
    assert (await stage.quiz.store.known(ROOM)).paused == "I was removed"


async def test_a_refused_reveal_is_tried_again(daily_stage):
    """A reveal that the platform refuses is not lost: once somebody mended the channel it comes, once."""
    stage = daily_stage
    await stage.at(f"{MON} 09:00")
    stage.chat.refusing[ROOM] = "I am missing the permission Send Messages"
    await stage.at(f"{MON} 16:30")
    stage.chat.refusing.clear()
    await pass_time(stage, 4000, step=100)
    assert kinds(stage) == "qr"


# --- killed at any instant -----------------------------------------------------------------------------------------

WRITES = {
    "declare", "withdraw", "join", "channel", "member", "pause", "schedule", "move_on", "pick",
    "claim", "take", "trying", "put_off", "opened", "void", "close", "revealed", "record", "post", "edit",
}  # fmt: skip


class Killed(BaseException):
    """The process dies here."""


class Fuse:
    """Ends a process at the n-th call that changes the store or a channel.

    What only reads leaves everything as it was: to die there is to die after the change before it.
    """

    def __init__(self, burns_at):
        self.calls, self.burns_at, self.armed, self.what = 0, burns_at, False, ""

    def burn(self, name):
        """Count a call; True at the n-th."""
        self.calls += self.armed and name in WRITES
        if not self.armed or name not in WRITES or self.calls != self.burns_at:
            return False
        self.what = name
        return True


class _Fused:
    def __init__(self, fuse, port):
        self._fuse, self._port = fuse, port

    def __getattr__(self, name):
        method = getattr(self._port, name)

        async def call(*args, **more):
            result = await method(*args, **more)
            if self._fuse.burn(name):
                raise Killed(name)
            return result

        return call


class _Failing(_Fused):
    def __getattr__(self, name):
        method, platform = getattr(self._port, name), name in ("post", "edit")

        async def call(*args, **more):
            result = await method(*args, **more) if platform else None
            if self._fuse.burn(name):
                raise Unavailable("it broke")
            return result if platform else await method(*args, **more)

        return call


ACTS = (
    (f"{MON} 09:00", "", ""),
    (f"{MON} 09:05", "Ann", "right"),
    (f"{MON} 09:06", "Bo", "odd"),
    (f"{MON} 09:07", "Bo", "right"),
    (f"{MON} 16:30", "", ""),
    (f"{TUE} 09:00", "", ""),
)
"""What happens on a day and the next morning: when, who, and which option."""


async def play(stage, fuse, restart):
    """A day with a restart where the process dies: what each member was last confirmed, and what was last tried."""
    confirmed, tried, well = {}, {}, True
    for at, name, option in ACTS:
        stage.clock.now = stage.local(at)
        try:
            if name:
                tried[name] = option
                if (await stage.player(name).chooses(option)).startswith(("Recorded", "Changed")):
                    confirmed[name] = option
            await stage.work()
        except Killed:
            await restart()
            await stage.work()
        if fuse.what and well:
            well = False
            await pass_time(stage, 52, step=26)  # longer than a process may keep a step in its hands
    return confirmed, tried


async def day_with_a_fault(stages, schedule, fuse, wrapped):
    """A stage on which a day was played with a fault at one call, and what its members were told."""
    bank = bank_of(choice("rate"), choice("adam"))
    stage = await stages(bank, wrap=lambda port: wrapped(fuse, port))
    await stage.declare(schedule)
    fuse.armed = True

    async def restart():
        await stage.stop()
        stage.clock.forward(seconds=1)
        await stage.start()
        await stage.declare(schedule)

    return stage, *await play(stage, fuse, restart)


async def check_day(stage, confirmed, tried, revealed):
    """One question each morning, the first one closed and revealed at its time, and every confirmed answer in it."""
    questions = stage.chat.seen(ROOM, "question")
    assert [f"{one.at:%d %H:%M}" for one in questions] == ["16 08:00", "17 08:00"]
    assert [f"{one.at:%d %H:%M}" for one in stage.reveals] == [revealed]
    assert ["A" in one.actions for one in questions] == [False, True]
    letters = {line[0]: line[3:] for line in questions[0].text.splitlines()[2:6]}
    counts = {entry.name: letters[entry.text] for entry in await stage.quiz.store.entries(1)}
    for name, option in confirmed.items():
        assert counts[name] in {option, tried[name]}


@pytest.mark.parametrize(
    ("wrapped", "reveal", "revealed"),
    [(_Fused, "16:30", "16 15:30"), (_Fused, None, "17 08:00"), (_Failing, "16:30", "16 15:30")],
    ids=["killed", "killed, revealed by the next post", "unavailable"],
)
async def test_whatever_fails_at_any_call(stages, wrapped, reveal, revealed):
    """Killed at, or without an answer to, any one call to the store or the platform: one post and one reveal for each
    day, each in its minute, and no confirmed answer lost."""
    burnt = []
    while True:
        fuse = Fuse(len(burnt) + 1)
        stage, confirmed, tried = await day_with_a_fault(stages, daily(reveal=reveal), fuse, wrapped)
        await check_day(stage, confirmed, tried, revealed)
        await stage.stop()
        if not fuse.what:
            break
        burnt.append(fuse.what)
    assert {"claim", "post", "opened", "move_on", "record", "close", "edit", "revealed"} <= set(burnt)


# --- several processes ---------------------------------------------------------------------------------------------


async def together(stage, quizzes, at_once):
    """Let several processes see the same work as due, and do it at once, or one after the other."""
    found = [job for quiz in quizzes for job in await due_now(quiz)]
    if at_once:
        await asyncio.gather(*(due._guarded(stage.quiz, job) for job in found))
    for job in found:
        await due._guarded(stage.quiz, job)
    await asyncio.gather(*(stage.work(quiz) for quiz in quizzes))


@pytest.mark.parametrize(
    ("processes", "at_once", "reveal"), [(4, True, "16:30"), (2, True, None), (2, False, "16:30"), (2, False, None)]
)
async def test_several_processes_post_and_reveal_once(stages, processes, at_once, reveal):
    """Several processes on one file find the same work due: one post, still open, and one reveal, every day.

    Where one process posts while the other still reveals, the new question may come just before the old answer.
    """
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    await stage.declare(daily(reveal=reveal), daily(LOBBY, reveal=reveal))
    quizzes = [await stage.start() for _ in range(processes)]
    shown = ""
    for day in (MON, TUE):
        stage.clock.now = stage.local(f"{day} 09:00")
        await together(stage, quizzes, at_once)
        shown += "rq" if reveal is None and shown else "q"
        assert all(sorted(kinds(stage, room)) == sorted(shown) for room in (ROOM, LOBBY))
        assert "A" in stage.question.actions
        stage.clock.now = stage.local(f"{day} 16:30")
        await together(stage, quizzes, at_once)
        shown += "r" if reveal else ""
        assert all(sorted(kinds(stage, room)) == sorted(shown) for room in (ROOM, LOBBY))


async def test_several_processes_finish_what_one_began(daily_stage):
    """Work that the platform did not take is found by every process; while one does it, the others let it be."""
    stage, chat = daily_stage, daily_stage.chat
    quizzes = [await stage.start() for _ in range(3)]
    for time, after in ((f"{MON} 09:00", "q"), (f"{MON} 16:30", "qr")):
        chat.down = True
        await stage.at(time)
        chat.down, chat.slow = False, asyncio.Event()
        stage.clock.forward(seconds=10)
        found = [job for quiz in quizzes for job in await due_now(quiz)]
        working = {asyncio.create_task(due._guarded(stage.quiz, job)) for job in found}
        while len(working) > 1:
            finished, working = await asyncio.wait(working, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            assert finished, "more than one is at it"
        chat.slow.set()
        await asyncio.gather(*working)
        assert kinds(stage) == after


async def test_a_post_by_hand_and_the_schedule_at_once(stages):
    """An admin's `post` in one process while another does the scheduled one: one question, and it stays open."""
    for _ in range(3):
        stage = await stages(bank_of(choice("rate")))
        await stage.declare(daily())
        other = await stage.start()
        stage.clock.now = stage.local(f"{MON} 09:00")
        [job] = await due_now(other)
        await asyncio.gather(stage.player("Boss", admin=True).does("post"), due._guarded(stage.quiz, job))
        assert kinds(stage) == "q"
        assert "A" in stage.question.actions


async def test_two_who_ask_at_once(stages):
    """Two members ask at the same moment in two processes: one question is posted, and the other is told so."""
    stage = await stages()
    ann, bo = stage.player("Ann"), stage.player("Bo")
    for who in (ann, bo):
        await who.does("help")
    replies = await asyncio.gather(ann.does("ask"), bo.does("ask"))
    assert kinds(stage) == "q"
    assert sum(reply.startswith("The question is posted.") for reply in replies) == 1
    other = "Somebody asked for a question at the same moment: answer that one first."
    assert other in replies or any(reply.startswith("A question is open") for reply in replies)


async def test_two_who_reveal_at_once(daily_stage):
    """Two reveals of one round at the same moment are one reveal."""
    await daily_stage.at(f"{MON} 09:00")
    boss = daily_stage.player("Boss", admin=True)
    await asyncio.gather(boss.does("reveal"), boss.does("reveal"), daily_stage.at(f"{MON} 16:30"))
    assert kinds(daily_stage) == "qr"


# --- the loop ------------------------------------------------------------------------------------------------------


async def test_the_loop_does_what_is_due_and_stops(daily_stage):
    """The loop posts what is due by itself, finishes what it began when it is told to stop, and ends."""
    stage, stopping = daily_stage, asyncio.Event()
    stage.chat.when_posted = stopping.set
    stage.clock.now = stage.local(f"{MON} 09:00")
    async with asyncio.timeout(10):
        await due.forever(stage.quiz, stopping)
    assert kinds(stage) == "q"
    assert (await stage.quiz.store.round(1)).state is State.OPEN
    assert await stage.next_post() == stage.local(f"{TUE} 09:00")


async def test_a_channel_that_hangs_does_not_hold_up_another(stages, monkeypatch):
    """While one channel's platform does not answer, the others get their questions."""
    monkeypatch.setattr(posting, "TRY", 0.5)
    stage, stopping = await stages(), asyncio.Event()
    await stage.declare(daily(), daily(LOBBY))
    stage.chat.hanging.add(ROOM)
    stage.chat.when_posted = stopping.set
    stage.clock.now = stage.local(f"{MON} 09:00")
    async with asyncio.timeout(10):
        await due.forever(stage.quiz, stopping)
    assert (kinds(stage), kinds(stage, LOBBY)) == ("", "q")
    stage.chat.hanging.clear()
    await pass_time(stage, 60)
    assert kinds(stage) == "q"
