"""How long each site waits before it tells the next ones: an administrator's settings."""

from datetime import datetime

from sqlalchemy import select

from webapp import journal
from webapp.cells.alarms.models import Escalation, usual
from webapp.cells.models import Site
from webapp.cells.places import one_site
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid

LONGEST_GRACE = 600
LONGEST_WAIT = 24 * 60


def rules_by_site() -> dict[int, Escalation]:
    """Of every site, by its number."""
    said = {row.site_id: row for row in db.session.scalars(select(Escalation))}
    return {site_id: said.get(site_id) or usual(site_id) for site_id in db.session.scalars(select(Site.id))}


def set_escalation(
    site_id: int, active: bool, grace: int | None, second: int | None, third: int | None, by: str, now: datetime
) -> None:
    """grace: seconds a stop may last unnoticed; second, third: minutes after the first people were told."""
    values = {"grace": grace, "second": second, "third": third}
    _check(**values)
    with transaction():
        one_site(site_id)
        row = db.session.get(Escalation, site_id) or usual(site_id)
        before = _told(row)
        row.active, row.grace, row.second, row.third = active, grace or 0, second or 0, third or 0
        db.session.add(row)
        journal.record("changed escalation", f"site:{site_id}", by, now, before=before, after=_told(row))


def _told(row: Escalation) -> dict[str, int | bool]:
    return {name: getattr(row, name) for name in ("active", "grace", "second", "third")}


def _check(grace: int | None, second: int | None, third: int | None) -> None:
    wrong = {}
    if grace is None or not 0 <= grace <= LONGEST_GRACE:
        wrong["grace"] = f"must be a whole number of seconds from 0 to {LONGEST_GRACE}"
    if second is None or not 1 <= second <= LONGEST_WAIT:
        wrong["second"] = f"must be a whole number of minutes from 1 to {LONGEST_WAIT}"
    if third is None or not 1 <= third <= LONGEST_WAIT:
        wrong["third"] = f"must be a whole number of minutes from 1 to {LONGEST_WAIT}"
    elif second is not None and third <= second:
        wrong["third"] = "must come after the second step"
    if wrong:
        raise Invalid(**wrong)
