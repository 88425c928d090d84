"""Several writers of the same cells at once, each with a connection of its own; and a reader, who sees no halves."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Event, get_ident

import pytest
from sqlalchemy import event

from tests.ledger.dense import DAWN, HOUR, RUNNING, Dense, by_pairs, make_book, make_sampled, say, tick
from webapp import ledger
from webapp.extensions import db, transaction
from webapp.ledger import Fenced, Source, State
from webapp.ledger.live import forget_all

CELLS, STEP, PAST = (1, 2, 3), 7, 60
KNOWN = [state for state in State if state]
LIVE = DAWN + HOUR  # the sampler goes on from here; what lies before is told by the others


def state_of(cell: int, n: int, salt: int = 0) -> State:
    return KNOWN[(cell * 2_654_435_761 + (n // 3) * 40_503 + salt >> 7) % len(KNOWN)]


def beside(app, *works: Callable[[], None]) -> None:
    """All at once, each in a thread with its own session; what one raises is raised."""

    def inside(work):
        with app.app_context():
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(inside, work) for work in works]:
            done.result(100)


def test_three_who_tell_of_the_past_and_one_who_goes_on(app):
    book, over = make_sampled(*CELLS, until=LIVE), Event()
    cells = {cell: Dense(DAWN, 3 * HOUR, DAWN) for cell in CELLS}
    for cell, dense in cells.items():
        for n in range(PAST):
            dense.say(DAWN + n * STEP, DAWN + n * STEP + STEP, state_of(cell, n), Source.FEED)
            dense.say(DAWN + n * STEP, DAWN + n * STEP + 3, state_of(cell, n, 99), Source.PERSON)
        for n in range(PAST):
            dense.say(LIVE + n * 40, LIVE + n * 40 + 40, state_of(cell, n), Source.FEED)

    def teller(mine: int) -> Callable[[], None]:
        said = [(c, n) for c in CELLS for n in range(PAST) if (n + c) % 3 == mine]
        Random(mine).shuffle(said)

        def tell() -> None:
            for cell, n in said:
                at = DAWN + n * STEP
                with transaction():
                    ledger.assign(book, cell, at, at + 3, state_of(cell, n, 99), Source.PERSON)
                    ledger.assign(book, cell, at, at + STEP, state_of(cell, n), Source.FEED)

        return tell

    def go_on() -> None:
        try:
            lease = ledger.lease(book, 40, LIVE)
            for n in range(PAST):
                tick(lease, LIVE + n * 40, {cell: state_of(cell, n) for cell in CELLS})
                if n % 20 == 0:
                    ledger.close_hours(lease.tail)
                if n % 20 == 10:
                    ledger.seal(lease.tail)
        finally:
            over.set()

    def watch() -> None:
        """All of the live time is known up to the tail: a torn read would miss some of it, or count it twice."""
        while not over.wait(0.005):
            with app.app_context():
                end = ledger.newest() or LIVE
            with app.app_context():
                for seconds in ledger.window(LIVE, end).values():
                    assert (seconds.unknown, sum(seconds)) == (0, end - LIVE)
                    assert min(seconds) >= 0

    beside(app, *(teller(n) for n in range(3)), go_on, watch)
    ledger.close_hours(LIVE + 2 * HOUR)

    end = DAWN + 3 * HOUR
    assert ledger.many_spans(CELLS, DAWN, end) == {cell: dense.spans(DAWN, end) for cell, dense in cells.items()}
    edges = range(DAWN, end, 1117)
    assert ledger.windows(edges) == by_pairs(cells, edges)


def test_of_many_who_take_a_lease_one_may_tick(app):
    book, leases, ticked = make_book(1), [], []

    def take() -> None:
        leases.append(ledger.lease(book, 10, DAWN))

    def go_on(lease) -> Callable[[], None]:
        def once() -> None:
            try:
                tick(lease, DAWN, {1: RUNNING})
                ticked.append(lease.epoch)
            except Fenced:
                pass

        return once

    beside(app, *[take] * 6)
    beside(app, *(go_on(lease) for lease in leases))

    assert sorted(lease.epoch for lease in leases) == [1, 2, 3, 4, 5, 6]
    assert ticked == [6]


def test_expiring_closing_and_returning_at_once(app):
    """Locks are taken in one order everywhere: nobody waits for somebody who waits for him."""
    book, said = make_book(1, 2), range(60)

    def sample() -> None:
        lease = ledger.lease(book, 10, DAWN)
        for n in said:
            try:
                with transaction():
                    ledger.tick(lease, lease.tail + 30, {1: RUNNING})
                    ledger.assign(book, 2, lease.tail - 10, lease.tail, RUNNING, Source.FEED)
            except Fenced:
                lease = ledger.lease(book, 10, lease.tail + n)

    def expire() -> None:
        for n in said:
            ledger.expire(DAWN + 40 * n + 10, 10)

    def close() -> None:
        for n in said:
            ledger.close_hours(DAWN + 40 * n)

    def correct() -> None:
        for n in said:
            with transaction():
                ledger.assign(book, 1, DAWN + n, DAWN + 2 * n + 5, State.DOWN, Source.PERSON)

    beside(app, sample, expire, close, correct)

    assert sum(ledger.window(DAWN, DAWN + 2 * HOUR)[1]) == 2 * HOUR


def test_closing_waits_for_what_is_being_assigned(app):
    book, assigned, closed = make_sampled(1, until=DAWN + 3 * HOUR), Event(), Event()

    def correct() -> None:
        with transaction():
            ledger.assign(book, 1, DAWN + 100, DAWN + 200, State.DOWN, Source.PERSON)
            assigned.set()
            assert not closed.wait(0.3)

    def close() -> None:
        assert assigned.wait(10)
        ledger.close_hours(DAWN + 3 * HOUR)
        closed.set()

    beside(app, correct, close)

    found = ledger.windows([DAWN, DAWN + HOUR, DAWN + 2 * HOUR])
    assert [stretch[1].down for stretch in found] == [100, 0]


@pytest.mark.parametrize("sealed", [False, True])
def test_a_question_sees_one_moment(app, sealed):
    """After whichever of its statements others write: the answer is the one before."""
    end = DAWN + 30 * HOUR
    book = make_sampled(1, until=end)
    ledger.close_hours(DAWN + 29 * HOUR)
    if sealed:
        ledger.seal(end)
    edges = [DAWN + HOUR + 30, DAWN + 24 * HOUR + 30, end]

    for warm in (True, False):
        statement, interrupted = 0, [0]
        while interrupted:
            statement += 1
            before, start = ledger.windows(edges), DAWN + statement * 100
            db.session.rollback()
            if not warm:
                forget_all()
            with after_statement(statement, lambda begin=start: say(book, 1, begin, end, RUNNING), app) as interrupted:
                found = ledger.windows(edges)
            db.session.rollback()
            assert found in (before, ledger.windows(edges))
            say(book, 1, DAWN, end, KNOWN[statement % len(KNOWN)])
            if sealed:
                ledger.seal(end)
        assert statement > (1 if warm and sealed else 4)


@contextmanager
def after_statement(nth: int, work: Callable[[], None], app) -> Iterator[list[int]]:
    """Once this thread has read for the nth time outside of acts, somebody else works, and commits. Whether he did."""
    here, count, done = get_ident(), itertools.count(1), []

    def interrupt(connection: object, cursor: object, statement: str, *_: object) -> None:
        mine = get_ident() == here and not db.session.info.get("writing")
        if mine and statement.startswith(("SELECT", "WITH")) and next(count) == nth:
            done.append(nth)
            beside(app, work)

    event.listen(db.engine, "after_cursor_execute", interrupt)
    try:
        yield done
    finally:
        event.remove(db.engine, "after_cursor_execute", interrupt)
