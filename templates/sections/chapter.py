"""A chapter: figures that belong together, against the periods they are compared with."""

from templates.material import Material
from templates.model import ComparedRow, ComparedTable
from templates.reports import Chapter


def chapter_table(material: Material, chapter: Chapter) -> ComparedTable:
    """One row for each indicator of the chapter, its parts set off."""
    figures, say = material.figures, material.words.say
    parts = {part for name in chapter.indicators for part in figures.indicator(name).parts}
    beside_title = material.beside_title
    return ComparedTable(
        id=f"chapter-{material.notes[chapter.indicators[0]]}",
        title=say(chapter.title),
        columns=(
            say("Indicator"),
            say("In the period"),
            *(compared.heading for compared in material.compared),
            *([beside_title] if beside_title else []),
        ),
        beside_title=beside_title,
        rows=tuple(
            ComparedRow(
                name=figures.name(name),
                note=material.notes[name],
                is_part=name in parts,
                figure=figures.figure(at),
                changes=tuple(compared.change(figures, at) for compared in material.compared),
                beside=material.beside_figure(at),
            )
            for name in chapter.indicators
            for at in [material.at(name)]
        ),
    )
