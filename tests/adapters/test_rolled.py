"""Answers of long ago are rolled up: their words are gone, and everything that they came to stays and goes on."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, tuple_

from bot.adapters.sql import rolled
from bot.adapters.sql.check import Caps, Check
from bot.adapters.sql.tables import answers, entries
from bot.core import commands, due, retention

from .test_sql_rebuild import CAP, NAMES, PLACES, STEPS, Game, count_anew, kept, part_all, said, take

pytestmark = pytest.mark.store

STATS = [f"leaderboard {period}" for period in ("today", "week", "month", "season", "all")] + ["stats"]


async def roll_up(game, days=0):
    """Roll up all that is older than so many whole days; returns how many answers that were."""
    return sum([step async for step in retention.roll_up(game.store, game.now - timedelta(days=days))])


async def seen(game):
    """All that members may see of what they earned: lines of every period and statistics; only the list of their last
    answers names fewer."""
    shown = {}
    for place in PLACES:
        for name in NAMES:
            for words in STATS:
                told = await game.does(name, place, words)
                shown[name, place, words] = told.partition("\nYour last answers:")[0]
    return shown


async def compare(plain, rolled_up):
    """What both games hold beside the log is the same, but for entries of answers that are gone."""
    one, other = kept(plain), kept(rolled_up)
    assert other["standings"] == one["standings"]
    assert other["streaks"] == one["streaks"]
    left = {id for (id,) in rolled_up.rows("select id from answers")}
    assert other["entries"] == {place: its for place, its in one["entries"].items() if its[1] in left}
    for (id,) in plain.rows("select id from members"):
        records = [await game.store.record_of(id, 0) for game in (plain, rolled_up)]
        topics = [{topic.topic: (topic.answered, pytest.approx(topic.score)) for topic in r.topics} for r in records]
        assert topics[0] == topics[1]
    assert rolled_up.scratch.dangling() == []


# --- any game ----------------------------------------------------------------------------------------------------

ROLL = st.tuples(st.just("roll up"), st.sampled_from([1, 2, 5]), st.none())
OVERRULE = st.tuples(st.just("overrule"), st.sampled_from(PLACES), st.sampled_from(["everyone", "nobody"]))
HISTORY = st.lists(st.one_of(STEPS, STEPS, STEPS, ROLL, OVERRULE), min_size=10, max_size=30)


async def step_of(game, step, seed, *, rolls):
    """Do one thing; rolling up is done only in the game that does so."""
    what, one, two = step
    if what == "roll up":
        if rolls:
            await roll_up(game, one)
    elif what == "overrule":
        channel = await game.store.known(game.caller("Boss", one).address)
        rnd = channel and await game.store.last_revealed(channel.id)
        if rnd and game.now - rnd.opened_at < timedelta(days=1):  # later its answers may be gone in one game
            await game.does("Boss", one, f"overrule {two}")
    else:
        await take(game, step, Random(seed))


@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(HISTORY, st.randoms(use_true_random=False))
def test_nothing_moves(database, monkeypatch, steps, chance):
    """Two games in which the same is done, answered, linked, parted and ruled on, and in one of which answers are
    rolled up now and then, by few at a time: at every moment, counted anew, and with all links undone, boards,
    statistics and streaks are the same in both."""
    monkeypatch.setattr(rolled, "PAGE", 3)

    async def play():
        async with Game(database()) as plain, Game(database()) as rolled_up:
            games = (plain, rolled_up)
            for step in steps:
                seed = chance.random()
                for game in games:
                    await step_of(game, step, seed, rolls=game is rolled_up)
                await compare(plain, rolled_up)
            for game in games:
                for place in PLACES:
                    for words in ("reveal", "reveal"):
                        await game.does("Boss", place, words)
                game.now += timedelta(days=3)
            await roll_up(rolled_up, 1)
            await compare(plain, rolled_up)
            assert await seen(plain) == await seen(rolled_up)
            assert rolled_up.rows("select count(*) from answers") == [(0,)]
            for game in games:
                [verdict] = [line async for line in Check(game.database, Caps(CAP)).lines()]
                assert verdict.startswith("whole: ")
                await count_anew(game)
            await compare(plain, rolled_up)
            for game in games:
                await part_all(game)
            await compare(plain, rolled_up)
            assert await seen(plain) == await seen(rolled_up)
            for game in games:
                await game.link("B", "A")
                await game.link_me(("Ann", "A"), ("Ann", "B"))
            await compare(plain, rolled_up)

    asyncio.run(play())


# --- single rules ------------------------------------------------------------------------------------------------


@pytest.fixture
async def game(database):
    """A process on a new database."""
    async with Game(database()) as made:
        yield made


async def past(game, words="reveal", place="A", who=("Ann", "Bo")):
    """A round of four days ago, answered and revealed; the option that was changed is not the one that counts."""
    rnd = await game.opens(place, words)
    for name in who:
        await game.answers(name, rnd, "wrong", place)
        await game.answers(name, rnd, "right", place)
    await game.does("Boss", place, "reveal")
    game.now += timedelta(days=4)
    return rnd


async def test_what_is_rolled_up_and_what_stays(game):
    """Answers, entries, grades and appeals of old days are gone and one score each is left; later days stay whole."""
    old = await past(game)
    await game.does("Boss", "A", "overrule nobody")
    new = await past(game)
    before = game.rows("select * from answers where round_id = ?", new.id)
    assert await roll_up(game, 5) == 4
    assert game.rows("select round_id, score from scores") == [(old.id, 0.0)] * 2
    assert game.rows("select * from answers") == before
    assert game.rows("select distinct round_id from entries") == [(new.id,)]
    assert game.rows("select count(*) from regrades") == [(0,)]
    assert await roll_up(game, 5) == 0


async def test_a_round_that_is_not_revealed_waits(game):
    """The answers of a round whose reveal still has to come are not touched, and do not keep later ones from going."""
    waits = await game.opens("A", "reveal")
    await game.answers("Ann", waits, "right")
    await past(game, "easy")
    assert await roll_up(game, 2) == 1 + 1
    assert game.rows("select distinct round_id from answers") == [(waits.id,)]
    await game.does("Boss", "A", "reveal")
    assert await roll_up(game, 2) == 1


async def test_my_answer_of_long_ago(game):
    """ "My answer" says that answers of that age are no longer kept, and still explains; who overrules is told too."""
    rnd = await past(game)
    await roll_up(game, 2)
    told = said(await commands.press(game.quiz, game.caller("Ann", "A"), f"mine:{rnd.id}"))
    assert told.startswith("Answers to a question this old are no longer kept; what they earned still counts.\n")
    assert ": right" in told
    assert await game.does("Boss", "A", "overrule everyone") == (
        "The last question here is too old to be overruled: its answers are no longer kept."
    )


async def test_both_accounts_answered_the_same_question(game):
    """The first answer of a person counts, whether the accounts were linked before or after rolling up; parted, each
    account has its own again."""
    await game.link("B", "A")
    first, second = await game.opens("A", "reveal"), await game.opens("B", "reveal")
    await game.answers("Ann", second, "right")
    await game.answers("Ann", first, "wrong")
    for place in ("A", "B"):
        await game.does("Boss", place, "reveal")
    game.now += timedelta(days=3)
    alone = kept(game)["standings"]
    assert await roll_up(game, 1) == 2
    for _ in range(2):
        await game.link_me(("Ann", "B"), ("Ann", "A"))
        assert {points for points, *_ in kept(game)["standings"].values()} == {20}
        assert len({member for *_, member in kept(game)["standings"]}) == 1
        await game.does("Ann", "A", "unlink me")
        assert kept(game)["standings"] == alone


async def test_practice_of_long_ago(game):
    """Practice of that age is forgotten; what a rolled-up round taught is not asked first."""
    await game.does("Ann", "A", "practice")
    rnd = await past(game)
    await roll_up(game, 2)
    assert game.rows("select count(*) from practices") == [(0,)]
    ann = await game.store.member_called(1, "Ann")
    assert await game.store.results_of(ann.id) == {rnd.question.id: True}


async def test_a_running_bot_rolls_up(game, monkeypatch):
    """The loop rolls up what is older than is kept, once a day, and nothing where nothing says how long that is."""
    await past(game)
    forget, stopping = game.store.forget, asyncio.Event()

    async def to_the_end(before):
        gone = await forget(before)
        if not gone:
            stopping.set()
        return gone

    monkeypatch.setattr(game.store, "forget", to_the_end)
    quiz = replace(game.quiz, rules=replace(game.quiz.rules, kept=timedelta(days=3)))
    assert not await retention.is_due(game.quiz)
    await due.forever(quiz, stopping)
    assert game.rows("select count(*) from answers") == [(0,)]
    assert not await retention.is_due(quiz)
    game.now += timedelta(days=1)
    assert await retention.is_due(quiz)


async def test_one_process_of_many(database):
    """Of several processes one gets the turn; the next turn comes when the time has passed, to one again."""
    scratch, now = database(), datetime(2026, 11, 16, 9, tzinfo=UTC)
    async with AsyncExitStack() as stack:
        games = [await stack.enter_async_context(Game(scratch)) for _ in range(4)]
        for hours, wanted in ((0, 1), (23, 0), (24, 1), (47, 0)):
            at = now + timedelta(hours=hours)
            turns = [game.store.turn("roll-up", at, at + timedelta(days=1)) for game in games]
            assert sum(await asyncio.gather(*turns)) == wanted, hours


async def test_answers_and_links_come_meanwhile(database):
    """While two processes roll up, others record answers, link and part: nothing is lost and nothing counted twice."""
    scratch = database()
    async with Game(scratch) as one, Game(scratch) as two:
        for _ in range(6):
            await past(one)
        await past(one, place="B", who=("Ann",))
        await one.link("B", "A")
        two.now = one.now
        rnd = await one.opens("A", "reveal")
        standings = kept(one)["standings"]
        await asyncio.gather(
            roll_up(one, 1),
            roll_up(two, 1),
            *(game.answers(name, rnd, "right") for game in (one, two) for name in NAMES),
            two.link_me(("Ann", "B"), ("Ann", "A")),
        )
        await two.does("Ann", "B", "unlink me")
        after = kept(one)["standings"]
        assert {line: its for line, its in after.items() if line in standings and its[2]} == standings
        assert one.rows("select count(*) from scores") == [(13,)]
        await one.does("Boss", "A", "reveal")
        before = kept(one)
        await count_anew(one)
        assert kept(one) == before


@pytest.mark.sqlite
async def test_what_is_rolled_up_is_found_by_index(game):
    """What rolling up looks for is found by an index in the tables that grow with the answers."""
    plans = []
    of = answers.c.round_id.in_([1, 2]), tuple_(answers.c.round_id, answers.c.member_id).in_([(1, 2)])
    for statement in (rolled._worth(*of), delete(entries).where(entries.c.answer_id.in_([1]))):
        compiled = statement.compile(game.database.engine, compile_kwargs={"literal_binds": True})
        plans += [detail for *_, detail in game.rows(f"explain query plan {compiled}")]
    assert not [plan for plan in plans if plan.startswith(("SCAN answers", "SCAN entries", "SCAN regrades"))], plans
