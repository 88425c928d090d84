"""After the past was put back: what was given out meanwhile is not given out again for something else."""

from datetime import datetime

from sqlalchemy import func, select

from webapp.cells.directory import directory_changed
from webapp.cells.models import Cell, Claim
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, whole

#: What such a claim is of: nobody held the cell.
RESTORED = "restored"


def outrun_fences(now: datetime) -> None:
    """Let the next fence of each cell be newer than any it was given after the newest claim we still know.

    A cell refuses a fence older than one it has seen, and takes an order with the number and fence of a job it had for
    that very job. No cell is claimed twice in a second: as many fences as seconds went by are enough to skip.

    And let the past have another mark: what counts its changes will count up to numbers that have been a mark before.
    """
    fence, opened = func.coalesce(func.max(Claim.fence), 0), func.max(Claim.opened)
    newest = select(Cell, fence, opened).outerjoin(Claim, Claim.cell_id == Cell.id).group_by(Cell.id)
    with transaction():
        directory_changed()
        for cell, known, at in db.session.execute(newest).all():
            skipped = max(1, epoch(now) - epoch(at or cell.in_service_from))
            db.session.add(_closed_claim(cell.id, known + skipped, whole(now)))


def _closed_claim(cell_id: int, fence: int, at: datetime) -> Claim:
    return Claim(cell_id=cell_id, what=RESTORED, opened=at, closed=at, fence=fence, why="a backup was restored")
