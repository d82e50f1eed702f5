"""A session remembers when its refresh token changed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision: str | None = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a token that changed before this is not asked for again."""
    with op.batch_alter_table("user_session") as batch:
        batch.add_column(sa.Column("rotated_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("user_session") as batch:
        batch.drop_column("rotated_at")
