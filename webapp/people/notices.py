"""What people are told: once each, kept until it is old, loud only when they want it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import Invalid
from webapp.people.enrolling import locked
from webapp.people.models import NOTICES, Notice, User, Wishes, notice_topics
from webapp.people.quiet import quiet_until

#: Longer than a holiday: what is older nobody acts upon.
KEPT = timedelta(days=90)
A_DAY = 24 * 60


def tell(
    user_id: int, key: str, about: str, kind: str, words: str, now: datetime, zone: ZoneInfo, urgent: bool = False
) -> bool:
    """Tell one person, in the transaction under way; False where they were told under this key, or do not want to be.

    zone: in which their quiet hours are meant. urgent: told and loud, whatever they wish. A move.
    """
    wishes = wishes_of(user_id)
    if kind in wishes.muted and not urgent:
        return False
    due = now if urgent else quiet_until(wishes.quiet_from, wishes.quiet_to, now, zone)
    row = Notice(user_id=user_id, key=key, about=about, kind=kind, words=words[:300], at=now, due_at=due)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return False
    return True


def untell(about: str, kinds: Collection[str]) -> None:
    """It is not so any more: who has not seen it need not. A move."""
    unseen = (Notice.about == about, Notice.kind.in_(kinds), Notice.seen_at.is_(None))
    concerned = db.session.scalars(select(Notice.user_id).where(*unseen)).all()
    db.session.execute(delete(Notice).where(*unseen))
    touch(*{topic for user_id in concerned for topic in notice_topics(user_id)})


def see_notices(user_id: int, now: datetime, notice_id: int | None = None) -> None:
    """The person has seen one of their notices, or all of them."""
    mine = update(Notice).where(Notice.user_id == user_id, Notice.seen_at.is_(None), Notice.at <= now)
    with transaction():
        seen = mine.values(seen_at=now) if notice_id is None else mine.where(Notice.id == notice_id).values(seen_at=now)
        if cast(CursorResult[Any], db.session.execute(seen)).rowcount:
            touch(*notice_topics(user_id))


def change_wishes(
    user_id: int, muted: Sequence[str], browser: bool, quiet_from: int | None, quiet_to: int | None
) -> None:
    """What they want to be told, and when loudly. Taste is not history: the journal does not hear of it."""
    _check(muted, quiet_from, quiet_to)
    with transaction():
        locked(user_id)
        row = wishes_of(user_id)
        row.muted, row.browser = [kind for kind in NOTICES if kind in muted], browser
        row.quiet_from, row.quiet_to = quiet_from, quiet_to
        db.session.add(row)


def forget_notices(now: datetime) -> None:
    with transaction():
        db.session.execute(delete(Notice).where(Notice.at < now - KEPT))


def wishes_of(user_id: int) -> Wishes:
    """Theirs, or what holds for who has said nothing."""
    return db.session.get(Wishes, user_id) or Wishes(user_id=user_id, muted=[], browser=False)


def notices(user_id: int, limit: int = 50, before: int | None = None) -> list[Notice]:
    """Newest first. before: a notice's number, to read on from there."""
    query = select(Notice).where(Notice.user_id == user_id).order_by(Notice.id.desc()).limit(limit)
    return list(db.session.scalars(query if before is None else query.where(Notice.id < before)))


def unseen(user_id: int, limit: int = 100) -> list[Notice]:
    """Newest first."""
    query = select(Notice).where(Notice.user_id == user_id, Notice.seen_at.is_(None))
    return list(db.session.scalars(query.order_by(Notice.id.desc()).limit(limit)))


def count_notices(user_id: int) -> int:
    return db.session.scalar(select(func.count(Notice.id)).where(Notice.user_id == user_id)) or 0


def keys_told(about: str, kind: str) -> set[str]:
    """Under which keys anybody was told of it."""
    return set(db.session.scalars(select(Notice.key).where(Notice.about == about, Notice.kind == kind)))


def in_roles(roles: Collection[str]) -> list[User]:
    """Whoever has one of these roles and is not shut out, by number."""
    everybody = db.session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.id))
    return [user for user in everybody if not set(roles).isdisjoint(user.roles)]


def _check(muted: Sequence[str], quiet_from: int | None, quiet_to: int | None) -> None:
    wrong = {}
    if not set(muted) <= set(NOTICES):
        wrong["muted"] = "must be some of " + ", ".join(NOTICES)
    for name, minutes in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if minutes is not None and not 0 <= minutes < A_DAY:
            wrong[name] = "must be a time such as 22:00"
    if not wrong and (quiet_from is None) != (quiet_to is None):
        wrong["quiet_to" if quiet_to is None else "quiet_from"] = "is missing: quiet hours have a beginning and an end"
    if not wrong and quiet_from is not None and quiet_from == quiet_to:
        wrong["quiet_to"] = "must be another time than the beginning"
    if wrong:
        raise Invalid(**wrong)
