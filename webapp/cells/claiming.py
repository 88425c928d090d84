"""Who holds a cell. The database decides: at most one open claim per cell and per holder, each with a newer fence."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Update, func, select, update
from sqlalchemy.exc import IntegrityError

from webapp.cells.models import Cell, Claim
from webapp.cells.restating import ALL_THAT_FOLLOWS, restated
from webapp.extensions import db, touch
from webapp.lib.clock import epoch, whole


def claim(cell: Cell, what: str, now: datetime) -> Claim | None:
    """Open a claim and return it; None when the cell or the holder already has one, or the cell takes no new work."""
    if not _still_open(cell.id):
        return None
    following = select(func.coalesce(func.max(Claim.fence), 0) + 1).where(Claim.cell_id == cell.id)
    held = Claim(cell_id=cell.id, what=what, opened=whole(now), fence=following.scalar_subquery())
    try:
        with db.session.begin_nested():
            db.session.add(held)
    except IntegrityError:
        return None
    restated(cell.book_id, cell.id, epoch(now), ALL_THAT_FOLLOWS)
    return held


def _still_open(cell_id: int) -> bool:
    """Whether it takes new work, and nobody else is at its row now: then that one gets it, and waiting would not help.

    The lock makes a mode that is being changed wait for this claim: once closing a cell was answered, nothing is
    claimed on it any more. It skips instead of waiting, since of many who want one cell all but one would wait for
    nothing: of 50 projects handed in at once, on PostgreSQL, some took 7 s while they did.
    """
    asked = select(Cell.mode, Cell.in_service_to, Cell.tended_since).where(Cell.id == cell_id)
    found = db.session.execute(asked.with_for_update(key_share=True, skip_locked=True)).first()
    return found is not None and found.mode == "open" and found.in_service_to is None and found.tended_since is None


def release(claim: Claim, now: datetime, why: str, stop_owed: bool = True) -> bool:
    """Let go of a cell; False when it was let go before. stop_owed: the cell has yet to be told to drop the job."""
    closed = max(whole(now), claim.opened)
    let_go = update(Claim).where(Claim.id == claim.id, Claim.closed.is_(None))
    let_go = let_go.values(closed=closed, why=why, stop_owed=stop_owed)
    done = _changed_one(let_go)
    db.session.expire(claim)
    if done:
        book = select(Cell.book_id).where(Cell.id == claim.cell_id)
        restated(db.session.scalars(book).one(), claim.cell_id, epoch(closed), ALL_THAT_FOLLOWS)
        touch(*Claim.live_topics, f"cell:{claim.cell_id}")
    return done


def _changed_one(statement: Update) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount == 1


def keep_away(cell_id: int, until: datetime, why: str) -> None:
    """It refused work: it is not asked again before then."""
    cell = db.session.get_one(Cell, cell_id)
    cell.refused_until = until
    cell.refused_why = why[:200]


def open_claim(what: str) -> Claim | None:
    """What this holder holds now."""
    return db.session.scalar(select(Claim).where(Claim.what == what, Claim.closed.is_(None)))


def claim_on(cell_id: int) -> Claim | None:
    """Who holds this cell now."""
    return db.session.scalar(select(Claim).where(Claim.cell_id == cell_id, Claim.closed.is_(None)))


def open_claims() -> dict[int, Claim]:
    """Every open claim, by cell."""
    return {claim.cell_id: claim for claim in db.session.scalars(select(Claim).where(Claim.closed.is_(None)))}
