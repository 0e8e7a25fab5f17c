"""One report of one night in all its languages, and its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import polars as pl

from templates.data import figures_csv, figures_json, figures_parquet, told_csv, told_parquet
from templates.datapackage import NAME as DATAPACKAGE
from templates.datapackage import datapackage
from templates.edition import edition
from templates.found import Found
from templates.html import html
from templates.model import Edition
from templates.pdf import pdf
from templates.reports import Report
from templates.sections.rules import RulesMeasured
from templates.xlsx import xlsx
from transforms.deliveries import COMPLETENESS
from transforms.indicators import Indicator
from transforms.regions import COUNTRY


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the editions of one report and night are made from, as `edition` describes each."""

    indicators: pl.DataFrame
    completeness: pl.DataFrame
    rules: RulesMeasured
    found: Found

    def of(self, area: str) -> "Inputs":
        """What an area's edition needs: all of its own figures, the totals of all others."""
        found = self.found.of(area)
        if area == COUNTRY:
            return replace(self, found=found)
        is_needed = (pl.col("region_code") == area) | (pl.col("dimension") == "")
        return replace(self, indicators=self.indicators.filter(is_needed), found=found)

    @property
    def fingerprint(self) -> str:
        return data_fingerprint(
            self.indicators, self.completeness, self.rules.measured, *self.found.frames
        )


_FORMATS = {"html": html, "pdf": pdf, "xlsx": xlsx}
_DATA = {
    "figures.csv": figures_csv,
    "figures.json": figures_json,
    "figures.parquet": figures_parquet,
    "told.csv": told_csv,
    "told.parquet": told_parquet,
}


def render(
    report: Report,
    *,
    area: str,
    business_date: date,
    revision: int,
    release: str,
    indicators: pl.DataFrame,
    completeness: pl.DataFrame,
    checks: str,
    rules: RulesMeasured,
    found: Found,
    catalogue: Sequence[Indicator],
    fingerprint: str | None = None,
) -> dict[str, bytes]:
    """The files of an edition by name: a page, a PDF and a workbook for each language, the data.

    Args as of `edition`; without a `fingerprint` it is that of all that is given.
    """
    stamp = fingerprint or data_fingerprint(indicators, completeness, rules.measured, *found.frames)
    editions = {
        language: edition(
            report,
            area=area,
            business_date=business_date,
            revision=revision,
            release=release,
            language=language,
            indicators=indicators,
            completeness=completeness,
            checks=checks,
            rules=rules,
            found=found,
            catalogue=catalogue,
            fingerprint=stamp,
        )
        for language in report.languages
    }
    return files(editions, catalogue)


def files(editions: Mapping[str, Edition], catalogue: Sequence[Indicator]) -> dict[str, bytes]:
    """All formats of one edition, given in each language. Equal editions give equal bytes."""
    pages = {
        f"{language}.{form}": written(made)
        for language, made in editions.items()
        for form, written in _FORMATS.items()
    }
    first = next(iter(editions.values()))
    data = {name: written(first) for name, written in _DATA.items()}
    described = datapackage(editions, pages | data, catalogue)
    return pages | data | {DATAPACKAGE: described}


def data_fingerprint(
    indicators: pl.DataFrame, completeness: pl.DataFrame, *others: pl.DataFrame
) -> str:
    """Digest of what the edition is made from; the order of rows and versions do not matter."""
    states = completeness.select(c for c in COMPLETENESS.schema if c in completeness.columns)
    figures = indicators.drop("sources")
    texts = [_text(frame) for frame in (figures, states, *others)]
    return sha256("".join(texts).encode()).hexdigest()


def _text(frame: pl.DataFrame) -> str:
    lists = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    words = [pl.col(name).cast(pl.List(pl.String)) for name in lists]
    flat = frame.with_columns(word.list.join(" ") for word in words)
    return flat.sort(flat.columns).write_csv()
