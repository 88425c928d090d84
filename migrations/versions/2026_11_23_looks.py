"""When a person last looked at a board"""

revision = "18293b4e7f76"
down_revision = "07192a3d6e65"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
