"""When runs end and when what waits will start."""

from datetime import timedelta

import pytest

from tests.world import NOW, at
from webapp.projects.estimating import UNKNOWN, Length, Paces, Run, Wish, ends_of, next_free, predict, to_the_minute
from webapp.projects.rules import Ask, Candidate, Scene

HOUR = Paces({1: Length(3000, 3600, 4800)})


def run(**given: object) -> Run:
    return Run(**{"project_id": 7, "cell_id": 1, "started_at": at("09:30"), "expected_minutes": None, **given})


def cell(number: int, **given: object) -> Candidate:
    return Candidate(**{"cell_id": number, "name": f"C0{number}", "kind": "mill", "idle_since": NOW, **given})


def test_a_run_ends_as_earlier_ones_on_its_cell_did():
    ends = ends_of(run(), HOUR, now=at("10:00"))

    assert (ends.low, ends.mid, ends.high) == (at("10:20"), at("10:30"), at("10:50"))


def test_its_owner_knows_better_with_the_spread_of_earlier_runs():
    ends = ends_of(run(expected_minutes=120), HOUR, now=at("10:00"))

    assert (ends.low, ends.mid, ends.high) == (at("11:10"), at("11:30"), at("12:10"))


def test_where_nothing_was_learned_the_owners_word_may_be_off_by_a_quarter():
    ends = ends_of(run(expected_minutes=60), Paces({}), now=at("10:00"))

    assert (ends.low, ends.mid, ends.high) == (at("10:15"), at("10:30"), at("10:45"))


def test_its_own_progress_knows_best_from_a_tenth_on():
    early = run(progress=0.05, progress_at=at("10:00"), expected_minutes=60)
    telling = run(progress=0.25, progress_at=at("10:00"), expected_minutes=60)

    assert ends_of(early, HOUR, now=at("10:00")).mid == at("10:30")
    assert ends_of(telling, HOUR, now=at("10:00")).mid == at("11:30")


def test_the_prediction_stands_while_the_cell_says_nothing_new():
    telling = run(progress=0.25, progress_at=at("10:00"))

    assert ends_of(telling, HOUR, now=at("10:04")).mid == ends_of(telling, HOUR, now=at("10:00")).mid


def test_a_run_longer_than_its_prediction_may_end_at_any_moment():
    ends = ends_of(run(), HOUR, now=at("11:00"))

    assert ends.low == ends.mid == ends.high == at("11:00")


def test_nothing_learned_and_nothing_said_is_unknown():
    assert predict([run()], [], Scene([cell(1)]), Paces({}), at("10:00")) == {7: UNKNOWN}


def test_a_cell_without_history_is_taken_for_an_average_one():
    paces = Paces({2: Length(600, 1200, 1800), 3: Length(1200, 2400, 3600)})

    assert paces.length(1, None) == Length(900, 1800, 2700)


def test_the_queue_takes_cells_as_they_become_free():
    scene = Scene([cell(1, taken="P-7 has it"), cell(2, taken="P-8 has it")])
    runs = [run(), run(project_id=8, cell_id=2, started_at=at("09:45"))]
    paces = Paces({1: Length(3600, 3600, 3600), 2: Length(3600, 3600, 3600)})

    found = predict(runs, [Wish(11, Ask()), Wish(12, Ask()), Wish(13, Ask())], scene, paces, at("10:00"))

    assert [found[n].start for n in (11, 12, 13)] == [at("10:30"), at("10:45"), at("11:30")]
    assert found[13].end == at("12:30")


def test_what_waits_for_a_cell_that_is_out_is_unknown():
    scene = Scene([cell(1, state="down"), cell(2, kind="laser")])

    assert predict([], [Wish(11, Ask(kind="mill"))], scene, HOUR, NOW) == {11: UNKNOWN}


def test_nothing_is_promised_behind_a_run_of_unknown_length():
    scene = Scene([cell(1)])

    found = predict([], [Wish(11, Ask()), Wish(12, Ask())], scene, Paces({}), NOW)

    assert (found[11].start, found[11].end, found[11].known) == (NOW, None, True)
    assert found[12] == UNKNOWN


def test_which_cell_is_free_next():
    scene = Scene([cell(1, taken="P-7 has it"), cell(2, taken="P-8 has it", kind="laser")])
    runs = [run(), run(project_id=8, cell_id=2, started_at=at("09:00"))]

    assert next_free(Ask(kind="mill"), runs, scene, HOUR, at("10:00")) == (1, at("10:30"))
    assert next_free(Ask(kind="oven"), runs, scene, HOUR, at("10:00")) is None


def test_a_cell_that_is_booked_just_now_is_free_when_that_is_over():
    booked = {"booked_in": 0, "booked_until": at("11:30")}
    scene = Scene([cell(1, **booked), cell(2, taken="WO-7 step 1 has it", kind="laser", **booked)])

    found = predict([], [Wish(11, Ask(kind="mill")), Wish(12, Ask(kind="laser"))], scene, HOUR, at("10:00"))

    assert (found[11].start, found[12].start) == (at("11:30"), at("11:30"))
    assert next_free(Ask(kind="mill"), [], scene, HOUR, at("10:00")) == (1, at("11:30"))


@pytest.mark.parametrize(("seconds", "shown"), [(0, "10:00"), (1, "10:01"), (60, "10:01")])
def test_predictions_are_given_to_the_minute(seconds, shown):
    assert to_the_minute(NOW + timedelta(seconds=seconds)) == at(shown)
