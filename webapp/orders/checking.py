"""What a change would be told, before anybody makes it: by the very rules that decide when it is made."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid
from webapp.orders import rules
from webapp.orders.finding import one_operation
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.moving import machine_refusal, refuse_unmovable, wanted_place
from webapp.orders.places import around, arounds, place_of
from webapp.orders.ripples import ripple_of
from webapp.orders.rippling import Delay
from webapp.orders.rules import Around, Nearest, Span, Violation
from webapp.orders.specs import moment_complaint

#: Who is offered a place needs a moment to take it.
MOMENT = timedelta(seconds=60)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Checked:
    """violations: none where it may be done; ripple: what would have to give way, none where that cannot help."""

    violations: list[Violation] = field(default_factory=list)
    nearest: Nearest = field(default_factory=Nearest)
    ripple: list[Delay] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        return not self.violations


def check(
    ref: str, start: datetime, end: datetime, cell_id: int | None, now: datetime, rippling: bool = True
) -> Checked:
    """What `reschedule` would say. Raises WrongState and Invalid as it does. rippling: with what this delays."""
    operation = one_operation(ref)
    refuse_unmovable(operation)
    place = wanted_place(operation, cell_id, start, end)
    scene = around(operation, place.cell_id, now)
    found = rules.violations(place.span, scene)
    near = rules.nearest(place.span, offering(scene)) if found else Nearest()
    return Checked(found, near, ripple_of(operation, place, now) if found and rippling else [])


def ripple(ref: str, start: datetime, end: datetime, cell_id: int | None, now: datetime) -> list[Delay]:
    """What this delays: operations that would have to give way to the right. None where it is legal as it is, and
    none where no delay of others makes it so."""
    operation = one_operation(ref)
    refuse_unmovable(operation)
    return ripple_of(operation, wanted_place(operation, cell_id, start, end), now)


def order_violations(order: WorkOrder, now: datetime) -> list[tuple[Operation, Violation]]:
    """What its steps, those that are still to come, break where they lie."""
    places = {step: place for step in order.operations if step.movable and (place := place_of(step))}
    scenes = zip(places.items(), arounds(places, whole(now)), strict=True)
    return [(step, no) for (step, place), scene in scenes for no in rules.violations(place.span, scene)]


def valid_slots(
    operation: Operation, cell_id: int | None, start: datetime, seconds: int, until: datetime, most: int, now: datetime
) -> list[Span]:
    """Places on a machine that would be accepted, from `start` on and before `until`, one behind the other. None for an
    operation that runs or is over. Raises Invalid where the machine would not be."""
    if says := moment_complaint(start):
        raise Invalid(start=says)
    if not operation.movable:
        return []
    if says := machine_refusal(operation, cell_id):
        raise Invalid(cell_id=says)
    scene = offering(around(operation, cell_id or operation.cell_id, now))
    return rules.slots(scene, whole(start), seconds, until, most)


def offering(scene: Around) -> Around:
    """The same a moment later, at a full minute: what is offered must still be legal when somebody takes it."""
    soon = scene.now + MOMENT
    full = soon.replace(second=0) + (MINUTE if soon.second else timedelta())
    return scene.at(full)
