"""Looking people up."""

from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select

from webapp.extensions import db
from webapp.lib.refusal import NotFound
from webapp.people.models import User


def users(search: str = "", limit: int = 100, after: str = "", role: str = "", status: str = "") -> list[User]:
    """By username. search: part of a name, in any case; after: a name to go on from; status: active, disabled."""
    query = _matching(select(User), search, role, status).where(User.username > after)
    return list(db.session.scalars(query.order_by(User.username).limit(limit)))


def count_users(search: str = "", role: str = "", status: str = "") -> int:
    """How many of them there are in all."""
    return db.session.scalar(_matching(select(func.count(User.id)), search, role, status)) or 0


def _matching(query: Select[Any], search: str, role: str, status: str) -> Select[Any]:
    word = "".join(filter(str.isprintable, search)).strip().lower()
    if word:
        full = func.lower(User.first_name + " " + User.last_name)
        query = query.where(or_(User.username.contains(word, autoescape=True), full.contains(word, autoescape=True)))
    if role:
        query = query.where(cast(User.roles, String).contains(f'"{role}"', autoescape=True))
    if status:
        query = query.where(User.disabled_at.is_(None) if status == "active" else User.disabled_at.is_not(None))
    return query


def one_user(user_id: int) -> User:
    user = db.session.get(User, user_id) if 0 < user_id < 2**31 else None
    if user is None:
        raise NotFound("There is no such person")
    return user


def user_named(username: str) -> User:
    """The person with this username, as typed."""
    user = db.session.scalar(select(User).where(User.username == username.strip().lower()))
    if user is None:
        raise NotFound(f"There is nobody called {username}")
    return user
