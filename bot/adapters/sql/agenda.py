"""What is due, and when the next thing is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    TextClause,
    bindparam,
    func,
    select,
)

from bot.adapters.sql import rows
from bot.adapters.sql.prepared import Query
from bot.adapters.sql.rows import AnyRow
from bot.adapters.sql.tables import OPEN, UNFINISHED, Instant, channels, rounds
from bot.core.ports import Due

_WAITS = channels.c.paused == ""
# Of two platforms one tells little: as an expression no index knows it, and what is due is found by its time.
_HERE = channels.c.platform.concat("") == bindparam("platform")
_NOW = bindparam("now", type_=Instant)
_MOST: BindParameter[int] = bindparam("most")

_ANY = func.random()
"""The order of what is due at the same instant: processes that share the work seldom reach for the same."""

SHARED = 4
"""Several processes may choose from so many times what each of them takes; to look at all that is due would take each
as long as there are channels."""

_FIRST = select(channels.c.id, channels.c.next_post).where(_HERE, _WAITS, channels.c.next_post <= _NOW)
_FOREMOST = _FIRST.order_by(channels.c.next_post).limit(SHARED * _MOST).subquery()
_CHOSEN = select(_FOREMOST.c.id).order_by(_FOREMOST.c.next_post, _ANY).limit(_MOST)
# Only those are read in full.
_POSTS = Query(rows.CHANNEL.where(channels.c.id.in_(_CHOSEN)).order_by(channels.c.next_post))
_CLOSES = Query(
    rows.ROUND.where(_HERE, OPEN, rounds.c.closes_at <= _NOW).order_by(rounds.c.closes_at, _ANY).limit(_MOST)
)
_RESUMED = Query(
    rows.ROUND.where(_HERE, UNFINISHED, rounds.c.rests_until <= _NOW).order_by(rounds.c.rests_until, _ANY).limit(_MOST)
)


def _first(at: Column[datetime], *its: ColumnElement[bool] | TextClause) -> ScalarSelect[datetime]:
    """The earliest of them, which an index gives: the others, as many as channels, are not looked at."""
    return select(at).where(_HERE, at.is_not(None), *its).order_by(at).limit(1).scalar_subquery()


_ITS_CHANNEL = rounds.c.channel_id == channels.c.id
_NEXT = Query(
    select(
        _first(channels.c.next_post, _WAITS).label("post"),
        _first(rounds.c.closes_at, _ITS_CHANNEL, OPEN).label("close"),
        _first(rounds.c.rests_until, _ITS_CHANNEL, UNFINISHED).label("rest"),
    )
)


def due(connection: Connection, now: datetime, platform: str, most: int) -> Due:
    """What is due on a platform, so many of each kind at most, and when the next thing is, due already or not."""

    def found(query: Query) -> Iterable[AnyRow]:
        return query(connection, now=now, platform=platform, most=most)

    resumed, closes = (list(map(rows.to_round, found(query))) for query in (_RESUMED, _CLOSES))
    posts = list(map(rows.to_channel, found(_POSTS)))
    following = [at for at in _NEXT(connection, platform=platform)[0] if at is not None]
    return Due(resumed, closes, posts, min(following, default=None))
