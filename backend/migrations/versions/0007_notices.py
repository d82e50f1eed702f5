"""What people are told, and when timed work is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "timer",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timer")),
    )
    create_notice()


def downgrade() -> None:
    """Drop the tables again."""
    op.drop_table("notice")
    op.drop_table("timer")


def create_notice() -> None:
    """Create the table notice."""
    op.create_table(
        "notice",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64)),
        sa.Column("subject", sa.String(120)),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("link_id", sa.String(32)),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("zoho_id", sa.String(40)),
        sa.Column("message_key", sa.String(80), nullable=False),
        sa.Column("message_params", sa.JSON(), nullable=False),
        sa.Column("task_state", sa.String(8), nullable=False),
        sa.Column("task_id", sa.String(40)),
        sa.Column("mail_state", sa.String(8), nullable=False),
        sa.Column("task_tries", sa.Integer(), nullable=False),
        sa.Column("task_after", sa.DateTime(timezone=True)),
        sa.Column("mail_tries", sa.Integer(), nullable=False),
        sa.Column("mail_after", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_notice_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("org_id", "subject", name=op.f("uq_notice_org_id_subject")),
    )
    op.create_index("ix_notice_task", "notice", ["task_state", "task_after"])
    op.create_index("ix_notice_mail", "notice", ["mail_state", "mail_after"])
    op.create_index("ix_notice_org", "notice", ["org_id", "closed_at"])
    op.create_index(op.f("ix_notice_link_id"), "notice", ["link_id"])
