"""Teams, their channels and members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, Update, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.sql import rows
from bot.adapters.sql.engine import Database, inserted, retried
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

    @retried
    async def declare(self, team: Team, declared: Sequence[Channel]) -> None:
        async with self._db.writing() as connection:
            team_id = await self._declared_team(connection, team, declared)
            for channel in declared:
                values = {
                    "team_id": team_id,
                    "settings": rows.encoded(channel.settings),
                    "next_post": channel.next_post,
                    "paused": channel.paused,
                    "declared": True,
                }
                at = {"platform": channel.address.platform, "address": channel.address.id}
                put = self._db.insert(channels).values(at | values)
                await connection.execute(put.on_conflict_do_update(index_elements=["platform", "address"], set_=values))
            known = [channel.address.id for channel in declared]
            await connection.execute(_withdraw().where(channels.c.team_id == team_id, channels.c.address.not_in(known)))

    async def _declared_team(self, connection: AsyncConnection, team: Team, declared: Sequence[Channel]) -> int:
        """The team of that name in the file; else the one that its channels have played in; else a new one."""
        values = {**rows.team_row(team), "declared": team.name}
        addresses = [channel.address.id for channel in declared]
        played = select(channels.c.team_id).where(channels.c.address.in_(addresses))
        known = await connection.scalar(select(teams.c.id).where(teams.c.declared == team.name))
        known = known or await connection.scalar(
            select(teams.c.id).where(teams.c.id.in_(played), teams.c.declared.is_(None)).limit(1)
        )
        if known is None:
            return await inserted(connection, teams.insert().values(**values).returning(teams.c.id))
        await connection.execute(update(teams).where(teams.c.id == known).values(**values))
        return int(known)

    async def withdraw(self, names: Sequence[str]) -> None:
        gone = select(teams.c.id).where(teams.c.declared.is_not(None), teams.c.declared.not_in(names))
        async with self._db.writing() as connection:
            await connection.execute(_withdraw().where(channels.c.team_id.in_(gone)))

    async def team(self, team_id: int) -> Team:
        async with self._db.reading() as connection:
            head = int((await connection.execute(select(rows.head_team(literal(team_id))))).scalar_one())
            return (await connection.run_sync(teams_of, [head]))[head]

    async def change_zone(self, team_id: int, timezone: str) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(teams).where(teams.c.id == team_id).values(timezone=timezone))

    async def join(self, workspace: Workspace, team_id: int) -> None:
        put = self._db.insert(workspaces).values(platform=workspace.platform, id=workspace.id, team_id=team_id)
        async with self._db.writing() as connection:
            await connection.execute(put.on_conflict_do_nothing())

    async def known(self, address: Address) -> Channel | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(_at(address))).one_or_none()
        return rows.to_channel(row) if row else None

    @retried
    async def channel(self, address: Address, workspace: Workspace) -> Channel:
        found = await self.known(address)
        if found is not None and found.workspace:
            return found
        async with self._db.writing() as connection:
            if found is None:
                await self._new_channel(connection, address, workspace)
            its = (channels.c.platform == address.platform, channels.c.address == address.id)
            first_met = update(channels).where(*its, channels.c.workspace == "")
            await connection.execute(first_met.values(workspace=workspace.id))
            return rows.to_channel((await connection.execute(_at(address))).one())

    async def _new_channel(self, connection: AsyncConnection, address: Address, workspace: Workspace) -> None:
        put = self._db.insert(channels).values(
            team_id=await self._team_of(connection, workspace),
            platform=address.platform,
            address=address.id,
            settings=rows.encoded(Settings()),
            paused="",
            declared=False,
        )
        await connection.execute(put.on_conflict_do_nothing())

    async def _team_of(self, connection: AsyncConnection, workspace: Workspace) -> int:
        its = (workspaces.c.platform == workspace.platform, workspaces.c.id == workspace.id)
        known = await connection.scalar(select(workspaces.c.team_id).where(*its))
        if known is not None:
            return int(known)
        new = Team(0, workspace.name or str(workspace.id), workspace.timezone)
        team_id = await inserted(connection, teams.insert().values(**rows.team_row(new)).returning(teams.c.id))
        await connection.execute(
            workspaces.insert().values(platform=workspace.platform, id=workspace.id, team_id=team_id)
        )
        return team_id

    async def channels(self, platform: str) -> list[Channel]:
        return await self._channels(
            rows.CHANNEL.where(channels.c.platform == platform, channels.c.next_post.is_not(None))
        )

    async def scheduled(self, team_id: int) -> list[Channel]:
        its = rows.same_team(channels.c.team_id, team_id)
        return await self._channels(rows.CHANNEL.where(its, channels.c.next_post.is_not(None)).order_by(channels.c.id))

    async def overdue(self, team_id: int, at: datetime) -> list[Channel]:
        return await self._channels(
            rows.CHANNEL.where(
                rows.same_team(channels.c.team_id, team_id), channels.c.next_post <= at, channels.c.paused == ""
            )
        )

    async def _channels(self, query: Select[tuple[object, ...]]) -> list[Channel]:
        async with self._db.reading() as connection:
            return [rows.to_channel(row) for row in await connection.execute(query)]

    @retried
    async def member(self, home: int, identity: Identity, name: str) -> Member:
        head = members.alias()
        known = (
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
        async with self._db.reading() as connection:
            row = (await connection.execute(known)).one_or_none()
        if row is not None and row.name == row.shown == name:
            return Member(row.head, name, row.id)
        async with self._db.writing() as connection:
            row = (await connection.execute(known)).one_or_none()
            if row is not None:
                both = members.c.id.in_((row.id, row.head))
                await connection.execute(update(members).where(both).values(name=name))
                return Member(row.head, name, row.id)
            member_id = await self._new_member(connection, home, identity, name)
            return Member(member_id, name, member_id)

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
        async with self._db.reading() as connection:
            row = (await connection.execute(query.limit(1))).one_or_none()
        return Member(*row) if row else None

    async def _new_member(self, connection: AsyncConnection, home: int, identity: Identity, name: str) -> int:
        new = members.insert().values(team_id=home, name=name, streak=0, longest=0)
        member_id = await inserted(connection, new.returning(members.c.id))
        its = {"platform": identity.platform, "workspace": identity.workspace, "user": identity.user}
        await connection.execute(identities.insert().values(its | {"team_id": home, "member_id": member_id}))
        return member_id

    async def pause(self, channel_id: int, reason: str) -> None:
        await self._change_channel(channel_id, paused=reason)

    async def move_on(self, channel_id: int, planned: datetime, following: datetime | None) -> None:
        its = update(channels).where(channels.c.id == channel_id, channels.c.next_post == planned)
        async with self._db.writing() as connection:
            await connection.execute(its.values(next_post=following))

    async def schedule(self, channel_id: int, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, next_post=next_post)

    async def change_settings(self, channel_id: int, settings: Settings, next_post: datetime | None) -> None:
        await self._change_channel(channel_id, settings=rows.encoded(settings), next_post=next_post)

    async def _change_channel(self, channel_id: int, **values: object) -> None:
        async with self._db.writing() as connection:
            await connection.execute(update(channels).where(channels.c.id == channel_id).values(**values))


def _at(address: Address) -> Select[tuple[object, ...]]:
    return rows.CHANNEL.where(channels.c.platform == address.platform, channels.c.address == address.id)


def _withdraw() -> Update:
    """Take the schedule from channels that the configuration file declared."""
    nothing = {"declared": False, "next_post": None, "settings": rows.encoded(Settings())}
    return update(channels).where(channels.c.declared.is_(True)).values(nothing)
