"""People, what they may do, and the proofs they carry: sessions and tokens."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base


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
