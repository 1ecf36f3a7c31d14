"""No question, name or board breaks a limit of Slack's: everything is rendered as Slack would get it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack import forms, render, views
from bot.adapters.yaml import BankFolder
from bot.config import bundled_bank
from bot.core.check import lengths
from bot.core.messages import Form, Message, plain
from bot.core.messages import board as board_wording
from bot.core.messages import home as home_wording
from bot.core.messages import practice as practice_wording
from bot.core.messages import round as wording
from bot.core.messages import rulings as rulings_wording
from bot.core.messages import settings as settings_wording
from bot.core.messages import statistics as statistics_wording
from bot.core.messages.home import Home, Part
from bot.core.model import (
    Address,
    Appeal,
    Channel,
    Choice,
    Difficulty,
    Entry,
    Feedback,
    Grade,
    Kind,
    Period,
    Practice,
    Question,
    Record,
    Report,
    Round,
    RoundKind,
    Settings,
    Source,
    Standing,
    State,
    TopicRecord,
    Wish,
)
from tests.fakes.slack import rules
from tests.fakes.slack.blocks import readable

Json = dict[str, Any]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NAME, TOPIC, HEADING = 80, 100, 300
"""The longest display name of Slack's, and long names of a topic and a heading."""


@cache
def bank() -> tuple[Question, ...]:
    """The bundled questions."""
    return tuple(BankFolder((bundled_bank(),))().questions.values())


# --- everything that is said of a question -------------------------------------------------------------------------


def everything(question: Question, name: str, topic: str, given_text: str) -> Iterator[Message | Form]:
    """All messages and forms about a question; ``name`` is everybody's, ``given_text`` a short answer."""
    rnd = Round(
        10**14, 1, 1, Address("slack", "C1"), RoundKind.DAILY, question, Feedback.REVEAL, date(2026, 11, 20), 1,
        State.OPEN, NOON, NOON,
    )  # fmt: skip
    told = replace(rnd, state=State.REVEALED)
    text = "A" if question.kind is Kind.CHOICE else given_text
    grades = [Grade(1.0, f"Right: {given_text[:300]}"), Grade(0.5, "Partly right."), Grade(0.0, "Not right.")]
    entries = [Entry(1, n, text, grades[n % 3], 10, NOON, name=name) for n in range(99)]
    top = [Standing(n, n, name, 10**6, 99, 99) for n in (1, 2, 3)]
    practice = Practice(1, 1, question, Wish())
    yield wording.question(rnd, topic, 10**6)
    yield wording.closed(rnd, topic, 10**6)
    yield wording.reveal(told, entries, top, this_week=True)
    yield practice_wording.question(practice, topic)
    for entry in entries[:3]:
        yield wording.receipt(rnd, entry, replace(entry, text="B" if question.kind is Kind.CHOICE else "x" * 1000))
        yield wording.graded(told, entry, 5)
        yield wording.own_answer(told, entry, 5)
        yield wording.final(told, entry, 5)
        yield wording.elsewhere(told, entry)
        yield practice_wording.graded(replace(practice, text=text, grade=entry.grade))
    if question.kind is Kind.SHORT:
        appeal = Appeal(1, 1, name, question, given_text, grades[0].reason)
        yield wording.answer_form(rnd, entries[0])
        yield practice_wording.form(practice)
        yield rulings_wording.appeal(appeal, 99)
        yield rulings_wording.keep_form(appeal)
    yield rulings_wording.report_form(rnd)
    yield rulings_wording.reported(question.id, question, [Report(question.id, name, "x" * 300)] * 3)
    yield rulings_wording.announced(told, "everyone")


def check(said: Message | Form) -> Json:
    """Render as Slack would get it, in every place where it may stand; returns what a channel gets."""
    if isinstance(said, Form):
        view = forms.view(said, "C0123456789")
        assert list(rules.faults_of_view(view)) == []
        return view
    content = render.content(said)
    assert list(rules.faults_of_blocks(content["blocks"])) == []
    assert 0 < len(content["text"]) <= rules.UPDATE_TEXT_LIMIT
    assert list(rules.faults_of_view(views.window(said))) == []
    return content


@pytest.mark.parametrize("question", [pytest.param(q, id=q.id) for q in bank()])
def test_every_question_of_the_bundled_bank(question: Question) -> None:
    """Whatever is said of it keeps the limits, and nothing of it is left out where it is asked and explained."""
    said = list(everything(question, "Ann", question.topic, "drop out"))
    shown = [readable(check(one)["blocks"]) for one in said]
    for asked in (shown[0], shown[1], shown[3]):
        assert all(plain(line) in asked for line in wording.asked(question))
    for line in wording.explained(question):
        assert plain(line) in shown[2]


NASTY = st.sampled_from(
    ["*x* ", "_x_ ", "<!channel> ", "&&& ", "``` ", ":tada: ", "x" * 40 + " ", "👩‍🔬", "Ⅻ ", "𝔘", "<@U1> "]
)


def texts(most: int, least: int = 1) -> st.SearchStrategy[str]:
    """Texts full of signs, many of them as long as they may be."""
    parts = st.lists(NASTY, min_size=1, max_size=8).map("".join)
    longest = parts.map(lambda part: (part * most)[:most].strip() or "x")
    return st.one_of(longest, parts.map(lambda part: part[:most].strip() or "x"))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Valid questions whose texts are as long as a bank allows, or nearly."""
    explanation = draw(texts(lengths.MOST["explanation"]))
    common = {
        "id": "extreme",
        "topic": "extremes",
        "difficulty": Difficulty.HARD,
        "explanation": explanation,
        "sources": (Source("book.txt", draw(texts(HEADING)), "The book", "https://example.org/book"),),
    }
    if draw(st.booleans()):
        options = [draw(texts(lengths.OPTION)) for _ in range(draw(st.integers(3, 5)))]
        choices = tuple(Choice(option, correct=not i) for i, option in enumerate(options))
        return Question(kind=Kind.CHOICE, prompt=draw(texts(lengths.POSTED - 910)), choices=choices, **common)
    answer = draw(texts(lengths.MOST["answer"]))
    return Question(kind=Kind.SHORT, prompt=draw(texts(lengths.MOST["prompt"])), answer=answer, **common)


@given(questions(), texts(NAME), texts(TOPIC), texts(wording.ANSWER_LIMIT))
def test_extreme_questions(question: Question, name: str, topic: str, given_text: str) -> None:
    """The longest texts, full of signs that have to be escaped, keep every limit."""
    for said in everything(question, name, topic, given_text):
        check(said)


# --- boards, statistics, settings, the page ------------------------------------------------------------------------


def pages(name: str, topic: str) -> Iterator[Message]:
    """What a member's own page is made of."""
    lines = [Standing(n, n, name, 10**6, 10**4, 10**4, 10**3) for n in range(10**4, 10**4 + 10)]
    own = replace(lines[0], member_id=1)
    title = board_wording.title(Period.WEEK, topic, date(2026, 11, 30))
    yield board_wording.board(Period.WEEK, title, lines, own, 2, 10**4)
    question = max(bank(), key=lambda one: len(one.prompt))
    last = tuple((question, Entry(1, 1, "A", Grade(0.5, "Partly right."), 10, NOON)) for _ in range(10))
    topics = [(topic, TopicRecord("t", 999, 0.5))] * 9
    yield statistics_wording.own(own, Record((), last, 10**3), topics)
    yield statistics_wording.others(own)
    described = settings_wording.described(Settings(), [topic] * 40)
    yield settings_wording.status(Channel(1, 1, Address("slack", "C1"), paused=topic), described, None, (), 3)
    yield settings_wording.set_up(described, NOON, paused=False)
    yield home_wording.welcome(admin=True)


@given(texts(NAME), texts(TOPIC))
def test_boards_statistics_and_settings(name: str, topic: str) -> None:
    """Long names, large numbers and many topics keep the limits."""
    for message in pages(name, topic):
        check(message)


@given(texts(NAME), texts(TOPIC), st.integers(0, 40))
def test_the_page(name: str, topic: str, channels: int) -> None:
    """However many channels and lines there are, the page keeps its limits, and an admin can choose a channel."""
    shown = list(pages(name, topic))
    parts = [Part(message, Address("slack", f"C{n:010}")) for n in range(channels) for message in shown[3:4]]
    view = views.home(Home((*parts, *map(Part, shown)), "Set up a channel"))
    assert list(rules.faults_of_view(view)) == []
    assert view["blocks"][-1]["elements"][0]["type"] == "conversations_select"


@given(st.lists(texts(TOPIC), min_size=1, max_size=150))
def test_the_settings_form(names: list[str]) -> None:
    """Up to a hundred topics can be selected from; what is set is filled in."""
    topics = tuple((f"topic-{n}", name) for n, name in enumerate(names))
    chosen = Settings(topics=tuple(topic for topic, _ in topics))
    view = check(settings_wording.form(chosen, "America/Argentina/ComodRivadavia", topics))
    assert [block["block_id"] for block in view["blocks"]] == [
        "time", "timezone", "days", "reveal", "topics", "difficulty", "feedback",
    ]  # fmt: skip
