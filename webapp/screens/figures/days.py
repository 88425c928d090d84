"""Utilization by day, or by several days at a time, with the target and the weekends behind it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from webapp.screens.figures.pieces import Figure, beside, last_known, level, percents

DAY = 86_400_000  # as Plotly counts: milliseconds
DOTS_UP_TO = 40  # days: more lie too close for a mark each
NEAR = 0.06  # words closer than this would lie on each other


def day_trend(
    days: Sequence[date],
    used: Sequence[float | None],
    target: float | None,
    label: str,
    before: Sequence[float | None] = (),
) -> Figure:
    """label: what is written at the last point. before: the same stretches of the period before, a quieter line."""
    known = [value for value in (*used, *before) if value is not None]
    floor = 0.4 if all(value >= 0.4 for value in known) else 0.0
    names = [day.isoformat() for day in days]
    return {
        "data": [*_before(names, before), _now(names, used)],
        "layout": {
            "uirevision": "days",
            "hovermode": "x unified",
            "margin": {"l": 40, "r": 128, "t": 14, "b": 30},
            "xaxis": {
                "type": "date",
                **_ticks(days),
                "range": [names[0], names[-1]],
                "showgrid": False,
                "showline": True,
            },
            "yaxis": {"range": [floor, 1.001], "ticklabelstandoff": 6, **percents(floor)},
            "shapes": [*_weekends(days), *([] if target is None else [level(target)])],
            "annotations": [*_named(days), *_target(target), *_last_words(used, label, target)],
        },
    }


def _ticks(days: Sequence[date]) -> Figure:
    """At most seven; with the year where the days of a month come twice."""
    length = (days[-1] - days[0]).days + 1
    year = " %y" if length > 366 else ""
    ticks = {"dtick": DAY * max(1, -(-length // 7)), "tick0": days[0].isoformat()}
    return ticks | {"tickformat": f"%-d %b{year}", "hoverformat": f"%a %-d %b{year}"}


def _now(names: Sequence[str], used: Sequence[float | None]) -> Figure:
    last, few = len(names) - 1, len(names) <= DOTS_UP_TO
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(names),
        "y": list(used),
        "name": "",
        "line": {"color": "var(--data)", "width": 2},
        "cliponaxis": False,
        "connectgaps": False,
        "hovertemplate": "%{y:.1%}<extra></extra>",
        "marker": {
            "opacity": 1,
            "size": [10 if n == last else 6 if few else 3 for n in range(len(names))],
            "color": ["var(--data)" if n == last else "var(--surface)" for n in range(len(names))],
            "line": {"color": "var(--data)", "width": 2},
        },
    }


def _before(names: Sequence[str], before: Sequence[float | None]) -> list[Figure]:
    if all(value is None for value in before):
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": list(names[: len(before)]),
            "y": list(before[: len(names)]),
            "line": {"color": "var(--data-2)", "width": 1.5, "dash": "2px,3px"},
            "cliponaxis": False,
            "connectgaps": False,
            "hovertemplate": "%{y:.1%} before<extra></extra>",
        }
    ]


def _saturdays(days: Sequence[date]) -> list[date]:
    """Only where each day has its place; beyond a month they are told by their veil alone."""
    daily = len(days) < 2 or (days[1] - days[0]).days == 1
    return [day for day in days if daily and day.weekday() == 5 and day < days[-1]]


def _weekends(days: Sequence[date]) -> list[Figure]:
    """From the middle before Saturday's point to the middle after Sunday's."""
    rect = {"type": "rect", "layer": "below", "yref": "paper", "y0": 0, "y1": 1}
    fill = {"fillcolor": "var(--sunken)", "line": {"width": 0}}
    return [rect | fill | {"x0": _noon(day, -1, days), "x1": _noon(day, 1, days)} for day in _saturdays(days)]


def _noon(day: date, away: int, days: Sequence[date]) -> str:
    """Never beyond the ends of the axis."""
    noon = datetime.combine(day + timedelta(days=away), time(12))
    first, last = (datetime.combine(end, time()) for end in (days[0], days[-1]))
    return min(max(noon, first), last).isoformat()


def _named(days: Sequence[date]) -> list[Figure]:
    words = {"yref": "paper", "y": 0, "yanchor": "bottom", "showarrow": False, "text": "weekend", "font": {"size": 12}}
    few = len(days) <= 21
    return [words | {"x": f"{day.isoformat()}T12:00:00"} for day in _saturdays(days) if few and day > days[0]]


def _target(target: float | None) -> list[Figure]:
    return [] if target is None else [beside(target, f"Target {target * 100:.0f} %", bold=False)]


def _last_words(used: Sequence[float | None], label: str, target: float | None) -> list[Figure]:
    last = last_known(used)
    if last is None:
        return []
    near = target is not None and abs(last - target) < NEAR
    shift = 0 if not near or target is None else -16 if last <= target else 16
    return [beside(last, label, bold=True, shift=shift)]
