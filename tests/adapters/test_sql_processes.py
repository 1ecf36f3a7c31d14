"""Several processes on one database that do the same in the same instant: each gets what it asked for, once."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from bot.adapters.sql.engine import ATTEMPTS, Crossed, retried
from bot.core.model import Address, Identity, Team, Workspace

from .test_sql import Office, kept, letter, recomputed

pytestmark = pytest.mark.store


@pytest.fixture
async def offices(database):
    """Five processes on one new database."""
    scratch = database()
    async with AsyncExitStack() as running:
        made = [await running.enter_async_context(Office(scratch)) for _ in range(5)]
        for office in made:
            office.quiz.chats["test"] = made[0].quiz.chats["test"]  # one platform, which all of them reach
        yield made


@pytest.mark.parametrize("turn", range(3))
async def test_a_workspace_and_a_channel_that_all_meet_first(offices, turn):
    """A workspace and its channels become one team with one row each, whoever meets them first, and no other."""
    place = Workspace("test", f"new{turn}", "new", "UTC")
    addresses = [Address("test", f"c{n}") for n in range(3)]
    met = await asyncio.gather(
        *(office.store.channel(address, place) for office in offices for address in addresses * 2)
    )
    assert len({channel.team_id for channel in met}) == 1
    assert len({(channel.id, channel.address) for channel in met}) == 3
    assert offices[0].rows("select count(*) from teams") == [(1,)]


async def test_a_member_whom_all_meet_first(offices):
    """An identity becomes one member, whoever meets it first; no member is left over."""
    office = offices[0]
    await office.does("Boss", "help")
    [(home,)] = office.rows("select id from teams")
    people = [Identity("test", "W", f"p{n}") for n in range(4)]
    met = await asyncio.gather(
        *(office.store.member(home, identity, identity.user) for office in offices for identity in people * 2)
    )
    assert len({member.id for member in met}) == 4
    assert office.rows("select count(*) from members") == [(5,)]


async def test_a_team_that_all_declare_first(offices):
    """Processes that start at once with the same configuration file make its team once."""
    await asyncio.gather(*(office.store.declare(Team(0, "ml", "UTC"), []) for office in offices))
    assert offices[0].rows("select declared from teams") == [("ml",)]


async def test_a_delivery_that_comes_to_all(offices):
    """One delivery that reaches every process is logged once, and each is told what counts."""
    rnd = await offices[0].ask("easy")
    for n in range(5):
        told = await asyncio.gather(
            *(office.answers(f"P{n}", rnd, letter(rnd), delivery=f"d{n}") for office in offices * 2)
        )
        assert {words.split(".")[0] for words in told} == {"Right: right"}
    assert offices[0].rows("select count(*) from answers") == [(5,)]


async def test_teams_that_another_process_links(offices):
    """Whoever answers in a process that has not heard yet of a link counts in the linked team."""
    here, there = offices[:2]
    rnd = await here.ask("easy")
    for _ in range(3):  # the first time they are made, the second time read, and then known
        await there.answers("Ann", rnd, "A")
    await here.does("Boss", "reveal")
    head = await here.store.channel(Address("test", "elsewhere"), Workspace("test", "V", "others", "UTC"))
    assert await here.store.link_teams(1, head.team_id)
    rnd = await here.ask("hard")
    told = await there.answers("Ann", rnd, letter(rnd))
    assert told.startswith("Right: right. 30 points.")
    lines = here.rows("select team_id, points from standings where period = 'all' and points >= 30")
    assert [team for team, _ in lines] == [head.team_id]


async def test_many_who_come_first_and_answer_at_once(offices):
    """A crowd that was never met, in every process at once: each answer counts once, and the standings are right."""
    rnd = await offices[0].ask("easy")
    names = [f"P{n}" for n in range(20)]
    told = await asyncio.gather(*(office.answers(name, rnd, letter(rnd)) for office in offices for name in names))
    assert sum(words.startswith("Right: right. 10 points.") for words in told) == 20
    assert sum(words.startswith("Your first answer counts") for words in told) == 80
    assert kept(offices[0]) == recomputed(offices[0])


async def test_answers_while_rulings_count_anew(offices):
    """While one process regrades, others take answers of the same members and close rounds: the standings are right."""
    names = [f"P{n}" for n in range(8)]
    for _ in range(3):
        rnd = await offices[0].ask("easy")
        await asyncio.gather(*(offices[0].answers(name, rnd, "A") for name in names))
        await offices[0].does("Boss", "reveal")
        after = await offices[0].ask("hard")
        told = await asyncio.gather(
            offices[1].does("Boss", "overrule everyone"),
            *(office.answers(name, after, "B") for office in offices[2:] for name in names),
            offices[2].does("Boss", "reveal"),
        )
        assert not [words for words in told if "fault of mine" in words or "did not answer" in words]
        assert offices[0].rows("select sum(points) from standings where period = 'all'") == offices[0].rows(
            "select sum(points) from entries where settled"
        )


async def test_erasing_while_the_member_answers(offices):
    """Of somebody who erases everything while an answer comes in elsewhere, nothing is left or all of a new member."""
    rnd = await offices[0].ask("easy")
    await offices[0].does("Ann", "help")
    [(ann,)] = offices[0].rows("select id from members where name = 'Ann'")
    answering = (office.answers("Ann", rnd, "A") for office in offices[1:])
    told = await asyncio.gather(*answering, offices[0].store.erase(ann))
    assert not [words for words in told if words and "fault of mine" in words]
    assert offices[0].scratch.dangling() == []
    assert offices[0].rows("select count(*) from members where name = 'Ann'")[0][0] <= 1


# --- trying again ----------------------------------------------------------------------------------------------------


async def test_what_others_come_between_is_done_again():
    """A transaction that was given up is done again, so often and no more; anything else is not."""
    tries = []

    @retried
    async def crossed(times, error):
        tries.append(times)
        if len(tries) <= times:
            raise error
        return "done"

    assert await crossed(ATTEMPTS - 1, Crossed("deadlock detected")) == "done"
    assert len(tries) == ATTEMPTS
    tries.clear()
    with pytest.raises(Crossed):
        await crossed(ATTEMPTS, Crossed("deadlock detected"))
    tries.clear()
    with pytest.raises(ValueError):
        await crossed(1, ValueError())
    assert len(tries) == 1


async def test_a_deadlock_is_told_apart(offices):
    """Two transactions that wait for each other: PostgreSQL gives one up, which says so; the other is done."""
    if offices[0].scratch.sqlite:
        pytest.skip("SQLite has one writer, who waits for nobody")
    await offices[0].store.declare(Team(0, "one", "UTC"), [])
    await offices[0].store.declare(Team(0, "two", "UTC"), [])
    names = ["one", "two"]
    first = [asyncio.Event(), asyncio.Event()]

    async def rename(office, mine, other):
        async with office.database.held(writes=True) as do:
            await do(lambda its: its.exec_driver_sql(f"update teams set name = 'x' where declared = '{names[mine]}'"))
            first[mine].set()
            await first[other].wait()
            await do(lambda its: its.exec_driver_sql(f"update teams set name = 'x' where declared = '{names[other]}'"))

    ended = await asyncio.gather(rename(offices[0], 0, 1), rename(offices[1], 1, 0), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["Crossed", "NoneType"]
