"""An organisation remembers which steps of the set-up guide somebody has been at."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision: str | None = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has been anywhere yet."""
    with op.batch_alter_table("organisation") as batch:
        batch.add_column(sa.Column("guide", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("organisation") as batch:
        batch.alter_column("guide", server_default=None)


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("organisation") as batch:
        batch.drop_column("guide")
