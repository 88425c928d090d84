"""Utilization of every cell over a window: the ledger's seconds, cut and counted as utilization.py says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp import ledger
from webapp.cells.models import Cell
from webapp.cells.utilization import Account, Figures, figures, pooled
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


@dataclass(frozen=True)
class CellReport:
    """One cell's account over the window, with the part of it in which it was in service."""

    cell: Cell
    window: Window | None  # None: all of it lies in the future
    account: Account
    figures: Figures


@dataclass(frozen=True)
class Report:
    """window: as asked for; cut: up to now (None where it has not begun); basis: what S is."""

    window: Window
    cut: Window | None
    computed_at: datetime
    cells: list[CellReport]
    account: Account
    figures: Figures
    basis: str = "calendar"


@dataclass(frozen=True)
class Bucket:
    """One stretch of a chart: the pooled account of the cells asked for, and each cell's own."""

    window: Window
    account: Account
    by_cell: dict[int, Account]


def utilization_report(window: Window, now: datetime, cell_ids: Collection[int] | None = None) -> Report:
    """Every cell in service within the window, those at 0 too; cell_ids: only these."""
    cut = window.cut(None, now)
    cells = in_service(window, cell_ids)
    parts = {cell.id: (cut or window).cut(cell.in_service_from, cell.in_service_to) if cut else None for cell in cells}
    seconds = {part: ledger.window(epoch(part.start), epoch(part.end)) for part in {p for p in parts.values() if p}}
    reports = []
    for cell in cells:
        part = parts[cell.id]
        account = _account(seconds[part].get(cell.id), part.seconds) if part else Account()
        reports.append(CellReport(cell, part, account, figures(account)))
    total = pooled(report.account for report in reports)
    return Report(window, cut, now, reports, total, figures(total))


def utilization_buckets(
    edges: Sequence[datetime], now: datetime, cell_ids: Collection[int] | None = None
) -> list[Bucket]:
    """The same accounts for each stretch between neighbouring edges, for charts. Cut at now: the future is left out."""
    marks = [epoch(edge) for edge in edges if edge < now]
    if not marks:
        return []
    marks.append(min(epoch(now), epoch(edges[-1])))
    marks = sorted(set(marks))
    whole = Window(edges[0], edges[-1])
    cells = in_service(whole, cell_ids)
    return [
        _bucket(Window(moment(start), moment(end)), seconds, cells)
        for start, end, seconds in zip(marks, marks[1:], ledger.windows(marks), strict=False)
    ]


def in_service(window: Window, cell_ids: Collection[int] | None = None) -> list[Cell]:
    """Cells in service for some of the window, by name."""
    query = select(Cell).where(Cell.in_service_from < window.end).order_by(Cell.name)
    cells = db.session.scalars(query.where((Cell.in_service_to.is_(None)) | (Cell.in_service_to > window.start)))
    return [cell for cell in cells if cell_ids is None or cell.id in cell_ids]


def _bucket(window: Window, seconds: dict[int, ledger.Seconds], cells: list[Cell]) -> Bucket:
    by_cell, length = {}, window.seconds
    for cell in cells:
        if _in_service_throughout(cell, window):
            by_cell[cell.id] = _account(seconds.get(cell.id), length)
        elif part := window.cut(cell.in_service_from, cell.in_service_to):
            own = ledger.window(epoch(part.start), epoch(part.end))
            by_cell[cell.id] = _account(own.get(cell.id), part.seconds)
    return Bucket(window, pooled(by_cell.values()), by_cell)


def _in_service_throughout(cell: Cell, window: Window) -> bool:
    return cell.in_service_from <= window.start and (cell.in_service_to is None or cell.in_service_to >= window.end)


def _account(seconds: ledger.Seconds | None, length: int) -> Account:
    """No calendar: all of the window is scheduled. A cell the ledger does not know said nothing: all unknown."""
    if seconds is None:
        return Account(window=length, scheduled=length, unknown=length)
    return Account(
        window=length,
        scheduled=length,
        running=seconds.running,
        setup=seconds.setup,
        idle=seconds.idle,
        maintenance=seconds.maintenance,
        down=seconds.down,
        unknown=length - seconds.running - seconds.setup - seconds.idle - seconds.maintenance - seconds.down,
    )
