"""What a round says: its own message, the receipts of answers, the reveal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.messages import Button, Field, Form, Message, Text, When, _, counted, say, speaking
from bot.core.messages.grades import reason
from bot.core.model import LETTERS, Entry, Feedback, Kind, Question, Round, RoundKind, Source, Standing, State

ANSWER_LIMIT = 1000
"""The longest answer in characters that a form takes."""

IN_TITLE = 120
"""How long an answer may be to stand in the title of its reveal; a longer one stands below it."""

NAMES_SHOWN = 20
"""How many names a reveal lists before it counts the rest."""


@speaking(None)
def question(rnd: Round, topic: str, answered: int) -> Message:
    """The round's own message while it is open."""
    return Message(
        title=heading(rnd, topic),
        body=(*asked(rnd.question), _open_until(rnd, answered)),
        buttons=_answer_buttons(rnd),
        public=True,
    )


def answered_before(question: Message) -> Message:
    """A question that its reader has answered."""
    done = say("You have answered this question. /quiz reveal shows its answer, /quiz ask posts the next one.")
    return replace(question, body=(*question.body, done))


@speaking(None)
def closed(rnd: Round, topic: str, answered: int) -> Message:
    """The round's own message once it is closed: no button answers any more."""
    return Message(
        title=heading(rnd, topic),
        body=(*asked(rnd.question), say("This round is closed. {people}", people=people(answered, closed=True))),
        buttons=((_mine(rnd.id),),),
        public=True,
    )


def heading(rnd: Round, topic: str) -> str:
    """``Question of the day · Optimization · medium · 20 points``."""
    name = _("Question of the day") if rnd.kind is RoundKind.DAILY else _("Extra question")
    difficulty = rnd.question.difficulty
    points = counted("{number} point", "{number} points", difficulty.points)
    return f"{name} · {topic} · {_(difficulty)} · {points}"


def people(number: int, *, closed: bool = False) -> str:
    """How many have answered, as a sentence."""
    if not number:
        return _("Nobody has answered.") if closed else _("Nobody has answered yet.")
    return counted("{number} person has answered.", "{number} people have answered.", number)


def asked(q: Question) -> Iterable[Text]:
    """The prompt and the options."""
    yield (q.prompt,)
    for letter, choice in zip(LETTERS, q.choices, strict=False):
        yield (f"{letter}  {choice.text}",)


def _open_until(rnd: Round, answered: int) -> Text:
    if rnd.closes_at is None:
        return say("Answers stay private until the reveal. {people}", people=people(answered))
    until = When(rnd.closes_at, relative=True)
    return say("Answers stay private until the reveal: {until}. {people}", until=until, people=people(answered))


def _answer_buttons(rnd: Round) -> tuple[tuple[Button, ...], ...]:
    if rnd.question.kind is Kind.SHORT:
        return ((Button(_("Answer"), f"open:{rnd.id}", asks=True), _mine(rnd.id)),)
    letters = LETTERS[: len(rnd.question.choices)]
    return (tuple(Button(letter, f"answer:{rnd.id}:{letter}") for letter in letters), (_mine(rnd.id),))


def _mine(round_id: int) -> Button:
    return Button(_("My answer"), f"mine:{round_id}")


def answer_form(rnd: Round, earlier: Entry | None) -> Form:
    """The form behind a short round's Answer button."""
    body: list[Text] = [(rnd.question.prompt,)]
    if earlier is not None:
        body.append(say('Your answer so far: "{text}". A new one replaces it.', text=earlier.text))
    return Form(f"submit:{rnd.id}", _("Your answer"), tuple(body), (answer_field(),))


def answer_field() -> Field:
    """Where an answer is written."""
    return Field("answer", _("Your answer"), max_length=ANSWER_LIMIT)


def receipt(rnd: Round, entry: Entry, earlier: Entry | None) -> Message:
    """What a member is told when an answer is stored and its grade waits for the reveal."""
    until = _until(rnd)
    if earlier is None or earlier.text == entry.text:
        given = quoted(rnd.question, entry.text)
        return Message((say("Recorded: {given}. You can change it until {until}.", given=given, until=until),))
    change = say(
        "Changed from {was} to {now}. The last one counts; you can change it until {until}.",
        was=quoted(rnd.question, earlier.text, brief=True),
        now=quoted(rnd.question, entry.text, brief=True),
        until=until,
    )
    return Message((change,))


def graded(rnd: Round, entry: Entry, cap: int | None) -> Message:
    """What a member is told when the grade is known: verdict and reason, points, why, and the source."""
    verdict = say("{reason} {points}", reason=reason(entry.grade), points=_earned(rnd, entry, cap))
    answer = [] if entry.grade.correct else [say("The answer: {answer}", answer=right_answer(rnd.question))]
    appealable = rnd.question.kind is Kind.SHORT and not entry.grade.correct
    buttons = ((Button(_("I was right"), f"appeal:{rnd.id}"),),) if appealable else ()
    return Message((verdict, *answer, *explained(rnd.question)), buttons=buttons)


def _earned(rnd: Round, entry: Entry, cap: int | None) -> str:
    worth = rnd.question.difficulty.points
    if entry.capped:
        text = _("No points for this one: on one day only the first {cap} extra rounds that you answer earn points.")
        return text.format(cap=cap)
    if entry.points in (0, worth):
        return counted("{number} point.", "{number} points.", entry.points)
    return _("{points} of {worth} points.").format(points=entry.points, worth=worth)


def explained(q: Question) -> Iterable[Text]:
    """Why the answer is right, what the document has wrong, and where it stands."""
    yield say("Why: {explanation}", explanation=q.explanation)
    if q.note:
        yield say("Note: {note}", note=q.note)
    if q.sources:
        yield say("Source: {source}", source="; ".join(_cited(q.sources)))


def _cited(sources: Sequence[Source]) -> Iterable[str]:
    """Each document once, with its headings; their running numbers say nothing outside the document."""
    documents = {source.document: source for source in sources}
    for name, document in documents.items():
        headings = [re.sub(r"^[0-9]+[.)] *", "", s.heading) for s in sources if s.document == name]
        quoted_headings = f" {_('and')} ".join(f'"{heading}"' for heading in headings)
        yield ", ".join(part for part in (document.title or name, quoted_headings, document.url) if part)


def right_answer(q: Question) -> str:
    """``B: the option's text``, or a short question's answer."""
    if q.kind is Kind.SHORT:
        return q.answer
    return f"{LETTERS[q.right_choice]}: {q.choices[q.right_choice].text}"


def quoted(q: Question, text: str, *, brief: bool = False) -> str:
    """An answer as its member may see it: ``B, the option's text`` (``B`` where brief), or the text in quotes."""
    if q.kind is Kind.SHORT:
        return f'"{text}"'
    return text if brief else f"{text}, {q.choices[LETTERS.index(text)].text.rstrip('.')}"


def own_answer(rnd: Round, entry: Entry | None, cap: int | None) -> Message:
    """ "My answer": what the member gave, and its grade once it may be told."""
    if entry is None:
        if rnd.accepting:
            text = "You have not answered this question. You can still answer until {until}."
            return Message((say(text, until=_until(rnd)),))
        missed = say("You did not answer this question, and its round is closed.")
        answer = say("The answer: {answer}", answer=right_answer(rnd.question))
        return Message((missed, answer, *explained(rnd.question)))
    given = say("Your answer: {given}.", given=quoted(rnd.question, entry.text))
    if rnd.feedback is Feedback.REVEAL and rnd.accepting:
        waits = say("You learn its grade at the reveal; you can change it until {until}.", until=_until(rnd))
        return Message((given, waits))
    told = graded(rnd, entry, cap)
    return Message((given, *told.body), buttons=told.buttons)


def rolled_up(rnd: Round) -> Message:
    """ "My answer" in a round of long ago."""
    gone = say("Answers to a question this old are no longer kept; what they earned still counts.")
    answer = say("The answer: {answer}", answer=right_answer(rnd.question))
    return Message((gone, answer, *explained(rnd.question)))


def _until(rnd: Round) -> str | When:
    return When(rnd.closes_at) if rnd.closes_at else _("the reveal")


def final(rnd: Round, entry: Entry, cap: int | None) -> Message:
    """Told to a second answer where the first one is final."""
    first = say("Your first answer counts: {given}.", given=quoted(rnd.question, entry.text))
    told = graded(rnd, entry, cap)
    return Message((first, *told.body), buttons=told.buttons)


def elsewhere(there: Round, entry: Entry) -> Message:
    """Told to an answer to a question that the member answered in another channel of the team, in the round there."""
    text = (
        "You answered this question in another channel of the team: {given}. That answer counts; this one was not "
        "recorded."
    )
    return Message((say(text, given=quoted(there.question, entry.text)),))


def other_account(rnd: Round, entry: Entry) -> Message:
    """Told to an answer in a round that the member has answered with another account, now linked."""
    text = "You answered this question with your other account: {given}. That answer counts; this one was not recorded."
    return Message((say(text, given=quoted(rnd.question, entry.text)),))


def too_late(rnd: Round, now: datetime) -> Message:
    """Told to an answer that comes after the close."""
    at = rnd.closed_at or rnd.closes_at or now
    return Message(
        (say("This round closed at {at}, so your answer was not counted. The reveal is below it.", at=When(at)),)
    )


def asked_already(rnd: Round) -> Message:
    """Told to ``ask`` while an extra round is open."""
    if rnd.closes_at is None:
        return Message((say("A question is open in this channel already. /quiz reveal ends it."),))
    text = "A question is open in this channel already, until {until}: answer that one first."
    return Message((say(text, until=When(rnd.closes_at, relative=True)),))


def posted(rnd: Round) -> Message:
    """Told to the caller whose question was posted, or waits for the platform."""
    if rnd.state is State.POSTING:
        return delayed()
    if rnd.closes_at is None:
        return Message((say("Type your answer; /quiz reveal shows the right one."),))
    return Message((say("The question is posted. Its answer comes {when}.", when=When(rnd.closes_at, relative=True)),))


@speaking(None)
def reveal(rnd: Round, entries: Sequence[Entry], top: Sequence[Standing], *, this_week: bool) -> Message:
    """The public message that ends a round; ``top`` heads the standings of the round's week."""
    answer = right_answer(rnd.question)
    short = len(answer) <= IN_TITLE
    return Message(
        title=_("The answer: {answer}").format(answer=answer) if short else _("The answer"),
        body=(
            *([] if short else [(answer,)]),
            (_split(rnd.question, entries),),
            *explained(rnd.question),
            (_who_was_right(entries),),
            *_head_of(_("This week") if this_week else _("That week"), top),
        ),
        buttons=(
            (
                _mine(rnd.id),
                Button(_("Leaderboard"), "board:week:1"),
                Button(_("Report this question"), f"report:{rnd.id}"),
            ),
        ),
        public=True,
    )


def _split(q: Question, entries: Sequence[Entry]) -> str:
    if q.kind is Kind.CHOICE:
        given = Counter(entry.text for entry in entries)
        shown = zip(LETTERS, q.choices, strict=False)
        right_word = " " + _("right")
        return "    ".join(f"{letter}  {given[letter]}{right_word if c.correct else ''}" for letter, c in shown)
    right = sum(entry.grade.correct for entry in entries)
    partly = sum(0 < entry.grade.score < 1 for entry in entries)
    split = _("{right} right    {partly} partly right    {wrong} not right")
    return split.format(right=right, partly=partly, wrong=len(entries) - right - partly)


def _who_was_right(entries: Sequence[Entry]) -> str:
    if not entries:
        return _("Nobody answered this time.")
    names = [entry.name for entry in entries if entry.grade.correct]
    shown = ", ".join(names[:NAMES_SHOWN]) or _("nobody")
    if len(names) > NAMES_SHOWN:
        shown = _("{names} and {number} more").format(names=shown, number=len(names) - NAMES_SHOWN)
    return _("Right: {names}, {right} of {all}").format(names=shown, right=len(names), all=len(entries))


def _head_of(week: str, top: Sequence[Standing]) -> Iterable[Text]:
    if top:
        line = " · ".join(f"{standing.rank} {standing.name} {standing.points}" for standing in top)
        yield (f"{week}: {line}",)


def delayed() -> Message:
    """Told where the platform did not take a post for now."""
    return Message((say("The chat platform does not answer at the moment; the message follows as soon as it does."),))


def revealed() -> Message:
    """Told to whoever revealed a round."""
    return Message((say("The answer is in the channel."),))
