"""The catalogues as they are read, and the language of a terminal."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.adapters import languages

POLISH = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Send"
msgstr "Wyślij"

msgid "Cancel"
msgstr ""

#, fuzzy
msgid "Right"
msgstr "Prawo"

msgid "{number} point"
msgid_plural "{number} points"
msgstr[0] "{number} punkt"
msgstr[1] "{number} punkty"
msgstr[2] "{number} punktów"

msgid "{number} day"
msgid_plural "{number} days"
msgstr[0] ""
msgstr[1] ""
msgstr[2] ""
"""


@pytest.fixture
def polish(tmp_path: Path) -> languages.Language:
    """A catalogue of a language with three forms, half done."""
    (tmp_path / "pl.po").write_text(POLISH, encoding="utf-8")
    return languages.load(tmp_path)["pl"]


def test_what_is_translated_is_said_so(polish: languages.Language) -> None:
    """A text has its translation; one that is missing, empty or doubtful stays English."""
    said = [polish.gettext(text) for text in ("Send", "Cancel", "Right", "Answer")]
    assert said == ["Wyślij", "Cancel", "Right", "Answer"]


def test_numbers_ask_for_their_form(polish: languages.Language) -> None:
    """The catalogue's own rule says which form a number takes; without forms English ones do."""
    points = [polish.ngettext("{number} point", "{number} points", n) for n in (1, 2, 5, 22, 12, 0)]
    assert [form.split()[1] for form in points] == ["punkt", "punkty", "punktów", "punkty", "punktów", "punktów"]
    assert [polish.ngettext("{number} day", "{number} days", n) for n in (1, 2)] == ["{number} day", "{number} days"]


def test_reading_is_quick() -> None:
    """All catalogues are read before anybody notices."""
    languages.load()
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        languages.load()
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.1


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "de"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:de:en"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "en:de"}, "en"),
        ({"LANG": "C", "LANGUAGE": "de"}, "en"),
        ({"LANG": "POSIX", "LANGUAGE": "de"}, "en"),
    ],
)
def test_the_language_of_a_terminal(environment: dict[str, str], language: str) -> None:
    """The environment names it as for other programs; the locale C and unknown languages mean English."""
    assert languages.wanted(environment, {"de"}) == language
