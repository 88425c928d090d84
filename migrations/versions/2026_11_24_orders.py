"""Work orders and their operations"""

import sqlalchemy as sa
from alembic import op

revision = "6d7e8093c4cb"
down_revision = "5c6d7f82b3ba"
branch_labels = None
depends_on = None

ORDER = ("planned", "running", "held", "done", "cancelled")
OPERATION = ("planned", "waiting", "running", "done", "failed", "cancelled")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "work_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("qty", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*ORDER, name="status", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("hold_reason", sa.String(length=300), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", AT, nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.Column("started_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status <> 'held' OR hold_reason <> ''", name="ck_work_orders_held_says_why"),
        sa.CheckConstraint("qty > 0", name="ck_work_orders_some_are_wanted"),
        sa.PrimaryKeyConstraint("id", name="pk_work_orders"),
        sa.UniqueConstraint("ref", name="uq_work_orders_ref"),
    )
    op.create_index("ix_work_orders_status_due", "work_orders", ["status", "due_at"])
    op.create_table(
        "operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("required_kind", sa.String(length=60), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=True),
        sa.Column("starts", AT, nullable=True),
        sa.Column("ends", AT, nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*OPERATION, name="status", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("waiting_code", sa.String(length=30), nullable=True),
        sa.Column("waiting_message", sa.String(length=300), nullable=True),
        sa.Column("started_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("started_by", sa.String(length=80), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=True),
        sa.Column("qty_done", sa.Integer(), nullable=True),
        sa.Column("qty_rejected", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("starts < ends", name="ck_operations_starts_before_it_ends"),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="ck_operations_a_slot_has_both_ends"),
        sa.CheckConstraint("starts IS NULL OR cell_id IS NOT NULL", name="ck_operations_a_slot_lies_on_a_machine"),
        sa.CheckConstraint(
            "status <> 'waiting' OR waiting_code IS NOT NULL", name="ck_operations_reason_while_waiting"
        ),
        sa.CheckConstraint("seconds > 0", name="ck_operations_takes_time"),
        sa.ForeignKeyConstraint(["order_id"], ["work_orders.id"], name="fk_operations_order_id_work_orders"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_operations_cell_id_cells"),
        sa.ForeignKeyConstraint(["claim_id"], ["claims.id"], name="fk_operations_claim_id_claims"),
        sa.PrimaryKeyConstraint("id", name="pk_operations"),
        sa.UniqueConstraint("order_id", "idx", name="uq_operations_order_id_idx"),
        sa.UniqueConstraint("ref", name="uq_operations_ref"),
    )
    op.create_index("ix_operations_order_id", "operations", ["order_id"])
    op.create_index("ix_operations_cell_starts", "operations", ["cell_id", "starts"])
    op.create_index("ix_operations_status", "operations", ["status"])
    op.create_index("ix_operations_cell_started", "operations", ["cell_id", "started_at"])


def downgrade() -> None:
    op.drop_table("operations")
    op.drop_table("work_orders")
