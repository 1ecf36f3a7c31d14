"""Teams, their channels and members: who somebody is, and what they may do."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import schedule
from bot.core.messages import Refusal, refusal
from bot.core.messages.settings import BY_ADMIN
from bot.core.meter import Promise, broken
from bot.core.model import Address, Caller, Channel, Member, Team, Workspace
from bot.core.ports import Quiz, Refused, Unavailable
from bot.core.typed import cleaned

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Visit:
    """A caller who is known: in which team and channel, and as which member."""

    caller: Caller
    team: Team
    channel: Channel
    member: Member

    @property
    def admin(self) -> bool:
        """Whether this person may change the quiz: the platform or the configuration says so.

        What somebody manages is their own workspace. A channel that two workspaces share is the first one's.
        """
        identity = self.caller.identity
        manages = self.caller.manages and self.channel.workspace == self.caller.workspace.id
        return manages or f"{identity.platform}:{identity.user}" in self.team.admins


async def enter(quiz: Quiz, caller: Caller, *, lately: bool = False) -> Visit:
    """Find, or make, the team, channel and member of a caller; ``lately`` as in ``Store.visit``."""
    if caller.address.platform not in quiz.arrived:  # whoever comes first must not get a configured workspace its own
        await _gather(quiz, caller.address.platform)
    name = cleaned(caller.name)
    found = await quiz.store.visit(caller.address, caller.workspace, caller.identity, name, lately=lately)
    channel, team, member = found
    return Visit(caller, team, channel, member)


async def elsewhere(quiz: Quiz, visit: Visit, channel_id: str) -> Visit:
    """The visit as if it took place in another channel of the same workspace. Raises ``Refusal`` for any other."""
    address = Address(visit.caller.identity.platform, channel_id)
    known = await quiz.store.known(address)
    if known is None:
        try:
            its = await quiz.chats[address.platform].workspace(address)
        except Refused as error:
            raise Refusal(refusal.cannot_post(str(error))) from error
        ours = its is not None and its.id == visit.caller.workspace.id
    else:
        ours = known.workspace == visit.caller.workspace.id or known.home == visit.channel.home
    if not ours:
        raise Refusal(refusal.forged())
    return await enter(quiz, replace(visit.caller, address=address))


async def depart(quiz: Quiz, workspace: Workspace, reason: str) -> None:
    """The bot was taken out of a workspace: its channels are paused; nothing is deleted."""
    for channel in await quiz.store.channels(workspace.platform):
        if channel.workspace == workspace.id and not channel.paused:
            await quiz.store.pause(channel.id, reason)
            broken(quiz.meter, Promise.CHANNEL_PAUSED, channel.ids, "paused: %s", reason)


@dataclass(frozen=True, slots=True)
class Declared:
    """A team as the configuration file has it; the ids of its values are not known yet."""

    team: Team
    channels: Sequence[Channel]


async def declare(quiz: Quiz, teams: Sequence[Declared]) -> None:
    """Bring teams and channels to what the configuration file says; it wins over what was set before.

    A schedule that did not change keeps its next post, so that one missed during a restart is made good; a new or a
    changed one begins now, so that times before it are never caught up.
    """
    for declared in teams:
        channels = [await _planned(quiz, channel) for channel in declared.channels]
        await quiz.store.declare(declared.team, channels)
    await quiz.store.withdraw([declared.team.name for declared in teams])


async def _planned(quiz: Quiz, channel: Channel) -> Channel:
    plan = channel.settings.schedule
    known = await quiz.store.known(channel.address)
    # What a platform refused is tried again with every start; what an admin paused stays so until an admin resumes it.
    channel = replace(channel, paused=BY_ADMIN if known and known.paused == BY_ADMIN else "")
    if plan is None or (known is not None and known.next_post is not None and known.settings.schedule == plan):
        return replace(channel, next_post=known.next_post if known and plan else None)
    return replace(channel, next_post=schedule.next_post(plan, quiz.now()))


async def arrive(quiz: Quiz, platform: str) -> None:
    """On connecting to a platform: let the workspaces of scheduled channels share their teams; log what is next.

    Where the database does not answer the platform is connected all the same: whoever comes first tries again.
    """
    try:
        channels = await _gather(quiz, platform)
    finally:
        quiz.connected.add(platform)
    for channel in channels:
        if channel.next_post and not channel.paused:
            log.info("next question at %s", channel.next_post.isoformat(), extra=channel.ids)


async def _gather(quiz: Quiz, platform: str) -> list[Channel]:
    channels = await quiz.store.channels(platform)
    for channel in channels:
        if not channel.workspace:  # a platform counts what it is asked
            await _join(quiz, channel)
    quiz.arrived.add(platform)
    return channels


async def _join(quiz: Quiz, channel: Channel) -> None:
    """Let the workspace of a channel share its team."""
    platform = channel.address.platform
    try:
        workspace = await quiz.chats[platform].workspace(channel.address)
    except (Unavailable, Refused) as error:
        log.warning("the channel cannot be seen: %s", error, extra=channel.ids)
        return
    if workspace is None:
        log.warning("the channel is not known to %s; is the bot invited?", platform, extra=channel.ids)
        return
    await quiz.store.join(workspace, channel.team_id)
    await quiz.store.channel(channel.address, workspace)
