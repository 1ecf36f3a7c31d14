"""What people type for a setting: times, zones, days, topics; each reader raises ``Refusal`` with what would do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.core.bank import Bank
from bot.core.messages import Refusal, refusal
from bot.core.model import Difficulty

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_NO_PLACES = ("Etc/", "posix/", "right/")

OFFERED = 25
"""How many suggestions are offered while somebody types; Discord shows no more."""


def cleaned(text: str) -> str:
    """The text without what a database cannot keep: halves of characters, and on PostgreSQL NUL."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def folded(text: str) -> str:
    """Words as they are compared: case, blanks, hyphens and underscores do not matter."""
    return re.sub(r"[\s_-]+", "_", text.strip().lower())


def wall_time(text: str) -> time:
    """``9:00``, ``09.00``, ``16:30``."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", text.strip())
    if not found:
        raise Refusal(refusal.not_a_time(text))
    return time(int(found[1]), int(found[2]))


def days(text: str) -> frozenset[int]:
    """``mon-fri``, ``mon, wed, fri``, ``Monday to Friday``, ``weekdays``, ``daily``."""
    text = text.strip().lower()
    if text in ("daily", "all", "every day"):
        return frozenset(range(7))
    if text in ("weekdays", "workdays"):
        return frozenset(range(5))
    ranges = re.findall(r"([a-z]+)(?:\s*(?:-|–|\bto\b)\s*([a-z]+))?", re.sub(r"\band\b", ",", text))
    found: set[int] = set()
    for start, end in ranges:
        first, last = _day(start, text), _day(end or start, text)
        found.update(range(first, last + 1) if first <= last else {*range(first, 7), *range(last + 1)})
    if not found:
        raise Refusal(refusal.not_days(text))
    return frozenset(found)


def _day(word: str, text: str) -> int:
    stem = word.removesuffix("s")
    for number, name in enumerate(_DAY_NAMES):
        if len(stem) >= 3 and name.startswith(stem):
            return number
    raise Refusal(refusal.not_days(text))


_known_zones = cache(available_timezones)
"""Each look of Python's own goes through the folders of the system."""


def zone(text: str) -> str:
    """An IANA zone by its name or its city: ``Europe/Berlin``, ``berlin``, ``new york``."""
    wanted = folded(text)
    known = sorted(_known_zones())
    exact = [name for name in known if folded(name) == wanted]
    cities = [name for name in known if folded(name.rpartition("/")[2]) == wanted and "/" in name]
    found = exact or [name for name in cities if not name.startswith(_NO_PLACES)]
    if len(found) == 1:
        return found[0]
    raise Refusal(refusal.not_a_zone(text, found or [name for name, _ in _zones(text)[:3]]))


def zones_like(_: Bank, typed: str) -> list[tuple[str, str]]:
    """Zones to offer while somebody types a city."""
    return _zones(typed)[:OFFERED]


def _zones(typed: str) -> list[tuple[str, str]]:
    """Zones with this in their name, as (name, what is shown); those whose city begins so first."""
    needle = folded(typed)
    places = [name for name in _known_zones() if "/" in name and not name.startswith(_NO_PLACES)]
    found = [name for name in places if needle in folded(name)]
    found.sort(key=lambda name: (not folded(name.rpartition("/")[2]).startswith(needle), name))
    return [(name, name.replace("_", " ")) for name in found]


def topic(bank: Bank, text: str) -> str:
    """A topic by its id or the name shown."""
    names = {folded(name): topic for topic, shown in bank.topics.items() for name in (topic, shown.name)}
    if folded(text) not in names:
        near = difflib.get_close_matches(folded(text), names, n=1, cutoff=0.5)
        raise Refusal(refusal.unknown_topic(text, near, list(bank.topics)[:OFFERED]))
    return names[folded(text)]


def topics(bank: Bank, text: str) -> tuple[str, ...]:
    """Topics with commas between them; ``all`` for all."""
    return tuple(dict.fromkeys(topic(bank, part) for part in _parts(text)))


def topics_like(bank: Bank, typed: str) -> list[tuple[str, str]]:
    """Topics to offer while somebody types one: (id, name)."""
    needle = folded(typed)
    found = [(topic, shown.name) for topic, shown in bank.topics.items()]
    return [(id, name) for id, name in found if needle in folded(name) or needle in folded(id)][:OFFERED]


def topic_lists_like(bank: Bank, typed: str) -> list[tuple[str, str]]:
    """Topics to offer for the last one of several with commas between them; those before it are kept."""
    before, comma, last = typed.rpartition(",")
    named = {folded(part) for part in _parts(before)}
    kept = f"{before.strip()}, " if comma else ""
    found = [(id, name) for id, name in topics_like(bank, last) if not {folded(id), folded(name)} & named]
    return [(kept + id, kept + name) for id, name in found]


def difficulties(text: str) -> tuple[Difficulty, ...]:
    """Difficulties with commas between them; ``all`` for all."""
    return tuple(dict.fromkeys(Difficulty(word(part, tuple(Difficulty))) for part in _parts(text)))


def _parts(text: str) -> Iterable[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [] if [folded(part) for part in parts] == ["all"] else parts


def word(text: str, words: Sequence[str]) -> str:
    """One of a few words."""
    if folded(text) not in words:
        raise Refusal(refusal.unknown_word(text, difflib.get_close_matches(folded(text), words)))
    return folded(text)


def minutes(text: str) -> int:
    """``10``, ``10m``, ``10 minutes``: from 1 to a day."""
    found = re.fullmatch(r"(\d{1,4})\s?(?:m|min|minutes?)?", text.strip().lower())
    if not found or not 1 <= int(found[1]) <= 1440:
        raise Refusal(refusal.not_minutes(text))
    return int(found[1])
