"""Where each cell stands in the hall"""

import sqlalchemy as sa
from alembic import op

revision = "293a4c5f8087"
down_revision = "18293b4e7f76"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cell_places",
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name="fk_cell_places_cell_id_cells"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_cell_places_site_id_sites"),
        sa.PrimaryKeyConstraint("cell_id", name="pk_cell_places"),
        sa.UniqueConstraint("site_id", "row", "column", name="uq_cell_places_site_id_row_column"),
    )
    op.create_table(
        "plan_marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bay", "across", "along", name="kind", native_enum=False, create_constraint=True, length=8),
            nullable=False,
        ),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_plan_marks_site_id_sites"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_marks"),
        sa.UniqueConstraint("site_id", "kind", "row", "column", name="uq_plan_marks_site_id_kind_row_column"),
    )


def downgrade() -> None:
    op.drop_table("plan_marks")
    op.drop_table("cell_places")
