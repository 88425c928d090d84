"""Asking for a plan, and saying that what was found is good enough."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment, whole
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.orders.models import WorkOrder
from webapp.orders.proposals.models import UNDER_WAY, Proposal
from webapp.people import Caller, name_of

MOST_DAYS, MOST_SECONDS = 90, 900
#: A plan is read before it is accepted: it begins so much after the search may be over, at a full five minutes.
TO_READ, FULL = timedelta(minutes=10), 300


def one_proposal(proposal_id: int) -> Proposal:
    """Raises NotFound."""
    found = db.session.get(Proposal, proposal_id) if 0 < proposal_id < 2**31 else None
    if found is None:
        raise NotFound(f"There is no proposed plan {proposal_id}")
    return found


def recent_proposals(limit: int = 30) -> list[Proposal]:
    """The newest first."""
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(limit)))


def plan_under_way() -> Proposal | None:
    """The one that is being made, or will be at once."""
    return db.session.scalar(select(Proposal).where(Proposal.status.in_(UNDER_WAY)).limit(1))


def ask_for_plan(
    by: Caller | str, now: datetime, orders: Collection[str] = (), days: int = 14, seconds: int = 60
) -> Proposal:
    """A plan for these orders, or for all open ones that begin or are due within some days, by so long a search.

    One is made at a time: raises WrongState while another is. orders: their refs.
    """
    refs = list(dict.fromkeys(orders))
    _check(refs, days, seconds)
    with transaction():
        _refuse_second()
        begins = _full(now + timedelta(seconds=seconds) + TO_READ)
        proposal = Proposal(
            by=name_of(by), created_at=whole(now), orders=refs, days=days, seconds=seconds, begins=begins
        )
        _keep(proposal)
        journal.record("asked for a plan", proposal.what, name_of(by), now, orders=len(refs) or "all open", days=days)
    return proposal


def _check(refs: list[str], days: int, seconds: int) -> None:
    complaints = {}
    if not 1 <= days <= MOST_DAYS:
        complaints["days"] = f"must be 1 to {MOST_DAYS}"
    if not 1 <= seconds <= MOST_SECONDS:
        complaints["seconds"] = f"must be 1 to {MOST_SECONDS}"
    known = set(db.session.scalars(select(WorkOrder.ref).where(WorkOrder.ref.in_(refs))))
    if missing := [ref for ref in refs if ref not in known]:
        complaints["orders"] = f"must be work orders that there are: {', '.join(missing[:5])}"
    if complaints:
        raise Invalid(**dict(complaints.items()))


def _refuse_second() -> None:
    other = plan_under_way()
    if other is not None:
        raise WrongState(f"A plan for {other.by} is being made; one is made at a time", proposal=other.id, by=other.by)


def _keep(proposal: Proposal) -> None:
    """Of two who ask at one moment neither sees the other's: the database lets one in."""
    try:
        db.session.add(proposal)
        db.session.flush()
    except IntegrityError:
        raise WrongState("Somebody just asked for another plan; one is made at a time") from None


def _full(at: datetime) -> datetime:
    return moment(-(-epoch(at) // FULL) * FULL)


def stop_planning(proposal_id: int, by: Caller | str, now: datetime) -> Proposal:
    """What is found by now is good enough. The search ends within a second or two."""
    with transaction():
        proposal = held_proposal(proposal_id)
        if not proposal.under_way:
            raise WrongState("This plan is made already", status=proposal.status)
        if not proposal.stop_asked:
            proposal.stop_asked = True
            journal.record("stopped planning", proposal.what, name_of(by), now)
    return proposal


def discard_proposal(proposal_id: int, by: Caller | str, now: datetime) -> Proposal:
    """Nobody wants it: none of it is accepted any more. A search for it ends."""
    with transaction():
        proposal = held_proposal(proposal_id)
        if proposal.status in (*UNDER_WAY, "ready"):
            proposal.end("discarded", whole(now))
            journal.record("discarded plan", proposal.what, name_of(by), now)
    return proposal


def held_proposal(proposal_id: int) -> Proposal:
    """Nobody else changes it until the transaction ends. A move."""
    query = select(Proposal).where(Proposal.id == one_proposal(proposal_id).id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def forget_proposals(now: datetime, keep: timedelta = timedelta(days=60)) -> None:
    """Those that were made long ago; what was accepted of them stays in the log of the plan."""
    with transaction():
        for proposal in db.session.scalars(select(Proposal).where(Proposal.created_at < now - keep)):
            if not proposal.under_way:
                db.session.delete(proposal)
