"""Books hold cells; what is in one is nothing to the other."""

import pytest
from sqlalchemy import insert

from tests.ledger.dense import DAWN, DOWN, HOUR, RUNNING, make_book, make_sampled, say, tick, told
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Fenced, Source
from webapp.ledger.models import heads

FULL = 1024


def test_a_book_is_used_until_it_is_full(app):
    book = make_book(1)
    assert ledger.open_book(DAWN) == book

    rest = {"book_id": book, "sampler_id": 1, "start": DAWN, "anchor": 0, "state": 0, "source": 0}
    sums = dict.fromkeys(("running", "idle", "setup", "maintenance", "down"), 0)
    with transaction():
        db.session.execute(insert(heads), [{"cell_id": n, **rest, **sums} for n in range(2, FULL + 1)])

    assert ledger.open_book(DAWN) != book


def test_books_have_their_own_samplers_and_hours(app):
    first, second = make_book(1), _another_book(2)
    one, other = ledger.lease(first, 10, DAWN), ledger.lease(second, HOUR, DAWN)
    tick(one, DAWN, {1: RUNNING})
    tick(other, DAWN + HOUR, {2: DOWN})

    ledger.close_hours(DAWN + 2 * HOUR)

    assert (ledger.newest(first), ledger.newest(second), ledger.newest()) == (DAWN + 10, DAWN + 2 * HOUR, DAWN + 10)
    assert {cell: (s.running, s.down, s.unknown) for cell, s in ledger.window(DAWN, DAWN + 2 * HOUR).items()} == {
        1: (10, 0, 2 * HOUR - 10),
        2: (0, HOUR, HOUR),
    }
    assert list(ledger.many_spans([1, 2, 77], DAWN, DAWN + 10)) == [1, 2, 77]


def test_books_go_on_together_each_from_where_it_was(app):
    one, other, still = (ledger.lease(_another_book(cell, shelf=cell), 10, DAWN) for cell in (1, 2, 3))
    tick(other, DAWN + 10, {2: DOWN})

    with transaction():
        ledger.tick_all([(one, {1: RUNNING}), (other, {2: RUNNING}), (still, {})], DAWN + 15)

    assert told(1, end=DAWN + 25) == [("unknown", "none", 0, 15), ("running", "feed", 15, 25)]
    assert told(2, end=DAWN + 25)[1:] == [("down", "feed", 10, 15), ("running", "feed", 15, 25)]
    assert {ledger.newest(lease.book) for lease in (one, other, still)} == {DAWN + 25}


def test_of_books_that_go_on_together_one_that_was_taken_over_stops_all(app):
    leases = [ledger.lease(_another_book(cell, shelf=cell), 10, DAWN) for cell in (1, 2)]
    for told_last in ({2: DOWN}, {}):
        ledger.lease(leases[1].book, 10, DAWN)
        with pytest.raises(Fenced), transaction():
            ledger.tick_all([(leases[0], {1: RUNNING}), (leases[1], told_last)], DAWN)

    assert [ledger.newest(lease.book) for lease in leases] == [DAWN, DAWN]
    assert told(1, end=DAWN + 10) == [("unknown", "none", 0, 10)]


def _another_book(cell_id, shelf=1):
    book = ledger.open_book(DAWN, shelf=shelf)
    with transaction():
        ledger.enroll(book, cell_id, DAWN)
    return book


def test_newest_is_what_all_that_live_have_reached_else_the_last_word(app):
    first, second = make_book(1), _another_book(2)
    assert ledger.newest() is None
    tick(ledger.lease(first, 10, DAWN), DAWN, {})
    tick(ledger.lease(second, 10, DAWN), DAWN + 990, {})
    assert ledger.newest() == DAWN + 10

    ledger.expire(DAWN + 1000, 60)
    assert ledger.newest() == DAWN + 1000

    ledger.expire(DAWN + 5000, 60)
    assert ledger.newest() == DAWN + 1000


def test_a_cell_may_begin_in_hours_that_are_closed(app):
    book = make_sampled(1, until=DAWN + 50 * HOUR)
    ledger.close_hours(DAWN + 50 * HOUR)

    with transaction():
        ledger.enroll(book, 2, DAWN + 20 * HOUR + 100)
    say(book, 2, DAWN, DAWN + 49 * HOUR, RUNNING)

    edges = [DAWN, DAWN + 20 * HOUR, DAWN + 21 * HOUR, DAWN + 24 * HOUR, DAWN + 49 * HOUR, DAWN + 50 * HOUR]
    assert [found[2].running for found in ledger.windows(edges)] == [0, 3500, 3 * HOUR, 25 * HOUR, 0]
    assert told(2, DAWN, DAWN + 21 * HOUR)[0] == ("unknown", "none", 0, 20 * HOUR + 100)


def test_a_cell_with_no_sampler_yet_can_be_told_of(app):
    book = make_book(1)

    say(book, 1, DAWN, DAWN + 3 * HOUR, RUNNING, Source.INFERRED)

    assert ledger.window(DAWN, DAWN + 4 * HOUR)[1].running == 3 * HOUR
    assert told(1, end=DAWN + 4 * HOUR)[-1] == ("unknown", "none", 3 * HOUR, 4 * HOUR)


def test_cells_of_two_sites_lie_in_two_books(app):
    north, south = ledger.open_book(DAWN, shelf=1), ledger.open_book(DAWN, shelf=2)

    assert north != south
    assert ledger.open_book(DAWN, shelf=1) == north


def test_what_is_known_of_some_cells_ends_with_the_last_that_said_anything(app):
    book = make_book(1, 2, 3)
    assert ledger.known_until([1, 2]) is None
    say(book, 1, DAWN, DAWN + 60, RUNNING)
    say(book, 2, DAWN + 30, DAWN + 90, DOWN)

    assert (ledger.known_until([1]), ledger.known_until([1, 2]), ledger.known_until([3])) == (
        DAWN + 60,
        DAWN + 90,
        None,
    )

    tick(ledger.lease(book, 10, DAWN + 200), DAWN + 200, {3: RUNNING})
    assert ledger.known_until([1, 2, 3]) == DAWN + 210
