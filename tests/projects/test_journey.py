"""From the form to the cell and back, as the jobs do it: sampled, placed, handed over, heard, let go, the next one."""

from datetime import timedelta

from tests.projects.shop import a_spec, claims_of, person, read
from tests.world import NOW, make_cell
from webapp import cells, projects
from webapp.lib.clock import epoch

PERIOD = 5


class Shift:
    """The clock's round over one machine."""

    def __init__(self, hall) -> None:
        self.hall, self.now = hall, NOW
        make_cell("C01", address=hall.address(1), networks=hall.networks)

    def round(self, status: str = "idle", **job) -> None:
        """Five seconds on, the machine says this, and everything owed is done."""
        self.now += timedelta(seconds=PERIOD)
        self.hall.says[1] = {"status": status, "job": job or None}
        cells.take_samples(epoch(self.now), PERIOD, self.hall.networks)
        projects.heed_cells(self.now)
        projects.release_ended(self.now)
        projects.dispatch_waiting(self.now, PERIOD)
        projects.start_dispatched(self.now, self.hall.networks)
        projects.offer_values(self.now, self.hall.networks)
        cells.tell_stops(self.now, self.hall.networks)

    def ask(self):
        return projects.create(a_spec(), person(), self.now, PERIOD)


def test_two_projects_one_after_the_other(app, hall):
    shift = Shift(hall)
    shift.round("idle")
    first, second = shift.ask(), shift.ask()
    assert (claims_of(first), read(second).waiting_code) == ([("C01", True)], "cells_busy")

    shift.round("idle")
    assert read(first).status == "running"

    shift.round("running", project_id=first.id, fence=1, progress=0.4)
    assert read(first).progress == 0.4

    shift.round("idle", project_id=first.id, fence=1, progress=1, outcome="finished")
    assert (read(first).status, read(first).ended_by) == ("finished", "cell:C01")
    assert (read(second).status, claims_of(second)) == ("running", [("C01", True)])

    shift.round("running", project_id=second.id, fence=2, progress=0.1)
    projects.finish(second.id, person("sam"), shift.now)
    shift.round("running", project_id=second.id, fence=2, progress=0.2)
    assert [order["fence"] for order in hall.calls("DELETE")] == [1, 2]
    assert [job["fence"] for job in hall.calls("POST")] == [1, 2]


def test_a_finish_on_a_page_leads_to_the_next_project_within_a_round(app, hall):
    shift = Shift(hall)
    shift.round("idle")
    first, second = shift.ask(), shift.ask()
    shift.round("idle")
    shift.round("running", project_id=first.id, fence=1)

    projects.finish(first.id, person("sam"), shift.now, undo=timedelta(seconds=10))
    shift.round("running", project_id=first.id, fence=1)
    assert read(second).cell_id is None
    shift.round("running", project_id=first.id, fence=1)

    assert (read(second).status, claims_of(first)) == ("running", [("C01", False)])


def test_a_machine_that_is_started_by_hand_is_left_alone(app, hall):
    shift = Shift(hall)
    shift.round("running")
    waits = shift.ask()

    shift.round("running")
    assert read(waits).waiting_code == "cells_busy"

    shift.round("idle")
    assert read(waits).status == "running"
