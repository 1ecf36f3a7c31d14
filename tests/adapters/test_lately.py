"""What was read a moment ago is used again only while nobody can have changed it, or for a few seconds."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.adapters.sql import SqlStore, visits
from bot.adapters.sql.engine import Database
from bot.adapters.sql.lately import FRESH, MOST, Lately
from bot.core.entries import Attempt
from bot.core.model import Address, Grade, Identity, Settings, Workspace
from bot.core.ports import Unavailable

HERE, TEAM = Address("test", "room"), Workspace("test", "W", "team", "UTC")
ANN = Identity("test", "W", "u-ann")
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)


@pytest.fixture
def lately():
    """Values of a database that has had no change, at an instant that the test moves."""
    made = Lately(SimpleNamespace(changes=0), lambda: made.now)
    made.now = 100.0
    return made


def test_kept_for_a_while(lately):
    """A value is there for some seconds after it was read, and then no more."""
    lately.put("a", 1, as_of=0)
    lately.now += FRESH
    assert lately.get("a") == 1
    lately.now += 0.01
    assert lately.get("a") is None


def test_gone_with_a_change(lately):
    """After this process has written, nothing that was read before is there; nor is what was being read meanwhile."""
    lately.put("a", 1, as_of=0)
    lately._database.changes = 1
    assert lately.get("a") is None
    lately.put("a", 1, as_of=0)
    assert lately.get("a") is None
    lately.put("a", 2, as_of=1)
    assert lately.get("a") == 2


def test_bounded(lately):
    """No more values are kept than a process has memory for."""
    for n in range(MOST + 10):
        assert lately.full is (n >= MOST)
        lately.put(n, n, as_of=0)
    assert lately.get(MOST - 1) == MOST - 1
    assert lately.get(MOST) is None


@pytest.fixture
async def store(tmp_path):
    """A process on a file."""
    database = Database(f"sqlite:///{tmp_path}/quiz.db")
    await database.upgrade()
    made = SqlStore(database)
    yield made
    await made.dispose()


async def visit(store, name="Ann", who=ANN):
    """Somebody who is about to answer."""
    return await store.visit(HERE, TEAM, who, name, lately=True)


async def test_all_that_changes_is_seen_at_once(store):
    """Whatever this process changes of channels, teams and members is there for the next who answers."""
    channel, team, member = await visit(store)
    assert await visit(store) == (channel, team, member)
    await store.change_settings(channel.id, Settings(topics=("cnn",)), None)
    assert (await visit(store))[0].settings.topics == ("cnn",)
    await store.change_zone(team.id, "Europe/Berlin")
    assert (await visit(store))[1].timezone == "Europe/Berlin"
    assert (await visit(store, "Anne"))[2] == replace(member, name="Anne")
    other = await store.channel(Address("test", "elsewhere"), Workspace("test", "V", "others", "UTC"))
    assert await store.link_teams(team.id, other.team_id)
    assert (await visit(store, "Anne"))[1].id == other.team_id
    await store.erase(member.id)
    assert (await visit(store, "Anne"))[2].id != member.id


@pytest.fixture
def reads(store, monkeypatch):
    """What the process reads from now on."""
    made = []
    read = store._db.read
    monkeypatch.setattr(store._db, "read", lambda work: made.append(work) or read(work))
    return made


def colleague(number):
    """Somebody else of the same workspace."""
    return Identity("test", "W", f"u{number}")


async def test_in_a_rush_people_are_read_once(store, reads):
    """In the rush after a question a channel and its people are not read one by one, nor again: with whoever comes
    second come all."""
    people = [await visit(store, f"P{n}", colleague(n)) for n in range(60)]
    await visit(store, "P0", colleague(0))
    await visit(store, "P1", colleague(1))
    reads.clear()
    assert await asyncio.gather(*(visit(store, f"P{n}", colleague(n)) for n in range(60))) == people
    assert reads == []


async def test_of_a_crowd_only_those_are_read_who_come(store, reads, monkeypatch):
    """Where a workspace has more people than are read at once, each is read when they come, and found again."""
    monkeypatch.setattr(visits, "MANY", 10)
    people = [await visit(store, f"P{n}", colleague(n)) for n in range(60)]
    for _ in range(2):
        assert [await visit(store, f"P{n}", colleague(n)) for n in range(60)] == people
    reads.clear()
    assert await asyncio.gather(*(visit(store, f"P{n}", colleague(n)) for n in range(60))) == people
    assert reads == []


async def test_who_was_erased_elsewhere_is_a_new_member_next_time(store):
    """Another process erases a member whom this one has just read: that answer is refused, the next one is recorded."""
    _, _, member = await visit(store)
    for _ in range(2):
        await visit(store)
    other = SqlStore(Database(str(store._db.engine.url)))
    await other.erase(member.id)
    await other.dispose()
    assert (await visit(store))[2] == member
    with pytest.raises(Unavailable):
        await store.record(Attempt(1, member.id, member.origin, "A", Grade(1.0, "Right."), NOW), None)
    assert (await visit(store))[2].id != member.id
