"""The words of the game as frozen values.

Instants are aware datetimes in UTC. Days are dates in the team's or the channel's own zone, as each field says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

LETTERS = "ABCDE"


class Kind(StrEnum):
    """How a question is answered: by picking an option or with a short text."""

    CHOICE = "choice"
    SHORT = "short"


class Difficulty(StrEnum):
    """How hard a question is; it decides what a right answer earns."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"

    @property
    def points(self) -> int:
        """What a score of 1 earns."""
        return {"easy": 10, "medium": 20, "hard": 30}[self.value]


class RoundKind(StrEnum):
    """A daily round is scheduled, an extra round is asked for."""

    DAILY = "daily"
    EXTRA = "extra"


class Feedback(StrEnum):
    """When a member learns the grade: at the reveal (and may change the answer until then) or at once."""

    REVEAL = "reveal"
    IMMEDIATE = "immediate"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a question comes from, and what a reader is shown of it."""

    document: str
    heading: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice question; ``why`` says what is wrong with a wrong one."""

    text: str
    correct: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Numeric:
    """The key of a number: ``tolerance`` is absolute, or a share of ``value`` where ``relative``."""

    value: float
    tolerance: float = 0.0
    relative: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea that an explanation should contain, with wordings that people use for it."""

    idea: str
    accept: tuple[str, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Question:
    """An item of the bank.

    A choice question has ``choices``. A short one has ``answer`` and is graded as a number where ``numeric`` is
    set, by ideas where ``ideas`` is not empty (``points`` in the YAML), and as a term otherwise.
    """

    id: str
    topic: str
    kind: Kind
    difficulty: Difficulty
    prompt: str
    explanation: str
    sources: tuple[Source, ...] = ()
    concept: str = ""
    note: str = ""
    choices: tuple[Choice, ...] = ()
    answer: str = ""
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    numeric: Numeric | None = None
    ideas: tuple[Idea, ...] = ()

    @property
    def right_choice(self) -> int:
        """Index of the right option of a choice question."""
        return next(i for i, choice in enumerate(self.choices) if choice.correct)

    def in_order(self, order: tuple[int, ...]) -> Question:
        """The same question with its options in the order in which a round shows them."""
        return replace(self, choices=tuple(self.choices[i] for i in order)) if order else self


@dataclass(frozen=True, slots=True)
class Grade:
    """The result of grading an answer: ``score`` from 0 to 1, and ``reason``, one plain sentence or two that begin
    with ``Right``, ``Partly right`` or ``Not right``."""

    score: float
    reason: str

    @property
    def correct(self) -> bool:
        """Whether the answer is right in full."""
        return self.score >= 1.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a channel is: ``discord:1234567890``, ``slack:C0123``, ``console:terminal``."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a platform calls a server or a workspace; all its channels share one team, whose
    zone is ``timezone`` until somebody sets another."""

    platform: str
    id: str
    name: str = ""
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Identity:
    """A person on one platform, in one workspace."""

    platform: str
    workspace: str
    user: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a channel's daily round is posted and revealed, as its wall clock shows it.

    ``days`` counts from Monday = 0. Without ``reveal`` a round lasts until the next post.
    """

    timezone: str
    post: time
    reveal: time | None = None
    days: frozenset[int] = frozenset(range(5))
    skip: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a channel is asked, and when. Empty ``topics`` or ``difficulty`` mean all of them."""

    schedule: Schedule | None = None
    topics: tuple[str, ...] = ()
    difficulty: tuple[Difficulty, ...] = ()
    feedback: Feedback = Feedback.REVEAL


@dataclass(frozen=True, slots=True)
class Team:
    """People who share a leaderboard; its zone bounds the periods, ``admins`` are named as ``platform:user``."""

    id: int
    name: str
    timezone: str = "UTC"
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """One place on one platform where rounds are posted.

    ``home`` is the team of its own workspace, ``team_id`` the one that it plays in: they differ while linked.

    ``next_post`` is the instant of the next daily round, ``paused`` the reason why none is posted (empty: it is not
    paused), ``declared`` says that the configuration file rules its settings, and ``workspace`` is the platform's id of
    the workspace in which it was met last (empty until it was).
    """

    id: int
    team_id: int
    address: Address
    settings: Settings = Settings()
    next_post: datetime | None = None
    paused: str = ""
    declared: bool = False
    home: int = 0
    workspace: str = ""

    @property
    def ids(self) -> dict[str, object]:
        """How the log names it."""
        return {"team": self.team_id, "channel": str(self.address)}


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team, by the name that the platform showed last.

    ``origin`` is the member as which this identity answers; it differs from ``id`` while linked to another one.
    """

    id: int
    name: str
    origin: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever uses a command or a button, as the platform tells it.

    ``manages`` is the platform's word that this person may manage the server, ``delivery`` names the event and is the
    same when the platform repeats it, ``language`` is the person's own, as ``en`` or ``de``.
    """

    identity: Identity
    name: str
    address: Address
    workspace: Workspace
    manages: bool = False
    delivery: str = ""
    language: str = "en"

    @property
    def ids(self) -> dict[str, object]:
        """How the log names what this person does."""
        return {"interaction": self.delivery, "channel": str(self.address)}


class State(StrEnum):
    """Where a round stands: claimed and being posted, open, closed and being revealed, revealed; or never posted."""

    POSTING = "posting"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class NewRound:
    """What is known of a round before it is posted.

    ``home`` is the channel's own team and ``team_id`` the one that it plays in, as of a ``Channel``. ``day`` is the
    team's date, to which its points belong. ``slot`` is the channel's date that a daily round takes:
    a channel has one round for each, ever; extra rounds have none. ``order`` is the order of the options.
    """

    team_id: int
    home: int
    channel_id: int
    kind: RoundKind
    question: Question
    order: tuple[int, ...]
    feedback: Feedback
    day: date
    slot: date | None
    opened_at: datetime
    closes_at: datetime | None
    asker_id: int | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """One question posted in one channel; ``question`` has its options in the order shown.

    Rounds of a team with the same question on the same day share a ``contest``: a member scores once in it.
    ``message`` and ``reveal`` are what the platform calls the two messages. ``tried_at`` is when the try began to send
    the next of them that may have succeeded unseen, if there was one.
    """

    id: int
    team_id: int
    channel_id: int
    address: Address
    kind: RoundKind
    question: Question
    feedback: Feedback
    day: date
    contest: int
    state: State
    opened_at: datetime
    closes_at: datetime | None
    closed_at: datetime | None = None
    asker_id: int | None = None
    message: str = ""
    reveal: str = ""
    attempts: int = 0
    tried_at: datetime | None = None

    @property
    def accepting(self) -> bool:
        """Whether answers may still come; a message can be seen a moment before the store knows that it is."""
        return self.state in (State.POSTING, State.OPEN)

    @property
    def ids(self) -> dict[str, object]:
        """How the log names it."""
        return {"team": self.team_id, "round": self.id, "channel": str(self.address)}

    @property
    def told(self) -> bool:
        """Whether the grades are told, so that their points stand on the board."""
        return self.feedback is Feedback.IMMEDIATE or self.state in (State.CLOSED, State.REVEALED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member's answer that counts in a round, with its grade; ``points`` is what it earned.

    ``capped`` says that the daily cap of extra rounds was reached, so that it earned none. ``origin`` is the member as
    which it was given: another one than ``member_id`` where a person has linked two identities.
    """

    round_id: int
    member_id: int
    text: str
    grade: Grade
    points: int
    answered_at: datetime
    capped: bool = False
    name: str = ""
    origin: int = 0


class Period(StrEnum):
    """What a leaderboard covers; bounds are in the team's zone."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Standing:
    """One member's line of the leaderboard for a period; members with equal points share a rank."""

    rank: int
    member_id: int
    name: str
    points: int
    right: int
    answered: int
    streak: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """Which questions will do; empty means any."""

    topics: tuple[str, ...] = ()
    difficulty: tuple[Difficulty, ...] = ()
    kind: Kind | None = None

    def fits(self, question: Question) -> bool:
        """Whether a question will do."""
        return (
            (not self.topics or question.topic in self.topics)
            and (not self.difficulty or question.difficulty in self.difficulty)
            and (self.kind is None or question.kind is self.kind)
        )


@dataclass(frozen=True, slots=True)
class Practice:
    """A question that one member got to practise on; ``wish`` is what they asked for, for another one."""

    id: int
    member_id: int
    question: Question
    wish: Wish
    text: str | None = None
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """How a member did on a topic: ``score`` is the mean, from 0 to 1."""

    topic: str
    answered: int
    score: float


@dataclass(frozen=True, slots=True)
class Record:
    """All that a member's answers come to; only those whose grade was told. ``last`` has the latest first."""

    topics: tuple[TopicRecord, ...]
    last: tuple[tuple[Question, Entry], ...]
    longest_streak: int


@dataclass(frozen=True, slots=True)
class RolledUp:
    """A step through the oldest part of the log: how many answers were rolled up, and the id of the last one seen."""

    answers: int
    last: int


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for: a team, or one member of it."""

    team_id: int
    member_id: int | None


class Decision(StrEnum):
    """What an admin makes of an appeal."""

    ACCEPT = "accept"
    PART = "part"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An answer that its member wants to be graded again, with the grade it has."""

    id: int
    member_id: int
    name: str
    question: Question
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wording:
    """An answer that a team accepts, in full or in part, beside those of the bank."""

    question_id: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Logged:
    """An answer in the log with its question as it was shown and its present grade."""

    answer_id: int
    member_id: int
    question: Question
    text: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class Regrade:
    """A grade that changed; ``member_id`` is the member as which the answer was given."""

    answer_id: int
    member_id: int
    text: str
    old: Grade
    new: Grade


@dataclass(frozen=True, slots=True)
class Report:
    """What a member finds wrong with a question."""

    question_id: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ruled:
    """A line of the audit: what was ruled, when, ``by`` which admin, and ``about`` whose answer, if somebody's."""

    by: int | None
    what: str
    at: datetime
    about: int | None = None
    name: str = ""
