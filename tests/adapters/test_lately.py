"""What was read a moment ago is used again only while nobody can have changed it, or for a second."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.adapters.sql import SqlStore
from bot.adapters.sql.engine import Database
from bot.adapters.sql.lately import FRESH, MOST, Lately
from bot.core.model import Address, Identity, Settings, Workspace

HERE, TEAM = Address("test", "room"), Workspace("test", "W", "team", "UTC")
ANN = Identity("test", "W", "u-ann")


@pytest.fixture
def lately():
    """Values of a database that has had no change, at an instant that the test moves."""
    made = Lately(SimpleNamespace(changes=0), lambda: made.now)
    made.now = 100.0
    return made


def test_kept_for_a_second(lately):
    """A value is there for a second after it was read, and then no more."""
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


async def visit(store, name="Ann"):
    """Somebody who is about to answer."""
    return await store.visit(HERE, TEAM, ANN, name, lately=True)


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


async def test_who_answers_often_is_read_once(store, monkeypatch):
    """In the rush after a question the same people, the same place and the same round are not read over and over."""
    await visit(store)
    await visit(store)
    reads = []
    read = store._db.read
    monkeypatch.setattr(store._db, "read", lambda work: reads.append(work) or read(work))
    await asyncio.gather(*(visit(store) for _ in range(50)))
    assert reads == []
