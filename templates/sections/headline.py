"""A headline: one figure of the first page, its parts, its changes, what it still lacks."""

from templates.material import Material
from templates.model import Headline, Part
from templates.sections.curve import curve
from templates.sections.reasons import reasons


def headline(material: Material, name: str) -> Headline:
    """One indicator as a headline.

    Raises:
        FiguresDisagree: it is not the sum of its parts.
    """
    at = material.at(name)
    figures, say = material.figures, material.words.say
    figure = figures.figure(at, material.told(at))
    parts = [Part(figures.name(part.indicator), figures.figure(part)) for part in figures.parts(at)]
    return Headline(
        name=figures.name(name),
        note=material.notes[name],
        figure=figure,
        status=say("provisional") if figures.is_provisional(at) else say("final"),
        changes=tuple(compared.change(figures, at) for compared in material.compared),
        parts=tuple(parts) if figure else (),
        beside_title=material.beside_title,
        beside=material.beside_figure(at),
        gap=material.gap(name),
        curve=curve(material, name),
        meaning=getattr(figures.indicator(name).definition, material.words.language),
        reasons=tuple(reasons(material, name)),
    )
