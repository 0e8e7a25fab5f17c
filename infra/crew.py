"""Pieces of a step that all workers of a cluster compute, where the step is in one of Dask's.

The worker that has the step keeps its place and computes pieces itself; each other one takes what
is left as soon as it is free. Rows that pieces share lie in the object store meanwhile. What a
worker had taken that died, the step does itself. Elsewhere pieces are done one after another.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

import polars as pl

SCRATCH = "scratch/"
TURNS = 2
"""Of each worker, so that none waits long for the last."""
WORTH = 500_000
"""Rows that another worker is asked for."""
_PARQUET = "application/vnd.apache.parquet"
_LOOK_S = 1.0
_PATIENCE_S = 10.0  # others have it for milliseconds

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Scratch:
    """A folder of files for a while: of this machine, or of the store that all workers share."""

    folder: str
    options: dict[str, str] | None = field(default=None, repr=False)

    def computed(self, rows: pl.LazyFrame, *, rows_of_group: int) -> pl.LazyFrame:
        """The rows as a file."""
        target = f"{self.folder}{uuid4()}.parquet"
        rows.sink_parquet(
            target,
            compression="lz4",
            row_group_size=rows_of_group,
            statistics=False,
            storage_options=self.options,
        )
        return pl.scan_parquet(target, storage_options=self.options)

    def taken(self, file: Path) -> pl.LazyFrame:
        """A file of this machine, from now on one of these."""
        if self.options is None:
            return pl.scan_parquet(file)
        store, target = _store(), f"{self.folder}{uuid4()}.parquet"
        store.put_new_file(target.removeprefix(f"s3://{store.bucket}/"), file, _PARQUET)
        file.unlink()
        return pl.scan_parquet(target, storage_options=self.options)


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A folder that goes at the end of the block; whichever workers come meanwhile can read it."""
    if _own_address() is None:
        with TemporaryDirectory(prefix="aqsha-") as folder:
            yield Scratch(f"{folder}/")
        return
    store, options, folder = _store(), _installation().connection.storage_options(), str(uuid4())
    try:
        yield Scratch(f"s3://{store.bucket}/{SCRATCH}{folder}/", options)
    finally:
        for key in [*store.keys(f"{SCRATCH}{folder}/")]:
            store.delete(key)


def hands() -> int:
    """How many workers compute the pieces of a step that runs here."""
    return 1 + len(_others())


def turns(pieces: Sequence[Item], *, rows: int | None = None) -> list[Sequence[Item]]:
    """Pieces in order, so many together that each worker has its turns.

    All of them are one where nobody else computes, or where that is not worth their while.

    Args:
        pieces: at least one.
        rows: of all of them, where somebody has not parted them for this already.
    """
    worth = len(pieces) if rows is None else rows // WORTH
    number = max(1, min(TURNS * hands(), len(pieces), worth)) if hands() > 1 else 1
    bounds = [len(pieces) * n // number for n in range(number + 1)]
    return [pieces[start:end] for start, end in pairwise(bounds)]


def each(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """The work done on each item, by this worker and the others; results in order of the items.

    Args:
        work: a function of a module, or a part of one: it goes to other processes.
        items: likewise.

    Raises:
        Exception: what the work on one of them raised; no log of the cluster has its words.
    """
    others = _others()
    if not others or len(items) < 2:
        return [work(item) for item in items]
    client, asked = _dask().get_client(), _Asked(f"aqsha-{uuid4()}", work, items)
    queue = asked.queue()
    queue.put([*range(len(items))])
    helping = {
        address: client.submit(
            _done, asked, workers=[address], allow_other_workers=False, pure=False
        )
        for address in others
    }
    try:
        done = _done(asked)
        while len(done) < len(items) and helping and not _errors(done):
            done |= _of_those_who_ended(client, helping)
        for error in _errors(done):
            raise error
        return [
            done[number].value if number in done else work(item)
            for number, item in enumerate(items)
        ]
    finally:
        _left(queue)
        queue.put([])
        client.cancel([*helping.values()])


class _Done(NamedTuple):
    """What came of one piece. An error is given, not raised: Dask would log it, rows and all."""

    value: Any
    error: Exception | None = None


@dataclass(frozen=True, slots=True, repr=False)
class _Asked:
    """What workers are asked to do. Its words would stand in a log of Dask, rows and all."""

    name: str
    work: Callable[[Any], Any]
    items: Sequence[Any]

    def queue(self) -> Any:
        """It holds one list: the numbers of pieces that nobody has taken."""
        dask = _dask()
        return dask.Queue(self.name, client=dask.get_client())


def _done(asked: _Asked) -> dict[int, _Done]:
    """Pieces that nobody has taken before, until there is none or one has failed."""
    queue, done = asked.queue(), dict[int, _Done]()
    while (number := _next(queue)) is not None:
        done[number] = _attempted(asked.work, asked.items[number])
        if done[number].error is not None:
            break
    return done


def _errors(done: Mapping[int, _Done]) -> list[Exception]:
    return [one.error for one in done.values() if one.error is not None]


def _attempted(work: Callable[[Any], Any], item: Any) -> _Done:
    try:
        return _Done(work(item))
    except Exception as error:  # noqa: BLE001 - raised by who has the step
        return _Done(None, error)


def _next(queue: Any) -> int | None:
    """Who has the list puts back what is left."""
    left = _left(queue)
    queue.put(left[1:])
    return left[0] if left else None


def _left(queue: Any) -> list[int]:
    with suppress(TimeoutError):  # who died with it: who has the step does the rest
        return [*queue.get(timeout=_PATIENCE_S)]
    return []


def _of_those_who_ended(client: Any, helping: dict[str, Any]) -> dict[int, _Done]:
    """What they did; a worker that is gone has done nothing."""
    with suppress(TimeoutError):
        _dask().wait([*helping.values()], timeout=_LOOK_S, return_when="FIRST_COMPLETED")
    there, found = client.ncores(), dict[int, _Done]()
    for address, future in [*helping.items()]:
        if future.done():
            found |= helping.pop(address).result()
        elif address not in there:
            client.cancel([helping.pop(address)])
    return found


def _others() -> list[str]:
    """Addresses of the other workers, where this runs in one."""
    own = _own_address()
    return [] if own is None else sorted({*_dask().get_client().ncores()} - {own})


def _own_address() -> str | None:
    dask = _dask()
    with suppress(ValueError):
        return None if dask is None else str(dask.get_worker().address)
    return None


def _dask() -> Any:
    """It is loaded in its workers; elsewhere it would take a second to import."""
    return sys.modules.get("distributed")


def _store() -> Any:
    at = _installation()
    return at.connection.bucket(at.settings.lake_bucket)


def _installation() -> Any:
    # Its parts are what a piece is computed with; only a worker asks for it here.
    from infra.installation import installation  # noqa: PLC0415

    return installation()
