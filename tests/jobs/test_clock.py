"""Each slot is rung once, in order, whatever is done to the clock of the machine."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask

from webapp.config import Config
from webapp.jobs import work
from webapp.jobs.clock import Chore, Clock, Ringer, SteadyTime, timetable

NOON = 1_772_625_600


@dataclass
class Machine:
    """A machine with a steady clock and a wall clock that people can set."""

    up: float = 0.0
    set_by: float = 0.0
    rung: list[int] = field(default_factory=list)

    def clock(self, *chores: Chore) -> Clock:
        time = SteadyTime(wall=lambda: NOON + self.up + self.set_by, steady=lambda: self.up)
        return Clock(chores, time, lambda chore, slot: self.rung.append(slot - NOON))

    def let_pass(self, clock: Clock, seconds: float) -> None:
        """As the loop does: sleep until the next slot, tick."""
        until = self.up + seconds
        while self.up < until:
            self.up = min(until, self.up + clock.pause())
            clock.tick()


@pytest.fixture
def machine() -> Machine:
    return Machine()


SAMPLING = Chore("sample", every=5, once=True)
SWEEPING = Chore("sweep", every=5)


def test_each_slot_is_rung_once_as_it_begins(machine: Machine) -> None:
    clock = machine.clock(SAMPLING)

    machine.let_pass(clock, 21)

    assert machine.rung == [5, 10, 15, 20]


def test_slots_slept_through_are_past(machine: Machine) -> None:
    clock = machine.clock(SAMPLING)

    machine.up = 23
    clock.tick()

    assert machine.rung == [20]


def test_an_offset_moves_the_slots(machine: Machine) -> None:
    clock = machine.clock(Chore("sweep", every=60, offset=7))

    machine.let_pass(clock, 130)

    assert machine.rung == [7, 67, 127]


@pytest.mark.parametrize("step", [-30, 30, -3600, 3600])
def test_a_step_of_the_clock_neither_repeats_a_slot_nor_writes_ahead(machine: Machine, step: float) -> None:
    clock = machine.clock(SAMPLING)
    machine.let_pass(clock, 11)

    machine.set_by = step
    machine.let_pass(clock, 20)

    assert machine.rung == [5, 10, 15, 20, 25, 30]


def test_a_clock_set_forward_for_good_is_followed(machine: Machine) -> None:
    clock = machine.clock(SAMPLING)
    machine.let_pass(clock, 11)

    machine.set_by = 3600
    machine.let_pass(clock, 80)

    assert machine.rung[-1] >= 3600
    assert machine.rung == sorted(set(machine.rung))


def test_a_clock_set_back_for_good_lets_sweeps_go_on_and_samples_no_second_twice(machine: Machine) -> None:
    sampling, sweeping = Machine(), Machine()
    clocks = [(sampling, sampling.clock(SAMPLING)), (sweeping, sweeping.clock(SWEEPING))]

    for machine, clock in clocks:
        machine.let_pass(clock, 11)
        machine.set_by = -300
        machine.let_pass(clock, 200)

    assert max(sampling.rung) <= 75
    assert len(sampling.rung) == len(set(sampling.rung))
    assert sweeping.rung[-1] == -90


def test_a_slow_correction_of_the_clock_is_followed(machine: Machine) -> None:
    clock = machine.clock(SAMPLING)

    for _ in range(100):
        machine.set_by += 0.05
        machine.let_pass(clock, 1)

    assert machine.rung[-1] == 105


def test_the_timetable_names_functions_that_are_there() -> None:
    assert all(callable(getattr(work, chore.name)) for chore in timetable(Config()))


def test_without_redis_the_clock_does_the_work_itself(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    monkeypatch.setattr(work, "tidy", done.append)

    Ringer(f"unix://{tmp_path}/nobody.sock", lambda: app)(Chore("tidy", every=60), NOON)

    assert done == [NOON]


def test_a_chore_that_fails_does_not_stop_the_clock(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(slot: int) -> None:
        raise RuntimeError(f"slot {slot}")

    monkeypatch.setattr(work, "tidy", fails)

    Ringer(f"unix://{tmp_path}/nobody.sock", lambda: app)(Chore("tidy", every=60), NOON)
