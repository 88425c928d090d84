"""Duties: added, changed, given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells, journal
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import iso, whole
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.people import Caller
from webapp.upkeep.counting import counted
from webapp.upkeep.models import Duty

MOST_HOURS, MOST_DAYS, MOST_MINUTES = 100_000, 3660, 14 * 24 * 60


@dataclass(frozen=True)
class DutyDetails:
    """What a person says of a duty. every_hours: of running; or every_days. last_done_at None: just now."""

    cell_id: int
    name: str
    every_hours: int | None = None
    every_days: int | None = None
    minutes: int = 60
    stops_work: bool = True
    note: str = ""
    last_done_at: datetime | None = None


def add_duty(details: DutyDetails, by: Caller, now: datetime) -> Duty:
    """Its interval begins when it was last done; what the cell ran since is counted at once."""
    _check(details, now)
    with transaction():
        cell = cell_in_service(details.cell_id)
        duty = Duty(cell_id=cell.id, cell=cell, created_by=by.name, created_at=whole(now))
        _describe(duty, details, now)
        db.session.add(duty)
        db.session.flush()
        recount(duty, now)
        journal.record("added duty", f"cell:{cell.id}", by.name, now, **_told(duty))
    return duty


def change_duty(duty_id: int, details: DutyDetails, by: Caller, now: datetime) -> Duty:
    """All but its cell: history tells of that one."""
    _check(details, now)
    with transaction():
        duty = locked_duty(duty_id)
        before = _told(duty)
        _describe(duty, details, now)
        db.session.flush()
        recount(duty, now)
        told = _difference(before, _told(duty))
        journal.record("changed duty", f"cell:{duty.cell_id}", by.name, now, duty=duty.id, **told)
    return duty


def retire_duty(duty_id: int, by: Caller, now: datetime) -> Duty:
    """It falls due no more; what was done for it stays."""
    with transaction():
        duty = locked_duty(duty_id)
        duty.retired_at = whole(now)
        journal.record("retired duty", f"cell:{duty.cell_id}", by.name, now, duty=duty.id, name=duty.name)
    return duty


def one_duty(duty_id: int) -> Duty:
    """Raises NotFound."""
    duty = db.session.get(Duty, duty_id) if 0 < duty_id < 2**31 else None
    if duty is None:
        raise NotFound("There is no such duty")
    return duty


def locked_duty(duty_id: int) -> Duty:
    """For whoever changes it: one that was given up is left alone."""
    duty = one_duty(duty_id)
    db.session.refresh(duty, with_for_update={"of": Duty})
    if duty.retired_at:
        raise WrongState(f"{duty.name} was given up")
    return duty


def cell_in_service(cell_id: int) -> Cell:
    cell = cells.one(cell_id)
    if cell.in_service_to:
        raise WrongState(f"{cell.name} is out of service")
    return cell


def recount(duty: Duty, now: datetime) -> None:
    """A move: what was derived of it holds no longer."""
    if duty.every_days is not None:
        duty.due_at = duty.last_done_at + timedelta(days=duty.every_days)
        duty.run_seconds, duty.unseen_seconds, duty.counted_at = 0, 0, None
        return
    duty.due_at = None
    [said] = counted([duty], now)
    duty.run_seconds, duty.unseen_seconds, duty.due_at, duty.counted_at = said.run, said.unseen, said.due_at, whole(now)


def _describe(duty: Duty, details: DutyDetails, now: datetime) -> None:
    duty.name, duty.note = " ".join(details.name.split()), details.note.strip()
    duty.every_hours, duty.every_days = details.every_hours, details.every_days
    duty.minutes, duty.stops_work = details.minutes, details.stops_work
    duty.last_done_at = whole(details.last_done_at or duty.last_done_at or now)


def _check(details: DutyDetails, now: datetime) -> None:
    """Raises Invalid naming every field at once."""
    says = {
        "name": in_words(details.name, 120, needed=True),
        "every_hours": _one_interval(details) or _between(details.every_hours, MOST_HOURS),
        "every_days": _between(details.every_days, MOST_DAYS),
        "minutes": _between(details.minutes, MOST_MINUTES),
        "note": "must be up to 500 characters" if len(details.note) > 500 or "\0" in details.note else "",
        "last_done_at": "lies ahead" if details.last_done_at and details.last_done_at > now else "",
    }
    if wrong := {field: words for field, words in says.items() if words}:
        raise Invalid(**wrong)


def in_words(text: str, most: int, needed: bool = False) -> str:
    """What is wrong with a line of text; "": nothing."""
    line = " ".join(text.split())
    if needed and not line:
        return "must be said"
    return "" if len(line) <= most and line.isprintable() else f"must be up to {most} characters on one line"


def _one_interval(details: DutyDetails) -> str:
    given = (details.every_hours is not None) + (details.every_days is not None)
    return "" if given == 1 else "say either after how many hours of running, or after how many days"


def _between(number: int | None, most: int) -> str:
    return "" if number is None or 0 < number <= most else f"must be from 1 to {most}"


def _told(duty: Duty) -> dict[str, object]:
    """What the journal says of it."""
    plain = ("name", "every_hours", "every_days", "minutes", "stops_work", "note")
    told = {"duty": duty.id, **{name: getattr(duty, name) for name in plain}, "last_done": iso(duty.last_done_at)}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _difference(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    changed = [name for name in {**before, **after} if after.get(name) != before.get(name)]
    sides = {"before": before, "after": after}
    return {side: {name: told[name] for name in changed if name in told} for side, told in sides.items()}
