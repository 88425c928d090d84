"""People joining, changing their name or roles, leaving: never deleted, since history names them."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.people import passwords
from webapp.people.callers import Caller, name_of
from webapp.people.ending import end_sessions, revoke_all
from webapp.people.models import User
from webapp.people.roles import ROLES

USERNAME = re.compile(r"[a-z0-9._-]{2,40}", re.ASCII)
THEMES = ("auto", "light", "dark")
DENSITIES = ("normal", "compact")


class NameTaken(Invalid):
    """To a form an error at the field, to a program a clash."""

    code = "CONFLICT"
    status = 409


def add_user(
    username: str,
    password: str,
    roles: Sequence[str],
    now: datetime,
    by: Caller | str = "the factory",
    first_name: str = "",
    last_name: str = "",
) -> User:
    """A new person, who can sign in at once."""
    user = newcomer(username, password, roles, first_name, last_name, now)
    with transaction():
        enrol(user, name_of(by), now)
    return user


def newcomer(
    username: str, password: str, roles: Sequence[str], first_name: str, last_name: str, now: datetime
) -> User:
    """The row of a person who may join, not added yet: hashing takes its time, and no lock is held meanwhile."""
    username, first_name, last_name = username.strip().lower(), first_name.strip(), last_name.strip()
    _check(_new_errors(username, password) | _errors(first_name, last_name, roles))
    return User(
        username=username,
        first_name=first_name,
        last_name=last_name,
        roles=list(roles),
        password_hash=passwords.keep(password),
        created_at=now,
    )


def enrol(user: User, by: str, now: datetime) -> None:
    """Add the person to the transaction under way. A move."""
    username = user.username
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        raise NameTaken("That username is taken", username="is taken; choose another") from None
    journal.record("added user", f"user:{user.id}", by, now, username=username, roles=user.roles)


def change_user(
    user_id: int, *, first_name: str, last_name: str, roles: Sequence[str], by: Caller | str, now: datetime
) -> User:
    """Names and roles. New roles end the person's sessions: what a session may is settled when it begins."""
    first_name, last_name, roles = first_name.strip(), last_name.strip(), list(roles)
    _check(_errors(first_name, last_name, roles))
    with transaction():
        enabled, user = _enabled_held(), locked(user_id)
        if "admin" not in roles:
            _keep_an_admin(enabled, user)
        before = {"first_name": user.first_name, "last_name": user.last_name, "roles": user.roles}
        after = {"first_name": first_name, "last_name": last_name, "roles": roles}
        if sorted(user.roles) != sorted(roles):
            end_sessions(user_id, now)
        user.first_name, user.last_name, user.roles = first_name, last_name, roles
        if before != after:
            journal.record("changed user", f"user:{user_id}", name_of(by), now, before=before, after=after)
    return user


def set_disabled(user_id: int, disabled: bool, by: Caller | str, now: datetime) -> None:
    """Shut a person out, every session and token at once; or let them in again. Not oneself, never the last admin."""
    if disabled and isinstance(by, Caller) and by.get_id() == str(user_id):
        raise WrongState("You cannot disable yourself; ask another administrator")
    with transaction():
        enabled, user = _enabled_held(), locked(user_id)
        if (user.disabled_at is not None) == disabled:
            return
        if disabled:
            _keep_an_admin(enabled, user)
        user.disabled_at = now if disabled else None
        end_sessions(user_id, now)
        revoke_all(user_id, now)
        journal.record("disabled user" if disabled else "enabled user", f"user:{user_id}", name_of(by), now)


def change_looks(user_id: int, theme: str, density: str, now: datetime) -> None:
    """How pages look to this person. Taste is not history: the journal does not hear of it."""
    _check({"theme": _one_of(theme, THEMES), "density": _one_of(density, DENSITIES)})
    with transaction():
        user = locked(user_id)
        user.theme, user.density = theme, density


def locked(user_id: int) -> User:
    """The person, held against other changes until the act under way is over."""
    user = db.session.get(User, user_id, with_for_update=True) if 0 < user_id < 2**31 else None
    if user is None:
        raise NotFound("There is no such person")
    return user


def _enabled_held() -> list[User]:
    """Everybody who is not shut out, held, in one order: two who demote each other come one after the other."""
    return list(db.session.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.id).with_for_update()))


def _keep_an_admin(enabled: Sequence[User], leaving: User) -> None:
    """Raise where nobody else could administer."""
    admins = [user for user in enabled if "admin" in user.roles]
    if admins == [leaving]:
        raise WrongState("Somebody must stay administrator; make another person one first")


def _new_errors(username: str, password: str) -> dict[str, str | None]:
    fits = USERNAME.fullmatch(username)
    says = None if fits else "must have 2 to 40 characters: a to z, 0 to 9, dot, dash, underscore"
    return {"username": says, "password": passwords.complaint(password, username)}


def _errors(first_name: str, last_name: str, roles: Sequence[str]) -> dict[str, str | None]:
    known = roles and len(set(roles)) == len(roles) and set(roles) <= set(ROLES)
    return {
        "first_name": _name_error(first_name),
        "last_name": _name_error(last_name),
        "roles": None if known else "must be one or more of " + ", ".join(ROLES),
    }


def _name_error(name: str) -> str | None:
    return None if len(name) <= 80 and (name.isprintable()) else "must have 80 printable characters at most"


def _one_of(word: str, words: Sequence[str]) -> str | None:
    return None if word in words else "must be one of " + ", ".join(words)


def _check(errors: dict[str, str | None]) -> None:
    found = {field: says for field, says in errors.items() if says}
    if found:
        raise Invalid(**found)
