"""What sort of machine a cell is: how long it sets up, how often it stops, what it says when it breaks."""

import random
from dataclasses import dataclass, replace
from typing import Any

Range = tuple[float, float]


@dataclass(frozen=True)
class Personality:
    """Ranges are (least, most). Times in minutes unless the name says otherwise; an `every` is a mean, 0: never."""

    seed: int
    name: str
    kind: str
    run: Range
    breakdown_every: float  # of running, between breakdowns
    breakdown: Range
    stops: tuple[str, ...]
    faults: tuple[str, ...]
    setup: Range = (3, 6)
    stop_every: float = 150  # of running, between short stops
    stop: Range = (2, 9)
    upkeep_every_days: float = 6
    upkeep: Range = (35, 110)
    upkeep_name: str = "Service"
    silence_every_hours: float = 90
    silence: Range = (0.6, 4)
    refuses: float = 0.02  # of the jobs it is handed
    refusals: tuple[str, ...] = ("No fixture for this part on the pallet",)
    fails: float = 0.04  # of the jobs it took


def _kind(kind: str, run: Range, breaks: tuple[float, Range], stops: str, faults: str, **rest: Any) -> Personality:
    """A machine of this kind that has no name yet. stops, faults: what it says, separated by commas."""
    return Personality(0, "", kind, run, *breaks, _words(stops), _words(faults), **rest)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


CHIPS = "Chip conveyor full, Waiting for a part, Tool life reached, Door open"
FEEDING = "Waiting for parts, Screw feeder empty, Label roll empty"
KINDS = (
    _kind("5-axis mill", (45, 90), (1900, (12, 70)), CHIPS, "Spindle overload E-417, Tool changer jam E-233"),
    _kind("5-axis mill", (40, 85), (1700, (12, 60)), CHIPS, "Coolant pressure low E-108, Axis B lag E-305"),
    _kind("Turn-mill", (30, 75), (1500, (10, 55)), CHIPS, "Sub-spindle not clamped E-152", refuses=0.03),
    _kind("Lathe", (25, 60), (1800, (10, 40)), "Bar end reached, Chips at the chuck", "Bar feeder E-061", setup=(2, 5)),
    _kind("Grinder", (40, 80), (2200, (15, 60)), "Dressing the wheel, Waiting for a part", "Wheel imbalance E-290"),
    _kind("Laser", (20, 45), (1500, (10, 45)), "Sheet change, Lens check", "Assist gas pressure E-074", setup=(2, 4)),
    _kind("Press brake", (20, 50), (1100, (15, 99)), "Waiting for a blank", "Hydraulics too hot E-212", stop_every=75),
    _kind("Weld robot", (25, 60), (1200, (10, 60)), "Wire change, Nozzle cleaning", "Arc not started E-044"),
    # C09 and C12 are the ones everybody knows by name: one breaks, the other falls silent.
    _kind("Gear hob", (45, 90), (420, (14, 95)), CHIPS, "Spindle overload E-417", fails=0.12, refuses=0.06),
    _kind("Assembly", (30, 60), (2400, (8, 30)), FEEDING, "Gripper vacuum lost E-019", setup=(2, 4), stop_every=110),
    _kind("Assembly", (30, 65), (2200, (8, 35)), FEEDING, "Torque out of range E-027", setup=(2, 4), stop_every=120),
    _kind("Test bench", (35, 70), (1300, (10, 50)), "Warm-up, Waiting for release", "Pressure sensor drift E-620",
          silence_every_hours=7, silence=(1, 9)),
)  # fmt: skip


def personality(seed: int, number: int, name: str = "") -> Personality:
    """The machine at /cell/<number>: kinds repeat after twelve, and no two of a kind are quite alike."""
    kind = KINDS[(number - 1) % len(KINDS)]
    name = name or f"C{number:02}"
    pace = random.Random(f"{seed}:{name}:pace").uniform(0.9, 1.15)
    return replace(kind, seed=seed, name=name, run=(kind.run[0] * pace, kind.run[1] * pace))


def calm(someone: Personality) -> Personality:
    """The same machine on its best behaviour: it stops briefly, but never breaks, hides, refuses or fails."""
    return replace(someone, breakdown_every=0, upkeep_every_days=0, silence_every_hours=0, refuses=0, fails=0)
