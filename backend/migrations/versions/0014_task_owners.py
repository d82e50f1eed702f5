"""A record remembers whose CRM task asks for it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision: str | None = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of tasks so far nobody is named."""
    with op.batch_alter_table("link") as batch:
        batch.add_column(sa.Column("task_owner", sa.String(200), nullable=True))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("link") as batch:
        batch.drop_column("task_owner")
