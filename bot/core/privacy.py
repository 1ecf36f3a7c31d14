"""What the bot has stored on a member: to take along, or to erase for ever."""

from __future__ import annotations

import json

from bot.core.messages import Message, Refusal, refusal
from bot.core.messages import privacy as wording
from bot.core.ports import Quiz
from bot.core.teams import Visit


async def export(quiz: Quiz, visit: Visit) -> Message:
    """Everything stored on the caller, as a JSON file."""
    stored = await quiz.store.stored_on(visit.member.id)
    return wording.exported(json.dumps(stored, indent=2, ensure_ascii=False, default=str).encode())


def about() -> Message:
    """What can be done."""
    return wording.about()


def ask_to_erase(visit: Visit) -> Message:
    """What erasing means, and the button that does it."""
    return wording.confirm_erasing(visit.member.id)


async def erase(quiz: Quiz, visit: Visit, member_id: int) -> Message:
    """Erase the caller's identity and answers from every table."""
    if member_id != visit.member.id:
        raise Refusal(refusal.not_to_erase())
    await quiz.store.erase(member_id)
    return wording.erased()
