"""Whatever people, cells and the sweep do in whatever order: the room and a small model of it never differ."""

from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from tests.projects.shop import PERIOD, a_spec, make_cell, person
from tests.world import NOW
from webapp import cells, projects
from webapp.cells import Claim, Told
from webapp.extensions import db
from webapp.lib.refusal import Refusal
from webapp.projects import handing

GRACE = timedelta(seconds=10)


class Floor(RuleBasedStateMachine):
    """The model: of each project its status and the cell it should hold; of each cell who holds it."""

    empty = None  # set by the test: empties the database

    @initialize()
    def open_shop(self) -> None:
        self.empty()
        self.now: datetime = NOW
        self.ada, self.sam = person("ada"), person("sam")
        self.cells = [make_cell(f"C0{n}").id for n in (1, 2)]
        self.model: dict[int, dict] = {}
        self.errands: list[handing.Errand] = []

    def some(self, data, *statuses):
        found = [n for n, told in self.model.items() if told["status"] in statuses]
        return data.draw(st.sampled_from(found)) if found else None

    def tick(self, seconds: int = 1) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(priority=st.integers(0, 9), wanted=st.integers(0, 2))
    def create(self, priority: int, wanted: int) -> None:
        asked = self.cells[wanted - 1] if wanted else None
        made = projects.create(a_spec(priority=priority, requested_cell_id=asked), self.ada, self.now, PERIOD)
        self.model[made.id] = {"status": "created", "asked": asked}
        self.tick()

    @rule()
    def sweep(self) -> None:
        projects.dispatch_waiting(self.now, PERIOD)
        self.tick()

    @rule()
    def tell_cells(self) -> None:
        self.errands += handing._taken_up(self.now)

    @precondition(lambda self: self.errands)
    @rule(data=st.data(), outcome=st.sampled_from(["taken", "refused", "silent"]))
    def cell_answers(self, data, outcome: str) -> None:
        errand = data.draw(st.sampled_from(self.errands))
        self.errands.remove(errand)
        before = projects.one(errand.job.project_id)
        current = before.status == "created" and before.claim_id == errand.claim_id
        handing.settle(errand, Told(outcome, "so"), self.now)
        if current and outcome == "taken":
            self.model[errand.job.project_id]["status"] = "running"
        self.tick()

    @rule(data=st.data(), how=st.sampled_from(["finished", "failure"]), undo=st.booleans())
    def end(self, data, how: str, undo: bool) -> None:
        number = self.some(data, "created", "running", "finished", "failure")
        if number is None:
            return
        told = self.model[number]
        allowed = told["status"] == "running" or (told["status"] == "created" and how == "failure")
        try:
            grace = GRACE if undo else timedelta(0)
            if how == "finished":
                projects.finish(number, self.sam, self.now, grace)
            else:
                projects.fail(number, self.sam, self.now, "so", grace)
            assert allowed
            told |= {"was": told["status"], "status": how, "until": self.now + GRACE if undo else None}
        except Refusal:
            assert not allowed
        self.tick()

    @rule(data=st.data())
    def undo(self, data) -> None:
        number = self.some(data, "created", "running", "finished", "failure")
        if number is None:
            return
        told = self.model[number]
        allowed = told["status"] in ("finished", "failure") and told["until"] is not None and self.now < told["until"]
        try:
            projects.undo_ending(number, self.sam, self.now)
            assert allowed
            told |= {"status": told["was"], "until": None}
        except Refusal:
            assert not allowed
        self.tick()

    @rule(data=st.data())
    def release_silent(self, data) -> None:
        number = self.some(data, "created", "running")
        if number is not None:
            silent = projects.one(number).waiting_code == "cell_silent"
            try:
                projects.release_silent(number, self.sam, self.now)
                assert silent
            except Refusal:
                assert not silent
            self.tick()

    @rule(seconds=st.sampled_from([1, 11, 70]))
    def time_passes(self, seconds: int) -> None:
        self.tick(seconds)
        projects.release_ended(self.now)
        for told in self.model.values():
            if told.get("until") and told["until"] <= self.now:
                told["until"] = None

    @rule(n=st.integers(0, 1), mode=st.sampled_from(["open", "draining", "closed"]))
    def set_mode(self, n: int, mode: str) -> None:
        cells.set_mode(self.cells[n], mode, "", "sam", self.now)
        self.tick()

    @rule(data=st.data(), value=st.sampled_from(["a", "b"]))
    def revise(self, data, value: str) -> None:
        number = self.some(data, "created", "running", "finished", "failure")
        if number is None:
            return
        allowed = self.model[number]["status"] in ("created", "running")
        try:
            projects.revise(number, {"x1": value}, self.ada, self.now)
            assert allowed
        except Refusal:
            assert not allowed

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        db.session.rollback()
        for number, told in getattr(self, "model", {}).items():
            project = projects.one(number)
            assert project.status == told["status"]
            assert told["asked"] in (None, project.cell_id) or project.cell_id is None
            waits = project.status == "created" and project.cell_id is None
            assert not waits or project.waiting_code

    @invariant()
    def claims_and_projects_agree(self) -> None:
        """One project per cell and one cell per project; who holds a cell is under way or within the grace."""
        if not getattr(self, "model", None):
            return
        held = {claim.what: claim for claim in db.session.scalars(select(Claim).where(Claim.closed.is_(None)))}
        for number, told in self.model.items():
            project = projects.one(number)
            under_way = told["status"] == "running" or (told["status"] == "created" and project.cell_id is not None)
            claim = held.pop(project.what, None)
            if under_way or (told.get("until") and project.claim_id is not None):
                assert claim is not None
                assert (claim.id, claim.cell_id, claim.fence) == (project.claim_id, project.cell_id, project.fence)
            else:
                assert claim is None
        assert not held


def test_the_room_and_the_model_never_differ(app, empty_tables):
    Floor.empty = staticmethod(empty_tables)
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
    run_state_machine_as_test(
        Floor,
        settings=settings(max_examples=10, stateful_step_count=30, deadline=None, suppress_health_check=checks),
    )
