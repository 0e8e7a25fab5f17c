"""Tables on the object store: Delta Lake, with the contract checked both ways."""

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any
from urllib.parse import unquote

import polars as pl
from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError
from polars.exceptions import PolarsError
from pyarrow import RecordBatchReader

from infra.lineage import Lineage, note_read
from infra.object_store import Connection, StoreFailed, may_pass
from transforms.contracts import Table

Partitions = Mapping[str, Sequence[date | str]]

_ATTEMPTS = 12
_FOR_GOOD = "interval 36500 days"
_CONFIGURATION = {
    "delta.checkpointInterval": "20",
    # An edition names the versions that it read, and is recomputed from them years later.
    "delta.logRetentionDuration": _FOR_GOOD,
    "delta.deletedFileRetentionDuration": _FOR_GOOD,
}
_ROWS_OF_A_GROUP = 65_536  # what a reader decodes at once, and a writer keeps of each partition
_CELLS_OF_A_GROUP = 1 << 22  # of a wide table fewer rows
_BYTES_OF_A_DICTIONARY = 4 << 20  # beyond it values are written out: accounts of a group are more
# Rows of a file are counted: each differs from the one before by one, which takes next to nothing.
_COUNTED = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")
_ONLY_GROWS = {"delta.appendOnly": "true"}  # held by every writer of Delta Lake, not only by us
# Delta's own sentence shows the rows; ours must not.
_OUTSIDE = "failed validation check"


class PartitionError(ValueError):
    """Partitions are named that the table does not have, or rows lie outside those named."""


class LakeBusy(RuntimeError):
    """Others kept writing the same partitions."""


class RowsPromised(ValueError):
    """Rows are to be taken away for good whose versions somebody may still ask for."""


class NoSuchVersion(LookupError):
    """A table has no such version."""


class Lake:
    """The Delta tables of one bucket; `facts.card_arrests` lies under `facts/card_arrests`."""

    def __init__(self, connection: Connection, bucket: str, lineage: Lineage | None = None) -> None:
        self._bucket = bucket
        self._options = connection.storage_options()
        self._log = connection.bucket(bucket)
        self._kept: dict[str, DeltaTable] = {}
        self._lineage = lineage or Lineage(None, bucket)

    def replace(
        self,
        table: Table,
        rows: pl.LazyFrame,
        *,
        partitions: Partitions,
        in_order: bool = False,
    ) -> int:
        """Put `rows` in place of all that these partitions hold, in one commit.

        No rows clear the partitions. A column of the partitioning that is not named is
        replaced over all its values; `{}` is for tables that have no partitions, and replaces
        the whole. Who commits to the same partitions later wins.

        Args:
            table: whose contract the rows meet.
            rows: what it holds from now on.
            partitions: what is replaced.
            in_order: keep the order of the rows, in runs of some 50,000 that the writer may
                exchange. Otherwise a sort before is left out as idle.

        Returns:
            The table's version that this commit made.

        Raises:
            ContractError: `rows`, or the table as it lies there, differ from the contract.
            PartitionError: a row lies outside `partitions`; nothing was written.
            LakeBusy: rivals came first each time; nothing was written.
            StoreFailed: the object store did not take it; readers see the former version.
        """
        predicate = _predicate(table, partitions)
        if table.is_append_only:
            raise PartitionError(
                f"{table.name} only grows: its rows are never replaced, and nothing was written. "
                f"Append what is new."
            )
        checked = rows.pipe(table.require)
        return self._committed(
            table,
            lambda: self._replaced(table, checked, predicate, in_order=in_order),
            _worded(partitions),
        )

    def replace_in_parts(
        self,
        table: Table,
        rows: pl.LazyFrame,
        parts: Sequence[Partitions],
        *,
        in_order: bool = False,
    ) -> None:
        """`replace`, a commit for each part: a writer keeps a buffer for each partition it writes.

        Args:
            table: as there.
            rows: those of all parts.
            parts: what is replaced in one commit each.
            in_order: as there.

        Raises:
            As `replace` does; the parts before are committed then.
        """
        for part in parts:
            is_of_it = [pl.col(name).is_in(list(values)) for name, values in (part or {}).items()]
            self.replace(table, rows.filter(*is_of_it), partitions=part, in_order=in_order)

    def forget(self, table: Table, *, partitions: Partitions) -> int:
        """Take away what these partitions of a passing table hold, and its files at once.

        Whoever calls this sees to it that nobody writes or reads these partitions meanwhile. One
        that is killed in the middle leaves files that no version names any more.

        Returns:
            How many bytes were freed.

        Raises:
            RowsPromised: the table is kept: its rows are replaced, and versions stay readable.
            PartitionError: as `replace`.
        """
        if not table.is_passing:
            raise RowsPromised(
                f"{table.name} is kept for good, so nothing was taken away. Replace its rows."
            )
        if self._latest(table) is None:
            return 0
        self.replace(table, pl.LazyFrame(schema=table.schema), partitions=partitions)
        folders = {
            f"{_path(table)}/{column}={value}/"
            for column, values in partitions.items()
            for value in values
        }
        old = [
            found
            for found in self._log.listed(f"{_path(table)}/")
            if f"{found.key.rpartition('/')[0]}/" in folders
        ]
        for found in old:
            self._log.delete(found.key)
        return sum(found.bytes for found in old)

    def replace_all(self, table: Table, rows: pl.LazyFrame) -> int:
        """Put `rows` in place of the whole table, in one commit, divided as its contract says.

        Also where it lies there divided otherwise, as earlier code left it.

        Returns:
            The table's version that this commit made.

        Raises:
            As `replace` does.
        """
        checked = rows.pipe(table.require)
        return self._committed(table, lambda: self._replaced(table, checked, None), table.name)

    def append(self, table: Table, rows: pl.LazyFrame) -> int:
        """Add `rows` to a table that only grows, in one commit.

        Returns:
            The table's version that this commit made.

        Raises:
            ContractError: `rows`, or the table as it lies there, differ from the contract.
            PartitionError: the table's partitions are replaced, so that an addition could be lost.
            LakeBusy: rivals came first each time; nothing was written.
        """
        if not table.is_append_only:
            raise PartitionError(
                f"{table.name} is replaced partition by partition: what is added to it would be "
                f"lost, so nothing was written. Replace its partitions."
            )
        checked = rows.pipe(table.require)
        return self._committed(table, lambda: self._appended(table, checked), table.name)

    def read(
        self,
        table: Table,
        *,
        partitions: Partitions | None = None,
        since: date | None = None,
        until: date | None = None,
        version: int | None = None,
    ) -> pl.LazyFrame:
        """Rows of one version, by default the latest, in no particular order.

        A table that was never written has no rows; a column that the contract gained since is null.

        Args:
            table: whose contract the rows must meet.
            partitions: only these values of these columns.
            since: first day of the first partition column that is a date.
            until: its last day.
            version: as `replace` or `version` gave it.

        Raises:
            ContractError: the table as it lies there differs from the contract.
            NoSuchVersion: there is no such version.
            PartitionError: `partitions` or days are given that the table is not divided by.
        """
        chosen = _chosen(table, partitions or {}, since, until)
        delta = self._opened(table, version)
        if delta is None:
            return pl.LazyFrame(schema=table.schema)
        note_read(table.name, delta.version())
        return pl.scan_delta(delta).pipe(table.brought_up).filter(*chosen)

    def version(self, table: Table) -> int | None:
        """The latest version; null when the table was never written."""
        delta = self._latest(table)
        return None if delta is None else delta.version()

    def versions(self, tables: Iterable[Table]) -> dict[str, int | None]:
        """The latest version of each table, by name."""
        return {table.name: self.version(table) for table in tables}

    def as_of(self, versions: Mapping[str, int | None]) -> "AsOf":
        """The tables as an edition that names these versions read them."""
        return AsOf(self, versions)

    def data_files(self, table: Table, version: int) -> list[str]:
        """Paths of the data files of a version, in order.

        Raises:
            NoSuchVersion: there is no such version.
        """
        delta = self._opened(table, version)
        if delta is None:
            return []
        return sorted(pl.DataFrame(delta.get_add_actions(flatten=True))["path"].to_list())

    def data_file_sha256(self, table: Table, path: str) -> str:
        """The digest of the bytes of one data file, which may be more than memory holds.

        Raises:
            NoSuchObject: it is gone.
        """
        return self._log.sha256(f"{_path(table)}/{unquote(path)}")

    def partitions(self, table: Table) -> list[dict[str, str]]:
        """Each combination of values of the partition columns that has rows, as text."""
        delta = self._latest(table)
        return [] if delta is None else delta.partitions()

    def partition_digests(self, table: Table) -> dict[date, str]:
        """For each day of the first date column that has rows: a digest of its files.

        Equal digests mean the very same files, so the same rows; no data is read.

        Raises:
            PartitionError: the table is not divided by a date.
        """
        day = _day(table)
        delta = self._latest(table)
        if delta is None or day not in delta.metadata().partition_columns:
            return {}
        files = pl.DataFrame(delta.get_add_actions(flatten=True))
        paths = files.group_by(f"partition.{day}").agg(pl.col("path").sort())
        return {
            when: hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
            for when, found in sorted(paths.iter_rows())
        }

    def last_written(self, table: Table) -> dict[date, datetime]:
        """For each day of the first date column that has rows: when its newest file was written.

        Raises:
            PartitionError: the table is not divided by a date.
        """
        day, delta = _day(table), self._latest(table)
        if delta is None:
            return {}
        files = pl.DataFrame(delta.get_add_actions(flatten=True))
        newest = files.group_by(f"partition.{day}").agg(pl.col("modification_time").max())
        return {
            when: datetime.fromtimestamp(ms / 1000, UTC) for when, ms in sorted(newest.iter_rows())
        }

    def _committed(self, table: Table, commit: Callable[[], int], what: str) -> int:
        for attempt in range(_ATTEMPTS):
            try:
                version = commit()
            except CommitFailedError:
                time.sleep(random.uniform(0.02, 0.1) * 2 ** min(attempt, 5))  # noqa: S311
            except (OSError, DeltaError, PolarsError) as error:
                if isinstance(error, StoreFailed) or not may_pass(error):
                    raise
                raise StoreFailed(
                    f"The object store failed while {table.name} was written. It is away, full or "
                    f"overloaded: look at its disk and its log, then run again."
                ) from error
            else:
                self._lineage.wrote(table.name, version)
                return version
        raise LakeBusy(
            f"{table.name} was changed by others {_ATTEMPTS} times while its rows were written; "
            f"nothing of ours was committed. Find out who else writes {what}, then run again."
        )

    def _address(self, table: Table) -> str:
        return f"s3://{self._bucket}/{_path(table)}"

    def _opened(self, table: Table, version: int | None = None) -> DeltaTable | None:
        latest = self._latest(table)
        if version is None or (latest and latest.version() == version):
            return latest
        if latest is None or not 0 <= version <= latest.version():
            raise NoSuchVersion(
                f"{table.name} has no version {version}, its latest is "
                f"{latest.version() if latest else 'none'}. Name one that it has."
            )
        return DeltaTable(self._address(table), version, storage_options=self._options)

    def _latest(self, table: Table) -> DeltaTable | None:
        """The latest version, opened anew only where there is one after the one kept.

        What is kept is never updated, so that a plan does not change under its reader. Versions
        follow each other without a gap and none is ever removed: one look for the next is enough.
        """
        kept = self._kept.get(table.name)
        following = 0 if kept is None else kept.version() + 1
        if not self._log.exists(f"{_path(table)}/_delta_log/{following:020}.json"):
            return kept
        latest = DeltaTable(self._address(table), storage_options=self._options)
        self._kept[table.name] = latest
        return latest

    def _for_writing(self, table: Table) -> DeltaTable:
        """A handle of its own, which the commit takes to the new version."""
        latest = self._latest(table)
        if latest is None:
            return self._created(table)
        pl.scan_delta(latest).pipe(table.brought_up)
        return DeltaTable(self._address(table), latest.version(), storage_options=self._options)

    def _written(self, table: Table, delta: DeltaTable) -> int:
        self._kept[table.name] = delta
        return int(delta.version())

    def _appended(self, table: Table, rows: pl.LazyFrame) -> int:
        delta = self._for_writing(table)
        write_deltalake(delta, _stream(rows), mode="append", **_options(table, delta))
        return self._written(table, delta)

    def _replaced(
        self, table: Table, rows: pl.LazyFrame, predicate: str | None, *, in_order: bool = False
    ) -> int:
        delta = self._for_writing(table)
        options = {**_options(table, delta), "predicate": predicate}
        if delta.metadata().partition_columns != list(table.partitioned_by) and predicate is None:
            options |= {"schema_mode": "overwrite", "partition_by": list(table.partitioned_by)}
        try:
            stream = _stream(rows, in_order=in_order)
            write_deltalake(delta, stream, mode="overwrite", **options)
        except DeltaError as error:
            if _OUTSIDE not in str(error):
                raise
            raise PartitionError(
                f"{table.name}: rows lie outside {predicate}; nothing was written. "
                f"Name every partition that the rows belong to, or leave those rows out."
            ) from None
        return self._written(table, delta)

    def _created(self, table: Table) -> DeltaTable:
        try:
            return DeltaTable.create(
                self._address(table),
                schema=table.schema,
                partition_by=list(table.partitioned_by),
                configuration=_CONFIGURATION | (_ONLY_GROWS if table.is_append_only else {}),
                storage_options=self._options,
                # Otherwise the loser of a race redefines the winner's table.
                commit_properties=CommitProperties(max_commit_retries=0),
            )
        except DeltaError:
            if self._latest(table) is None:
                raise
            return self._for_writing(table)


class AsOf:
    """Tables at the versions that somebody named; one that had none then has no rows."""

    def __init__(self, lake: Lake, versions: Mapping[str, int | None]) -> None:
        self._lake = lake
        self.versions = versions

    def read(
        self,
        table: Table,
        *,
        partitions: Partitions | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> pl.LazyFrame:
        """As `Lake.read`, at the version that was named.

        Raises:
            KeyError: no version of the table was named.
        """
        version = self.versions[table.name]
        if version is None:
            return pl.LazyFrame(schema=table.schema)
        return self._lake.read(
            table, partitions=partitions, since=since, until=until, version=version
        )


def _path(table: Table) -> str:
    return table.name.replace(".", "/")


def _options(table: Table, delta: DeltaTable) -> dict[str, Any]:
    """How a commit is written; one that brings columns of a new contract adds them to the table."""
    grows = {field.name for field in delta.schema().fields} < {*table.schema}
    return {
        "schema_mode": "merge" if grows else None,
        "writer_properties": WriterProperties(
            compression="ZSTD",
            compression_level=3,
            max_row_group_size=min(_ROWS_OF_A_GROUP, _CELLS_OF_A_GROUP // len(table.schema)),
            dictionary_page_size_limit=_BYTES_OF_A_DICTIONARY,
            column_properties={"line": _COUNTED} if "line" in table.schema else None,
        ),
        "post_commithook_properties": PostCommitHookProperties(cleanup_expired_logs=False),
    }


def _stream(rows: pl.LazyFrame, *, in_order: bool = False) -> RecordBatchReader:
    """Batches that wait for the writer: Polars' own stream runs ahead of it into memory."""
    batches = rows.collect_batches(maintain_order=in_order, lazy=True, engine="streaming")
    nothing = pl.DataFrame(schema=rows.collect_schema()).to_arrow()
    waiting = chain.from_iterable(batch.to_arrow().to_batches() for batch in batches)
    return RecordBatchReader.from_batches(nothing.schema, waiting)


def _predicate(table: Table, partitions: Partitions) -> str | None:
    _check(table, partitions)
    if table.partitioned_by and not partitions:
        raise PartitionError(
            f"{table.name} is divided by {', '.join(table.partitioned_by)} and none of its "
            f"partitions was named, so nothing was written. Name those to replace."
        )
    return (
        " AND ".join(
            f"{column} IN ({', '.join(_literal(value) for value in values)})"
            for column, values in partitions.items()
        )
        or None
    )


def _check(table: Table, partitions: Partitions) -> None:
    for column, values in partitions.items():
        if column not in table.partitioned_by:
            raise PartitionError(
                f"{table.name} is not divided by {column} but by "
                f"{', '.join(table.partitioned_by) or 'nothing'}. Name one of those."
            )
        wanted = date if table.schema[column] == pl.Date else str
        # Delta reads an empty text as null.
        if not values or not all(type(value) is wanted and value for value in values):
            raise PartitionError(
                f"{table.name}: {column} needs one {wanted.__name__} or more, none of them "
                f"empty, not {list(values)}. Name the partitions by their values."
            )


def _chosen(
    table: Table, partitions: Partitions, since: date | None, until: date | None
) -> list[pl.Expr]:
    _check(table, partitions)
    chosen = [pl.col(column).is_in(list(values)) for column, values in partitions.items()]
    chosen += [pl.col(_day(table)) >= since] if since else []
    chosen += [pl.col(_day(table)) <= until] if until else []
    return chosen


def _day(table: Table) -> str:
    for column in table.partitioned_by:
        if table.schema[column] == pl.Date:
            return column
    raise PartitionError(
        f"{table.name} is not divided by a date, so days cannot be told apart. "
        f"Name its partitions by {', '.join(table.partitioned_by) or 'nothing'}."
    )


def _literal(value: date | str) -> str:
    text = str(value).replace("'", "''")
    return f"'{text}'"


def _worded(partitions: Partitions) -> str:
    return ", ".join(f"{column} {list(map(str, v))}" for column, v in partitions.items())
