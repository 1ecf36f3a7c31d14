"""Text as people type it, in one form."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.grading.normalise import LIMIT, clean, plain


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("DropOut", "dropout"),
        ("  drop \t out\n", "drop out"),
        ("drop-out", "drop out"),
        ("Beyoncé", "beyonce"),
        ("ｄｒｏｐｏｕｔ", "dropout"),
        ("The Beatles!", "beatles"),
        ("**bold** and _lean_", "bold and lean"),
        ("||hidden||", "hidden"),
        ("`code`", "code"),
        ("~~generator~~ discriminator", "discriminator"),
        ("[text](https://example.org)", "text"),
        ("<https://example.org|shown>", "shown"),
        ("<@123> dropout", "dropout"),
        ("dropout :tada: 😀", "dropout"),
        ("> quoted", "quoted"),
        ("1. first", "first"),
        ("L₁ and ℓ2", "l1 and l2"),
        ("η", "eta"),
        ("β1", "beta 1"),
        ("Moore’s law", "moore law"),
        ("U.S.A.", "usa"),
        ("e.g. this", "eg this"),
        ("C++", "c++"),
        ("C ++", "c++"),
        ("C#", "c#"),
        (".NET", ".net"),
        ("R&D", "r and d"),
        ("type A error", "type a error"),
        ("vitamin A", "vitamin a"),
        ("z̷a̶l̸g̷o̵", "zalgo"),
    ],
)
def test_one_form(text, same):
    """Case, width, accents, markup, emoji, possessives and articles do not matter; what tells C from C++ does."""
    assert plain(text) == same


@given(st.text(max_size=300))
@example("A:A:0")
@example("the a team")
def test_plain_is_idempotent(text):
    """The plain form of a plain form is itself."""
    assert plain(plain(text)) == plain(text)


@given(st.text(max_size=300))
def test_case_does_not_matter(text):
    """Letters of either case are the same."""
    assert plain(text.upper().lower()) == plain(text.upper())


def test_long_text_is_cut():
    """No more is read than the limit."""
    assert len(clean("a" * 100_000)) <= LIMIT
    assert len(clean("ﷺ" * 100_000)) <= LIMIT
