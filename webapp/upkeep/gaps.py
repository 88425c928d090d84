"""Where maintenance fits between what is planned. Pure; epoch seconds, start <= t < end."""

from collections.abc import Sequence

from webapp.lib.stretches import Stretch

#: Plans are made in quarters of an hour.
QUARTER = 900


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
