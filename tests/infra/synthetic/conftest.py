"""One delivery of the whole story, read by all the tests of the simulator."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from infra.catalogue import Catalogue
from infra.synthetic import Delivered, deliver
from infra.synthetic.scenario import STORY_DAY
from transforms.feeds import FEED_BY_NAME

CATALOGUE = Catalogue.read()
IN_BULK = ("card_transactions", "crypto_transfers", "fiat_transfers", "p2p_orders")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one call put down."""

    outside: Path
    truth: Path
    summary: Delivered

    def files(self, feed: str) -> list[Path]:
        """Each file that counts: the last of its institution and day, copies left out."""
        by_day: dict[str, Path] = {}
        for path in sorted(self.outside.glob(f"*/{feed}/{feed}_*"), key=lambda p: p.name):
            if path.name.endswith(".control.json") or "_copy." in path.name:
                continue
            by_day[path.name.split(".")[0].removesuffix("_r2")] = path
        return list(by_day.values())

    def rows(self, feed: str) -> pl.DataFrame:
        """All rows as text, with `file`, `line`, `institution` and `business_date`."""
        return _all_rows(self, feed)

    def good_rows(self, feed: str) -> pl.DataFrame:
        """All rows but those that the truth calls bad."""
        bad = pl.read_parquet(self.truth / "bad_rows.parquet")
        return self.rows(feed).join(bad, on=["file", "line"], how="anti")


@cache
def _all_rows(delivery: Delivery, feed: str) -> pl.DataFrame:
    return pl.concat([_rows(path, feed) for path in delivery.files(feed)])


def _rows(path: Path, feed: str) -> pl.DataFrame:
    columns = FEED_BY_NAME[feed].wire_columns
    schema = dict.fromkeys(columns, pl.String)
    if ".csv" in path.name:
        frame = pl.read_csv(path, separator=";", infer_schema=False)
    else:
        packed = path.read_bytes()
        text = gzip.decompress(packed) if path.suffix == ".gz" else packed
        frame = pl.read_ndjson(text, schema=schema) if text else pl.DataFrame(schema=schema)
    _, institution, day = path.name.split(".")[0].removesuffix("_r2").rsplit("_", 2)
    return frame.with_columns(
        file=pl.lit(path.name),
        line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
        institution=pl.lit(institution),
        business_date=pl.lit(date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}")),
    )


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    """All that was handed over by the night after the story's day."""
    home = tmp_path_factory.mktemp("story")
    outside, truth = home / "outside", home / "truth"
    return Delivery(outside, truth, deliver(STORY_DAY, outside, truth, CATALOGUE))


@pytest.fixture
def some_feeds() -> Callable[..., Catalogue]:
    """A catalogue of only the feeds that are named."""

    def only(*feeds: str) -> Catalogue:
        return Catalogue(tuple(s for s in CATALOGUE.sources if s.feed in feeds))

    return only
