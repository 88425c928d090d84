"""Why an operation that was asked to start waits: every reason there is, in two groups, and its wording. Pure.

A message is one sentence without its full stop, so that pages may go on after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 300
NAMES = 6


@dataclass(frozen=True)
class Reason:
    """code: the API's word."""

    code: str
    message: str

    @property
    def needs_person(self) -> bool:
        return self.code in HELP

    @property
    def help(self) -> str:
        """The act that helps, as a button says it; empty where the operation starts by itself."""
        return HELP.get(self.code, "")


#: Needs a person: the act that helps.
HELP = {
    "order_held": "Resume the order",
    "upkeep_due": "Do the maintenance",
    "all_machines_closed": "Open a machine",
    "all_machines_down": "Look at the machine",
    "no_fit_machine": "Plan it on another machine",
}
#: Starts by itself.
STARTS_BY_ITSELF = ("looking", "machines_busy", "machines_booked", "maintenance_ends")
CODES = (*HELP, *STARTS_BY_ITSELF)

LOOKING = Reason("looking", "A machine is being looked for")


def machines_busy(names: Sequence[str], says: str) -> Reason:
    return _reason("machines_busy", _count(names, says, "fit machines are busy"))


def machines_booked(names: Sequence[str], says: str) -> Reason:
    """says: of one machine: "is booked from 14:00 by WO-7 step 1"."""
    return _reason("machines_booked", _count(names, says, "fit machines are booked before it would end"))


def maintenance_ends(names: Sequence[str]) -> Reason:
    return _reason("maintenance_ends", _count(names, "is in maintenance", "fit machines are in maintenance"))


def upkeep_due(names: Sequence[str], says: str) -> Reason:
    """says: what maintenance has to say of the first one."""
    told = f"{names[0]}: {says}" if len(names) == 1 else _count(names, "", "fit machines have maintenance overdue")
    return _reason("upkeep_due", told)


def all_machines_closed(names: Sequence[str], says: str) -> Reason:
    return _reason("all_machines_closed", _count(names, says, "fit machines are closed or draining"))


def all_machines_down(names: Sequence[str], says: str) -> Reason:
    """says: what is wrong with the first one: "is down: Spindle overload"."""
    return _reason("all_machines_down", _count(names, says, "fit machines are down, silent or closed"))


def no_fit_machine(kind: str | None) -> Reason:
    asks = f"of the kind {kind}" if kind else "that takes operations"
    return _reason("no_fit_machine", f"There is no machine {asks}")


def order_held(why: str) -> Reason:
    return _reason("order_held", f"Its order is on hold: {why}")


def _count(names: Sequence[str], one: str, many: str) -> str:
    """M1 is busy; or: 3 fit machines are busy (M1, M2, M3)."""
    if len(names) == 1:
        return f"{names[0]} {one}"
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{len(names)} {many} ({', '.join(names[:NAMES])}{more})"


def _reason(code: str, message: str) -> Reason:
    return Reason(code, message if len(message) <= LONGEST else message[: LONGEST - 1] + "…")
