"""Late samples, buffered ones and corrections: any order, by rank, second by second."""

import random

import pytest

from tests.ledger.dense import (
    DAWN,
    DOWN,
    HOUR,
    IDLE,
    RUNNING,
    SETUP,
    UNKNOWN,
    Dense,
    make_book,
    make_sampled,
    say,
    told,
)
from webapp import ledger
from webapp.extensions import transaction
from webapp.ledger import Source


def test_a_late_sample_is_put_where_it_belongs(app):
    book = make_sampled()

    say(book, 1, DAWN + 10, DAWN + 20, RUNNING)

    assert told(1, end=DAWN + 30) == [
        ("unknown", "none", 0, 10),
        ("running", "feed", 10, 20),
        ("unknown", "none", 20, 30),
    ]
    assert ledger.window(DAWN, DAWN + 30)[1].running == 10


def test_a_lower_rank_fills_only_what_a_higher_one_left(app):
    book = make_sampled()
    say(book, 1, DAWN + 10, DAWN + 20, DOWN, Source.PERSON)

    say(book, 1, DAWN, DAWN + 30, RUNNING)

    assert told(1, end=DAWN + 30) == [
        ("running", "feed", 0, 10),
        ("down", "person", 10, 20),
        ("running", "feed", 20, 30),
    ]


def test_among_equals_the_last_one_is_believed(app):
    book = make_sampled()
    say(book, 1, DAWN, DAWN + 30, RUNNING)

    say(book, 1, DAWN + 10, DAWN + 20, IDLE)

    assert told(1, end=DAWN + 30) == [("running", "feed", 0, 10), ("idle", "feed", 10, 20), ("running", "feed", 20, 30)]


def test_a_person_may_say_that_it_is_not_known(app):
    book = make_sampled()
    say(book, 1, DAWN, DAWN + 30, RUNNING)

    say(book, 1, DAWN, DAWN + 30, UNKNOWN, Source.PERSON)
    say(book, 1, DAWN, DAWN + 30, RUNNING)

    assert told(1, end=DAWN + 30) == [("unknown", "person", 0, 30)]
    assert ledger.window(DAWN, DAWN + 30)[1].unknown == 30


def test_the_same_state_by_a_higher_source_is_kept_as_its_word(app):
    book = make_sampled()
    say(book, 1, DAWN, DAWN + 30, RUNNING)

    say(book, 1, DAWN, DAWN + 30, RUNNING, Source.PERSON)
    say(book, 1, DAWN, DAWN + 30, DOWN)

    assert told(1, end=DAWN + 30) == [("running", "person", 0, 30)]


def test_a_word_taken_back_leaves_what_it_covered(app):
    book = make_sampled()
    say(book, 1, DAWN + 10, DAWN + 20, RUNNING)
    say(book, 1, DAWN + 20, DAWN + 30, SETUP, Source.INFERRED)
    before = told(1)

    was = correct(book, DAWN + 5, DAWN + 40)
    unsay(book, was)

    assert [(str(span.state), str(span.source), span.start - DAWN, span.end - DAWN) for span in was] == [
        ("unknown", "none", 5, 10),
        ("running", "feed", 10, 20),
        ("setup", "inferred", 20, 30),
        ("unknown", "none", 30, 40),
    ]
    assert told(1) == before
    say(book, 1, DAWN + 30, DAWN + 40, RUNNING)
    assert told(1)[-2] == ("running", "feed", 30, 40)


def test_a_word_taken_back_leaves_what_was_said_over_it_since(app):
    book = make_sampled()
    say(book, 1, DAWN, DAWN + 30, RUNNING)
    was = correct(book, DAWN, DAWN + 30)
    say(book, 1, DAWN + 10, DAWN + 20, IDLE, Source.PERSON)

    unsay(book, was)
    unsay(book, was)

    assert told(1, end=DAWN + 30) == [
        ("running", "feed", 0, 10),
        ("idle", "person", 10, 20),
        ("running", "feed", 20, 30),
    ]


def test_a_word_taken_back_after_its_hours_were_closed(app):
    book = make_sampled(until=DAWN + 80 * HOUR)
    say(book, 1, DAWN, DAWN + 60 * HOUR, RUNNING)
    was = correct(book, DAWN + 100, DAWN + 51 * HOUR + 100)
    ledger.close_hours(DAWN + 80 * HOUR)

    unsay(book, was)

    edges = [DAWN, DAWN + HOUR, DAWN + 24 * HOUR, DAWN + 51 * HOUR, DAWN + 80 * HOUR]
    assert [found[1].running for found in ledger.windows(edges)] == [HOUR, 23 * HOUR, 27 * HOUR, 9 * HOUR]


def correct(book, start, end):
    with transaction():
        return ledger.fill(book, 1, [(start, end, DOWN)], Source.PERSON)


def unsay(book, was):
    with transaction():
        ledger.unsay(book, 1, DOWN, Source.PERSON, was)


def test_nobody_cannot_say_anything(app):
    book = make_sampled()

    with pytest.raises(ValueError):
        say(book, 1, DAWN, DAWN + 30, RUNNING, Source.NONE)


def test_nothing_is_taken_from_before_the_start(app):
    book = make_sampled(start=DAWN + 100, until=DAWN + HOUR)

    say(book, 1, DAWN - 400 * 86_400, DAWN + 200, RUNNING)

    assert told(1, end=DAWN + 300)[:2] == [("unknown", "none", 0, 100), ("running", "feed", 100, 200)]


def test_nothing_is_taken_from_beyond_a_living_tail(app):
    book = make_sampled(until=DAWN + 100)

    say(book, 1, DAWN + 50, DAWN + 500, RUNNING)

    assert told(1, end=DAWN + 500) == [
        ("unknown", "none", 0, 50),
        ("running", "feed", 50, 100),
        ("unknown", "none", 100, 500),
    ]


def test_what_was_stored_while_the_sampler_was_away_is_taken(app):
    book = make_sampled(until=DAWN + 100)
    ledger.expire(DAWN + 1000, 60)

    say(book, 1, DAWN + 50, DAWN + 500, RUNNING)

    assert told(1, end=DAWN + 600)[1:] == [("running", "feed", 50, 500), ("unknown", "none", 500, 600)]
    assert ledger.window(DAWN, DAWN + 600)[1].running == 450


def test_a_correction_reaches_over_hours_and_days_that_are_closed(app):
    book = make_sampled(until=DAWN + 80 * HOUR)
    ledger.close_hours(DAWN + 80 * HOUR)

    say(book, 1, DAWN + 100, DAWN + 51 * HOUR + 100, SETUP, Source.PERSON)

    edges = [DAWN, DAWN + HOUR, DAWN + 24 * HOUR, DAWN + 51 * HOUR, DAWN + 60 * HOUR, DAWN + 80 * HOUR]
    assert [found[1].setup for found in ledger.windows(edges)] == [3500, 23 * HOUR, 27 * HOUR, 100, 0]


def test_a_correction_of_five_years(app):
    years = 5 * 366 * 24 * HOUR
    book = make_sampled(until=DAWN + years)

    say(book, 1, DAWN + 100, DAWN + years - 100, SETUP, Source.PERSON)

    assert ledger.window(DAWN, DAWN + years)[1].setup == years - 200
    assert told(1, end=DAWN + years)[1] == ("setup", "person", 100, years - 100)


def test_order_changes_nothing_where_nobody_disputes(app):
    book, rnd = make_sampled(1, 2), random.Random(3)
    said = [(DAWN + n * 10, DAWN + n * 10 + 10, rnd.choice([RUNNING, IDLE, DOWN])) for n in range(40)]
    for start, end, state in said:
        say(book, 1, start, end, state)

    rnd.shuffle(said)
    for start, end, state in [*said, *said[:10]]:
        say(book, 2, start, end, state)

    assert told(1) == told(2)


def test_many_stretches_at_once_are_the_same_as_one_by_one(app):
    book, rnd = make_sampled(1, 2), random.Random(4)
    edges = sorted(rnd.sample(range(DAWN - 50, DAWN + HOUR + 50), 80))
    said = [(low, high, rnd.choice([RUNNING, IDLE, DOWN])) for low, high in zip(edges[::2], edges[1::2], strict=True)]
    for start, end, state in said:
        say(book, 1, start, end, state)

    with transaction():
        ledger.fill(book, 2, said, Source.FEED)

    assert told(1) == told(2)


def test_stretches_that_overlap_are_a_mistake(app):
    book = make_sampled()

    with pytest.raises(ValueError), transaction():
        ledger.fill(book, 1, [(DAWN, DAWN + 20, RUNNING), (DAWN + 10, DAWN + 30, IDLE)], Source.FEED)


def test_fourteen_days_are_told_without_a_sampler(app):
    book, rnd, dense = make_book(), random.Random(5), Dense(DAWN, 14 * 24 * HOUR, DAWN)
    said, at = [], DAWN
    while at < DAWN + 14 * 24 * HOUR - 3000:
        said.append((at, at + rnd.randrange(60, 3000), rnd.choice([RUNNING, IDLE, DOWN])))
        at = said[-1][1]
    for stretch in said:
        dense.say(*stretch, Source.FEED)

    with transaction():
        ledger.fill(book, 1, said, Source.FEED)

    assert ledger.spans(1, DAWN, DAWN + 14 * 24 * HOUR) == dense.spans(DAWN, DAWN + 14 * 24 * HOUR)
    assert ledger.close_hours(DAWN + 14 * 24 * HOUR) == 200
    assert ledger.window(DAWN + 70, DAWN + 12 * 24 * HOUR)[1] == dense.counted(DAWN + 70, DAWN + 12 * 24 * HOUR)
