"""Duties, windows and requests of maintenance"""

import sqlalchemy as sa
from alembic import op

revision = "7e8f91a4d5dc"
down_revision = "6d7e8093c4cb"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
URGENCIES = ("stands", "soon", "sometime")
ANSWERS = ("planned", "done", "declined")
UNDER_WAY = sa.text("began_at IS NOT NULL AND done_at IS NULL AND cancelled_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("cells") as cells:
        cells.add_column(sa.Column("tended_since", AT, nullable=True))
    _duties()
    _windows()
    _requests()


def _duties() -> None:
    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("every_hours", sa.Integer(), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("stops_work", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("last_done_at", AT, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("retired_at", AT, nullable=True),
        sa.Column("counted_at", AT, nullable=True),
        sa.Column("run_seconds", sa.Integer(), nullable=False),
        sa.Column("unseen_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", AT, nullable=True),
        sa.CheckConstraint("(every_hours IS NULL) <> (every_days IS NULL)", name="ck_duties_by_hours_or_by_days"),
        sa.CheckConstraint("every_hours > 0", name="ck_duties_hours_pass"),
        sa.CheckConstraint("every_days > 0", name="ck_duties_days_pass"),
        sa.CheckConstraint("minutes > 0", name="ck_duties_takes_time"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_duties_cell_id_cells"),
        sa.PrimaryKeyConstraint("id", name="pk_duties"),
    )
    op.create_index("ix_duties_cell", "duties", ["cell_id"])
    op.create_index("ix_duties_counted", "duties", ["counted_at"])


def _windows() -> None:
    op.create_table(
        "upkeep_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts", AT, nullable=False),
        sa.Column("ends", AT, nullable=False),
        sa.Column("planned_by", sa.String(length=80), nullable=False),
        sa.Column("planned_at", AT, nullable=False),
        sa.Column("began_at", AT, nullable=True),
        sa.Column("began_by", sa.String(length=80), nullable=False),
        sa.Column("done_at", AT, nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=False),
        sa.Column("done_note", sa.String(length=500), nullable=False),
        sa.Column("cancelled_at", AT, nullable=True),
        sa.Column("cancelled_by", sa.String(length=80), nullable=False),
        sa.Column("cancel_why", sa.String(length=200), nullable=False),
        sa.CheckConstraint("starts < ends", name="ck_upkeep_windows_starts_before_it_ends"),
        sa.CheckConstraint("done_at IS NULL OR began_at IS NOT NULL", name="ck_upkeep_windows_done_once_begun"),
        sa.CheckConstraint("done_at IS NULL OR cancelled_at IS NULL", name="ck_upkeep_windows_done_or_cancelled"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_upkeep_windows_cell_id_cells"),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name="fk_upkeep_windows_duty_id_duties"),
        sa.PrimaryKeyConstraint("id", name="pk_upkeep_windows"),
    )
    op.create_index(
        "one_upkeep_under_way_per_cell",
        "upkeep_windows",
        ["cell_id"],
        unique=True,
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    op.create_index("ix_upkeep_windows_cell_starts", "upkeep_windows", ["cell_id", "starts"])
    op.create_index("ix_upkeep_windows_done", "upkeep_windows", ["done_at"])
    op.create_index("ix_upkeep_windows_duty_id", "upkeep_windows", ["duty_id"])


def _requests() -> None:
    op.create_table(
        "upkeep_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column(
            "urgency",
            sa.Enum(*URGENCIES, name="urgency", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column(
            "answer",
            sa.Enum(*ANSWERS, name="answer", native_enum=False, create_constraint=True, length=10),
            nullable=True,
        ),
        sa.Column("answered_at", AT, nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=False),
        sa.Column("answer_note", sa.String(length=200), nullable=False),
        sa.Column("window_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL)", name="ck_upkeep_requests_an_answer_says_something"
        ),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_upkeep_requests_cell_id_cells"),
        sa.ForeignKeyConstraint(
            ["window_id"], ["upkeep_windows.id"], name="fk_upkeep_requests_window_id_upkeep_windows"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_upkeep_requests"),
    )
    op.create_index("ix_upkeep_requests_open", "upkeep_requests", ["answered_at", "at"])
    op.create_index("ix_upkeep_requests_cell", "upkeep_requests", ["cell_id"])


def downgrade() -> None:
    op.drop_table("upkeep_requests")
    op.drop_table("upkeep_windows")
    op.drop_table("duties")
    with op.batch_alter_table("cells") as cells:
        cells.drop_column("tended_since")
