"""The languages beside English: catalogues of translations in ``bot/languages``, and which one a terminal wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path

import polib

from bot.core.messages import Language

FOLDER = Path(__file__).parents[1] / "languages"

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Translations by the English text; what has none is said in English."""

    texts: Mapping[str, str]
    forms: Mapping[str, Sequence[str]]
    """The forms of what is counted, by its English singular."""
    plural: Callable[[int], int]
    """Which of the forms a number asks for."""

    def gettext(self, message: str) -> str:
        return self.texts.get(message) or message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        forms = self.forms.get(msgid1)
        if forms:
            return forms[self.plural(n)]
        return msgid1 if n == 1 else msgid2


def load(folder: Path = FOLDER) -> Mapping[str, Language]:
    """Every catalogue by its language: ``de`` for ``de.po``."""
    return {path.stem: read(path) for path in sorted(folder.glob("*.po"))}


def read(path: Path) -> Catalogue:
    """A catalogue, from the format that translators work in."""
    entries = polib.pofile(str(path), encoding="utf-8")
    rule = re.search(r"plural=([^;]+)", entries.metadata["Plural-Forms"])
    assert rule, f"{path} does not say how it counts"
    return Catalogue(
        {entry.msgid: entry.msgstr for entry in entries if entry.translated() and not entry.msgid_plural},
        {
            entry.msgid: [form for _, form in sorted(entry.msgstr_plural.items())]
            for entry in entries
            if entry.translated() and entry.msgid_plural
        },
        c2py(rule[1].strip()),
    )


def wanted(environment: Mapping[str, str], known: Container[str]) -> str:
    """The language of a terminal, as gettext finds it: the first of ``LANGUAGE`` that there is, else the locale's.

    The locale C has no language, whatever ``LANGUAGE`` says.
    """
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "C")
    if _code(locale) in ("c", "posix"):
        return ENGLISH
    codes = map(_code, [*environment.get("LANGUAGE", "").split(":"), locale])
    return next((code for code in codes if code == ENGLISH or code in known), ENGLISH)


def _code(locale: str) -> str:
    """``de`` of ``de_DE.UTF-8``."""
    return re.split(r"[_.@-]", locale)[0].lower()
