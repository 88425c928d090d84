"""The factory's own list of reasons why time is lost: short, in its order, edited by an administrator."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.cells.details import NameTaken
from webapp.cells.lost_time.models import LOSING, Reason
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, NotFound, WrongState

#: What a new factory starts with, so that the first stop can be explained; from then on the list is its own.
USUAL = (
    ("No work planned", ["idle"]),
    ("No material", ["idle"]),
    ("No operator", ["idle", "setup"]),
    ("Waiting for a program", ["idle", "setup"]),
    ("Waiting for inspection", ["idle"]),
    ("Changeover planned", ["idle"]),
    ("Break", ["idle", "setup"]),
    ("Tool broke", ["down"]),
    ("Spindle or drive fault", ["down"]),
    ("Crash", ["down"]),
    ("Electrical fault", ["down"]),
    ("Waiting for service", ["down", "idle"]),
    ("Changeover", ["setup"]),
    ("First article", ["setup"]),
    ("Proving the program", ["setup"]),
)


def reasons(state: str | None = None, retired: bool = False) -> list[Reason]:
    """In the factory's order. state: only those that may explain it; retired: those no longer offered as well."""
    query = select(Reason).order_by(Reason.position, Reason.id)
    found = db.session.scalars(query if retired else query.where(Reason.in_use))
    return [reason for reason in found if state is None or state in reason.states]


def one_reason(reason_id: int) -> Reason:
    """Raises NotFound."""
    reason = db.session.get(Reason, reason_id) if 0 < reason_id < 2**31 else None
    if reason is None:
        raise NotFound(f"There is no reason {reason_id}")
    return reason


def stock_reasons(by: str, now: datetime) -> None:
    """Part of the act that makes the first site: a factory does not start with an empty list."""
    if db.session.scalar(select(func.count()).select_from(Reason)):
        return
    db.session.add_all(Reason(name=name, states=states, position=at) for at, (name, states) in enumerate(USUAL))
    journal.record("started with the usual reasons", "reasons", by, now)


def start_reasons(by: str, now: datetime) -> None:
    """For a factory that was here before there were reasons."""
    with transaction():
        if reasons(retired=True):
            raise WrongState("There is a list of reasons already")
        stock_reasons(by, now)


def add_reason(name: str, states: Collection[str], by: str, now: datetime) -> Reason:
    """states: which of LOSING it may explain."""
    name = _checked(name, states)
    with transaction():
        last = db.session.scalar(select(func.coalesce(func.max(Reason.position), -1)))
        reason = Reason(name=name, states=_in_order(states), position=(last or 0) + 1)
        _keep(reason)
        journal.record("added reason", f"reason:{reason.id}", by, now, name=name, states=reason.states)
    return reason


def change_reason(reason_id: int, name: str, states: Collection[str], in_use: bool, by: str, now: datetime) -> Reason:
    """A retired one (in_use false) is offered no more; what it explained stays explained."""
    name = _checked(name, states)
    with transaction():
        reason = one_reason(reason_id)
        before = _told(reason)
        reason.name, reason.states, reason.in_use = name, _in_order(states), in_use
        _keep(reason)
        if before != _told(reason):
            journal.record("changed reason", f"reason:{reason.id}", by, now, before=before, after=_told(reason))
    return reason


def move_reason(reason_id: int, up: bool, by: str, now: datetime) -> None:
    """One place up or down among those in use; the first stays first."""
    with transaction():
        order = reasons()
        reason = one_reason(reason_id)
        if reason not in order:
            raise WrongState(f"{reason.name} is retired and has no place in the order")
        at = order.index(reason)
        other = at + (-1 if up else 1)
        if not 0 <= other < len(order):
            return
        order[at], order[other] = order[other], order[at]
        for position, one in enumerate(order):
            one.position = position
        journal.record("moved reason", f"reason:{reason.id}", by, now, name=reason.name, to=other + 1)


def _told(reason: Reason) -> dict[str, object]:
    return {"name": reason.name, "states": reason.states, "in_use": reason.in_use}


def _keep(reason: Reason) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(reason)
    except IntegrityError:
        raise NameTaken(name="is taken") from None


def _checked(name: str, states: Collection[str]) -> str:
    wrong = {}
    if not 1 <= len(name.strip()) <= 60 or not name.isprintable():
        wrong["name"] = "must be 1 to 60 characters on one line"
    if not states or not set(states) <= set(LOSING):
        wrong["states"] = "must be one or more of " + ", ".join(LOSING)
    if wrong:
        raise Invalid(**wrong)
    return name.strip()


def _in_order(states: Collection[str]) -> list[str]:
    return [state for state in LOSING if state in states]
