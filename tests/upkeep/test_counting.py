"""Run hours are the ledger's own, however they came to be known."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.upkeep.upkeeping import HOUR, begun, book, make_duty, ran
from tests.world import NOW, make_cell, person
from webapp import ledger, upkeep
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch

DAY = timedelta(days=1)


def fresh(duty):
    db.session.expire_all()
    return upkeep.one_duty(duty.id)


def test_hours_run_since_it_was_last_done(app):
    cell = make_cell()
    ran(cell, NOW - 10 * HOUR, NOW - 4 * HOUR)
    ran(cell, NOW - 4 * HOUR, NOW - 3 * HOUR, "idle")

    duty = make_duty(cell, every_hours=100, last_done_at=NOW - 8 * HOUR)

    assert (duty.run_seconds, duty.unseen_seconds) == (4 * 3600, 3 * 3600)
    assert duty.left_seconds == 96 * 3600


def test_each_round_reads_it_anew(app):
    cell = make_cell()
    duty = make_duty(cell, every_hours=100, last_done_at=NOW - 8 * HOUR)
    ran(cell, NOW - 10 * HOUR, NOW - 4 * HOUR)

    upkeep.count_hours(NOW + timedelta(minutes=1))

    assert fresh(duty).run_seconds == 4 * 3600
    assert fresh(duty).counted_at == NOW + timedelta(minutes=1)


def test_history_that_was_corrected_is_counted_as_it_reads_now(app):
    cell = make_cell()
    ran(cell, NOW - 8 * HOUR, NOW)
    duty = make_duty(cell, every_hours=100, last_done_at=NOW - 8 * HOUR)
    with transaction():
        ledger.assign(cell.book_id, cell.id, epoch(NOW - 3 * HOUR), epoch(NOW), ledger.State.IDLE, ledger.Source.PERSON)

    upkeep.count_hours(NOW)

    assert fresh(duty).run_seconds == 5 * 3600


def test_duties_of_many_cells_each_from_its_own_moment(app):
    cells = [make_cell(f"C0{number}") for number in range(1, 5)]
    duties = [make_duty(cell, every_hours=100, last_done_at=NOW - hours * HOUR) for hours, cell in enumerate(cells, 1)]
    for cell in cells:
        ran(cell, NOW - 20 * HOUR, NOW - 2 * HOUR)

    upkeep.count_hours(NOW)

    assert [fresh(duty).run_seconds // 3600 for duty in duties] == [0, 0, 1, 2]


def test_foreseen_by_how_much_it_ran_of_late(app):
    cell = make_cell(in_service_from=NOW - 20 * DAY)
    for day in range(14):
        ran(cell, NOW - (day + 1) * DAY, NOW - (day + 1) * DAY + 12 * HOUR)
        ran(cell, NOW - (day + 1) * DAY + 12 * HOUR, NOW - day * DAY, "idle")

    duty = make_duty(cell, every_hours=200, last_done_at=NOW - 10 * DAY)

    assert duty.due_at == NOW + timedelta(hours=160)


def test_foreseen_sooner_where_work_is_booked(app):
    cell = make_cell()
    ran(cell, NOW - DAY, NOW, "idle")
    duty = make_duty(cell, every_hours=10, last_done_at=NOW)
    assert duty.due_at is None

    book(cell, NOW + DAY, NOW + DAY + 12 * HOUR)
    upkeep.count_hours(NOW)

    assert fresh(duty).due_at == NOW + DAY + 10 * HOUR


def test_one_that_was_done_meanwhile_is_not_overwritten(app):
    cell = make_cell()
    ran(cell, NOW - 8 * HOUR, NOW)
    duty = make_duty(cell, every_hours=100, last_done_at=NOW - 8 * HOUR)
    from webapp.upkeep.counting import counted, keep_counted

    read_before = counted([upkeep.one_duty(duty.id)], NOW)
    window = begun(cell, duty_id=duty.id)
    upkeep.complete_window(window.id, person("oli"), NOW + HOUR)
    with transaction():
        keep_counted(read_before, NOW + HOUR)

    assert fresh(duty).run_seconds == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 10), st.sampled_from(["running", "idle", "down"])), max_size=6
    ),
    st.integers(0, 48),
)
def test_it_is_the_count_of_seconds_told_last(app, told, hours_ago):
    """Whatever was told in whatever order: of each hour the last word counts."""
    name = f"C{db.session.query(upkeep.Duty).count():03}"
    cell = make_cell(name, in_service_from=NOW - timedelta(hours=60))
    begins, hours = NOW - timedelta(hours=50), {}
    for start, length, state in told:
        ran(cell, begins + start * HOUR, begins + (start + length) * HOUR, state)
        hours |= dict.fromkeys(range(start, start + length), state)

    duty = make_duty(cell, every_hours=1000, last_done_at=NOW - hours_ago * HOUR)

    inside = [hours.get(hour) for hour in range(50 - hours_ago, 50)]
    assert duty.run_seconds == 3600 * inside.count("running")
    assert duty.unseen_seconds == 3600 * inside.count(None)
