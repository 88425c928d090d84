"""What a person knows better than the machine: put into the history, with who and why; and taken back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp import journal, ledger
from webapp.cells.drivers.push import HEARTBEATS
from webapp.cells.history import Change, changes_of
from webapp.cells.holding import assert_pieces, pieces_in, state_named
from webapp.cells.lost_time.explaining import check_past, check_still_known, locked_cell
from webapp.cells.models import Cell, Correction, Reading
from webapp.cells.restatements import record_restatement
from webapp.cells.restating import restated
from webapp.cells.watching import watched
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, iso
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.lib.window import Window

#: Spans of what was there before that are kept with a correction; over more it cannot be taken back.
MOST_KEPT = 500
Kept = list[list[str | int]]  # [state, start, end, source], epoch seconds


def correct_history(cell_id: int, window: Window, state: str, why: str, by: str, now: datetime) -> Correction:
    """Every such change is logged, and no feed overwrites it."""
    if state not in ledger.STATES:
        raise Invalid(state="must be one of " + ", ".join(ledger.STATES))
    if not why.strip() or len(why) > 200 or not why.isprintable():
        raise Invalid(why="must be said, in up to 200 characters on one line")
    with transaction():
        cell = locked_cell(cell_id)
        check_past(cell, window, now)
        change = Correction(cell_id=cell_id, start=window.start, end=window.end, state=state, by=by, why=why, at=now)
        said = (epoch(window.start), epoch(window.end), state_named(state))
        change.was = _kept(ledger.fill(cell.book_id, cell.id, [said], ledger.Source.PERSON))
        db.session.add(change)
        _tell(cell, window, by, why, now)
        journal.record("corrected history", f"cell:{cell_id}", by, now, **_span(window), state=state, why=why)
    return change


def take_correction_back(correction_id: int, by: str, now: datetime) -> Correction:
    """What was there before stands again, whoever had said it; what came over the correction since then stays."""
    change = one_correction(correction_id)
    with transaction():
        cell = locked_cell(change.cell_id)
        change = one_correction(correction_id)
        window, was = Window(change.start, change.end), _restorable(change)
        check_still_known(cell, window)
        change.taken_back_at, change.taken_back_by = now, by
        ledger.unsay(cell.book_id, cell.id, state_named(change.state), ledger.Source.PERSON, was)
        _hear_again(cell, window, change.at)
        _tell(cell, window, by, f"Taken back: {change.why}", now)
        about = {"state": change.state, "why": change.why, **_span(window)}
        journal.record("took a correction back", f"cell:{cell.id}", by, now, **about)
    return change


def one_correction(correction_id: int) -> Correction:
    """Raises NotFound."""
    change = db.session.get(Correction, correction_id) if 0 < correction_id < 2**31 else None
    if change is None:
        raise NotFound("There is no such correction")
    return change


def corrections(
    cell_ids: Collection[int] | None = None, window: Window | None = None, limit: int = 50
) -> list[Correction]:
    """Newest first, those taken back as well."""
    query = select(Correction).order_by(Correction.id.desc()).limit(limit)
    if cell_ids is not None:
        query = query.where(Correction.cell_id.in_(cell_ids))
    if window is not None:
        query = query.where(Correction.start < window.end, Correction.end > window.start)
    return list(db.session.scalars(query))


def _tell(cell: Cell, window: Window, by: str, why: str, now: datetime) -> None:
    """Every figure that rests on this time reads differently."""
    restated(cell.book_id, cell.id, epoch(window.start), epoch(window.end))
    record_restatement("correction", window.start, window.end, by, why, now, cell_id=cell.id)
    touch("floor", "board", f"cell:{cell.id}")


def _kept(was: list[ledger.Span]) -> Kept | None:
    """Only what was asserted is among it: of what lay beyond, the next tick spoke, and nobody took that away."""
    kept: Kept = [[str(span.state), span.start, span.end, str(span.source)] for span in was]
    return kept if len(kept) <= MOST_KEPT else None


def _spans(kept: Kept) -> Iterable[ledger.Span]:
    """Before sources were kept, what was put back was a person's word: of those pieces it still is."""
    for state, start, end, *source in kept:
        by = ledger.Source[str(source[0]).upper()] if source else ledger.Source.PERSON
        yield ledger.Span(state_named(str(state)), int(start), int(end), by)


def _hear_again(cell: Cell, window: Window, since: datetime) -> None:
    """What the cell pushed while a person's word stood above it: it will not say that twice."""
    ear = watched(cell)
    hold = timedelta(seconds=HEARTBEATS * (ear.heartbeat or 0))
    touching = (Reading.cell_id == cell.id, Reading.at > window.start - hold, Reading.at < window.end)
    came = select(func.min(Reading.at), func.max(Reading.at)).where(*touching, Reading.received_at >= since)
    first, last = db.session.execute(came).one()
    if first is not None and (part := window.cut(first, last + hold)):
        assert_pieces(ear, pieces_in([ear], epoch(part.start), epoch(part.end)).get(cell.id, []))


def _restorable(change: Correction) -> Iterable[ledger.Span]:
    if change.taken_back_at:
        raise WrongState(f"{change.taken_back_by} took it back already")
    if change.was is None:
        raise WrongState("What was there before is too long to have been kept: correct the parts instead")
    if later := _later(change):
        raise WrongState(f"A later correction by {later.by} covers some of this time: take that one back first")
    if file := _brought_in(change):
        raise WrongState(f"A file that {file.by} brought in later covers some of this time: correct the parts instead")
    return _spans(change.was)


def _later(change: Correction) -> Correction | None:
    touching = (Correction.start < change.end, Correction.end > change.start, Correction.taken_back_at.is_(None))
    query = select(Correction).where(Correction.cell_id == change.cell_id, Correction.id > change.id, *touching)
    return db.session.scalar(query.order_by(Correction.id.desc()).limit(1))


def _brought_in(change: Correction) -> Change | None:
    """As what people know: in the ledger such a word may be the very same as the correction's."""
    told = changes_of([change.cell_id], Window(change.start, change.end))[change.cell_id]
    return next((one for one in told if one.at > change.at), None)


def _span(window: Window) -> dict[str, str | None]:
    return {"start": iso(window.start), "end": iso(window.end)}
