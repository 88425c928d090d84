"""Which cell a machine of a file may be: a short name and a kind out of what the file calls it. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

LONGEST = 20  # of a cell's name
KIND = "machine"
#: Machine 4 - Turning; Machine 7- Laser Marking; Manual Milling - Machine 28.
_DASH = re.compile(r"\s*[-–:]\s+|\s+[-–:]\s*")
_NUMBERED = re.compile(r".*\d")
_STRANGE = re.compile(r"[^\w .-]+")


def guess_machines(machines: Iterable[str], kinds: Mapping[str, str], known: Collection[str]) -> dict[str, list[str]]:
    """As the file calls it -> [cell, kind]. kinds: what a column says they are; known: cells that there are.

    Two machines never become one cell because their names are cut short.
    """
    guessed = {text: _split(text) for text in sorted(machines)}
    shared = Counter(name for name, _ in guessed.values())
    taken: set[str] = set()
    found = {}
    for text, (short, kind) in guessed.items():
        name = text if text in known else _free(short if shared[short] == 1 else text, taken)
        taken.add(name)
        found[text] = [name, kinds.get(text) or kind]
    return found


def _split(text: str) -> tuple[str, str]:
    parts = [part for part in _DASH.split(text) if part.strip()]
    named = [part for part in parts if _NUMBERED.fullmatch(part)]
    if len(parts) != 2 or len(named) != 1:
        return text, KIND
    [kind] = [part for part in parts if part != named[0]]
    return named[0].strip(), kind.strip()[:60]


def _free(text: str, taken: Collection[str]) -> str:
    plain = " ".join(_STRANGE.sub(" ", text).split()).lstrip(".- ") or KIND
    name, n = plain[:LONGEST].strip(), 2
    while name in taken:
        name, n = f"{plain[: LONGEST - 4].strip()} {n}", n + 1
    return name
