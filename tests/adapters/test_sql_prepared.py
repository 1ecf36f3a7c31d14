"""What is prepared once does what the same statement does that is put together anew."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, create_engine, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.adapters.sql.prepared import Command, Query
from bot.adapters.sql.tables import channels, members, metadata, teams

NINE = datetime(2026, 11, 16, 9, tzinfo=UTC)

PUT = Command(lambda insert: insert(members))

FOUND = (
    select(members.c.id, members.c.name, members.c.last_day, channels.c.next_post, channels.c.declared)
    .join_from(members, channels, channels.c.id == members.c.id)
    .where(members.c.streak == 7, channels.c.next_post <= bindparam("at", type_=channels.c.next_post.type))
    .where(members.c.id.in_(bindparam("ids", expanding=True)), channels.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(members.c.id)
)
QUERY = Query(FOUND)


@pytest.fixture(scope="module")
def connection():
    """A database with thirty members and channels."""
    engine = create_engine("sqlite://")
    with engine.connect() as made:
        metadata.create_all(made)
        made.execute(teams.insert().values(id=1, name="t", timezone="UTC", admins="[]"))
        PUT(made, insert, [member(n) for n in range(30)])
        made.execute(channels.insert(), [channel(n) for n in range(30)])
        yield made


def member(number, **its):
    """The row of a member."""
    day = date(2026, 11, 1) + timedelta(number) if number % 3 else None
    return {"id": number, "team_id": 1, "name": f"P{number}", "last_day": day, "streak": 7, "longest": 7} | its


def channel(number):
    """The row of a channel."""
    return {
        "id": number, "team_id": 1, "platform": "test", "address": str(number), "settings": "{}", "paused": "",
        "next_post": NINE + timedelta(minutes=number), "declared": number % 2 == 0,
    }  # fmt: skip


@given(ids=st.lists(st.integers(0, 40), max_size=20), minutes=st.integers(-1, 40))
def test_a_prepared_query_finds_the_same(connection, ids, minutes):
    """Rows, their types and their names are the same, however many values a list has, be it none or one twice."""
    asked = {"ids": ids, "at": NINE + timedelta(minutes=minutes)}
    found = QUERY(connection, **asked)
    assert [row._asdict() for row in found] == [row._asdict() for row in connection.execute(FOUND, asked)]


def test_a_prepared_command_runs_for_each_row(connection):
    """Every row is written, with values of the types that its columns have."""
    moved = Command(
        lambda _: (
            update(members)
            .where(members.c.id == bindparam("who"))
            .values(last_day=bindparam("day", type_=members.c.last_day.type))
        )
    )
    with connection.begin_nested() as nested:
        moved(connection, insert, [{"who": n, "day": date(2027, 1, n)} for n in (3, 1, 2)])
        days = select(members.c.last_day).where(members.c.id.in_((1, 2, 3))).order_by(members.c.id)
        assert list(connection.scalars(days)) == [date(2027, 1, n) for n in (1, 2, 3)]
        nested.rollback()


def test_what_goes_wrong_is_told_in_sqlalchemys_words(connection):
    """Whoever waits for an error of SQLAlchemy's gets it, without the values that were to be written."""
    with connection.begin_nested() as nested:
        with pytest.raises(IntegrityError) as told:
            PUT(connection, insert, [member(1, name="a secret")])
        assert "secret" not in str(told.value)
        nested.rollback()
    with pytest.raises(OperationalError, match="no such table"):
        Query(select(members.c.id).select_from(members.alias("m")))(create_engine("sqlite://").connect())
