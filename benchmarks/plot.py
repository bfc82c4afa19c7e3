"""A bar chart as SVG: horizontal, logarithmic, readable in the dark and on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from .measuring import shown

WIDTH, LABELS, ROW = 720, 210, 24


def bars(values: Mapping[str, float], axis: str) -> str:
    """Return *values* as a chart, the smallest first; *axis* says what they are."""
    ordered = sorted(values.items(), key=lambda item: item[1])
    low, high = math.log10(ordered[0][1]) - 0.3, math.log10(ordered[-1][1])
    scale = (WIDTH - LABELS - 80) / (high - low)
    height = ROW * len(ordered) + 34
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
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
