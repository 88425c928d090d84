"""Words by which figures of the past are known to be still the same: one short statement instead of counting again."""

from typing import Any

from sqlalchemy import bindparam, func, select

from webapp import ledger
from webapp.cells.account_models import account_books, directory_versions, stale
from webapp.cells.calendars.models import CalendarEdition
from webapp.cells.directory import directory_word
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


# What is restated leaves a row; rows only come until somebody adds up, which is a new round.
_EARLIER = stale.c.start < bindparam("end")
_RESTATED: Any = select(
    select(func.sum(account_books.c.round)).scalar_subquery(),
    select(func.count()).select_from(stale).where(_EARLIER).scalar_subquery(),
    select(func.max(stale.c.id)).where(_EARLIER).scalar_subquery(),
    select(directory_versions.c.word).scalar_subquery(),
    select(CalendarEdition.token).scalar_subquery(),
)
