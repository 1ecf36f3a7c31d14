"""One team on several platforms, and one person with several identities: linked by a code, and parted again."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import timedelta

from bot.core.messages import Message, Refusal, refusal
from bot.core.messages import links as wording
from bot.core.model import Code
from bot.core.ports import Quiz
from bot.core.teams import Visit

LASTS = timedelta(minutes=10)
"""How long a code may be used, once."""

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without the letters and digits that look alike."""


def new_code(choice: Callable[[str], str] = secrets.choice) -> str:
    """``K7QM-2RXA``: 40 bits, far too many to try within the time it lasts."""
    letters = [choice(ALPHABET) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def read_code(text: str) -> str:
    """A code as people copy it: case, blanks and the hyphen do not matter."""
    letters = re.sub(r"[\s-]", "", text).upper()
    return f"{letters[:4]}-{letters[4:]}"


async def make(quiz: Quiz, visit: Visit, *, me: bool) -> Message:
    """A code for this team, which only admins make, or for the caller alone."""
    if not (me or visit.admin):
        raise Refusal(refusal.admins_only())
    code = new_code()
    until = quiz.now() + LASTS
    await quiz.store.keep_code(code, Code(visit.team.id, visit.member.id if me else None), until)
    return wording.code(code, until, me=me)


async def use(quiz: Quiz, visit: Visit, text: str) -> Message:
    """Link this place, or the caller's identity here, to what the code stands for."""
    code = await quiz.store.code(read_code(text), quiz.now())
    if code is None:
        raise Refusal(refusal.bad_code())
    if code.member_id is None and not visit.admin:
        raise Refusal(refusal.admins_only())
    if not await quiz.store.use_up(read_code(text)):
        raise Refusal(refusal.bad_code())
    if code.member_id is not None:
        return await _link_member(quiz, visit, code, code.member_id)
    if not await quiz.store.link_teams(visit.team.id, code.team_id):
        raise Refusal(refusal.one_team_already())
    return wording.teams_linked((await quiz.store.team(code.team_id)).name)


async def _link_member(quiz: Quiz, visit: Visit, code: Code, member_id: int) -> Message:
    if (await quiz.store.team(code.team_id)).id != visit.team.id:
        raise Refusal(refusal.teams_apart())
    if not await quiz.store.link_members(visit.member.id, member_id, quiz.rules.cap):
        raise Refusal(refusal.one_person_already())
    return wording.members_linked()


async def part(quiz: Quiz, visit: Visit, *, me: bool) -> Message:
    """Undo a link: everyone has their own history again."""
    if me:
        parted = await quiz.store.part_member(visit.member.origin, quiz.rules.cap)
        return wording.members_parted() if parted else wording.nothing_linked()
    if not visit.admin:
        raise Refusal(refusal.admins_only())
    parted = await quiz.store.part_teams(visit.channel.home, quiz.rules.cap)
    return wording.teams_parted() if parted else wording.nothing_linked()
