"""How many log rows there ever were, for metrics that never fall."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision: str | None = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; what the log holds is counted by the schedule."""
    op.create_table(
        "outcome_count",
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("module", "status", name=op.f("pk_outcome_count")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("outcome_count")
