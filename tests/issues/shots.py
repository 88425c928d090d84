"""Photos small enough to be written by hand, as cameras write them: with a place, a time, and which way up."""

import struct
import zlib

#: What must never be found again in what is kept.
PLACE = b"GPS 52.5200 N 13.4050 E"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def exif(turned: int = 1, order: str = ">") -> bytes:
    """A segment that says which way up, and where."""
    entry = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(f"{order}IH", 8, 1)
    return segment(0xE1, b"Exif\0\0" + head + entry + struct.pack(f"{order}I", 0) + PLACE)


def jpeg(
    width: int = 40,
    height: int = 30,
    extra: bytes = b"",
    points: bytes = b"\x12\xff\0\x34\xff\xd0\x56",
    end: bool = True,
) -> bytes:
    frame = segment(0xC0, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\0")
    head = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + points
    tables = segment(0xDB, b"\0" * 65) + segment(0xC4, b"\0" * 20)
    return b"\xff\xd8" + head + extra + tables + frame + scan + (b"\xff\xd9" if end else b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def png(width: int = 40, height: int = 30, extra: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    points = zlib.compress(b"".join(b"\0" + b"\x7f" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", points) + chunk(b"IEND", b"")


def riff(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)


def webp(width: int = 40, height: int = 30, flags: int = 0x0C, extra: bytes = b"") -> bytes:
    def three(number: int) -> bytes:
        return (number - 1).to_bytes(3, "little")

    extended = riff(b"VP8X", bytes([flags, 0, 0, 0]) + three(width) + three(height))
    lossy = riff(b"VP8 ", b"\x10\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height) + b"points!")
    inner = b"WEBP" + extended + lossy + extra
    return b"RIFF" + len(inner).to_bytes(4, "little") + inner
