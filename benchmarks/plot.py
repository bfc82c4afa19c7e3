"""Charts as SVG, with logarithmic scales, readable in the dark and on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

from .measuring import micros, shown

WIDTH, LABELS, ROW = 720, 210, 24
HEIGHT, EDGE = 360, 60  # of curves
COLOURS = ("#0b6", "#06c")


def bars(values: Mapping[str, float], axis: str) -> str:
    """Return *values* as a chart, the smallest first; *axis* says what they are."""
    ordered = sorted(values.items(), key=lambda item: item[1])
    low, high = math.log10(ordered[0][1]) - 0.3, math.log10(ordered[-1][1])
    scale = (WIDTH - LABELS - 80) / (high - low)
    height = ROW * len(ordered) + 34
    lines = _head(height)
    for n, (name, value) in enumerate(ordered):
        y, length = n * ROW + 6, (math.log10(value) - low) * scale
        colour = "#0b6" if name == "hazardrules" else "#678"
        lines += [
            f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end" fill="#222">{escape(name)}</text>',
            f'<rect x="{LABELS}" y="{y}" width="{length:.1f}" height="{ROW - 7}" fill="{colour}"/>',
            f'<text x="{LABELS + length + 6:.1f}" y="{y + 13}" fill="#222">{shown(value)}</text>',
        ]
    lines += [f'<text x="{LABELS}" y="{height - 10}" fill="#444">{escape(axis)}</text>', "</svg>", ""]
    return "\n".join(lines)


def curves(series: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str) -> str:
    """Return *series* of points as curves, and a dashed line from the first point of each that is in proportion."""
    xs, ys = zip(*(point for points in series.values() for point in points), strict=True)
    ends = {name: (points[-1][0], points[0][1] * points[-1][0] / points[0][0]) for name, points in series.items()}
    left, right, low, high = min(xs), max(xs), min(ys) / 2, 2 * max(*ys, *(y for _, y in ends.values()))

    def place(x: float, y: float) -> str:
        along = (math.log(x) - math.log(left)) / (math.log(right) - math.log(left))
        above = (math.log(y) - math.log(low)) / (math.log(high) - math.log(low))
        return f"{EDGE + along * (WIDTH - 2 * EDGE - 100):.1f},{HEIGHT - EDGE - above * (HEIGHT - 2 * EDGE):.1f}"

    lines = _head(HEIGHT)
    for colour, (name, points) in zip(COLOURS, series.items(), strict=False):
        straight = f"{place(*points[0])} {place(*ends[name])}"
        at = place(*points[-1]).split(",")
        lines += [
            f'<polyline points="{straight}" fill="none" stroke="{colour}" stroke-dasharray="3 5"/>',
            f'<polyline points="{" ".join(place(*point) for point in points)}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{float(at[0]) + 22:.1f}" y="{float(at[1]) + 4:.1f}" fill="{colour}">{escape(name)}</text>',
        ]
        for x, y in points:
            x_at, y_at = place(x, y).split(",")
            lines += [
                f'<circle cx="{x_at}" cy="{y_at}" r="3.5" fill="{colour}"/>',
                f'<text x="{x_at}" y="{float(y_at) - 9:.1f}" text-anchor="middle" font-size="11" fill="#222">{micros(y)}</text>',
                f'<text x="{x_at}" y="{HEIGHT - EDGE + 20}" text-anchor="middle" fill="#222">{x:,.0f}</text>',
            ]
    lines += [
        f'<text x="{EDGE}" y="{HEIGHT - 14}" fill="#444">{escape(across)}</text>',
        f'<text x="{EDGE}" y="20" fill="#444">{escape(up)} (dashed: in proportion)</text>',
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _head(height: int) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
