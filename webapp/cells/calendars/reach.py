"""How far back a change of calendars restates figures: from the first second that counts otherwise, for which cells."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from webapp.cells.calendars.models import CalendarEdition
from webapp.cells.calendars.questions import calendar_marks, stretches
from webapp.cells.calendars.shifts import Marks, Plan, always, difference, marks
from webapp.cells.models import Cell
from webapp.cells.restatements import record_restatement
from webapp.cells.restating import restated
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


@dataclass(frozen=True)
class Reach:
    """window: past time whose figures change; None: the change leaves the past alone."""

    window: Window | None = None
    cell_ids: tuple[int, ...] = ()

    @property
    def cells(self) -> int:
        return len(self.cell_ids)


def reach_of_content(calendar_id: int, before: Plan, after: Plan, now: datetime) -> Reach:
    """Of another content of this calendar."""
    until = epoch(now)
    followed = stretches(calendar_id, 0, until)
    if not followed:
        return Reach()
    first = min(parts[0][0] for parts in followed.values())
    found = difference(marks(before, first, until), marks(after, first, until), until)
    if found is None:
        return Reach()
    touched = {id: _within(parts, found) for id, parts in followed.items() if _within(parts, found)}
    return _spanned({id: (parts[0][0], parts[-1][1]) for id, parts in touched.items()})


def _within(parts: list[tuple[int, int]], found: tuple[int, int]) -> list[tuple[int, int]]:
    cut = [(max(low, found[0]), min(high, found[1])) for low, high in parts]
    return [(low, high) for low, high in cut if low < high]


def reach_of_use(before: Mapping[int, Marks | None], after: Mapping[int, Marks | None], start: int, end: int) -> Reach:
    """Of other calendars followed in that time."""
    pairs = {id: (before[id] or always(start), after[id] or always(start)) for id in after}
    memo = {pair: difference(*pair, end) for pair in set(pairs.values())}
    return _spanned({id: span for id, pair in pairs.items() if (span := memo[pair])})


def marks_until(cell_ids: Collection[int], since: datetime, now: datetime) -> dict[int, Marks | None]:
    """As they stand in the past time since then; nothing where that lies ahead."""
    start, end = epoch(since), epoch(now)
    return calendar_marks(cell_ids, start, end) if start < end else {}


def _spanned(spans: Mapping[int, tuple[int, int]]) -> Reach:
    if not spans:
        return Reach()
    start, end = min(low for low, _ in spans.values()), max(high for _, high in spans.values())
    return Reach(Window(moment(start), moment(end)), tuple(sorted(spans)))


def new_edition() -> None:
    """Part of every act that changes what is scheduled. Whoever else changes it waits from here on."""
    token = {"token": secrets.token_hex(8)}
    if not db.session.execute(update(CalendarEdition).values(token)).rowcount:  # type: ignore[attr-defined]
        try:
            with db.session.begin_nested():
                db.session.execute(insert(CalendarEdition).values(id=1, **token))
        except IntegrityError:  # somebody else made the first change at the same moment
            db.session.execute(update(CalendarEdition).values(token))


def restate(reach: Reach, by: str, why: str, now: datetime, calendar_id: int | None) -> None:
    """Part of the act that has this reach: what was added up is not believed any more, and the pages say so."""
    if reach.window is None:
        return
    start, end = reach.window.start, reach.window.end
    books = db.session.scalars(select(Cell.book_id).where(Cell.id.in_(reach.cell_ids)).distinct())
    for book in sorted(books):
        restated(book, None, epoch(start), epoch(end))
    only = reach.cell_ids[0] if reach.cells == 1 else None
    record_restatement("calendar", start, end, by, why, now, cell_id=only, calendar_id=calendar_id)
