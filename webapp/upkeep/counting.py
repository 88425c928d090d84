"""How long each cell ran since a duty was last done, read from the ledger, and when it will fall due at that."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import bindparam, select, update

from webapp import ledger
from webapp.cells import WORKING, Cell
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, moment, whole
from webapp.upkeep.forecasting import ahead, run_out, share_running
from webapp.upkeep.lanes import Lane, lanes
from webapp.upkeep.models import Duty

#: What a cell did in this time is what it is expected to go on doing.
RECENT = timedelta(days=14)
#: So far ahead calendars and bookings are looked at; beyond, things go on as on the average up to there.
HORIZON = timedelta(days=60)
#: Duties counted at a time, each from its own moment on: one statement of the ledger, however many cells.
AT_ONCE = 200


@dataclass(frozen=True)
class Counted:
    """Of one duty: seconds run and seconds of which nobody knows, from `since`, when it was last done, up to now."""

    id: int
    since: datetime
    run: int
    unseen: int
    due_at: datetime | None


def count_hours(now: datetime) -> None:
    """Read the ledger again for the duties that were counted longest ago, and foresee when they fall due.

    All of it anew each time, never by adding to what was counted: history that was corrected, or came late, is in it.
    """
    found = counted(_longest_ago(), now)
    db.session.rollback()  # what was read lasts no longer than it must
    if not found:
        return
    with transaction():
        keep_counted(found, now)
        touch("maintenance")


def _longest_ago() -> list[Duty]:
    mine = (Duty.every_hours.is_not(None), Duty.retired_at.is_(None), Cell.in_service_to.is_(None))
    query = select(Duty).join(Cell, Cell.id == Duty.cell_id).where(*mine)
    return list(db.session.scalars(query.order_by(Duty.counted_at.nulls_first(), Duty.id).limit(AT_ONCE)))


def counted(duties: Sequence[Duty], now: datetime) -> list[Counted]:
    """Of duties by hours; one statement of the ledger for all of them."""
    if not duties:
        return []
    until = epoch(now)
    begins = {duty.id: min(_begins(duty), until) for duty in duties}
    table = _Sums([*begins.values(), until - int(RECENT.total_seconds())], until)
    coming = lanes({duty.cell_id for duty in duties}, until, until + int(HORIZON.total_seconds()))
    usual = _shares({duty.cell_id: duty.cell for duty in duties}.values(), table, until)
    found = []
    for duty in duties:
        run, unseen = table.since(begins[duty.id], duty.cell_id)
        due_at = foreseen(duty, run, coming[duty.cell_id], usual[duty.cell_id])
        found.append(Counted(duty.id, duty.last_done_at, run, unseen, due_at))
    return found


def _begins(duty: Duty) -> int:
    """Before its cell was in service nothing of it could be seen."""
    return max(epoch(duty.last_done_at), epoch(duty.cell.in_service_from))


def foreseen(duty: Duty, run: int, lane: Lane, share: float) -> datetime | None:
    """When it will have run its hours. Once it has, that moment stays where it was last foreseen, if that is past."""
    left = (duty.every_hours or 0) * 3600 - run
    if left <= 0:
        return min(duty.due_at or moment(lane.start), moment(lane.start))
    pieces = ahead(
        lane.start, lane.end, lane.of_class(WORKING), lane.booked("operation"), lane.booked("maintenance"), share
    )
    second = run_out(left, pieces, lane.start, lane.end)
    return None if second is None else moment(second)


class _Sums:
    """Seconds run and unseen from several moments up to one, of every cell."""

    def __init__(self, moments: Collection[int], until: int) -> None:
        self.edges = sorted({*moments, until})
        table = ledger.seconds(self.edges)
        self.place = {int(cell): n for n, cell in enumerate(table.ids)}
        # From each edge up to the last one: what lies between neighbours, added up from behind.
        self.sums = np.flip(np.cumsum(np.flip(table.seconds, axis=0), axis=0), axis=0)

    def since(self, second: int, cell_id: int) -> tuple[int, int]:
        """(run, unseen)"""
        edge, cell = self.edges.index(second), self.place[cell_id]
        if edge == len(self.sums):
            return 0, 0
        run, unseen = (int(self.sums[edge, state, cell]) for state in (ledger.State.RUNNING, ledger.State.UNKNOWN))
        return run, unseen


def _shares(of: Collection[Cell], table: _Sums, until: int) -> dict[int, float]:
    """How much of its working time each cell ran of late."""
    start = until - int(RECENT.total_seconds())
    past = lanes([cell.id for cell in of], start, until)
    return {cell.id: _share(past[cell.id], *table.since(start, cell.id)) for cell in of}


def _share(past: Lane, run: int, unseen: int) -> float:
    working = sum(end - start for start, end in past.of_class(WORKING))
    return share_running(run, working, past.end - past.start - unseen)


def keep_counted(found: Sequence[Counted], now: datetime) -> None:
    """Unless a duty was done meanwhile: then what was counted is of an interval that is over."""
    table: Any = Duty.__table__
    mine = (table.c.id == bindparam("its_id"), table.c.last_done_at == bindparam("since"))
    rows = [
        {
            "its_id": one.id,
            "since": one.since,
            "run_seconds": one.run,
            "unseen_seconds": one.unseen,
            "due_at": one.due_at,
            "counted_at": whole(now),
        }
        for one in found
    ]
    columns: Any = {name: bindparam(name) for name in _COUNTED}
    db.session.connection().execute(update(table).where(*mine).values(columns), rows)


_COUNTED = ("run_seconds", "unseen_seconds", "due_at", "counted_at")
