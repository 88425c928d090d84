"""Issues, their photos and their steps"""

revision = "8f90a2b5e6ed"
down_revision = "7e8f91a4d5dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
