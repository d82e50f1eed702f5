"""What keeps the product live: an inbox for webhooks, channels, pulses, usage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NEW_COLUMNS = {
    "webhook_note": (
        sa.Column("tenant_id", sa.String(64)),
        sa.Column("event_at", TIME),
        sa.Column("open", sa.Boolean(), nullable=False, server_default=sa.false()),
    ),
    "module_state": (
        sa.Column("whole_pages", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("xero_read_at", TIME),
    ),
    "organisation": (sa.Column("clicks_paused_until", TIME),),
}


def upgrade() -> None:
    """Add the columns and tables."""
    for table, columns in NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
    op.create_index("ix_webhook_note_open", "webhook_note", ["open", "id"])
    op.create_index("ix_webhook_note_record", "webhook_note", ["record_id", "received_at"])
    create_hearing()
    create_pulse()
    create_zoho_channel()
    create_usage()


def downgrade() -> None:
    """Take them away again."""
    for table in ("usage", "zoho_channel", "pulse", "hearing"):
        op.drop_table(table)
    op.drop_index("ix_webhook_note_record", "webhook_note")
    op.drop_index("ix_webhook_note_open", "webhook_note")
    for table, columns in NEW_COLUMNS.items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column.name)


def create_hearing() -> None:
    """Create the table hearing."""
    op.create_table(
        "hearing",
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("sequence", sa.Integer()),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("gap_at", TIME),
        sa.PrimaryKeyConstraint("side", name=op.f("pk_hearing")),
    )


def create_pulse() -> None:
    """Create the table pulse."""
    op.create_table(
        "pulse",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("active_at", TIME),
        sa.Column("heard_at", TIME),
        sa.Column("doubted_at", TIME),
        sa.Column("lag_seconds", sa.Integer()),
        sa.PrimaryKeyConstraint("org_id", "tenant_id", name=op.f("pk_pulse")),
        _organisation("pulse"),
    )


def create_zoho_channel() -> None:
    """Create the table zoho_channel."""
    op.create_table(
        "zoho_channel",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(20), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("renew_at", TIME, nullable=False),
        sa.Column("made_at", TIME),
        sa.Column("last_heard_at", TIME),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("reason_key", sa.String(80)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zoho_channel")),
        sa.UniqueConstraint("org_id", "module", name=op.f("uq_zoho_channel_org_id_module")),
        sa.UniqueConstraint("channel_id", name=op.f("uq_zoho_channel_channel_id")),
        _organisation("zoho_channel"),
    )
    op.create_index(op.f("ix_zoho_channel_renew_at"), "zoho_channel", ["renew_at"])


def create_usage() -> None:
    """Create the table usage."""
    op.create_table(
        "usage",
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "side", "day", name=op.f("pk_usage")),
        _organisation("usage"),
    )


def _organisation(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["org_id"], ["organisation.id"], name=op.f(f"fk_{table}_org_id"), ondelete="CASCADE"
    )
