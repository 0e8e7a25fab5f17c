"""What a night found beside the figures: earlier ones restated, anomalies, largest cases."""

from dataclasses import dataclass, replace

import polars as pl

from transforms.indicators.anomalies import ANOMALIES
from transforms.indicators.largest import LARGEST
from transforms.indicators.restatement import INDICATOR_REVISIONS
from transforms.regions import COUNTRY


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of `INDICATOR_REVISIONS`, `ANOMALIES` and `LARGEST` that an edition tells of."""

    revisions: pl.DataFrame
    anomalies: pl.DataFrame
    largest: pl.DataFrame

    def of(self, area: str) -> "Found":
        """Those of an area; the country tells of anomalies in all regions."""
        is_here = pl.col("region_code") == area
        return replace(
            self,
            revisions=self.revisions.filter(is_here, pl.col("dimension") == ""),
            anomalies=self.anomalies.filter(is_here | (area == COUNTRY)),
            largest=self.largest.filter(is_here),
        )

    @property
    def frames(self) -> tuple[pl.DataFrame, ...]:
        return self.revisions, self.anomalies, self.largest


def nothing_found() -> Found:
    """No rows of any of them."""
    return Found(
        *(pl.DataFrame(schema=t.schema) for t in (INDICATOR_REVISIONS, ANOMALIES, LARGEST))
    )
