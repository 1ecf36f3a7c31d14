"""The store on real databases: durable, shared by many, and its standings always what the log comes to."""

import asyncio
import json
import sqlite3
import threading
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from bot.adapters.sql import SqlStore, sqlite
from bot.adapters.sql.engine import CannotOpen, Database
from bot.adapters.sql.tables import metadata
from bot.core import boards, commands
from bot.core.bank import Bank, Topic
from bot.core.grading import Vocabulary
from bot.core.messages import Form, Message, Table, plain
from bot.core.model import (
    Address,
    Caller,
    Channel,
    Choice,
    Difficulty,
    Feedback,
    Idea,
    Identity,
    Kind,
    Question,
    Schedule,
    Settings,
    Team,
    Workspace,
)
from bot.core.ports import Quiz, Unavailable
from tests.databases import lines_by_points, tallied

ROOMS = [Address("test", "room"), Address("test", "lobby")]
WORKSPACE = Workspace("test", "W", "team", "Europe/Berlin")
MONDAY = datetime(2026, 12, 28, 9, tzinfo=UTC)
OPTIONS = (Choice("right", correct=True), Choice("wrong"), Choice("odd"))

pytestmark = pytest.mark.store


def questions():
    """Two choice questions and one that is graded by ideas."""
    ideas = (Idea("it is linear", ("a single linear layer",)), Idea("depth adds nothing", ("depth is useless",)))
    more = {"topic": "t", "prompt": "?", "explanation": "So."}
    return [
        Question("easy", kind=Kind.CHOICE, difficulty=Difficulty.EASY, choices=OPTIONS, **more),
        Question("hard", kind=Kind.CHOICE, difficulty=Difficulty.HARD, choices=OPTIONS, **more),
        Question("why", kind=Kind.SHORT, difficulty=Difficulty.MEDIUM, answer="Both.", ideas=ideas, **more),
    ]


@dataclass
class Wall:
    """A platform that keeps what is posted, by what it calls it."""

    posted: list[Message] = field(default_factory=list)

    async def workspace(self, address):
        return WORKSPACE

    async def post(self, address, message, mark):
        self.posted.append(message)
        return str(len(self.posted) - 1)

    async def find(self, address, mark, since, until):
        return None

    async def edit(self, address, ref, message):
        self.posted[int(ref)] = message


class Office:
    """A process on a database: a store, and the quiz on it."""

    def __init__(self, scratch, now=MONDAY):
        self.scratch, self.now = scratch, now
        self.database = Database(scratch.url)
        self.store = SqlStore(self.database)
        bank = Bank({q.id: q for q in questions()}, {"t": Topic("T")}, Vocabulary())
        self.quiz = Quiz(self.store, {"test": Wall()}, lambda: bank, lambda: self.now)
        self.commits = 0
        self.listen("commit", self._count)

    def listen(self, what, told):
        """Be told of what happens on any connection."""
        event.listen(self.database.engine, what, told)

    def _count(self, _):
        self.commits += 1

    async def __aenter__(self):
        await self.database.upgrade()
        return self

    async def __aexit__(self, *_):
        await self.store.dispose()

    def caller(self, name, room=0, delivery=""):
        """Somebody in a room; everyone may do everything."""
        return Caller(Identity("test", "W", name), name, ROOMS[room], WORKSPACE, manages=True, delivery=delivery)

    async def does(self, name, words, room=0):
        """What somebody is told on a command."""
        return said(await commands.call_words(self.quiz, self.caller(name, room), words))

    async def answers(self, name, rnd, text, delivery=""):
        """What somebody is told on an answer to a round."""
        caller = self.caller(name, delivery=delivery)
        if rnd.question.kind is Kind.SHORT:
            return said(await commands.submit(self.quiz, caller, f"submit:{rnd.id}", {"answer": text}))
        return said(await commands.press(self.quiz, caller, f"answer:{rnd.id}:{text}"))

    async def ask(self, words="", room=0):
        """A round that is open for a day."""
        reply = await self.does("Boss", f"ask {words} 1440m", room)
        assert reply.startswith("The question is posted."), reply
        return await self.store.open_round((await self.store.known(ROOMS[room])).id)

    async def daily(self, feedback, room=0):
        """A daily round that is open."""
        await self.does("Boss", "help", room)
        channel = await self.store.known(ROOMS[room])
        plan = Schedule("Europe/Berlin", (self.now + timedelta(hours=3)).time(), days=frozenset(range(7)))
        await self.store.declare(*declared(channel, Settings(plan, feedback=feedback)))
        await self.does("Boss", "post", room)
        return await self.store.open_round(channel.id)

    def rows(self, query, *values):
        """What another connection sees."""
        return self.scratch.rows(query, *values)


def declared(channel, its_settings):
    """A channel as the configuration file would declare it."""
    return Team(0, "team", "Europe/Berlin"), [replace(channel, settings=its_settings)]


def said(reply):
    """The words of a reply."""
    assert not isinstance(reply, Form)
    return "\n".join("" if isinstance(part, Table) else plain(part) for part in reply.body)


@pytest.fixture
async def office(database):
    """A process on a new database."""
    async with Office(database()) as made:
        yield made


def letter(rnd, text="right"):
    """The letter of an option, as the round shows it."""
    return "ABC"[[choice.text for choice in rnd.question.choices].index(text)]


# --- due work --------------------------------------------------------------------------------------------------------


async def test_processes_share_what_is_due(office):
    """What is due longest comes first; of what is due at one instant two processes reach for different ones."""
    plan = Settings(Schedule("UTC", MONDAY.time(), days=frozenset(range(7))))
    late = Channel(0, 0, Address("test", "late"), plan, next_post=MONDAY - timedelta(minutes=1))
    rooms = [Channel(0, 0, Address("test", f"r{n}"), plan, next_post=MONDAY) for n in range(500)]
    await office.store.declare(Team(0, "team", "UTC"), [*rooms, late])
    one, other = [(await office.store.due(MONDAY, "test", 51)).posts for _ in range(2)]
    assert one[0].address == other[0].address == late.address
    assert len(one) == len(other) == 51
    assert len({room.id for room in one} & {room.id for room in other}) < 25  # six, if chance is fair


# --- the schema ------------------------------------------------------------------------------------------------------


async def test_the_migrations_make_the_tables_that_the_code_uses(office):
    """The schema that the migrations make from nothing is the one in ``tables``."""

    def differences(connection):
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    assert await office.database.read(differences) == []


async def test_upgrading_again_changes_nothing(office):
    """Upgrading what is up to date leaves schema and rows as they are."""
    await office.does("Ann", "help")
    schema = SCHEMA["sqlite" if office.scratch.sqlite else "postgresql"]
    before = office.rows(schema), office.rows("select * from members")
    await office.database.upgrade()
    assert (office.rows(schema), office.rows("select * from members")) == before


SCHEMA = {
    "sqlite": "select * from sqlite_master",
    "postgresql": "select relname, relfilenode from pg_class where relnamespace = 'public'::regnamespace order by 1",
}
"""Tables and indexes with where they lie, which tells if one was made anew."""


async def test_processes_that_start_at_once_upgrade_once(database):
    """Several processes that start on a new database at the same moment all find it up to date."""
    for _ in range(5):
        empty = database(blank=True)
        offices = [Office(empty) for _ in range(6)]
        await asyncio.gather(*(office.database.upgrade() for office in offices))
        assert [await office.does("Ann", "leaderboard today") for office in offices] == [
            "Nobody has answered in this period yet. /quiz ask posts a question."
        ] * 6
        assert offices[0].rows("select count(*) from alembic_version") == [(1,)]
        await asyncio.gather(*(office.store.dispose() for office in offices))


@pytest.mark.sqlite
async def test_every_connection_is_safe(office):
    """Each connection keeps foreign keys, writes ahead, and waits for the disk at every commit."""
    await asyncio.gather(*(office.does(f"P{n}", "help") for n in range(8)))

    def asked(connection):
        names = ("journal_mode", "foreign_keys", "synchronous")
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    async with office.database.held() as one, office.database.held() as two:
        assert await one(asked) == await two(asked) == ["wal", 1, 2]
    assert await office.database.write(asked) == ["wal", 1, 2]


async def test_foreign_keys_hold(office):
    """A row that points to nothing is refused."""
    rnd = await office.ask("easy")
    await office.answers("Ann", rnd, "A")
    with pytest.raises(IntegrityError):
        await office.database.change(text("update entries set member_id = 999"))
    assert office.scratch.dangling() == []


@pytest.mark.parametrize("url", ["mysql://localhost/quiz", "sqlite+pysqlite:///quiz.db"])
def test_other_databases_are_refused_by_name(url):
    """A URL of a database that the product does not know is refused with its name."""
    with pytest.raises(CannotOpen, match="neither sqlite nor postgresql"):
        Database(url)


@pytest.mark.sqlite
async def test_a_database_in_memory():
    """Without a file all is there until the end, also after something that was refused and while others read."""
    async with Office(SimpleNamespace(url="sqlite:///:memory:")) as office:
        rnd = await office.ask("easy")
        told = await asyncio.gather(*(office.answers(f"P{n}", rnd, letter(rnd)) for n in range(10)))
        assert all(words.startswith("Right: right. 10 points.") for words in told)
        with pytest.raises(IntegrityError):
            await office.database.change(text("insert into answers (id) values (1)"))
        assert await office.store.answered(rnd.id) == 10


# --- many at once ----------------------------------------------------------------------------------------------------


async def test_concurrent_answers_share_commits(office):
    """200 members answer one round at once: all are confirmed and stored, in far fewer commits than answers."""
    rnd = await office.ask("easy")
    names = [f"P{n:03}" for n in range(200)]
    for name in names:
        await office.does(name, "help")
    office.commits = 0
    replies = await asyncio.gather(*(office.answers(name, rnd, letter(rnd)) for name in names))
    assert all(reply.startswith("Right: right. 10 points.") for reply in replies)
    assert office.commits <= 40
    await office.store.dispose()
    async with Office(office.scratch) as again:
        assert sorted(entry.name for entry in await again.store.entries(rnd.id)) == names
        assert await again.store.answered(rnd.id) == 200
        assert again.rows("select sum(points), count(*) from standings where period = 'all'") == [(2000, 200)]


async def test_members_who_come_for_the_first_time_at_once(office):
    """Members and channels that are met at the same moment, several times over, are made once each."""
    await asyncio.gather(*(office.does(f"P{n % 5}", "help", room=n % 2) for n in range(40)))
    assert office.rows("select count(*) from members") == [(5,)]
    assert office.rows("select count(*) from channels") == [(2,)]
    assert office.rows("select count(*) from teams") == [(1,)]


async def test_concurrent_clicks_of_one_member_leave_one_entry(office):
    """Ten clicks of one member at once: one answer counts, and everyone of them is told which."""
    rnd = await office.ask("easy")
    await office.does("Ann", "help")
    clicks = [letter(rnd, "wrong" if n % 2 else "odd") for n in range(10)]
    replies = await asyncio.gather(*(office.answers("Ann", rnd, click) for click in clicks))
    [entry] = await office.store.entries(rnd.id)
    finals = [reply for reply in replies if reply.startswith(f"Your first answer counts: {entry.text}, ")]
    assert len(finals) == 9
    assert office.rows("select count(*) from answers") == [(1,)]


async def test_concurrent_changes_of_one_member_end_with_what_was_told_last(office):
    """Where answers may change, clicks at once leave one entry, and the log has each change in order."""
    rnd = await office.daily(Feedback.REVEAL)
    if rnd.question.kind is Kind.SHORT:
        clicks = ["one", "two", "three", "two"]
    else:
        clicks = [letter(rnd, text) for text in ("wrong", "odd", "right", "odd")]
    await office.does("Ann", "help")
    await asyncio.gather(*(office.answers("Ann", rnd, click) for click in clicks))
    [entry] = await office.store.entries(rnd.id)
    assert entry.text == office.rows("select text from answers order by id desc limit 1")[0][0]
    assert 1 <= office.rows("select count(*) from answers")[0][0] <= 4


async def test_two_processes_take_answers_at_once(office):
    """Two processes on one file take answers of the same members at once: one entry each, none lost."""
    rnd = await office.ask("easy")
    async with Office(office.scratch) as other:
        who = [(process, f"P{n}") for n in range(30) for process in (office, other)]
        replies = await asyncio.gather(*(process.answers(name, rnd, letter(rnd)) for process, name in who))
    assert sum(reply.startswith("Right: right. 10 points.") for reply in replies) == 30
    assert sum(reply.startswith("Your first answer counts") for reply in replies) == 30
    assert office.rows("select count(*), count(distinct member_id) from entries") == [(30, 30)]


POISON = {
    "sqlite": [
        "create trigger refuse before insert on answers when new.text = 'poison' "
        "begin select raise(abort, 'no such answer'); end"
    ],
    "postgresql": [
        "create function refuse() returns trigger language plpgsql as "
        "$$ begin raise check_violation using message = 'no such answer'; end $$",
        "create trigger refuse before insert on answers for each row when (new.text = 'poison') "
        "execute function refuse()",
    ],
}
"""Lets the database refuse one answer."""


async def test_an_answer_that_cannot_be_stored_takes_no_other_with_it(office):
    """Of answers that share a commit, one that fails is told so, and the others are stored."""
    rnd = await office.ask("short")
    for n in range(20):
        await office.does(f"P{n}", "help")
    for statement in POISON["sqlite" if office.scratch.sqlite else "postgresql"]:
        await office.database.change(text(statement))
    texts = ["poison" if n == 7 else "depth is useless" for n in range(20)]
    replies = await asyncio.gather(*(office.answers(f"P{n}", rnd, text) for n, text in enumerate(texts)))
    failed = [n for n, reply in enumerate(replies) if not reply.startswith("Partly right")]
    assert failed == [7]
    assert office.rows("select count(*) from answers") == [(19,)]


# --- repeated deliveries ---------------------------------------------------------------------------------------------


async def test_a_repeated_delivery_counts_once(office):
    """A delivery that the platform repeats is answered as the first time, and logged once."""
    rnd = await office.ask("easy")
    first = await office.answers("Ann", rnd, letter(rnd), delivery="d1")
    assert await office.answers("Ann", rnd, letter(rnd), delivery="d1") == first
    assert office.rows("select count(*) from answers") == [(1,)]


async def test_a_delivery_repeated_at_once_counts_once(office):
    """The same delivery several times in one commit, and in two processes, is logged once."""
    rnd = await office.ask("easy")
    async with Office(office.scratch) as other:
        await office.does("Ann", "help")
        many = [office, other] * 4
        await asyncio.gather(*(process.answers("Ann", rnd, "A", delivery="d1") for process in many))
    assert office.rows("select count(*) from answers") == [(1,)]


async def test_a_delivery_repeated_after_a_change_changes_nothing(office):
    """An old delivery that comes again does not undo a later answer; the reply says what counts."""
    rnd = await office.daily(Feedback.REVEAL)
    first, second = ("one", "two") if rnd.question.kind is Kind.SHORT else ("A", "B")
    await office.answers("Ann", rnd, first, delivery="d1")
    await office.answers("Ann", rnd, second, delivery="d2")
    reply = await office.answers("Ann", rnd, first, delivery="d1")
    assert reply.startswith("Recorded: ")
    assert second in reply.partition(".")[0]
    [entry] = await office.store.entries(rnd.id)
    assert entry.text == second


# --- the log and the standings ---------------------------------------------------------------------------------------


def recomputed(office, cap=5):
    """What the log comes to: points, right and answered of each member in each period, by the rules of the game."""
    worth = {Difficulty.EASY: 10, Difficulty.MEDIUM: 20, Difficulty.HARD: 30}
    counting, extras = {}, defaultdict(set)
    log = office.rows(
        "select a.id, a.round_id, a.member_id, a.score, r.contest, r.kind, r.feedback, r.state, r.day, q.body "
        "from answers a join rounds r on r.id = a.round_id join questions q on q.digest = r.question order by a.id"
    )
    for _, round_id, member, score, contest, kind, feedback, state, day, body in log:
        earlier = counting.get((contest, member))
        if earlier and (earlier["round"] != round_id or feedback == "immediate"):
            raise AssertionError("the log holds an answer that does not count")
        capped = False
        if kind == "extra":
            capped = len(extras[member, day]) >= cap
            extras[member, day].add(contest)
        points = 0 if capped else int(worth[json.loads(body)["difficulty"]] * score + 0.5)
        told = feedback == "immediate" or state in ("closed", "revealed")
        counting[contest, member] = {"round": round_id, "points": points, "right": score >= 1, "told": told, "day": day}
    sums = defaultdict(lambda: [0, 0, 0])
    for (_, member), entry in counting.items():
        for key in boards.keys(date.fromisoformat(entry["day"])):
            line = sums[key, member]
            if entry["told"]:
                line[0] += entry["points"]
                line[1] += entry["right"]
                line[2] += 1
    return {place: tuple(line) for place, line in sums.items()}


def kept(office):
    """The standings beside the log."""
    assert tallied(office.rows) == lines_by_points(office.rows)
    found = office.rows('select period, member_id, points, "right", answered from standings')
    return {(period, member): tuple(line) for period, member, *line in found}


NAMES = st.sampled_from(["Ann", "Bo", "Chi"])
TEXTS = st.sampled_from(["right", "wrong", "odd", "a single linear layer, so depth is useless", "depth is useless"])
STEPS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from([0, 1]), st.sampled_from(["easy", "hard", "short"])),
    st.tuples(st.just("daily"), st.sampled_from([0, 1]), st.sampled_from(list(Feedback))),
    st.tuples(st.just("answer"), NAMES, TEXTS),
    st.tuples(st.just("answer"), NAMES, TEXTS),
    st.tuples(st.just("answer"), NAMES, TEXTS),
    st.tuples(st.just("crowd"), st.lists(st.tuples(NAMES, TEXTS), min_size=2, max_size=6), st.none()),
    st.tuples(st.just("close"), st.sampled_from([0, 1]), st.none()),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 40]), st.none()),
)


async def take(office, step, chance):
    """Do one thing; whatever is refused is part of the game."""
    what, one, two = step
    if what == "ask":
        await office.does("Boss", f"ask {two} 1440m", one)
    elif what == "daily":
        await office.daily(two, one)
    elif what == "answer":
        await answer_some(office, chance, [(one, two)])
    elif what == "crowd":
        await answer_some(office, chance, one)
    elif what == "close":
        await office.does("Boss", "reveal", one)
    else:
        office.now += timedelta(hours=one)


async def answer_some(office, chance, answers):
    """Answer rounds at once, open ones, closed ones and those of long ago."""
    count = office.rows("select count(*) from rounds")[0][0]
    attempts = []
    for name, answer in answers if count else ():
        rnd = await office.store.round(max(1, count - chance.randrange(3)))
        if rnd.question.kind is Kind.CHOICE:
            answer = letter(rnd, answer) if answer in ("right", "wrong", "odd") else "A"
        attempts.append((name, rnd, answer))
    await asyncio.gather(*(office.answers(*attempt) for attempt in attempts))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, min_size=5, max_size=30), st.randoms(use_true_random=False))
def test_the_standings_are_what_the_log_comes_to(database, steps, chance):
    """After any game, at every moment, the standings equal what the log gives, and log rows are never changed."""

    async def game():
        async with Office(database()) as office:
            log = []
            for step in steps:
                await take(office, step, chance)
                assert kept(office) == recomputed(office)
                rows = office.rows("select * from answers order by id")
                assert rows[: len(log)] == log
                log = rows
            assert office.scratch.dangling() == []

    asyncio.run(game())


async def test_the_cap_holds_within_one_commit(office):
    """Answers of one member to many extra rounds are capped in the order of the log."""
    for n in range(7):
        rnd = await office.ask("easy" if n % 2 else "hard")
        await office.answers("Ann", rnd, letter(rnd))
        await office.does("Boss", "reveal")
    assert kept(office) == recomputed(office)
    assert office.rows("select capped from entries order by answer_id") == [(0,)] * 5 + [(1,)] * 2


async def test_the_log_keeps_the_raw_text(office):
    """What a member wrote is logged as it was written, and each change is a new row."""
    rnd = await office.ask("short")
    text = "  Dépth is   USELESS 🧠 @everyone \n'; drop table answers; -- "
    await office.answers("Ann", rnd, text)
    assert office.rows("select text from answers") == [(text,)]


# --- a database that does not answer ---------------------------------------------------------------------------------


class Lock:
    """Another process that holds the file's one write lock."""

    def __init__(self, path):
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("BEGIN EXCLUSIVE")

    def release(self):
        """Let go of it."""
        self.connection.execute("ROLLBACK")
        self.connection.close()


@pytest.mark.sqlite
async def test_a_locked_database_is_unavailable_and_recovers(database, monkeypatch):
    """While another process holds the file, members are told that nothing was recorded; then it works by itself."""
    monkeypatch.setattr(sqlite, "BUSY", 30)
    async with Office(database()) as office:
        rnd = await office.ask("easy")
        await office.does("Ann", "help")
        lock = Lock(office.scratch.path)
        told = "Your answer was NOT recorded: the database did not answer. Please send it again."
        replies = await asyncio.gather(*(office.answers("Ann", rnd, letter(rnd)) for _ in range(3)))
        assert replies == [told] * 3
        failed = "That did not work: the database did not answer. Please try again in a minute."
        assert await office.does("Boss", "reveal") == failed
        with pytest.raises(Unavailable):
            await office.store.pause(1, "x")
        lock.release()
        assert office.rows("select count(*) from answers") == [(0,)]
        assert (await office.answers("Ann", rnd, letter(rnd))).startswith("Right: right. 10 points.")
        assert await office.does("Boss", "reveal") == "The answer is in the channel."


@pytest.mark.sqlite
async def test_a_locked_database_is_told_to_all_at_once(database, monkeypatch):
    """While another process holds the file, those who wait for each other are told together, not in turn."""
    monkeypatch.setattr(sqlite, "BUSY", 100)
    async with Office(database()) as office:
        rnd = await office.ask("easy")
        sent = []
        office.listen("before_cursor_execute", lambda *args: sent.append(args[2]))
        lock = Lock(office.scratch.path)
        replies = await asyncio.gather(*(office.answers(f"P{n}", rnd, letter(rnd)) for n in range(20)))
        lock.release()
        assert all("NOT recorded" in reply for reply in replies)
        assert 1 <= sent.count("BEGIN IMMEDIATE") <= 3


@pytest.mark.sqlite
async def test_a_short_lock_is_waited_for(office):
    """A write that comes while another process writes waits for it, and is confirmed after it."""
    rnd = await office.ask("easy")
    await office.does("Ann", "help")
    lock = Lock(office.scratch.path)
    answering = asyncio.create_task(office.answers("Ann", rnd, letter(rnd)))
    await asyncio.wait({answering}, timeout=0.1)
    assert not answering.done()
    lock.release()
    assert (await answering).startswith("Right: right. 10 points.")


@pytest.mark.sqlite
async def test_who_does_not_wait_any_more_writes_nothing(office):
    """Of those who wait behind a write, one who gives up has written nothing, and the next one's turn comes."""
    await office.does("Ann", "help")
    lock = Lock(office.scratch.path)
    first, second, third = (asyncio.create_task(office.store.pause(1, reason)) for reason in "abc")
    await asyncio.wait({first, second, third}, timeout=0.1)
    second.cancel()
    seen = []
    office.listen("before_cursor_execute", lambda *its: seen.append(its[3]))
    lock.release()
    ended = await asyncio.gather(first, second, third, return_exceptions=True)
    assert [type(one) for one in ended] == [type(None), asyncio.CancelledError, type(None)]
    assert [values[0] for values in seen if values] == ["a", "c"]
    assert office.rows("select paused from channels where id = 1") == [("c",)]


@pytest.mark.sqlite
async def test_a_held_transaction_that_is_given_up_leaves_nothing(office):
    """What is under way in it comes to its end first, and then all of it is taken back."""
    await office.does("Ann", "help")
    begun, further = threading.Event(), threading.Event()

    def work(connection):
        cursor = connection.connection.cursor()  # the driver's, as in the middle of many rows
        cursor.execute("update channels set paused = 'a'")
        begun.set()
        further.wait(10)
        cursor.execute("update channels set paused = 'b'")

    async def hold():
        async with office.database.held(writes=True) as do:
            await do(work)

    holding = asyncio.create_task(hold())
    await asyncio.to_thread(begun.wait, 10)
    holding.cancel()
    threading.Timer(0.1, further.set).start()
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert office.rows("select paused from channels") == [("",)]
    await office.store.pause(1, "c")


@pytest.mark.sqlite
async def test_a_full_disk_is_told(office):
    """Where no page more fits, nothing is recorded and the member is told so; with room again it works."""
    rnd = await office.ask("short")
    names = [f"P{n}" for n in range(30)]
    for name in names:
        await office.does(name, "help")
    limits = [office.rows("pragma page_count")[0][0] + 2]

    office.listen("begin", lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limits[-1]}"))
    replies = {name: await office.answers(name, rnd, "x" * 1000) for name in names}
    refused = [name for name, reply in replies.items() if "NOT recorded" in reply]
    assert 1 <= len(refused) < len(names)
    assert all(replies[name].startswith("Not right.") for name in names if name not in refused)
    assert office.rows("select count(*) from answers") == [(len(names) - len(refused),)]
    assert kept(office) == recomputed(office)
    limits.append(10**9)
    assert (await office.answers(refused[0], rnd, "x" * 1000)).startswith("Not right.")


@pytest.mark.sqlite
async def test_what_is_confirmed_survives_a_process_that_just_ends(database):
    """A process that ends without closing anything leaves every confirmed answer on the disk."""
    office, copy = Office(database()), database(blank=True)
    await office.database.upgrade()
    rnd = await office.ask("easy")
    for n in range(10):
        await office.answers(f"P{n}", rnd, letter(rnd))
    for suffix in ("", "-wal"):
        copy.path.with_name(f"quiz.db{suffix}").write_bytes(
            office.scratch.path.with_name(f"quiz.db{suffix}").read_bytes()
        )
    async with Office(copy) as after:
        assert await after.store.answered(rnd.id) == 10
        assert kept(after) == recomputed(after)
    await office.store.dispose()
