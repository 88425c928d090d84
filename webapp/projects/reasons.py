"""Why a project waits: every reason there is, in two groups, and its wording. Nobody else words one. Pure.

A message is one sentence without its full stop, so that pages may go on after it. It names cells, never what they
are busy with: what changes at every moment belongs to the decision record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 300
NAMES = 6


@dataclass(frozen=True)
class Reason:
    """code: the API's word; cell_id: where one act would help, if there is such a place."""

    code: str
    message: str
    cell_id: int | None = None

    @property
    def needs_person(self) -> bool:
        return self.code in NEEDS_PERSON

    @property
    def help(self) -> str:
        """The act that helps, as a button says it; empty where the project starts by itself."""
        return HELP.get(self.code, "")


#: Needs a person, most actionable first: the act that helps.
HELP = {
    "cell_silent": "Release the cell",
    "all_fit_closed": "Open a cell",
    "upkeep_due": "Do the maintenance",
    "all_fit_down": "Look at the cell",
    "cells_refuse": "Check the project",
    "no_fit_cell": "Ask for another cell",
}
NEEDS_PERSON = tuple(HELP)
#: Starts by itself, soonest first.
STARTS_BY_ITSELF = ("looking", "cells_busy", "cells_booked", "backing_off", "maintenance_ends")
CODES = (*NEEDS_PERSON, *STARTS_BY_ITSELF)

LOOKING = Reason("looking", "A cell is being looked for")


def cells_busy(names: Sequence[str]) -> Reason:
    return _reason("cells_busy", _count(names, "is busy", "fit cells are busy"))


def cells_booked(names: Sequence[str]) -> Reason:
    return _reason("cells_booked", _count(names, "is booked", "fit cells are booked"))


def upkeep_due(names: Sequence[str], says: str, cell_id: int) -> Reason:
    """says: what maintenance has to say of the first one: "Oil change is overdue since 2026-03-01"."""
    told = f"{names[0]}: {says}" if len(names) == 1 else _count(names, "", "fit cells have maintenance overdue")
    return _reason("upkeep_due", told, cell_id)


def maintenance_ends(names: Sequence[str]) -> Reason:
    return _reason("maintenance_ends", _count(names, "is in maintenance", "fit cells are in maintenance"))


def backing_off(names: Sequence[str]) -> Reason:
    return _reason("backing_off", _count(names, "refused work and is asked again soon", "fit cells refused work"))


def refused(name: str, why: str, times: int, cell_id: int) -> Reason:
    """What a project waits for after a cell refused it; from the third time on somebody should look at it."""
    says = f"{name} refused it: {why}" if why else f"{name} refused it"
    if times < MANY_REFUSALS:
        return _reason("backing_off", f"{says}; other cells are tried")
    return _reason("cells_refuse", f"Cells refused it {times} times, last {says}", cell_id)


MANY_REFUSALS = 3


def no_fit_cell(asks: Sequence[str]) -> Reason:
    """asks: what it asks for, in words."""
    return _reason("no_fit_cell", f"No cell fits: it asks for {' and '.join(asks)}" if asks else "There is no cell yet")


def requested_unfit(name: str, says: str, cell_id: int) -> Reason:
    """It asked for one cell, and that one can never take it. says: "is of the kind laser, not mill"."""
    return _reason("no_fit_cell", f"It asks for {name}, which {says}", cell_id)


def all_fit_down(names: Sequence[str], says: str, cell_id: int) -> Reason:
    """says: what is wrong with the first one: "is down: Spindle overload"."""
    return _reason("all_fit_down", _count(names, says, "fit cells are down, silent or closed"), cell_id)


def all_fit_closed(names: Sequence[str], says: str, cell_id: int) -> Reason:
    return _reason("all_fit_closed", _count(names, says, "fit cells are closed or draining"), cell_id)


def cell_silent(name: str, why: str, cell_id: int) -> Reason:
    says = f" ({why})" if why else ""
    return _reason("cell_silent", f"{name} does not say whether it took the job{says}; it may have started", cell_id)


def _count(names: Sequence[str], one: str, many: str) -> str:
    """C01 is busy; or: 3 fit cells are busy (C01, C02, C03)."""
    if len(names) == 1:
        return f"{names[0]} {one}"
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{len(names)} {many} ({', '.join(names[:NAMES])}{more})"


def _reason(code: str, message: str, cell_id: int | None = None) -> Reason:
    return Reason(code, message if len(message) <= LONGEST else message[: LONGEST - 1] + "…", cell_id)
