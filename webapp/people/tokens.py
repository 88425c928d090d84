"""Bearer tokens: what programs and cells carry instead of a session. The secret is shown once and never kept."""

from datetime import datetime

from sqlalchemy import select

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import Invalid, NotFound
from webapp.people.callers import Caller, digest, name_of, new_secret
from webapp.people.models import Token, User

SCOPES = ("all", "read")


def issue_token(
    user_id: int,
    name: str,
    scope: str,
    expires_at: datetime | None,
    by: Caller | str,
    now: datetime,
    sign_in_id: int | None = None,
) -> tuple[Token, str]:
    """A person's token and its secret. sign_in_id: it dies with that session."""
    name = name.strip()
    if not 1 <= len(name) <= 80 or not name.isprintable():
        raise Invalid(name="must have 1 to 80 characters")
    if scope not in SCOPES:
        raise Invalid(scope="must be all or read")
    if expires_at is not None and expires_at <= now:
        raise Invalid(expires_at="must be later than now")
    token = Token(user_id=user_id, name=name, scope=scope, expires_at=expires_at, sign_in_id=sign_in_id)
    with transaction():
        if not 0 < user_id < 2**31 or db.session.get(User, user_id) is None:
            raise NotFound("There is no such person")
        return token, _issue(token, f"user:{user_id}", by, now)


def issue_cell_token(cell_id: int, name: str, by: Caller | str, now: datetime) -> tuple[Token, str]:
    """A cell's token and its secret. A machine has nobody to renew it: it holds until it is revoked."""
    token = Token(cell_id=cell_id, name=name.strip()[:80] or "cell", scope="cell")
    with transaction():
        return token, _issue(token, f"cell:{cell_id}", by, now)


def _issue(token: Token, subject: str, by: Caller | str, now: datetime) -> str:
    secret = f"df_{new_secret()}"
    token.prefix, token.digest, token.created_at = secret[:9], digest(secret), now
    db.session.add(token)
    journal.record("issued token", subject, name_of(by), now, name=token.name, prefix=token.prefix, scope=token.scope)
    return secret


def revoke_token(token_id: int, by: Caller | str, now: datetime) -> None:
    """Dead at once. One's own, or any by those who administer its kind; a second time is harmless."""
    with transaction():
        token = db.session.get(Token, token_id) if 0 < token_id < 2**31 else None
        if token is None or not _is_for(token, by):
            raise NotFound("There is no such token")
        if token.revoked_at is None:
            token.revoked_at = now
            touch(f"kick:token:{token.id}")
            subject = f"user:{token.user_id}" if token.user_id else f"cell:{token.cell_id}"
            journal.record("revoked token", subject, name_of(by), now, name=token.name, prefix=token.prefix)


def _is_for(token: Token, by: Caller | str) -> bool:
    if isinstance(by, str):
        return True
    own = token.user_id is not None and by.user is not None and token.user_id == by.user.id
    return own or by.may("administer cells" if token.cell_id is not None else "administer users")


def tokens_of(user_id: int | None = None, cell_id: int | None = None) -> list[Token]:
    """Those of a person or of a cell that are not revoked, newest first; a session's own are not listed."""
    query = select(Token).where(Token.revoked_at.is_(None), Token.sign_in_id.is_(None)).order_by(Token.id.desc())
    mine = Token.user_id == user_id if user_id is not None else Token.cell_id == cell_id
    return list(db.session.scalars(query.where(mine)))
