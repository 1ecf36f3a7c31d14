"""The catalogues hold every text of the code, and nothing else."""

import string

import polib
import pytest

from bot.adapters.languages import FOLDER, load

from .catalogue import TABLES, collect

FOUND = collect()
CATALOGUES = [pytest.param(polib.pofile(str(path), encoding="utf-8"), id=path.stem) for path in FOLDER.glob("*.po")]
catalogues = pytest.mark.parametrize("catalogue", CATALOGUES)


def placeholders(text):
    """The names in braces."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_the_walk_finds_the_texts():
    """The walk sees whole sentences, sentences kept in a variable, tables, and what is counted."""
    assert "Send" in FOUND.texts
    assert "How to play" in FOUND.texts
    assert "Wednesday" in FOUND.texts
    assert (
        "The daily question here is paused. /quiz resume starts it again; an open question stays open." in FOUND.texts
    )
    assert FOUND.texts["{number} point"] == "{number} points"


def test_no_text_escapes_the_walk():
    """Whatever is translated without standing in the call is listed in ``TABLES``, and nothing else is."""
    assert FOUND.unknown == []
    assert set(TABLES) == FOUND.tables


def test_german_is_there():
    """German comes with the bot."""
    assert "de" in load()


@catalogues
def test_every_text_is_translated(catalogue):
    """No text is missing, waits for its translation or is marked as doubtful; ``make messages`` brings them in."""
    translated = {entry.msgid for entry in catalogue if entry.translated()}
    assert sorted(set(FOUND.texts) - translated) == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy] == []


@catalogues
def test_no_translation_is_stale(catalogue):
    """What the code says no longer is not in the catalogue either; ``make messages`` takes it out."""
    assert sorted({entry.msgid for entry in catalogue} - set(FOUND.texts)) == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


@catalogues
def test_placeholders_agree(catalogue):
    """A translation fills in what the text fills in, each as often, and no more."""
    for entry in catalogue:
        for said in (entry.msgstr_plural or {0: entry.msgstr}).values():
            assert placeholders(said) == placeholders(entry.msgid), entry.msgid


@catalogues
def test_commands_stay_as_they_are_typed(catalogue):
    """A command, an option or a key that a text names is named the same in its translation."""
    for entry in catalogue:
        typed = [word.strip(".,;:!?") for word in entry.msgid.split() if word.startswith("/") or "=" in word]
        assert [word for word in typed if word not in entry.msgstr and not entry.msgid_plural] == [], entry.msgid


@catalogues
def test_what_is_counted_has_every_form(catalogue):
    """A text with a plural has the same one as in the code, and all forms that the language has."""
    number = int(catalogue.metadata["Plural-Forms"].split("nplurals=")[1].split(";")[0])
    for entry in catalogue:
        assert entry.msgid_plural == FOUND.texts[entry.msgid]
        if entry.msgid_plural:
            assert sorted(entry.msgstr_plural) == list(range(number)), entry.msgid


@catalogues
def test_no_translation_shouts(catalogue):
    """No exclamation marks, in no language."""
    assert [entry.msgid for entry in catalogue if "!" in entry.msgstr or "!" in entry.msgid] == []
