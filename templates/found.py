"""What a night found beside the figures: earlier ones restated, anomalies, what carries them."""

from dataclasses import dataclass, replace

import polars as pl

from transforms.indicators.anomalies import ANOMALIES
from transforms.indicators.largest import LARGEST
from transforms.indicators.restatement import INDICATOR_REVISIONS
from transforms.regions import COUNTRY
from transforms.seizures.largest import LARGEST_SEIZURES
from transforms.seizures.units import COUNTED_DRUGS


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that an edition tells of: of `INDICATOR_REVISIONS`, `ANOMALIES`, `LARGEST`,
    `LARGEST_SEIZURES` and `COUNTED_DRUGS`."""

    revisions: pl.DataFrame
    anomalies: pl.DataFrame
    largest: pl.DataFrame
    seizures: pl.DataFrame
    counted: pl.DataFrame

    def of(self, area: str) -> "Found":
        """Those of an area; the country tells of anomalies in all regions."""
        is_here = pl.col("region_code") == area
        return replace(
            self,
            revisions=self.revisions.filter(is_here, pl.col("dimension") == ""),
            anomalies=self.anomalies.filter(is_here | (area == COUNTRY)),
            largest=self.largest.filter(is_here),
            seizures=self.seizures.filter(is_here),
            counted=self.counted.filter(is_here),
        )

    @property
    def frames(self) -> tuple[pl.DataFrame, ...]:
        return self.revisions, self.anomalies, self.largest, self.seizures, self.counted


def nothing_found() -> Found:
    """No rows of any of them."""
    tables = (INDICATOR_REVISIONS, ANOMALIES, LARGEST, LARGEST_SEIZURES, COUNTED_DRUGS)
    return Found(*(pl.DataFrame(schema=table.schema) for table in tables))
