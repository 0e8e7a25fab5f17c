"""A bar chart: one indicator by region, beside the period it is compared with last."""

from templates.comparing import period_text
from templates.material import Material
from templates.measures import scale
from templates.model import Bar, BarChart
from templates.places import places, region_name
from templates.sections.number_tables import chart_table
from transforms.regions import UNKNOWN_REGION


def bar_chart(material: Material, name: str) -> BarChart:
    """The longest bar first; the description keeps the order of the alphabet."""
    at, before = material.at(name), material.compared[-1].period
    figures, words = material.figures, material.words
    regions = [(place.short, at._replace(region=place.code)) for place in places(words)]
    regions.append((region_name(UNKNOWN_REGION, words), at._replace(region=UNKNOWN_REGION)))
    values = [figures.value(region) or 0 for _, region in regions]
    others = [figures.value(region._replace(period=before)) for _, region in regions]
    in_units = scale(figures.indicator(name).unit, values, words)
    bars = [
        Bar(
            label=label,
            value=float(in_units.scaled(value)),
            text=in_units.text(value, words),
            compared=None if other is None else float(in_units.scaled(other)),
        )
        for (label, _), value, other in zip(regions, values, others, strict=True)
    ]
    return BarChart(
        id=f"chart-{material.notes[name]}",
        title=figures.name(name),
        note=material.notes[name],
        unit=in_units.unit,
        description=words.say(
            "Bars by region, %(unit)s: %(regions)s.",
            unit=in_units.unit,
            regions="; ".join(f"{bar.label} — {bar.text}" for bar in bars),
        ),
        this_title=period_text(material.period, words),
        compared_title=period_text(before, words),
        numbers=chart_table(material, name),
        bars=tuple(sorted(bars, key=lambda bar: -bar.value)),
    )
