"""Delivered files → staged rows: typed, every row, with its file and line; nothing judged."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from infra.catalogue import Catalogue, Source
from infra.crew import turns
from infra.lake import Lake
from infra.object_store import ObjectStore
from infra.wire import File, wire_rows
from transforms.corrections import corrections_table, last_corrections, with_corrections
from transforms.deliveries import (
    counting_deliveries,
    deliveries_table,
    screened_table,
    undone_dates,
    with_corrections_counted,
)
from transforms.feeds.feed import Feed

_MOST_ROWS_AT_ONCE = 400_000  # a run that breaks off does so many again


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

        So are those about whose rows somebody has decided since they were screened. Read off
        the lake itself, so a night that broke off anywhere is taken up again.
        """
        dates = undone_dates(
            self._lake.read(deliveries_table(feed), until=until),
            self._lake.read(screened_table(feed), until=until),
            self._lake.read(corrections_table(feed), until=until),
        )
        return dates.collect()["business_date"].to_list()

    def kept(self, feed: Feed, since: date, until: date) -> list[date]:
        """Business dates of which a file that counts was kept, oldest first."""
        received = self._lake.read(deliveries_table(feed), since=since, until=until)
        dates = counting_deliveries(received).select("business_date").unique().sort("business_date")
        return dates.collect()["business_date"].to_list()

    def counts(self, feed: Feed, dates: Sequence[date]) -> tuple[int, int]:
        """How many files count on those dates, and how many rows they have."""
        if not dates:
            return 0, 0
        rows = self.counting(feed, dates).collect()["rows"]
        return len(rows), int(rows.sum())

    def corrections_version(self, feed: Feed) -> int | None:
        """The latest version of what was decided about rows; null when nothing ever was.

        What is applied and what is noted as applied are the same version, whatever somebody
        decides in the meantime.
        """
        return self._lake.version(corrections_table(feed))

    def counting(
        self, feed: Feed, dates: Sequence[date], *, corrections: int | None = None
    ) -> pl.LazyFrame:
        """Receipts of the files that count on those dates, with their corrections counted."""
        received = self._lake.read(deliveries_table(feed), partitions={"business_date": dates})
        made = self._corrections(feed, dates, corrections)
        return counting_deliveries(received).pipe(with_corrections_counted, made)

    def parts(self, feed: Feed, dates: Sequence[date]) -> list[list[date]]:
        """The dates in order, parted so that few rows are written at once; a big one is alone."""
        if not dates:
            return []
        counts = self.counting(feed, dates).group_by("business_date").agg(pl.col("rows").sum())
        parts: list[list[date]] = []
        rows_of_part = 0
        for day, rows in counts.sort("business_date").collect().iter_rows():
            rows_of_part += rows
            if not parts or rows_of_part > _MOST_ROWS_AT_ONCE:
                parts.append([])
                rows_of_part = rows
            parts[-1].append(day)
        return parts

    def stage(self, feed: Feed, dates: Sequence[date], *, corrections: int | None = None) -> int:
        """Replace those dates of the staged table by what the files that count say, in one commit.

        Args:
            feed: what the files are of.
            dates: business dates.
            corrections: what `corrections_version` gave; later decisions are left to the next
                time, and without it all are.

        Returns:
            The version of the staged table.
        """
        receipts = self.counting(feed, dates).collect()
        made = self._corrections(feed, dates, corrections).pipe(last_corrections).collect()
        files = turns([*receipts.iter_rows(named=True)], rows=int(receipts["rows"].sum()))
        said = [partial(self._said, feed, some, made) for some in files]
        return self._lake.replace(feed.staged_table, said, partitions={"business_date": dates})

    def _said(
        self,
        feed: Feed,
        receipts: Sequence[dict[str, object]],
        made: pl.DataFrame,
        folder: Path,
    ) -> pl.LazyFrame:
        """Staged rows of some files, which are put into a folder where they cannot be scanned."""
        by_terms: dict[Source, list[File]] = {}
        for row in receipts:
            terms = self._terms(feed, str(row["institution"]))
            by_terms.setdefault(terms, []).append(self._file(row))
        every = (
            self._told(feed, terms, files, folder / str(n))
            for n, (terms, files) in enumerate(by_terms.items())
        )
        return pl.concat(feed.staged(_corrected(rows, made)) for rows in every)

    def to_screen(self, feed: Feed, dates: Sequence[date]) -> list[date]:
        """Of dates that were staged, those whose rows nobody has screened since.

        A run that was killed after it had screened them has taken the staged rows away, unless
        it was killed before that: then they are screened again, which changes nothing.
        """
        if not dates:
            return []
        waiting = {*self.waiting(feed), *self.undone(feed, max(dates))}
        return [day for day in dates if day in waiting]

    def screened(self, feed: Feed, dates: Sequence[date]) -> tuple[int, int, int]:
        """How many rows were delivered for these dates, accepted, and set aside."""
        if not dates:
            return 0, 0, 0
        judged = self._lake.read(screened_table(feed), partitions={"business_date": dates})
        counts = judged.select("rows_delivered", "rows_accepted", "rows_quarantined").sum()
        delivered, accepted, aside = counts.collect().row(0)
        return delivered, accepted, aside

    def waiting(self, feed: Feed) -> dict[date, datetime]:
        """Business dates of which staged rows lie in the lake, and since when; oldest first."""
        return self._lake.last_written(feed.staged_table)

    def forget(self, feed: Feed, dates: Sequence[date]) -> int:
        """Take the staged rows of dates away that were screened; gives the bytes freed."""
        if not dates:
            return 0
        return self._lake.forget(feed.staged_table, partitions={"business_date": dates})

    def as_delivered(
        self, feed: Feed, receipt: dict[str, object], lines: pl.Series
    ) -> pl.DataFrame:
        """Rows of one file that counts as its text says, in order of `line`; nothing corrected.

        Args:
            feed: what the file is of.
            receipt: its row of `deliveries_table`.
            lines: which rows.
        """
        terms = self._terms(feed, str(receipt["institution"]))
        with TemporaryDirectory(prefix="aqsha-") as folder:
            rows = self._told(feed, terms, [self._file(receipt)], Path(folder) / "0")
            wanted = rows.filter(pl.col("line").is_in(lines.implode())).sort("line")
            return wanted.collect(engine="streaming")

    def _corrections(self, feed: Feed, dates: Sequence[date], version: int | None) -> pl.LazyFrame:
        table = corrections_table(feed)
        if version is None:
            return pl.LazyFrame(schema=table.schema)
        return self._lake.read(table, partitions={"business_date": dates}, version=version)

    def _told(self, feed: Feed, terms: Source, files: Sequence[File], folder: Path) -> pl.LazyFrame:
        folder.mkdir()
        return wire_rows(
            files,
            feed,
            terms,
            storage_options=self._storage_options,
            bring=lambda url, path: self._deliveries.get_file(url.removeprefix(self._root), path),
            folder=folder,
        )

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


def _corrected(rows: pl.LazyFrame, made: pl.DataFrame) -> pl.LazyFrame:
    return rows if made.is_empty() else with_corrections(rows, made.lazy())
