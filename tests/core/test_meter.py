"""What the operator is told of: counts of what happens, and promises that could not be kept."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace

import pytest

from bot.core.bank import Bank
from bot.core.meter import Meter
from bot.core.ports import Unavailable
from tests.core.stage import LOBBY, ROOM, Stage, bank_of, choice, daily

MON = "2026-11-16"


@dataclass
class Tally(Meter):
    """Keeps what it is told."""

    told: Counter[tuple[object, ...]] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)

    def answered(self, platform, ruling, *, changed):
        self.told[platform, ruling.name, changed] += 1

    def went(self, kind, step):
        self.told[kind.value, step.value] += 1

    def posted(self, late):
        self.late.append(late)

    def failed(self, what):
        self.told["failed", what.value] += 1

    def broke(self, promise):
        self.told["broke", promise.value] += 1


@pytest.fixture
async def stage(stages) -> Stage:
    """A room with a question every day, on a meter."""
    stage = await stages(bank_of(choice("rate"), choice("adam")))
    stage.quiz = replace(stage.quiz, meter=Tally())
    await stage.declare(daily())
    return stage


@pytest.fixture
def broken(stage, caplog):
    """The promises that the log says were not kept, each an error with the ids of what it is about."""

    def lines() -> list[tuple[str, int | None, str]]:
        found = [record for record in caplog.records if hasattr(record, "promise")]
        assert all(record.levelno == logging.ERROR for record in found)
        counted = {key[1]: count for key, count in stage.quiz.meter.told.items() if key[0] == "broke"}
        assert Counter(record.promise for record in found) == counted
        return [(record.promise, getattr(record, "round", None), record.channel) for record in found]

    return lines


async def test_a_day_is_counted(stage, broken):
    """Every step of a round and every ruling on an answer is counted; on such a day every promise is kept."""
    await stage.at(f"{MON} 09:00:03")
    ann, bob = stage.player("Ann"), stage.player("Bob")
    question = stage.question
    for option in ("right", "wrong", "wrong"):
        await ann.chooses(option, question)
    button = question.actions["A"]
    await stage.at(f"{MON} 16:30")
    await bob.presses("A", button)
    told = {key: count for key, count in stage.quiz.meter.told.items() if key[0] != "failed"}
    assert told == {
        ("daily", "opened"): 1,
        ("daily", "closed"): 1,
        ("daily", "revealed"): 1,
        ("discord", "COUNTS", False): 1,
        ("discord", "COUNTS", True): 1,
        ("discord", "SAME", True): 1,
        ("discord", "LATE", False): 1,
    }
    assert stage.quiz.meter.late == [3.0]
    assert broken() == []


@pytest.mark.parametrize(("second", "late"), [("20", []), ("21", [("post_late", 1, "discord:room")])])
async def test_a_question_that_comes_late(stage, broken, second, late):
    """Twenty seconds are promised."""
    await stage.at(f"{MON} 09:00:{second}")
    assert broken() == late


async def test_a_question_that_the_platform_takes_late(stage, broken):
    """How late it is counts from its minute to when the platform took it, whoever posts it in the end."""
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    stage.chat.down = False
    await stage.at(f"{MON} 09:01")
    assert stage.quiz.meter.late == [60.0]
    assert broken() == [("post_late", 1, "discord:room")]


async def test_a_question_that_is_skipped(stage, broken):
    """Beyond the grace, or for want of a question."""
    await stage.at(f"{MON} 11:00:01")
    assert broken() == [("question_skipped", None, "discord:room")]
    stage.bank = Bank({}, {}, stage.bank.vocabulary)
    await stage.at("2026-11-17 09:00")
    assert broken()[1:] == [("question_skipped", None, "discord:room")]


async def test_a_question_that_is_given_up(stage, broken):
    """Its time is over before the platform took it."""
    stage.chat.down = True
    await stage.at(f"{MON} 09:00")
    stage.chat.down = False
    await stage.at(f"{MON} 16:30")
    assert broken() == [("question_given_up", 1, "discord:room")]
    assert stage.quiz.meter.told["daily", "given_up"] == 1


async def test_a_reveal_that_is_refused(stage, broken):
    """The platform does not take it."""
    await stage.at(f"{MON} 09:00")
    stage.chat.refusing[ROOM] = "I am not in it"
    await stage.at(f"{MON} 16:30")
    assert broken() == [("reveal_withheld", 1, "discord:room")]


async def test_a_channel_that_is_paused(stage, broken):
    """The platform refuses the question, and others go on."""
    await stage.declare(daily(), daily(LOBBY))
    stage.chat.refusing[ROOM] = "I am not in it"
    await stage.at(f"{MON} 09:00")
    assert broken() == [("channel_paused", None, "discord:room")]


async def test_an_answer_that_is_not_recorded(stage, broken, monkeypatch, caplog):
    """The database does not answer: the log names interaction, round and channel, and neither answer nor member."""
    await stage.at(f"{MON} 09:00")
    ann, question = stage.player("Ann"), stage.question

    async def away(*_):
        raise Unavailable("no answer")

    monkeypatch.setattr(stage.quiz.store, "record", away)
    assert "was not recorded" in (await ann.chooses("right", question, delivery="d1")).lower()
    assert broken() == [("answer_not_recorded", 1, "discord:room")]
    assert stage.quiz.meter.told["failed", "database"] == 1
    [line] = [record for record in caplog.records if hasattr(record, "promise")]
    assert (line.interaction, line.getMessage()) == ("d1", "an answer is not recorded: no answer")


async def test_what_fails_unexpectedly(stage, monkeypatch, caplog):
    """It is logged once, with the ids of what it is about and without the letter that was chosen."""
    await stage.at(f"{MON} 09:00")
    question = stage.question

    async def broken(*_):
        raise RuntimeError("a fault")

    monkeypatch.setattr(stage.quiz.store, "record", broken)
    await stage.player("Ann").chooses("right", question, delivery="d1")
    [line] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert (line.getMessage(), line.round, line.interaction) == ("answer failed", 1, "d1")
    assert stage.quiz.meter.told["failed", "unexpected"] == 1
