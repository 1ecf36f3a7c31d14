"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_questions"),
    )
    op.create_table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("admins", sa.Text(), nullable=False),
        sa.Column("declared", sa.String(), nullable=True),
        sa.Column("linked_to", ID, nullable=True),
        sa.ForeignKeyConstraint(["linked_to"], ["teams.id"], name="fk_teams_linked_to"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
        sa.UniqueConstraint("declared", name="uq_teams_declared"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_teams_linked_to", "teams", ["linked_to"])
    op.create_table(
        "channels",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("next_post", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused", sa.String(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.Column("workspace", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_channels_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.UniqueConstraint("platform", "address", name="uq_channels_platform_address"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_channels_next_post", "channels", ["next_post"])
    op.create_index("ix_channels_team_id", "channels", ["team_id"])
    op.create_table(
        "members",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("longest", sa.Integer(), nullable=False),
        sa.Column("linked_to", ID, nullable=True),
        sa.ForeignKeyConstraint(["linked_to"], ["members.id"], name="fk_members_linked_to"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_members_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_members_linked_to", "members", ["linked_to"])
    op.create_index("ix_members_team_id", "members", ["team_id"])
    op.create_table(
        "picks",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_picks_team_id"),
        sa.PrimaryKeyConstraint("team_id", "at", name="pk_picks"),
    )
    op.create_table(
        "rests",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_rests_team_id"),
        sa.PrimaryKeyConstraint("team_id", "question_id", name="pk_rests"),
    )
    op.create_table(
        "wordings",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_wordings_team_id"),
        sa.PrimaryKeyConstraint("team_id", "question_id", "text", name="pk_wordings"),
    )
    op.create_table(
        "workspaces",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_workspaces_team_id"),
        sa.PrimaryKeyConstraint("platform", "id", name="pk_workspaces"),
    )
    op.create_index("ix_workspaces_team_id", "workspaces", ["team_id"])
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", ID, nullable=True),
        sa.Column("about", ID, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["members.id"], name="fk_audit_about"),
        sa.ForeignKeyConstraint(["by"], ["members.id"], name="fk_audit_by"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_audit_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_about", "audit", ["about"])
    op.create_index("ix_audit_team_id", "audit", ["team_id"])
    op.create_table(
        "codes",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_codes_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_codes_team_id"),
        sa.PrimaryKeyConstraint("code", name="pk_codes"),
    )
    op.create_table(
        "identities",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("workspace", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_identities_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_identities_team_id"),
        sa.PrimaryKeyConstraint("team_id", "platform", "workspace", "user", name="pk_identities"),
    )
    op.create_index("ix_identities_member_id", "identities", ["member_id"])
    op.create_table(
        "practices",
        sa.Column("id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_practices_member_id"),
        sa.ForeignKeyConstraint(["question"], ["questions.digest"], name="fk_practices_question"),
        sa.PrimaryKeyConstraint("id", name="pk_practices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_practices_member_id", "practices", ["member_id"])
    op.create_table(
        "reports",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_reports_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_reports_team_id"),
        sa.PrimaryKeyConstraint("team_id", "question_id", "member_id", name="pk_reports"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("channel_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("question_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("order", sa.String(), nullable=False),
        sa.Column("feedback", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.Date(), nullable=True),
        sa.Column("contest", ID, nullable=False),
        sa.Column("asker_id", ID, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("reveal", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("overruled", sa.String(), nullable=True),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asker_id"], ["members.id"], name="fk_rounds_asker_id"),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name="fk_rounds_channel_id"),
        sa.ForeignKeyConstraint(["question"], ["questions.digest"], name="fk_rounds_question"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_rounds_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("channel_id", "slot", name="uq_rounds_channel_id_slot"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rounds_channel_id_question_id", "rounds", ["channel_id", "question_id"])
    op.create_index(
        "ix_rounds_closes_at",
        "rounds",
        ["closes_at"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("ix_rounds_contest", "rounds", ["contest"])
    op.create_index(
        "ix_rounds_rests_until",
        "rounds",
        ["rests_until"],
        sqlite_where=sa.text("state IN ('posting', 'closed')"),
        postgresql_where=sa.text("state IN ('posting', 'closed')"),
    )
    op.create_index("ix_rounds_team_id_day", "rounds", ["team_id", "day"])
    op.create_index(
        "uq_rounds_under_way",
        "rounds",
        ["channel_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state IN ('posting', 'open')"),
        postgresql_where=sa.text("state IN ('posting', 'open')"),
    )
    op.create_table(
        "standings",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_standings_member_id"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_standings_team_id"),
        sa.PrimaryKeyConstraint("team_id", "period", "member_id", name="pk_standings"),
    )
    op.create_index("ix_standings_board", "standings", ["team_id", "period", "points", "member_id"])
    op.create_table(
        "answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_answers_member_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_answers_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("delivery", name="uq_answers_delivery"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_answers_member_id", "answers", ["member_id"])
    op.create_index("ix_answers_round_id", "answers", ["round_id"])
    op.create_table(
        "appeals",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_appeals_answer_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_appeals_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeals"),
        sa.UniqueConstraint("answer_id", name="uq_appeals_answer_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_appeals_member_id", "appeals", ["member_id"])
    op.create_table(
        "entries",
        sa.Column("contest", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("round_id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("capped", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_entries_answer_id"),
        sa.ForeignKeyConstraint(["contest"], ["rounds.id"], name="fk_entries_contest"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_entries_member_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_entries_round_id"),
        sa.PrimaryKeyConstraint("contest", "member_id", name="pk_entries"),
    )
    op.create_index("ix_entries_member_id", "entries", ["member_id"])
    op.create_index("ix_entries_round_id", "entries", ["round_id"])
    op.create_table(
        "regrades",
        sa.Column("id", ID, nullable=False),
        sa.Column("answer_id", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name="fk_regrades_answer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_regrades"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_regrades_answer_id", "regrades", ["answer_id"])


def downgrade() -> None:
    op.drop_table("regrades")
    op.drop_table("entries")
    op.drop_table("appeals")
    op.drop_table("answers")
    op.drop_table("standings")
    op.drop_table("rounds")
    op.drop_table("reports")
    op.drop_table("practices")
    op.drop_table("identities")
    op.drop_table("codes")
    op.drop_table("audit")
    op.drop_table("workspaces")
    op.drop_table("wordings")
    op.drop_table("rests")
    op.drop_table("picks")
    op.drop_table("members")
    op.drop_table("channels")
    op.drop_table("teams")
    op.drop_table("questions")
