"""What need not be kept of imports: the files. What they said of orders stays, so that none is told twice."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from webapp.extensions import db
from webapp.orders.imports.models import UNDER_WAY, OrderImport
from webapp.orders.imports.offering import folder_of


def forget_imports(now: datetime, folder: Path, keep: timedelta = timedelta(days=90)) -> None:
    """Files of imports nobody began or ended long ago."""
    old = select(OrderImport.id).where(OrderImport.created_at < now - keep, OrderImport.status.not_in(UNDER_WAY))
    for import_id in list(db.session.scalars(old)):
        shutil.rmtree(folder_of(import_id, folder), ignore_errors=True)
