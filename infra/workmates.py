"""Pieces of a step that all workers of a Dask cluster compute, where the step is one of theirs.

What goes to a worker is the plan of a piece. The rows that it reads and writes lie in the object
store, which all workers share; they go when the step is done. Dask gives the pieces of a worker
that dies to another.
"""

import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from infra.object_store import ObjectStore

SCRATCH = "scratch/"
_PARQUET = "application/vnd.apache.parquet"
_thread = threading.local()


class Workmates:
    """The workers of a cluster, this one too, and a folder of the object store for a while."""

    def __init__(self, client: Any, store: ObjectStore, options: Mapping[str, str]) -> None:
        self._client, self._store, self._options = client, store, dict(options)
        self._folder = f"{SCRATCH}{uuid4()}/"

    @property
    def count(self) -> int:
        """How many workers there are now."""
        return len(self._client.ncores())

    def kept(self, path: Path) -> pl.LazyFrame:
        """A file of this machine, from now on where all can read it."""
        key = f"{self._folder}{uuid4()}.parquet"
        self._store.put_new_file(key, path, _PARQUET)
        path.unlink()
        return pl.scan_parquet(self._url(key), storage_options=self._options)

    def computed(self, pieces: Sequence[pl.LazyFrame], rows_of_group: int) -> list[pl.LazyFrame]:
        """The pieces, each computed by one of the workers.

        Raises:
            Exception: what one of them raised.
        """
        urls = [self._url(f"{self._folder}{uuid4()}.parquet") for _ in pieces]
        waiting = [
            self._client.submit(
                _computed, piece.serialize(), url, self._options, rows_of_group, pure=False
            )
            for piece, url in zip(pieces, urls, strict=True)
        ]
        _let_others_work()
        for error in filter(None, self._client.gather(waiting)):
            raise error
        return [pl.scan_parquet(url, storage_options=self._options) for url in urls]

    def clear(self) -> None:
        """Take away what was kept and computed."""
        for key in [*self._store.keys(self._folder)]:
            self._store.delete(key)

    def _url(self, key: str) -> str:
        return f"s3://{self._store.bucket}/{key}"


@contextmanager
def workmates() -> Iterator[Workmates | None]:
    """Those of the worker that this runs in, for as long as the block; elsewhere there are none."""
    client = _client_in_a_worker()
    if client is None:
        yield None
        return
    # Only a worker has them, and it has opened the installation before.
    from infra.installation import installation  # noqa: PLC0415

    at = installation()
    store = at.connection.bucket(at.settings.lake_bucket)
    mates = Workmates(client, store, at.connection.storage_options())
    try:
        yield mates
    finally:
        mates.clear()


def _client_in_a_worker() -> Any:
    dask = _dask()
    if dask is None:
        return None
    try:
        dask.get_worker()
    except ValueError:
        return None
    return dask.get_client()


def _dask() -> Any:
    """It is loaded in its workers; elsewhere it would take a second to import."""
    return sys.modules.get("distributed")


def _let_others_work() -> None:
    """Give the place in the worker free that this step has, once: it waits now."""
    if not getattr(_thread, "has_seceded", False):
        _dask().secede()
        _thread.has_seceded = True


def _computed(
    plan: bytes, url: str, options: Mapping[str, str], rows_of_group: int
) -> Exception | None:
    """What went wrong is given, not raised: Dask would write it to its log, rows and all."""
    try:
        pl.LazyFrame.deserialize(BytesIO(plan)).sink_parquet(
            url,
            compression="lz4",
            row_group_size=rows_of_group,
            statistics=False,
            storage_options=dict(options),
        )
    except Exception as error:  # noqa: BLE001 - raised by who waits
        return error
    return None
