"""What need not be kept of imports: files, and the rows that tell halves of one file from each other."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select, tuple_

from webapp.cells.imports.models import StateImport
from webapp.cells.imports.models import imported_rows as rows
from webapp.cells.imports.offering import folder_of
from webapp.extensions import db, transaction

AT_ONCE = 2000


def forget_imports(now: datetime, folder: Path, keep: timedelta = timedelta(days=90)) -> None:
    """Files of imports nobody began or ended long ago go, and the rows of long ago: what they told stays history."""
    for job in db.session.scalars(select(StateImport).where(StateImport.created_at < now - keep)):
        if not job.under_way:
            shutil.rmtree(folder_of(job.id, folder), ignore_errors=True)
    _forget_rows(now - keep)


def _forget_rows(before: datetime) -> None:
    """A few at a time, so that nobody waits for it."""
    old = select(StateImport.id).where(StateImport.ended_at < before)
    for import_id in list(db.session.scalars(old)):
        while _forget_some(import_id):
            pass


def _forget_some(import_id: int) -> int:
    key = list(rows.primary_key)
    some = select(*key).where(rows.c.import_id == import_id).limit(AT_ONCE)
    with transaction():
        gone = db.session.execute(delete(rows).where(tuple_(*key).in_(some)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
