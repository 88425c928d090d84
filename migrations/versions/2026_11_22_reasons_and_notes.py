"""Reasons, notes on intervals, restated figures"""

import sqlalchemy as sa
from alembic import op

revision = "e5f7192b4c43"
down_revision = "d4e6081a3b32"
branch_labels = None
depends_on = None

UNCOUNTED = sa.text("counted = false")
GOING_ON = sa.text("going_on")


def upgrade() -> None:
    op.create_table(
        "reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("in_use", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reasons"),
        sa.UniqueConstraint("name", name="uq_reasons_name"),
    )
    op.create_table(
        "interval_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=200), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("going_on", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("stale", sa.Integer(), nullable=False),
        sa.Column("idle", sa.Integer(), nullable=False),
        sa.Column("setup", sa.Integer(), nullable=False),
        sa.Column("down", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_interval_notes_cell_id_cells"),
        sa.ForeignKeyConstraint(["reason_id"], ["reasons.id"], name="fk_interval_notes_reason_id_reasons"),
        sa.PrimaryKeyConstraint("id", name="pk_interval_notes"),
        sa.UniqueConstraint("cell_id", "start", name="uq_interval_notes_cell_id_start"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_interval_notes_uncounted",
        "interval_notes",
        ["cell_id"],
        sqlite_where=UNCOUNTED,
        postgresql_where=UNCOUNTED,
    )
    op.create_index(
        "ix_interval_notes_going_on", "interval_notes", ["cell_id"], sqlite_where=GOING_ON, postgresql_where=GOING_ON
    )
    op.create_table(
        "restatements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "correction",
                "calendar",
                "import",
                "late",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("cell_id", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_restatements_cell_id_cells"),
        sa.PrimaryKeyConstraint("id", name="pk_restatements"),
    )
    op.create_index("ix_restatements_cell_id", "restatements", ["cell_id"])
    op.create_index("ix_restatements_end", "restatements", ["end"])
    with op.batch_alter_table("corrections") as batch_op:
        batch_op.add_column(sa.Column("was", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("taken_back_by", sa.String(length=80), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("corrections") as batch_op:
        batch_op.drop_column("taken_back_by")
        batch_op.drop_column("taken_back_at")
        batch_op.drop_column("was")
    op.drop_table("restatements")
    op.drop_table("interval_notes")
    op.drop_table("reasons")
