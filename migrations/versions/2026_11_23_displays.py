"""Screens on the wall, and the codes that pair them"""

revision = "3a4b5d609198"
down_revision = "293a4c5f8087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
