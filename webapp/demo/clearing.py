"""The end of a demonstration: an empty database, as before the first start."""

import shutil
from pathlib import Path

from webapp.demo.logins import FILE
from webapp.demo.mark import is_demonstration
from webapp.extensions import Base, db, transaction
from webapp.lib.refusal import WrongState

MACHINES = "virtualfactory"


def clear(data_dir: Path) -> None:
    """Forget everything. Refused where the database is not a demonstration: nobody loses real history."""
    if not is_demonstration():
        raise WrongState("This database is no demonstration; nothing was cleared")
    with transaction():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
    (data_dir / FILE).unlink(missing_ok=True)
    shutil.rmtree(data_dir / MACHINES, ignore_errors=True)
