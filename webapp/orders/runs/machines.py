"""Which machine can take an operation now: rules one can read aloud, and the choice among those that pass. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webapp import upkeep
from webapp.orders.runs import reasons
from webapp.orders.runs.reasons import Reason
from webapp.upkeep import Check, Fitness


@dataclass(frozen=True)
class Need:
    """What an operation asks of a machine. what: its own name among promises; planned: the machine it is planned on;
    starts: when it was to start there, None where it has no time yet."""

    what: str
    kind: str | None
    seconds: int
    planned: int | None = None
    starts: datetime | None = None

    def run(self, now: datetime) -> tuple[datetime, datetime]:
        return now, now + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class Promise:
    """Somebody has the machine for start <= t < end. kind: "operation" or "maintenance"; label: as people call it."""

    what: str
    kind: str
    label: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Machine:
    """A cell as the rules see it at one moment. since: in this state; asked: a feed of it is asked for its state."""

    cell_id: int
    name: str
    kind: str
    since: datetime
    takes_operations: bool = True
    in_service: bool = True
    mode: str = "open"
    mode_why: str = ""
    state: str = "idle"
    detail: str = ""
    asked: bool = False
    taken: str = ""  # by whom: "P-7 has it"; empty: nobody
    promises: tuple[Promise, ...] = ()
    fitness: Fitness | None = None

    def check(self, need: Need, now: datetime) -> Check:
        """What maintenance says to this work on it."""
        return upkeep.before_work(self.fitness, *need.run(now))


@dataclass(frozen=True)
class No:
    """Why a machine cannot take it: the rule it fails, and in words that follow the machine's name."""

    rule: str
    says: str


def takes_operations(need: Need, machine: Machine, now: datetime) -> No | None:
    return None if machine.takes_operations else No("takes operations", "takes no operations")


def is_in_service(need: Need, machine: Machine, now: datetime) -> No | None:
    return None if machine.in_service else No("in service", "is not in service")


def is_of_the_kind(need: Need, machine: Machine, now: datetime) -> No | None:
    if need.kind in (None, machine.kind):
        return None
    return No("kind", f"is of the kind {machine.kind}, not {need.kind}")


def is_open(need: Need, machine: Machine, now: datetime) -> No | None:
    if machine.mode == "open":
        return None
    return No("open", f"is {machine.mode}" + (f": {machine.mode_why}" if machine.mode_why else ""))


def is_well(need: Need, machine: Machine, now: datetime) -> No | None:
    """A machine nobody can ask is taken for well: whoever starts there stands before it."""
    if machine.state == "unknown":
        return No("well", "does not answer") if machine.asked else None
    if machine.state not in ("down", "maintenance"):
        return None
    says = "is down" if machine.state == "down" else "is in maintenance"
    return No("well", says + (f": {machine.detail}" if machine.detail else ""))


def is_free(need: Need, machine: Machine, now: datetime) -> No | None:
    return No("free", f"is busy: {machine.taken}") if machine.taken else None


def is_no_window(need: Need, machine: Machine, now: datetime) -> No | None:
    going_on = [p for p in machine.promises if p.kind == "maintenance" and p.start <= now < p.end]
    return No("window", "is in maintenance") if going_on else None


def is_maintained(need: Need, machine: Machine, now: datetime) -> No | None:
    says = machine.check(need, now).refused
    return No("maintained", says) if says else None


def is_not_promised(need: Need, machine: Machine, now: datetime) -> No | None:
    """Once its own time has come the plan is on its side; before that, and on another machine than it is planned on, it
    must be over when somebody else's time begins."""
    if need.planned == machine.cell_id and need.starts is not None and need.starts <= now:
        return None
    start, end = need.run(now)
    others = (p for p in machine.promises if p.what != need.what and p.start < end and p.end > start)
    first = min(others, key=lambda p: p.start, default=None)
    return No("promised", f"is booked by {first.label or first.kind}") if first else None


#: What a machine is. One that fails one of these can never take the operation as it is.
SUITED = (takes_operations, is_in_service, is_of_the_kind)
#: How it is just now.
READY = (is_open, is_well, is_free, is_no_window, is_maintained, is_not_promised)
RULES = (*SUITED, *READY)
NEVER = ("takes operations", "in service", "kind")


def verdict(need: Need, machine: Machine, now: datetime) -> No | None:
    """The first rule the machine fails, in the order of RULES; None: it can take it."""
    return next((no for rule in RULES if (no := rule(need, machine, now))), None)


@dataclass
class Shop:
    """All machines at one moment. Whoever takes one says so, and the next one sees it."""

    machines: dict[int, Machine]
    now: datetime

    def fit(self, need: Need) -> list[Machine]:
        """Those that can take it, best first: the one it is planned on, then what has been in its state longest."""
        need = self._of_a_kind(need)
        fit = [machine for machine in self.machines.values() if verdict(need, machine, self.now) is None]
        return sorted(fit, key=lambda m: (m.cell_id != need.planned, m.since, m.name))

    def reason(self, need: Need) -> Reason:
        """Why it waits, while no machine fits."""
        need = self._of_a_kind(need)
        return reason(need, [(m, no) for m in self.machines.values() if (no := verdict(need, m, self.now))])

    def _of_a_kind(self, need: Need) -> Need:
        """Planned on a mill and no word of what it needs: then a lathe is no help."""
        planned = self.machines.get(need.planned or 0)
        return replace(need, kind=planned.kind) if planned and need.kind is None else need

    def take(self, cell_id: int, says: str) -> None:
        """From now on it is taken. says: by whom, such as "WO-7 step 1 has it"."""
        self.machines[cell_id] = replace(self.machines[cell_id], taken=says)

    def promise(self, promises: dict[int, tuple[Promise, ...]]) -> None:
        """These machines are booked so, as was just read."""
        for cell_id, known in promises.items():
            self.machines[cell_id] = replace(self.machines[cell_id], promises=known)


Verdicts = Sequence[tuple[Machine, No]]


def reason(need: Need, verdicts: Verdicts) -> Reason:
    """The one reason behind all verdicts: what will end by itself comes before what needs a person."""
    found = _Found([(machine, no) for machine, no in verdicts if no.rule not in NEVER])
    if not found.verdicts:
        return reasons.no_fit_machine(need.kind)
    if names := found.names("free"):
        return reasons.machines_busy(names, found.says("free"))
    if names := found.names("promised"):
        return reasons.machines_booked(names, found.says("promised"))
    if names := found.maintained():
        return reasons.maintenance_ends(names)
    if names := found.names("maintained"):
        return reasons.upkeep_due(names, found.says("maintained"))
    if names := found.names("well"):
        return reasons.all_machines_down([*names, *found.names("open")], found.says("well"))
    return reasons.all_machines_closed(found.names("open"), found.says("open"))


@dataclass(frozen=True)
class _Found:
    verdicts: Verdicts

    def names(self, rule: str) -> list[str]:
        return [machine.name for machine, no in self.verdicts if no.rule == rule]

    def says(self, rule: str) -> str:
        return next(no.says for _, no in self.verdicts if no.rule == rule)

    def maintained(self) -> list[str]:
        """Those that are at rest for maintenance, by plan or by their own word."""
        return [m.name for m, no in self.verdicts if no.rule == "window" or (no.rule == "well" and _resting(m))]


def _resting(machine: Machine) -> bool:
    return machine.state == "maintenance"


def as_promises(rows: Iterable[tuple[int, Promise]]) -> dict[int, tuple[Promise, ...]]:
    """By machine."""
    found: dict[int, list[Promise]] = {}
    for cell_id, promise in rows:
        found.setdefault(cell_id, []).append(promise)
    return {cell_id: tuple(promises) for cell_id, promises in found.items()}
