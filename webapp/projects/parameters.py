"""What x1…x10 mean here, as an administrator says."""

import math
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from webapp import journal
from webapp.extensions import db, transaction
from webapp.lib.refusal import NotFound
from webapp.projects.models import PARAMETERS, Parameter
from webapp.projects.spec import LONGEST_VALUE, Complaints, refuse_if, short

FIELDS = ("label", "unit", "help", "allowed", "low", "high", "in_use")
MOST_ALLOWED = 50


def parameters() -> list[Parameter]:
    """All ten, x1 first; one nobody described is in use and takes any text."""
    known = {parameter.n: parameter for parameter in db.session.scalars(select(Parameter))}
    return [known.get(n) or _undescribed(n) for n in range(1, len(PARAMETERS) + 1)]


def set_parameter(
    n: int,
    *,
    label: str = "",
    unit: str = "",
    help: str = "",
    allowed: Sequence[str] = (),
    low: float | None = None,
    high: float | None = None,
    in_use: bool = True,
    by: str,
    now: datetime,
) -> Parameter:
    """Say what x<n> means here. Values stored before stay as they are."""
    if not 1 <= n <= len(PARAMETERS):
        raise NotFound("There are parameters 1 to 10")
    given = Parameter(n=n, label=label, unit=unit, help=help, allowed=list(allowed), low=low, high=high, in_use=in_use)
    refuse_if(_complaints(given))
    with transaction():
        before = db.session.get(Parameter, n)
        seen = _values(before or _undescribed(n))
        kept = db.session.merge(given)
        if seen != _values(kept):
            journal.record("described parameter", f"parameter:{n}", by, now, before=seen, after=_values(kept))
    return kept


def _undescribed(n: int) -> Parameter:
    return Parameter(n=n, label="", unit="", help="", allowed=[], low=None, high=None, in_use=True)


def _values(parameter: Parameter) -> dict[str, object]:
    return {name: getattr(parameter, name) for name in FIELDS}


def _complaints(given: Parameter) -> Complaints:
    limits = {"label": 60, "unit": 20, "help": 200}
    found = {name: short(getattr(given, name), limit) for name, limit in limits.items()}
    found |= {"allowed": _allowed(given.allowed), "high": _range(given.low, given.high)}
    return {name: says for name, says in found.items() if says}


def _allowed(words: Sequence[str]) -> str | None:
    if len(words) > MOST_ALLOWED or len(set(words)) < len(words):
        return f"must be up to {MOST_ALLOWED} different values"
    return next((f"holds one that {says}" for word in words if (says := short(word, LONGEST_VALUE))), None)


def _range(low: float | None, high: float | None) -> str | None:
    bounds = [bound for bound in (low, high) if bound is not None]
    if not all(math.isfinite(bound) for bound in bounds):
        return "must be a number, as the low end must"
    return "must not be below the low end" if len(bounds) == 2 and bounds[0] > bounds[1] else None
