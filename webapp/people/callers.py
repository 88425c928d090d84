"""Who is asking: a person, a cell, a screen on the wall or nobody, and what they may do."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from webapp.extensions import db
from webapp.people.models import Display, SignIn, Token, User
from webapp.people.roles import CELL, NOBODY, READING, SCREEN, reading, verbs_of

# Twelve hours without a touch: a long shift with its overtime, and no session is left for the next one.
IDLE = timedelta(hours=12)
# Seven days in all: a working week; after it, even a browser that never rests proves again who it is.
LONGEST = timedelta(days=7)


@dataclass(frozen=True)
class Caller:
    """One caller, as Flask-Login's current_user and as the `by` of every act.

    user is a detached copy: reading it never asks the database, so a page that reports a lost database can show it.
    """

    user: User | None = None
    cell_id: int | None = None
    token: Token | None = None
    verbs: frozenset[str] = frozenset()
    sign_in: SignIn | None = None
    screen: Display | None = None

    @property
    def is_authenticated(self) -> bool:
        return self.user is not None or self.cell_id is not None or self.screen is not None

    is_active = is_authenticated

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated

    def get_id(self) -> str | None:
        return str(self.user.id) if self.user else None

    @property
    def name(self) -> str:
        """As the journal writes it."""
        if self.user:
            return self.user.username
        if self.screen:
            return f"display:{self.screen.id}"
        return f"cell:{self.cell_id}" if self.cell_id is not None else "nobody"

    @property
    def sign_in_id(self) -> int | None:
        """The session behind this caller: the cookie's own, or the one that gave out its token."""
        if self.sign_in:
            return self.sign_in.id
        return self.token.sign_in_id if self.token else None

    @property
    def live_keys(self) -> tuple[str, ...]:
        """By which names its open streams are closed; what it came with first (extensions.touch("kick:…"))."""
        came_with = [("session", self.sign_in), ("token", self.token), ("user", self.user), ("display", self.screen)]
        return tuple(f"{kind}:{row.id}" for kind, row in came_with if row)

    def may(self, verb: str) -> bool:
        return verb in self.verbs


def caller(user: User, token: Token | None = None, sign_in: SignIn | None = None) -> Caller:
    """This person, with every verb of their roles; with a token of scope "read", only those that change nothing."""
    verbs = frozenset(verbs_of(user.roles))
    if token and token.scope == "read":
        verbs = reading(verbs)
    _set_apart(user, token, sign_in)
    return Caller(user=user, token=token, sign_in=sign_in, verbs=verbs)


def nobody(public_boards: bool) -> Caller:
    """Whoever carries no proof; boards may be read while they are public."""
    return Caller(verbs=frozenset(NOBODY | READING if public_boards else NOBODY))


def caller_for_session(secret: str, now: datetime) -> Caller | None:
    """The person behind a session's secret, unless it ended, lay idle or grew too old."""
    query = select(SignIn).options(joinedload(SignIn.user)).where(SignIn.digest == digest(secret))
    found = db.session.scalar(query)
    if found is None or found.user.disabled_at or now - found.seen > IDLE or now - found.at > LONGEST:
        return None
    return caller(found.user, sign_in=found)


def caller_for_token(secret: str, now: datetime, public_boards: bool = False) -> Caller | None:
    """The person or the cell behind a bearer token, unless it expired or was revoked.

    A cell may do what its token is for, besides what anybody may.
    """
    query = select(Token).options(joinedload(Token.user)).where(Token.digest == digest(secret))
    found = db.session.scalar(query)
    if found is None or found.revoked_at or (found.expires_at and found.expires_at <= now):
        return None
    if found.user is None:
        _set_apart(found)
        return Caller(cell_id=found.cell_id, token=found, verbs=nobody(public_boards).verbs | CELL)
    return None if found.user.disabled_at else caller(found.user, token=found)


def caller_for_screen(secret: str) -> Caller | None:
    """The screen behind what its browser's cookie holds, unless it was revoked. It may look at its wall, at no more."""
    living = select(Display).where(Display.digest == digest(secret), Display.revoked_at.is_(None))
    found = db.session.scalar(living)
    _set_apart(found)
    return Caller(screen=found, verbs=frozenset(NOBODY | SCREEN)) if found else None


def new_secret() -> str:
    """43 characters that nobody guesses: 256 random bits, safe in an address and a header."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret. A plain hash is enough: there are too many of them to try."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def name_of(by: Caller | str) -> str:
    """As the journal writes it: the shell and the factory itself come as plain names."""
    return by if isinstance(by, str) else by.name


def _set_apart(*rows: User | Token | SignIn | Display | None) -> None:
    for row in rows:
        if row is not None and row in db.session:
            db.session.expunge(row)
