"""What answers of long ago came to, and work that one process does for all."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "scores",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("member_id", ID, nullable=False),
        sa.Column("first", ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_scores_member_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_scores_round_id"),
        sa.PrimaryKeyConstraint("round_id", "member_id", name="pk_scores"),
    )
    op.create_index("ix_scores_member_id", "scores", ["member_id"])
    op.create_table(
        "chores",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_chores"),
    )


def downgrade() -> None:
    op.drop_table("chores")
    op.drop_table("scores")
