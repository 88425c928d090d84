"""Hours whose rows are gone read the same, and have their rows again before anything is painted over them."""

from sqlalchemy import func, select

from tests.ledger.dense import DAWN, DAY, DOWN, HOUR, make_book, say
from tests.ledger.test_any_history import freeze
from tests.ledger.test_sealing import EDGES, NOW, make_history
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Source
from webapp.ledger.models import changes, day_bases, day_blocks, hour_blocks, hours

TOMORROW = (DAWN + DAY) // HOUR


def make_frozen(*cells: int) -> int:
    book = make_book(*cells)
    make_history(book, *cells)
    ledger.seal(NOW, 1000)
    freeze(book, TOMORROW)
    return book


def rows_of(book: int) -> list[list[tuple[int, ...]]]:
    return [
        [tuple(row) for row in db.session.execute(select(table).where(table.c.book_id == book).order_by(*table.c))]
        for table in (changes, hours)
    ]


def test_the_rows_come_back_as_they_were(app):
    book = make_book(1, 2)
    make_history(book, 1, 2)
    ledger.seal(NOW, 1000)
    before = rows_of(book)
    freeze(book, TOMORROW)
    assert rows_of(book) != before

    assert ledger.thaw(book, DAWN, DAWN + HOUR) == 24

    assert rows_of(book) == before
    assert ledger.thaw(book, DAWN, DAWN + HOUR) == 0


def test_frozen_hours_read_the_same(app):
    book = make_book(1, 2)
    make_history(book, 1, 2)
    ledger.seal(NOW, 1000)
    before = ledger.windows(EDGES), ledger.many_spans([1, 2], DAWN + 50, NOW)
    freeze(book, TOMORROW)

    assert (ledger.windows(EDGES), ledger.many_spans([1, 2], DAWN + 50, NOW)) == before


def test_a_correction_of_a_frozen_hour(app):
    """Nothing of what it says comes from blocks any more."""
    book = make_frozen(1, 2)
    before = ledger.windows(EDGES)

    say(book, 1, DAWN + 5 * HOUR + 10, DAWN + 5 * HOUR + 40, DOWN, Source.PERSON)

    found = ledger.windows(EDGES)
    with transaction():
        for table in (hour_blocks, day_blocks, day_bases):
            db.session.execute(table.delete())
    assert ledger.windows(EDGES) == found
    assert [w[2] for w in found] == [w[2] for w in before]
    assert 0 <= found[2][1].down - before[2][1].down <= 30


def test_the_day_before_stays_frozen(app):
    book = make_frozen(1)

    say(book, 1, DAWN + 30 * HOUR, DAWN + 31 * HOUR, DOWN, Source.PERSON)

    frozen = select(func.count()).select_from(hour_blocks).where(hour_blocks.c.frozen)
    assert db.session.scalar(frozen) == 24


def test_a_cell_that_came_after_the_freezing_with_a_past_of_its_own(app):
    """It has rows for hours that the others have as blocks."""
    book = make_frozen(1, 2)
    with transaction():
        ledger.enroll(book, 3, DAWN + 2 * HOUR)
    before = ledger.windows(EDGES)

    assert ledger.thaw(book, DAWN, DAWN + HOUR) == 24
    say(book, 3, DAWN + 3 * HOUR, DAWN + 4 * HOUR, DOWN, Source.PERSON)

    found = ledger.windows(EDGES)
    assert [(w[1], w[2]) for w in found] == [(w[1], w[2]) for w in before]
    assert sum(window[3].down for window in found) == HOUR
