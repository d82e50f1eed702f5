"""A run's row of one record is found at once."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision: str | None = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_run_item_link", "run_item", ["run_id", "link_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_run_item_link", table_name="run_item")
