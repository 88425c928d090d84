"""The story as a plan: what it promises of cells, projects and people, whenever it is told."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from virtualfactory.behaviour import past, unfold
from webapp.demo.plant import PLACES
from webapp.demo.routing import HAND_SERVED, REMEMBERED
from webapp.demo.story import DAYS, FAILED, NOW_FREE, NOW_RUNNING, NOW_WAITING, story

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
WHENEVER = [NOON + timedelta(hours=hours) for hours in range(0, 168, 13)]


@pytest.mark.parametrize("now", WHENEVER)
def test_forty_odd_projects_in_every_status(now):
    told = story(now, "Europe/Berlin")

    ended = [chapter for chapter in told.chapters if chapter.run and chapter.run.end <= told.now]
    failed = [chapter for chapter in ended if chapter.failure]
    running = [chapter for chapter in told.chapters if chapter.run and chapter.run.end > told.now]
    waiting = [chapter for chapter in told.chapters if chapter.run is None]

    assert 40 <= len(told.chapters) < 50
    assert (len(failed), len(running), len(waiting)) == (
        len(FAILED),
        len(set(NOW_RUNNING) - set(HAND_SERVED)),
        len(NOW_WAITING),
    )


@pytest.mark.parametrize("now", WHENEVER)
def test_each_machine_does_now_what_the_story_says(now):
    told = story(now, "Europe/Berlin")

    doing = {
        number: next(s.state for s in unfold(told.machines[number], told.runs[number][-1]) if s.end > told.now)
        for number in NOW_RUNNING
    }

    assert doing == {number: state for number, (_, state, _) in NOW_RUNNING.items()}
    assert all(told.runs[number][-1].end <= told.now for number in NOW_FREE)


@pytest.mark.parametrize("now", WHENEVER)
def test_no_machine_has_two_runs_at_once(now):
    for runs in story(now, "Europe/Berlin").runs.values():
        assert all(before.end <= after.start for before, after in pairwise(runs))


@pytest.mark.parametrize("now", WHENEVER)
def test_the_history_is_that_of_a_busy_works(now):
    told = story(now, "Europe/Berlin")
    seconds: Counter[str] = Counter()

    for number, someone in told.machines.items():
        for span in past(someone, told.runs[number], told.start, told.now):
            seconds[span.state] += int(span.end - span.start)

    share = {state: spent / seconds.total() for state, spent in seconds.items()}
    assert seconds.total() == len(PLACES) * DAYS * 86_400
    assert 0.6 < share["running"] < 0.8
    assert all(0 < share[state] < 0.05 for state in ("setup", "maintenance", "down", "unknown"))


def test_the_newest_runs_are_all_projects():
    told = story(NOON, "Europe/Berlin")
    since = told.now - 6 * 3600

    handed = [had for number, had in told.runs.items() if number not in HAND_SERVED]
    runs = [run for had in handed for run in had if run.end > since]
    projects = [chapter.run for chapter in told.chapters if chapter.run and chapter.run.end > since]

    assert sorted(run.start for run in runs) == sorted(run.start for run in projects)


def test_the_same_moment_tells_the_same_story():
    assert story(NOON, "Europe/Berlin") == story(NOON, "Europe/Berlin")


@pytest.mark.parametrize("now", WHENEVER)
def test_what_is_planned_keeps_its_rules(now):
    told = story(now, "Europe/Berlin")
    ahead = [step for order in told.orders for step in order.steps if step.start and step.run is None]
    lanes = [sorted((s.start, s.end) for s in ahead if s.cell == number) for number in told.runs]

    assert len(ahead) > 20
    assert all(before[1] <= after[0] for lane in lanes for before, after in pairwise(lane))
    assert all(b.end <= a.start for o in told.orders for b, a in pairwise(o.steps) if b.end and a.start)
    assert all(step.start > told.runs[step.cell][-1].end for step in ahead)


@pytest.mark.parametrize("now", WHENEVER)
def test_machines_served_by_hand_did_operations(now):
    told = story(now, "Europe/Berlin")
    done = [step.run for order in told.orders for step in order.steps if step.run]

    assert len(done) == 2 * REMEMBERED + 1
    assert [run.end > told.now for run in done].count(True) == 1
