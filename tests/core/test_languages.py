"""Members are spoken to in their own language; a channel reads English, as the questions are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.adapters.languages import load
from bot.core import commands
from bot.core.messages import Form

from .stage import ROOM, Player, bank_of, choice, daily, essay, short, shown


@dataclass
class Reader(Player):
    """Somebody who reads another language."""

    language: str = "de"

    def caller(self, delivery=""):
        return replace(super().caller(delivery), language=self.language)


@pytest.fixture
async def german(stages):
    """Makes a stage whose bot speaks German too, and a German player there."""

    async def make(*questions, **more):
        stage = await stages(bank_of(*questions))
        stage.quiz = replace(stage.quiz, languages=load())
        return stage, Reader(stage, "Jana", **more)

    return make


async def test_receipts_are_in_the_readers_language(german):
    """A German member gets German receipts, an English one English, in the same round."""
    stage, jana = await german(choice("rate"))
    await stage.declare(daily())
    await stage.at("2026-11-16 09:00")
    first = (await jana.chooses("wrong")).replace("Mon 16 Nov, ", "")
    assert first[:15].startswith("Gespeichert: ")
    assert first.endswith(", wrong. Du kannst die Antwort bis 16:30 ändern.")
    assert (await jana.chooses("right")).startswith("Geändert von ")
    assert (await stage.player("Ann").chooses("right")).startswith("Recorded: ")
    assert (await jana.presses("My answer")).startswith("Deine Antwort: ")


async def test_the_channel_reads_english(german):
    """Whatever a German member has posted is English: question, count, closed question, reveal, board."""
    stage, jana = await german(choice("rate"), admin=True)
    assert await jana.does("ask") == "Die Frage ist gestellt. Die Antwort kommt: Mon 16 Nov, 08:01."
    assert stage.question.text.startswith("Extra question · Optimization · medium · 20 points\n")
    assert stage.question.text.endswith("08:01. Nobody has answered yet.")
    assert list(stage.question.actions) == ["A", "B", "C", "D", "My answer"]
    await jana.chooses("right")
    assert await jana.does("reveal") == "Die Antwort steht im Kanal."
    assert stage.question.text.endswith("This round is closed. 1 person has answered.")
    [reveal] = stage.reveals
    assert reveal.text.startswith("The answer: ")
    assert "Right: Jana, 1 of 1" in reveal.text
    assert shown(await jana.gets("leaderboard")).startswith("Diese Woche · Montag, 16. bis Sonntag, 22. November · ")
    public = await jana.gets("leaderboard public")
    assert public.public
    assert shown(public).startswith("This week · Monday 16 to Sunday 22 November · ml-team")


async def test_refusals_are_in_the_readers_language(german):
    """What cannot be done is said in German too: before the command is found, in it, and where nothing is recorded."""
    stage, jana = await german(short("units"))
    replies = {
        "dance": '"dance" kenne ich nicht. /quiz help zeigt, was es gibt.',
        "ask 0m": '"0m" ist keine Anzahl von Minuten zwischen 1 und 1440. '
        "Mit /quiz ask minutes=10 bleibt eine Frage zehn Minuten offen.",
        "setup": "Nur wer diesen Server oder Workspace verwaltet, kann das Quiz ändern. "
        "/quiz ask und /quiz leaderboard kannst du jederzeit benutzen.",
        "reveal": "In diesem Kanal ist keine Frage offen. /quiz ask stellt eine.",
    }
    assert {words: await jana.does(words) for words in replies} == replies
    assert (await jana.presses("", "forged")).startswith("Dieser Knopf gehört nicht zu diesem Quiz")
    stage.chat.refusing[ROOM] = "Slack refuses it (no_such_thing)"
    assert (await jana.does("ask")).startswith("Ich kann in diesem Kanal nichts schreiben: Slack lehnt es ab (no_such_")
    stage.chat.refusing.clear()
    await jana.does("ask")
    assert await jana.writes(" ") == "Bitte schreib eine Antwort."
    assert "hat 2.000 Zeichen, höchstens 1.000 sind möglich" in await jana.writes("x" * 2000)


async def test_grades_begin_in_the_readers_language(german):
    """The verdict is German; it is kept in English, so that others can read it too."""
    stage, jana = await german(short("units"))
    await jana.does("ask 60m")
    assert (await jana.writes("tree")).startswith("Nicht richtig. ")
    [entry] = await stage.quiz.store.entries(1)
    assert entry.grade.reason.startswith("Not right.")
    ann = stage.player("Ann")
    assert (await ann.writes("dropout")).startswith("Right: dropout. 10 points.")
    assert (await ann.presses("My answer")).splitlines()[1].startswith("Right: dropout. 10 points.")


async def test_partly_right_in_german(german):
    """Some of the points are counted in German."""
    _, jana = await german(essay("nonlinearity"))
    await jana.does("ask")
    told = await jana.writes("a single linear layer")
    assert told.startswith("Teilweise richtig: ")
    assert "15 von 30 Punkten." in told.splitlines()[0]


async def test_forms_and_their_complaints_are_in_the_readers_language(german):
    """The form of setup, and what is wrong with its fields."""
    stage, jana = await german(choice("rate"), admin=True)
    form = await jana.gets("setup")
    assert isinstance(form, Form)
    assert form.title == "Frage des Tages"
    assert [label for field in form.fields if field.name == "difficulty" for _, label in field.options] == [
        "leicht", "mittel", "schwer"
    ]  # fmt: skip
    wrong = commands.check_form(stage.quiz, jana.caller(), "setup", {"time": "noon"})
    assert wrong == {"time": ('"noon" ist keine Uhrzeit. Bitte schreib sie wie 09:00 oder 16:30.',)}


async def test_reasons_of_a_pause_are_translated_when_they_are_told(german):
    """Why a channel is paused is kept in English and told to everyone in their language."""
    stage, jana = await german(choice("rate"))
    await stage.declare(daily())
    stage.chat.refusing[ROOM] = "I am missing the permission Send Messages"
    await stage.at("2026-11-16 09:00")
    assert "ist angehalten: mir fehlt die Berechtigung Send Messages (Nachrichten senden)." in await jana.does("status")
    assert "Paused: I am missing the permission Send Messages." in await stage.player("Ann").does("status")


async def test_other_languages_are_answered_in_english(german):
    """Where there is no catalogue, English it is."""
    stage, _ = await german(choice("rate"))
    assert (await Reader(stage, "Luc", language="fr").does("ask")).startswith("The question is posted.")
