"""What a cell was in at one second, and since when. Any history at all: test_any_history.py."""

import pytest

from tests.ledger.dense import DAWN, DAY, DOWN, HOUR, IDLE, RUNNING, UNKNOWN, make_book, make_sampled, say, tick
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Progress, Source


@pytest.fixture
def book(app):
    return make_sampled(1, 2, until=DAWN + 40 * DAY)


def at(second, cell=1):
    found = ledger.states_at(DAWN + second, [cell])[cell]
    return found.state, found.since and found.since - DAWN


def test_the_second_of_a_change_is_in_the_new_state(book):
    say(book, 1, DAWN, DAWN + 60, RUNNING)
    say(book, 1, DAWN + 60, DAWN + 120, DOWN)

    assert at(59) == (RUNNING, 0)
    assert at(60) == (DOWN, 60)
    assert at(119) == (DOWN, 60)
    assert at(120) == (UNKNOWN, 120)


def test_a_state_lasts_through_a_change_of_who_says_so(book):
    say(book, 1, DAWN, DAWN + 60, DOWN)
    say(book, 1, DAWN + 60, DAWN + 120, DOWN, Source.PERSON)

    assert ledger.states_at(DAWN + 90, [1])[1] == (DOWN, Source.PERSON, DAWN)


@pytest.mark.parametrize("days", [0.5, 1, 3, 30])
def test_since_when_is_found_days_back(book, days):
    begun = int(days * DAY)
    say(book, 1, DAWN + 100, DAWN + 35 * DAY, IDLE)
    say(book, 1, DAWN + 35 * DAY - begun, DAWN + 36 * DAY, DOWN)

    assert at(35 * DAY) == (DOWN, 35 * DAY - begun)


def test_beyond_a_month_nobody_looks(book):
    say(book, 1, DAWN + 100, DAWN + 36 * DAY, IDLE)

    assert at(35 * DAY) == (IDLE, None)


def test_what_began_before_changes_were_kept_began_some_time(book):
    say(book, 1, DAWN + HOUR, DAWN + 10 * HOUR, IDLE)
    say(book, 2, DAWN + 6 * HOUR, DAWN + 10 * HOUR, IDLE)
    with transaction():
        db.session.get_one(Progress, book).kept_from_hour = (DAWN + 5 * HOUR) // HOUR

    assert at(8 * HOUR) == (IDLE, None)
    assert at(8 * HOUR, cell=2) == (IDLE, 6 * HOUR)


def test_nobody_knows_of_a_cell_that_is_not_in_the_ledger(book):
    assert at(10, cell=99) == (UNKNOWN, None)


def test_hours_that_were_closed_since_the_last_question_are_known(app):
    book = make_book(1)
    sampler = ledger.lease(book, 600, DAWN)
    tick(sampler, DAWN, {1: IDLE})
    assert at(0) == (IDLE, 0)

    for slot in range(600, 3 * HOUR, 600):
        tick(sampler, DAWN + slot, {1: RUNNING})
    ledger.close_hours(DAWN + 3 * HOUR)

    assert at(HOUR + 60) == (RUNNING, 600)
    assert [str(state) for state in ledger.strips(book, DAWN, DAWN + 2 * HOUR).state] == ["2", "1"]
