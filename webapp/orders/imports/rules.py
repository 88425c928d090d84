"""How a file of orders is to be read: which column is which, whose clock its times are, which cell each machine is."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from webapp.lib.moments import NO_ZONE, is_zone
from webapp.lib.refusal import Invalid

#: Names of columns that need no telling, in plain words; of two, the earlier one is meant.
_USUAL = {
    "order": "workorderid workorder workorderno order orderid orderno ordernumber orderref wo caseid case jobid job",
    "product": "product productname part partdesc partdescription partnumber item material artikel produkt",
    "qty": "qty quantity workorderqty orderqty amount pieces menge",
    "due": "due dueat duedate deadline deliverydate termin liefertermin",
    "priority": "priority prio",
    "note": "note notes comment remark",
    "order_status": "orderstatus workorderstatus",
    "op": "operationid operationref opid",
    "step": "step stepno stepnumber index idx sequence seq operationno opno position pos",
    "name": "operation operationname activity task stepname name vorgang arbeitsgang",
    "machine": "machine machineid machinename cell resource workcenter workcentre station equipment maschine anlage",
    "kind": "requiredkind machinekind machinetype kind resourcetype",
    "start": "start starttime starttimestamp startdate plannedstart from begin beginn von",
    "end": "end endtime endtimestamp enddate plannedend completetimestamp to until finish ende bis",
    "duration": "duration minutes durationminutes plannedminutes seconds hours dauer",
    "status": "status state operationstatus",
    "began": "startedat actualstart realstart",
    "ended": "endedat actualend realend",
    "done": "qtydone qtycompleted quantitycompleted completed good",
    "rejected": "qtyrejected rejected scrap scrapped ausschuss",
}
USUAL = {role: names.split() for role, names in _USUAL.items()}
ROLES = tuple(USUAL)
NEEDED = {"order": "order", "name": "operation"}
#: Which of day and month comes first in 03/04/2026; empty: such times are refused.
DATES = ("", "day", "month")
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600}
MOST_MACHINES = 1000


@dataclass(frozen=True)
class Rules:
    """columns: role -> header; unit: of durations that are bare numbers.

    machines: as the file calls it -> (cell, kind it is made as where there is none); no cell: its rows are refused.
    most_bad: per cent of bad rows beyond which nothing is written; None: whatever is good goes in.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    zone: str = "UTC"
    dates: str = ""
    unit: str = "minutes"
    machines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    site_id: int | None = None
    most_bad: int | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def rules_from(kept: Mapping[str, Any]) -> Rules:
    known = {one.name for one in fields(Rules)}
    return Rules(**{name: value for name, value in kept.items() if name in known})


def plain(name: str) -> str:
    """As names of columns are compared."""
    return "".join(c for c in name.casefold() if c.isalnum())


def guessed(header: Sequence[str]) -> tuple[dict[str, str], str]:
    """(columns, unit of durations) as far as the names tell; no column is two things."""
    by_name = {plain(name): name for name in reversed(header) if name}
    columns: dict[str, str] = {}
    for role, names in USUAL.items():
        free = [by_name[name] for name in names if name in by_name and by_name[name] not in columns.values()]
        if free:
            columns[role] = free[0]
    unit = plain(columns.get("duration", ""))
    return columns, unit if unit in UNITS else "minutes"


def check_rules(rules: Rules, header: Sequence[str]) -> None:
    """Raise Invalid naming every field that cannot be accepted."""
    wrong = {**_wrong_columns(rules, header), **_wrong_rest(rules)}
    if wrong:
        raise Invalid(**wrong)


def _wrong_columns(rules: Rules, header: Sequence[str]) -> dict[str, str]:
    missing = [role for role in NEEDED if not rules.columns.get(role)]
    strange = [role for role, name in rules.columns.items() if role not in ROLES or name not in header]
    named = list(rules.columns.values())
    twice = [role for role, name in rules.columns.items() if named.count(name) > 1]
    return {
        **{f"column_{role}": "must be a column of its own" for role in twice},
        **{f"column_{role}": "must be a column of the file" for role in (*missing, *strange)},
    }


def _wrong_rest(rules: Rules) -> dict[str, str]:
    right = {
        "zone": (is_zone(rules.zone), NO_ZONE),
        "dates": (rules.dates in DATES, "must be day or month, or empty"),
        "unit": (rules.unit in UNITS, "must be one of " + ", ".join(UNITS)),
        "machines": (len(rules.machines) <= MOST_MACHINES, f"cannot be more than {MOST_MACHINES}: which column is it?"),
        "most_bad": (rules.most_bad is None or 0 <= rules.most_bad <= 100, "must be 0 to 100 per cent, or empty"),
    }
    return {name: says for name, (fits, says) in right.items() if not fits}
