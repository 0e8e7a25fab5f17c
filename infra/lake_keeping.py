"""Keeping the lake in order without breaking its promise: every version stays readable for good.

An edition names the versions of the tables that it was made from. So a file that any version has
ever named is never removed, however old; what may go are files that no version names: those of
writers that died before their commit. Compaction writes fewer, larger files beside the small ones.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable, PostCommitHookProperties

from infra.object_store import Connection, Listed

_LOG = "/_delta_log/"
_READERS = 16
_PARTITION = "partition."


class LakeKeeping:
    """Looks after the tables of one bucket, by their paths: `facts/card_arrests`."""

    def __init__(self, connection: Connection, bucket: str) -> None:
        self._options = connection.storage_options()
        self._store = connection.bucket(bucket)

    def tables(self) -> list[str]:
        """Paths of all tables, in their order."""
        return sorted({key.split(_LOG)[0] for key in self._store.keys("") if _LOG in key})

    def orphans(self, path: str, before: datetime) -> list[Listed]:
        """Files of a table, written before a moment, that none of its versions has ever named."""
        named = set(self._ever_named(path))
        return [
            found
            for found in self._store.listed(f"{path}/")
            if _LOG not in found.key and found.changed_at < before and found.key not in named
        ]

    def remove(self, orphans: list[Listed]) -> int:
        """Remove files that `orphans` gave; tells how many bytes."""
        for orphan in orphans:
            self._store.delete(orphan.key)
        return sum(orphan.bytes for orphan in orphans)

    def compact(self, path: str, *, from_files: int) -> int:
        """Put the files of a table together where a partition has many; gives how many were.

        Args:
            path: of the table.
            from_files: how many files a partition has to have to be rewritten.
        """
        table = DeltaTable(f"s3://{self._store.bucket}/{path}", storage_options=self._options)
        files = pl.DataFrame(table.get_add_actions(flatten=True))
        divided_by = [name for name in files.columns if name.startswith(_PARTITION)]
        many = (
            files.group_by(divided_by).len() if divided_by else files.select(len=pl.len())
        ).filter(pl.col("len") >= from_files)
        for row in many.iter_rows(named=True):
            chosen = [(name.removeprefix(_PARTITION), "=", str(row[name])) for name in divided_by]
            table.optimize.compact(
                partition_filters=chosen or None,
                post_commithook_properties=PostCommitHookProperties(cleanup_expired_logs=False),
            )
        return int(many["len"].sum())

    def _ever_named(self, path: str) -> Iterator[str]:
        commits = [key for key in self._store.keys(f"{path}{_LOG}") if key.endswith(".json")]
        with ThreadPoolExecutor(_READERS) as readers:
            for commit in readers.map(self._store.get, commits):
                for line in commit.splitlines():
                    if add := json.loads(line).get("add"):
                        yield f"{path}/{unquote(add['path'])}"
