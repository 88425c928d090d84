"""The same history as columns: seconds between edges, and strips."""

from tests.ledger.dense import DAWN, DOWN, HOUR, RUNNING, make_book, make_sampled, say, tick
from webapp import ledger
from webapp.ledger import Source, State


def test_seconds_between_edges(app):
    book = make_sampled(7, 3, until=DAWN + 2 * HOUR)
    say(book, 7, DAWN + 100, DAWN + 300, RUNNING)

    ids, seconds = ledger.seconds([DAWN, DAWN + 200, DAWN + HOUR])

    assert ids.tolist() == [3, 7]
    assert seconds[:, State.RUNNING].tolist() == [[0, 100], [0, 100]]
    assert seconds.sum(axis=1).tolist() == [[200, 200], [HOUR - 200, HOUR - 200]]


def test_seconds_of_one_book(app):
    make_book(1)
    other = ledger.open_book(DAWN, shelf=1)

    assert ledger.seconds([DAWN, DAWN + 1], book=other).ids.tolist() == []
    assert ledger.seconds([DAWN, DAWN + 1]).ids.tolist() == [1]


def test_strips_have_no_gaps(app):
    book = make_sampled(7, 3, until=DAWN + 2 * HOUR)
    say(book, 7, DAWN + 100, DAWN + 300, DOWN, Source.PERSON)

    found = ledger.strips(book, DAWN + 50, DAWN + 400)

    assert found.ids.tolist() == [3, 7]
    assert found.cell.tolist() == [0, 1, 1, 1]
    assert (found.start - DAWN).tolist() == [50, 50, 100, 300]
    assert found.state.tolist() == [0, 0, DOWN, 0]
    assert found.source.tolist() == [0, 0, Source.PERSON, 0]


def test_nothing_is_said_beyond_the_tail(app):
    book = make_book(1)
    lease = ledger.lease(book, 600, DAWN)
    tick(lease, DAWN, {1: RUNNING})

    for start, states in ((DAWN + 300, [RUNNING, 0]), (DAWN + 600, [0]), (DAWN + 700, [0])):
        assert ledger.strips(book, start, DAWN + 900).state.tolist() == states


def test_a_book_that_is_not_there(app):
    assert ledger.strips(77, DAWN, DAWN + HOUR).ids.tolist() == []
    assert ledger.seconds([DAWN, DAWN + HOUR], book=77).seconds.shape == (1, 6, 0)
