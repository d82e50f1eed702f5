"""What people decide about a record for good, deletions that wait, and runs that can be undone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None


def added() -> dict[str, tuple[sa.Column[Any], ...]]:
    """The new columns by table, fresh ones at every call."""
    return {
        "link": (sa.Column("barred", sa.String(12)), sa.Column("staged", sa.String(4))),
        "log_row": (sa.Column("restore", sa.JSON()),),
        "run": (sa.Column("undoes", sa.String(32)), sa.Column("confirm", sa.JSON())),
        "run_item": (sa.Column("moved", sa.Boolean(), nullable=False, server_default=sa.false()),),
    }


def upgrade() -> None:
    """Add the columns."""
    for table, columns in added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)


def downgrade() -> None:
    """Take the columns away again."""
    for table, columns in added().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)
