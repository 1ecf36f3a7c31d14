"""Entries, standings and streaks are what the log and the links come to: at any time, and after parting as before."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.adapters.sql.rebuild import rebuild
from bot.core import boards, commands
from bot.core.bank import Bank, Topic
from bot.core.grading import Vocabulary
from bot.core.messages import Form, Message, Table, plain
from bot.core.model import Address, Caller, Choice, Difficulty, Identity, Kind, Question, Workspace
from bot.core.ports import Quiz, Rules
from tests.databases import lines_by_points, tallied

MONDAY = datetime(2026, 12, 28, 9, tzinfo=UTC)
OPTIONS = (Choice("right", correct=True), Choice("wrong"), Choice("odd"))
PLACES = ("A", "A2", "B", "C")
"""Four channels: two of one workspace, and one of each of two others."""
NAMES = ("Ann", "Bo")
CAP = 2
pytestmark = pytest.mark.store
WORTH = {"easy": 10, "medium": 20, "hard": 30}


def questions():
    """One question of each difficulty, each a topic of its own."""
    return [
        Question(str(level), str(level), Kind.CHOICE, level, prompt="?", explanation="So.", choices=OPTIONS)
        for level in Difficulty
    ]


@dataclass
class Wall:
    """A platform that takes everything."""

    posted: list[Message] = field(default_factory=list)

    async def workspace(self, address):
        return workspace(address.id)

    async def post(self, address, message, mark):
        self.posted.append(message)
        return str(len(self.posted))

    async def find(self, address, mark, since):
        return None

    async def edit(self, address, ref, message):
        pass

    async def tell(self, identity, message):
        pass


def workspace(place):
    """The workspace of a channel."""
    return Workspace("test", place[0], f"team {place[0]}", "Europe/Berlin")


class Game:
    """A process on a database, with three workspaces that may be linked."""

    def __init__(self, scratch):
        self.scratch, self.now = scratch, MONDAY
        self.database = Database(scratch.url)
        self.store = SqlStore(self.database)
        bank = Bank({q.id: q for q in questions()}, {q.topic: Topic(q.topic) for q in questions()}, Vocabulary())
        self.quiz = Quiz(self.store, {"test": Wall()}, lambda: bank, lambda: self.now, Rules(cap=CAP))

    async def __aenter__(self):
        await self.database.upgrade()
        return self

    async def __aexit__(self, *_):
        await self.store.dispose()

    def caller(self, name, place):
        """Somebody in a channel; everyone may do everything."""
        its = workspace(place)
        return Caller(Identity("test", its.id, name), name, Address("test", place), its, manages=True)

    async def does(self, name, place, words):
        """What somebody is told on a command."""
        return said(await commands.call_words(self.quiz, self.caller(name, place), words))

    async def answers(self, name, rnd, option, place=None):
        """Answer a round with the option that reads like this, where it is posted or elsewhere."""
        letter = "ABC"[[choice.text for choice in rnd.question.choices].index(option)]
        caller = self.caller(name, place or rnd.address.id)
        return said(await commands.press(self.quiz, caller, f"answer:{rnd.id}:{letter}"))

    async def opens(self, place, words):
        """Open a round: an extra one of this difficulty, or the day's with this feedback."""
        if words in WORTH:
            await self.does("Boss", place, f"ask {words} 1440m")
        else:
            at = f"{(self.now + timedelta(hours=3)):%H:%M}"
            told = await self.does("Boss", place, f"setup time={at} topics=medium days=daily feedback={words}")
            assert told.startswith("This channel is set up") or "comes" in told, told
            await self.does("Boss", place, "post")
        channel = await self.store.known(Address("test", place))
        return await self.store.open_round(channel.id)

    async def code(self, name, place, words="link"):
        """The code that somebody is told."""
        return (await commands.call_words(self.quiz, self.caller(name, place), words)).title

    async def link(self, here, there):
        """Make two places one team."""
        return await self.does("Boss", here, f"link {await self.code('Boss', there)}")

    async def link_me(self, here, there):
        """Make two accounts, each a name and a place, one member."""
        return await self.does(*here, f"link {await self.code(*there, 'link me')}")

    def rows(self, query, *values):
        """What another connection sees."""
        return self.scratch.rows(query, *values)


def said(reply):
    """The words of a reply."""
    assert not isinstance(reply, Form)
    return "\n".join([reply.title, *("" if isinstance(part, Table) else plain(part) for part in reply.body)]).strip()


@pytest.fixture
async def game(database):
    """A process on a new database."""
    async with Game(database()) as made:
        yield made


# --- what is kept, and what the log comes to ---------------------------------------------------------------------


def kept(game):
    """Entries, standings and streaks as they stand beside the log."""
    assert tallied(game.rows) == lines_by_points(game.rows)
    entries = game.rows("select contest, member_id, round_id, answer_id, points, capped, settled from entries")
    lines = game.rows('select team_id, period, member_id, points, "right", answered from standings')
    return {
        "entries": {place[:2]: place[2:] for place in entries},
        "standings": {line[:3]: line[3:] for line in lines},
        "streaks": {id: its for id, *its in game.rows("select id, last_day, streak, longest from members")},
    }


def recomputed(game):
    """The same from the log and the links alone, by the rules of the game."""
    person = dict(game.rows("select id, coalesce(linked_to, id) from members"))
    team = dict(game.rows("select id, coalesce(linked_to, id) from teams"))
    home_of = dict(game.rows("select id, team_id from members"))
    log = game.rows(
        "select a.id, a.round_id, a.member_id, a.score, r.contest, r.kind, r.feedback, r.state, r.day, q.body "
        "from answers a join rounds r on r.id = a.round_id join questions q on q.digest = r.question order by a.id"
    )
    entries, origin, extras, standings = {}, {}, defaultdict(int), defaultdict(lambda: (0, 0, 0))
    taken = defaultdict(set)
    for id, rnd, member, score, contest, kind, feedback, state, day, body in log:
        place = contest, person[member]
        taken[person[member]].add(day)
        capped = False
        if place in entries:
            if entries[place][0] != rnd or origin[place] != member or feedback == "immediate":
                continue
        else:
            capped = kind == "extra" and extras[person[member], day] >= CAP
            extras[person[member], day] += kind == "extra"
        points = 0 if capped else int(WORTH[json.loads(body)["difficulty"]] * score + 0.5)
        told = feedback == "immediate" or state in ("closed", "revealed")
        entries[place] = (rnd, id, points, int(capped), int(told))
        origin[place] = member
        standings[place] = (
            team[home_of[person[member]]],
            day,
            points if told else 0,
            int(told and score >= 1),
            int(told),
        )
    sums = defaultdict(lambda: [0, 0, 0])
    for (_, member), (its, day, *earned) in standings.items():
        for key in boards.keys(date.fromisoformat(day)):
            sums[its, key, member] = [a + b for a, b in zip(sums[its, key, member], earned, strict=True)]
    return {
        "entries": entries,
        "standings": {place: tuple(line) for place, line in sums.items()},
        "streaks": {member: streaks(game, member, sorted(taken[member]), team) for member in person},
    }


def streaks(game, member, taken, team):
    """The last day, the streak on it and the longest one of a member who took part on these days."""
    home = team[game.rows("select team_id from members where id = ?", member)[0][0]]
    asked = {day for day, its in game.rows("select day, team_id from rounds where kind = 'daily'") if team[its] == home}
    current = longest = 0
    for before, day in zip([None, *taken], taken, strict=False):
        broken = before is not None and any(before < one < day for one in asked)
        current = 1 if broken else current + 1
        longest = max(longest, current)
    return [taken[-1] if taken else None, current, longest]


async def count_anew(game, times=1):
    """Count all members anew, so many times."""
    ids = [id for (id,) in game.rows("select id from members")]
    for _ in range(times):
        await game.database.write(lambda connection: rebuild(connection, ids, CAP))


# --- any game ----------------------------------------------------------------------------------------------------

PLACE = st.sampled_from(PLACES)
ACCOUNT = st.tuples(st.sampled_from(NAMES), PLACE)
OPTION = st.sampled_from(["right", "wrong", "odd"])
ANSWER = st.tuples(st.just("answer"), ACCOUNT, OPTION)
STEPS = st.one_of(
    st.tuples(st.just("ask"), PLACE, st.sampled_from(["easy", "hard", "reveal", "immediate"])),
    st.tuples(st.just("ask"), PLACE, st.sampled_from(["reveal"])),
    ANSWER,
    ANSWER,
    ANSWER,
    st.tuples(st.just("close"), PLACE, st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 24, 24, 48]), st.none()),
    st.tuples(st.just("link"), PLACE, PLACE),
    st.tuples(st.just("link me"), ACCOUNT, ACCOUNT),
    st.tuples(st.just("link me"), ACCOUNT, ACCOUNT),
    st.tuples(st.just("unlink"), PLACE, st.none()),
    st.tuples(st.just("unlink me"), ACCOUNT, st.none()),
)


async def take(game, step, chance):
    """Do one thing; whatever is refused is part of the game."""
    what, one, two = step
    if what == "ask":
        await game.opens(one, two)
    elif what == "answer":
        await answer_some(game, one, two, chance)
    elif what == "close":
        await game.does("Boss", one, "reveal")
    elif what == "wait":
        game.now += timedelta(hours=one)
    elif what == "link":
        await game.link(one, two)
    elif what == "link me":
        await game.link_me(one, two)
    else:
        await game.does(*(one if what == "unlink me" else ("Boss", one)), what)


async def answer_some(game, account, option, chance):
    """Answer one of the latest rounds of the account's place, or one of the team from elsewhere."""
    name, place = account
    ids = [id for (id,) in game.rows("select id from rounds order by id desc limit 5")]
    if ids:
        rnd = await game.store.round(chance.choice(ids))
        await game.answers(name, rnd, option, place)


async def part_all(game):
    """Undo every link."""
    for place in ("A", "B", "C"):
        await game.does("Boss", place, "unlink")
        for name in NAMES:
            await game.does(name, place, "unlink me")
    assert game.rows("select count(*) from members where linked_to is not null") == [(0,)]
    assert game.rows("select count(*) from teams where linked_to is not null") == [(0,)]


LATE = [
    ("ask", "A", "reveal"), ("wait", 24, None), ("ask", "A", "easy"), ("answer", ("Ann", "A"), "right"),
    ("answer", ("Ann", "A"), "right"), ("answer", ("Ann", "A"), "right"),
]  # fmt: skip


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=8, max_size=22), st.randoms(use_true_random=False))
def test_whatever_is_linked_and_parted(database, steps, chance):
    """In any game of rounds, answers, links and partings: at every moment entries, standings and streaks are what the
    log and the links come to, counting anew changes nothing, the log is only added to, and after parting everyone has
    what they would have without any link."""

    async def play():
        async with Game(database()) as game:
            log = []
            for step in steps:
                await take(game, step, chance)
                assert kept(game) == recomputed(game), step
                rows = game.rows("select * from answers order by id")
                assert rows[: len(log)] == log
                log = rows
            before = kept(game)
            for times in (1, 2):
                await count_anew(game, times)
                assert kept(game) == before
            await part_all(game)
            assert kept(game) == recomputed(game)
            assert game.rows("select * from answers order by id") == log
            assert game.scratch.dangling() == []

    asyncio.run(play())


# --- single rules ------------------------------------------------------------------------------------------------


async def test_counting_nothing_anew(game):
    """Members without answers, or none at all, have nothing to count."""
    await game.does("Ann", "A", "help")
    before = kept(game)
    for ids in ([], [1]):
        await game.database.write(partial(rebuild, member_ids=ids, cap=CAP))
    assert kept(game) == before == {"entries": {}, "standings": {}, "streaks": {1: [None, 0, 0]}}


async def test_counting_one_member_anew_leaves_the_others(game):
    """Counting some members anew writes no row of anybody else."""
    rnd = await game.opens("A", "easy")
    for name in NAMES:
        await game.answers(name, rnd, "right")
    one, other = (id for (id,) in game.rows("select member_id from answers order by id"))
    await game.database.change(text("update standings set points = 7"))
    await game.database.write(lambda connection: rebuild(connection, [one], CAP))
    points = game.rows("select member_id, points from standings where period = 'all'")
    assert dict(points) == {one: 10, other: 7}


async def test_counting_anew_mends_what_was_damaged(game):
    """Standings, entries and streaks that were lost or changed come back from the log."""
    for hours in (0, 24, 24):
        game.now += timedelta(hours=hours)
        rnd = await game.opens("A", "reveal")
        for name in NAMES:
            await game.answers(name, rnd, "right")
        await game.does("Boss", "A", "reveal")
    before = kept(game)
    for damage in ("delete from entries where member_id = 2", "update standings set points = points + 5",
                   "update members set streak = 9, longest = 9, last_day = null"):  # fmt: skip
        await game.database.change(text(damage))
    assert kept(game) != before
    await game.database.write(lambda connection: rebuild(connection, [1, 2, 3], CAP))
    assert kept(game) == before == recomputed(game)


async def test_an_open_round_is_counted_when_it_closes(game):
    """Linking while a round is open gives its answers a line without points, which come at the close, once."""
    rnd = await game.opens("A", "reveal")
    await game.answers("Ann", rnd, "right")
    await game.link("B", "A")
    await game.link_me(("Ann", "B"), ("Ann", "A"))
    assert kept(game) == recomputed(game)
    await game.does("Boss", "A", "reveal")
    assert kept(game) == recomputed(game)
    assert [points for points, *_ in kept(game)["standings"].values()] == [20] * 5


async def test_the_first_answer_counts_and_comes_back_to_its_account(game):
    """Both accounts answered the same daily question: linked, the first counts in its own round; parted, both do."""
    await game.link("B", "A")
    first = await game.opens("A", "reveal")
    second = await game.opens("B", "reveal")
    assert first.contest == second.contest
    await game.answers("Ann", second, "right")
    await game.answers("Ann", first, "wrong")
    before = kept(game)
    await game.link_me(("Ann", "B"), ("Ann", "A"))
    [entry] = kept(game)["entries"].values()
    assert entry[0] == second.id
    assert kept(game) == recomputed(game)
    await game.does("Ann", "A", "unlink me")
    assert kept(game) == before


async def test_three_accounts_of_one_person(game):
    """Three accounts in three places count as one; whichever parts, the others stay one person."""
    accounts = [("Ann", place) for place in ("A", "B", "C")]
    for _, place in accounts:
        rnd = await game.opens(place, "easy")
        await game.answers("Ann", rnd, "right")
    await game.link("B", "A")
    await game.link("C", "B")
    await game.link_me(accounts[1], accounts[0])
    await game.link_me(accounts[2], accounts[1])
    assert kept(game) == recomputed(game)
    assert len({member for _, member in kept(game)["entries"]}) == 1
    await game.does(*accounts[1], "unlink me")
    assert kept(game) == recomputed(game)
    assert len({member for _, member in kept(game)["entries"]}) == 2
    await part_all(game)
    assert kept(game) == recomputed(game)
    assert len({member for _, member in kept(game)["entries"]}) == 3


async def test_a_late_answer_to_an_earlier_day(game):
    """An answer to yesterday's open round, after one of today, counts for its own day."""
    yesterday = await game.opens("A", "reveal")
    game.now += timedelta(hours=20)
    today = await game.opens("A", "easy")
    await game.answers("Ann", today, "right")
    await game.answers("Ann", yesterday, "right")
    assert kept(game) == recomputed(game)
    assert [its[1:] for its in kept(game)["streaks"].values() if its[1]] == [[2, 2]]


async def test_two_processes_that_link_at_once(database):
    """Crossing codes entered at the same moment in two processes link once, and make no circle."""
    scratch = database()
    async with Game(scratch) as one, Game(scratch) as two:
        there, here = await one.code("Boss", "A"), await two.code("Boss", "B")
        told = await asyncio.gather(one.does("Boss", "B", f"link {there}"), two.does("Boss", "A", f"link {here}"))
        assert sorted(words.startswith("This place and") for words in told) == [False, True]
        assert [team for (team,) in one.rows("select linked_to from teams where linked_to is not null")] in ([1], [2])


async def test_one_code_entered_twice_at_once(database):
    """A code that several people enter at the same moment works for one of them."""
    scratch = database()
    async with Game(scratch) as one, Game(scratch) as two:
        code = await one.code("Boss", "A")
        told = await asyncio.gather(one.does("Boss", "B", f"link {code}"), two.does("Boss", "C", f"link {code}"))
        assert sorted(words.startswith("This code is not valid") for words in told) == [False, True]


async def test_a_link_while_answers_come(database):
    """Answers that come while their members are linked and parted are counted as the links are in the end."""
    scratch = database()
    async with Game(scratch) as game, Game(scratch) as other:
        await game.link("B", "A")
        rounds = [await game.opens("A", "reveal"), await game.opens("B", "reveal"), await game.opens("A2", "easy")]
        for _ in range(3):
            await asyncio.gather(
                *(process.answers(name, rnd, "right") for process in (game, other) for name in NAMES for rnd in rounds),
                other.link_me(("Ann", "B"), ("Ann", "A")),
                game.link_me(("Bo", "A"), ("Bo", "B")),
            )
            assert kept(game) == recomputed(game)
            await asyncio.gather(game.does("Ann", "B", "unlink me"), other.does("Boss", "A", "reveal"))
            assert kept(game) == recomputed(game)
