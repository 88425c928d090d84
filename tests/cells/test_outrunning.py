from datetime import timedelta

from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.lib.window import last

LATER = NOW + timedelta(days=1)


def claimed(cell, what, at):
    with transaction():
        return cells.claim(cell, what, at)


def test_the_next_fence_is_newer_than_any_a_day_could_have_given(app):
    used, fresh = make_cell("C01"), make_cell("C02")
    with transaction():
        held = cells.claim(used, "project:1", NOW)
        cells.release(held, NOW, "finished", stop_owed=False)

    cells.outrun_fences(LATER)

    assert claimed(used, "project:2", LATER).fence == 1 + 86_400 + 1
    assert claimed(fresh, "project:3", LATER).fence > 86_400


def test_who_holds_a_cell_holds_it_still(app):
    cell = make_cell("C01")
    held = claimed(cell, "project:1", NOW)

    cells.outrun_fences(LATER)

    assert cells.claim_on(cell.id).id == held.id
    assert cells.claim_on(cell.id).fence == 1


def test_a_past_that_was_put_back_has_a_mark_of_its_own(app):
    make_cell("C01")
    ledger.close_hours(epoch(LATER))
    yesterday = last(NOW, hours=3)
    before = cells.mark_of_past(yesterday), cells.mark_of_figures(yesterday)

    cells.outrun_fences(LATER)

    after = cells.mark_of_past(yesterday), cells.mark_of_figures(yesterday)
    assert all([*before, *after])
    assert not set(before) & set(after)
