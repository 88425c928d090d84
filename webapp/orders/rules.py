"""The rules of a plan as one list, read by pages, programs, planners and the dispatcher alike. Pure arithmetic.

R1: one step after the other. R2: one thing at a time on a machine. R3: nothing starts in the past. R4: no work while
a machine is kept fit. Ends that touch are legal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from webapp.lib.refusal import Refusal

FORM = "FORM"


@dataclass(frozen=True, order=True)
class Span:
    """start <= t < end, in whole seconds. One that was asked for may be no time at all: rule FORM says so."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def begun_at(self, start: datetime) -> "Span":
        return Span(start, start + self.length)

    def meets(self, start: datetime, end: datetime) -> bool:
        return self.start < end and start < self.end


@dataclass(frozen=True)
class Step:
    """A neighbour in the sequence of an order, with the time it takes or took."""

    ref: str
    idx: int
    name: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Taken:
    """A stretch of a lane that another holds. ref: the operation's; empty for a maintenance window."""

    start: datetime
    end: datetime
    kind: str  # "operation" | "maintenance"
    what: str
    label: str
    ref: str = ""


@dataclass(frozen=True)
class Around:
    """What a rule may see of the world. previous ends last of all placed before it in its order, following starts
    first of those behind it; lane: what others hold of the machine, by start."""

    now: datetime
    previous: Step | None = None
    following: Step | None = None
    lane: tuple[Taken, ...] = ()

    @property
    def earliest(self) -> datetime:
        """Before this nothing may start, whatever the lane says."""
        return max(self.now, self.previous.end) if self.previous else self.now

    def at(self, now: datetime) -> "Around":
        """The same, looked at then."""
        return replace(self, now=now)


@dataclass(frozen=True)
class Violation:
    """details: what the rule saw, and `earliest_start`: the first legal one at or after what was asked for."""

    rule: str
    message: str
    details: Mapping[str, object] = field(default_factory=dict)


class RuleViolation(Refusal):
    """A change that breaks a rule. violations: all that it breaks; the refusal speaks of the first.

    about: more to tell, such as `operation`, where several were to move.
    """

    code = "RULE_VIOLATION"
    status = 400

    def __init__(self, violations: list[Violation], nearest: "Nearest | None" = None, /, **about: object) -> None:
        first = violations[0]
        super().__init__(first.message, message=first.message, rule=first.rule, **first.details, **about)
        self.violations = violations
        self.nearest = nearest or Nearest()


def not_in_the_past(span: Span, around: Around) -> Violation | None:
    if span.start >= around.now:
        return None
    return Violation("R3", "Start cannot be before now", {"now": around.now})


def after_the_previous(span: Span, around: Around) -> Violation | None:
    step = around.previous
    if step is None or span.start >= step.end:
        return None
    message = f"Operation must start after previous (idx {step.idx} ends)"
    return Violation("R1", message, {"prev_end": step.end, "prev_name": step.name})


def before_the_following(span: Span, around: Around) -> Violation | None:
    step = around.following
    if step is None or span.end <= step.start:
        return None
    message = f"Operation must end before next (idx {step.idx} starts)"
    return Violation("R1", message, {"next_start": step.start, "next_name": step.name})


def alone_in_the_lane(span: Span, around: Around) -> Violation | None:
    other = _first_met(span, around, "operation")
    if other is None:
        return None
    saw = {"conflicts_with": other.ref or other.label, "conflict_start": other.start, "conflict_end": other.end}
    return Violation("R2", f"Operation must not overlap another on its machine ({other.label})", saw)


def clear_of_maintenance(span: Span, around: Around) -> Violation | None:
    window = _first_met(span, around, "maintenance")
    if window is None:
        return None
    saw = {"maintenance": window.label, "maintenance_start": window.start, "maintenance_end": window.end}
    return Violation("R4", f"Operation must not lie in maintenance ({window.label})", saw)


def _first_met(span: Span, around: Around, kind: str) -> Taken | None:
    return next((taken for taken in around.lane if taken.kind == kind and span.meets(taken.start, taken.end)), None)


RULES: tuple[Callable[[Span, Around], Violation | None], ...] = (
    not_in_the_past,
    after_the_previous,
    before_the_following,
    alone_in_the_lane,
    clear_of_maintenance,
)


def violations(span: Span, around: Around) -> list[Violation]:
    """Each rule the span breaks, in the order of RULES; one that is no time at all breaks its form and nothing else."""
    if span.start >= span.end:
        return [Violation(FORM, "Start must be before end", {"earliest_start": None})]
    found = [no for rule in RULES if (no := rule(span, around))]
    legal = earliest_start(span, around) if found else None
    return [Violation(no.rule, no.message, {**no.details, "earliest_start": legal}) for no in found]


@dataclass(frozen=True)
class Nearest:
    """Legal spans of the same length next to one that is not: the last before it, the first after it."""

    before: Span | None = None
    after: Span | None = None

    @property
    def spans(self) -> list[Span]:
        return [span for span in (self.before, self.after) if span]


def nearest(span: Span, around: Around) -> Nearest:
    """Nothing where the span is legal itself, or no time at all."""
    if span.start >= span.end:
        return Nearest()
    before, after = latest_start(span, around), earliest_start(span, around)
    if span.start in (before, after):
        return Nearest()
    return Nearest(before=span.begun_at(before) if before else None, after=span.begun_at(after) if after else None)


def earliest_start(span: Span, around: Around) -> datetime | None:
    """The first legal start at or after its own, for the same length."""
    start, length = max(span.start, around.earliest), span.length
    for taken in around.lane:
        if taken.start >= start + length:
            break
        start = max(start, taken.end)
    return start if _ends_in_time(start + length, around) else None


def latest_start(span: Span, around: Around) -> datetime | None:
    """The last legal start at or before its own, for the same length."""
    start, length = span.start, span.length
    if around.following:
        start = min(start, around.following.start - length)
    for taken in sorted(around.lane, key=lambda taken: taken.end, reverse=True):
        if taken.end <= start:
            break
        if taken.start < start + length:
            start = taken.start - length
    return start if start >= around.earliest else None


def slots(around: Around, start: datetime, seconds: int, until: datetime, most: int) -> list[Span]:
    """Legal spans of this length that start at or after `start` and before `until`, one behind the other."""
    found: list[Span] = []
    wanted = Span(start, start + timedelta(seconds=seconds))
    while len(found) < most:
        legal = earliest_start(wanted, around)
        if legal is None or legal >= until:
            break
        found.append(wanted.begun_at(legal))
        wanted = wanted.begun_at(found[-1].end)
    return found


def _ends_in_time(end: datetime, around: Around) -> bool:
    return around.following is None or end <= around.following.start
