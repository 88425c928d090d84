"""PNG: its chunks, each with a sum that must be right; texts, times and places in them are left out."""

import zlib

from webapp.issues.pictures.bits import Bytes, NoPicture

SIGNATURE = 8
#: What is needed to paint it. Those of moving pictures are not among them: what stays is the still one.
NEEDED = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs"}
FIRST, POINTS, LAST = b"IHDR", b"IDAT", b"IEND"


def read_png(data: bytes) -> tuple[int, int, bytes]:
    """(width, height, the picture alone)."""
    source = Bytes(data)
    kept, size, seen = [source.take(SIGNATURE)], (0, 0), b""
    points = False
    while seen != LAST:
        chunk = source.at
        seen, body = _chunk(source)
        if (seen == FIRST) != (chunk == SIGNATURE):
            raise NoPicture("is damaged")
        if seen == FIRST:
            size = int.from_bytes(body[:4]), int.from_bytes(body[4:8])
        points = points or (seen == POINTS and bool(body))
        if seen in NEEDED:
            kept.append(data[chunk : source.at])
    if not points:
        raise NoPicture("holds no picture")
    return *size, b"".join(kept)


def _chunk(source: Bytes) -> tuple[bytes, bytes]:
    length = source.number(4)
    kind = source.take(4)
    body = source.take(length)
    if zlib.crc32(kind + body) != source.number(4):
        raise NoPicture("is damaged")
    return kind, body
