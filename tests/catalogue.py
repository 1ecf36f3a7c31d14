"""Every text that is to be translated, found in the code; ``python -m tests.catalogue`` brings the catalogues up to it.

New texts come into the catalogues untranslated, those that are gone leave them, and all stand in the code's order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib

import bot
from bot.adapters.discord import chat as discord_chat
from bot.adapters.discord import faults as discord_faults
from bot.adapters.languages import FOLDER
from bot.adapters.slack import errors as slack_errors
from bot.core.commands import COMMANDS
from bot.core.messages import board, settings
from bot.core.model import Difficulty

ROOT = Path(bot.__file__).parents[1]

WIDTH = 110
"""Where the lines of a catalogue end."""

REASONS = (
    settings.BY_ADMIN,
    *discord_faults.REASONS.values(),
    discord_faults.NO_REASON,
    discord_chat.NO_CHANNEL,
    discord_chat.NO_SERVER,
    *slack_errors.REASONS.values(),
    slack_errors.NO_SCOPE,
    slack_errors.NO_REASON,
    slack_errors.NOT_INSTALLED,
    slack_errors.UNKNOWN_PLACE,
)
"""Why a channel is paused or cannot be posted in: kept in English, and translated when they are told."""

TABLES: Mapping[str, Iterable[str]] = {
    "messages/__init__.py: template": (),  # the texts that ``say`` is called with
    "messages/board.py: MONTHS[day.month - 1]": board.MONTHS,
    "messages/board.py: MONTHS[monday.month - 1]": board.MONTHS,
    "messages/board.py: MONTHS[sunday.month - 1]": board.MONTHS,
    "messages/board.py: DAYS[day.weekday()]": board.DAYS,
    "messages/board.py: NAMES[period]": board.NAMES.values(),
    "messages/board.py: name": board.NAMES.values(),
    "messages/grades.py: grade.reason": (),  # those of rulings, which are texts there
    "messages/help.py: text": [command.help for command in COMMANDS.values()],
    "messages/practice.py: q.difficulty": Difficulty,
    "messages/refusal.py: words": REASONS,
    "messages/round.py: difficulty": Difficulty,
    "messages/settings.py: DAYS[first]": board.DAYS,
    "messages/settings.py: DAYS[last]": board.DAYS,
    "messages/settings.py: DAYS[number]": board.DAYS,
    "messages/settings.py: day": board.DAYS,
    "messages/settings.py: difficulty": Difficulty,
    "messages/settings.py: settings.difficulty": Difficulty,
}
"""What is translated without standing in the call itself, by the file and the expression there."""


@dataclass
class Found:
    """Texts with their plurals and the files they are in; ``unknown`` are calls whose text cannot be seen."""

    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    tables: set[str] = field(default_factory=set)

    def add(self, path: str, text: str, plural: str = "") -> None:
        if not self.texts.get(text):
            self.texts[text] = plural
        files = self.files.setdefault(text, [])
        if path not in files:
            files.append(path)


def collect() -> Found:
    """Every text in the code that a member can be told."""
    found = Found()
    for path in sorted((ROOT / "bot" / "core").rglob("*.py")) + sorted((ROOT / "bot" / "adapters").rglob("*.py")):
        shown = path.relative_to(ROOT).as_posix()
        for node in functions(ast.parse(path.read_text("utf-8"))):
            collect_from(node, shown, found)
    return found


def functions(module: ast.Module) -> Iterator[ast.stmt]:
    """The statements and functions of a module and of its classes."""
    for node in module.body:
        yield from node.body if isinstance(node, ast.ClassDef) else [node]


def collect_from(scope: ast.stmt, path: str, found: Found) -> None:
    calls = (node for node in ast.walk(scope) if isinstance(node, ast.Call))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if not isinstance(call.func, ast.Name) or not call.args:
            continue
        first = call.args[0]
        match call.func.id:
            case "_" | "say":
                collect_one(first, scope, path, found)
            case "map" if isinstance(first, ast.Name) and first.id == "_":
                collect_one(call.args[1], scope, path, found)
            case "counted" if len(call.args) == 3:
                one, many = call.args[:2]
                if isinstance(one, ast.Constant) and isinstance(many, ast.Constant):
                    found.add(path, one.value, many.value)
                else:
                    found.unknown.append(f"{path}: {ast.unparse(call)}")


def collect_one(text: ast.expr, scope: ast.stmt, path: str, found: Found) -> None:
    texts = literals(text, scope)
    if texts is None:
        key = f"{path.removeprefix('bot/core/')}: {ast.unparse(text)}"
        if key not in TABLES:
            found.unknown.append(key)
            return
        found.tables.add(key)
        texts = [str(word) for word in TABLES[key]]
    for one in texts:
        found.add(path, one)


def literals(text: ast.expr, scope: ast.stmt) -> list[str] | None:
    """The texts that an expression can be, by what its function assigns to it; None where that cannot be seen."""
    match text:
        case ast.Constant(value=str(value)):
            return [value]
        case ast.IfExp(body=body, orelse=orelse):
            return _joined(literals(body, scope), literals(orelse, scope))
        case ast.Name(id=name):
            values = [
                node.value
                for node in ast.walk(scope)
                if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
            ]
            return _joined(*(literals(value, scope) for value in values)) if values else None
    return None


def _joined(*parts: list[str] | None) -> list[str] | None:
    return None if any(part is None for part in parts) else [text for part in parts for text in part or ()]


def update(path: Path, found: Found) -> list[str]:
    """Bring a catalogue up to the code; returns what is to be translated now."""
    known = polib.pofile(str(path), encoding="utf-8", wrapwidth=WIDTH)
    entries = {(entry.msgid, entry.msgid_plural): entry for entry in known}
    fresh = polib.POFile(wrapwidth=WIDTH)
    fresh.header, fresh.metadata = known.header, known.metadata
    for text, plural in found.texts.items():
        entry = entries.get((text, plural)) or _untranslated(text, plural)
        entry.occurrences = [(file, "") for file in found.files[text]]
        fresh.append(entry)
    fresh.save(str(path))
    return [entry.msgid for entry in fresh if not entry.translated()]


def _untranslated(text: str, plural: str) -> polib.POEntry:
    forms = {0: "", 1: ""} if plural else {}
    flags = ["python-brace-format"] if "{" in text else []
    return polib.POEntry(msgid=text, msgid_plural=plural, msgstr_plural=forms, flags=flags)


if __name__ == "__main__":
    everything = collect()
    for catalogue in sorted(FOLDER.glob("*.po")):
        missing = update(catalogue, everything)
        print(f"{catalogue.name}: {len(everything.texts)} texts, {len(missing)} to be translated")  # noqa: T201
        print(*missing, sep="\n")  # noqa: T201
    print(*(f"not known: {call}" for call in everything.unknown), sep="\n")  # noqa: T201
