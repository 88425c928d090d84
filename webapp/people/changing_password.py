"""A new password, and the end of whatever the old one opened."""

from datetime import datetime

from webapp import journal
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid
from webapp.people import passwords
from webapp.people.callers import Caller, name_of
from webapp.people.directory import one_user
from webapp.people.ending import end_sessions, revoke_all
from webapp.people.enrolling import locked
from webapp.people.guessing import BOTH, Tries


def change_password(user_id: int, old: str | None, new: str, by: Caller | str, now: datetime) -> None:
    """Set a new one; every other session and every token of this person ends.

    old: what it was, asked of whoever changes their own; None where an administrator sets it.
    """
    user = one_user(user_id)
    username, kept = user.username, user.password_hash
    tries = Tries({f"own:{username}": BOTH}, now)
    tries.refuse_when_full()
    right = old is None or passwords.matches(old, kept)
    wrong = passwords.complaint(new, username)
    fresh = passwords.keep(new) if right and not wrong else ""
    with transaction():
        if not right:
            tries.hold()
            tries.count()
        elif fresh:
            _set(user_id, fresh, by, now)
    if not right:
        raise Invalid(old="is not your password")
    if wrong:
        raise Invalid(new=wrong)


def _set(user_id: int, fresh: str, by: Caller | str, now: datetime) -> None:
    locked(user_id).password_hash = fresh
    end_sessions(user_id, now, but=_session_of(user_id, by))
    revoke_all(user_id, now)
    journal.record("changed password", f"user:{user_id}", name_of(by), now)


def _session_of(user_id: int, by: Caller | str) -> int:
    """The session the change is made from, when it is this person's own; 0: none."""
    if isinstance(by, str) or by.sign_in is None or by.sign_in.user_id != user_id:
        return 0
    return by.sign_in.id
