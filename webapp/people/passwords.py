"""Passwords: what one may be, and how one is kept."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 8, 200
COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())

# 19 MiB twice over, about 45 ms: OWASP's least for Argon2id, and what a small server can spare sixteen times at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def cheapen() -> None:
    """For tests: the same hash at a thousandth of the price."""
    global _hasher
    _hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    _nobodys_hash.cache_clear()


def keep(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(_bytes(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether it is the password. kept None: nobody has that name, and finding out takes as long as for somebody."""
    if len(password) > LONGEST:
        password = ""
    try:
        return _hasher.verify(kept or _nobodys_hash(), _bytes(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def complaint(password: str, username: str) -> str | None:
    """What is wrong with it as a new password, in words that follow "Password"; None: nothing."""
    if len(password) < SHORTEST:
        return f"must have {SHORTEST} characters or more"
    if len(password) > LONGEST:
        return f"must have {LONGEST} characters or fewer"
    if password.casefold() == username.casefold():
        return "must not be the username"
    if password.casefold() in COMMON or len(set(password)) == 1:
        return "is one of the first that anybody would guess; choose another"
    return None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return keep("nobody has this password")


def _bytes(password: str) -> bytes:
    """One spelling for what looks the same: keyboards differ in how they compose an accent."""
    return unicodedata.normalize("NFKC", password).encode(errors="surrogatepass")
