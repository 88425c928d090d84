"""Looking cells and sites up."""

from datetime import datetime

from sqlalchemy import select

from webapp.cells.models import Cell, Site
from webapp.extensions import db
from webapp.lib.refusal import NotFound


def all_cells(retired: bool = False) -> list[Cell]:
    """Every cell, by name; retired: those out of service as well."""
    query = select(Cell).order_by(Cell.name)
    return list(db.session.scalars(query if retired else query.where(Cell.in_service_to.is_(None))))


def one(cell_id: int) -> Cell:
    """Raises NotFound."""
    cell = db.session.get(Cell, cell_id) if 0 < cell_id < 2**31 else None
    if cell is None:
        raise NotFound(f"There is no cell {cell_id}")
    return cell


def by_name(name: str) -> Cell | None:
    return db.session.scalar(select(Cell).where(Cell.name == name))


def in_service_at(at: datetime) -> list[Cell]:
    """The cells to be watched then, by id."""
    begun = select(Cell).where(Cell.in_service_from <= at).order_by(Cell.id)
    return list(db.session.scalars(begun.where(Cell.in_service_to.is_(None) | (Cell.in_service_to > at))))


def sites() -> list[Site]:
    """By id: the first one is the factory's own clock."""
    return list(db.session.scalars(select(Site).order_by(Site.id)))


def one_site(site_id: int) -> Site:
    """Raises NotFound."""
    site = db.session.get(Site, site_id) if 0 < site_id < 2**31 else None
    if site is None:
        raise NotFound(f"There is no site {site_id}")
    return site
