"""Undoing a change of the plan: what it moved goes back together, unless somebody changed it since."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from webapp import cells
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import NotFound, WrongState
from webapp.orders.finding import held_operations
from webapp.orders.models import Operation, PlanChange
from webapp.orders.moving import machine_refusal, refuse_unmovable, refuse_violations
from webapp.orders.places import Place, place_of
from webapp.orders.placing import Told, told, write
from webapp.orders.rules import Span
from webapp.people import Caller, name_of


def take_back(change_id: int, by: Caller | str, now: datetime) -> PlanChange:
    """Returns the change that undoes it. Raises WrongState, which says what changed since, with operations or their
    machines, and RuleViolation where another now holds the old place. What has come to lie in the past meanwhile goes
    back there."""
    with transaction():
        change = _held(change_id)
        operations = held_operations([move["ref"] for move in change.moves])
        machines = {cell.id: cell for cell in cells.all_cells(retired=True)}
        for move in change.moves:
            _refuse_changed(operations[move["ref"]], move)
            _refuse_machine(operations[move["ref"]], move["was"], machines)
        back = {operations[move["ref"]]: _place(move["was"]) for move in change.moves}
        cells.hold_lanes({place.cell_id for op in back for place in (back[op], place_of(op)) if place})
        placed = {operation: place for operation, place in back.items() if place}
        refuse_violations(placed, min([now, *(place.span.start for place in placed.values())]))
        change.taken_back_at, change.taken_back_by = whole(now), name_of(by)
        return write(list(back.items()), name_of(by), now, f"took back {change.id}")


def plan_changes(limit: int = 50) -> list[PlanChange]:
    """The newest first."""
    return list(db.session.scalars(select(PlanChange).order_by(PlanChange.id.desc()).limit(limit)))


def _held(change_id: int) -> PlanChange:
    query = select(PlanChange).where(PlanChange.id == change_id).with_for_update()
    change = db.session.scalar(query.execution_options(populate_existing=True)) if 0 < change_id < 2**31 else None
    if change is None:
        raise NotFound("There is no such change of the plan")
    if change.taken_back_at:
        raise WrongState("This change was taken back already", at=change.taken_back_at, by=change.taken_back_by)
    return change


def _refuse_changed(operation: Operation, move: dict[str, object]) -> None:
    refuse_unmovable(operation)
    there = told(place_of(operation))
    if there != move["becomes"]:
        raise WrongState(
            f"{operation.label} was moved again since", operation=operation.ref, expected=move["becomes"], now=there
        )


def _refuse_machine(operation: Operation, was: Told, machines: Mapping[int, Cell]) -> None:
    place = _place(was)
    if place and (says := machine_refusal(operation, place.cell_id, machines)):
        raise WrongState(f"{operation.label} cannot go back: its machine {says}", operation=operation.ref)


def _place(kept: dict[str, object] | None) -> Place | None:
    if kept is None:
        return None
    start, end = (datetime.fromisoformat(str(kept[name])) for name in ("start", "end"))
    return Place(int(str(kept["cell"])), Span(start, end))
