"""The pretend machines as arithmetic: the same question has the same answer, and every second has one state."""

from dataclasses import replace
from itertools import pairwise

import pytest

from virtualfactory.behaviour import (
    DAY,
    FAILURE,
    HOUR,
    MINUTE,
    Run,
    Span,
    at_rest,
    at_work,
    begin,
    overlay,
    past,
    refusal,
    silence,
    silent_until,
    unfold,
    upkeep,
)
from virtualfactory.personality import KINDS, calm, personality

START = 20_000 * DAY
MILL = personality(seed=1, number=1)


def test_a_job_begins_with_setup_and_ends_in_work():
    run = begin(calm(MILL), "7/1", START)

    spans = unfold(calm(MILL), run)

    assert spans[0].state == "setup"
    assert spans[-1].state == "running"
    assert {span.state for span in spans} <= {"setup", "running", "idle"}


@pytest.mark.parametrize("number", range(1, 13))
def test_a_run_has_one_state_for_each_of_its_seconds(number):
    someone = personality(seed=3, number=number)
    run = Run("7/1", START, START + 9 * HOUR, FAILURE, "Spindle overload E-417")

    spans = unfold(someone, run)

    assert (spans[0].start, spans[-1].end) == (run.start, run.end)
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(span.start < span.end for span in spans)


def test_a_failed_run_ends_down_with_its_reason():
    run = Run("7/1", START, START + HOUR, FAILURE, "Spindle overload E-417")

    last = unfold(MILL, run)[-1]

    assert (last.state, last.detail) == ("down", "Spindle overload E-417")


def test_progress_grows_only_while_running():
    run = Run("7/1", START, START + 6 * HOUR)

    for span in unfold(MILL, run):
        _, before = at_work(MILL, run, span.start)
        _, after = at_work(MILL, run, span.end)
        assert (after > before) == (span.state == "running")


def test_progress_is_whole_at_the_end():
    run = Run("7/1", START, START + HOUR)

    doing, progress = at_work(MILL, run, run.end)

    assert (doing.state, progress) == ("idle", 1.0)


def test_a_job_takes_about_as_long_as_was_expected():
    run = begin(calm(MILL), "7/1", START, minutes=100)

    assert 85 <= (run.end - run.start) / MINUTE <= 120


def test_the_same_seed_is_the_same_machine_and_another_seed_another():
    run = begin(MILL, "7/1", START)

    assert begin(personality(1, 1), "7/1", START) == run
    assert begin(personality(2, 1), "7/1", START) != run


def test_kinds_repeat_after_twelve_but_no_two_are_alike():
    first, thirteenth = personality(1, 1), personality(1, 13)

    assert (first.kind, thirteenth.name) == (thirteenth.kind, "C13")
    assert first.run != thirteenth.run


def test_some_jobs_are_refused_with_a_reason_and_most_are_not():
    answers = [refusal(MILL, f"{project}/1") for project in range(1000)]

    assert 0 < sum(bool(why) for why in answers) < 60


def test_the_known_troublemakers_break_and_hide_more_than_the_rest():
    hob, bench = personality(1, 9), personality(1, 12)
    others = [kind for kind in KINDS if kind.kind not in (hob.kind, bench.kind)]

    assert all(hob.breakdown_every < kind.breakdown_every for kind in others)
    assert all(bench.silence_every_hours < kind.silence_every_hours for kind in others)


def test_a_silence_is_silent_to_its_end_and_lies_in_its_hour():
    bench = personality(1, 12)
    hour = next(hour for hour in range(500_000, 500_400) if silence(bench, hour))
    gone = silence(bench, hour)

    assert silent_until(bench, gone.start) == gone.end
    assert silent_until(bench, gone.end) is None
    assert hour * HOUR <= gone.start < gone.end <= (hour + 1) * HOUR


def test_a_machine_at_rest_is_idle_unless_its_service_is_due():
    day = next(day for day in range(20_000, 20_200) if upkeep(MILL, day))
    service = upkeep(MILL, day)

    assert at_rest(MILL, service.start).state == "maintenance"
    assert at_rest(MILL, service.end).state == "idle"


def test_a_calm_machine_never_hides_rests_breaks_or_refuses():
    good = calm(personality(1, 9))

    assert not any(silence(good, hour) for hour in range(500_000, 501_000))
    assert not any(upkeep(good, day) for day in range(20_000, 20_100))
    assert not any(refusal(good, f"{n}/1") for n in range(200))
    assert "down" not in {span.state for span in unfold(good, Run("7/1", START, START + 20 * DAY))}


@pytest.mark.parametrize("number", [1, 9, 12])
def test_the_past_is_gapless_and_in_whole_seconds(number):
    someone = personality(seed=5, number=number)
    runs = [Run(f"{n}/1", START + n * 5 * HOUR + 0.4, START + n * 5 * HOUR + 4.2 * HOUR) for n in range(60)]

    spans = past(someone, runs, START - DAY, START + 14 * DAY)

    assert (spans[0].start, spans[-1].end) == (START - DAY, START + 14 * DAY)
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(isinstance(edge, int) for span in spans for edge in (span.start, span.end))


def test_the_past_shows_what_the_runs_showed():
    run = Run("7/1", START + HOUR, START + 5 * HOUR)
    loud = replace(MILL, silence_every_hours=0)

    spans = past(loud, [run], START, START + 6 * HOUR)

    inside = [span for span in spans if START + HOUR <= span.start < START + 5 * HOUR]
    assert [span.state for span in inside] == [span.state for span in unfold(loud, run)]


def test_a_run_under_way_is_cut_at_the_end_of_the_past():
    run = Run("7/1", START, START + 10 * HOUR)

    spans = past(MILL, [run], START - HOUR, START + HOUR)

    assert spans[-1].end == START + HOUR


def test_silence_hides_what_the_machine_did_meanwhile():
    spans = overlay([Span("running", 0, 100)], [Span("unknown", 20, 30)])

    assert [(span.state, span.start, span.end) for span in spans] == [
        ("running", 0, 20),
        ("unknown", 20, 30),
        ("running", 30, 100),
    ]
