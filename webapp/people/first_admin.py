"""The first administrator: made in the browser with a one-time code that only the terminal showed."""

import secrets
from datetime import datetime

from sqlalchemy import String, cast, delete, select

from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, NotFound
from webapp.people.callers import digest
from webapp.people.enrolling import enrol, newcomer
from webapp.people.models import SetupCode, User

# Nothing that is read or heard as something else. Twelve of these 31 are 59 bits: no limit on tries is needed.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def setup_code(now: datetime) -> str | None:
    """A new code, such as K7QF-93MX-2PLD, in place of any earlier one; None once there is an administrator."""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    with transaction():
        db.session.execute(delete(SetupCode))
        if has_admin():
            return None
        db.session.add(SetupCode(digest=digest(_plain(code)), made_at=now))
    return code


def use_setup_code(code: str, username: str, password: str, first_name: str, last_name: str, now: datetime) -> User:
    """The first administrator. The code is good once; of two who use it at the same moment the second is refused."""
    user = newcomer(username, password, ["admin"], first_name, last_name, now)
    this_one = delete(SetupCode).where(SetupCode.digest == digest(_plain(code))).returning(SetupCode.digest)
    with transaction():
        if has_admin():
            raise NotFound("There is an administrator already; sign in")
        if db.session.scalar(this_one) is None:
            raise Invalid(code="is not the one the terminal shows")
        enrol(user, "the factory", now)
    return user


def has_admin() -> bool:
    """Whether somebody can administer."""
    admin = cast(User.roles, String).like('%"admin"%')
    return db.session.scalar(select(User.id).where(admin, User.disabled_at.is_(None)).limit(1)) is not None


def _plain(code: str) -> str:
    return "".join(filter(str.isalnum, code.upper()))
