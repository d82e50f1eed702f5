"""Where a long read of one list stands, so that it goes on there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision: str | None = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "reading_place",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("reader", sa.String(32), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("since", TIME, nullable=True),
        sa.Column("next_since", TIME, nullable=True),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("as_of", TIME, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("kept_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"],
            ["organisation.id"],
            name=op.f("fk_reading_place_org_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "org_id", "tenant_id", "reader", "module", "side", name=op.f("pk_reading_place")
        ),
    )


def downgrade() -> None:
    """Drop it again."""
    op.drop_table("reading_place")
