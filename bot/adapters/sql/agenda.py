"""What is due, and when the next thing is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    TextClause,
    bindparam,
    func,
    select,
)

from bot.adapters.sql import rows
from bot.adapters.sql.tables import OPEN, UNFINISHED, Instant, channels, rounds
from bot.core.model import Channel, Round
from bot.core.ports import Due

_WAITS = channels.c.paused == ""
# Of two platforms one tells little: as an expression no index knows it, and what is due is found by its time.
_HERE = channels.c.platform.concat("") == bindparam("platform")
_NOW = bindparam("now", type_=Instant)
_MOST: BindParameter[int] = bindparam("most")

_ANY = func.random()
"""The order of what is due at the same instant: processes that share the work seldom reach for the same."""

_CHOSEN = select(channels.c.id).where(_HERE, _WAITS, channels.c.next_post <= _NOW)
_CHOSEN = _CHOSEN.order_by(channels.c.next_post, _ANY).limit(_MOST)
_POSTS = rows.CHANNEL.where(channels.c.id.in_(_CHOSEN)).order_by(channels.c.next_post)  # only those are read in full
_CLOSES = rows.ROUND.where(_HERE, OPEN, rounds.c.closes_at <= _NOW)
_CLOSES = _CLOSES.order_by(rounds.c.closes_at, _ANY).limit(_MOST)
_RESUMED = rows.ROUND.where(_HERE, UNFINISHED, rounds.c.rests_until <= _NOW)
_RESUMED = _RESUMED.order_by(rounds.c.rests_until, _ANY).limit(_MOST)


def _first(at: Column[datetime], *its: ColumnElement[bool] | TextClause) -> ScalarSelect[datetime]:
    """The earliest of them, which an index gives: the others, as many as channels, are not looked at."""
    return select(at).where(_HERE, at.is_not(None), *its).order_by(at).limit(1).scalar_subquery()


_ITS_CHANNEL = rounds.c.channel_id == channels.c.id
_NEXT = select(
    _first(channels.c.next_post, _WAITS),
    _first(rounds.c.closes_at, _ITS_CHANNEL, OPEN),
    _first(rounds.c.rests_until, _ITS_CHANNEL, UNFINISHED),
)


def due(connection: Connection, now: datetime, platform: str, most: int) -> Due:
    """What is due on a platform, so many of each kind at most, and when the next thing is, due already or not."""
    asked = {"now": now, "platform": platform, "most": most}

    def found(query: Select[Any]) -> list[Round]:
        return [rows.to_round(row) for row in connection.execute(query, asked)]

    posts: list[Channel] = [rows.to_channel(row) for row in connection.execute(_POSTS, asked)]
    following = [at for at in connection.execute(_NEXT, {"platform": platform}).one() if at is not None]
    return Due(found(_RESUMED), found(_CLOSES), posts, min(following, default=None))
