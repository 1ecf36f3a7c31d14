"""The words of a language in one text."""

import random

import pytest

from bot.adapters import words
from bot.adapters.words import FILE
from bot.core.grading import NO_WORDS, Words

FEW = Words("abbey\nabbot\nabout\nboot\nzoo\n")
LISTED = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
SOME = random.Random(5).sample(LISTED, 300)


@pytest.mark.parametrize("word", ["abbey", "abbot", "about", "boot", "zoo"])
def test_every_line_is_a_word(word):
    """The first and the last one as well."""
    assert word in FEW


@pytest.mark.parametrize("word", ["", "a", "abb", "bbot", "abbots", "aaa", "zzz", "zoo\n", "Æon", "\U0010ffff"])
def test_nothing_else_is_one(word):
    """Nor a part of a line, nor what comes before or after all of them."""
    assert word not in FEW


def test_words_with_a_beginning_or_an_end():
    """Those that share letters with a word, in their order, the word itself among them."""
    assert FEW.starting("abb") == ["abbey", "abbot"]
    assert FEW.starting("zoo") == ["zoo"]
    assert FEW.ending("bot") == ["abbot"]
    assert FEW.ending("oot") == ["boot"]
    assert FEW.starting("q") == FEW.ending("q") == []


def test_no_words_are_none():
    """Without a list nothing is a word."""
    assert not NO_WORDS
    assert "abbey" not in NO_WORDS
    assert NO_WORDS.starting("abb") == NO_WORDS.ending("bey") == []


def test_the_list_in_the_package_is_in_order():
    """It is searched by halves: a word out of its place would not be found."""
    assert sorted(set(LISTED)) == LISTED


def test_the_list_in_the_package_is_found_by_every_way():
    """Each of some hundred of its words is known, and is among those that share its first or its last letters."""
    english = words.english()
    assert all(word in english for word in SOME)
    for word in SOME:
        assert english.starting(word[:3]) == [other for other in LISTED if other.startswith(word[:3])]
        assert english.ending(word[-3:]) == [other for other in LISTED if other.endswith(word[-3:])]
