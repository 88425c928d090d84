"""A cell's past, with its reasons: what people said of it, else what the machine did."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from sqlalchemy import func, select

from webapp import ledger
from webapp.cells.imports.models import ImportResult, StateImport
from webapp.cells.lost_time.explaining import notes
from webapp.cells.lost_time.models import IntervalNote
from webapp.cells.models import Correction, Reading, Remark
from webapp.cells.places import one
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window

AT_ONCE = timedelta(days=31)  # of one cell: what is read together, however long the window
Said = TypeVar("Said", Reading, Remark)


@dataclass(frozen=True)
class Interval:
    """start <= t < end in one state. source: none, inferred, feed, person.

    reason: what a person said of it, else why a person changed it, else the machine's words, which `said` keeps.
    """

    state: str
    start: datetime
    end: datetime
    reason: str
    source: str
    said: str = ""
    note: IntervalNote | None = None

    def cut(self, start: datetime, end: datetime) -> "Interval":
        return replace(self, start=max(start, self.start), end=min(end, self.end))


@dataclass(frozen=True)
class Word:
    """What a machine said with a state, from a moment on."""

    at: datetime
    state: str
    text: str


@dataclass(frozen=True)
class Change:
    """What a person said of that time, themselves or by a file, and when they did."""

    start: datetime
    end: datetime
    why: str
    by: str
    at: datetime


def timeline(cell_id: int, window: Window, now: datetime) -> list[Interval]:
    """The intervals behind the figures, oldest first, without gaps, cut at now and to the time in service."""
    return list(long_timeline(cell_id, window, now))


def long_timeline(cell_id: int, window: Window, now: datetime, after: datetime | None = None) -> Iterator[Interval]:
    """The same, read as it is asked for: years of it take no more room than a month.

    after: only what comes then, in the words and with the edges that a reader of all of it finds.
    """
    return chain.from_iterable(by_months(cell_id, window, now, after))


def by_months(
    cell_id: int, window: Window, now: datetime, after: datetime | None = None
) -> Iterator[Sequence[Interval]]:
    """The same, as many together as were read together: a month, and the rest of the span that lasts at its end.

    What is said of a span is what was said when it began: were it cut where a reading ends, its rest would be told by
    other words than the whole.
    """
    cell = one(cell_id)
    part = window.cut(cell.in_service_from, min(cell.in_service_to or now, now))
    if part is None or (after and after >= part.end):
        return
    since = max(after, part.start) if after else part.start
    for spans in _together(_spans(cell_id, Window(_begun(cell_id, part, since), part.end))):
        covered = Window(moment(spans[0].start), moment(spans[-1].end))
        words, changes, given = _words(cell_id, covered), _changes(cell_id, covered), notes([cell_id], covered)
        found = intervals_of(spans, words, changes, given)
        yield [interval.cut(since, interval.end) for interval in found if interval.end > since]


def intervals_of(
    spans: Iterable[ledger.Span], words: Sequence[Word], changes: Sequence[Change], given: Sequence[IntervalNote]
) -> Iterator[Interval]:
    """A cell's spans with what was said of them. Pure. words, changes, given (notes): oldest first."""
    for span in spans:
        yield from _explained(_interval(span, words, changes), given)


def _begun(cell_id: int, window: Window, at: datetime) -> datetime:
    """When the span that lasts then began, not before the window: looked for further and further back."""
    back = timedelta(hours=1)
    while True:
        low = max(window.start, at - back)
        begun = moment(ledger.spans(cell_id, epoch(low), epoch(at) + 1)[-1].start)
        if begun > low or low == window.start:
            return begun
        back *= 2


def _spans(cell_id: int, window: Window) -> Iterator[ledger.Span]:
    """One that goes on over where the reading was cut is one."""
    held: ledger.Span | None = None
    for part in window.cut_up(AT_ONCE, until=window.end):
        for span in ledger.spans(cell_id, epoch(part.start), epoch(part.end)):
            if held and (held.state, held.source) == (span.state, span.source):
                span = span._replace(start=held.start)
            elif held:
                yield held
            held = span
    if held:
        yield held


def _together(spans: Iterable[ledger.Span]) -> Iterator[list[ledger.Span]]:
    """As many as a month takes, each of them whole."""
    held: list[ledger.Span] = []
    for span in spans:
        held.append(span)
        if span.end - held[0].start >= AT_ONCE.total_seconds():
            yield held
            held = []
    if held:
        yield held


def worded(cell_id: int, interval: Interval) -> Interval:
    """With the words that the timeline gives it."""
    window = Window(interval.start, interval.end)
    said = _said(_words(cell_id, window), interval.state, interval.start, interval.end)
    by_person = interval.source == str(ledger.Source.PERSON)
    reason = _changed_because(_changes(cell_id, window), interval.start) if by_person else ""
    return replace(interval, reason=reason or said, said=said)


def _interval(span: ledger.Span, words: Sequence[Word], changes: Sequence[Change]) -> Interval:
    state, start, end = span.state.name.lower(), moment(span.start), moment(span.end)
    by_person, said = span.source == ledger.Source.PERSON, _said(words, state, start, end)
    reason = _changed_because(changes, start) if by_person else ""
    return Interval(state, start, end, reason or said, span.source.name.lower(), said)


def _explained(interval: Interval, given: Sequence[IntervalNote]) -> Iterator[Interval]:
    """Cut where a note begins or ends. given: oldest first, without overlap."""
    at = interval.start
    for note in given:
        low, high = max(note.start, at), min(note.end, interval.end)
        if low >= high or interval.state not in note.reason.states:
            continue
        if at < low:
            yield interval.cut(at, low)
        yield replace(interval.cut(low, high), reason=note.words, note=note)
        at = high
    if at < interval.end:
        yield interval.cut(at, interval.end)


def _said(words: Sequence[Word], state: str, start: datetime, end: datetime) -> str:
    """What was last said when the interval began, if of this state; else the first words of it within."""
    inside = bisect_right(words, start, key=lambda word: word.at)
    told = [*words[max(inside - 1, 0) : inside], *words[inside:]]
    return next((word.text for word in told if word.state == state and word.at < end and word.text), "")


def _changed_because(changes: Sequence[Change], start: datetime) -> str:
    """Of several over one moment the last one made stands."""
    standing = [change for change in changes if change.start <= start < change.end]
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


def _changes(cell_id: int, window: Window) -> list[Change]:
    return changes_of([cell_id], window)[cell_id]


def changes_of(cell_ids: Collection[int], window: Window) -> dict[int, list[Change]]:
    """What people said of these cells in the window, oldest first."""
    found: dict[int, list[Change]] = {cell: [] for cell in cell_ids}
    for cell, change in (*_corrections(cell_ids, window), *_imports(cell_ids, window)):
        found[cell].append(change)
    return {cell: sorted(changes, key=attrgetter("at")) for cell, changes in found.items()}


def _corrections(cell_ids: Collection[int], window: Window) -> Iterator[tuple[int, Change]]:
    touching = (Correction.start < window.end, Correction.end > window.start, Correction.taken_back_at.is_(None))
    query = select(Correction).where(Correction.cell_id.in_(cell_ids), *touching).order_by(Correction.id)
    return ((one.cell_id, Change(one.start, one.end, one.why, one.by, one.at)) for one in db.session.scalars(query))


def _imports(cell_ids: Collection[int], window: Window) -> Iterator[tuple[int, Change]]:
    """Files that somebody brought in as what people know, from the first to the last thing they say of the cell."""
    touching = (ImportResult.start < window.end, ImportResult.end > window.start)
    query = select(ImportResult, StateImport).join(StateImport, StateImport.id == ImportResult.import_id)
    rows = db.session.execute(query.where(ImportResult.cell_id.in_(cell_ids), *touching).order_by(StateImport.id))
    for result, job in rows:
        if job.settled.source == "person" and result.start and result.end:
            said_at = job.begun_at or job.created_at
            yield result.cell_id, Change(result.start, result.end, job.why, job.by, said_at)
