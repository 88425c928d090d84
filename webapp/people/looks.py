"""When a person last looked at a board."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from webapp.extensions import db, transaction
from webapp.people.models import Look


def look(user_id: int, what: str, now: datetime) -> None:
    """Seen up to now. Said twice at once it is said once; a clock that was set back undoes nothing."""
    with transaction():
        if not _forward(user_id, what, now):
            _begin(user_id, what, now)


def _forward(user_id: int, what: str, now: datetime) -> bool:
    """Whether there is a look to move."""
    mine = (Look.user_id == user_id, Look.what == what)
    db.session.execute(update(Look).where(*mine, Look.at < now).values(at=now))
    return db.session.get(Look, (user_id, what)) is not None


def _begin(user_id: int, what: str, now: datetime) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(Look(user_id=user_id, what=what, at=now))
    except IntegrityError:
        _forward(user_id, what, now)


def looked_at(user_id: int, what: str) -> datetime | None:
    """None: never yet."""
    found = db.session.get(Look, (user_id, what))
    return found.at if found else None
