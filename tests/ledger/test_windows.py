"""Seconds of a window, of many, and of hours."""

from tests.ledger.dense import DAWN, DOWN, HOUR, IDLE, MAINTENANCE, RUNNING, SETUP, make_book, make_sampled, say, tick
from webapp import ledger
from webapp.extensions import transaction
from webapp.ledger import Seconds, Source, State


def test_the_states_of_a_window_sum_to_its_length(app):
    book = make_sampled()
    for n, state in enumerate([RUNNING, SETUP, IDLE, MAINTENANCE, DOWN]):
        say(book, 1, DAWN + n * 100, DAWN + n * 100 + 10 * (n + 1), state)

    assert ledger.window(DAWN, DAWN + HOUR)[1] == Seconds(10, 20, 30, 40, 50, HOUR - 150)


def test_each_state_can_fill_a_whole_hour(app):
    cells = {n + 1: state for n, state in enumerate(State)}
    book = make_book(*cells)
    tick(ledger.lease(book, 2 * HOUR, DAWN), DAWN, cells)
    ledger.close_hours(DAWN + 2 * HOUR)

    found = ledger.window(DAWN, DAWN + 2 * HOUR - 1)

    assert {cell: getattr(found[cell], str(state)) for cell, state in cells.items()} == dict.fromkeys(
        cells, 2 * HOUR - 1
    )


def test_a_cell_that_had_no_history_was_unknown(app):
    book = make_sampled(1, until=DAWN + 30 * HOUR)
    ledger.close_hours(DAWN + 30 * HOUR)
    with transaction():
        ledger.enroll(book, 2, DAWN + 30 * HOUR)

    assert ledger.window(DAWN, DAWN + HOUR)[2] == Seconds(0, 0, 0, 0, 0, HOUR)
    assert ledger.window(DAWN - 900 * HOUR, DAWN - 899 * HOUR)[1].unknown == HOUR


def test_nothing_is_known_of_the_time_beyond_the_tail(app):
    tick(ledger.lease(make_book(1), 10, DAWN), DAWN, {1: RUNNING})

    assert ledger.window(DAWN + 5, DAWN + 1000)[1] == Seconds(5, 0, 0, 0, 0, 990)
    assert ledger.window(DAWN + 500, DAWN + 1000)[1].unknown == 500


def test_an_act_sees_what_it_wrote(app):
    book = make_sampled()

    with transaction():
        ledger.assign(book, 1, DAWN, DAWN + 30, DOWN, Source.PERSON)
        assert ledger.window(DAWN, DAWN + 60)[1].down == 30
        assert ledger.spans(1, DAWN, DAWN + 30)[0].state is DOWN


def test_hours_are_told_by_cell(app):
    book = make_sampled(1, 2, until=DAWN + 3 * HOUR)
    say(book, 2, DAWN + HOUR + 100, DAWN + 2 * HOUR + 1, RUNNING)

    found = ledger.heat(DAWN, DAWN + 3 * HOUR)

    assert [seconds.running for seconds in found[2].values()] == [0, 3500, 1]
    assert list(found[1]) == [DAWN, DAWN + HOUR, DAWN + 2 * HOUR]


def test_no_edges_no_windows(app):
    make_book()

    assert (ledger.windows([]), ledger.windows([DAWN]), ledger.heat(DAWN, DAWN)) == ([], [], {})


def test_a_window_of_two_years_by_the_hour(app):
    make_sampled(1, until=DAWN + 10 * HOUR)
    ledger.close_hours(DAWN + 10 * HOUR)

    found = ledger.windows(range(DAWN - 17_520 * HOUR, DAWN + 5 * HOUR, HOUR))

    assert len(found) == 17_524
    assert all(stretch[1].unknown == HOUR for stretch in found)


def test_spans_of_nothing(app):
    make_book()

    assert ledger.spans(1, DAWN, DAWN) == []
    assert [span.state for span in ledger.spans(99, DAWN, DAWN + 5)] == [State.UNKNOWN]
