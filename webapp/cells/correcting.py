"""What a person knows better than the machine: put into the history, with who and why; and taken back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from webapp import journal, ledger
from webapp.cells.holding import state_named
from webapp.cells.lost_time.explaining import check_past, locked_cell
from webapp.cells.models import Cell, Correction
from webapp.cells.restatements import record_restatement
from webapp.cells.restating import restated
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, iso
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.lib.window import Window

#: Spans of what was there before that are kept with a correction; over more it cannot be taken back.
MOST_KEPT = 500
Kept = list[list[str | int]]  # [state, start, end], epoch seconds


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
        change.was = _what_was(cell, window)
        db.session.add(change)
        _say(cell, window, [[state, epoch(window.start), epoch(window.end)]], by, why, now)
        journal.record("corrected history", f"cell:{cell_id}", by, now, **_span(window), state=state, why=why)
    return change


def take_correction_back(correction_id: int, by: str, now: datetime) -> Correction:
    """What was there before stands again: as a person's word, since what the feed said meanwhile is not kept."""
    change = one_correction(correction_id)
    with transaction():
        cell = locked_cell(change.cell_id)
        change = one_correction(correction_id)
        was = _restorable(change)
        window = Window(change.start, change.end)
        change.taken_back_at, change.taken_back_by = now, by
        _say(cell, window, was, by, f"Taken back: {change.why}", now)
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


def _say(cell: Cell, window: Window, spans: Kept, by: str, why: str, now: datetime) -> None:
    """Into the ledger as a person's word, and every figure that rests on it is told."""
    said = [(int(start), int(end), state_named(str(state))) for state, start, end in spans]
    ledger.fill(cell.book_id, cell.id, said, ledger.Source.PERSON)
    restated(cell.book_id, cell.id, epoch(window.start), epoch(window.end))
    record_restatement("correction", window.start, window.end, by, why, now, cell_id=cell.id)
    touch("floor", "board", f"cell:{cell.id}")


def _what_was(cell: Cell, window: Window) -> Kept | None:
    """Only what has been asserted: of what lies beyond, the next tick speaks, and nobody took that away."""
    told = ledger.newest(cell.book_id)
    end = epoch(window.end) if told is None else min(epoch(window.end), told)
    if end <= epoch(window.start):
        return []
    spans = ledger.spans(cell.id, epoch(window.start), end)
    return [[str(span.state), span.start, span.end] for span in spans] if len(spans) <= MOST_KEPT else None


def _restorable(change: Correction) -> Kept:
    if change.taken_back_at:
        raise WrongState(f"{change.taken_back_by} took it back already")
    if change.was is None:
        raise WrongState("What was there before is too long to have been kept: correct the parts instead")
    if later := _later(change):
        raise WrongState(f"A later correction by {later.by} covers some of this time: take that one back first")
    return change.was


def _later(change: Correction) -> Correction | None:
    touching = (Correction.start < change.end, Correction.end > change.start, Correction.taken_back_at.is_(None))
    query = select(Correction).where(Correction.cell_id == change.cell_id, Correction.id > change.id, *touching)
    return db.session.scalar(query.order_by(Correction.id.desc()).limit(1))


def _span(window: Window) -> dict[str, str | None]:
    return {"start": iso(window.start), "end": iso(window.end)}
