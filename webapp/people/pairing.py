"""How a screen gets its token: it shows a code, and somebody who may types it at the desk.

The token is made with the code and is good for nothing until then; so nothing has to reach the screen afterwards, and
no answer that goes astray can lose it.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import Invalid
from webapp.people.callers import Caller, digest, name_of, new_secret
from webapp.people.displays import DisplayDetails, held
from webapp.people.first_admin import LETTERS
from webapp.people.guessing import Limit, Tries, refuse_during
from webapp.people.models import Display, PairingCode

LASTS = timedelta(minutes=10)
LENGTH = 6
# Who types at the desk reads six characters off a screen: ten slips are many. 31^6 codes, and then one try a minute.
TYPED = Limit(10, timedelta(minutes=1))
# A hall's screens may all start behind one address: sixty codes, then one every ten seconds.
SHOWN = Limit(60, timedelta(seconds=10))
UNKNOWN = "is on no screen now: read it again, since each code lasts ten minutes"


def show_code(origin: str, browser: str, now: datetime) -> str:
    """A token that becomes good when its code is typed; `code_of` it is what the screen shows. Raises TooMany."""
    tries, secret = Tries({f"code:{origin}"[:120]: SHOWN}, now), new_secret()
    tries.refuse_when_full()
    with transaction():
        wait = tries.hold()
        if not wait:
            tries.count()
            db.session.execute(delete(PairingCode).where(PairingCode.made_at < now - LASTS))
            secret = _kept(secret, "".join(filter(str.isprintable, browser))[:200], now)
    refuse_during(wait)
    return secret


def _kept(secret: str, browser: str, now: datetime) -> str:
    """The token whose code no other screen shows: this one, all but always."""
    code = PairingCode(digest=digest(code_of(secret)), proof=digest(secret), made_at=now, browser=browser)
    try:
        with db.session.begin_nested():
            db.session.add(code)
    except IntegrityError:
        return _kept(new_secret(), browser, now)
    return secret


def code_of(secret: str) -> str:
    """Six characters that follow from the token, and from which nothing of it follows: K7Q93M."""
    number = int.from_bytes(hashlib.sha256(b"code:" + secret.encode(errors="replace")).digest())
    return "".join(LETTERS[number // len(LETTERS) ** place % len(LETTERS)] for place in range(LENGTH))


def is_waiting(secret: str, now: datetime) -> bool:
    """Whether somebody may still type this token's code."""
    mine = select(PairingCode.id).where(PairingCode.proof == digest(secret))
    return db.session.scalar(mine.where(*_open(now))) is not None


def pair_display(code: str, details: DisplayDetails, by: Caller | str, now: datetime) -> Display:
    """A new screen in the register, good at once. Of two who type the same code the second is refused."""
    details.check()
    tries = Tries(_limits(by), now)
    tries.refuse_when_full()
    display = None
    with transaction():
        wait, found = _taken(tries, code, now)
        if found:
            display = Display(digest=found.proof, browser=found.browser, paired_at=now, paired_by=name_of(by))
            details.write(display)
            db.session.add(display)
            db.session.flush()
            journal.record("paired display", f"display:{display.id}", name_of(by), now, name=display.name)
    refuse_during(wait)
    if display is None:
        raise Invalid(code=UNKNOWN)
    return display


def pair_again(display_id: int, code: str, by: Caller | str, now: datetime) -> None:
    """Another browser takes this screen's place and keeps its name and playlist; the one before is shut out."""
    tries = Tries(_limits(by), now)
    tries.refuse_when_full()
    with transaction():
        display = held(display_id)
        wait, found = _taken(tries, code, now)
        if found:
            display.digest, display.browser, display.revoked_at = found.proof, found.browser, None
            display.paired_at, display.paired_by, display.last_seen = now, name_of(by), None
            touch(f"kick:display:{display_id}")
            journal.record("paired display", f"display:{display_id}", name_of(by), now, name=display.name)
    refuse_during(wait)
    if found is None:
        raise Invalid(code=UNKNOWN)


def _limits(by: Caller | str) -> Mapping[str, Limit]:
    return {f"pair:{name_of(by)}"[:120]: TYPED}


def _taken(tries: Tries, code: str, now: datetime) -> tuple[int, PairingCode | None]:
    """(seconds to wait, the code's row): the row says who was first, however many type it at once."""
    wait = tries.hold()
    if wait:
        return wait, None
    plain = "".join(filter(str.isalnum, code.upper()))
    mine = update(PairingCode).where(PairingCode.digest == digest(plain), *_open(now))
    found = db.session.scalar(mine.values(used_at=now).returning(PairingCode))
    if found is None:
        tries.count()
    else:
        tries.forgive()
    return 0, found


def _open(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return PairingCode.used_at.is_(None), PairingCode.made_at > now - LASTS
