"""Plans proposed by the planner"""

revision = "a1b2c4d7080f"
down_revision = "90a1b3c6f7fe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
