"""Indexes by which all rows of a member are found and deleted: without them each answer that is erased costs a walk
through all entries, and each member one through all standings and rounds."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_entries_answer_id", "entries", ["answer_id"])
    op.create_index("ix_rounds_asker_id", "rounds", ["asker_id"])
    op.create_index("ix_standings_member_id", "standings", ["member_id"])


def downgrade() -> None:
    op.drop_index("ix_standings_member_id", "standings")
    op.drop_index("ix_rounds_asker_id", "rounds")
    op.drop_index("ix_entries_answer_id", "entries")
