"""Weeks to start from: forms filled in beforehand, to be changed at will."""

from webapp.cells import Shift, read_shift

WORKDAYS, EVERY_DAY = tuple(range(5)), tuple(range(7))


def _shifts(days: tuple[int, ...]) -> list[Shift]:
    return [
        read_shift("Early", "06:00", "14:00", "09:00-09:15, 11:30-12:00", days),
        read_shift("Late", "14:00", "22:00", "17:00-17:15, 19:00-19:30", days),
        read_shift("Night", "22:00", "06:00", "01:00-01:15, 03:00-03:30", days),
    ]


#: Word in the address -> (what the choice says, the shifts).
PATTERNS: dict[str, tuple[str, list[Shift]]] = {
    "one": ("One shift", [read_shift("Day", "08:00", "16:30", "09:30-09:45, 12:00-12:30", WORKDAYS)]),
    "two": ("Two shifts", _shifts(WORKDAYS)[:2]),
    "three": ("Three shifts", _shifts(WORKDAYS)),
    "round": ("Round the clock", _shifts(EVERY_DAY)),
}
