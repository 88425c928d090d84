"""Adding, changing and retiring cells, and saying whether they take work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from webapp import journal, ledger
from webapp.cells.addresses import Networks
from webapp.cells.claiming import claim_on
from webapp.cells.details import CellDetails, FeedDetails, NameTaken, check_details
from webapp.cells.directory import directory_changed
from webapp.cells.models import MODES, Cell, Feed, Sighting
from webapp.cells.places import one, sites
from webapp.cells.restating import ALL_THAT_FOLLOWS, restated
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, whole
from webapp.lib.refusal import Invalid, WrongState

#: How long a change of mode can be taken back by one press: later it is a decision of its own.
TAKEN_BACK = timedelta(minutes=10)


def add_cell(details: CellDetails, by: str, now: datetime, networks: Networks = ()) -> Cell:
    """Its history begins when it is in service; its book is chosen now, for life. networks: where it may be reached."""
    check_details(details, networks)
    site_id, begins = _site_id(details), whole(details.in_service_from or now)
    book = ledger.open_book(epoch(now), shelf=site_id)
    ledger.make_months(epoch(now), since_s=epoch(begins))
    with transaction():
        cell = Cell(site_id=site_id, book_id=book, created_at=now, mode="open", in_service_from=begins)
        _describe(cell, details)
        _keep(cell)
        ledger.enroll(book, cell.id, epoch(begins))
        db.session.add(Sighting(cell_id=cell.id, state="unknown", since=begins, silent_since=begins))
        directory_changed()
        restated(book, cell.id, epoch(begins), ALL_THAT_FOLLOWS)
        journal.record("added cell", f"cell:{cell.id}", by, now, **_told(cell))
    return cell


def change_cell(cell_id: int, details: CellDetails, by: str, now: datetime, networks: Networks = ()) -> Cell:
    check_details(details, networks)
    with transaction():
        cell, site_id = one(cell_id), _site_id(details)
        before, began = _told(cell), epoch(cell.in_service_from)
        cell.site_id = site_id
        if details.in_service_from:
            cell.in_service_from = whole(details.in_service_from)
        _describe(cell, details)
        _keep(cell)
        directory_changed()
        restated(cell.book_id, cell.id, *sorted((began, epoch(cell.in_service_from))))
        journal.record("changed cell", f"cell:{cell.id}", by, now, **_difference(before, _told(cell)))
    return cell


def set_mode(cell_id: int, mode: str, why: str, by: str, now: datetime) -> Cell:
    """open; draining: takes no new work, what runs may end; closed. Once this returns, nothing new is claimed."""
    if mode not in MODES:
        raise Invalid(mode="must be one of " + ", ".join(MODES))
    if len(why) > 200 or not why.isprintable():
        raise Invalid(why="must be up to 200 characters on one line")
    with transaction():
        cell = one(cell_id)
        _refuse_retired(cell)
        _take_mode(cell, mode, why, by, now)
    return cell


def _take_mode(cell: Cell, mode: str, why: str, by: str, now: datetime) -> None:
    was, was_why = cell.mode, cell.mode_why
    cell.mode, cell.mode_why = mode, why if mode != "open" else ""
    if mode == "open":
        cell.refused_until = None
    told = {"before": was, "after": mode, "why": why} | ({"why_before": was_why} if was_why else {})
    journal.record("set cell mode", f"cell:{cell.id}", by, now, **told)


def take_mode_back(cell_id: int, by: str, now: datetime) -> Cell:
    """Put back what `by` changed last; raises WrongState where it is not as they left it."""
    with transaction():
        cell = one(cell_id)
        _refuse_retired(cell)
        last = next((e for e in journal.recent(f"cell:{cell_id}", limit=50) if e.verb == "set cell mode"), None)
        if last is None or last.by != by or last.details["after"] != cell.mode or now - last.at > TAKEN_BACK:
            raise WrongState(f"{cell.name} is {cell.mode}: somebody changed it since, or it was long ago")
        _take_mode(cell, str(last.details["before"]), str(last.details.get("why_before", "")), by, now)
    return cell


def retire_cell(cell_id: int, by: str, now: datetime) -> Cell:
    """Out of service from now on; its history stays. Refused while something holds it."""
    with transaction():
        cell = one(cell_id)
        _refuse_retired(cell)
        cell.in_service_to = max(whole(now), cell.in_service_from)
        db.session.flush()  # from here on a claim waits for this act, so that none slips in between
        if held := claim_on(cell_id):
            raise WrongState(f"{cell.name} holds {held.what.replace(':', ' ')}: end that first", what=held.what)
        directory_changed()
        restated(cell.book_id, cell.id, epoch(cell.in_service_to), ALL_THAT_FOLLOWS)
        journal.record("retired cell", f"cell:{cell.id}", by, now)
    return cell


def _refuse_retired(cell: Cell) -> None:
    if cell.in_service_to:
        raise WrongState(f"{cell.name} is out of service since {cell.in_service_to:%Y-%m-%d %H:%M} UTC")


def _describe(cell: Cell, details: CellDetails) -> None:
    cell.name, cell.kind, cell.location = details.name, details.kind.strip(), details.location.strip()
    cell.tags = list(dict.fromkeys(tag.strip() for tag in details.tags))
    cell.specs, cell.takes = dict(details.specs), list(details.takes)
    kept = cell.feeds[1:] if details.more_feeds is None else []
    _feed(cell, details.feeds, kept)


def _feed(cell: Cell, wanted: Sequence[FeedDetails], kept: Sequence[Feed]) -> None:
    """The same rows where there are enough of them: a feed keeps its number through a change of address."""
    spare = [feed for feed in cell.feeds if feed not in kept]
    feeds = [spare.pop(0) if spare else Feed() for _ in wanted]
    for rank, (feed, details) in enumerate(zip(feeds, wanted, strict=True), 1):
        feed.kind, feed.rank, feed.heartbeat = details.driver, rank, details.heartbeat
        feed.address = details.address if details.driver == "http" else ""
    for feed in spare:
        db.session.delete(feed)
    cell.feeds = [*feeds, *kept]


def _site_id(details: CellDetails) -> int:
    """The first site, where none is named."""
    known = [site.id for site in sites()]
    if not known or (details.site_id is not None and details.site_id not in known):
        raise Invalid(site_id="must be one of the sites")
    return details.site_id or known[0]


def _keep(cell: Cell) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(cell)
    except IntegrityError:
        raise NameTaken(name="is taken") from None


def _told(cell: Cell) -> dict[str, Any]:
    """What the journal says of it."""
    feeds = [{"driver": feed.kind, "address": feed.address, "heartbeat": feed.heartbeat} for feed in cell.feeds]
    plain = ("name", "kind", "location", "site_id", "tags", "specs", "takes")
    told = {name: getattr(cell, name) for name in plain}
    return {**told, "in_service_from": cell.in_service_from.isoformat(), "feeds": feeds}


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    changed = [name for name in after if after[name] != before[name]]
    return {"before": {name: before[name] for name in changed}, "after": {name: after[name] for name in changed}}
