"""Adding and changing sites."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.cells.details import NameTaken
from webapp.cells.directory import directory_changed
from webapp.cells.lost_time.keeping import stock_reasons
from webapp.cells.models import Site
from webapp.cells.places import one_site
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid


def add_site(name: str, zone: str, target: int, by: str, now: datetime) -> Site:
    """zone: such as Europe/Berlin; target: the utilization aimed at, per cent."""
    _check(name, zone, target)
    with transaction():
        site = Site(name=name.strip(), zone=zone, target=target)
        _keep(site)
        directory_changed()
        stock_reasons(by, now)
        journal.record("added site", f"site:{site.id}", by, now, name=site.name, zone=zone, target=target)
    return site


def change_site(site_id: int, name: str, zone: str, target: int, by: str, now: datetime) -> Site:
    _check(name, zone, target)
    with transaction():
        site = one_site(site_id)
        before = {"name": site.name, "zone": site.zone, "target": site.target}
        site.name, site.zone, site.target = name.strip(), zone, target
        _keep(site)
        directory_changed()
        after = {"name": site.name, "zone": zone, "target": target}
        journal.record("changed site", f"site:{site.id}", by, now, before=before, after=after)
    return site


def _keep(site: Site) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(site)
    except IntegrityError:
        raise NameTaken(name="is taken") from None


def _check(name: str, zone: str, target: int) -> None:
    wrong = {}
    if not 1 <= len(name.strip()) <= 80 or not name.isprintable():
        wrong["name"] = "must be up to 80 characters"
    if not _is_zone(zone):
        wrong["zone"] = "must be a zone name such as Europe/Berlin"
    if not isinstance(target, int) or not 1 <= target <= 100:
        wrong["target"] = "must be a whole number from 1 to 100"
    if wrong:
        raise Invalid(**wrong)


def _is_zone(zone: str) -> bool:
    try:
        return bool(ZoneInfo(zone).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
