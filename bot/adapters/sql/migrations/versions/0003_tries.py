"""When a try to send a round's next message began that may have succeeded unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    long_ago = sa.text("'1970-01-01 00:00:00.000000'")
    op.add_column("rounds", sa.Column("tried_at", sa.DateTime(timezone=True), server_default=long_ago))
