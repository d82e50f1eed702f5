"""How many records of each module stood how at the end of each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

STATES = ("in_sync", "pending", "conflict", "needs_attention")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "day_count",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in STATES),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_day_count_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("org_id", "tenant_id", "day", "module", name=op.f("pk_day_count")),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("day_count")
