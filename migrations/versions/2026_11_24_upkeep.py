"""Duties, windows and requests of maintenance"""

revision = "7e8f91a4d5dc"
down_revision = "6d7e8093c4cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
