"""What sort of machine a cell is: how long it sets up, how often it stops, what it says when it breaks."""

import random
from dataclasses import dataclass, replace

Range = tuple[float, float]


@dataclass(frozen=True)
class Personality:
    """Ranges are (least, most). Times in minutes unless the name says otherwise; an `every` is a mean, 0: never."""

    seed: int
    name: str
    kind: str
    setup: Range
    run: Range
    stop_every: float  # of running, between short stops
    stop: Range
    stops: tuple[str, ...]
    breakdown_every: float  # of running, between breakdowns
    breakdown: Range
    faults: tuple[str, ...]
    upkeep_every_days: float = 9.0
    upkeep: Range = (35, 110)
    upkeep_name: str = "Service"
    silence_every_hours: float = 90.0
    silence: Range = (0.6, 4)
    refuses: float = 0.02  # of the jobs it is handed
    refusals: tuple[str, ...] = ("No fixture for this part on the pallet",)
    fails: float = 0.04  # of the jobs it took


CHIPS = ("Chip conveyor full", "Waiting for a part", "Tool life reached", "Door open")
KINDS = (
    Personality(
        0,
        "",
        "5-axis mill",
        (3, 6),
        (45, 90),
        95,
        (2, 9),
        CHIPS,
        1900,
        (12, 70),
        ("Spindle overload E-417", "Tool changer jam E-233"),
    ),
    Personality(
        0,
        "",
        "5-axis mill",
        (3, 6),
        (40, 85),
        85,
        (2, 9),
        CHIPS,
        1700,
        (12, 60),
        ("Coolant pressure low E-108", "Axis B lag E-305"),
    ),
    Personality(
        0, "", "Turn-mill", (3, 6), (30, 75), 75, (2, 10), CHIPS, 1500, (10, 55), ("Sub-spindle not clamped E-152",)
    ),
    Personality(
        0,
        "",
        "Lathe",
        (2, 5),
        (25, 60),
        70,
        (2, 8),
        ("Bar end reached", "Chips at the chuck"),
        1800,
        (10, 40),
        ("Bar feeder E-061",),
    ),
    Personality(
        0,
        "",
        "Grinder",
        (3, 6),
        (40, 80),
        90,
        (2, 7),
        ("Dressing the wheel", "Waiting for a part"),
        2200,
        (15, 60),
        ("Wheel imbalance E-290",),
    ),
    Personality(
        0,
        "",
        "Laser",
        (2, 4),
        (20, 45),
        60,
        (2, 6),
        ("Sheet change", "Lens check"),
        1500,
        (10, 45),
        ("Assist gas pressure E-074", "Head crash E-500"),
    ),
    Personality(
        0,
        "",
        "Press brake",
        (3, 6),
        (20, 50),
        50,
        (3, 14),
        ("Waiting for a blank", "Light curtain interrupted"),
        1100,
        (15, 100),
        ("Hydraulics too hot E-212",),
    ),
    Personality(
        0,
        "",
        "Weld robot",
        (3, 6),
        (25, 60),
        60,
        (2, 9),
        ("Wire change", "Nozzle cleaning"),
        1200,
        (10, 60),
        ("Arc not started E-044", "Torch collision E-410"),
    ),
    # C09 and C12 are the ones everybody knows by name: one breaks, the other falls silent.
    Personality(
        0,
        "",
        "Gear hob",
        (4, 6),
        (45, 90),
        80,
        (2, 8),
        CHIPS,
        420,
        (14, 95),
        ("Spindle overload E-417", "Hob wear limit E-331"),
        refuses=0.06,
        fails=0.12,
    ),
    Personality(
        0,
        "",
        "Assembly",
        (2, 4),
        (30, 60),
        65,
        (2, 10),
        ("Waiting for parts", "Screw feeder empty"),
        2400,
        (8, 30),
        ("Gripper vacuum lost E-019",),
    ),
    Personality(
        0,
        "",
        "Assembly",
        (2, 4),
        (30, 65),
        70,
        (2, 9),
        ("Waiting for parts", "Label roll empty"),
        2200,
        (8, 35),
        ("Torque out of range E-027",),
    ),
    Personality(
        0,
        "",
        "Test bench",
        (2, 5),
        (35, 70),
        90,
        (2, 12),
        ("Waiting for release", "Warm-up"),
        1300,
        (10, 50),
        ("Pressure sensor drift E-620",),
        silence_every_hours=7,
        silence=(1, 9),
    ),
)


def personality(seed: int, number: int, name: str = "") -> Personality:
    """The machine at /cell/<number>: kinds repeat after twelve, and no two of a kind are quite alike."""
    kind = KINDS[(number - 1) % len(KINDS)]
    name = name or f"C{number:02}"
    pace = random.Random(f"{seed}:{name}:pace").uniform(0.9, 1.15)
    return replace(
        kind, seed=seed, name=name, run=(kind.run[0] * pace, kind.run[1] * pace), stop_every=kind.stop_every * pace
    )


def calm(someone: Personality) -> Personality:
    """The same machine on its best behaviour: it stops briefly, but never breaks, hides, refuses or fails."""
    return replace(someone, breakdown_every=0, upkeep_every_days=0, silence_every_hours=0, refuses=0, fails=0)
