"""Why the cells of the story stood, as its operator and its supervisor said it; and what they knew better."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp import cells
from webapp.cells import Stop
from webapp.demo.playing import Stage
from webapp.demo.story import SEED
from webapp.lib.clock import moment
from webapp.lib.window import Window

#: A stop of fewer minutes is rarely explained, and what was lost in the last hours has yet to be.
WORTH, FRESH = {"idle": 30, "down": 15, "setup": 8}, timedelta(hours=4)
#: Of ten such stops so many were explained.
EXPLAINED = 0.7
DAYTIME = range(6, 22)
#: What a machine said -> the reason a person gives it, and a word more.
FAULTS = {
    "Tool changer": ("Tool broke", "Changer straightened, holder replaced"),
    "Spindle overload": ("Spindle or drive fault", "Bearing warm, load reduced"),
    "Axis B": ("Spindle or drive fault", ""),
    "Sub-spindle": ("Spindle or drive fault", ""),
    "Wheel imbalance": ("Crash", "Wheel touched the tailstock"),
    "Arc not started": ("Electrical fault", ""),
    "sensor": ("Electrical fault", "Connector cleaned"),
    "": ("Waiting for service", ""),
}
BY_DAY = (
    ("No material", 4),
    ("No operator", 3),
    ("Changeover planned", 3),
    ("Waiting for inspection", 2),
    ("Break", 2),
)
SETUP = (("Changeover", 6), ("First article", 2), ("Proving the program", 1))
#: (cell, hours ago, minutes, what it was, why): who stood beside the machine knew better.
KNOWN_BETTER = (
    (5, 31, 45, "setup", "Dressing stone changed by hand; the grinder said idle"),
    (12, 76, 60, "maintenance", "Sensors calibrated, see the service report"),
)


@dataclass(frozen=True)
class Telling:
    """at: when it was said."""

    at: datetime
    stop: Stop
    reason: str
    comment: str
    by: str


def explain(stage: Stage, zone: ZoneInfo) -> None:
    """In the order in which it was said, each at its own time."""
    for number, hours, minutes, state, why in KNOWN_BETTER:
        _correct(stage, number, hours, minutes, state, why)
    ids = {reason.name: reason.id for reason in cells.reasons()}
    for told in sorted(_tellings(stage, zone), key=lambda telling: telling.at):
        cells.give_reason(told.stop.cell.id, told.stop.window, ids[told.reason], told.by, told.at, told.comment)
    cells.count_notes()


def _correct(stage: Stage, number: int, hours: int, minutes: int, state: str, why: str) -> None:
    start = moment(stage.plan.now) - timedelta(hours=hours)
    end = start + timedelta(minutes=minutes)
    cells.correct_history(stage.cells[number], Window(start, end), state, why, "sam", end + timedelta(hours=2))


def _tellings(stage: Stage, zone: ZoneInfo) -> Iterator[Telling]:
    dice = random.Random(f"{SEED}:explaining")
    whole, now = Window(moment(stage.plan.start), moment(stage.plan.now)), moment(stage.plan.now)
    for cell_id in stage.cells.values():
        for stop in cells.stops(cell_id, whole, now):
            if dice.random() < EXPLAINED and stop.seconds >= 60 * WORTH[stop.interval.state]:
                told = _told(dice, stop, zone)
                if told.at < now - FRESH:
                    yield told


def _told(dice: random.Random, stop: Stop, zone: ZoneInfo) -> Telling:
    """Mostly soon after it was over; the supervisor says what the operator left."""
    at = stop.interval.end + timedelta(minutes=dice.choice((1, 2, 4, 9, 35, 160)))
    reason, comment = _reason(dice, stop, zone)
    return Telling(at, stop, reason, comment, dice.choice(("oli", "oli", "oli", "sam")))


def _reason(dice: random.Random, stop: Stop, zone: ZoneInfo) -> tuple[str, str]:
    if stop.interval.state == "down":
        return next(reason for said, reason in FAULTS.items() if said in stop.interval.said)
    if stop.interval.state == "setup":
        return _drawn(dice, SETUP), ""
    local = stop.interval.start.astimezone(zone)
    if local.weekday() >= 5 or local.hour not in DAYTIME:
        return dice.choice(("No work planned", "No work planned", "No operator")), ""
    return _drawn(dice, BY_DAY), ""


def _drawn(dice: random.Random, words: tuple[tuple[str, int], ...]) -> str:
    return dice.choices([word for word, _ in words], [weight for _, weight in words])[0]
