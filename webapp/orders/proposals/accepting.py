"""Accepting a proposed plan, whole or in part: what is chosen has to keep the rules among all that stays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp import cells, journal
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, whole
from webapp.lib.refusal import Invalid, Refusal, WrongState
from webapp.orders.finding import held_operations
from webapp.orders.models import Operation, PlanChange
from webapp.orders.moving import machine_refusal
from webapp.orders.places import Place, arounds, place_of
from webapp.orders.placing import told, write
from webapp.orders.proposals.asking import held_proposal, one_proposal
from webapp.orders.proposals.models import Proposal
from webapp.orders.rules import Span, Violation, violations
from webapp.people import Caller, name_of

#: How often those that the chosen ones need are asked what they need.
ROUNDS = 30
Moves = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Obstacle:
    """Why an operation cannot go where it was proposed. needs: operations that would have to be accepted with it."""

    ref: str
    label: str
    why: str
    needs: tuple[str, ...] = ()


class CannotGo(Refusal):
    """Nothing is accepted, since not all that was chosen can be. obstacles: each of those that cannot."""

    code = "RULE_VIOLATION"
    status = 409

    def __init__(self, obstacles: list[Obstacle]) -> None:
        first, more = obstacles[0], len(obstacles) - 1
        super().__init__(
            f"{first.label}: {first.why}" + (f"; and {more} more" if more else ""),
            operations=[{"ref": one.ref, "why": one.why, "needs": list(one.needs)} for one in obstacles],
        )
        self.obstacles = obstacles


def accept_proposal(proposal_id: int, refs: Collection[str] | None, by: Caller | str, now: datetime) -> PlanChange:
    """These operations go where the plan has them, together or none; None: all that is left of it.

    Raises CannotGo with each that cannot, and Invalid where all of them lie there already.
    """
    with transaction():
        proposal = held_proposal(proposal_id)
        _refuse_unready(proposal)
        named = _named(proposal, refs)
        operations = held_operations(list(operations_of(named)))
        moves = _left(named, operations)
        cells.hold_lanes({place.cell_id for move in moves for place in _both(operations.get(move["ref"]), move)})
        if found := _obstacles(proposal, moves, operations, now):
            raise CannotGo(found)
        places = [(operations[move["ref"]], _place(move)) for move in moves]
        change = write(places, name_of(by), now, f"proposed plan {proposal.id}")
        proposal.accepted = sorted({*proposal.accepted, *(move["ref"] for move in moves)})
        journal.record("accepted plan", proposal.what, name_of(by), now, operations=len(moves))
    return change


def _refuse_unready(proposal: Proposal) -> None:
    if proposal.status != "ready":
        raise WrongState("This plan is not ready, or nobody wants it any more", status=proposal.status)


def differing(proposal: Proposal) -> list[dict[str, Any]]:
    """What it would move: the rest lies where it lay."""
    return [move for move in proposal.moves if move["was"] != move["becomes"]]


def operations_of(moves: Moves) -> dict[str, Operation]:
    """As they are now, by ref; those that are gone are missing."""
    refs = [move["ref"] for move in moves]
    found: dict[str, Operation] = {}
    for low in range(0, len(refs), 500):
        rows = db.session.scalars(select(Operation).where(Operation.ref.in_(refs[low : low + 500])))
        found |= {one.ref: one for one in rows}
    return found


def _named(proposal: Proposal, refs: Collection[str] | None) -> list[dict[str, Any]]:
    moves = differing(proposal)
    if refs is None:
        return moves
    if unknown := set(refs) - {move["ref"] for move in moves}:
        raise Invalid(refs=f"must be operations that this plan moves: not {', '.join(sorted(unknown)[:5])}")
    return [move for move in moves if move["ref"] in set(refs)]


def _left(named: Moves, operations: Mapping[str, Operation]) -> list[dict[str, Any]]:
    left = [move for move in named if not lies_there(operations.get(move["ref"]), move)]
    if not left:
        raise Invalid(refs="must name at least one operation that does not lie there already")
    return left


def lies_there(operation: Operation | None, move: Mapping[str, Any]) -> bool:
    """Where the plan has it."""
    return operation is not None and told(place_of(operation)) == move["becomes"]


def _both(operation: Operation | None, move: Mapping[str, Any]) -> list[Place]:
    """Where it lies, and where it is to lie."""
    there = place_of(operation) if operation else None
    return [_place(move), *([there] if there else [])]


def _place(move: Mapping[str, Any]) -> Place:
    kept = move["becomes"]
    return Place(kept["cell"], Span(datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["end"])))


def _obstacles(proposal: Proposal, moves: Moves, operations: Mapping[str, Operation], now: datetime) -> list[Obstacle]:
    """What changed since comes first: only what could still be meant is held against the rules."""
    machines = every_machine()
    since = [(move, why) for move in moves if (why := changed_since(operations.get(move["ref"]), move, machines))]
    if since:
        return [Obstacle(move["ref"], move["label"], why) for move, why in since]
    wanted = {operations[move["ref"]]: _place(move) for move in moves}
    judged = zip(moves, wanted.values(), arounds(wanted, whole(now)), strict=True)
    broken = [(move, found) for move, place, around in judged if (found := violations(place.span, around))]
    others = _others(proposal, moves) if broken else []
    return [Obstacle(move["ref"], move["label"], no[0].message, _needs(move, no, others)) for move, no in broken]


def every_machine() -> dict[int, Cell]:
    return {cell.id: cell for cell in cells.all_cells(retired=True)}


def changed_since(operation: Operation | None, move: Mapping[str, Any], machines: Mapping[int, Cell]) -> str:
    """What somebody did to an operation, or to its machine, after the plan was made, as far as it matters; empty:
    nothing."""
    if operation is None:
        return "it is gone"
    if not operation.movable:
        return f"it is {operation.status} meanwhile"
    if operation.pinned and operation.placed:
        return "it was pinned meanwhile"
    if told(place_of(operation)) not in (move["was"], move["becomes"]):
        return "it was moved meanwhile"
    if says := machine_refusal(operation, move["becomes"]["cell"], machines):
        return f"its machine {says}"
    span = _place(move).span
    return "" if operation.seconds == epoch(span.end) - epoch(span.start) else "it takes another time meanwhile"


def _others(proposal: Proposal, moves: Moves) -> Moves:
    """Those of the plan that were not chosen and could still go."""
    chosen = {move["ref"] for move in moves}
    left = [move for move in differing(proposal) if move["ref"] not in chosen]
    now, machines = operations_of(left), every_machine()
    return [
        move
        for move in left
        if not lies_there(now.get(move["ref"]), move) and not changed_since(now.get(move["ref"]), move, machines)
    ]


def _needs(move: Mapping[str, Any], found: Sequence[Violation], others: Moves) -> tuple[str, ...]:
    """Who lies in its place, and its neighbours in the order."""
    in_the_way = {str(no.details.get("conflicts_with")) for no in found if no.rule == "R2"}
    in_sequence = {move["order"]} if any(no.rule == "R1" for no in found) else set()
    return tuple(one["ref"] for one in others if one["ref"] in in_the_way or one["order"] in in_sequence)


def with_their_company(proposal_id: int, refs: Collection[str], now: datetime) -> list[str]:
    """These operations of a plan with all that have to be accepted with them; empty where no company helps."""
    proposal, chosen = one_proposal(proposal_id), set(refs)
    for _ in range(ROUNDS):
        named = _named(proposal, chosen)
        operations = operations_of(named)
        obstacles = _obstacles(proposal, _left(named, operations), operations, now)
        needed = {ref for one in obstacles for ref in one.needs}
        if not obstacles or not needed:
            return [] if obstacles else sorted(chosen)
        chosen |= needed
    return []
