"""What is asked of the database at every turn is found by an index, however much lies in it: shown by its own plans."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.adapters.sql import rows
from bot.core.entries import Attempt
from bot.core.model import Address, Grade, Identity, Regrade, Settings, Workspace

from .test_sql import Office, questions

pytestmark = pytest.mark.store
NOW = datetime(2026, 12, 28, 9, tzinfo=UTC)
BIG = ("answers", "channels", "entries", "identities", "members", "rounds", "standings")
TEAMS, CHANNELS, MEMBERS, ROUNDS, ANSWERS = 200, 8_000, 12_000, 20_000, 40_000
HOT = 1_500
"""So many members are in the first team."""


def fill(sqlite):
    """Statements that put many rows into every table, the same on both engines."""
    easy = rows.question_row(questions()[0])
    at = (
        "strftime('%Y-%m-%d %H:%M:%f000', '2026-12-28 09:00:00', ({}) || ' minutes')"
        if sqlite
        else "timestamptz '2026-12-28 09:00:00+00' + ({}) * interval '1 minute'"
    ).format
    day = ("date('2026-01-01', ({}) || ' days')" if sqlite else "date '2026-01-01' + ({})").format

    def many(count, table, columns, values):
        numbers = f"with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})"
        return f"insert into {table} ({columns}) {numbers} select {values} from n"

    home = f"case when i <= {HOT} then 1 else i % {TEAMS} + 1 end"
    state = f"case when i > {ROUNDS - 30} then 'open' when i > {ROUNDS - 40} then 'closed' else 'revealed' end"
    return [
        many(TEAMS, "teams", "id, name, timezone, admins", "i, 'team', 'UTC', '[]'"),
        many(TEAMS, "workspaces", "platform, id, team_id", "'test', 'W' || i, i"),
        many(
            CHANNELS, "channels", "id, team_id, platform, address, settings, next_post, paused, declared, workspace",
            f"i, i % {TEAMS} + 1, 'test', 'c' || i, '{rows.encoded(Settings())}', "
            f"case when i % 3 > 0 then {at('i - 20')} end, '', false, 'W'",
        ),
        many(
            MEMBERS, "members", "id, team_id, name, last_day, streak, longest",
            f"i, {home}, 'P' || i, {day('300')}, 1, 1",
        ),
        many(
            MEMBERS, "identities", 'team_id, platform, workspace, "user", member_id',
            f"{home}, 'test', 'W', 'u' || i, i",
        ),
        f"insert into questions values ('{easy['digest']}', 'easy', 't', '{easy['body']}')",
        many(
            ROUNDS, "rounds", 'id, team_id, channel_id, kind, question_id, question, "order", feedback, day, slot, '
            "contest, state, opened_at, closes_at, rests_until, message, reveal, attempts",
            f"i, (i % {CHANNELS} + 1) % {TEAMS} + 1, i % {CHANNELS} + 1, case when i % 4 = 0 then 'extra' else 'daily' "
            f"end, 'q' || (i % 300), '{easy['digest']}', '012', 'reveal', {day(f'i / {CHANNELS}')}, "
            f"{day(f'i / {CHANNELS}')}, i, {state}, {at(f'i - {ROUNDS}')}, {at(f'i - {ROUNDS} + 60')}, "
            f"case when i > {ROUNDS - 40} and i <= {ROUNDS - 30} then {at('0')} end, '', '', 0",
        ),
        many(
            ANSWERS, "answers", "id, round_id, member_id, text, at, delivery, score, reason",
            f"i, i % {ROUNDS} + 1, i % {MEMBERS} + 1, 'A', {at(f'i - {ANSWERS}')}, 'd' || i, 1, 'Right.'",
        ),
        many(
            ANSWERS, "entries",
            "contest, member_id, round_id, answer_id, score, reason, points, capped, settled",
            f"i % {ROUNDS} + 1, i % {MEMBERS} + 1, i % {ROUNDS} + 1, i, 1, 'Right.', 10, false, true",
        ),
        *(
            many(
                MEMBERS, "standings", 'team_id, period, member_id, points, "right", answered',
                f"{home}, '{period}', i, 10 * (i % 977), 1, 1",
            )
            for period in ("all", "2026-Q4", "2026-12", "2026-11", "2026-W50", "2026-W51")
        ),
    ]  # fmt: skip


@pytest.fixture
async def office(database):
    """A process on a database that many teams have used for long."""
    async with Office(database(), now=NOW) as made:
        statements = fill(made.scratch.sqlite)
        if not made.scratch.sqlite:
            ids = f"select setval('answers_id_seq', {ANSWERS}), setval('members_id_seq', {MEMBERS})"
            # Without looking up every reference; the counts that plans go by are taken as the server does by itself.
            statements = ["set local session_replication_role = replica", *statements, ids, "analyze"]
        await made.database.write(lambda connection: [connection.exec_driver_sql(one) for one in statements])
        yield made


def calls(store, rnd):
    """What is asked at every turn: by the loop, by a click, by a board."""
    someone, guest = Identity("test", "W", "u77"), Identity("test", "V", "u77")
    attempt = Attempt(rnd.id, 77, 77, "B", Grade(1.0, "Right."), NOW, "d-new")
    extra = Attempt(ROUNDS, 78, 78, "B", Grade(1.0, "Right."), NOW, "d-extra")
    today = date(2026, 12, 28)
    return {
        "due": lambda: store.due(NOW + timedelta(hours=1), "test", 100),
        "visit": lambda: store.visit(Address("test", "c77"), Workspace("test", "W", "W", "UTC"), someone, "P77"),
        "several visits": lambda: at_once(
            store.visit(Address("test", f"c{n}"), Workspace("test", "W", "W", "UTC"), someone, "P77")
            for n in range(77, 80)
        ),
        # Of a workspace with few members: for many PostgreSQL finds it cheaper to go through a table of this size.
        "visits in a rush": lambda: in_turn(
            lambda: store.visit(Address("test", "c77"), Workspace("test", "W", "W", "UTC"), guest, "P77", lately=True),
            times=3,
        ),
        "several records": lambda: at_once(
            store.record(replace(kind, origin=n, member_id=n, delivery=f"{kind.delivery}-{n}"), 5)
            for kind in (attempt, extra)
            for n in range(80, 83)
        ),
        "known": lambda: store.known(Address("test", "c77")),
        "member": lambda: store.member(1, someone, "P77"),
        "round": lambda: store.round(77),
        "open_round": lambda: store.open_round(77),
        "daily_on": lambda: store.daily_on(77, today),
        "last_revealed": lambda: store.last_revealed(77),
        "asked": lambda: store.asked(77),
        "being_asked": lambda: store.being_asked(77),
        "entry": lambda: store.entry(rnd, 77),
        "entries": lambda: store.entries(77),
        "answered": lambda: store.answered(77),
        "record": lambda: store.record(attempt, 5),
        "record an extra": lambda: store.record(extra, 5),
        "close": lambda: store.close(ROUNDS - 2, NOW, NOW),
        "standings": lambda: store.standings(1, "all", today, 10),
        "standings, far down": lambda: store.standings(1, "all", today, 10, HOT - 100),
        "standing": lambda: store.standing(1, "all", today, 77),
        "lines": lambda: store.lines(1, "all"),
        "record_of": lambda: store.record_of(77, 5),
        "results_of": lambda: store.results_of(77),
        "stored_on": lambda: store.stored_on(77),
        "scheduled": lambda: store.scheduled(77),
        "overdue": lambda: store.overdue(77, NOW),
        "regrade": lambda: store.regrade([Regrade(77, 78, "A", Grade(0.0, "Wrong."), Grade(1.0, "Right."))], 5, NOW),
        "erase": lambda: store.erase(79),
    }


async def in_turn(call, times):
    """One after the other."""
    for _ in range(times):
        await call()


async def at_once(calls):
    """The first goes by itself, the others together."""
    await asyncio.gather(*calls)


async def test_what_is_asked_at_every_turn_is_found_by_an_index(office):
    """No statement of these calls goes through a big table from end to end."""
    asked = overheard(office)
    rnd = await office.store.round(ROUNDS - 1)
    slow = {}
    for name, call in calls(office.store, rnd).items():
        asked.clear()
        await call()
        statements = [one for one in asked if one[0].startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]
        assert statements, name
        for statement, values in statements:
            found = [line for line in await plan(office, statement, values) if scans(line)]
            if found:
                slow.setdefault(name, []).append((statement, found))
    assert not slow, "\n".join(
        f"{name}: {found}\n{statement}" for name, its in slow.items() for statement, found in its
    )


def overheard(office):
    """All that is asked of the database from now on, be it of SQLite's driver itself, with its values."""
    asked = []

    def traced(text):
        asked.append((text, ()))

    office.listen("before_cursor_execute", lambda *its: asked.append(its[2:4]))
    if office.scratch.sqlite:
        office.listen("begin", lambda its: its.connection.driver_connection.set_trace_callback(traced))
    return asked


async def plan(office, statement, values):
    """How the engine would run a statement."""
    many = isinstance(values, list)
    word = "EXPLAIN QUERY PLAN" if office.scratch.sqlite else "EXPLAIN"
    its = (f"{word} {statement}", values[0] if many else values)
    found = await office.database.read(lambda connection: connection.exec_driver_sql(*its).all())
    return [str(line[-1]) for line in found]


def scans(line):
    """Whether a line of a plan goes through all of a big table; a partial index holds what is under way, no more."""
    words = re.search(r"\bSCAN (\w+?)(_\d+)?( USING (COVERING )?INDEX (\w+))?$|Seq Scan on (\w+)", line.strip())
    if words is None:
        return False
    return (words[1] or words[6]) in BIG and words[5] not in ("ix_rounds_closes_at", "ix_rounds_rests_until")


def test_a_plan_that_scans_is_seen():
    """Both engines' words for it are known."""
    assert scans("SCAN members")
    assert scans("SCAN members_1")
    assert scans("SCAN standings USING COVERING INDEX ix_standings_board")
    assert scans("  ->  Seq Scan on members members_1  (cost=0.00..1 rows=1 width=8)")
    assert not scans("SEARCH members USING INTEGER PRIMARY KEY (rowid=?)")
    assert not scans("SCAN rounds USING INDEX ix_rounds_closes_at")
    assert not scans("SCAN teams_1")
    assert not scans("Index Scan using pk_members on members")
