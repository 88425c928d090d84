"""A file that somebody sent, as a photo that may be shown: what it is by its own bytes, not by its name."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from webapp.issues.pictures.bits import NoPicture
from webapp.issues.pictures.jpeg import read_jpeg
from webapp.issues.pictures.png import read_png
from webapp.issues.pictures.webp import read_webp
from webapp.lib.refusal import Invalid, TooLarge

MOST_BYTES = 10 * 1024 * 1024
#: Of more, a browser that unpacks it takes the memory of a small machine.
MOST_PIXELS = 100_000_000
#: What it begins with -> what it is called when it is sent, and who reads it: (width, height, bytes to be kept).
KINDS: dict[bytes, tuple[str, Callable[[bytes], tuple[int, int, bytes]]]] = {
    b"\xff\xd8\xff": ("image/jpeg", read_jpeg),
    b"\x89PNG\r\n\x1a\n": ("image/png", read_png),
    b"RIFF": ("image/webp", read_webp),
}


@dataclass(frozen=True)
class Picture:
    """kind: image/jpeg and its like; data: as it was sent, without where, when and with what it was taken."""

    kind: str
    width: int
    height: int
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def read_picture(data: bytes) -> Picture:
    """Raises Invalid where it is no photo, TooLarge where it is more than may be sent."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A photo may have {MOST_BYTES // 1024 // 1024} MB")
    found = next((known for begins, known in KINDS.items() if data.startswith(begins)), None)
    if found is None:
        raise Invalid(photo="must be a photo: JPEG, PNG or WebP")
    kind, read = found
    try:
        width, height, kept = read(data)
    except NoPicture as no:
        raise Invalid(photo=f"must be a whole photo: this {kind.removeprefix('image/').upper()} {no}") from None
    if not 0 < width * height <= MOST_PIXELS:
        raise Invalid(photo=f"must have between 1 and {MOST_PIXELS // 1_000_000} million points")
    return Picture(kind, width, height, kept)
