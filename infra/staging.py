"""Delivered files → staged rows: typed, every row, with its file and line; nothing judged."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.catalogue import Catalogue, Source
from infra.lake import Lake
from infra.object_store import ObjectStore
from infra.wire import File, wire_rows
from transforms.deliveries import (
    counting_deliveries,
    deliveries_table,
    screened_table,
    undone_dates,
)
from transforms.feeds.feed import Feed


class Staging:
    """Reads the files that count into the lake, for the business dates that need it."""

    def __init__(
        self,
        lake: Lake,
        deliveries: ObjectStore,
        catalogue: Catalogue,
        storage_options: Mapping[str, str],
    ) -> None:
        self._lake = lake
        self._deliveries = deliveries
        self._catalogue = catalogue
        self._storage_options = storage_options
        self._root = f"s3://{deliveries.bucket}/"

    def undone(self, feed: Feed, until: date) -> list[date]:
        """Business dates up to `until` whose accepted rows are not those of the files that count.

        Read off the lake itself, so a night that broke off anywhere is taken up again.
        """
        dates = undone_dates(
            self._lake.read(deliveries_table(feed), until=until),
            self._lake.read(screened_table(feed), until=until),
        )
        return dates.collect()["business_date"].to_list()

    def counting(self, feed: Feed, dates: Sequence[date]) -> pl.LazyFrame:
        """Receipts of the files that count on those dates."""
        table = deliveries_table(feed)
        return counting_deliveries(self._lake.read(table, partitions={"business_date": dates}))

    def stage(self, feed: Feed, dates: Sequence[date]) -> int:
        """Replace those dates of the staged table by what the files that count say.

        Returns:
            The version of the staged table.
        """
        receipts = self.counting(feed, dates).collect()
        by_terms: dict[Source, list[File]] = {}
        for row in receipts.iter_rows(named=True):
            by_terms.setdefault(self._terms(feed, row["institution"]), []).append(self._file(row))
        with TemporaryDirectory(prefix="aqsha-") as folder:
            rows = pl.concat(
                self._staged(feed, terms, files, Path(folder) / str(n))
                for n, (terms, files) in enumerate(by_terms.items())
            )
            return self._lake.replace(feed.staged_table, rows, partitions={"business_date": dates})

    def _staged(
        self, feed: Feed, terms: Source, files: Sequence[File], folder: Path
    ) -> pl.LazyFrame:
        folder.mkdir()
        rows = wire_rows(
            files,
            feed,
            terms,
            storage_options=self._storage_options,
            bring=lambda url, path: self._deliveries.get_file(url.removeprefix(self._root), path),
            folder=folder,
        )
        return feed.staged(rows)

    def _terms(self, feed: Feed, institution: str) -> Source:
        terms = self._catalogue.terms(feed.name, institution)
        if terms is None:
            raise LookupError(
                f"{feed.name}: {institution} has delivered but is no longer in the catalogue "
                f"of sources. Put its entry back, with the format of its files."
            )
        return terms

    def _file(self, receipt: dict[str, object]) -> File:
        return File(
            url=f"{self._root}{receipt['address']}",
            institution=str(receipt["institution"]),
            business_date=receipt["business_date"],  # type: ignore[arg-type]
            delivery=str(receipt["delivery"]),
            rows=int(receipt["rows"]),  # type: ignore[call-overload]
            name=str(receipt["file_name"]),
        )
