"""The live edge: rounds, gaps, late rounds, and who may tick."""

import pytest

from tests.ledger.dense import DAWN, DOWN, HOUR, IDLE, RUNNING, UNKNOWN, make_book, say, tick, told
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Fenced, Source


def test_a_round_asserts_its_own_period(app):
    lease = ledger.lease(make_book(1, 2), 10, DAWN)

    tick(lease, DAWN, {1: RUNNING, 2: IDLE})

    assert told(1, end=DAWN + 20) == [("running", "feed", 0, 10), ("unknown", "none", 10, 20)]
    assert told(2, end=DAWN + 20) == [("idle", "feed", 0, 10), ("unknown", "none", 10, 20)]
    assert ledger.newest() == DAWN + 10


def test_a_cell_that_did_not_answer_is_unknown_for_that_time(app):
    lease = ledger.lease(make_book(1), 10, DAWN)

    for slot, states in enumerate([{1: RUNNING}, {}, {1: RUNNING}]):
        tick(lease, DAWN + slot * 10, states)

    assert told(1, end=DAWN + 30) == [
        ("running", "feed", 0, 10),
        ("unknown", "none", 10, 20),
        ("running", "feed", 20, 30),
    ]


def test_rounds_that_were_missed_are_unknown(app):
    lease = ledger.lease(make_book(1), 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})

    tick(lease, DAWN + 50, {1: RUNNING})

    assert told(1, end=DAWN + 60) == [
        ("running", "feed", 0, 10),
        ("unknown", "none", 10, 50),
        ("running", "feed", 50, 60),
    ]


def test_a_late_round_fills_what_was_missed_and_takes_nothing_back(app):
    lease = ledger.lease(make_book(1, 2), 10, DAWN)
    tick(lease, DAWN, {1: RUNNING, 2: RUNNING})
    tick(lease, DAWN + 50, {1: RUNNING, 2: RUNNING})

    tick(lease, DAWN + 20, {1: DOWN})
    tick(lease, DAWN, {2: IDLE})

    assert told(1, end=DAWN + 60)[1:4] == [
        ("unknown", "none", 10, 20),
        ("down", "feed", 20, 30),
        ("unknown", "none", 30, 50),
    ]
    assert told(2, end=DAWN + 20) == [("idle", "feed", 0, 10), ("unknown", "none", 10, 20)]


def test_a_round_that_is_late_in_part(app):
    book = make_book(1)
    lease = ledger.lease(book, 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})
    say(book, 1, DAWN + 5, DAWN + 8, UNKNOWN, Source.PERSON)

    tick(lease, DAWN + 4, {1: DOWN})

    assert told(1, end=DAWN + 14) == [
        ("running", "feed", 0, 4),
        ("down", "feed", 4, 5),
        ("unknown", "person", 5, 8),
        ("down", "feed", 8, 14),
    ]


def test_a_correction_up_to_the_tail_ends_there(app):
    book = make_book(1)
    lease = ledger.lease(book, 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})
    say(book, 1, DAWN + 5, DAWN + 10, DOWN, Source.PERSON)

    tick(lease, DAWN + 10, {1: IDLE})
    tick(lease, DAWN + 20, {1: IDLE})

    assert told(1, end=DAWN + 30) == [("running", "feed", 0, 5), ("down", "person", 5, 10), ("idle", "feed", 10, 30)]
    assert ledger.window(DAWN, DAWN + 30)[1].idle == 20


def test_who_was_replaced_is_fenced_off(app):
    book = make_book(1)
    old = ledger.lease(book, 10, DAWN)
    tick(old, DAWN, {1: RUNNING})

    new = ledger.lease(book, 10, DAWN + 10)

    for slot in (DAWN + 10, DAWN - 10):
        with pytest.raises(Fenced):
            tick(old, slot, {1: DOWN})
    tick(new, DAWN + 10, {1: IDLE})
    assert told(1, end=DAWN + 20) == [("running", "feed", 0, 10), ("idle", "feed", 10, 20)]


def test_what_was_rolled_back_is_not_remembered_for_long(app):
    book = make_book(1)
    lease = ledger.lease(book, 10, DAWN)
    ledger.tick(lease, DAWN, {1: RUNNING})
    db.session.rollback()

    for slot in (DAWN, DAWN + 10):
        with pytest.raises(Fenced):
            tick(lease, slot, {1: RUNNING})
    tick(ledger.lease(book, 10, DAWN + 10), DAWN + 10, {1: RUNNING})

    assert told(1, end=DAWN + 20) == [("unknown", "none", 0, 10), ("running", "feed", 10, 20)]


def test_a_cell_enrolled_since_the_lease_is_ticked(app):
    book = make_book(1)
    lease = ledger.lease(book, 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})
    with transaction():
        ledger.enroll(book, 2, DAWN + 5)

    tick(lease, DAWN + 10, {1: RUNNING, 2: DOWN})
    tick(lease, DAWN + 20, {1: RUNNING, 2: IDLE})

    assert told(2, end=DAWN + 30) == [("unknown", "none", 0, 10), ("down", "feed", 10, 20), ("idle", "feed", 20, 30)]


def test_a_cell_is_not_believed_before_it_begins(app):
    book = make_book(1)
    lease = ledger.lease(book, 10, DAWN)
    with transaction():
        ledger.enroll(book, 2, DAWN + 15)

    for slot in (DAWN, DAWN + 10, DAWN + 20):
        tick(lease, slot, {1: RUNNING, 2: DOWN})

    assert told(2, end=DAWN + 30) == [("unknown", "none", 0, 15), ("down", "feed", 15, 30)]
    assert ledger.window(DAWN, DAWN + 30)[2].down == 15


def test_a_silent_sampler_expires_once_and_not_before_its_grace(app):
    lease = ledger.lease(make_book(1), 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})

    assert [ledger.expire(DAWN + late, 60) for late in (70, 71, 72)] == [0, 1, 0]

    with pytest.raises(Fenced):
        tick(lease, DAWN + 80, {1: RUNNING})
    assert ledger.newest() == DAWN + 10


def test_a_sampler_that_returns_goes_on_behind_what_was_told_meanwhile(app):
    book = make_book(1)
    tick(ledger.lease(book, 10, DAWN), DAWN, {1: RUNNING})
    ledger.expire(DAWN + 500, 60)
    say(book, 1, DAWN + 10, DAWN + 400, DOWN)

    lease = ledger.lease(book, 10, DAWN + 100)
    tick(lease, DAWN + 390, {1: IDLE})
    tick(lease, DAWN + 400, {1: RUNNING})

    assert lease.tail == DAWN + 410
    assert ledger.window(DAWN, DAWN + 420)[1].down == 380
    assert told(1, end=DAWN + 420) == [
        ("running", "feed", 0, 10),
        ("down", "feed", 10, 390),
        ("idle", "feed", 390, 400),
        ("running", "feed", 400, 410),
        ("unknown", "none", 410, 420),
    ]


def test_a_sampler_returns_to_an_open_hour(app):
    book = make_book(1)
    tick(ledger.lease(book, 10, DAWN), DAWN, {1: RUNNING})
    ledger.expire(DAWN + 5 * HOUR, 60)
    ledger.close_hours(DAWN + 5 * HOUR)

    lease = ledger.lease(book, 10, DAWN + 100)

    assert lease.tail == DAWN + 5 * HOUR


def test_a_cell_that_begins_next_month_does_not_drag_the_sampler_along(app):
    book = make_book(1)
    with transaction():
        ledger.enroll(book, 2, DAWN + 30 * 24 * HOUR)

    assert ledger.lease(book, 10, DAWN).tail == DAWN
