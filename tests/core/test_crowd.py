"""What becomes of those who come when too many are served already."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from bot.core.crowd import FRESH, WAITS, Crowd, Room


def test_when_it_is_full() -> None:
    """So many are served, as many are told to come again, and more are left to the platform; who goes makes room."""
    crowd = Crowd(most=2)
    with ExitStack() as others:
        first = ExitStack()
        assert first.enter_context(crowd.joined()) is Room.WORK
        rooms = [others.enter_context(crowd.joined()) for _ in range(4)]
        assert rooms == [Room.WORK, Room.WORD, Room.WORD, Room.NOTHING]
        first.close()
        assert crowd.room() is Room.WORK
    assert crowd.sent_away() == (2, 1)
    assert crowd.sent_away() == (0, 0)


@pytest.mark.parametrize(
    ("waited", "room"),
    [(0.0, Room.WORK), (FRESH, Room.WORK), (FRESH + 0.1, Room.WORD), (WAITS, Room.WORD), (WAITS + 0.1, Room.NOTHING)],
)
def test_who_waited_long(waited: float, room: Room) -> None:
    """Who waited so long that they would be served too late is told so at once; later than that nothing is heard."""
    assert Crowd().room(waited) is room


def test_whoever_fails_makes_room() -> None:
    """An error while somebody is served takes no room away."""
    crowd = Crowd(most=1)
    with pytest.raises(ValueError), crowd.joined():
        raise ValueError
    assert crowd.room() is Room.WORK
