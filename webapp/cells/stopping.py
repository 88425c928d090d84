"""Telling cells that a job is over, until they have heard it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from webapp.cells.addresses import Networks
from webapp.cells.drivers import Told
from webapp.cells.handing import tell
from webapp.cells.models import Cell, Claim, Sighting
from webapp.extensions import db, transaction

LONGEST_WAIT = timedelta(minutes=5)


def tell_stops(now: datetime, networks: Networks) -> None:
    """Tell each cell whose job is over to drop it; who stays silent is told again, less and less often."""
    owed = _owed(now)
    superseded = [claim.id for claim, _, newer in owed if newer]
    asked = [
        (claim.id, claim.stop_tries, cell, _project(claim), claim.fence) for claim, cell, newer in owed if not newer
    ]
    orders = [(cell, lambda to, p=project, f=fence: to.stop(p, f)) for _, _, cell, project, fence in asked]
    answers = tell(orders, networks) if orders else []
    if not owed:
        return
    with transaction():
        _settle(
            superseded + [claim for (claim, *_), told in zip(asked, answers, strict=True) if told.outcome == "taken"]
        )
        _put_off([(claim, tries) for (claim, tries, *_), told in zip(asked, answers, strict=True) if _deaf(told)], now)


def _deaf(told: Told) -> bool:
    return told.outcome != "taken"


def _owed(now: datetime) -> list[tuple[Claim, Cell, bool]]:
    """(claim, cell, whether the cell itself says that it has newer work): then the older job is gone from it."""
    rows = db.session.execute(
        select(Claim, Cell, Sighting)
        .join(Cell, Cell.id == Claim.cell_id)
        .outerjoin(Sighting, Sighting.cell_id == Claim.cell_id)
        .where(Claim.stop_owed, or_(Claim.stop_after.is_(None), Claim.stop_after <= now))
        .order_by(Claim.id)
    )
    return [(claim, cell, _has_newer(claim, sighting)) for claim, cell, sighting in rows]


def _has_newer(claim: Claim, sighting: Sighting | None) -> bool:
    job = sighting.job if sighting else None
    return bool(job and job["fence"] > claim.fence)


def _project(claim: Claim) -> int:
    """The number a cell knows the work by."""
    return int(claim.what.rpartition(":")[2])


def _settle(claims: Sequence[int]) -> None:
    db.session.execute(update(Claim).where(Claim.id.in_(claims)).values(stop_owed=False, stop_after=None))


def _put_off(claims: Sequence[tuple[int, int]], now: datetime) -> None:
    for claim_id, tries in claims:
        wait = min(timedelta(seconds=5 * 2 ** min(tries, 10)), LONGEST_WAIT)
        told = update(Claim).where(Claim.id == claim_id)
        db.session.execute(told.values(stop_tries=tries + 1, stop_after=now + wait))
