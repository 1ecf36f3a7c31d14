"""Ids that the bot never gave, forms that were never opened, fields and values that were never offered.

`tests/core/test_permissions.py` tries every button and form by everybody, with ids of another server and with ids of
nothing; here are those that look like one and are none, and what stands beside the ids.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import commands
from bot.core.commands.buttons import found
from tests.core.stage import LOBBY, Player, Stage, bank_of, choice, short, shown
from tests.core.test_permissions import BUTTONS, FAULT, FORGED, FORMS, VALUES, Scene

from .corpus import TEXTS, misspelt

ACTIONS = {**commands.BUTTONS, **commands.FORMS}


@pytest.fixture
async def scene(stages: Callable[..., Awaitable[Stage]]) -> Scene:
    """A channel with open rounds, an appeal, a report and practice."""
    stage = await stages(bank_of(choice("rate"), choice("adam", difficulty="hard"), short("units")))
    return await Scene(stage, "discord").prepare()


@pytest.mark.parametrize("kind", sorted({*commands.BUTTONS, *commands.FORMS}))
def test_ids_are_written_in_one_way(kind: str) -> None:
    """No id of a kind of button or form has a letter or digit beyond ASCII, a blank or a line break in it."""
    for table in (commands.BUTTONS, commands.FORMS):
        if kind in table:

            @given(st.from_regex(table[kind].pattern, fullmatch=True))
            def holds(action: str) -> None:
                assert action.isascii()
                assert action.isprintable()
                assert " " not in action

            holds()


@given(st.text(max_size=60) | st.sampled_from(sorted(ACTIONS)).flatmap(lambda kind: st.text().map(f"{kind}:".__add__)))
def test_any_text_as_an_id(action: str) -> None:
    """It is an id in full, or none at all; nothing is raised."""
    for table in (commands.BUTTONS, commands.FORMS):
        match = found(table, action)
        assert match is None or match[0].pattern.fullmatch(action)


async def test_what_is_nearly_an_id(scene: Scene) -> None:
    """Other digits, line breaks, blanks and signs around an id, other case, numbers beyond all: refused in a sentence,
    even to an admin, and nothing happens."""
    boss, before = scene.who("platform admin"), scene.state()
    for table, send in ((BUTTONS, scene.presses), (FORMS, scene.submits)):
        for action in table:
            for near in misspelt(action.format(**scene.ids)):
                # a channel's id may be any word, and a question's any hyphened one: the core looks for them
                if near.startswith(("setup:", "use:")) and found(commands.BUTTONS, near):
                    continue
                more = VALUES if table is FORMS else {}
                assert shown(await send(boss, near, **more)) == FORGED, near[:60]
    assert scene.state() == before


async def test_fields_that_were_never_asked_for(scene: Scene) -> None:
    """What stands in a form beside its fields has no effect; nor has a form without its fields."""
    boss, bo = scene.who("platform admin"), scene.who("member")
    extra = {"points": "9999", "score": "1", "member_id": "1", "team_id": "2", "admin": "true", "round_id": "1"}
    for action in FORMS:
        target, before = action.format(**scene.ids), scene.state()
        for player in (boss, bo):
            assert FAULT not in shown(await scene.submits(player, target, **extra)), action
            assert FAULT not in shown(await scene.submits(player, target)), action
        after = scene.state()
        assert after["channels"] == before["channels"], action
        assert after["standings"] == before["standings"], action
    told = await scene.submits(bo, "submit:2", answer="right", **extra)
    assert "9999" not in shown(told)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time", "25:00"), ("time", "٠٩:٠٠"), ("timezone", "../../etc/passwd"), ("timezone", "/etc/localtime"),
        ("timezone", "Mars/Olympus"), ("days", "someday"), ("days", "8"),
        ("reveal", "yesterday"), ("topics", "no-such-topic"), ("difficulty", "impossible"), ("feedback", "always"),
        ("difficulty", "easy'; --"), ("topics", "optimization, no-such-topic"),
    ],
)  # fmt: skip
async def test_values_that_were_never_offered(scene: Scene, field: str, value: str) -> None:
    """A choice that no form offers is told by its field, and nothing is set of the whole form."""
    stage = scene.stage
    boss = Player(stage, "Boss", LOBBY, admin=True)
    assert (await boss.does("setup time=09:00")).startswith("This channel")
    before = scene.state()
    values = {"time": "10:30", "feedback": "reveal"} | {field: value}
    assert set(commands.check_form(stage.quiz, boss.caller(), "setup", values)) == {field}
    told = shown(await commands.submit(stage.quiz, boss.caller(), "setup", values))
    assert FAULT not in told
    assert scene.state() == before
    await commands.submit(stage.quiz, boss.caller(), "setup", {"time": "10:30"})
    assert scene.state() != before


async def test_hostile_ids_of_people_and_places(scene: Scene) -> None:
    """Whatever a platform calls a member, a channel, a workspace or a delivery, it is a value and no statement: the
    tables stay, and everyone is somebody of their own."""
    names = set(scene.state())
    for kind, text in TEXTS.items():
        text = commands.typed.cleaned(text)
        player = scene.player(text)
        told = await player.presses("", "answer:3:A", delivery=text or "none")
        assert FAULT not in told, kind
        for words in (f"stats {text}", "leaderboard all", "privacy export"):
            assert FAULT not in await player.does(words), kind
    assert set(scene.state()) == names
    assert await scene.stage.quiz.store.team(1)
