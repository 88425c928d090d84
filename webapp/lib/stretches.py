"""Stretches of time as pairs of seconds since 1970, start <= t < end: what is left of some without others. Pure."""

from collections.abc import Iterable, Iterator, Sequence

Stretch = tuple[int, int]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """In order and apart: those that overlap or touch as one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def without(stretches: Sequence[Stretch], taken: Sequence[Stretch]) -> list[Stretch]:
    """The parts of them that are not taken. Both in order and apart."""
    return list(_left(stretches, taken))


def _left(stretches: Sequence[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    first = 0
    for start, end in stretches:
        while first < len(taken) and taken[first][1] <= start:
            first += 1
        for low, high in taken[first:]:
            if low >= end:
                break
            if start < low:
                yield start, low
            start = max(start, high)
        if start < end:
            yield start, end


def seconds_within(stretches: Iterable[Stretch], start: int, end: int) -> int:
    """How much of start <= t < end they are. Apart."""
    return sum(max(0, min(high, end) - max(low, start)) for low, high in stretches)
