"""Telling cells what to do, many at once. Never inside a transaction: a cell may take seconds to answer."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from webapp.cells.addresses import Networks
from webapp.cells.drivers import Driver, Job, Line, Told, all_at_once, driver
from webapp.cells.models import Cell, Feed
from webapp.extensions import db

PATIENCE = 3.0  # seconds for the whole of a call
BROKEN = Told("silent", "its answer could not be read")

Order = Callable[[Driver], Awaitable[Told]]


def start_job(cell: Cell, job: Job, networks: Networks) -> Told:
    return start_jobs([(cell, job)], networks)[0]


def start_jobs(orders: Sequence[tuple[Cell, Job]], networks: Networks) -> list[Told]:
    """Hand each cell its job; the answers in the same order."""
    return tell([(cell, partial(_start, job)) for cell, job in orders], networks)


def change_job(cell: Cell, job: Job, networks: Networks) -> Told:
    return change_jobs([(cell, job)], networks)[0]


def change_jobs(orders: Sequence[tuple[Cell, Job]], networks: Networks) -> list[Told]:
    """Offer new x-values of the jobs the cells have; the same fence."""
    return tell([(cell, partial(_change, job)) for cell, job in orders], networks)


def ask_job(cell: Cell, networks: Networks) -> Told:
    return ask_jobs([cell], networks)[0]


def ask_jobs(cells: Sequence[Cell], networks: Networks) -> list[Told]:
    """What each cell has: `taken` means that it answered, with job None where it has nothing."""
    return tell([(cell, lambda to: to.ask()) for cell in cells], networks)


def stop_job(cell: Cell, project_id: int, fence: int, networks: Networks) -> Told:
    """`taken`: the job is gone from the cell, or never was there."""
    return tell([(cell, lambda to: to.stop(project_id, fence))], networks)[0]


def _start(job: Job, to: Driver) -> Awaitable[Told]:
    return to.start(job)


def _change(job: Job, to: Driver) -> Awaitable[Told]:
    return to.change(job)


def tell(orders: Sequence[tuple[Cell, Order]], networks: Networks) -> list[Told]:
    """Give each cell its order, all at once, over its first feed that can be told something."""
    if db.session.info.get("writing"):
        raise RuntimeError("a cell is never told inside a transaction")
    calls = [_call(*_way(cell), order) for cell, order in orders]
    db.session.rollback()  # no connection is held while the network is
    return all_at_once(calls, networks, PATIENCE, BROKEN)


def _way(cell: Cell) -> tuple[str, str]:
    """(kind, address) of the feed that jobs go through."""
    pulled = [feed for feed in cell.feeds if feed.kind == "http"]
    first: Feed | None = next(iter([*pulled, *cell.feeds]), None)
    return (first.kind, first.address) if first else ("push", "")


def _call(kind: str, address: str, order: Order) -> Callable[[Line], Awaitable[Told]]:
    return lambda line: order(driver(kind, address, line))
