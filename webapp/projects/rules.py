"""Which cell fits a project: a list of rules one can read aloud, and the choice among those that pass. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from webapp.projects import reasons
from webapp.projects.reasons import Reason


@dataclass(frozen=True)
class Ask:
    """What a project asks of a cell. minutes: as long as its owner expects; 0: nobody said."""

    kind: str | None = None
    tags: frozenset[str] = frozenset()
    requested: int | None = None
    minutes: int = 0

    @property
    def words(self) -> list[str]:
        """In words, for a person."""
        kind = [f"the kind {self.kind}"] if self.kind else []
        return kind + ([f"{', '.join(sorted(self.tags))}"] if self.tags else [])


@dataclass(frozen=True)
class Candidate:
    """A cell as the rules see it at one moment."""

    cell_id: int
    name: str
    kind: str
    idle_since: datetime
    tags: frozenset[str] = frozenset()
    in_service: bool = True
    takes_projects: bool = True
    mode: str = "open"
    mode_why: str = ""
    state: str = "idle"
    detail: str = ""
    taken: str = ""  # by whom: "P-7 has it"; empty: nobody
    own_work: bool = False  # it runs something that was not given to it here
    unfit: str = ""  # what maintenance has to say before work may start
    booked_by: str = ""  # whose time on it comes next: "WO-7 step 1"
    booked_in: int | None = None  # seconds until that begins, 0: it has; None: nobody booked it
    booked_until: datetime | None = None
    refused_until: datetime | None = None  # None where it may be asked
    refused_why: str = ""
    pace: int | None = None  # seconds a project takes here, as learned


@dataclass(frozen=True)
class No:
    """Why a cell does not fit: the rule it fails, in words, and what the rule saw."""

    rule: str
    message: str
    values: dict[str, object] = field(default_factory=dict)


def is_the_cell_asked_for(ask: Ask, cell: Candidate) -> No | None:
    if ask.requested in (None, cell.cell_id):
        return None
    return No("asked for", "Another cell was asked for", {"requested_cell_id": ask.requested})


def is_of_the_kind(ask: Ask, cell: Candidate) -> No | None:
    if ask.kind in (None, cell.kind):
        return None
    return No("kind", f"It is of the kind {cell.kind}, not {ask.kind}", {"asked": ask.kind, "has": cell.kind})


def has_the_tags(ask: Ask, cell: Candidate) -> No | None:
    lacks = sorted(ask.tags - cell.tags)
    return No("tags", f"It lacks {', '.join(lacks)}", {"lacks": lacks}) if lacks else None


def is_in_service(ask: Ask, cell: Candidate) -> No | None:
    return None if cell.in_service else No("in service", "It is not in service")


def takes_projects(ask: Ask, cell: Candidate) -> No | None:
    return None if cell.takes_projects else No("takes projects", "No project can be handed to it")


def is_open(ask: Ask, cell: Candidate) -> No | None:
    if cell.mode == "open":
        return None
    why = f": {cell.mode_why}" if cell.mode_why else ""
    return No("open", f"It is {cell.mode}{why}", {"mode": cell.mode, "why": cell.mode_why})


def is_well(ask: Ask, cell: Candidate) -> No | None:
    if cell.state in ("running", "setup", "idle"):
        return None
    says = "It does not answer" if cell.state == "unknown" else f"It is {_state_words(cell.state)}"
    detail = f": {cell.detail}" if cell.detail else ""
    return No("well", says + detail, {"state": cell.state, "detail": cell.detail})


def is_free(ask: Ask, cell: Candidate) -> No | None:
    if cell.taken:
        return No("free", cell.taken)
    if cell.own_work:
        return No("free", f"It is {_state_words(cell.state)}, with work of its own", {"state": cell.state})
    return None


def is_maintained(ask: Ask, cell: Candidate) -> No | None:
    return No("maintained", cell.unfit) if cell.unfit else None


def is_not_booked(ask: Ask, cell: Candidate) -> No | None:
    """Of a project that nobody foresees only the moment counts; what ends when a booking begins is no overlap."""
    if cell.booked_in is None or 0 < cell.booked_in >= 60 * ask.minutes:
        return None
    return No("booked", f"It is booked by {cell.booked_by}", {"by": cell.booked_by, "in_seconds": cell.booked_in})


def is_not_refusing(ask: Ask, cell: Candidate) -> No | None:
    if cell.refused_until is None:
        return None
    until = cell.refused_until.isoformat(timespec="seconds")
    return No("not refusing", f"It refused work: {cell.refused_why}", {"until": until, "why": cell.refused_why})


#: What a cell is. A cell that fails one of these can never take the project as it is asked.
SUITED = (is_the_cell_asked_for, is_of_the_kind, has_the_tags, is_in_service, takes_projects)
#: How a cell is just now.
READY = (is_open, is_well, is_free, is_maintained, is_not_booked, is_not_refusing)
RULES = (*SUITED, *READY)
NEVER = ("asked for", "kind", "tags", "in service", "takes projects")


def verdict(ask: Ask, cell: Candidate) -> No | None:
    """The first rule the cell fails, in the order of RULES; None: it fits."""
    return next((no for rule in RULES if (no := rule(ask, cell))), None)


def best(cells: Iterable[Candidate]) -> Candidate | None:
    """Of cells that fit: the one idle longest; of equals the one with the quicker learned pace, then the first by name.

    Idle longest spreads work and wear evenly; the pace only breaks ties, since it tells more of past jobs than of
    the cell.
    """
    return min(cells, key=_preference, default=None)


def _preference(cell: Candidate) -> tuple[datetime, float, str]:
    return cell.idle_since, float("inf") if cell.pace is None else cell.pace, cell.name


def _state_words(state: str) -> str:
    return {"maintenance": "in maintenance", "setup": "being set up"}.get(state, state)


Verdicts = Sequence[tuple[Candidate, No | None]]


class Found:
    """What one ask finds among all cells. Many projects ask alike, so each answer is worked out once."""

    def __init__(self, ask: Ask, cells: Iterable[Candidate]) -> None:
        self.ask = ask
        self.verdicts: Verdicts = [(cell, verdict(ask, cell)) for cell in cells]

    @cached_property
    def best(self) -> Candidate | None:
        return best(cell for cell, no in self.verdicts if no is None)

    @cached_property
    def reason(self) -> Reason:
        """Why a project with this ask waits, while no cell fits."""
        return reason(self.ask, self.verdicts)

    @cached_property
    def rules(self) -> str:
        """Each cell and the rule it fails: what makes two findings the same."""
        return repr(sorted((cell.cell_id, no.rule if no else "") for cell, no in self.verdicts))


class Scene:
    """All cells at one moment. Whoever takes a cell says so, and the next one sees it."""

    def __init__(self, cells: Iterable[Candidate]) -> None:
        self.cells = {cell.cell_id: cell for cell in cells}
        self._found: dict[Ask, Found] = {}
        self._suited: dict[Ask, set[int]] = {}

    def find(self, ask: Ask) -> Found:
        if ask not in self._found:
            self._found[ask] = Found(ask, self.cells.values())
        return self._found[ask]

    def suited(self, ask: Ask) -> set[int]:
        """Cells that could take it at some time, however busy or broken they are now."""
        if ask not in self._suited:
            fits = [cell for cell in self.cells.values() if not any(rule(ask, cell) for rule in SUITED)]
            self._suited[ask] = {cell.cell_id for cell in fits}
        return self._suited[ask]

    def take(self, cell_id: int, says: str) -> None:
        """From now on it is taken. says: by whom, such as "P-7 has it"."""
        self.cells[cell_id] = replace(self.cells[cell_id], taken=says)
        self._found.clear()


def reason(ask: Ask, verdicts: Verdicts) -> Reason:
    """The one reason behind all verdicts: what will end by itself comes before what needs a person."""
    suited = [(cell, no) for cell, no in verdicts if no and no.rule not in NEVER]
    if not suited:
        return _none_suited(ask, verdicts)
    for rule, word in BY_ITSELF.items():
        if names := [cell.name for cell, no in suited if no.rule == rule]:
            return word(names)
    if names := [cell.name for cell, no in suited if no.rule == "well" and cell.state == "maintenance"]:
        return reasons.maintenance_ends(names)
    if unfit := [cell for cell, no in suited if no.rule == "maintained"]:
        return reasons.upkeep_due([cell.name for cell in unfit], unfit[0].unfit, unfit[0].cell_id)
    return _all_out(suited)


#: A cell that fails one of these can take it a little later.
BY_ITSELF = {"free": reasons.cells_busy, "booked": reasons.cells_booked, "not refusing": reasons.backing_off}


def _none_suited(ask: Ask, verdicts: Verdicts) -> Reason:
    for cell, no in verdicts:
        if no and cell.cell_id == ask.requested:
            return reasons.requested_unfit(cell.name, _says(no), cell.cell_id)
    if ask.requested:
        return reasons.no_fit_cell(["a cell that is gone"])
    return reasons.no_fit_cell(ask.words or (["a cell that takes projects"] if verdicts else []))


def _all_out(suited: Sequence[tuple[Candidate, No]]) -> Reason:
    names = [cell.name for cell, _ in suited]
    if all(no.rule == "open" for _, no in suited):
        first, no = suited[0]
        return reasons.all_fit_closed(names, _says(no), first.cell_id)
    first, no = next((cell, no) for cell, no in suited if no.rule == "well")
    return reasons.all_fit_down(names, _says(no), first.cell_id)


def _says(no: No) -> str:
    """ "It is down" -> "is down", to follow a cell's name."""
    return no.message.removeprefix("It ")
