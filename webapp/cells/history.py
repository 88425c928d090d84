"""A cell's past: reading it with its reasons, and correcting it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select

from webapp import journal, ledger
from webapp.cells.holding import state_named
from webapp.cells.models import Correction, Reading, Remark
from webapp.cells.places import one
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window

Said = TypeVar("Said", Reading, Remark)


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
    """What a machine said with a state, from a moment on."""

    at: datetime
    state: str
    text: str


def timeline(cell_id: int, window: Window, now: datetime) -> list[Interval]:
    """The intervals behind the figures, oldest first, without gaps, cut at now and to the time in service."""
    cell = one(cell_id)
    part = window.cut(cell.in_service_from, min(cell.in_service_to or now, now))
    if part is None:
        return []
    words, corrections = _words(cell_id, part), _corrections(cell_id, part)
    spans = ledger.spans(cell_id, epoch(part.start), epoch(part.end))
    return [_interval(span, words, corrections) for span in spans]


def _interval(span: ledger.Span, words: Sequence[Word], corrections: Sequence[Correction]) -> Interval:
    state, start, end = span.state.name.lower(), moment(span.start), moment(span.end)
    by_person = span.source == ledger.Source.PERSON
    reason = _changed_because(corrections, start) if by_person else _said(words, state, start, end)
    return Interval(state, start, end, reason, span.source.name.lower())


def _said(words: Sequence[Word], state: str, start: datetime, end: datetime) -> str:
    """What was last said when the interval began, if of this state; else the first words of it within."""
    inside = bisect_right(words, start, key=lambda word: word.at)
    told = [*words[max(inside - 1, 0) : inside], *words[inside:]]
    return next((word.text for word in told if word.state == state and word.at < end and word.text), "")


def _changed_because(corrections: Sequence[Correction], start: datetime) -> str:
    """Of several over one moment the last one made stands."""
    standing = [change for change in corrections if change.start <= start < change.end]
    return f"{standing[-1].why} ({standing[-1].by})" if standing else ""


def _words(cell_id: int, window: Window) -> list[Word]:
    """The machine's words, oldest first: those within the window, and the last ones before it."""
    rows: list[Reading | Remark] = [*_rows(Reading, cell_id, window), *_rows(Remark, cell_id, window)]
    return sorted((Word(row.at, row.state, row.detail) for row in rows), key=lambda word: word.at)


def _rows(kind: type[Said], cell_id: int, window: Window) -> list[Said]:
    before = select(func.max(kind.at)).where(kind.cell_id == cell_id, kind.at <= window.start).scalar_subquery()
    since = func.coalesce(before, window.start)
    query = select(kind).where(kind.cell_id == cell_id, kind.at >= since, kind.at < window.end)
    return list(db.session.scalars(query))


def _corrections(cell_id: int, window: Window) -> list[Correction]:
    """Oldest change first."""
    touching = (Correction.start < window.end, Correction.end > window.start)
    query = select(Correction).where(Correction.cell_id == cell_id, *touching).order_by(Correction.id)
    return list(db.session.scalars(query))


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
