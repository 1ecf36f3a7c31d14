"""How many lines of a board have about so many points, kept by triggers: who ranks where without counting all lines.

Triggers count for old code too, which knows nothing of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ADD = """
INSERT INTO tallies (team_id, period, bucket, lines) VALUES (NEW.team_id, NEW.period, NEW.points / 10, 1)
ON CONFLICT (team_id, period, bucket) DO UPDATE SET lines = tallies.lines + 1;
"""
TAKE = """
UPDATE tallies SET lines = lines - 1
WHERE team_id = OLD.team_id AND period = OLD.period AND bucket = OLD.points / 10;
"""
MOVED = "OLD.points / 10 <> NEW.points / 10 OR OLD.team_id <> NEW.team_id"

SQLITE = (
    f"CREATE TRIGGER tally_added AFTER INSERT ON standings BEGIN {ADD} END",
    f"CREATE TRIGGER tally_taken AFTER DELETE ON standings BEGIN {TAKE} END",
    f"CREATE TRIGGER tally_moved AFTER UPDATE ON standings WHEN {MOVED} BEGIN {TAKE} {ADD} END",
)
POSTGRESQL = (
    f"""
    CREATE FUNCTION tally_standings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN {TAKE} END IF;
        IF TG_OP <> 'DELETE' THEN {ADD} END IF;
        RETURN NULL;
    END $$
    """,
    "CREATE TRIGGER tally_counted AFTER INSERT OR DELETE ON standings FOR EACH ROW EXECUTE FUNCTION tally_standings()",
    f"CREATE TRIGGER tally_moved AFTER UPDATE ON standings FOR EACH ROW WHEN ({MOVED}) "
    "EXECUTE FUNCTION tally_standings()",
)


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("team_id", ID, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_tallies_team_id"),
        sa.PrimaryKeyConstraint("team_id", "period", "bucket", name="pk_tallies"),
    )
    op.execute(
        "INSERT INTO tallies (team_id, period, bucket, lines) "
        "SELECT team_id, period, points / 10, count(*) FROM standings GROUP BY team_id, period, points / 10"
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("tally_added", "tally_taken", "tally_moved"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        for name in ("tally_counted", "tally_moved"):
            op.execute(f"DROP TRIGGER {name} ON standings")
        op.execute("DROP FUNCTION tally_standings")
    op.drop_table("tallies")
