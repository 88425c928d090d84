"""Accepting a proposed plan, whole or in part: what is chosen has to keep the rules among all that stays."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp import cells, journal
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, whole
from webapp.lib.refusal import Invalid, Refusal, WrongState
from webapp.orders.finding import held_operations
from webapp.orders.models import Operation, PlanChange
from webapp.orders.moving import told, write
from webapp.orders.places import Place, arounds, place_of
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

    Raises CannotGo with each that cannot, and WrongState where there is nothing to accept.
    """
    with transaction():
        proposal = held_proposal(proposal_id)
        _refuse_unready(proposal)
        moves = _chosen(proposal, refs)
        operations = held_operations([move["ref"] for move in moves if _exists(move["ref"])])
        cells.hold_lanes({place.cell_id for move in moves for place in _both(operations.get(move["ref"]), move)})
        if found := _obstacles(proposal, moves, operations, now):
            raise CannotGo(found)
        change = write([(operations[move["ref"]], _place(move)) for move in moves], name_of(by), now, _why(proposal))
        proposal.accepted = sorted({*proposal.accepted, *(move["ref"] for move in moves)})
        journal.record("accepted plan", proposal.what, name_of(by), now, operations=len(moves))
    return change


def _why(proposal: Proposal) -> str:
    return f"proposed plan {proposal.id}"


def _refuse_unready(proposal: Proposal) -> None:
    if proposal.status != "ready":
        raise WrongState("This plan is not ready, or nobody wants it any more", status=proposal.status)


def differing(proposal: Proposal) -> list[dict[str, Any]]:
    """What it would move: the rest lies where it lay."""
    return [move for move in proposal.moves if move["was"] != move["becomes"]]


def _chosen(proposal: Proposal, refs: Collection[str] | None) -> list[dict[str, Any]]:
    left = [move for move in differing(proposal) if move["ref"] not in proposal.accepted]
    chosen = left if refs is None else [move for move in left if move["ref"] in set(refs)]
    if refs is not None and (unknown := set(refs) - {move["ref"] for move in differing(proposal)}):
        raise Invalid(refs=f"must be operations that this plan moves: not {', '.join(sorted(unknown)[:5])}")
    if not chosen:
        raise Invalid(refs="must name at least one operation that is not accepted yet")
    return chosen


def _exists(ref: str) -> bool:
    return db.session.scalar(select(Operation.id).where(Operation.ref == ref)) is not None


def _both(operation: Operation | None, move: dict[str, Any]) -> list[Place]:
    """Where it lies, and where it is to lie."""
    there = place_of(operation) if operation else None
    return [_place(move), *([there] if there else [])]


def _place(move: dict[str, Any]) -> Place:
    kept = move["becomes"]
    return Place(kept["cell"], Span(datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["end"])))


def _obstacles(proposal: Proposal, moves: Moves, operations: dict[str, Operation], now: datetime) -> list[Obstacle]:
    """What changed since comes first: against the rules only a plan that could still be meant is held."""
    since = [
        Obstacle(move["ref"], move["label"], why)
        for move in moves
        if (why := changed_since(operations.get(move["ref"]), move))
    ]
    if since:
        return since
    wanted = {operations[move["ref"]]: _place(move) for move in moves}
    around = arounds(wanted, whole(now))
    judged = zip(moves, wanted.values(), around, strict=True)
    broken = [(move, found) for move, place, scene in judged if (found := violations(place.span, scene))]
    chosen = {move["ref"] for move in moves}
    return [
        Obstacle(move["ref"], move["label"], found[0].message, _needs(proposal, move, found, chosen))
        for move, found in broken
    ]


def changed_since(operation: Operation | None, move: dict[str, Any]) -> str:
    """What somebody did to an operation after the plan was made, as far as it matters; empty: nothing."""
    if operation is None:
        return "it is gone"
    if not operation.movable:
        return f"it is {operation.status} meanwhile"
    if operation.pinned and operation.placed:
        return "it was pinned meanwhile"
    if told(place_of(operation)) not in (move["was"], move["becomes"]):
        return "it was moved meanwhile"
    return "" if operation.seconds == _seconds(move) else "it takes another time meanwhile"


def _seconds(move: dict[str, Any]) -> int:
    span = _place(move).span
    return epoch(span.end) - epoch(span.start)


def _needs(
    proposal: Proposal, move: dict[str, Any], found: list[Violation], chosen: Collection[str]
) -> tuple[str, ...]:
    """Of the same plan: who lies in its place, and its neighbours in the order."""
    in_the_way = {str(no.details.get("conflicts_with")) for no in found if no.rule == "R2"}
    in_sequence = any(no.rule == "R1" for no in found)
    others = [one for one in differing(proposal) if one["ref"] not in chosen and one["ref"] not in proposal.accepted]
    return tuple(
        one["ref"] for one in others if one["ref"] in in_the_way or (in_sequence and one["order"] == move["order"])
    )


def with_their_company(proposal_id: int, refs: Collection[str], now: datetime) -> list[str]:
    """These operations of a plan with all that have to be accepted with them; empty where no company helps."""
    proposal, chosen = one_proposal(proposal_id), set(refs)
    for _ in range(ROUNDS):
        moves = _chosen(proposal, chosen)
        found = db.session.scalars(select(Operation).where(Operation.ref.in_([move["ref"] for move in moves])))
        obstacles = _obstacles(proposal, moves, {one.ref: one for one in found}, now)
        if not obstacles:
            return sorted(chosen)
        needed = {ref for one in obstacles for ref in one.needs}
        if not needed:
            return []
        chosen |= needed
    return []
