"""A bar for each day, drawn on the server: no script, and the same figures stand in a table."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEIGHT = 120
WIDTH = 720


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, in the units of the drawing; `label` says the day and its figure."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars side by side, what they show together, and their figures for the table, in words."""

    title: str
    heading: str
    total: str
    bars: list[Bar]
    rows: list[tuple[dt.date, str]]
    highest: int
    width: int = WIDTH
    height: int = HEIGHT


def bar_chart(
    title: str,
    heading: str,
    rows: Sequence[tuple[dt.date, int]],
    *,
    tell: Callable[[int], str],
) -> BarChart:
    """Draw figures by day.

    :param heading: what stands above the figures of the table.
    :param rows: the days in order, with whole numbers of 0 or more.
    :param tell: how a figure is written: "1,204 views", "€12.00".
    """
    highest = max((figure for _, figure in rows), default=0)
    step = WIDTH / max(len(rows), 1)
    bars = []
    for place, (day, figure) in enumerate(rows):
        # A day with a single view still shows a line.
        tall = max(1.0, HEIGHT * figure / highest) if figure else 0.0
        bars.append(
            Bar(
                x=round(place * step + step * 0.1, 2),
                y=round(HEIGHT - tall, 2),
                width=round(step * 0.8, 2),
                height=round(tall, 2),
                label=f"{day:%-d %B %Y}: {tell(figure)}",
            )
        )
    total = tell(sum(figure for _, figure in rows))
    return BarChart(
        title, heading, total, bars, [(day, tell(figure)) for day, figure in rows], highest
    )
