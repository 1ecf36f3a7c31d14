"""What is said of appeals, overruled rounds and reported questions.

Reasons are kept in English, and so is what others are told whose language is not known here.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Button, Field, Form, Message, Text, _, counted, say, speaking
from bot.core.messages.round import right_answer
from bot.core.model import Appeal, Decision, Question, Regrade, Report, Round

REASON_LIMIT = 300
"""The longest reason of a report, and of a kept grade, in characters."""


@speaking(None)
def in_part() -> str:
    """The reason of an answer that the team accepts in part."""
    return _("Partly right: the admins of your team accept this wording in part.")


def appealed() -> Message:
    """Told to whoever appeals."""
    return Message((say("Your answer is laid before the admins. You are told here what they decide."),))


def appeal(found: Appeal, number: int) -> Message:
    """An appeal as an admin sees it."""
    return Message(
        title=counted("{number} appeal waits", "{number} appeals wait", number),
        body=(
            say("Question: {prompt}", prompt=found.question.prompt),
            say("Expected: {answer}", answer=found.question.answer),
            say('{name} wrote: "{text}"', name=found.name, text=found.text),
            say("The grade: {reason}", reason=found.reason),
        ),
        buttons=(
            (
                Button(_("Accept"), f"accept:{found.id}"),
                Button(_("Accept in part"), f"part:{found.id}"),
                Button(_("Keep"), f"keep:{found.id}"),
            ),
        ),
    )


def keep_form(found: Appeal) -> Form:
    """Asks why the grade is kept."""
    why = Field("why", _("Why? The member is told"), max_length=REASON_LIMIT)
    return Form(f"keepsubmit:{found.id}", _("Keep the grade"), (say('"{text}"', text=found.text),), (why,))


@speaking(None)
def kept(found: Appeal, why: str) -> Message:
    """Told to the member whose grade is kept."""
    lines: list[Text] = [
        say('The admins looked at your answer "{text}" and keep its grade.', text=found.text),
        say("Question: {prompt}", prompt=found.question.prompt),
    ]
    if why.strip():
        lines.append(say("Why: {why}", why=why.strip()))
    return Message(tuple(lines))


@speaking(None)
def regraded(question: Question, regrade: Regrade) -> Message:
    """Told to each member whose grade changed."""
    return Message(
        (
            say('The admins looked again at "{prompt}".', prompt=question.prompt),
            say('Your answer "{text}" is graded anew: {reason}', text=regrade.text, reason=regrade.new.reason),
            say("Your points on the leaderboard follow the new grade."),
        )
    )


def decided(changed: int, following: Message) -> Message:
    """Told to the admin who decided, with what waits next."""
    done = counted("Done: {number} answer is graded anew.", "Done: {number} answers are graded anew.", changed)
    return Message(((done,), *_titled(following)), buttons=following.buttons)


def _titled(message: Message) -> Sequence[Text]:
    lines = [part for part in message.body if isinstance(part, tuple)]
    return [(message.title,), *lines] if message.title else lines


def nothing_waits() -> Message:
    """Told where no appeal and no report waits."""
    return Message((say("No appeal and no reported question waits for a decision."),))


def reported(question_id: str, question: Question | None, reports: Sequence[Report]) -> Message:
    """A question that rests, as an admin sees it."""
    asked = [say("Question: {prompt}", prompt=question.prompt)] if question else []
    expected = [say("Answer: {answer}", answer=right_answer(question))] if question else []
    said = [say('{name}: "{reason}"', name=report.name, reason=report.reason) for report in reports]
    return Message(
        title=_("The question {id} rests").format(id=question_id),
        body=(*asked, *expected, *said),
        buttons=(
            (
                Button(_("Use it again"), f"use:again:{question_id}"),
                Button(_("Never use it here"), f"use:never:{question_id}"),
            ),
        ),
    )


def report_form(rnd: Round) -> Form:
    """Asks what is wrong with a question."""
    reason = Field("reason", _("What is wrong with it?"), max_length=REASON_LIMIT)
    return Form(f"reportsubmit:{rnd.id}", _("Report this question"), ((rnd.question.prompt,),), (reason,))


def reported_thanks() -> Message:
    """Told to whoever reports a question."""
    return Message((say("Thank you: the admins see your report. After three reports the question rests."),))


def overruled(changed: int) -> Message:
    """Told to the admin who overruled a round."""
    done = counted("Done: {number} answer is graded anew.", "Done: {number} answers are graded anew.", changed)
    return Message(((done,), say("The channel is told, and the standings follow.")))


@speaking(None)
def announced(rnd: Round, verdict: str) -> Message:
    """The public word on an overruled round."""
    said = {
        "everyone": say("The admins ruled on this question: everyone who answered scores."),
        "nobody": say("The admins ruled on this question: nobody scores."),
    }.get(verdict) or say("The admins ruled on this question: {letter} was right.", letter=verdict.upper())
    body: tuple[Text, ...] = ((rnd.question.prompt,), said, say("The standings are corrected."))
    return Message(body, buttons=((Button(_("My answer"), f"mine:{rnd.id}"),),), public=True)


@speaking(None)
def ruled_right(verdict: str) -> str:
    """The reason of an answer that scores by a ruling."""
    if verdict == "everyone":
        return _("Right: the admins ruled that everyone who answered scores.")
    return _("Right: the admins ruled that {letter} is right.").format(letter=verdict.upper())


@speaking(None)
def ruled_wrong(verdict: str) -> str:
    """The reason of an answer that scores nothing by a ruling."""
    if verdict == "nobody":
        return _("Not right. The admins ruled that nobody scores on this question.")
    return _("Not right. The admins ruled that {letter} is right.").format(letter=verdict.upper())


# The audit is written once, for everybody: in English. Who ruled stands beside it.


def audit_appeal(decision: Decision, found: Appeal) -> str:
    """What was decided on which answer."""
    words = {Decision.ACCEPT: "accepted", Decision.PART: "accepted in part", Decision.KEEP: "kept the grade of"}
    return f'{words[decision]} "{found.text}" on {found.question.id}'


def audit_overrule(verdict: str, rnd: Round) -> str:
    """How a round was overruled."""
    said = {"everyone": "everyone scores", "nobody": "nobody scores"}.get(verdict, f"{verdict.upper()} was right")
    return f"ruled on {rnd.question.id} of {rnd.day}: {said}"


def audit_report(question_id: str, *, use_again: bool) -> str:
    """How the reports on a question were settled."""
    return f"ruled on the reports of {question_id}: {'use it again' if use_again else 'never use it here'}"
