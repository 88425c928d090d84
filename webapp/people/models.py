"""People, what they may do, and the proofs they carry: sessions and tokens."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base

NOTICES = ("started", "finished", "failed", "late", "stop")


class User(Base):
    """A person. Never deleted, since history names them; `disabled_at` ends every session and token."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)  # lower case, [a-z0-9._-]
    first_name: Mapped[str] = mapped_column(String(80), default="")
    last_name: Mapped[str] = mapped_column(String(80), default="")
    roles: Mapped[list[str]] = mapped_column(JSON)  # names of people.roles.ROLES; the first decides the home page
    password_hash: Mapped[str] = mapped_column(String(200))  # Argon2id
    theme: Mapped[str] = mapped_column(String(8), default="auto")  # auto, light, dark
    density: Mapped[str] = mapped_column(String(8), default="normal")  # normal, compact
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.username

    @property
    def role(self) -> str:
        return self.roles[0]


class SignIn(Base):
    """A browser's session, alive as long as its row. The cookie carries a random secret; the row keeps its SHA-256."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    seen: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    user: Mapped[User] = relationship()


class Token(Base):
    """A program's proof: of a person (user_id) or of one cell (cell_id). Opaque; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    cell_id: Mapped[int | None] = mapped_column(index=True)  # a cell of the room above; people know only its number
    sign_in_id: Mapped[int | None] = mapped_column(index=True)  # given out by this sign-in, dead without it
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(12))  # the first characters, to tell tokens apart in a list
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[str] = mapped_column(String(8), default="all")  # all, read (a person's) or cell
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()


class Guess(Base):
    """Wrong passwords of late: `who` is 'name:ada', 'from:10.0.0.7' or 'both:ada@10.0.0.7'.

    count held at `since`; guessing.Limit says how it falls with time.
    """

    __tablename__ = "guesses"

    who: Mapped[str] = mapped_column(String(120), primary_key=True)
    since: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class SetupCode(Base):
    """The one-time code printed on the terminal that makes the first admin in the browser."""

    __tablename__ = "setup_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    made_at: Mapped[datetime]


class Look(Base):
    """When a person last looked at a board: what happened since is told to them."""

    __tablename__ = "looks"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)  # "board"
    at: Mapped[datetime]


class Notice(Base):
    """Something told to one person. The same key is told them once, however often it is found."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notices_user_at", "user_id", "at"),
        Index("ix_notices_about", "about"),
        Index("ix_notices_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    key: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(40))  # "project:7", "stop:3": people know only the name
    kind: Mapped[str] = mapped_column(Enum(*NOTICES, name="kind", native_enum=False, create_constraint=True, length=12))
    words: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    due_at: Mapped[datetime]  # from when on a page may speak up: the end of the person's quiet hours
    seen_at: Mapped[datetime | None]

    @property
    def live_topics(self) -> tuple[str, ...]:
        return notice_topics(self.user_id)


class Wishes(Base):
    """What a person wants to be told, and how loudly. No row: everything, on the page only, at any hour."""

    __tablename__ = "wishes"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)  # of NOTICES
    browser: Mapped[bool] = mapped_column(default=False)  # notifications of the browser as well
    # Minutes after local midnight; from quiet_from up to quiet_to, over midnight where that is the smaller one
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]

    @property
    def live_topics(self) -> tuple[str, ...]:
        return notice_topics(self.user_id)


class Display(Base):
    """A screen on the wall. Its token is what the cookie of its browser holds; the row keeps its SHA-256."""

    __tablename__ = "displays"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    site_id: Mapped[int | None]  # whose clock and shifts it keeps; a site of the room above, known by its number
    playlist: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # of displays.Item, in order
    night_from: Mapped[str] = mapped_column(String(5))  # "22:00", site time; "": never dimmed
    night_to: Mapped[str] = mapped_column(String(5))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime]
    paired_by: Mapped[str] = mapped_column(String(80))
    browser: Mapped[str] = mapped_column(String(200), default="")
    last_seen: Mapped[datetime | None]
    showing: Mapped[str] = mapped_column(String(60), default="")  # in its own words, when it last said so
    told: Mapped[int] = mapped_column(default=0)  # grows with whatever the desk tells it: load again
    heeded: Mapped[int] = mapped_column(default=0)  # the last of these that the screen has loaded
    revoked_at: Mapped[datetime | None]

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("displays", f"display:{self.id}")


class PairingCode(Base):
    """A code that a screen shows until somebody types it at the desk. Neither it nor the screen's token is kept."""

    __tablename__ = "pairing_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)  # of the code
    proof: Mapped[str] = mapped_column(String(64), unique=True)  # of the token that becomes good with it
    made_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(200), default="")


def notice_topics(user_id: int) -> tuple[str, ...]:
    """Where a person sees what they are told: the bell, and the list."""
    return (f"notices:{user_id}", f"notices-list:{user_id}")
