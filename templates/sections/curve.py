"""The curve of a headline: the same figure in the periods before, and in this one."""

from templates.comparing import period_text
from templates.figures import Address
from templates.material import Material
from templates.model import Curve
from transforms.indicators import periods_before
from transforms.periods import Period

_LEAST_POINTS = 4


def curve(material: Material, name: str) -> Curve | None:
    """The curve; none where fewer than four periods are known."""
    figures, words = material.figures, material.words
    at = material.at(name)
    points = tuple(figures.value(at._replace(period=period)) for period in told_periods(material))
    if sum(point is not None for point in points) < _LEAST_POINTS:
        return None
    said = [
        material.told(at._replace(period=period))
        for period, point in zip(told_periods(material), points, strict=True)
        if point is not None
    ]
    return Curve(
        points,
        words.say(
            "%(name)s, period by period since %(first)s: %(values)s.",
            name=figures.name(name),
            first=period_text(_first(material, at), words),
            values="; ".join(said),
        ),
    )


def told_periods(material: Material) -> list[Period]:
    """This period and those before it that anything is known of, the oldest first."""
    periods = [*reversed(periods_before(material.period)), material.period]
    known = [
        p for p in periods if any(_is_known(material, n, p) for n in material.report.headlines)
    ]
    return known or [material.period]


def _is_known(material: Material, name: str, period: Period) -> bool:
    return material.figures.value(material.at(name)._replace(period=period)) is not None


def _first(material: Material, at: Address) -> Period:
    return next(
        p
        for p in told_periods(material)
        if material.figures.value(at._replace(period=p)) is not None
    )
