"""Books, the cells in them, and the locks that keep their checkpoints true."""

from collections.abc import Collection, Sequence

from sqlalchemy import Integer, Row, Table, case, func, insert, literal, select, update

from webapp.extensions import db, transaction
from webapp.ledger.models import books, days, heads, hours, progress, samplers
from webapp.ledger.states import DAY, HOUR, KNOWN, UNSAID, State

MOST_CELLS = 1024
#: The one sampler of a book. Another would get a number of its own, and cells of its own.
SAMPLER = 1
#: How far back a cell's history may begin before the book's open hour: some fifty years.
LONGEST_PAST = 50 * 366 * DAY
ZEROS = dict.fromkeys(map(str, KNOWN), 0)


def open_book(now_s: int, shelf: int = 0) -> int:
    """A book of that shelf with room for another cell, made if there is none. shelf: a number, such as a site's."""
    with transaction():
        filled = select(heads.c.book_id, func.count().label("cells")).group_by(heads.c.book_id).subquery()
        room = func.coalesce(filled.c.cells, 0) < MOST_CELLS
        with_room = (
            select(books.c.id).outerjoin(filled, filled.c.book_id == books.c.id).where(room, books.c.shelf == shelf)
        )
        book = db.session.scalar(with_room.order_by(books.c.id).limit(1))
        return book if book is not None else _new_book(now_s, shelf)


def _new_book(now_s: int, shelf: int) -> int:
    made = db.session.execute(insert(books).values(created=now_s, shelf=shelf).returning(books.c.id)).scalar_one()
    db.session.execute(insert(progress).values(book_id=made, open_hour=now_s // HOUR))
    return int(made)


def enroll(book: int, cell_id: int, start_s: int) -> None:
    """A new cell: nothing is known of it, and nothing said of the time before start_s is believed.

    start_s may lie in the past (at most LONGEST_PAST before the open hour), for history that is yet to be told.
    """
    open_hour = open_hour_of(book)
    start = max(start_s, open_hour * HOUR - LONGEST_PAST)
    first = min(start // HOUR, open_hour)
    key = {"book_id": book, "cell_id": cell_id, **ZEROS, "state": UNSAID.state, "source": UNSAID.source}
    # A head that never said anything has no anchor: a start in the future must not drag a lease along.
    db.session.execute(insert(heads), [{**key, "sampler_id": SAMPLER, "start": start, "anchor": 0}])
    _unsaid_hours(book, cell_id, first, open_hour)
    _unsaid_days(book, cell_id, first // 24, open_hour // 24)


def reach_back(book: int, cell_id: int, start_s: int) -> int:
    """The cell's history may begin at start_s instead of later, unsaid at first. Returns where it begins now.

    At most LONGEST_PAST before the open hour; a start that is no earlier changes nothing.
    """
    open_hour = open_hour_of(book)
    own = (heads.c.book_id == book) & (heads.c.cell_id == cell_id)
    began = int(db.session.execute(select(heads.c.start).where(own).with_for_update()).scalar_one())
    start = max(start_s, open_hour * HOUR - LONGEST_PAST)
    if start >= began:
        return began
    first, known = (min(moment // HOUR, open_hour) for moment in (start, began))
    _unsaid_hours(book, cell_id, first, known - 1)
    _unsaid_days(book, cell_id, first // 24, known // 24 - 1)
    db.session.execute(update(heads).where(own).values(start=start))
    return start


def _unsaid_hours(book: int, cell_id: int, first: int, last: int) -> None:
    _unsaid(hours, "hour", book, cell_id, first, last, {"state": UNSAID.state, "source": UNSAID.source})


def _unsaid_days(book: int, cell_id: int, first: int, last: int) -> None:
    _unsaid(days, "day", book, cell_id, first, last, {})


def _unsaid(table: Table, name: str, book: int, cell_id: int, first: int, last: int, held: dict[str, int]) -> None:
    """Checkpoints first..last that say nothing: decades of them are counted out by the database itself."""
    if first > last:
        return
    count = select(literal(first, Integer).label("n")).cte("count", recursive=True)
    count = count.union_all(select(count.c.n + 1).where(count.c.n < last))
    same = {"book_id": book, "cell_id": cell_id, **ZEROS, **held}
    values = [count.c.n, *(literal(value, Integer) for value in same.values())]
    db.session.execute(insert(table).from_select([name, *same], select(*values)))


def open_hour_of(book: int, closing: bool = False) -> int:
    """The book's open hour, which stays so to the end of the transaction; closing: nobody else may even rely on it.

    Who locks more takes the sampler first, then this, then heads.
    """
    query = select(progress.c.open_hour).where(progress.c.book_id == book)
    return int(db.session.execute(query.with_for_update(read=not closing)).scalar_one())


def open_hours() -> dict[int, int]:
    """Every book's open hour."""
    return {row.book_id: row.open_hour for row in db.session.execute(select(progress).order_by(progress.c.book_id))}


def book_of() -> dict[int, int]:
    """{cell_id: its book}"""
    return {row.cell_id: row.book_id for row in db.session.execute(select(heads.c.cell_id, heads.c.book_id))}


def samplers_of(book: int) -> Sequence[Row[int, int, bool]]:
    """sampler_id, tail, expired of each."""
    query = select(samplers.c.sampler_id, samplers.c.tail, samplers.c.expired).where(samplers.c.book_id == book)
    return db.session.execute(query).all()


def newest(book: int | None = None) -> int | None:
    """The second up to which every living sampler has asserted; of dead ones only, the last word; None: never any.

    book: only this one.
    """
    tails = func.min(samplers.c.tail), func.max(samplers.c.tail)
    query = select(samplers.c.expired, *tails).group_by(samplers.c.expired)
    if book is not None:
        query = query.where(samplers.c.book_id == book)
    found = {expired: (low, high) for expired, low, high in db.session.execute(query)}
    if False in found:
        return int(found[False][0])
    return int(found[True][1]) if True in found else None


def known_until(cell_ids: Collection[int]) -> int | None:
    """The second up to which anything is known of the last of these cells to have said anything; None: of none."""
    tail = func.coalesce(samplers.c.tail, heads.c.anchor)
    ends = func.max(case((heads.c.state == State.UNKNOWN, heads.c.anchor), else_=tail))
    same = (samplers.c.book_id == heads.c.book_id) & (samplers.c.sampler_id == heads.c.sampler_id)
    query = select(ends).select_from(heads.outerjoin(samplers, same)).where(heads.c.cell_id.in_(cell_ids))
    return db.session.scalar(query) or None
