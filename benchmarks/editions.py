"""Editions in all formats and languages: of the country for a day, of all areas for a month.

Each side is a process of its own, its start counted; the figures are those of the tests' story.
PDFs are of different revisions, as Typst remembers what it has set before.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.measured_rows import Row
from benchmarks.processes import Measured, measured
from templates.found import nothing_found
from templates.html import html
from templates.pdf import pdf
from templates.render import Inputs
from templates.reports import DAILY, REPORT_BY_ID
from templates.wording import LANGUAGES
from tests.templates.story import NIGHT, completeness, composed, indicators, rendered, rules
from transforms.periods import PeriodKind
from transforms.regions import COUNTRY, REGION_CODES

PDFS = 10
MOST_S = {"country": 10, "month": 120, "pdfs": 10}
MOST_TIMES = {"country": 3, "month": 15}  # of the pages alone; of the country's edition alone


def rows() -> list[Row]:
    """Pages alone, then all formats; one edition, then all; then ten PDFs."""
    with tempfile.TemporaryDirectory() as name:
        found = {side: _measured(side, Path(name)) for side in _SIDES}
    return [
        Row("daily edition of the country: pages in 3 languages", found["pages"]),
        Row(
            "the same in all formats",
            found["country"],
            most_s=MOST_S["country"],
            most_times=MOST_TIMES["country"],
            of=found["pages"],
        ),
        Row(
            "a month: country and 20 regions, 3 languages, all formats",
            found["month"],
            most_s=MOST_S["month"],
            most_times=MOST_TIMES["month"],
            of=found["country"],
        ),
        Row(f"{PDFS} PDFs of the country", found["pdfs"], most_s=MOST_S["pdfs"]),
    ]


def _measured(side: str, folder: Path) -> Measured:
    command = [sys.executable, "-m", "benchmarks.editions", side]
    return measured(command, {}, folder / "log")


def _pages() -> None:
    for language in LANGUAGES:
        html(composed(DAILY, language))


def _country() -> None:
    rendered(DAILY)


def _month() -> None:
    report = REPORT_BY_ID["monthly"]
    values = indicators(NIGHT, (PeriodKind.MONTH, PeriodKind.YEAR_TO_DATE))
    inputs = Inputs(values, completeness(), rules(), nothing_found())
    for area in (COUNTRY, *REGION_CODES):
        rendered(report, area=area, indicators=inputs.of(area).indicators)


def _pdfs() -> None:
    """Composed once: what is measured is the page set, and its first one brings the fonts in."""
    edition = composed(DAILY, "ru")
    for revision in range(1, PDFS + 1):
        pdf(replace(edition, revision=str(revision)))


_SIDES: Mapping[str, Callable[[], None]] = {
    "pages": _pages,
    "country": _country,
    "month": _month,
    "pdfs": _pdfs,
}

if __name__ == "__main__":
    _SIDES[sys.argv[1]]()
