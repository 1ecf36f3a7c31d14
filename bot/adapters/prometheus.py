"""What Prometheus reads at ``/metrics``: the counts of this process, in a registry of their own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

import prometheus_client
from prometheus_client import CollectorRegistry, ProcessCollector

from bot.core.entries import Ruling
from bot.core.messages import Message
from bot.core.meter import Doing, Failure, Meter, Promise, Step
from bot.core.model import Address, Identity, RoundKind, Workspace
from bot.core.ports import CannotLook, Chat, Refused, Unavailable

# Else there is a second line for every count, which says when it was first counted.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]  # it is the one without types

MOMENTS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds, for what should be quick; a platform waits for three."""

LATE = (1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 300.0, 1800.0, 7200.0)
"""Seconds after its minute that a question may come: twenty are promised, two hours are the longest."""

SHARED = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)
"""Answers in one commit."""

NAP = 0.25
"""Seconds between two looks at how late the event loop is."""

RULINGS = {
    Ruling.COUNTS: "counts",
    Ruling.SAME: "repeated",
    Ruling.LATE: "late",
    Ruling.FINAL: "final",
    Ruling.ELSEWHERE: "elsewhere",
}


@dataclass(frozen=True, slots=True)
class Present:
    """What is not counted but looked at whenever Prometheus asks."""

    connected: Mapping[str, Callable[[], bool]]
    """By platform."""
    database: Callable[[], bool]
    waiting: Callable[[], int]
    questions: Callable[[], int]
    loaded_at: Callable[[], datetime]
    faulty: Callable[[], bool]


class Metrics(Meter):
    """A ``Meter`` that Prometheus can read. No label takes values without bound: no team, channel or member."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.looked_at = time.monotonic()
        """When the loop last saw what is due, on the monotonic clock."""
        counter = partial(prometheus_client.Counter, registry=self.registry)
        gauge = partial(prometheus_client.Gauge, registry=self.registry)
        timer = partial(prometheus_client.Histogram, registry=self.registry, buckets=MOMENTS)
        ProcessCollector(registry=self.registry)

        answers = counter("quizbot_answers", "Answers, by what became of them", ["platform", "ruling"])
        rounds = counter("quizbot_rounds", "Rounds that took a step", ["kind", "step"])
        failures = counter("quizbot_failures", "What could not be done, by what failed", ["what"])
        promises = counter("quizbot_promises_broken", "What members were promised and did not get", ["promise"])
        calls = counter("quizbot_platform_calls", "Calls of a platform", ["platform", "call", "outcome"])
        replies = timer("quizbot_interaction_seconds", "From an event's arrival to the reply", ["platform", "kind"])
        called = timer("quizbot_platform_call_seconds", "How long a call of a platform took", ["platform", "call"])
        # Looking a child up by its labels takes longer than counting does.
        self._answers, self._rounds, self._replies = cache(answers.labels), cache(rounds.labels), cache(replies.labels)
        self._failures, self._promises = cache(failures.labels), cache(promises.labels)
        self._calls, self._called = cache(calls.labels), cache(called.labels)

        self._commits = timer("quizbot_commit_seconds", "How long a commit of answers took")
        self._shared = timer("quizbot_commit_answers", "Answers that shared a commit", buckets=SHARED)
        self._lag = timer("quizbot_loop_lag_seconds", "How much later than asked the event loop went on")
        self._late = timer("quizbot_post_late_seconds", "How long after its minute a question came", buckets=LATE)
        self._due = gauge("quizbot_jobs_due", "Posts and reveals that are due, at most a hundred of each", ["platform"])
        self._under_way = gauge("quizbot_jobs_under_way", "Posts and reveals under way", ["platform"])
        self._looked = gauge("quizbot_due_looked_timestamp_seconds", "When the loop last saw what is due")

        self._connected = gauge("quizbot_platform_connected", "1 while the platform is connected", ["platform"])
        self._database = gauge("quizbot_database_up", "1 while the database answers within a second")
        self._waiting = gauge("quizbot_answers_waiting", "Answers that wait for their commit")
        self._questions = gauge("quizbot_bank_questions", "Questions in the bank")
        self._loaded = gauge("quizbot_bank_loaded_timestamp_seconds", "When the bank in use was read")
        self._faulty = gauge("quizbot_bank_faulty", "1 while the bank's files have faults and an older one is in use")
        self._begin_at_zero()

    def _begin_at_zero(self) -> None:
        """Show what is to be alerted on before it happens first: an increase from nothing is none to Prometheus."""
        for what in Failure:
            self._failures(what.value)
        for promise in Promise:
            self._promises(promise.value)

    def measuring(self, chats: Mapping[str, Chat]) -> dict[str, Chat]:
        """These platforms, each call of which is timed and counted."""
        return {name: Measured(name, chat, self) for name, chat in chats.items()}

    def show(self, present: Present) -> None:
        """Look at these from now on."""
        for platform, connected in present.connected.items():
            self._connected.labels(platform).set_function(connected)
        self._database.set_function(present.database)
        self._waiting.set_function(present.waiting)
        self._questions.set_function(present.questions)
        self._loaded.set_function(lambda: present.loaded_at().timestamp())
        self._faulty.set_function(present.faulty)

    def scrape(self) -> tuple[bytes, str]:
        """The page, and what kind of page it is."""
        return prometheus_client.generate_latest(self.registry), prometheus_client.CONTENT_TYPE_LATEST

    async def watch_the_loop(self, stopping: asyncio.Event) -> None:
        """Take how much longer a short sleep takes than asked, until ``stopping``."""
        while not stopping.is_set():
            began = time.perf_counter()
            await asyncio.sleep(NAP)
            self._lag.observe(max(0.0, time.perf_counter() - began - NAP))

    # --- Meter

    def answered(self, platform: str, ruling: Ruling, *, changed: bool) -> None:
        what = "changed" if changed and ruling is Ruling.COUNTS else RULINGS[ruling]
        self._answers(platform, what).inc()

    def replied(self, platform: str, doing: Doing, seconds: float) -> None:
        self._replies(platform, doing.value).observe(seconds)

    def committed(self, answers: int, seconds: float) -> None:
        self._commits.observe(seconds)
        self._shared.observe(answers)

    def went(self, kind: RoundKind, step: Step) -> None:
        self._rounds(kind.value, step.value).inc()

    def posted(self, late: float) -> None:
        self._late.observe(max(0.0, late))

    def looked(self, platform: str, due: int, under_way: int) -> None:
        self._due.labels(platform).set(due)
        self._under_way.labels(platform).set(under_way)
        self._looked.set_to_current_time()
        self.looked_at = time.monotonic()

    def failed(self, what: Failure) -> None:
        self._failures(what.value).inc()

    def broke(self, promise: Promise) -> None:
        self._promises(promise.value).inc()

    # --- platforms

    @contextmanager
    def calling(self, platform: str, call: str) -> Iterator[None]:
        """Time and count a call of a platform by what becomes of it."""
        began, outcome = time.perf_counter(), "unfinished"
        try:
            yield
            outcome = "ok"
        except Unavailable:
            outcome = "unavailable"
            self.failed(Failure.PLATFORM)
            raise
        except (Refused, CannotLook):
            outcome = "refused"
            self.failed(Failure.REFUSED)
            raise
        finally:
            self._calls(platform, call, outcome).inc()
            self._called(platform, call).observe(time.perf_counter() - began)


class Measured(Chat):
    """A chat platform whose calls are timed and counted."""

    def __init__(self, platform: str, chat: Chat, metrics: Metrics) -> None:
        self._chat = chat
        self._calling = partial(metrics.calling, platform)

    async def workspace(self, address: Address) -> Workspace | None:
        with self._calling("workspace"):
            return await self._chat.workspace(address)

    async def post(self, address: Address, message: Message, mark: str) -> str:
        with self._calling("post"):
            return await self._chat.post(address, message, mark)

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        with self._calling("find"):
            return await self._chat.find(address, mark, since, until)

    async def tell(self, identity: Identity, message: Message) -> None:
        with self._calling("tell"):
            await self._chat.tell(identity, message)

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        with self._calling("edit"):
            await self._chat.edit(address, ref, message)
