"""One report of one night in all its languages, and its data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import polars as pl

from templates.data import figures_json, figures_parquet
from templates.edition import edition
from templates.html import html
from templates.reports import Report
from templates.sections.rules import RulesMeasured
from transforms.deliveries import COMPLETENESS
from transforms.indicators import Indicator
from transforms.regions import COUNTRY


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the editions of one report and night are made from, as `edition` describes each."""

    indicators: pl.DataFrame
    completeness: pl.DataFrame
    rules: RulesMeasured

    def of(self, area: str) -> "Inputs":
        """What an area's edition needs: all of its own figures, the totals of all others."""
        if area == COUNTRY:
            return self
        is_needed = (pl.col("region_code") == area) | (pl.col("dimension") == "")
        return replace(self, indicators=self.indicators.filter(is_needed))

    @property
    def fingerprint(self) -> str:
        return data_fingerprint(self.indicators, self.completeness, self.rules.measured)


def render(
    report: Report,
    *,
    area: str,
    business_date: date,
    revision: int,
    indicators: pl.DataFrame,
    completeness: pl.DataFrame,
    checks: str,
    rules: RulesMeasured,
    catalogue: Sequence[Indicator],
    fingerprint: str | None = None,
) -> dict[str, bytes]:
    """The files of an edition by name: a page for each language, figures.json, figures.parquet.

    Args as of `edition`; without a `fingerprint` it is that of the figures, of the completeness
    and of the evaluation given.
    """
    parquet = figures_parquet(indicators)
    stamp = fingerprint or data_fingerprint(indicators, completeness, rules.measured)
    editions = {
        language: edition(
            report,
            area=area,
            business_date=business_date,
            revision=revision,
            language=language,
            indicators=indicators,
            completeness=completeness,
            checks=checks,
            rules=rules,
            catalogue=catalogue,
            fingerprint=stamp,
        )
        for language in report.languages
    }
    pages = {f"{language}.html": html(page) for language, page in editions.items()}
    first = editions[report.languages[0]]
    return {**pages, "figures.json": figures_json(first), "figures.parquet": parquet}


def data_fingerprint(
    indicators: pl.DataFrame, completeness: pl.DataFrame, evaluation: pl.DataFrame
) -> str:
    """Digest of what the edition is made from; the order of rows and versions do not matter."""
    states = completeness.select(c for c in COMPLETENESS.schema if c in completeness.columns)
    figures = indicators.drop("sources")
    texts = [frame.sort(frame.columns).write_csv() for frame in (figures, states, evaluation)]
    return sha256("".join(texts).encode()).hexdigest()
