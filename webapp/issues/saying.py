"""What people may write about an issue: a few lines, and photos."""

from collections.abc import Iterable

from webapp.issues.models import SEVERITIES
from webapp.issues.pictures import Picture, read_picture
from webapp.lib.refusal import Invalid

LONGEST = 1000
#: At once; another four may follow with the next update.
MOST_PHOTOS = 4


def read_words(text: str, field: str = "words") -> str:
    """Lines without blanks around them; raises Invalid naming the field."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(lines) > LONGEST:
        raise Invalid(**{field: f"must be up to {LONGEST} characters"})
    if not lines.replace("\n", "").replace("\t", "").isprintable():
        raise Invalid(**{field: "holds characters that cannot be shown"})
    return lines


def read_severity(word: str) -> str:
    if word not in SEVERITIES:
        raise Invalid(severity="must be chosen: " + ", ".join(SEVERITIES))
    return word


def read_photos(sent: Iterable[bytes]) -> list[Picture]:
    """Each once. Raises Invalid about `photo`, TooLarge."""
    found = list(sent)
    if len(found) > MOST_PHOTOS:
        raise Invalid(photo=f"may be {MOST_PHOTOS} at once")
    return list({picture.digest: picture for picture in map(read_picture, found)}.values())
