"""Who holds a cell: the database decides, however many ask."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from tests.world import NOW, make_cell
from webapp import cells
from webapp.extensions import db, transaction


def claimed(cell, what, now=NOW):
    with transaction():
        return cells.claim(cell, what, now)


def let_go(claim, now=NOW, **given):
    with transaction():
        return cells.release(claim, now, "finished", **given)


def test_a_free_cell_is_claimed(app):
    cell = make_cell()

    claim = claimed(cell, "project:7")

    assert (claim.cell_id, claim.what, claim.opened, claim.fence) == (cell.id, "project:7", NOW, 1)
    assert cells.open_claim("project:7") == claim
    assert cells.claim_on(cell.id) == claim


def test_a_cell_has_one_holder(app):
    cell = make_cell()
    claimed(cell, "project:7")

    assert claimed(cell, "project:8") is None
    assert cells.open_claim("project:8") is None


def test_a_holder_has_one_cell(app):
    claimed(make_cell("C01"), "project:7")

    assert claimed(make_cell("C02"), "project:7") is None


def test_the_fence_grows_with_every_claim_of_a_cell(app):
    cell, other = make_cell("C01"), make_cell("C02")
    fences = []
    for number in range(3):
        claim = claimed(cell, f"project:{number}")
        fences.append(claim.fence)
        let_go(claim)

    assert fences == [1, 2, 3]
    assert claimed(other, "project:9").fence == 1


@pytest.mark.parametrize("mode", ["draining", "closed"])
def test_a_cell_that_is_not_open_takes_no_new_work(app, mode):
    cell = make_cell()
    cells.set_mode(cell.id, mode, "door switch", "sam", NOW)

    assert claimed(cell, "project:7") is None


def test_a_retired_cell_takes_no_work(app):
    cell = make_cell()
    cells.retire_cell(cell.id, "root", NOW)

    assert claimed(cell, "project:7") is None


def test_letting_go_closes_the_claim_and_owes_the_cell_a_stop(app):
    claim = claimed(make_cell(), "project:7")

    assert let_go(claim, NOW + timedelta(minutes=5))

    assert (claim.closed, claim.why, claim.stop_owed) == (NOW + timedelta(minutes=5), "finished", True)


def test_letting_go_twice_changes_nothing(app):
    claim = claimed(make_cell(), "project:7")
    let_go(claim, NOW, stop_owed=False)

    assert not let_go(claim, NOW + timedelta(hours=1))

    assert (claim.closed, claim.stop_owed) == (NOW, False)


def test_a_claim_let_go_leaves_the_cell_free(app):
    cell = make_cell()
    let_go(claimed(cell, "project:7"))

    assert claimed(cell, "project:8")


def test_a_cell_that_refused_is_left_alone_for_a_while(app):
    cell = make_cell()

    with transaction():
        cells.keep_away(cell.id, NOW + timedelta(minutes=5), "No fixture")

    assert (cell.refused_until, cell.refused_why) == (NOW + timedelta(minutes=5), "No fixture")


def race(app, *acts):
    """Run the acts at the same moment, each on a connection of its own; what they returned."""
    start, results = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            start.wait()
            results[place] = act()
            db.session.remove()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    db.session.rollback()  # what it saw before is over
    return results


def attempt(cell_id, what):
    def act():
        with transaction():
            claim = cells.claim(cells.one(cell_id), what, NOW)
        return claim and claim.id

    return act


def test_of_many_at_once_one_gets_the_cell(app):
    cell = make_cell()

    for round_ in range(5):
        won = [each for each in race(app, *(attempt(cell.id, f"project:{round_}{n}") for n in range(8))) if each]
        assert len(won) == 1
        let_go(db.session.get_one(cells.Claim, won[0]))


def test_of_many_cells_at_once_a_holder_gets_one(app):
    each = [make_cell(f"C{n:02}").id for n in range(6)]

    for round_ in range(5):
        won = [claim for claim in race(app, *(attempt(cell_id, f"project:{round_}") for cell_id in each)) if claim]
        assert len(won) == 1
        let_go(db.session.get_one(cells.Claim, won[0]))


def test_once_a_cell_was_closed_nothing_is_claimed_on_it(app):
    cell = make_cell()

    def close():
        cells.set_mode(cell_id, "closed", "", "sam", NOW)
        db.session.rollback()
        held = cells.claim_on(cell_id)
        return held and held.id

    cell_id = cell.id
    for round_ in range(5):
        cells.set_mode(cell_id, "open", "", "sam", NOW)
        seen_at_closing, claim = race(app, close, attempt(cell_id, f"project:{round_}"))
        held = cells.claim_on(cell_id)
        assert seen_at_closing == claim == (held and held.id)
        if held:
            let_go(held)
