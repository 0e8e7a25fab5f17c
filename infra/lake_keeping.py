"""Keeping the lake in order without breaking its promise: what an edition was made from stays.

An edition names the versions of the tables that it was made from. A file that one of these has
named, or the latest version of its table, is never removed, however old. What may go are files of
versions in between that nobody was promised, some time after a later version took their place, and
files that no version ever named: those of writers that died before their commit. The log of a table
stays whole. Compaction writes fewer, larger files beside the small ones.
"""

import json
from bisect import bisect_left
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable, PostCommitHookProperties

from infra.crew import SCRATCH
from infra.object_store import Connection, Listed

_LOG = "/_delta_log/"
_READERS = 16
_PARTITION = "partition."
_ADD, _REMOVE = "add", "remove"
_APPEND_ONLY = "delta.appendOnly"


class _Span(NamedTuple):
    """A file was of the versions from `first` to before `end`, which took it out at `ended_at`."""

    key: str
    first: int
    end: int
    ended_at: datetime


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
        named = {
            f"{path}/{unquote(add['path'])}" for _, kind, add in self._changes(path) if kind == _ADD
        }
        return [
            found
            for found in self._store.listed(f"{path}/")
            if _LOG not in found.key and found.changed_at < before and found.key not in named
        ]

    def scratch(self, before: datetime) -> list[Listed]:
        """What steps kept for their workers, before a moment, and were killed over."""
        return [found for found in self._store.listed(SCRATCH) if found.changed_at < before]

    def superseded(self, path: str, promised: Collection[int], before: datetime) -> list[Listed]:
        """Files that versions of a table had which nobody was promised, until before a moment.

        Args:
            path: of the table.
            promised: its versions that have to stay readable; the latest one does in any case.
            before: a file that a later version took out since then stays: somebody may be at work
                with the version before.
        """
        kept = sorted(promised)

        def is_promised(span: _Span) -> bool:
            place = bisect_left(kept, span.first)
            return place < len(kept) and kept[place] < span.end

        spans, standing = self._spans(path)
        stay = standing | {s.key for s in spans if is_promised(s) or s.ended_at >= before}
        gone = {span.key for span in spans} - stay
        return (
            [found for found in self._store.listed(f"{path}/") if found.key in gone] if gone else []
        )

    def remove(self, orphans: list[Listed]) -> int:
        """Remove files that `orphans`, `scratch` or `superseded` gave; tells how many bytes."""
        for orphan in orphans:
            self._store.delete(orphan.key)
        return sum(orphan.bytes for orphan in orphans)

    def compact(self, path: str, *, from_files: int) -> int:
        """Put the files of a table together where a partition has many; gives how many were.

        Of tables that only grow. A partition that is replaced whole has been written at once, and
        what rests on it knows it by its files: other files would have all of that made again.

        Args:
            path: of the table.
            from_files: how many files a partition has to have to be rewritten.
        """
        table = DeltaTable(f"s3://{self._store.bucket}/{path}", storage_options=self._options)
        if table.metadata().configuration.get(_APPEND_ONLY) != "true":
            return 0
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

    def _spans(self, path: str) -> tuple[list[_Span], set[str]]:
        """Each file that was taken out again, and those that stand in the latest version."""
        first: dict[str, int] = {}
        spans = []
        for version, kind, change in self._changes(path):
            key = f"{path}/{unquote(change['path'])}"
            if kind == _ADD:
                first.setdefault(key, version)
            elif key in first:
                ended_at = datetime.fromtimestamp(change["deletionTimestamp"] / 1000, UTC)
                spans.append(_Span(key, first.pop(key), version, ended_at))
        return spans, {*first}

    def _changes(self, path: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
        """What each version of a table took in and took out, in order of versions."""
        commits = sorted(key for key in self._store.keys(f"{path}{_LOG}") if key.endswith(".json"))
        with ThreadPoolExecutor(_READERS) as readers:
            for commit, body in zip(commits, readers.map(self._store.get, commits), strict=True):
                version = int(commit.rpartition("/")[2].removesuffix(".json"))
                for line in body.splitlines():
                    action = json.loads(line)
                    for kind in {*action} & {_ADD, _REMOVE}:
                        yield version, kind, action[kind]
