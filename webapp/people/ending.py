"""How proofs end: moves, for the acts that shut a door."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from webapp.extensions import db, touch
from webapp.people.models import SignIn, Token


def end_sessions(user_id: int, now: datetime, but: int = 0) -> None:
    """Every session of this person with the tokens it gave out; but: the one that stays."""
    query = select(SignIn.id).where(SignIn.user_id == user_id, SignIn.id != but)
    revoke_given_out(ended := list(db.session.scalars(query)), now)
    db.session.execute(delete(SignIn).where(SignIn.id.in_(ended)))


def revoke_given_out(sign_in_ids: Sequence[int], now: datetime) -> None:
    """What these sessions gave out; what is open under them on a screen is closed."""
    touch(*(f"kick:session:{id}" for id in sign_in_ids))
    living = (Token.sign_in_id.in_(sign_in_ids), Token.revoked_at.is_(None))
    db.session.execute(update(Token).where(*living).values(revoked_at=now))


def revoke_all(user_id: int, now: datetime) -> None:
    """Every token of this person."""
    living = (Token.user_id == user_id, Token.revoked_at.is_(None))
    db.session.execute(update(Token).where(*living).values(revoked_at=now))
