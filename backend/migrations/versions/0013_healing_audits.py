"""An audit remembers whether it had what differs settled."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision: str | None = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; audits so far were the daily ones, which heal."""
    with op.batch_alter_table("run") as batch:
        batch.add_column(
            sa.Column("heals", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(sa.text("UPDATE run SET heals = true WHERE kind = 'audit'"))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("run") as batch:
        batch.drop_column("heals")
