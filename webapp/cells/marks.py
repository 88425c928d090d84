"""Words by which figures of the past are known to be still the same: one short statement instead of counting again."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from webapp import ledger
from webapp.cells.account_models import account_books, directory_versions, stale
from webapp.cells.calendars.models import CalendarEdition
from webapp.cells.directory import directory_word
from webapp.cells.imports.models import ImportResult
from webapp.cells.lost_time.models import IntervalNote, Reason
from webapp.cells.models import Cell, Reading, Remark
from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.lib.window import Window


def mark_of_past(window: Window) -> str | None:
    """Another word whenever the history of any cell before the window's end may read differently; None while some of
    it lies in hours that are still open."""
    mark = ledger.sealed_mark(epoch(window.end))
    return mark and f"{directory_word()} {mark}"


def mark_of_figures(window: Window) -> str | None:
    """The same for what rests on claims and calendars too."""
    mark = ledger.sealed_mark(epoch(window.end))
    return mark and repr((mark, *db.session.execute(_RESTATED, {"end": epoch(window.end)}).one()))


def mark_of_history(window: Window, cell_ids: Collection[int] | None = None) -> str | None:
    """The same for these cells' intervals with all that was said of them: by machines, and by people as a reason or a
    correction. cell_ids: None: all cells."""
    mark = mark_of_figures(window)
    return mark and repr((mark, *_said(window, cell_ids)))


def _said(window: Window, cell_ids: Collection[int] | None) -> list[object]:
    """Rows come with a number that was never there, and go; a note that grows is looked at itself. A correction leaves
    a row with what is restated; a file does so before it is told why."""
    whose = select(Cell.id) if cell_ids is None else cell_ids
    before_end = (IntervalNote.cell_id.in_(whose), IntervalNote.start < window.end)
    growing = select(IntervalNote.id, IntervalNote.end).where(*before_end, IntervalNote.going_on)
    given = select(func.count(), func.max(IntervalNote.id)).where(*before_end, IntervalNote.end > window.start)
    words = [select(func.count(), func.min(kind.at)).where(*_until(kind, whose, window)) for kind in (Reading, Remark)]
    told = [given, growing.order_by(IntervalNote.id), _brought_in(whose), *words, _REASONS]
    return [[tuple(row) for row in db.session.execute(one)] for one in told]


def _until(kind: type[Reading | Remark], whose: Any, window: Window) -> tuple[ColumnElement[bool], ...]:
    """The words before a window count as well: the last of them go on into it."""
    return kind.cell_id.in_(whose), kind.at < window.end


def _brought_in(whose: Any) -> Any:
    return select(func.count(), func.max(ImportResult.import_id)).where(ImportResult.cell_id.in_(whose))


_REASONS = select(Reason.id, Reason.name, Reason.states).order_by(Reason.id)

# What is restated leaves a row; rows only come until somebody adds up, which is a new round.
_EARLIER = stale.c.start < bindparam("end")
_RESTATED: Any = select(
    select(func.sum(account_books.c.round)).scalar_subquery(),
    select(func.count()).select_from(stale).where(_EARLIER).scalar_subquery(),
    select(func.max(stale.c.id)).where(_EARLIER).scalar_subquery(),
    select(directory_versions.c.word).scalar_subquery(),
    select(CalendarEdition.token).scalar_subquery(),
)
