"""Files of orders on their way in"""

import sqlalchemy as sa
from alembic import op

revision = "90a1b3c6f7fe"
down_revision = "8f90a2b5e6ed"
branch_labels = None
depends_on = None

STATUSES = ("offered", "waiting", "reading", "writing", "done", "refused", "cancelled")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "order_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("begun_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("turn_until", AT, nullable=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("lines", "good", "spare", "refused", "orders", "orders_done")
        ),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.JSON(), nullable=False),
        sa.Column("problem", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_imports"),
    )
    op.create_index("ix_order_imports_status", "order_imports", ["status"])
    op.create_table(
        "imported_orders",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_orders.id"], name="fk_imported_orders_order_id_work_orders", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["import_id"], ["order_imports.id"], name="fk_imported_orders_import_id_order_imports"),
        sa.PrimaryKeyConstraint("order_id", name="pk_imported_orders"),
    )
    op.create_index("ix_imported_orders_import_id", "imported_orders", ["import_id"])
    op.create_table(
        "imported_operations",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=70), nullable=False),
        sa.Column("operation_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["work_orders.id"], name="fk_imported_operations_order_id_work_orders", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["operation_id"],
            ["operations.id"],
            name="fk_imported_operations_operation_id_operations",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("order_id", "key", name="pk_imported_operations"),
    )
    op.create_index("ix_imported_operations_operation_id", "imported_operations", ["operation_id"])


def downgrade() -> None:
    for table in ("imported_operations", "imported_orders", "order_imports"):
        op.drop_table(table)
