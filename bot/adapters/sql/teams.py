"""Teams, their channels and members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Select, Update, func, literal, or_, select, update

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database, Insert, inserted
from bot.adapters.sql.lately import Lately
from bot.adapters.sql.tables import channels, identities, members, teams, workspaces
from bot.adapters.sql.together import Together
from bot.adapters.sql.visits import MANY, Coming, Home, People, Place, home_of, teams_of
from bot.core.model import Address, Channel, Identity, Member, Settings, Team, Workspace


class TeamTables:
    """The part of the store that knows who plays where."""

    _db: Database
    _visiting: Together[Coming, Place | None]
    _meeting: Together[Home, People]
    _places: Lately[tuple[Address, str], tuple[Channel, Team]]
    _people: Lately[Home, People]

    async def visit(
        self, address: Address, workspace: Workspace, identity: Identity, name: str, *, lately: bool = False
    ) -> Place:
        coming = Coming(address, workspace, identity, name)
        known = await self._lately(coming) if lately else None
        if known is not None:
            return known
        as_of = self._db.changes
        known = await self._visiting(coming)
        if known is not None:
            self._keep(coming, known, as_of)
            return known
        channel = await self.channel(address, workspace)
        return channel, await self.team(channel.team_id), await self.member(channel.home, identity, name)

    async def _lately(self, coming: Coming) -> Place | None:
        """As it was read lately, be it for somebody else: one who answers is the first of many."""
        there = self._places.get((coming.address, coming.workspace.id))
        if there is None:
            return None
        channel, team = there
        home = home_of(coming.identity, channel)
        people = self._people.get(home)
        if people is None and not self._people.full:
            as_of = self._db.changes
            people = await self._meeting(home)
            self._people.put(home, people, as_of)
        member = people.get((coming.identity.user, coming.name)) if people else None
        return (channel, team, member) if member else None

    def _keep(self, coming: Coming, place: Place, as_of: int) -> None:
        channel, team, member = place
        self._places.put((coming.address, coming.workspace.id), (channel, team), as_of)
        people = self._people.get(home_of(coming.identity, channel))
        if people is not None and as_of == self._db.changes and len(people) < 2 * MANY:
            people[coming.identity.user, coming.name] = member

    async def declare(self, team: Team, declared: Sequence[Channel]) -> None:
        await self._db.write(lambda connection: _declare(connection, self._db.insert, team, declared))

    async def withdraw(self, names: Sequence[str]) -> None:
        gone = select(teams.c.id).where(teams.c.declared.is_not(None), teams.c.declared.not_in(names))
        await self._db.change(_withdraw().where(channels.c.team_id.in_(gone)))

    async def team(self, team_id: int) -> Team:
        def work(connection: Connection) -> Team:
            head = int(connection.execute(select(rows.head_team(literal(team_id)))).scalar_one())
            return teams_of(connection, [head])[head]

        return await self._db.read(work)

    async def change_zone(self, team_id: int, timezone: str) -> None:
        await self._db.change(update(teams).where(teams.c.id == team_id).values(timezone=timezone))

    async def join(self, workspace: Workspace, team_id: int) -> None:
        put = self._db.insert(workspaces).values(platform=workspace.platform, id=workspace.id, team_id=team_id)
        await self._db.change(put.on_conflict_do_nothing())

    async def known(self, address: Address) -> Channel | None:
        return await self._db.one(_at(address), rows.to_channel)

    async def channel(self, address: Address, workspace: Workspace) -> Channel:
        found = await self.known(address)
        if found is not None and found.workspace:
            return found
        return await self._db.write(lambda connection: _meet_channel(connection, self._db.insert, address, workspace))

    async def channels(self, platform: str) -> list[Channel]:
        its = (channels.c.platform == platform, channels.c.next_post.is_not(None))
        return await self._db.all(rows.CHANNEL.where(*its), rows.to_channel)

    async def scheduled(self, team_id: int) -> list[Channel]:
        its = (rows.same_team(channels.c.team_id, team_id), channels.c.next_post.is_not(None))
        return await self._db.all(rows.CHANNEL.where(*its).order_by(channels.c.id), rows.to_channel)

    async def overdue(self, team_id: int, at: datetime) -> list[Channel]:
        its = (rows.same_team(channels.c.team_id, team_id), channels.c.next_post <= at, channels.c.paused == "")
        return await self._db.all(rows.CHANNEL.where(*its), rows.to_channel)

    async def member(self, home: int, identity: Identity, name: str) -> Member:
        row = await self._db.read(lambda connection: connection.execute(_identified(home, identity)).one_or_none())
        if row is not None and row.name == row.shown == name:
            return Member(row.head, name, row.id)
        return await self._db.write(lambda connection: _meet_member(connection, home, identity, name))

    async def member_called(self, team_id: int, name: str) -> Member | None:
        head = func.coalesce(members.c.linked_to, members.c.id)
        query = (
            select(head, members.c.name, members.c.id)
            .outerjoin(identities)
            .where(
                rows.same_team(members.c.team_id, team_id),
                or_(identities.c.user == name, func.lower(members.c.name) == name.lower()),
            )
            .order_by(identities.c.user != name, members.c.id)
        )
        return await self._db.one(query.limit(1), lambda row: Member(*row))

    async def pause(self, channel_id: int, reason: str) -> None:
        await self._change_channel(channel_id, paused=reason)

    async def move_on(self, channel_id: int, planned: datetime, following: datetime | None) -> None:
        its = update(channels).where(channels.c.id == channel_id, channels.c.next_post == planned)
        await self._db.change(its.values(next_post=following))

    async def schedule(self, channel_id: int, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, next_post=next_post)

    async def change_settings(self, channel_id: int, settings: Settings, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, settings=rows.encoded(settings), next_post=next_post)

    async def _change_channel(self, channel_id: int, **values: object) -> None:
        await self._db.change(update(channels).where(channels.c.id == channel_id).values(**values))


# --- teams and channels of the configuration file ----------------------------------------------------------------


def _declare(connection: Connection, insert: Insert, team: Team, declared: Sequence[Channel]) -> None:
    team_id = _declared_team(connection, team, declared)
    for channel in declared:
        values = {
            "team_id": team_id,
            "settings": rows.encoded(channel.settings),
            "next_post": channel.next_post,
            "paused": channel.paused,
            "declared": True,
        }
        at = {"platform": channel.address.platform, "address": channel.address.id}
        put = insert(channels).values(at | values)
        connection.execute(put.on_conflict_do_update(index_elements=["platform", "address"], set_=values))
    known = [channel.address.id for channel in declared]
    connection.execute(_withdraw().where(channels.c.team_id == team_id, channels.c.address.not_in(known)))


def _declared_team(connection: Connection, team: Team, declared: Sequence[Channel]) -> int:
    """The team of that name in the file; else the one that its channels have played in; else a new one."""
    values = {**rows.team_row(team), "declared": team.name}
    addresses = [channel.address.id for channel in declared]
    played = select(channels.c.team_id).where(channels.c.address.in_(addresses))
    known = connection.scalar(select(teams.c.id).where(teams.c.declared == team.name))
    known = known or connection.scalar(
        select(teams.c.id).where(teams.c.id.in_(played), teams.c.declared.is_(None)).limit(1)
    )
    if known is None:
        return inserted(connection, teams.insert().values(**values).returning(teams.c.id))
    connection.execute(update(teams).where(teams.c.id == known).values(**values))
    return int(known)


def _withdraw() -> Update:
    """Take the schedule from channels that the configuration file declared."""
    nothing = {"declared": False, "next_post": None, "settings": rows.encoded(Settings())}
    return update(channels).where(channels.c.declared.is_(True)).values(nothing)


# --- channels, workspaces and members that are met ---------------------------------------------------------------


def _at(address: Address) -> Select[tuple[object, ...]]:
    return rows.CHANNEL.where(channels.c.platform == address.platform, channels.c.address == address.id)


def _meet_channel(connection: Connection, insert: Insert, address: Address, workspace: Workspace) -> Channel:
    if connection.execute(_at(address)).one_or_none() is None:
        put = insert(channels).values(
            team_id=_team_of(connection, workspace),
            platform=address.platform,
            address=address.id,
            settings=rows.encoded(Settings()),
            paused="",
            declared=False,
        )
        connection.execute(put.on_conflict_do_nothing())
    its = (channels.c.platform == address.platform, channels.c.address == address.id)
    first_met = update(channels).where(*its, channels.c.workspace == "")
    connection.execute(first_met.values(workspace=workspace.id))
    return rows.to_channel(connection.execute(_at(address)).one())


def _team_of(connection: Connection, workspace: Workspace) -> int:
    its = (workspaces.c.platform == workspace.platform, workspaces.c.id == workspace.id)
    known = connection.scalar(select(workspaces.c.team_id).where(*its))
    if known is not None:
        return int(known)
    new = Team(0, workspace.name or str(workspace.id), workspace.timezone)
    team_id = inserted(connection, teams.insert().values(**rows.team_row(new)).returning(teams.c.id))
    connection.execute(workspaces.insert().values(platform=workspace.platform, id=workspace.id, team_id=team_id))
    return team_id


def _identified(home: int, identity: Identity) -> Select[tuple[int, str, int, str]]:
    """The member whom an identity is, and the one as whom they count."""
    head = members.alias()
    return (
        select(members.c.id, members.c.name, head.c.id.label("head"), head.c.name.label("shown"))
        .join_from(identities, members)
        .join(head, head.c.id == func.coalesce(members.c.linked_to, members.c.id))
        .where(
            identities.c.team_id == home,
            identities.c.platform == identity.platform,
            identities.c.workspace == identity.workspace,
            identities.c.user == identity.user,
        )
    )


def _meet_member(connection: Connection, home: int, identity: Identity, name: str) -> Member:
    row = connection.execute(_identified(home, identity)).one_or_none()
    if row is not None:
        both = members.c.id.in_((row.id, row.head))
        connection.execute(update(members).where(both).values(name=name))
        return Member(row.head, name, row.id)
    new = members.insert().values(team_id=home, name=name, streak=0, longest=0)
    member_id = inserted(connection, new.returning(members.c.id))
    its = {"platform": identity.platform, "workspace": identity.workspace, "user": identity.user}
    connection.execute(identities.insert().values(its | {"team_id": home, "member_id": member_id}))
    return Member(member_id, name, member_id)
