"""Charts as SVG, drawn when the report is built: Altair describes, vl-convert draws.

A bar is this period, a tick across it the period it is compared with: that reads in grey and
without telling colours apart. Colours are names of the style sheet, so that one drawing serves
light, dark and paper; the page gives the legend and the numbers in words.
"""

import json
import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from templates.fonts import FAMILY
from templates.model import BarChart, Curve, Drawing, DrawnCurve, Headline

_WIDTH, _BAR_STEP, _LABELS, _NUMBERS = 180, 21, 175, 60
_CURVE_WIDTH, _CURVE_HEIGHT, _DOT = 120, 26, 2.5
_FONT = "sans-serif"
_FONT_SIZE = 12

# Stand-ins that Vega copies into the drawing, and the style sheet's names for them.
_COLOURS = {
    "#010101": "var(--bar)",
    "#020202": "var(--tick)",
    "#030303": "var(--ink)",
    "#040404": "var(--muted)",
}
_PAPER = {
    "var(--bar)": "#3d7ea6",
    "var(--tick)": "#000000",
    "var(--ink)": "#000000",
    "var(--muted)": "#3f4851",
    f'font-family="{_FONT}"': f'font-family="{FAMILY}"',
}
_BAR, _TICK, _INK, _MUTED = _COLOURS


def drawing(chart: BarChart) -> Drawing:
    """The chart as SVG. Equal charts give equal drawings, whatever was drawn before them."""
    return Drawing(chart, Markup(_drawn(chart)))  # noqa: S704  our own drawing, texts escaped by Vega


def on_paper(chart: BarChart) -> str:
    """The chart as SVG in the colours and the font of a printed page."""
    return _printed(_drawn(chart))


def _printed(svg: str) -> str:
    for name, printed in _PAPER.items():
        svg = svg.replace(name, printed)
    return svg


def drawn_curve(headline: Headline) -> DrawnCurve:
    """The curve of a headline; without SVG where it has none."""
    svg = _curve(headline.curve) if headline.curve else ""
    return DrawnCurve(headline, Markup(svg))  # noqa: S704  numbers only


def curve_on_paper(curve: Curve) -> str:
    """The curve as SVG in the colours of a printed page."""
    return _printed(_curve(curve))


def _curve(curve: Curve) -> str:
    """A line from zero up, broken where there is no data, and a dot at its end."""
    known = [point for point in curve.points if point is not None]
    least, most = min(0, *known), max(0, *known)
    across = (_CURVE_WIDTH - 2 * _DOT) / max(len(curve.points) - 1, 1)
    up = (_CURVE_HEIGHT - 2 * _DOT) / ((most - least) or 1)
    places = [
        None if p is None else (_DOT + n * across, _CURVE_HEIGHT - _DOT - (p - least) * up)
        for n, p in enumerate(curve.points)
    ]
    steps = [
        f"{'L' if n and places[n - 1] else 'M'}{place[0]:.1f} {place[1]:.1f}"
        for n, place in enumerate(places)
        if place
    ]
    x, y = next(place for place in reversed(places) if place)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_CURVE_WIDTH} {_CURVE_HEIGHT}" '
        f'width="{_CURVE_WIDTH}" height="{_CURVE_HEIGHT}" aria-hidden="true" focusable="false">'
        f'<path d="{"".join(steps)}" fill="none" stroke="var(--bar)" stroke-width="1.5"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_DOT}" fill="var(--tick)"/></svg>'
    )


@lru_cache(maxsize=64)
def _drawn(chart: BarChart) -> str:
    import vl_convert  # noqa: PLC0415  a second to load, and only needed where charts are drawn

    svg = vl_convert.vegalite_to_svg(json.dumps(_specification(chart)))
    return _settled(str(svg))


def _specification(chart: BarChart) -> dict[str, Any]:
    import altair as alt  # noqa: PLC0415

    rows = [
        {"label": bar.label, "value": bar.value, "text": bar.text, "compared": bar.compared}
        for bar in chart.bars
    ]
    labels = alt.Axis(
        title=None, domain=False, ticks=False, labelLimit=0, labelOverlap=False, labelPadding=8
    )
    most = max((max(bar.value, bar.compared or 0) for bar in chart.bars), default=0)
    length = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, most or 1], nice=False))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("label:N", sort=None, axis=labels))
    bars = base.mark_bar(color=_BAR, height=11).encode(x=length)
    ticks = (
        base.transform_filter("datum.compared !== null")
        .mark_tick(color=_TICK, thickness=2, height=17)
        .encode(x=alt.X("compared:Q"))
    )
    numbers = (
        base.transform_calculate(end="max(datum.value, datum.compared || 0)")
        .mark_text(color=_INK, align="left", dx=6, font=_FONT, fontSize=_FONT_SIZE)
        .encode(x=alt.X("end:Q"), text="text:N")
    )
    # A fixed frame: measuring texts would make the drawing depend on the fonts of the machine.
    layers = alt.layer(bars, ticks, numbers).properties(
        width=_WIDTH,
        height=_BAR_STEP * len(rows),
        autosize=alt.AutoSizeParams(type="none"),
        padding={"left": _LABELS, "right": _NUMBERS, "top": 0, "bottom": 0},
    )
    config = (
        layers.configure(background="transparent")
        .configure_view(stroke=None)
        .configure_axis(labelFont=_FONT, labelFontSize=_FONT_SIZE, labelColor=_INK)
    )
    return dict(config.to_dict(validate=False))


def _settled(svg: str) -> str:
    """Without what differs from one drawing to the next, and without what speaks to no reader."""
    svg = re.sub(r'\s(id|clip-path|aria-[a-z]+|role|pointer-events|xmlns:xlink)="[^"]*"', "", svg)
    svg = re.sub(r"<(path|rect)[^>]*fill=\"(white|none|transparent)\"[^>]*(/>|></\1>)", "", svg)
    svg = re.sub(r"\d+\.\d{3,}", lambda found: f"{float(found[0]):.2f}", svg)
    for stand_in, name in _COLOURS.items():
        svg = svg.replace(stand_in, name)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
