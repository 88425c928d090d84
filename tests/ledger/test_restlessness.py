"""Cells that change too often to be kept by their changes."""

from tests.ledger.dense import DAWN, DOWN, IDLE, RUNNING, make_book, tick
from webapp import ledger

NOON = DAWN + 43_200


def make_turning(seconds, period=1, cells=(1, 2), until=NOON):
    """Cell 1 turns each so many seconds, cell 2 never does, up to then."""
    start = until - 900
    book = make_book(*cells, start=start)
    lease = ledger.lease(book, period, start)
    for slot in range(start, until, period):
        tick(lease, slot, {1: RUNNING if slot // seconds % 2 else IDLE, 2: DOWN})
    return book


def test_one_that_turns_more_than_thirty_times_a_minute(app):
    book = make_turning(seconds=1)

    assert ledger.restless(NOON, {book: 1}) == {1: 60}


def test_thirty_a_minute_are_borne(app):
    book = make_turning(seconds=2)

    assert ledger.restless(NOON, {book: 1}) == {}


def test_where_samples_are_few_it_is_their_share(app):
    book = make_turning(seconds=10, period=10)

    assert ledger.restless(NOON, {book: 10}) == {1: 6}
    assert ledger.restless(NOON, {book: 5}) == {}
    assert ledger.restless(NOON, {}) == {}


def test_only_the_last_ten_minutes_count(app):
    book = make_turning(seconds=1, until=NOON)

    assert ledger.restless(NOON + 280, {book: 1}) == {1: 32}
    assert ledger.restless(NOON + 320, {book: 1}) == {}


def test_an_hour_that_began_meanwhile_is_no_end(app):
    book = make_turning(seconds=1, until=DAWN + 300)

    assert ledger.restless(DAWN + 300, {book: 1}) == {1: 60}
