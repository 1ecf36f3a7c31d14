"""The counts that Prometheus reads."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families as parsed

from bot.adapters.prometheus import Measured, Metrics, Present
from bot.core.entries import Ruling
from bot.core.messages import Message
from bot.core.meter import Doing, Failure, Promise, Step
from bot.core.model import Address, RoundKind
from bot.core.ports import CannotLook, Refused, Unavailable
from tests.core.stage import FakeChat

ROOM = Address("discord", "room")


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """What the page has, without buckets: by name and the values of the labels, which stand in the order of theirs."""
    families = parsed(metrics.scrape()[0].decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if "le" not in sample.labels
    }


def test_everything_that_a_meter_is_told() -> None:
    """Counts and times stand under their names and labels, and what happened to another bot does not."""
    metrics, other = Metrics(), Metrics()
    metrics.answered("discord", Ruling.COUNTS, changed=False)
    for ruling in Ruling:
        metrics.answered("discord", ruling, changed=True)
    metrics.replied("slack", Doing.BUTTON, 0.25)
    metrics.committed(3, 0.5)
    metrics.went(RoundKind.EXTRA, Step.OPENED)
    metrics.posted(21.0)
    metrics.looked("slack", 4, 2)
    metrics.failed(Failure.DATABASE)
    metrics.broke(Promise.POST_LATE)
    expected = {
        **{("quizbot_answers_total", "discord", what): 1.0
           for what in ("counts", "changed", "repeated", "late", "final", "elsewhere")},
        ("quizbot_interaction_seconds_sum", "button", "slack"): 0.25,
        ("quizbot_interaction_seconds_count", "button", "slack"): 1.0,
        ("quizbot_commit_seconds_sum",): 0.5,
        ("quizbot_commit_answers_sum",): 3.0,
        ("quizbot_rounds_total", "extra", "opened"): 1.0,
        ("quizbot_post_late_seconds_sum",): 21.0,
        ("quizbot_jobs_due", "slack"): 4.0,
        ("quizbot_jobs_under_way", "slack"): 2.0,
        ("quizbot_failures_total", "database"): 1.0,
        ("quizbot_failures_total", "platform"): 0.0,
        ("quizbot_promises_broken_total", "post_late"): 1.0,
        ("quizbot_promises_broken_total", "channel_paused"): 0.0,
    }  # fmt: skip
    found = samples(metrics)
    assert {key: found.get(key) for key in expected} == expected
    assert samples(other)["quizbot_failures_total", "database"] == 0
    assert ("quizbot_answers_total", "discord", "counts") not in samples(other)


def test_what_is_looked_at() -> None:
    """Some things are asked for with every page, and are never older than it."""
    connected, metrics = {"discord"}, Metrics()
    at = datetime(2026, 11, 20, tzinfo=UTC)
    metrics.show(
        Present(
            connected={name: lambda name=name: name in connected for name in ("discord", "slack")},  # type: ignore[misc]
            database=lambda: True, waiting=lambda: 7, questions=lambda: 320, loaded_at=lambda: at, faulty=lambda: False,
        )
    )  # fmt: skip
    found = samples(metrics)
    assert (found["quizbot_platform_connected", "discord"], found["quizbot_platform_connected", "slack"]) == (1, 0)
    assert (found["quizbot_database_up",], found["quizbot_answers_waiting",]) == (1, 7)
    assert (found["quizbot_bank_questions",], found["quizbot_bank_faulty",]) == (320, 0)
    assert found["quizbot_bank_loaded_timestamp_seconds",] == at.timestamp()
    connected.clear()
    assert samples(metrics)["quizbot_platform_connected", "discord"] == 0


async def test_calls_of_a_platform() -> None:
    """Every call is counted by what became of it, and fails as it would have; one that is cut off is counted too."""
    metrics = Metrics()
    fake = FakeChat(lambda: datetime.now(UTC))
    chat = Measured("discord", fake, metrics)
    ref = await chat.post(ROOM, Message(()), "q1")
    await chat.edit(ROOM, ref, Message(()))
    assert await chat.workspace(ROOM) is None
    fake.down = True
    with pytest.raises(Unavailable):
        await chat.post(ROOM, Message(()), "q2")
    fake.down, fake.blind = False, True
    with pytest.raises(CannotLook):
        await chat.find(ROOM, "q2", datetime.now(UTC), datetime.now(UTC))
    fake.refusing[ROOM] = "I am not in it"
    with pytest.raises(Refused):
        await chat.edit(ROOM, ref, Message(()))
    fake.refusing.clear()
    fake.hanging.add(ROOM)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(chat.post(ROOM, Message(()), "q3"), 0.01)
    found = samples(metrics)
    calls = {key[1:3]: value for key, value in found.items() if key[0] == "quizbot_platform_calls_total"}
    assert calls == {
        ("post", "ok"): 1, ("edit", "ok"): 1, ("workspace", "ok"): 1, ("post", "unavailable"): 1,
        ("find", "refused"): 1, ("edit", "refused"): 1, ("post", "unfinished"): 1,
    }  # fmt: skip
    assert found["quizbot_platform_call_seconds_count", "post", "discord"] == 3
    assert (found["quizbot_failures_total", "platform"], found["quizbot_failures_total", "refused"]) == (1, 2)


async def test_a_loop_that_is_held_up() -> None:
    """Whoever does not let the event loop go on is seen."""
    metrics, stopping = Metrics(), asyncio.Event()
    watching = asyncio.create_task(metrics.watch_the_loop(stopping))
    await asyncio.sleep(0)
    until = asyncio.get_running_loop().time() + 0.5
    while asyncio.get_running_loop().time() < until:
        pass
    stopping.set()
    await watching
    assert samples(metrics)["quizbot_loop_lag_seconds_sum",] >= 0.2
