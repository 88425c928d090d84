"""Where maintenance fits between what is planned. Pure; epoch seconds, start <= t < end."""

from collections.abc import Iterable, Iterator, Sequence

Stretch = tuple[int, int]
#: Plans are made in quarters of an hour.
QUARTER = 900


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Ascending and apart: what overlaps or touches is one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def free(within: Sequence[Stretch], taken: Sequence[Stretch]) -> Iterator[Stretch]:
    """The parts of these that nobody took, in order. within: ascending and apart."""
    busy = merged(taken)
    for start, end in within:
        for low, high in busy:
            if high <= start or low >= end:
                continue
            if start < low:
                yield start, low
            start = max(start, high)
        if start < end:
            yield start, end


def best_gap(gaps: Sequence[Stretch], length: int, before: int | None) -> Stretch | None:
    """Where it disturbs least: in the gap that it fills best, so that the large ones stay whole, at its end; of equal
    gaps in the last one, so that little of the interval is given away.

    before: it must be over by then. Where that cannot be, or None is asked: as soon as possible.
    gaps: free stretches, ascending.
    """
    in_time = [(start, min(end, before)) for start, end in gaps] if before is not None else []
    fits = [(start, end) for start, end in in_time if end - start >= length]
    if not fits:
        return first_gap(gaps, length, 0)
    start, end = min(fits, key=lambda gap: (gap[1] - gap[0], -gap[0]))
    begins = end - length
    return _placed(max(start, begins - begins % QUARTER), length)


def first_gap(gaps: Sequence[Stretch], length: int, after: int) -> Stretch | None:
    """The first that is long enough, from this second on; on a quarter of an hour where that fits."""
    for start, end in gaps:
        begins = max(start, after)
        rounded = begins + -begins % QUARTER
        if end - begins >= length:
            return _placed(rounded if end - rounded >= length else begins, length)
    return None


def _placed(start: int, length: int) -> Stretch:
    return start, start + length
