"""Time booked ahead on cells, and the lanes it lies on"""

import sqlalchemy as sa
from alembic import op

revision = "5c6d7f82b3ba"
down_revision = "4b5c6e71a2a9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("operation", "maintenance", name="kind", native_enum=False, create_constraint=True, length=12),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts < ends", name="ck_bookings_starts_before_it_ends"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_bookings_cell_id_cells"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
        sa.UniqueConstraint("what", name="uq_bookings_what"),
    )
    op.create_index("ix_bookings_cell_starts", "bookings", ["cell_id", "starts"])
    op.create_index("ix_bookings_ends", "bookings", ["ends"])
    op.create_table(
        "lanes",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_lanes_cell_id_cells"),
        sa.PrimaryKeyConstraint("cell_id", name="pk_lanes"),
    )


def downgrade() -> None:
    op.drop_table("lanes")
    op.drop_table("bookings")
