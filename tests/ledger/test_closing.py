"""Closing hours changes no answer; it only makes them cheap."""

from tests.ledger.dense import DAWN, DOWN, HOUR, IDLE, RUNNING, make_book, say, tick
from webapp import ledger
from webapp.ledger import Source

EDGES = [DAWN, DAWN + 100, DAWN + HOUR, DAWN + 23 * HOUR, DAWN + 24 * HOUR, DAWN + 24 * HOUR + 7, DAWN + 30 * HOUR]


def make_history():
    lease = ledger.lease(make_book(1, 2), 600, DAWN)
    for n in range(180):
        tick(lease, DAWN + n * 600, {1: (RUNNING, IDLE, DOWN)[n // 7 % 3], 2: RUNNING} if n % 11 else {1: DOWN})
    return lease


def test_answers_are_the_same_before_and_after(app):
    lease = make_history()
    say(lease.book, 1, DAWN + 23 * HOUR, DAWN + 24 * HOUR, IDLE, Source.PERSON)
    before, spans = ledger.windows(EDGES), ledger.spans(1, EDGES[0], EDGES[-1])

    assert ledger.close_hours(lease.tail) == 30

    assert ledger.windows(EDGES) == before
    assert ledger.spans(1, EDGES[0], EDGES[-1]) == spans


def test_an_hour_that_a_living_sampler_is_in_stays_open(app):
    lease = ledger.lease(make_book(1), 10, DAWN)
    tick(lease, DAWN + HOUR - 20, {1: RUNNING})

    assert ledger.close_hours(DAWN + 5 * HOUR) == 0
    tick(lease, DAWN + HOUR - 10, {1: RUNNING})
    assert ledger.close_hours(DAWN + 5 * HOUR) == 1


def test_a_long_stop_is_caught_up_in_several_calls(app):
    lease = ledger.lease(make_book(1), 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})
    tick(lease, DAWN + 500 * HOUR, {1: RUNNING})
    now = lease.tail
    before = ledger.window(DAWN, now)

    assert [ledger.close_hours(now) for _ in range(4)] == [200, 200, 100, 0]

    assert ledger.window(DAWN, now) == before
    assert before[1].running == 20


def test_where_no_sampler_lives_the_past_is_closed(app):
    lease = ledger.lease(make_book(1), 10, DAWN)
    tick(lease, DAWN, {1: RUNNING})
    ledger.expire(DAWN + 10 * HOUR, 60)

    assert ledger.close_hours(DAWN + 10 * HOUR) == 10

    assert ledger.window(DAWN, DAWN + 9 * HOUR)[1].running == 10
