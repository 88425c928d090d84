"""Files of orders on their way in"""

revision = "90a1b3c6f7fe"
down_revision = "8f90a2b5e6ed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
