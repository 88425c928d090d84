"""A cell's past: reading it with its reasons, and correcting it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from webapp import journal, ledger
from webapp.cells.holding import state_named
from webapp.cells.models import Correction, Reading, Remark
from webapp.cells.places import one
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window


@dataclass(frozen=True)
class Interval:
    """start <= t < end in one state. reason: the machine's words, or why a person changed it; source: none, inferred,
    feed, person."""

    state: str
    start: datetime
    end: datetime
    reason: str
    source: str


@dataclass(frozen=True)
class Word:
    """Something said of a state, from a moment on; until: where that is known."""

    at: datetime
    state: str
    text: str
    until: datetime | None = None


def timeline(cell_id: int, window: Window, now: datetime) -> list[Interval]:
    """The intervals behind the figures, oldest first, without gaps, cut at now and to the time in service."""
    cell = one(cell_id)
    part = window.cut(cell.in_service_from, min(cell.in_service_to or now, now))
    if part is None:
        return []
    said, corrected = _said(cell_id, part), _corrected(cell_id, part)
    spans = ledger.spans(cell_id, epoch(part.start), epoch(part.end))
    return [_interval(span, corrected if span.source == ledger.Source.PERSON else said) for span in spans]


def _interval(span: ledger.Span, words: Sequence[Word]) -> Interval:
    state, start, end = _name(span.state), moment(span.start), moment(span.end)
    return Interval(state, start, end, _reason(words, state, start, end), _name(span.source))


def _name(member: ledger.State | ledger.Source) -> str:
    return member.name.lower()


def _reason(words: Sequence[Word], state: str, start: datetime, end: datetime) -> str:
    """The first words said of this state within the interval; else the last ones before it that still held."""
    first = bisect_right(words, start, key=lambda word: word.at)
    inside = [word.text for word in words[first:] if word.at < end and word.state == state]
    before = [w.text for w in words[:first] if w.state == state and (w.until is None or w.until > start)][-1:]
    return next(iter([*before, *inside]), "")


def _said(cell_id: int, window: Window) -> list[Word]:
    """The machine's words, oldest first: those within the window, and the last ones before it."""
    words: list[Word] = []
    for kind in (Reading, Remark):
        before = select(func.max(kind.at)).where(kind.cell_id == cell_id, kind.at <= window.start).scalar_subquery()
        since = func.coalesce(before, window.start)
        rows = db.session.scalars(select(kind).where(kind.cell_id == cell_id, kind.at >= since, kind.at < window.end))
        words += [Word(row.at, row.state, row.detail) for row in rows]
    return sorted(words, key=lambda word: word.at)


def _corrected(cell_id: int, window: Window) -> list[Word]:
    """What people changed, oldest change first; of several over one interval the last one stands."""
    rows = db.session.scalars(
        select(Correction)
        .where(Correction.cell_id == cell_id, Correction.start < window.end, Correction.end > window.start)
        .order_by(Correction.start, Correction.id)
    )
    return [Word(row.start, row.state, f"{row.why} ({row.by})", row.end) for row in rows]


def correct_history(cell_id: int, window: Window, state: str, why: str, by: str, now: datetime) -> Correction:
    """What a person knows better than the machine; every such change is logged, and no feed overwrites it."""
    if state not in ledger.STATES:
        raise Invalid(state="must be one of " + ", ".join(ledger.STATES))
    if not why.strip() or len(why) > 200 or not why.isprintable():
        raise Invalid(why="must say why, in up to 200 characters on one line")
    with transaction():
        cell = one(cell_id)
        if window.cut(cell.in_service_from, min(cell.in_service_to or now, now)) != window:
            raise Invalid(window="must lie in the past, within the time the cell was in service")
        change = Correction(cell_id=cell_id, start=window.start, end=window.end, state=state, by=by, why=why, at=now)
        db.session.add(change)
        seconds = (epoch(window.start), epoch(window.end))
        ledger.assign(cell.book_id, cell_id, *seconds, state_named(state), ledger.Source.PERSON)
        touch("floor", "board", f"cell:{cell_id}")
        span = {"start": window.start.isoformat(), "end": window.end.isoformat()}
        journal.record("corrected history", f"cell:{cell_id}", by, now, **span, state=state, why=why)
    return change
