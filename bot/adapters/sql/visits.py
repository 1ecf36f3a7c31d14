"""Who comes where: the channel, the team and the member of callers that are known, for all who come at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, or_, select

from bot.adapters.sql.prepared import Query
from bot.adapters.sql.rows import CHANNEL, AnyRow, gathered, to_channel, to_team
from bot.adapters.sql.tables import channels, identities, members, teams
from bot.core.model import Address, Channel, Identity, Member, Team, Workspace


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who does something, as the platform tells it."""

    address: Address
    workspace: Workspace
    identity: Identity
    name: str


Place = tuple[Channel, Team, Member]

Home = tuple[int, str, str]
"""A channel's own team, a platform and a workspace on it, in which people have ids."""

Key = tuple[Home, str]
"""A member's identity in a channel's own team."""

People = dict[tuple[str, str], Member]
"""Those of a home, by the id that they have there and their name."""

MANY = 1000
"""People of a home that are read together at most: it holds up everybody, for a few milliseconds."""

_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_HEAD = members.alias("head")

# One platform and one workspace at a time: SQLite has no use of an index for rows of values.
_CHANNELS = Query(CHANNEL.where(channels.c.platform == bindparam("platform"), channels.c.address.in_(_KEYS)))

_TEAMS = Query(
    select(teams, func.coalesce(teams.c.linked_to, teams.c.id).label("head")).where(
        or_(teams.c.id.in_(_KEYS), teams.c.linked_to.in_(_KEYS))
    )
)

_PEOPLE = (
    select(identities.c.user, members.c.id, members.c.name, _HEAD.c.id.label("head"), _HEAD.c.name.label("shown"))
    .join_from(identities, members)
    .join(_HEAD, _HEAD.c.id == func.coalesce(members.c.linked_to, members.c.id))
    .where(
        identities.c.team_id == bindparam("team"),
        identities.c.platform == bindparam("platform"),
        identities.c.workspace == bindparam("workspace"),
    )
)

_MEMBERS = Query(_PEOPLE.where(identities.c.user.in_(_KEYS)))

_EVERYBODY = Query(_PEOPLE.limit(MANY + 1))


def visits(connection: Connection, comings: Sequence[Coming]) -> list[Place | None]:
    """Where each of them is; None where something of it is not known yet, or not any more as it is told."""
    places = _channels(connection, {(coming.address.platform, coming.address.id) for coming in comings})
    playing = teams_of(connection, {channel.team_id for channel in places.values()})
    people = _members(
        connection, {_key(coming, places[coming.address]) for coming in comings if coming.address in places}
    )
    return [_place(coming, places.get(coming.address), playing, people) for coming in comings]


def home_of(identity: Identity, channel: Channel) -> Home:
    """Where somebody is at home who comes to a channel."""
    return channel.home, identity.platform, identity.workspace


def _key(coming: Coming, channel: Channel) -> Key:
    return home_of(coming.identity, channel), coming.identity.user


def _place(
    coming: Coming,
    channel: Channel | None,
    playing: Mapping[int, Team],
    people: Mapping[Key, AnyRow],
) -> Place | None:
    if channel is None or channel.workspace != coming.workspace.id:
        return None
    member = _member(people.get(_key(coming, channel)), coming.name)
    return (channel, playing[channel.team_id], member) if member else None


def _member(row: AnyRow | None, name: str) -> Member | None:
    """The member that a row of theirs is about, unless they had another name when it was written."""
    return Member(row.head, name, row.id) if row and row.name == row.shown == name else None


def everybody(connection: Connection, home: Home) -> People:
    """All people of a home, of whom one has come and others will soon; nobody where they are too many."""
    found = _EVERYBODY(connection, **_named(home))
    if len(found) > MANY:
        return {}
    people = {(row.user, row.name): _member(row, row.name) for row in found}
    return {key: member for key, member in people.items() if member}


def _channels(connection: Connection, keys: Iterable[tuple[str, str]]) -> dict[Address, Channel]:
    found: dict[Address, Channel] = {}
    for platform, ids in gathered(keys).items():
        for channel in map(to_channel, _CHANNELS(connection, platform=platform, keys=ids)):
            found[channel.address] = channel
    return found


def teams_of(connection: Connection, heads: Iterable[int]) -> dict[int, Team]:
    """The teams that these play as, each with the admins of all that are linked in it."""
    found: dict[int, list[Team]] = {}
    for row in sorted(_TEAMS(connection, keys=list(heads)), key=lambda row: row.linked_to is not None):
        found.setdefault(row.head, []).append(to_team(row))
    return {head: _joined(those) for head, those in found.items()}


def _joined(those: Sequence[Team]) -> Team:
    return replace(those[0], admins=tuple(dict.fromkeys(admin for team in those for admin in team.admins)))


def _members(connection: Connection, keys: Iterable[Key]) -> dict[Key, AnyRow]:
    found: dict[Key, AnyRow] = {}
    for home, users in gathered(keys).items():
        found |= {(home, row.user): row for row in _MEMBERS(connection, **_named(home), keys=users)}
    return found


def _named(home: Home) -> dict[str, int | str]:
    return dict(zip(("team", "platform", "workspace"), home, strict=True))
