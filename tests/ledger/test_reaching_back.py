"""History of the time before a cell was known here: its beginning is moved, and told like any other time."""

import random

import pytest

from tests.ledger.dense import DAWN, DAY, HOUR, Dense, by_pairs, make_book, make_sampled, say
from webapp import ledger
from webapp.extensions import transaction
from webapp.ledger import Source, State


def reach_back(book, cell_id, start):
    with transaction():
        return ledger.reach_back(book, cell_id, start)


def test_what_was_before_its_beginning_can_be_told_once_it_reaches_back(app):
    book = make_book(1, start=DAWN)
    say(book, 1, DAWN - HOUR, DAWN + HOUR, State.RUNNING)
    assert ledger.window(DAWN - DAY, DAWN + DAY)[1].running == HOUR

    assert reach_back(book, 1, DAWN - 3 * DAY - 100) == DAWN - 3 * DAY - 100
    say(book, 1, DAWN - 4 * DAY, DAWN - HOUR, State.DOWN)

    assert ledger.window(DAWN - 5 * DAY, DAWN + DAY)[1].down == 3 * DAY + 100 - HOUR
    assert ledger.window(DAWN - 5 * DAY, DAWN + DAY)[1].running == HOUR


def test_a_beginning_that_is_no_earlier_changes_nothing(app):
    book = make_book(1)

    assert reach_back(book, 1, DAWN + 7) == DAWN
    assert reach_back(book, 1, DAWN) == DAWN


def test_it_reaches_fifty_years_back_and_not_into_the_dawn_of_time(app):
    book = make_book(1)

    begins = reach_back(book, 1, 0)

    assert 49 < (DAWN - begins) / (365.25 * DAY) < 51
    say(book, 1, begins, begins + 5, State.IDLE)
    assert ledger.window(0, DAWN)[1].idle == 5


@pytest.mark.parametrize("seed", range(6))
def test_as_the_dense_array_says(app, seed):
    chance = random.Random(seed)
    begin, length = DAWN - 4 * DAY, 6 * DAY
    book = make_sampled(1, until=DAWN + DAY)
    dense = Dense(begin, length, DAWN)
    for _ in range(12):
        if chance.random() < 0.4:
            dense.start = min(dense.start, start := chance.randrange(begin, DAWN))
            reach_back(book, 1, start)
        first = chance.randrange(begin, DAWN + DAY - 100)
        last = min(first + chance.choice([50, HOUR, 30 * HOUR]), DAWN + DAY)
        said = chance.choice(list(State)), chance.choice([Source.INFERRED, Source.FEED, Source.PERSON])
        say(book, 1, first, last, *said)
        dense.say(first, last, *said)
        if chance.random() < 0.3:
            ledger.close_hours(DAWN + chance.randrange(DAY))

    edges = sorted({begin, DAWN, begin + length, *(chance.randrange(begin, begin + length) for _ in range(40))})
    assert ledger.windows(edges) == by_pairs({1: dense}, edges)
    assert ledger.spans(1, begin, begin + length) == dense.spans(begin, begin + length)
