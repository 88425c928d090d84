"""Which cells a question is about: one place for the filters of pages, reports and files."""

from collections.abc import Collection

from sqlalchemy import select

from webapp.cells.models import Cell
from webapp.extensions import db


def chosen(site_id: int | None = None, kind: str = "", tag: str = "", cell_ids: Collection[int] = ()) -> list[int]:
    """Ids by name of the cells that every filter lets through, retired ones too: figures of the past need them."""
    query = select(Cell.id, Cell.tags).order_by(Cell.name)
    if site_id is not None:
        query = query.where(Cell.site_id == site_id)
    if kind:
        query = query.where(Cell.kind == kind)
    if cell_ids:
        query = query.where(Cell.id.in_(cell_ids))
    return [id for id, tags in db.session.execute(query) if not tag or tag in tags]
