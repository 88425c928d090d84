"""Why a cell stood, as people say it: given, split in two, taken back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from webapp import journal, ledger
from webapp.cells.lost_time.keeping import one_reason, reasons
from webapp.cells.lost_time.models import LOSING, IntervalNote, Reason
from webapp.cells.models import Cell
from webapp.cells.places import one
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.lib.window import Window

#: What a note remembers of those it covered.
MOST_REPLACED = 50


class Unfit(WrongState):
    """The reason does not go with what the cell did then; details: states (what it was), fits (reasons that do)."""


def give_reason(
    cell_id: int, window: Window, reason_id: int, by: str, now: datetime, comment: str = "", goes_on: bool = False
) -> IntervalNote:
    """Say why the cell lost this time. What was said of it before gives way, to the second.

    goes_on: the stop lasts still, and the reason is good to its end.
    """
    _check_comment(comment)
    with transaction():
        cell = locked_cell(cell_id)
        return _explain(cell, window, reason_id, by, now, comment, goes_on)


def split_interval(
    cell_id: int,
    window: Window,
    at: datetime,
    before: int | None,
    after: int | None,
    by: str,
    now: datetime,
    goes_on: bool = False,
) -> list[IntervalNote]:
    """A reason for the part before `at` and one for the part after it; None leaves that part as it is."""
    if not window.start < at < window.end:
        raise Invalid(at="must lie inside the interval")
    if before is None and after is None:
        raise Invalid(before="must be chosen for at least one of the two parts")
    parts = [(Window(window.start, at), before, False), (Window(at, window.end), after, goes_on)]
    with transaction():
        cell = locked_cell(cell_id)
        return [_explain(cell, part, reason, by, now, "", going) for part, reason, going in parts if reason is not None]


def take_reason_back(note_id: int, by: str, now: datetime) -> int:
    """As if it had never been said: what it covered stands again. Answers with the cell's id."""
    note = one_note(note_id)
    with transaction():
        cell = locked_cell(note.cell_id)
        note = one_note(note_id)
        check_still_known(cell, Window(note.start, note.end))
        cell_id, window, replaced = note.cell_id, Window(note.start, note.end), note.replaced
        journal.record("took a reason back", f"cell:{cell_id}", by, now, reason=note.reason.name, **_span(window))
        db.session.delete(note)
        db.session.flush()
        db.session.add_all(_restored(cell_id, window, replaced))
    return cell_id


def one_note(note_id: int) -> IntervalNote:
    """Raises NotFound."""
    note = db.session.get(IntervalNote, note_id) if 0 < note_id < 2**31 else None
    if note is None:
        raise NotFound("There is no such reason any more: it was taken back or another was given")
    return note


def notes(cell_ids: Collection[int], window: Window) -> list[IntervalNote]:
    """Those that touch the window, by cell and time."""
    touching = (IntervalNote.start < window.end, IntervalNote.end > window.start)
    query = select(IntervalNote).where(IntervalNote.cell_id.in_(cell_ids), *touching)
    return list(db.session.scalars(query.order_by(IntervalNote.cell_id, IntervalNote.start)))


def locked_cell(cell_id: int) -> Cell:
    """Of two who speak of one cell's past the second sees what the first said. Raises NotFound."""
    cell = one(cell_id)
    db.session.execute(select(Cell.id).where(Cell.id == cell_id).with_for_update(key_share=True))
    return cell


def check_past(cell: Cell, window: Window, now: datetime) -> None:
    if window.cut(cell.in_service_from, min(cell.in_service_to or now, now)) != window:
        raise Invalid(window="must lie in the past, within the time the cell was in service")
    first = known_exactly_from(cell)
    if window.start < first:
        raise Invalid(start=f"must be {iso(first)} or later: of the time before only whole days are known")


def check_still_known(cell: Cell, window: Window) -> None:
    """What was said while its seconds were known cannot be unsaid once only days are: their sums stay as they are."""
    first = known_exactly_from(cell)
    if window.start < first:
        raise WrongState(f"Of the time before {iso(first)} only whole days are known: nothing said of it is taken back")


def known_exactly_from(cell: Cell) -> datetime:
    """From then on its history is kept to the second and can be told otherwise."""
    return moment(ledger.exact_from(cell.book_id).own)


def _explain(
    cell: Cell, window: Window, reason_id: int, by: str, now: datetime, comment: str, goes_on: bool
) -> IntervalNote:
    check_past(cell, window, now)
    reason = one_reason(reason_id)
    _check_fit(cell, window, reason)
    covered = notes([cell.id], window)
    if same := _same(covered, window, reason_id, comment.strip()):
        return same
    replaced = _make_room(covered, window)
    note = IntervalNote(
        cell_id=cell.id,
        start=window.start,
        end=window.end,
        reason=reason,
        comment=comment.strip(),
        by=by,
        at=now,
        going_on=goes_on,
        replaced=replaced[:MOST_REPLACED],
    )
    db.session.add(note)
    about = {"reason": reason.name, "comment": note.comment, **_span(window)}
    journal.record("gave a reason", f"cell:{cell.id}", by, now, **about)
    db.session.flush()
    return note


def _same(covered: list[IntervalNote], window: Window, reason_id: int, comment: str) -> IntervalNote | None:
    """A button pressed twice says it once."""
    said = [note for note in covered if note.start == window.start and note.end >= window.end]
    return next((note for note in said if (note.reason_id, note.comment) == (reason_id, comment)), None)


def _check_comment(comment: str) -> None:
    if len(comment) > 200 or (comment and not comment.isprintable()):
        raise Invalid(comment="must be up to 200 characters on one line")


def _check_fit(cell: Cell, window: Window, reason: Reason) -> None:
    spans = ledger.spans(cell.id, epoch(window.start), epoch(window.end))
    was = list(dict.fromkeys(str(span.state) for span in spans))
    lost = [state for state in was if state in LOSING]
    if reason.in_use and set(lost) & set(reason.states):
        return
    fits = [one.name for one in reasons() if set(lost) & set(one.states)]
    told = f"{cell.name} was {' and '.join(was)} then"
    if not lost:
        raise Unfit(f"{told}: no time was lost that wants a reason", states=was, fits=fits)
    why = f"“{reason.name}” explains {' or '.join(reason.states)}" if reason.in_use else f"“{reason.name}” is retired"
    raise Unfit(f"{told}; {why}. What fits: {', '.join(fits) or 'nothing yet'}", states=was, fits=fits)


def _make_room(covered: list[IntervalNote], window: Window) -> list[list[object]]:
    """Trim or remove what these notes say of this window; answers with what was covered."""
    replaced: list[list[object]] = []
    for note in covered:
        low, high = max(note.start, window.start), min(note.end, window.end)
        replaced.append([epoch(low), epoch(high), note.reason_id, note.comment, note.by, epoch(note.at)])
        if note.end > window.end and note.start < window.start:
            db.session.add(_rest_of(note, window.end))
        _trim(note, window)
    if covered:
        db.session.flush()
    return replaced


def _trim(note: IntervalNote, window: Window) -> None:
    if note.start < window.start:
        note.end, note.going_on, note.counted = window.start, False, False
    elif note.end > window.end:
        note.start, note.counted = window.end, False
    else:
        db.session.delete(note)


def _rest_of(note: IntervalNote, start: datetime) -> IntervalNote:
    """What lies behind a part that was taken out of its middle."""
    said = {"reason_id": note.reason_id, "comment": note.comment, "by": note.by, "at": note.at}
    return IntervalNote(cell_id=note.cell_id, start=start, end=note.end, going_on=note.going_on, **said)


def _restored(cell_id: int, window: Window, replaced: list[list[object]]) -> list[IntervalNote]:
    """As far as the note still held the time: what was said of it since then stays."""
    found = []
    for start, end, reason_id, comment, by, at in replaced:
        part = Window(moment(int(str(start))), moment(int(str(end)))).cut(window.start, window.end)
        if part:
            said = {"reason_id": reason_id, "comment": comment, "by": by, "at": moment(int(str(at)))}
            found.append(IntervalNote(cell_id=cell_id, start=part.start, end=part.end, **said))
    return found


def _span(window: Window) -> dict[str, str | None]:
    return {"start": iso(window.start), "end": iso(window.end)}
