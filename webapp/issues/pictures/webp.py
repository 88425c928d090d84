"""WebP: its chunks in their RIFF file; what it tells of place and camera is left out, and so is what moves."""

from webapp.issues.pictures.bits import Bytes, NoPicture

HEAD, EXTENDED, LOSSY, LOSSLESS = 12, b"VP8X", b"VP8 ", b"VP8L"
NEEDED = {EXTENDED, LOSSY, LOSSLESS, b"ICCP", b"ALPH"}
#: Flags of the extended head that speak of what was left out: Exif and XMP.
TOLD = 0x08 | 0x04
MOVES = 0x02


def read_webp(data: bytes) -> tuple[int, int, bytes]:
    """(width, height, the picture alone)."""
    kept, size = [], (0, 0)
    source = Bytes(_inside(data))
    while source.left >= 8:
        kind, body = source.take(4), source.take(source.number(4, "little"))
        source.take(min(len(body) % 2, source.left))
        if kind in (LOSSY, LOSSLESS):
            size = _lossy(body) if kind == LOSSY else _lossless(body)
        if kind == EXTENDED:
            body = _without_what_is_told(body)
        if kind in NEEDED:
            kept.append(kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2))
    if not all(size):
        raise NoPicture("holds no picture")
    inner = b"WEBP" + b"".join(kept)
    return *size, b"RIFF" + len(inner).to_bytes(4, "little") + inner


def _inside(data: bytes) -> bytes:
    """What the file says it holds; more may follow and is not looked at."""
    source = Bytes(data)
    source.take(4)
    inner = source.take(source.number(4, "little"))
    if not inner.startswith(b"WEBP"):
        raise NoPicture("is something else")
    return inner[4:]


def _lossy(body: bytes) -> tuple[int, int]:
    frame = Bytes(body)
    tag, begins = frame.number(3, "little"), frame.take(3)
    if tag & 1 or begins != b"\x9d\x01\x2a":
        raise NoPicture("is damaged")
    return frame.number(2, "little") & 0x3FFF, frame.number(2, "little") & 0x3FFF


def _lossless(body: bytes) -> tuple[int, int]:
    frame = Bytes(body)
    if frame.number(1) != 0x2F:
        raise NoPicture("is damaged")
    bits = frame.number(4, "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _without_what_is_told(body: bytes) -> bytes:
    if len(body) < 10:
        raise NoPicture("is cut off")
    if body[0] & MOVES:
        raise NoPicture("moves; a photo stands still")
    return bytes([body[0] & ~TOLD]) + body[1:]
