"""JPEG: its segments walked to the end of the one picture; of all a camera adds, only which way up stays."""

import re
from typing import Literal

from webapp.issues.pictures.bits import Bytes, NoPicture

START, END, SCAN, EXIF = 0xD8, 0xD9, 0xDA, 0xE1
#: Markers without a length: restarts, and TEM.
ALONE = {*range(0xD0, 0xD8), 0x01}
#: What ends a scan: any other, not one of its stuffed bytes either.
NEXT = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
#: Begin a frame and say how large it is; 0xC4, 0xC8 and 0xCC among them mean something else.
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
#: What is needed to paint it: frames, their tables (DQT, DHT, DAC, DRI, DNL), JFIF and Adobe, and scans.
NEEDED = {*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xEE, SCAN}
#: Colours are painted by it; the other users of its marker hide second pictures, each with a place of its own.
COLOURS, PROFILE = 0xE2, b"ICC_PROFILE\0"
ORIENTATION = 0x0112


def read_jpeg(data: bytes) -> tuple[int, int, bytes]:
    """(width, height, the picture alone). What follows its end, such as a film or a second picture, is left out."""
    source = Bytes(data)
    source.take(2)
    kept, size, turned, scans = [b"\xff\xd8"], (0, 0), 1, 0
    while (marker := _marker(source)) != END:
        body = _body(source, marker)
        if marker in FRAMES:
            size = _size(body)
        if marker == EXIF:
            turned = _turned(body) or turned
        if marker in NEEDED or (marker == COLOURS and body.startswith(PROFILE)):
            kept.append(b"\xff" + bytes([marker]) + _framed(body, marker))
        if marker == SCAN:
            kept.append(_scanned(source))
            scans += 1
    if not scans or not all(size):
        raise NoPicture("holds no picture")
    return *size, b"".join([kept[0], _way_up(turned), *kept[1:], b"\xff\xd9"])


def _marker(source: Bytes) -> int:
    if source.number(1) != 0xFF:
        raise NoPicture("is damaged")
    while (marker := source.number(1)) == 0xFF:  # a marker may be padded
        pass
    if marker in (0, START):
        raise NoPicture("is damaged")
    return marker


def _body(source: Bytes, marker: int) -> bytes:
    return b"" if marker in ALONE else source.take(source.number(2) - 2)


def _framed(body: bytes, marker: int) -> bytes:
    return b"" if marker in ALONE else (len(body) + 2).to_bytes(2) + body


def _size(body: bytes) -> tuple[int, int]:
    frame = Bytes(body)
    frame.take(1)
    height, width = frame.number(2), frame.number(2)
    return width, height


def _scanned(source: Bytes) -> bytes:
    """The points themselves: up to the next marker that is neither a stuffed 0xFF nor a restart."""
    following = NEXT.search(source.data, source.at)
    if following is None:
        raise NoPicture("is cut off")
    return source.take(following.start() - source.at)


def _turned(body: bytes) -> int:
    """Which way up an Exif segment says it was taken, 1 to 8; 0 where it does not say so."""
    if not body.startswith(b"Exif\0\0") or body[6:8] not in (b"II", b"MM"):
        return 0
    order: Literal["little", "big"] = "little" if body[6:8] == b"II" else "big"
    tiff = body[6:]

    def number(at: int, count: int) -> int:
        return int.from_bytes(tiff[at : at + count], order)

    first = number(4, 4)
    entries = range(first + 2, first + 2 + 12 * min(number(first, 2), 500), 12)
    said = next((number(at + 8, 2) for at in entries if number(at, 2) == ORIENTATION), 0)
    return said if said <= 8 else 0


def _way_up(turned: int) -> bytes:
    """An Exif segment that says this and nothing else; nothing where it stands upright."""
    if turned == 1:
        return b""
    entry = ORIENTATION.to_bytes(2) + (3).to_bytes(2) + (1).to_bytes(4) + turned.to_bytes(2) + b"\0\0"
    body = b"Exif\0\0MM\0*" + (8).to_bytes(4) + (1).to_bytes(2) + entry + (0).to_bytes(4)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
