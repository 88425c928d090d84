"""What counts as a photo, and what of it is kept: the picture, which way up, and nothing of where or with what."""

from random import Random

import pytest

from tests.issues.shots import PLACE, chunk, exif, jpeg, png, riff, segment, webp
from webapp.issues import MOST_BYTES
from webapp.issues.pictures import read_picture
from webapp.lib.refusal import Invalid, TooLarge

KINDS = [("image/jpeg", jpeg), ("image/png", png), ("image/webp", webp)]


@pytest.mark.parametrize(("kind", "make"), KINDS)
def test_a_photo_is_known_by_its_bytes(kind, make):
    seen = read_picture(make(width=640, height=480))

    assert (seen.kind, seen.width, seen.height) == (kind, 640, 480)


@pytest.mark.parametrize(("kind", "make"), KINDS)
def test_what_is_kept_is_the_same_photo_again(kind, make):
    once = read_picture(make())

    assert read_picture(once.data) == once


WITH_PLACES = [
    jpeg(extra=exif()),
    jpeg(extra=segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)),
    jpeg(extra=segment(0xED, b"Photoshop 3.0\0" + PLACE) + segment(0xFE, PLACE)),
    jpeg(extra=segment(0xE2, b"MPF\0" + PLACE)),
    jpeg() + jpeg(extra=exif()),
    jpeg() + b"a film of the same moment " + PLACE,
    png(extra=chunk(b"eXIf", PLACE) + chunk(b"tEXt", b"Comment\0" + PLACE) + chunk(b"iTXt", PLACE)),
    png() + PLACE,
    webp(extra=riff(b"EXIF", PLACE) + riff(b"XMP ", PLACE)),
    webp() + PLACE,
]


@pytest.mark.parametrize("sent", WITH_PLACES)
def test_where_it_was_taken_is_left_out(sent):
    assert PLACE in sent

    assert PLACE not in read_picture(sent).data


@pytest.mark.parametrize("order", [">", "<"])
def test_a_phone_held_upright_stays_upright(order):
    kept = read_picture(jpeg(extra=exif(turned=6, order=order))).data

    assert exif(turned=6).replace(PLACE, b"")[4:] in kept


def test_one_that_stands_upright_needs_no_word_of_it():
    assert b"Exif" not in read_picture(jpeg(extra=exif(turned=1))).data


def test_colours_stay():
    profile = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")

    assert profile in read_picture(jpeg(extra=profile)).data


CRUMBLED = [
    b"\xff\xd8" + b"\xff" * 300_000,
    jpeg(extra=b"\xff\x01" * 100_000),
    jpeg(extra=segment(0xE0, b"") * 50_000),
    jpeg(points=segment(0xDA, b"") * 50_000),
    png(extra=chunk(b"tEXt", b"") * 50_000),
    webp(extra=riff(b"EXIF", b"") * 50_000),
]


@pytest.mark.parametrize("sent", CRUMBLED, ids=["padding", "marks", "segments", "scans", "chunks", "riff"])
def test_one_of_endless_small_pieces_is_not_read_to_its_end(sent):
    with pytest.raises(Invalid) as no:
        read_picture(sent)

    assert "is in too many pieces" in str(no.value.details)


NO_PHOTOS = [
    (b"", "JPEG, PNG or WebP"),
    (b"GIF89a" + bytes(60), "JPEG, PNG or WebP"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "JPEG, PNG or WebP"),
    (b"<html><script>alert(1)</script></html>", "JPEG, PNG or WebP"),
    (b"\xff\xd8\xff<script>alert(1)</script>", "JPEG is cut off"),
    (b"\xff\xd8\xff\xd8", "JPEG is damaged"),
    (b"\xff\xd8\xff\xd9", "JPEG holds no picture"),
    (jpeg(end=False), "JPEG is cut off"),
    (jpeg(width=0), "JPEG holds no picture"),
    (jpeg()[:80], "JPEG is cut off"),
    (png()[:-8], "PNG is cut off"),
    (png().replace(b"\x7f", b"\x7e", 1)[:-1] + b"x", "PNG is damaged"),
    (b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", b"x"), "PNG is damaged"),
    (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IEND", b""), "PNG holds no picture"),
    (b"RIFF\x04\0\0\0WAVE", "WEBP is something else"),
    (b"RIFF\xff\xff\xff\x7fWEBP", "WEBP is cut off"),
    (webp(flags=0x02), "WEBP moves"),
    (b"RIFF\x04\0\0\0WEBP", "WEBP holds no picture"),
]


@pytest.mark.parametrize(("sent", "says"), NO_PHOTOS)
def test_what_is_no_photo_is_refused_in_words(sent, says):
    with pytest.raises(Invalid) as no:
        read_picture(sent)

    assert says in no.value.details["fields"]["photo"][0]


def test_a_picture_that_unpacks_to_a_wall_is_refused():
    head = (30_000).to_bytes(4) * 2 + b"\x08\0\0\0\0"
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")

    with pytest.raises(Invalid) as no:
        read_picture(bomb)

    assert "100 million" in no.value.details["fields"]["photo"][0]


def test_ten_megabytes_and_no_more():
    room = MOST_BYTES - len(jpeg(points=b""))

    assert read_picture(jpeg(points=b"\x01" * room)).width == 40
    with pytest.raises(TooLarge) as no:
        read_picture(jpeg(points=b"\x01" * (room + 1)))
    assert no.value.status == 413


@pytest.mark.parametrize("make", [jpeg, png, webp])
def test_whatever_is_damaged_is_refused_or_read_and_never_breaks(make):
    whole, noise = bytearray(make()), Random(6).randbytes(400)

    for n in range(0, 400, 2):
        damaged = bytearray(whole)
        damaged[8 + noise[n] % (len(whole) - 8)] = noise[n + 1]
        try:
            seen = read_picture(bytes(damaged))
        except Invalid:
            continue
        assert seen.width * seen.height
