"""Links between records, what is known of them, and writes under way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

TABLES = ("intent", "link", "natural_key", "snapshot")


def upgrade() -> None:
    """Create the tables, those that others point to first."""
    create_intent()
    create_link()
    create_natural_key()
    create_snapshot()


def downgrade() -> None:
    """Drop the tables again."""
    for name in reversed(TABLES):
        op.drop_table(name)


def create_intent() -> None:
    """Create the table intent."""
    op.create_table(
        "intent",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("operation", sa.String(16), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("elements", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_intent_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intent")),
        sa.UniqueConstraint("key", name=op.f("uq_intent_key")),
    )
    op.create_index(op.f("ix_intent_org_id"), "intent", ["org_id"])


def create_link() -> None:
    """Create the table link."""
    op.create_table(
        "link",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.Column("zoho_id", sa.String(40)),
        sa.Column("xero_id", sa.String(64)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("label", sa.String(300), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(16), nullable=False),
        sa.Column("by", sa.String(255)),
        sa.Column("direction", sa.String(8), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.String(32)),
        sa.Column("request_id", sa.String(32)),
        sa.Column("message_key", sa.String(80)),
        sa.Column("message_params", sa.JSON(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("base_zoho", sa.JSON()),
        sa.Column("base_xero", sa.JSON()),
        sa.Column("zoho_version", sa.String(40)),
        sa.Column("zoho_seen_at", sa.DateTime(timezone=True)),
        sa.Column("xero_version", sa.String(40)),
        sa.Column("face", sa.JSON(), nullable=False),
        sa.Column("conflict", sa.JSON()),
        sa.Column("candidates", sa.JSON()),
        sa.Column("waiting_for", sa.String(32)),
        sa.Column("task_id", sa.String(40)),
        sa.Column("agreed_at", sa.DateTime(timezone=True)),
        sa.Column("checked_at", sa.DateTime(timezone=True)),
        sa.Column("last_sync_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_link_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    op.create_index(
        op.f("ix_link_queue"), "link", ["org_id", "tenant_id", "pending", "priority", "not_before"]
    )
    op.create_index(op.f("ix_link_run"), "link", ["run_id"])
    op.create_index(op.f("ix_link_waiting_for"), "link", ["waiting_for"])
    op.create_index(op.f("ix_link_state"), "link", ["org_id", "tenant_id", "module", "state"])
    op.create_index(op.f("ix_link_xero"), "link", ["org_id", "tenant_id", "module", "xero_id"])
    op.create_index(op.f("ix_link_zoho"), "link", ["org_id", "tenant_id", "module", "zoho_id"])


def create_natural_key() -> None:
    """Create the table natural_key."""
    op.create_table(
        "natural_key",
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("value", sa.String(300), nullable=False),
        sa.Column("org_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(64), nullable=False),
        sa.Column("module", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_natural_key_link_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_natural_key_org_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "side", "kind", name=op.f("pk_natural_key")),
    )
    op.create_index(
        op.f("ix_natural_key_value"),
        "natural_key",
        ["org_id", "tenant_id", "module", "side", "kind", "value"],
    )


def create_snapshot() -> None:
    """Create the table snapshot."""
    op.create_table(
        "snapshot",
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("side", sa.String(4), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["link.id"], name=op.f("fk_snapshot_link_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_id", "side", name=op.f("pk_snapshot")),
    )
