"""What the rules say of a place somebody thinks of for an operation, in words a person can act on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import orders
from webapp.cells import Cell
from webapp.lib.clock import iso
from webapp.orders import Around, Delay, Operation, Span, Taken, Violation
from webapp.screens.filters import clock, day, duration
from webapp.screens.times import site_zone


@dataclass(frozen=True)
class Wish:
    """A place for an operation: somebody's, or the one it has."""

    cell: Cell
    span: Span


@dataclass(frozen=True)
class Rule:
    """One line of the panel: kept or broken, and what that rests on."""

    title: str
    words: str
    kept: bool


@dataclass(frozen=True)
class Late:
    """An order that would be over after its due date by so much, and was not before."""

    ref: str
    due_at: datetime
    by: timedelta


@dataclass(frozen=True)
class Verdict:
    """rules: all of them, kept or broken; before, after: the legal places next to one that is not; delays: what would
    be pushed, and late: which orders that makes late."""

    wish: Wish
    rules: list[Rule]
    before: Span | None
    after: Span | None
    delays: Sequence[Delay]
    late: list[Late]

    @property
    def broken(self) -> list[Rule]:
        return [rule for rule in self.rules if not rule.kept]

    @property
    def legal(self) -> bool:
        return not self.broken

    def told(self) -> dict[str, object]:
        """What the browser draws beside the bar that is being moved."""
        return {
            "cell": self.wish.cell.id,
            "start": iso(self.wish.span.start),
            "end": iso(self.wish.span.end),
            "broken": [{"rule": rule.title, "words": rule.words} for rule in self.broken],
            "before": _ends(self.before),
            "after": _ends(self.after),
            "delays": [
                {
                    "ref": one.ref,
                    "label": one.label,
                    "cell": one.cell_id,
                    "start": iso(one.becomes.start),
                    "end": iso(one.becomes.end),
                }
                for one in self.delays
            ],
        }


def _ends(span: Span | None) -> dict[str, str | None] | None:
    return {"start": iso(span.start), "end": iso(span.end), "words": clock(span.start)} if span else None


def verdict(operation: Operation, wish: Wish, now: datetime) -> Verdict:
    """By the very rules that saving asks."""
    checked = orders.check(operation.ref, wish.span.start, wish.span.end, wish.cell.id, now)
    around = orders.around(operation, wish.cell.id, now)
    near = checked.nearest
    return Verdict(
        wish,
        list(_rules(wish, around, checked.violations)),
        near.before,
        near.after,
        checked.ripple,
        _late(operation, wish, checked.ripple),
    )


def _rules(wish: Wish, around: Around, violations: Sequence[Violation]) -> Iterator[Rule]:
    """In the order a planner reads them."""
    broken = {(no.rule, "next_start" in no.details) for no in violations}
    if ("FORM", False) in broken:
        yield Rule("Some time", "It must start before it ends", False)
        return
    for code, title, words in _LINES:
        yield Rule(title, words(wish, around), code not in broken)


def _previous(wish: Wish, around: Around) -> str:
    step = around.previous
    return f"Step {step.idx} ends {told(step.end, wish)}" if step else "No step is planned before it"


def _following(wish: Wish, around: Around) -> str:
    step = around.following
    return f"Step {step.idx} starts {told(step.start, wish)}" if step else "No step is planned after it"


def _alone(wish: Wish, around: Around) -> str:
    met = _met(wish, around, "operation")
    if met:
        return f"{met.label} holds {wish.cell.name} from {told(met.start, wish)} to {told(met.end, wish)}"
    return f"Nothing else is planned on {wish.cell.name} then"


def _past(wish: Wish, around: Around) -> str:
    away = wish.span.start - around.now
    if away >= timedelta(0):
        return f"Starts in {duration(away)}"
    return f"{told(wish.span.start, wish)} was {duration(-away)} ago"


def _kept_fit(wish: Wish, around: Around) -> str:
    met = _met(wish, around, "maintenance")
    if met:
        return f"{met.label}: {wish.cell.name} is out from {told(met.start, wish)} to {told(met.end, wish)}"
    return f"No maintenance of {wish.cell.name} then"


_LINES: tuple[tuple[tuple[str, bool], str, Callable[[Wish, Around], str]], ...] = (
    (("R1", False), "After the step before", _previous),
    (("R1", True), "Before the step after", _following),
    (("R2", False), "One at a time on a lane", _alone),
    (("R4", False), "Clear of maintenance", _kept_fit),
    (("R3", False), "Not in the past", _past),
)


def _met(wish: Wish, around: Around, kind: str) -> Taken | None:
    return next((one for one in around.lane if one.kind == kind and wish.span.meets(one.start, one.end)), None)


def told(at: datetime, wish: Wish) -> str:
    """The time, with its day where that is not the day the operation would start on."""
    zone = site_zone()
    same = at.astimezone(zone).date() == wish.span.start.astimezone(zone).date()
    return clock(at) if same else f"{day(at)} {clock(at)}"


def _late(operation: Operation, wish: Wish, delays: Sequence[Delay]) -> list[Late]:
    """Orders that would end after they are due because of this, each once, worst first."""
    was = Span(operation.starts, operation.ends) if operation.starts and operation.ends else wish.span
    moved = {operation.ref: (was, wish.span), **{one.ref: (one.was, one.becomes) for one in delays}}
    found: dict[str, Late] = {}
    for op in orders.named(list(moved)):
        before, after = moved[op.ref]
        over = after.end - op.due_at if op.due_at else timedelta(0)
        if op.due_at and over > timedelta(0) and (before.end <= op.due_at or op.ref == operation.ref):
            found[op.order_ref] = max(
                found.get(op.order_ref, Late(op.order_ref, op.due_at, over)),
                Late(op.order_ref, op.due_at, over),
                key=lambda late: late.by,
            )
    return sorted(found.values(), key=lambda late: -late.by)
