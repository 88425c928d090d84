"""Signing in and out. A session lives as long as its row: what ends it deletes the row, and a copied cookie is dead."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import NotFound, NotSignedIn
from webapp.people import passwords
from webapp.people.callers import IDLE, LONGEST, Caller, digest, name_of, new_secret
from webapp.people.ending import end_sessions, revoke_given_out
from webapp.people.enrolling import USERNAME, locked
from webapp.people.guessing import Tries, forget_guesses, limits, refuse_during
from webapp.people.models import Display, SignIn, Token, User

MISMATCH = "The name or the password is wrong"
# How long a dead token's row is kept: until then an administrator may want to see when it was used last.
KEPT = timedelta(days=30)
# "Last seen" is told to the minute; writing it on each request would make every read a write.
SEEN_EVERY = timedelta(minutes=1)


def sign_in(username: str, password: str, origin: str, browser: str, now: datetime) -> tuple[User, str]:
    """The person and a new session's secret; raises NotSignedIn or TooMany, the same for names nobody has.

    The slow comparison is done before the transaction; the counting inside it decides, so that a hundred tries at
    once are heard no better than a hundred one after the other.
    """
    name = username.strip().lower()
    name = name if USERNAME.fullmatch(name) else "?"
    tries = Tries(limits(name, origin), now)
    tries.refuse_when_full()
    known = db.session.scalar(select(User).where(User.username == name))
    kept, fresh = _compared(password, known)
    secret = new_secret()
    with transaction():
        wait = tries.hold()
        user = None if wait or not fresh else _still(known, kept)
        if user:
            user.password_hash, user.seen_at = fresh or "", now
            tries.forgive()
            _open(user, secret, origin, browser, now)
        elif not wait:
            tries.count()
            _note_refusal(known, now)
    refuse_during(wait)
    if user is None:
        raise NotSignedIn(MISMATCH)
    return user, secret


def _compared(password: str, known: User | None) -> tuple[str | None, str | None]:
    """The hash it was compared with, and the one to keep from now on; no such one: the password is not right."""
    kept = known.password_hash if known and not known.disabled_at else None
    if not passwords.matches(password, kept) or kept is None:
        return kept, None
    return kept, passwords.keep(password) if passwords.is_outdated(kept) else kept


def _still(known: User | None, kept: str | None) -> User | None:
    """The person, unless the password was changed, or they were shut out, while it was compared."""
    user = locked(known.id) if known else None
    return user if user and user.password_hash == kept and not user.disabled_at else None


def _open(user: User, secret: str, origin: str, browser: str, now: datetime) -> None:
    browser = "".join(filter(str.isprintable, browser))[:200]
    row = SignIn(user_id=user.id, digest=digest(secret), at=now, seen=now, origin=origin[:60], browser=browser)
    db.session.add(row)
    journal.record("signed in", f"user:{user.id}", user.username, now)


def _note_refusal(known: User | None, now: datetime) -> None:
    """A name nobody has is not written down: people type their password into that field."""
    if known:
        journal.record("refused sign-in", f"user:{known.id}", known.username, now)
    else:
        journal.record("refused sign-in", "user:?", "nobody", now, name="not one of ours")


def sign_out(secret: str, now: datetime) -> None:
    """End the session behind this secret; harmless when it has ended."""
    with transaction():
        row = db.session.scalar(select(SignIn).where(SignIn.digest == digest(secret)))
        if row:
            _close(row, row.user.username, "signed out", now)


def leave(by: Caller, now: datetime) -> None:
    """End what this caller came with: the session and the tokens it gave out, or else the token alone."""
    with transaction():
        row = db.session.get(SignIn, by.sign_in_id) if by.sign_in_id else None
        if row:
            _close(row, by.name, "signed out", now)
        elif by.token:
            db.session.execute(update(Token).where(Token.id == by.token.id).values(revoked_at=now))
            journal.record("revoked token", f"user:{by.get_id()}", by.name, now, prefix=by.token.prefix)


def end_session(sign_in_id: int, by: Caller, now: datetime) -> None:
    """End one of one's own sessions, or anybody's by those who administer users."""
    with transaction():
        row = db.session.get(SignIn, sign_in_id) if 0 < sign_in_id < 2**31 else None
        own = row is not None and by.user is not None and row.user_id == by.user.id
        if row is None or not (own or by.may("administer users")):
            raise NotFound("There is no such session; it may have ended")
        _close(row, name_of(by), "ended session", now)


def end_other_sessions(by: Caller, now: datetime) -> None:
    """Every session of one's own but the one this comes from."""
    if by.user is None:
        return
    with transaction():
        end_sessions(by.user.id, now, but=by.sign_in_id or 0)
        journal.record("ended other sessions", f"user:{by.user.id}", by.name, now)


def end_every_session(by: str, now: datetime) -> None:
    """Everybody's, with the tokens they gave out: proofs that were put back with the past may have been ended since."""
    with transaction():
        revoke_given_out(list(db.session.scalars(select(SignIn.id))), now)
        db.session.execute(delete(SignIn))
        journal.record("ended every session", "factory", by, now)


def _close(row: SignIn, by: str, verb: str, now: datetime) -> None:
    revoke_given_out([row.id], now)
    journal.record(verb, f"user:{row.user_id}", by, now, browser=row.browser)
    db.session.delete(row)


def note_seen(by: Caller, now: datetime) -> None:
    """Write down that this session, token or screen is in use; doors call it where `is_due` says so."""
    with transaction():
        if by.screen:
            db.session.execute(update(Display).where(Display.id == by.screen.id).values(last_seen=now))
            touch("displays")
        if by.sign_in:
            db.session.execute(update(SignIn).where(SignIn.id == by.sign_in.id).values(seen=now))
        if by.token:
            db.session.execute(update(Token).where(Token.id == by.token.id).values(used_at=now))
        if by.user:
            db.session.execute(update(User).where(User.id == by.user.id).values(seen_at=now))


def is_due(by: Caller, now: datetime) -> bool:
    """Whether a minute went by since this session, token or screen was last written down as seen."""
    last = (
        by.sign_in.seen if by.sign_in else by.token.used_at if by.token else by.screen.last_seen if by.screen else now
    )
    return last is None or now - last >= SEEN_EVERY


def sessions_of(user_id: int, now: datetime) -> list[SignIn]:
    """The person's living sessions, the one used last first."""
    mine = select(SignIn).where(SignIn.user_id == user_id, SignIn.seen >= now - IDLE, SignIn.at >= now - LONGEST)
    return list(db.session.scalars(mine.order_by(SignIn.seen.desc(), SignIn.id)))


def forget_ended(now: datetime) -> None:
    """Drop sessions left alone or grown too old, tokens long dead, guesses long past."""
    with transaction():
        db.session.execute(delete(SignIn).where((SignIn.seen < now - IDLE) | (SignIn.at < now - LONGEST)))
        dead = (Token.revoked_at < now - KEPT) | (Token.expires_at < now - KEPT)
        db.session.execute(delete(Token).where(dead))
        forget_guesses(now)
