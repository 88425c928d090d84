"""Issues, their photos and their steps"""

import sqlalchemy as sa
from alembic import op

revision = "8f90a2b5e6ed"
down_revision = "7e8f91a4d5dc"
branch_labels = None
depends_on = None

SEVERITIES = ("stopped", "care", "info")
STEPS = ("reported", "taken", "handed over", "let go", "updated", "closed", "reopened")
OPEN = sa.text("closed_at IS NULL")
AT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _issues()
    _steps()
    _photos()
    op.create_table(
        "issue_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_links_issue_id_issues"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_links"),
        sa.UniqueConstraint("issue_id", "what", name="uq_issue_links_issue_id_what"),
    )
    op.create_index("ix_issue_links_what", "issue_links", ["what"])


def _issues() -> None:
    op.create_table(
        "issues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=True),
        sa.Column(
            "severity",
            sa.Enum(*SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=8),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("reported_by", sa.String(length=80), nullable=False),
        sa.Column("reported_at", AT, nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("taken_at", AT, nullable=True),
        sa.Column("closed_at", AT, nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.Column("done", sa.String(length=1000), nullable=False),
        sa.Column("changed_at", AT, nullable=False),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="ck_issues_closed_by_somebody"),
        sa.CheckConstraint("owner = '' OR taken_at IS NOT NULL", name="ck_issues_owned_since"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_issues_cell_id_cells"),
        sa.PrimaryKeyConstraint("id", name="pk_issues"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_issues_open", "issues", ["cell_id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_issues_cell_reported", "issues", ["cell_id", "reported_at"])
    op.create_index("ix_issues_reported", "issues", ["reported_at"])
    op.create_index("ix_issues_closed", "issues", ["closed_at"])


def _steps() -> None:
    op.create_table(
        "issue_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*STEPS, name="kind", native_enum=False, create_constraint=True, length=12),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_steps_issue_id_issues"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_steps"),
    )
    op.create_index("ix_issue_steps_issue", "issue_steps", ["issue_id", "id"])


def _photos() -> None:
    op.create_table(
        "issue_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issues.id"], name="fk_issue_photos_issue_id_issues"),
        sa.ForeignKeyConstraint(["step_id"], ["issue_steps.id"], name="fk_issue_photos_step_id_issue_steps"),
        sa.PrimaryKeyConstraint("id", name="pk_issue_photos"),
        sa.UniqueConstraint("issue_id", "digest", name="uq_issue_photos_issue_id_digest"),
    )
    op.create_index("ix_issue_photos_step", "issue_photos", ["step_id"])


def downgrade() -> None:
    for table in ("issue_links", "issue_photos", "issue_steps", "issues"):
        op.drop_table(table)
