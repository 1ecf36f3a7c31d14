"""All that the core asks of the world: a chat platform, a store, and the few things of ``Quiz``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.core.bank import Asked, Bank
from bot.core.crowd import Crowd
from bot.core.entries import Attempt, Ruling
from bot.core.messages import Language, Message
from bot.core.meter import UNMETERED, Meter
from bot.core.model import (
    Address,
    Appeal,
    Channel,
    Code,
    Decision,
    Entry,
    Grade,
    Identity,
    Logged,
    Member,
    NewRound,
    Practice,
    Question,
    Record,
    Regrade,
    Report,
    RolledUp,
    Round,
    RoundKind,
    Ruled,
    Settings,
    Standing,
    Team,
    Wish,
    Wording,
    Workspace,
)


class Unavailable(Exception):
    """A platform or the database does not answer at the moment; the same call may succeed later."""


class NotDone(Unavailable):
    """The same, and what was asked for has surely not happened: it never got there, or was turned away."""


class Refused(Exception):
    """A platform will not do this until somebody mends it; the text names the reason, for admins to read."""


class BadToken(Exception):
    """A platform does not accept the token; the text names the variable it came from."""


class CannotLook(Exception):
    """A platform does not let the bot read a channel's messages, so nobody can tell what it shows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an examination found: whether it is well, what was looked at, and where it is not well how to mend it."""

    well: bool
    what: str
    remedy: str = ""


class Chat(Protocol):
    """A chat platform. Every method raises ``Unavailable`` or ``Refused``."""

    async def workspace(self, address: Address) -> Workspace | None:
        """The workspace that a channel belongs to; None where the platform does not know the channel."""

    async def post(self, address: Address, message: Message, mark: str) -> str:
        """Post a message that carries ``mark`` invisibly, and return what the platform calls it."""

    async def find(self, address: Address, mark: str, since: datetime, until: datetime) -> str | None:
        """The message with this mark among those from then to then. Raises ``CannotLook``."""

    async def tell(self, identity: Identity, message: Message) -> None:
        """Say something to one person in private."""

    async def edit(self, address: Address, ref: str, message: Message) -> None:
        """Bring a posted message to this state; one that was deleted meanwhile is let be."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an attempt: the round as it was in that instant, the ``entry`` that counts now, if any, and the
    ``earlier`` one."""

    ruling: Ruling
    rnd: Round
    entry: Entry | None
    earlier: Entry | None


@dataclass(frozen=True, slots=True)
class Due:
    """What is due on a platform, the oldest of each first; of what is due at the same instant each look gives others
    first, since several processes share it.

    ``unfinished`` are rounds whose post or reveal is not done and in nobody's hands, ``closes`` those that are to
    close, ``posts`` channels with a question to post. ``following`` is when the earliest thing is due, now or later.
    """

    unfinished: Sequence[Round]
    closes: Sequence[Round]
    posts: Sequence[Channel]
    following: datetime | None


class Store(Protocol):
    """The database. Every method is one transaction, durable when it returns, and raises ``Unavailable``."""

    # teams, channels, members
    async def declare(self, team: Team, channels: Sequence[Channel]) -> None:
        """Make a team of the configuration file and its channels what the file says, and no others of it."""

    async def withdraw(self, teams: Sequence[str]) -> None:
        """Take the schedule from channels that the file declared once, for teams other than these."""

    async def team(self, team_id: int) -> Team:
        """The team that a team plays as, with the admins of all that are linked in it."""

    async def change_zone(self, team_id: int, timezone: str) -> None:
        """Let a team's periods be bounded in this zone from now on."""

    async def join(self, workspace: Workspace, team_id: int) -> None:
        """Let a workspace share this team, if it has none yet."""

    async def channel(self, address: Address, workspace: Workspace) -> Channel:
        """The channel at an address; new ones join their workspace's team, which is made where there is none. A channel
        stays its first workspace's, also where others share it."""

    async def known(self, address: Address) -> Channel | None:
        """The channel at an address, if it was met before."""

    async def overdue(self, team_id: int, at: datetime) -> list[Channel]:
        """The channels of a team whose next post is planned for this instant or an earlier one."""

    async def channels(self, platform: str) -> list[Channel]:
        """The channels of a platform that have a schedule."""

    async def scheduled(self, team_id: int) -> list[Channel]:
        """The channels of a team that have a schedule, paused ones too."""

    async def visit(
        self, address: Address, workspace: Workspace, identity: Identity, name: str, *, lately: bool = False
    ) -> tuple[Channel, Team, Member]:
        """The channel at an address, the team that plays there, and the member with this identity and name in it, made
        where there are none; concurrent ones share a query.

        ``lately`` says that they may be as this process read them some seconds ago: that does for who is about to
        answer, as ``record`` reads everything anew.
        """

    async def member(self, home: int, identity: Identity, name: str) -> Member:
        """The member with this identity in a channel's own team, made where there is none, by the name given."""

    async def member_called(self, team_id: int, name: str) -> Member | None:
        """The member of a team with this user id or name."""

    async def change_settings(self, channel_id: int, settings: Settings, next_post: datetime | None) -> None: ...

    async def pause(self, channel_id: int, reason: str) -> None: ...

    # due work
    async def due(self, now: datetime, platform: str, most: int) -> Due:
        """What is due on a platform, so many of each kind at most."""

    async def move_on(self, channel_id: int, planned: datetime, following: datetime | None) -> None:
        """Plan the next post after this one, unless somebody planned another meanwhile."""

    async def schedule(self, channel_id: int, next_post: datetime | None) -> None: ...
    async def picked(self, team_id: int, at: datetime) -> str | None:
        """The question that was proposed for a team and an instant, if one was."""

    async def pick(self, team_id: int, at: datetime, question_id: str) -> str:
        """The question that the team gets at an instant: the first one proposed, by whichever channel."""

    async def claim(self, new: NewRound, lease: datetime) -> Round | None:
        """Begin a round; None where its slot is taken or one of its kind is open in the channel."""

    async def take(self, rnd: Round, lease: datetime) -> bool:
        """Take unfinished work until ``lease``; False where another process has it."""

    async def trying(self, round_id: int, at: datetime | None) -> None:
        """A try to send the round's next message begins now and may succeed unseen; None: the last one did not."""

    async def put_off(self, round_id: int, until: datetime) -> None:
        """Let unfinished work rest until then."""

    # rounds
    async def round(self, round_id: int, *, lately: bool = False) -> Round | None:
        """The round with this id; concurrent calls share a query. ``lately`` as in ``visit``."""

    async def open_round(self, channel_id: int, kind: RoundKind | None = None) -> Round | None:
        """The round opened last of those that still take answers."""

    async def opened(self, round_id: int, message: str) -> None:
        """The round's message is posted."""

    async def void(self, round_id: int) -> None:
        """The round will never be posted."""

    async def close(self, round_id: int, at: datetime, lease: datetime) -> Round | None:
        """Take no more answers and move the standings by what was not yet told; None where it was closed before."""

    async def revealed(self, round_id: int, message: str) -> None:
        """The round's reveal is posted."""

    async def asked(self, channel_id: int) -> list[Asked]:
        """What a channel was asked: each question's count and its last round, the oldest first."""

    async def daily_on(self, channel_id: int, slot: date) -> Round | None:
        """The daily round that took a channel's date."""

    # answers
    async def record(self, attempt: Attempt, cap: int | None) -> Recorded:
        """Append an answer to the log if the rules take it (``entries.ruling``); concurrent ones share a commit."""

    async def entry(self, rnd: Round, member_id: int) -> Entry | None:
        """The answer of a member that counts in a round's contest."""

    async def entries(self, round_id: int) -> list[Entry]:
        """All answers that count in a round, the earliest first, with the members' names."""

    async def answered(self, round_id: int) -> int: ...

    # links: they lie over what was, and parting gives everyone their own history back
    async def keep_code(self, code: str, stands_for: Code, until: datetime) -> None: ...
    async def code(self, code: str, now: datetime) -> Code | None:
        """What a code stands for, while it may be used."""

    async def use_up(self, code: str) -> bool:
        """Let a code not be used again; False where it was used before."""

    async def link_teams(self, team_id: int, head: int) -> bool:
        """Let a team, and those linked to it, play as another; False where they are one already."""

    async def part_teams(self, home: int, cap: int | None) -> bool:
        """Undo what links a team, and its members to others; False where nothing does."""

    async def link_members(self, member_id: int, head: int, cap: int | None) -> bool:
        """Let a member's answers count for another; where both answered the same question the first one does. False
        where they are one already."""

    async def part_member(self, origin: int, cap: int | None) -> bool:
        """Undo what links a member; False where nothing does."""

    # rulings
    async def wordings(self, team_id: int, question_id: str) -> list[Wording]:
        """What a team accepts for a question beside what the bank does."""

    async def accept_wording(self, team_id: int, wording: Wording, at: datetime) -> None: ...
    async def appeal(self, rnd: Round, member_id: int, at: datetime) -> bool:
        """Lay a member's answer in a round before the admins; False where that was done before."""

    async def open_appeals(self, team_id: int) -> list[Appeal]:
        """The appeals that wait, the oldest first."""

    async def decide(self, appeal_id: int, decision: Decision, at: datetime) -> bool:
        """Close an appeal; False where it was closed before."""

    async def note_ruling(self, team_id: int, ruled: Ruled) -> None:
        """Add a line to the team's audit."""

    async def audit(self, team_id: int, last: int) -> list[Ruled]:
        """The latest lines of the audit, the newest first."""

    async def logged(self, team_id: int, question_id: str) -> list[Logged]:
        """A team's answers to a question whose grades are told, in rounds that no verdict stands on."""

    async def logged_in(self, round_id: int) -> list[Logged]:
        """All answers of a round, with their present grades."""

    async def overrule(self, round_id: int, verdict: str) -> None:
        """Keep an admin's verdict on a whole round: its answers are not graded again after that."""

    async def regrade(self, changes: Sequence[Regrade], cap: int | None, at: datetime) -> None:
        """Keep new grades beside the log and move the standings by the difference."""

    async def last_revealed(self, channel_id: int, kind: RoundKind | None = None) -> Round | None: ...
    async def report(self, team_id: int, member_id: int, report: Report, at: datetime) -> int:
        """Keep a member's report of a question; returns how many members have reported it."""

    async def reports(self, team_id: int, question_id: str) -> list[Report]: ...
    async def rest(self, team_id: int, question_id: str) -> None:
        """Let a question rest until somebody decides."""

    async def resting(self, team_id: int) -> list[str]:
        """The questions that wait for a decision."""

    async def not_asked(self, team_id: int) -> frozenset[str]:
        """The questions that are not to be asked in a team: they rest, or were ruled out."""

    async def settle_reports(self, team_id: int, question_id: str, *, use_again: bool) -> bool:
        """Ask a question that rests again, or never again; False where there is nothing to decide."""

    async def identities(self, member_id: int) -> list[Identity]:
        """All identities of a person."""

    # practice, statistics, privacy
    async def being_asked(self, team_id: int) -> frozenset[str]:
        """The questions of the rounds that are open in a team."""

    async def results_of(self, member_id: int) -> Mapping[str, bool]:
        """Of each question that the member answered: whether they were right the last time."""

    async def begin_practice(
        self, member_id: int, question: Question, order: tuple[int, ...], wish: Wish, at: datetime
    ) -> Practice: ...
    async def practice(self, practice_id: int) -> Practice | None: ...
    async def end_practice(self, practice: Practice, text: str, grade: Grade, at: datetime) -> Practice:
        """Keep the first answer; later ones change nothing. Returns the practice as it stands."""

    async def record_of(self, member_id: int, last: int) -> Record:
        """All that a member's answers come to, with so many of the latest."""

    async def stored_on(self, member_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """Every row that concerns a member, by table."""

    async def erase(self, member_id: int) -> None:
        """Delete every row that concerns a member."""

    # retention
    async def turn(self, chore: str, now: datetime, rests_until: datetime) -> bool:
        """Take up a chore that one process does for all, unless it rests; then it does so until that instant."""

    async def roll_up(self, before: date, after: int) -> RolledUp | None:
        """Put scores in the place of some answers of earlier days, the oldest after the one with this id; standings,
        streaks and statistics stay as they are. None where no older answer is left."""

    async def rolled_up(self, round_id: int) -> bool:
        """Whether answers of a round were rolled up."""

    async def forget(self, before: datetime) -> int:
        """Delete some practice from before then, and lines of the audit that quote an answer; returns how many."""

    # standings
    async def standings(self, team_id: int, key: str, today: date, limit: int, offset: int = 0) -> list[Standing]:
        """The lines of a period, named by ``boards.key``, by rank and name, with the streaks as of ``today``."""

    async def standing(self, team_id: int, key: str, today: date, member_id: int) -> Standing | None: ...
    async def lines(self, team_id: int, key: str) -> int:
        """How many lines a period's board has."""


class Judge(Protocol):
    """Something outside the core that understands explanations: a model here, or a service."""

    async def judge(self, question: Question, text: str, offline: Grade) -> Grade:
        """The grade of an answer to a question with ideas; ``offline``, the grade without a judge, where it has none.

        It raises nothing, and it answers within seconds.
        """


@dataclass(frozen=True, slots=True)
class Rules:
    """What differs between a team's channel and a terminal. None means without limit.

    ``ask_ends`` says that a new question ends the extra round that is still open.
    """

    cap: int | None = 5
    minutes: int | None = 1
    ask_ends: bool = False
    grace: timedelta = timedelta(hours=2)
    kept: timedelta | None = None
    """How long answers are kept; for ever where it is None."""


@dataclass(frozen=True, slots=True)
class Quiz:
    """What every use case is handed; ``bank`` gives the last good one, ``now`` the time in UTC."""

    store: Store
    chats: Mapping[str, Chat]
    bank: Callable[[], Bank]
    now: Callable[[], datetime]
    rules: Rules = Rules()
    languages: Mapping[str, Language] = field(default_factory=dict)
    """Translations by language; what is not there is said in English."""
    connected: set[str] = field(default_factory=set)
    """The platforms that are connected at the moment."""
    arrived: set[str] = field(default_factory=set)
    """The platforms that were connected once, on which the workspaces of scheduled channels share their teams."""
    blind: set[str] = field(default_factory=set)
    """The platforms on which the bot may not look what a channel shows."""
    touched: set[int] = field(default_factory=set)
    """Open rounds whose message does not show the latest count of answers."""
    judge: Judge | None = None
    """Who judges explanations beside the words in them."""
    meter: Meter = UNMETERED
    """Who counts what happens."""
    crowd: Crowd = field(default_factory=Crowd)
    """Everybody who is served at the moment, on all platforms."""
