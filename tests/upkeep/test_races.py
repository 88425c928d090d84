"""Of several who want the same at the same moment, one gets it."""

from datetime import timedelta
from threading import Thread

from tests.cells.test_claiming import race
from tests.upkeep.upkeeping import HOUR, plan
from tests.world import NOW, make_cell, person
from webapp import cells, upkeep
from webapp.extensions import db, transaction
from webapp.lib.refusal import Refusal


def tried(act):
    """True where it was done, False where the factory said no."""

    def attempt():
        try:
            return bool(act())
        except Refusal:
            return False

    return attempt


def claim_on(cell_id, what):
    def act():
        with transaction():
            return cells.claim(cells.one(cell_id), what, NOW)

    return tried(act)


def test_two_plans_for_one_time(app):
    cell_id, oli = make_cell().id, person("oli")

    for round_ in range(4):
        start = NOW + (round_ + 1) * 3 * HOUR
        details = upkeep.WindowDetails(cell_id, start, start + HOUR, "Service")
        won = race(app, *[tried(lambda it=details: upkeep.plan_window(it, oli, NOW))] * 3)
        assert sorted(won) == [False, False, True]


def test_two_windows_of_one_cell_do_not_both_begin(app):
    cell, oli = make_cell(), person("oli")

    for round_ in range(4):
        hours = [NOW + timedelta(days=round_ + 1) + n * 5 * HOUR for n in range(2)]
        ids = [plan(cell, start).id for start in hours]
        won = race(app, *(tried(lambda it=id: upkeep.begin_window(it, oli, NOW)) for id in ids))
        assert sorted(won) == [False, True]
        upkeep.cancel_window(ids[won.index(True)], "", oli, NOW)


def test_a_cell_is_never_both_at_work_and_in_maintenance(app):
    cell, oli = make_cell(), person("oli")

    for round_ in range(4):
        id = plan(cell, NOW + timedelta(days=round_ + 1)).id
        begun, *held = race(
            app,
            tried(lambda it=id: upkeep.begin_window(it, oli, NOW)),
            *(claim_on(cell.id, f"project:{round_}{n}") for n in range(3)),
        )
        assert sum([begun, *held]) <= 1
        if begun:
            upkeep.cancel_window(id, "", oli, NOW)
        elif claim := cells.claim_on(cell.id):
            with transaction():
                cells.release(claim, NOW, "finished")


def aside(app, act):
    """It is begun in a thread of its own, while something else is still being written."""

    def run():
        with app.app_context():
            act()
            db.session.remove()

    thread = Thread(target=run)
    thread.start()
    return thread


def test_a_window_does_not_write_over_an_answer_that_was_given_meanwhile(app):
    cell, oli = make_cell(), person("oli")
    asked = upkeep.request_maintenance(cell.id, "It leaks", "soon", oli, NOW)
    details = upkeep.WindowDetails(cell.id, NOW + HOUR, NOW + 2 * HOUR, "It leaks", request_id=asked.id)

    with transaction():
        upkeep.one_request(asked.id).settle("declined", "It does not", "sam", NOW)
        db.session.flush()
        planning = aside(app, tried(lambda: upkeep.plan_window(details, oli, NOW)))
        planning.join(0.5)
    planning.join()

    db.session.rollback()
    assert (asked.answer, asked.answered_by) == ("declined", "sam")
    assert upkeep.board(NOW).planned == []
