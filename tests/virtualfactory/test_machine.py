"""The rules of the cell protocol, told to one pretend machine."""

import pytest

from virtualfactory.behaviour import HOUR, MINUTE, Run, refusal, upkeep
from virtualfactory.kept import keep, recall
from virtualfactory.machine import Job, Machine, No, Order, read_order
from virtualfactory.personality import calm, personality

NOW = 1_800_000_000.0


@pytest.fixture
def mill():
    return Machine(calm(personality(1, 1)))


def test_a_job_taken_is_reported_with_its_fence(mill):
    mill.take(Order(project_id=7, fence=3), NOW)

    report = mill.report(NOW + MINUTE)

    assert report["status"] == "setup"
    assert report["job"] == {"project_id": 7, "fence": 3, "progress": 0.0, "outcome": None, "reason": ""}


def test_the_same_order_again_changes_nothing(mill):
    assert mill.take(Order(7, 3), NOW) is True
    first = mill.job

    assert mill.take(Order(7, 3), NOW + HOUR) is False
    assert mill.job == first


def test_an_older_fence_is_refused_and_a_newer_one_takes_over(mill):
    mill.take(Order(7, 3), NOW)

    with pytest.raises(No) as refused:
        mill.take(Order(6, 2), NOW)
    mill.take(Order(8, 4), NOW)

    assert refused.value.status == 409
    assert mill.job.order.project_id == 8


def test_the_same_fence_for_another_project_is_refused(mill):
    mill.take(Order(7, 3), NOW)

    with pytest.raises(No):
        mill.take(Order(9, 3), NOW)


def test_an_order_that_comes_after_its_end_starts_nothing(mill):
    mill.drop(fence=3)

    with pytest.raises(No):
        mill.take(Order(7, 3), NOW)

    assert mill.job is None


def test_a_late_goodbye_leaves_the_newer_job_alone(mill):
    mill.take(Order(8, 4), NOW)

    mill.drop(fence=3)

    assert mill.job.order.project_id == 8


def test_the_outcome_waits_until_it_is_fetched(mill):
    mill.take(Order(7, 3), NOW)

    report = mill.report(mill.job.run.end + HOUR)
    mill.drop(fence=3)

    assert (report["status"], report["job"]["outcome"], report["job"]["progress"]) == ("idle", "finished", 1.0)
    assert mill.report(NOW + 2 * HOUR)["job"] is None


def test_a_failure_says_why(mill):
    mill.job = Job(Order(7, 3), Run("7/3", NOW, NOW + HOUR, "failure", "Bar feeder E-061", share=0.4))

    job = mill.report(NOW + HOUR)["job"]

    assert (job["outcome"], job["reason"], job["progress"]) == ("failure", "Bar feeder E-061", 0.4)


def test_a_machine_told_never_to_finish_runs_on():
    mill = Machine(calm(personality(1, 1)), never_finishes=True)
    mill.take(Order(7, 3), NOW)

    report = mill.report(NOW + 1000 * HOUR)

    assert (report["status"], report["job"]["outcome"]) == ("running", None)


def test_changed_values_reach_the_job_under_way(mill):
    mill.take(Order(7, 3, {"x1": "a", "x2": "b"}), NOW)

    mill.change(7, 3, {"x2": "c"}, NOW)

    assert mill.job.order.parameters == {"x1": "a", "x2": "c"}


@pytest.mark.parametrize(("project", "fence", "later"), [(7, 2, 0), (8, 3, 0), (7, 3, 999 * HOUR)])
def test_values_of_another_or_an_ended_job_are_refused(mill, project, fence, later):
    mill.take(Order(7, 3), NOW)

    with pytest.raises(No) as refused:
        mill.change(project, fence, {"x1": "c"}, NOW + later)

    assert refused.value.status == 409


def test_a_machine_under_service_takes_nothing():
    someone = personality(1, 1)
    service = next(due for day in range(20_000, 20_200) if (due := upkeep(someone, day)))

    with pytest.raises(No, match="maintenance"):
        Machine(someone).take(Order(7, 3), service.start)


def test_a_refusal_gives_its_reason():
    hob = personality(1, 9)
    project = next(n for n in range(1, 500) if refusal(hob, f"{n}/1"))

    with pytest.raises(No) as refused:
        Machine(hob).take(Order(project, 1), NOW)

    assert (refused.value.status, refused.value.message) == (422, hob.refusals[0])


def test_a_demonstration_can_hand_over_a_job_that_is_under_way(mill):
    order = read_order(
        {"project_id": 7, "fence": 3, "started_at": "2026-09-16T12:00:00Z", "will_take_minutes": 120, "x-params": {}}
    )
    mill.take(order, order.started_at + HOUR)

    assert mill.job.run.end - mill.job.run.start == 2 * HOUR
    assert 0.3 < mill.report(order.started_at + HOUR)["job"]["progress"] < 0.7


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"project_id": 7},
        {"project_id": True, "fence": 1},
        {"project_id": "7", "fence": 1},
        {"project_id": 7, "fence": 0},
        {"project_id": 7, "fence": 1, "x-params": [1]},
        {"project_id": 7, "fence": 1, "x-params": {"x1": 5}},
        {"project_id": 7, "fence": 1, "cad_model": 5},
        {"project_id": 7, "fence": 1, "expected_minutes": "soon"},
        {"project_id": 7, "fence": 1, "started_at": "2026-09-16T12:00:00"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(body):
    with pytest.raises(No) as refused:
        read_order(body)

    assert refused.value.status == 400


def test_jobs_and_fences_survive_a_restart(mill, tmp_path):
    mill.take(Order(7, 3, {"x1": "a"}), NOW)
    other = Machine(mill.personality, gone=9)
    keep({1: mill, 2: other}, tmp_path)

    again = {1: Machine(mill.personality), 2: Machine(mill.personality), 3: Machine(mill.personality)}
    recall(again, tmp_path)

    assert again == {1: mill, 2: other, 3: Machine(mill.personality)}


def test_what_somebody_starts_at_the_panel_runs_without_a_job_and_ends(mill):
    mill.press(30, NOW)

    assert mill.report(NOW + 20 * MINUTE) == {"status": "running", "detail": "", "job": None}
    assert mill.report(NOW + 31 * MINUTE)["status"] == "idle"


def test_a_job_replaces_what_was_started_at_the_panel_and_is_not_replaced_by_it(mill):
    mill.press(30, NOW)
    mill.take(Order(7, 3), NOW)

    assert mill.cycle is None
    with pytest.raises(No):
        mill.press(30, NOW)


def test_a_cycle_outlives_the_program(mill, tmp_path):
    mill.press(30, NOW)
    keep({1: mill}, tmp_path)
    again = Machine(mill.personality)

    recall({1: again}, tmp_path)

    assert again.cycle == mill.cycle
