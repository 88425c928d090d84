"""What is wrong at North Works and what keeps it fit: issues, duties, a service under way, a request from the floor."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from virtualfactory.behaviour import past
from webapp import issues, upkeep
from webapp.demo.playing import Act, Stage, person
from webapp.demo.story import HOUR, MINUTE
from webapp.lib.clock import moment

OPERATOR, SUPERVISOR = "oli", "sam"


@dataclass(frozen=True)
class Wrong:
    """minutes: how long ago it was seen; owner: who has it; done: what closed it, and how many minutes ago."""

    cell: int
    severity: str
    words: str
    by: str
    minutes: int
    owner: str = ""
    done: str = ""
    closed: int = 0


WRONG = (
    Wrong(4, "care", "Bar feeder jams on 12 mm stock", "ada", 410, OPERATOR, "Guide bush replaced", 330),
    Wrong(2, "info", "Tool 14 chatters at 9 000 rpm", "eizumoto", 94, SUPERVISOR),
    Wrong(6, "care", "Assist gas pressure low, still cutting", "ada", 72, OPERATOR),
    Wrong(9, "stopped", "Spindle overload E-417", "eizumoto", 21),
)


@dataclass(frozen=True)
class Care:
    """A duty: by hours of running, of which so many have been used; or by days, of which so many have passed."""

    cell: int
    name: str
    minutes: int
    hours: int | None = None
    days: int | None = None
    used: int = 0


CARE = (
    Care(5, "Spindle lubrication", 40, hours=200, used=202),
    Care(9, "Hob change", 90, hours=150, used=104),
    Care(1, "Way oil and filters", 120, days=90, used=85),
    Care(6, "Nozzle and lens", 30, hours=80, used=51),
    Care(12, "Calibration", 180, days=365, used=204),
)
#: What is done now, and since how many minutes.
SERVICE, UNDER_WAY = Care(8, "Quarterly service", 180, days=91, used=92), 88
REQUEST = (2, "Chip conveyor squeaks, grease it", "ada", 55)


def care_acts(stage: Stage) -> Iterator[tuple[float, Act]]:
    """What people saw and said, when it was."""
    seen: dict[Wrong, int] = {}
    for wrong in WRONG:
        at = stage.plan.now - wrong.minutes * MINUTE
        yield at, _reporting(stage, wrong, seen)
        if wrong.owner:
            yield at + 4 * MINUTE, _taking(wrong, seen)
        if wrong.done:
            yield stage.plan.now - wrong.closed * MINUTE, _closing(wrong, seen)
    yield stage.plan.now - UNDER_WAY * MINUTE, _serving(stage)
    cell, words, by, minutes = REQUEST
    yield stage.plan.now - minutes * MINUTE, _requesting(stage.cells[cell], words, by)


def set_duties(stage: Stage) -> None:
    """After the past is known: hours of running are counted in it."""
    for care in CARE:
        upkeep.add_duty(_details(stage, care), person("root"), moment(stage.plan.now))


def _serving(stage: Stage) -> Act:
    def act(now: datetime) -> None:
        duty = upkeep.add_duty(_details(stage, SERVICE), person("root"), now)
        window = upkeep.WindowDetails(duty.cell_id, now, now + timedelta(minutes=SERVICE.minutes), duty_id=duty.id)
        upkeep.begin_now(window, person(OPERATOR), now)

    return act


def _details(stage: Stage, care: Care) -> upkeep.DutyDetails:
    return upkeep.DutyDetails(
        stage.cells[care.cell],
        care.name,
        every_hours=care.hours,
        every_days=care.days,
        minutes=care.minutes,
        last_done_at=moment(_last_done(stage, care)),
    )


def _last_done(stage: Stage, care: Care) -> int:
    """So long ago that so much of the interval is used now."""
    if care.days:
        return stage.plan.now - care.used * 24 * HOUR
    left, plan = care.used * HOUR, stage.plan
    for span in reversed(past(plan.machines[care.cell], plan.runs[care.cell], plan.start, plan.now)):
        ran = span.end - span.start if span.state == "running" else 0
        if ran >= left:
            return int(span.end - left)
        left -= int(ran)
    return plan.start


def _reporting(stage: Stage, wrong: Wrong, seen: dict[Wrong, int]) -> Act:
    """seen: what was reported by now, and the number of its issue."""

    def act(now: datetime) -> None:
        spec = issues.IssueSpec(wrong.severity, stage.cells[wrong.cell], wrong.words)
        seen[wrong] = issues.report_issue(spec, wrong.by, now).id

    return act


def _taking(wrong: Wrong, seen: dict[Wrong, int]) -> Act:
    def act(now: datetime) -> None:
        issues.take_issue(seen[wrong], wrong.owner, now)

    return act


def _closing(wrong: Wrong, seen: dict[Wrong, int]) -> Act:
    def act(now: datetime) -> None:
        issues.close_issue(seen[wrong], wrong.done, wrong.owner, now)

    return act


def _requesting(cell_id: int, words: str, by: str) -> Act:
    def act(now: datetime) -> None:
        upkeep.request_maintenance(cell_id, words, "soon", person(by), now)

    return act
