"""The one primitive: from then to then a cell was in this state. Late samples, buffered ones and corrections alike.

Any order of arrival gives the same history for seconds nobody disputes; a repeated one changes nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from webapp.extensions import db
from webapp.ledger.books import open_hour_of
from webapp.ledger.carrying import carry_on, named, named_in
from webapp.ledger.keeping import kept_from
from webapp.ledger.models import changes, corrected, heads, hours, in_hours, samplers
from webapp.ledger.painting import Mark, by_rank, changed, marks_of, painted, pieces, replaced
from webapp.ledger.states import HOUR, Piece, Said, Source, Span, State
from webapp.ledger.thawing import frozen_hours, write_back


def assign(book: int, cell_id: int, start_s: int, end_s: int, state: State, source: Source) -> None:
    """start_s <= t < end_s, except seconds that a higher source holds.

    Nothing is taken before the cell's start, nor of a time of which only days are known, nor beyond its sampler's
    tail; where no sampler lives, end_s is the caller's to keep out of the future.
    """
    fill(book, cell_id, [(start_s, end_s, state)], source)


def fill(book: int, cell_id: int, spans: Iterable[tuple[int, int, State]], source: Source) -> list[Span]:
    """Many stretches (start, end, state) of one cell, ascending, without overlap, at the price of one or two.

    Answers with what was held before, of the seconds that read differently now.
    """
    if source is Source.NONE:
        raise ValueError("somebody must say so")
    coat = [Piece(start, end, Said(state, source)) for start, end, state in spans]
    return _lay(book, cell_id, coat, by_rank)


def unsay(book: int, cell_id: int, state: State, source: Source, was: Iterable[Span]) -> list[Span]:
    """That word is taken back: where it still stands, what it covered (was) stands again, whoever had said it.

    was: as fill() answered it, ascending, without overlap. What was said over the word since then stays. Answers as
    fill() does.
    """
    word = Said(state, source)
    coat = [Piece(span.start, span.end, Said(span.state, span.source)) for span in was]
    return _lay(book, cell_id, coat, lambda held, _: held == word)


def _lay(book: int, cell_id: int, coat: list[Piece], gives_way: Callable[[Said, Said], bool]) -> list[Span]:
    open_hour = open_hour_of(book)
    head = _locked_head(book, cell_id)
    coat = _cut(coat, max(head.start, kept_from(book)), _tail(book, head.sampler_id))
    if not coat:
        return []
    write_back(book, frozen_hours(book, coat[0].start, coat[-1].end))
    gone = _paint(head, coat, open_hour, gives_way)
    return [Span(State(said.state), start, end, Source(said.source)) for start, end, said in gone]


def _locked_head(book: int, cell_id: int) -> Row[Any]:
    query = select(heads).where(heads.c.book_id == book, heads.c.cell_id == cell_id)
    return db.session.execute(query.with_for_update()).one()


def _tail(book: int, sampler: int) -> int | None:
    """Read after the head is locked: a tail too old would only cut more, a head too old would be overwritten."""
    query = select(samplers.c.tail).where(samplers.c.book_id == book, samplers.c.sampler_id == sampler)
    return db.session.scalar(query.where(samplers.c.expired.is_(False)))


def _cut(coat: Sequence[Piece], start: int, end: int | None) -> list[Piece]:
    cut = [Piece(max(p.start, start), p.end if end is None else min(p.end, end), p.said) for p in coat]
    left = [piece for piece in cut if piece.start < piece.end]
    if any(early.end > late.start for early, late in pairwise(left)):
        raise ValueError("stretches must ascend and not overlap")
    return left


def _paint(head: Row[Any], coat: list[Piece], open_hour: int, gives_way: Callable[[Said, Said], bool]) -> list[Piece]:
    """Answers with what is held no more."""
    start, end = coat[0].start, coat[-1].end
    rows = _marks(head, start, end)
    before = _held_before(head, start, open_hour)
    marks = [(at, Said(mark.state, mark.source)) for at, mark in rows.items()]
    old = pieces(before, [mark for mark in marks if mark[0] < end], start, end)
    after = marks[-1][1] if rows and marks[-1][0] == end else old[-1].said
    new = painted(old, coat, gives_way)
    if new != old:
        _rewrite(head, *changed(rows, marks_of(new, before, after)))
        carry_on(head, old, new, open_hour)
        if start // HOUR < open_hour:
            told = {"book_id": head.book_id, "first_hour": start // HOUR, "last_hour": end // HOUR}
            db.session.execute(insert(corrected).values(told))
    return replaced(old, new)


def _marks(head: Row[Any], start: int, end: int) -> dict[int, Mark]:
    """The cell's rows of start <= t <= end."""
    touched = in_hours(start // HOUR, end // HOUR)
    query = select(changes.c.hour, changes.c.off, changes.c.state, changes.c.source, changes.c.prev)
    query = query.where(_of(changes, head), touched).order_by(changes.c.hour, changes.c.off)
    found = ((hour * HOUR + off, Mark(*mark)) for hour, off, *mark in db.session.execute(query))
    return {at: mark for at, mark in found if start <= at <= end}


def _held_before(head: Row[Any], start: int, open_hour: int) -> Said:
    """What is held of the second before start."""
    hour, off = divmod(start, HOUR)
    first = min(hour, open_hour)
    last = select(changes.c.state, changes.c.source).where(_of(changes, head)).limit(1)
    last = last.order_by(changes.c.hour.desc(), changes.c.off.desc())
    looks = [last.where(changes.c.hour == hour, changes.c.off < off)]
    if first < hour:
        looks.append(last.where(changes.c.hour >= first, changes.c.hour < hour))
    looks.append(select(hours.c.state, hours.c.source).where(_of(hours, head), hours.c.hour == first))
    found = (db.session.execute(look).first() for look in looks)
    return next(Said(*row) for row in found if row)


def _of(table: Any, head: Row[Any]) -> Any:
    return (table.c.book_id == head.book_id) & (table.c.cell_id == head.cell_id)


def _rewrite(head: Row[Any], gone: list[int], come: dict[int, Mark]) -> None:
    if gone:
        db.session.execute(_DELETE, [{"h": at // HOUR, "o": at % HOUR, **named(head)} for at in gone])
    if come:
        key = {"book_id": head.book_id, "cell_id": head.cell_id}
        rows = [{"hour": at // HOUR, "off": at % HOUR, **key, **mark._asdict()} for at, mark in come.items()]
        db.session.execute(insert(changes), rows)


_DELETE = delete(changes).where(changes.c.hour == bindparam("h"), changes.c.off == bindparam("o"), named_in(changes))
