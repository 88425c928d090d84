"""Imports of state history"""

import sqlalchemy as sa
from alembic import op

revision = "f608192c5d54"
down_revision = "e5f7192b4c43"
branch_labels = None
depends_on = None

STATUSES = ("offered", "waiting", "reading", "writing", "done", "refused", "cancelled")


def upgrade() -> None:
    op.create_table(
        "state_imports",
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("turn_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("good", sa.BigInteger(), nullable=False),
        sa.Column("spare", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("cells_done", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_state_imports")),
    )
    with op.batch_alter_table("state_imports", schema=None) as batch_op:
        batch_op.create_index("ix_state_imports_status", ["status"], unique=False)

    op.create_table(
        "import_results",
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["state_imports.id"], name=op.f("fk_import_results_import_id_state_imports")
        ),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("fk_import_results_cell_id_cells")),
        sa.PrimaryKeyConstraint("import_id", "cell_id", name=op.f("pk_import_results")),
    )
    op.create_table(
        "imported_rows",
        sa.Column("cell_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "source",
            sa.Enum("feed", "person", name="source", native_enum=False, create_constraint=True, length=10),
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("fk_imported_rows_cell_id_cells")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["state_imports.id"], name=op.f("fk_imported_rows_import_id_state_imports")
        ),
        sa.PrimaryKeyConstraint(
            "cell_id", "kind", "source", "at", "key", "value", "until", name=op.f("pk_imported_rows")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("imported_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_rows_import_id"), ["import_id"], unique=False)


def downgrade() -> None:
    for table in ("imported_rows", "import_results", "state_imports"):
        op.drop_table(table)
