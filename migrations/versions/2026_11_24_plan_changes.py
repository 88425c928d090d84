"""Changes of the plan, to be taken back"""

revision = "b2c3d5e81910"
down_revision = "a1b2c4d7080f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
