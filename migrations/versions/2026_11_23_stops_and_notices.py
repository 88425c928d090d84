"""Stops that are told, and notices of people"""

revision = "4b5c6e71a2a9"
down_revision = "3a4b5d609198"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
