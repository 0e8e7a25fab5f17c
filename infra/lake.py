"""Tables on the object store: Delta Lake, with the contract checked both ways."""

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote

import polars as pl
from deltalake import (
    CommitProperties,
    DeltaTable,
    Field,
    PostCommitHookProperties,
    Schema,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.transaction import AddAction, RemoveAction
from polars.exceptions import PolarsError

from infra.crew import each, turns
from infra.data_files import DataFile, data_files
from infra.lineage import Lineage, note_read
from infra.object_store import Connection, StoreFailed, may_pass
from transforms.contracts import Table

Partitions = Mapping[str, Sequence[date | str]]
Piece = pl.LazyFrame | Callable[[Path], pl.LazyFrame]
"""Some rows; or what plans them, given a folder that lasts until they are computed."""

_ATTEMPTS = 12
_FOR_GOOD = "interval 36500 days"
_CONFIGURATION = {
    "delta.checkpointInterval": "20",
    # An edition names the versions that it read, and is recomputed from them years later.
    "delta.logRetentionDuration": _FOR_GOOD,
    "delta.deletedFileRetentionDuration": _FOR_GOOD,
}
_ONLY_GROWS = {"delta.appendOnly": "true"}  # held by every writer of Delta Lake, not only by us
_UPLOADS = 2  # at once, beside what is computed
_PARQUET = "application/vnd.apache.parquet"
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


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
        self._connection = connection
        self._bucket = bucket
        self._options = connection.storage_options()
        self._log = connection.bucket(bucket)
        self._kept: dict[str, DeltaTable] = {}
        self._lineage = lineage or Lineage(None, bucket)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process opens it anew, to put files there."""
        return Lake, (self._connection, self._bucket)

    def replace(
        self,
        table: Table,
        rows: pl.LazyFrame | Iterable[Piece],
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
            rows: what it holds from now on; in pieces, of which one at a time is computed, or all
                workers of a cluster compute some.
            partitions: what is replaced.
            in_order: keep the order of the rows of a piece and partition. Otherwise a sort before
                is left out as idle. Pieces keep theirs.

        Returns:
            The table's version that this commit made.

        Raises:
            ContractError: `rows`, or the table as it lies there, differ from the contract.
            PartitionError: a row lies outside `partitions`; nothing was written.
            LakeBusy: rivals came first each time; nothing was written.
            StoreFailed: the object store did not take it; readers see the former version.
        """
        _require_named(table, partitions)
        if table.is_append_only:
            raise PartitionError(
                f"{table.name} only grows: its rows are never replaced, and nothing was written. "
                f"Append what is new."
            )
        return self._written(table, rows, partitions, in_order=in_order)

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
        lies_there = self._latest(table)
        divided_by = list(table.partitioned_by)
        if lies_there is None or lies_there.metadata().partition_columns == divided_by:
            return self._written(table, rows, {})
        checked = rows.pipe(table.require)
        return self._committed(table, lambda: self._divided_anew(table, checked), table.name)

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
        return self._written(table, rows, {}, mode="append")

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

    def _written(
        self,
        table: Table,
        rows: pl.LazyFrame | Iterable[Piece],
        partitions: Partitions,
        *,
        mode: str = "overwrite",
        in_order: bool = False,
    ) -> int:
        """The files are written once, however often rivals commit before us."""
        pieces = [rows] if isinstance(rows, pl.LazyFrame) else [*rows]
        checked = [p.pipe(table.require) if isinstance(p, pl.LazyFrame) else p for p in pieces]
        with _failures_of(table):
            self._require_as_promised(table)
            put = partial(self._put, table, partitions=partitions, in_order=in_order)
            files = [*chain.from_iterable(each(put, turns(checked)))]
        filters = [(name, "in", [*map(str, values)]) for name, values in partitions.items()]

        def commit() -> int:
            delta = self._latest(table)
            assert delta is not None  # noqa: S101 - it was created when it was not there
            if _has_all(delta, files):  # the answer to our commit was lost
                return int(delta.version())
            delta.create_write_transaction(
                files,
                mode,
                delta.schema(),
                list(table.partitioned_by),
                filters or None,
                # What a rival added meanwhile is to be replaced too: look at the table again.
                commit_properties=CommitProperties(max_commit_retries=0),
                post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
            )
            return int(delta.version()) + 1

        return self._committed(table, commit, _worded(partitions) or table.name)

    def _put(
        self,
        table: Table,
        pieces: Sequence[Piece],
        *,
        partitions: Partitions,
        in_order: bool,
    ) -> list[AddAction | RemoveAction]:
        """Put rows into files beside the table's own, where no version names them yet."""
        batches = chain.from_iterable(_batches(table, piece, in_order) for piece in pieces)
        named = {name: {*map(str, values)} for name, values in partitions.items()}
        added: list[Future[AddAction]] = []
        with TemporaryDirectory(prefix="aqsha-") as folder, ThreadPoolExecutor(_UPLOADS) as store:
            try:
                for file in data_files(batches, table, Path(folder)):
                    if any(file.partition[name] not in values for name, values in named.items()):
                        raise PartitionError(
                            f"{table.name}: rows lie outside {_worded(partitions)}; nothing was "
                            f"written. Name every partition that the rows belong to, or leave "
                            f"those rows out."
                        )
                    added.append(store.submit(self._stored, table, file))
                return [future.result() for future in added]
            except BaseException:
                for future in added:
                    if future.exception() is None:
                        self._log.delete(f"{_path(table)}/{future.result().path}")
                raise

    def _stored(self, table: Table, file: DataFile) -> AddAction:
        folders = [
            f"{name}={_NO_VALUE if value is None else quote(value, safe='')}/"
            for name, value in file.partition.items()
        ]
        path = f"{''.join(folders)}{file.path.name}"
        size = file.path.stat().st_size
        self._log.put_new_file(f"{_path(table)}/{path}", file.path, _PARQUET)
        file.path.unlink()
        now_ms = time.time_ns() // 1_000_000
        return AddAction(
            path=path,
            size=size,
            partition_values=file.partition,
            modification_time=now_ms,
            data_change=True,
            stats=file.statistics,
        )

    def _committed(self, table: Table, commit: Callable[[], int], what: str) -> int:
        for attempt in range(_ATTEMPTS):
            try:
                with _failures_of(table):
                    version = commit()
            except CommitFailedError:
                time.sleep(random.uniform(0.02, 0.1) * 2 ** min(attempt, 5))  # noqa: S311
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

    def _require_as_promised(self, table: Table) -> None:
        """The table lies there, and as its contract says; columns that are new to it are added."""
        latest = self._latest(table)
        if latest is None:
            self._create(table)
            return
        pl.scan_delta(latest).pipe(table.brought_up)
        known = {field.name for field in latest.schema().fields}
        new = [f for f in Schema.from_arrow(table.schema).fields if f.name not in known]
        if new:
            self._committed(table, lambda: self._widened(table, new), table.name)

    def _widened(self, table: Table, fields: list[Field]) -> int:
        delta = DeltaTable(self._address(table), storage_options=self._options)
        known = {field.name for field in delta.schema().fields}
        if missing := [field for field in fields if field.name not in known]:
            delta.alter.add_columns(missing)
        return int(delta.version())

    def _divided_anew(self, table: Table, rows: pl.LazyFrame) -> int:
        """Only Delta Lake's own writer changes by what a table is divided."""
        delta = DeltaTable(self._address(table), storage_options=self._options)
        write_deltalake(
            delta,
            rows.collect(engine="streaming"),
            mode="overwrite",
            schema_mode="overwrite",
            partition_by=list(table.partitioned_by),
            post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
        )
        return int(delta.version())

    def _create(self, table: Table) -> None:
        try:
            DeltaTable.create(
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
            self._require_as_promised(table)


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


def _batches(table: Table, piece: Piece, in_order: bool) -> Iterator[pl.DataFrame]:
    with TemporaryDirectory(prefix="aqsha-") as folder:
        rows = piece if isinstance(piece, pl.LazyFrame) else piece(Path(folder)).pipe(table.require)
        yield from rows.collect_batches(maintain_order=in_order, lazy=True, engine="streaming")


def _path(table: Table) -> str:
    return table.name.replace(".", "/")


def _has_all(delta: DeltaTable, files: Sequence[AddAction | RemoveAction]) -> bool:
    """Names of files are never given twice."""
    ours = {file.path.rpartition("/")[2] for file in files}
    return bool(ours) and ours <= {uri.rpartition("/")[2] for uri in delta.file_uris()}


@contextmanager
def _failures_of(table: Table) -> Iterator[None]:
    """A store that fails while a table is written is told as such."""
    try:
        yield
    except CommitFailedError:
        raise
    except (OSError, DeltaError, PolarsError) as error:
        if not (isinstance(error, StoreFailed) or may_pass(error)):
            raise
        raise StoreFailed(
            f"The object store failed while {table.name} was written. It is away, full or "
            f"overloaded: look at its disk and its log, then run again."
        ) from error


def _require_named(table: Table, partitions: Partitions) -> None:
    _check(table, partitions)
    if table.partitioned_by and not partitions:
        raise PartitionError(
            f"{table.name} is divided by {', '.join(table.partitioned_by)} and none of its "
            f"partitions was named, so nothing was written. Name those to replace."
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


def _worded(partitions: Partitions) -> str:
    return ", ".join(f"{column} {list(map(str, v))}" for column, v in partitions.items())
