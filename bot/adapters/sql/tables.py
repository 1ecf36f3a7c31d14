"""The schema, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps it without its zone, in a form that sorts by time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


# An id is never given twice, even after its row was erased: a button may still name it.
ID = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER PRIMARY KEY counts up by itself there

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

teams = Table(
    "teams",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String, nullable=False),
    Column("timezone", String, nullable=False),
    Column("admins", Text, nullable=False),  # JSON: ["discord:4242", ...]
    Column("declared", String, unique=True),  # its name in the configuration file, if it stands there
    Column("linked_to", ID, ForeignKey("teams.id"), index=True),  # the team that it plays as while linked
    sqlite_autoincrement=True,
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("platform", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False, index=True),
)

channels = Table(
    "channels",
    metadata,
    Column("id", ID, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False, index=True),
    Column("platform", String, nullable=False),
    Column("address", String, nullable=False),  # what the platform calls the channel
    Column("settings", Text, nullable=False),  # JSON of model.Settings
    Column("next_post", Instant, index=True),
    Column("paused", String, nullable=False),
    Column("declared", Boolean, nullable=False),
    Column("workspace", String, nullable=False, server_default=text("''")),  # where it was met; empty until it was
    UniqueConstraint("platform", "address"),
    sqlite_autoincrement=True,
)

members = Table(
    "members",
    metadata,
    Column("id", ID, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False, index=True),
    Column("name", String, nullable=False),
    Column("last_day", Date),  # the last day this member took part in, as the team dates it
    Column("streak", Integer, nullable=False),  # as of that day
    Column("longest", Integer, nullable=False),
    Column("linked_to", ID, ForeignKey("members.id"), index=True),  # the member that it counts as while linked
    sqlite_autoincrement=True,
)

identities = Table(
    "identities",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("platform", String, primary_key=True),
    Column("workspace", String, primary_key=True),
    Column("user", String, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
)

questions = Table(
    "questions",
    metadata,
    Column("digest", String, primary_key=True),  # of the body: a round keeps the question as it was asked
    Column("id", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("body", Text, nullable=False),  # JSON of model.Question
)

picks = Table(
    "picks",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("question_id", String, nullable=False),
)

# Written out, in queries too: SQLite knows a partial index by its condition, not by a value that is filled in.
# On PostgreSQL the migrations give the indexes the same conditions. To name them here would load its dialect at every
# start, a tenth of what one takes.
UNDER_WAY = text("state IN ('posting', 'open')")
OPEN = text("state = 'open'")
UNFINISHED = text("state IN ('posting', 'closed')")

rounds = Table(
    "rounds",
    metadata,
    Column("id", ID, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False),
    Column("channel_id", ID, ForeignKey("channels.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("question_id", String, nullable=False),
    Column("question", String, ForeignKey("questions.digest"), nullable=False),
    Column("order", String, nullable=False),  # of the options: "2013"
    Column("feedback", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("slot", Date),
    Column("contest", ID, nullable=False, index=True),  # the first round of those in which a member scores once
    Column("asker_id", ID, ForeignKey("members.id"), index=True),
    Column("state", String, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closes_at", Instant),
    Column("closed_at", Instant),
    Column("message", String, nullable=False),
    Column("reveal", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("overruled", String),  # the verdict that an admin gave on the whole round
    Column("rests_until", Instant),  # while unfinished: in somebody's hands, or put off, until then
    # A try to send the next message began then and may have succeeded unseen. A process that knows nothing of this
    # column leaves the default, which says that there may have been one at any time.
    Column("tried_at", Instant, server_default=text("'1970-01-01 00:00:00.000000'")),
    UniqueConstraint("channel_id", "slot"),  # a channel's day has one daily round, whoever posts it
    Index("ix_rounds_team_id_day", "team_id", "day"),
    Index("ix_rounds_channel_id_question_id", "channel_id", "question_id"),
    Index("uq_rounds_under_way", "channel_id", "kind", unique=True, sqlite_where=UNDER_WAY),
    Index("ix_rounds_closes_at", "closes_at", sqlite_where=OPEN),
    Index("ix_rounds_rests_until", "rests_until", sqlite_where=UNFINISHED),
    sqlite_autoincrement=True,
)

answers = Table(  # the log: rows are added, never changed
    "answers",
    metadata,
    Column("id", ID, primary_key=True),
    Column("round_id", ID, ForeignKey("rounds.id"), nullable=False, index=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("delivery", String, unique=True),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)

entries = Table(  # what the log comes to: the answer of each member that counts
    "entries",
    metadata,
    Column("contest", ID, ForeignKey("rounds.id"), primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), primary_key=True),
    Column("round_id", ID, ForeignKey("rounds.id"), nullable=False, index=True),
    Column("answer_id", ID, ForeignKey("answers.id"), nullable=False, index=True),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("capped", Boolean, nullable=False),
    Column("settled", Boolean, nullable=False),  # whether the standings hold it
    Index("ix_entries_member_id", "member_id"),
)

scores = Table(  # what is left of answers of long ago: rows are added, never changed
    "scores",
    metadata,
    Column("round_id", ID, ForeignKey("rounds.id"), primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), primary_key=True),  # who gave the answer
    Column("first", ID, nullable=False),  # the id of the first answer that the member gave in the round: its place
    Column("score", Float, nullable=False),  # of the last one
    Index("ix_scores_member_id", "member_id"),
)

standings = Table(  # sums over the settled entries, kept with each of them
    "standings",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("period", String, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), primary_key=True, index=True),
    Column("points", Integer, nullable=False),
    Column("right", Integer, nullable=False),
    Column("answered", Integer, nullable=False),
    Index("ix_standings_board", "team_id", "period", "points", "member_id"),  # read backwards
)

BUCKET = 10
"""Points that lines of a board are tallied together by."""

tallies = Table(  # how many lines of a board have so many points; triggers on the standings keep them
    "tallies",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("period", String, primary_key=True),
    Column("bucket", Integer, primary_key=True),  # points // BUCKET
    Column("lines", Integer, nullable=False),
)

practices = Table(
    "practices",
    metadata,
    Column("id", ID, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("question", String, ForeignKey("questions.digest"), nullable=False),
    Column("order", String, nullable=False),
    Column("wish", Text, nullable=False),  # JSON of model.Wish
    Column("begun_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("text", Text),
    Column("score", Float),
    Column("reason", Text),
    sqlite_autoincrement=True,
)

codes = Table(  # what links two places, or two identities of a person
    "codes",
    metadata,
    Column("code", String, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False),
    Column("member_id", ID, ForeignKey("members.id")),
    Column("until", Instant, nullable=False),
)

appeals = Table(
    "appeals",
    metadata,
    Column("id", ID, primary_key=True),
    Column("answer_id", ID, ForeignKey("answers.id"), nullable=False, unique=True),
    Column("member_id", ID, ForeignKey("members.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("decision", String),
    Column("decided_at", Instant),
    sqlite_autoincrement=True,
)

wordings = Table(  # what a team accepts beside what the bank does
    "wordings",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("question_id", String, primary_key=True),
    Column("text", String, primary_key=True),
    Column("score", Float, nullable=False),
    Column("at", Instant, nullable=False),
)

regrades = Table(  # later grades of logged answers: the last one holds; rows are added, never changed
    "regrades",
    metadata,
    Column("id", ID, primary_key=True),
    Column("answer_id", ID, ForeignKey("answers.id"), nullable=False, index=True),
    Column("score", Float, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", ID, primary_key=True),
    Column("team_id", ID, ForeignKey("teams.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", ID, ForeignKey("members.id")),  # who ruled; empty once they erased themselves
    Column("about", ID, ForeignKey("members.id"), index=True),  # whose answer, if it was somebody's
    Column("what", Text, nullable=False),
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("question_id", String, primary_key=True),
    Column("member_id", ID, ForeignKey("members.id"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

rests = Table(  # questions that are not asked in a team
    "rests",
    metadata,
    Column("team_id", ID, ForeignKey("teams.id"), primary_key=True),
    Column("question_id", String, primary_key=True),
    Column("decided", Boolean, nullable=False),  # whether an admin said so, or three reports did
)

chores = Table(  # work that one process does for all
    "chores",
    metadata,
    Column("name", String, primary_key=True),
    Column("rests_until", Instant, nullable=False),
)

# Where slack-sdk's own stores keep what several workspaces installed. Names and columns are the SDK's:
# slack_sdk.oauth.installation_store.sqlalchemy and slack_sdk.oauth.state_store.sqlalchemy.

_INSTALLED_BY = (("client_id", 32), ("app_id", 32), ("enterprise_id", 32), ("enterprise_name", 200))
_BOT = (("bot_token", 200), ("bot_id", 32), ("bot_user_id", 32), ("bot_scopes", 1000), ("bot_refresh_token", 200))
_USER = (("user_id", 32), ("user_token", 200), ("user_scopes", 1000), ("user_refresh_token", 200))
_WEBHOOK = ("url", "channel", "channel_id", "configuration_url")


def _strings(*columns: tuple[str, int]) -> Iterator[Column[str]]:
    needed = {"client_id", "app_id", "user_id"}
    return (Column(name, String(length), nullable=name not in needed) for name, length in columns)


slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True),
    *_strings(*_INSTALLED_BY, ("team_id", 32), ("team_name", 200), *_BOT),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True),
    *_strings(*_INSTALLED_BY, ("enterprise_url", 200), ("team_id", 32), ("team_name", 200), *_BOT),
    Column("bot_token_expires_at", DateTime),
    *_strings(*_USER),
    Column("user_token_expires_at", DateTime),
    *_strings(*((f"incoming_webhook_{name}", 200) for name in _WEBHOOK)),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String(32)),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)
