"""Stops that are told, and notices of people"""

import sqlalchemy as sa
from alembic import op

revision = "4b5c6e71a2a9"
down_revision = "3a4b5d609198"
branch_labels = None
depends_on = None

OPEN = sa.text("repaired_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("stop", "call", name="kind", native_enum=False, create_constraint=True, length=8),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("called_by", sa.String(length=80), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=False),
        sa.Column("repaired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_alarms_cell_id_cells"),
        sa.PrimaryKeyConstraint("id", name="pk_alarms"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "one_open_alarm_per_cell",
        "alarms",
        ["cell_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_alarms_cell_detected", "alarms", ["cell_id", "detected_at"])
    op.create_index("ix_alarms_detected", "alarms", ["detected_at"])
    op.create_table(
        "escalations",
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("grace", sa.Integer(), nullable=False),
        sa.Column("second", sa.Integer(), nullable=False),
        sa.Column("third", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_escalations_site_id_sites"),
        sa.PrimaryKeyConstraint("site_id", name="pk_escalations"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "started",
                "finished",
                "failed",
                "late",
                "stop",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=12,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_notices_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("user_id", "key", name="uq_notices_user_id_key"),
    )
    op.create_index("ix_notices_user_at", "notices", ["user_id", "at"])
    op.create_index("ix_notices_about", "notices", ["about"])
    op.create_index("ix_notices_at", "notices", ["at"])
    op.create_table(
        "wishes",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("muted", sa.JSON(), nullable=False),
        sa.Column("browser", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_wishes_user_id_users"),
        sa.PrimaryKeyConstraint("user_id", name="pk_wishes"),
    )


def downgrade() -> None:
    op.drop_table("wishes")
    op.drop_table("notices")
    op.drop_table("escalations")
    op.drop_table("alarms")
