"""Blocks change no answer; they may be missing, dropped and made again."""

from itertools import pairwise

import pytest
from sqlalchemy import func, select

from tests.ledger.dense import DAWN, DAY, DOWN, HOUR, IDLE, RUNNING, make_book, say, tick
from tests.ledger.test_concurrent import after_statement
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Source
from webapp.ledger.live import forget_all
from webapp.ledger.models import corrected, day_bases, day_blocks, hour_blocks, progress
from webapp.ledger.sealing import drop_corrected

NOW = DAWN + 50 * HOUR
EDGES = [DAWN, DAWN + 100, DAWN + HOUR, DAWN + 23 * HOUR + 7, DAWN + DAY, DAWN + DAY + 7, DAWN + 49 * HOUR, NOW]


def make_history(book: int, *cells: int) -> ledger.Lease:
    lease = ledger.lease(book, 900, DAWN)
    for n in range(200):
        states = {cell: (RUNNING, IDLE, DOWN)[(n // 7 + cell) % 3] for cell in cells}
        tick(lease, DAWN + n * 900, states)
    while ledger.close_hours(NOW):
        pass
    return lease


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_each_closed_hour_has_a_block_and_each_day_its_own(app):
    make_history(make_book(1, 2), 1, 2)
    before = ledger.windows(EDGES)

    assert ledger.seal(NOW) > 0

    assert (count(hour_blocks), count(day_blocks), count(day_bases)) == (50, 3 * 5, 3)
    assert ledger.windows(EDGES) == before
    assert ledger.seal(NOW) == 0


def test_a_sealed_window_is_one_statement(app):
    make_history(make_book(1, 2), 1, 2)
    ledger.seal(NOW)
    ledger.windows(EDGES)
    db.session.rollback()

    with after_statement(2, lambda: None, app) as more:
        ledger.windows(EDGES)

    assert not more


def test_a_correction_is_seen_at_once_and_sealed_again(app):
    book = make_book(1, 2)
    make_history(book, 1, 2)
    ledger.seal(NOW)
    before = ledger.sealed_mark(DAWN + 2 * DAY)

    say(book, 1, DAWN + 5 * HOUR + 10, DAWN + 6 * HOUR + 20, DOWN, Source.PERSON)
    found = ledger.windows(EDGES)
    assert ledger.sealed_mark(DAWN + 2 * DAY) != before
    assert count(corrected) == 1
    ledger.seal(NOW)

    assert (count(corrected), count(hour_blocks), count(day_blocks), count(day_bases)) == (0, 50, 3 * 5, 3)
    assert ledger.windows(EDGES) == found
    assert found[2][1].down - ledger.windows(EDGES)[2][2].down > 0


def test_somebody_corrects_while_an_hour_is_packed(app):
    """Whatever has been read by then; and another sealer has taken note of it already."""
    book = make_book(1)
    make_history(book, 1)

    def correct(at: int) -> None:
        say(book, 1, at, at + 9, DOWN, Source.PERSON)
        drop_corrected(book)

    for nth in (8, 9, 10, 12):
        at = DAWN + 48 * HOUR + nth * 20
        with after_statement(nth, lambda at=at: correct(at), app) as done:
            ledger.seal(NOW, 1)
        assert done
        ledger.seal(NOW)
        forget_all()
        sealed = ledger.windows(EDGES)
        with transaction():
            for table in (hour_blocks, day_blocks, day_bases):
                db.session.execute(table.delete())
        assert ledger.windows(EDGES) == sealed


def test_nothing_is_said_of_open_time_by_a_mark(app):
    make_history(make_book(1), 1)

    assert ledger.sealed_mark(DAWN + 50 * HOUR) == ledger.sealed_mark(DAWN)
    assert ledger.sealed_mark(DAWN + 50 * HOUR + 1) is None


def test_edges_of_what_is_known_by_days_are_midnights(app):
    book = make_book(1)
    make_history(book, 1)
    exact = ledger.windows([DAWN, DAWN + DAY, NOW])
    with transaction():
        db.session.execute(progress.update().values(kept_from_hour=(DAWN + DAY) // HOUR))

    assert ledger.precision(DAWN + 5) == "day"
    assert ledger.precision(DAWN + DAY) == "second"
    assert ledger.kept_from(book) == DAWN + DAY
    assert ledger.windows([DAWN + 5, DAWN + DAY + 0, NOW]) == exact
    assert ledger.windows([DAWN + 12 * HOUR - 1, DAWN + DAY - 1, NOW]) == exact
    assert [sum(w[1]) for w in ledger.windows([DAWN + 5, DAWN + 12 * HOUR - 1, DAWN + 12 * HOUR])] == [0, DAY]
    edges = [DAWN + 5, DAWN + 12 * HOUR, DAWN + DAY + 5]
    assert ledger.counted_edges(edges, ledger.exact_from(book).own) == [DAWN, DAWN + DAY, DAWN + DAY + 5]


def test_nothing_is_told_of_a_time_known_by_days(app):
    book = make_book(1)
    make_history(book, 1)
    with transaction():
        db.session.execute(progress.update().values(kept_from_hour=(DAWN + DAY) // HOUR))
    before = ledger.windows([DAWN, DAWN + DAY])

    say(book, 1, DAWN + 100, DAWN + DAY - 100, DOWN, Source.PERSON)

    assert ledger.windows([DAWN, DAWN + DAY]) == before


@pytest.mark.parametrize("sealed", [False, True])
def test_ten_books_and_one_of_them(app, sealed):
    books = [ledger.open_book(DAWN, shelf=shelf) for shelf in range(10)]
    for shelf, book in enumerate(books):
        with transaction():
            for cell in (100 - shelf, 200 + shelf):
                ledger.enroll(book, cell, DAWN)
        tick(ledger.lease(book, 30 * HOUR, DAWN), DAWN, {100 - shelf: RUNNING, 200 + shelf: DOWN})
        say(book, 200 + shelf, DAWN + 50, DAWN + 60 + shelf, IDLE, Source.PERSON)
    ledger.close_hours(NOW)
    if sealed:
        ledger.seal(NOW)

    every = ledger.seconds(EDGES[:6])

    assert every.ids.tolist() == sorted([*range(91, 101), *range(200, 210)])
    assert every.seconds[0, IDLE].tolist() == [0] * 10 + list(range(10, 20))
    for book in books:
        ids, own = ledger.seconds(EDGES[:6], book)
        assert own.tolist() == every.seconds[:, :, every.ids.searchsorted(ids)].tolist()
    assert all(late > early for early, late in pairwise(EDGES))
