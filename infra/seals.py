"""The content of a table's version in one SHA-256, so that no byte of it changes unnoticed.

A digest of all data files of the version, each by path and SHA-256. Files of Delta Lake are never
written twice: those that were digested before are not read again. What is remembered is a pointer,
not truth; `verify` reads every file.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from infra.lake import Lake
from infra.object_store import NoSuchObject, ObjectStore
from transforms.contracts import Table

_READERS = 8


@dataclass(frozen=True, slots=True)
class Seal:
    """A version of a table: how many data files, and the digest of them all."""

    version: int | None
    files: int
    sha256: str


class Seals:
    """Seals tables of one lake."""

    def __init__(self, lake: Lake, store: ObjectStore) -> None:
        self._lake = lake
        self._store = store
        self._sealed: dict[tuple[str, int | None], Seal] = {}

    def of(self, table: Table, version: int | None) -> Seal:
        """The seal of a version; files that were sealed before are taken at their word."""
        if sealed := self._sealed.get((table.name, version)):
            return sealed
        known = self._known(table)
        now = self._sums(table, version, known)
        if now != known:
            body = json.dumps(now, sort_keys=True).encode()
            self._store.put(_key(table), body, "application/json")
        return self._sealed.setdefault((table.name, version), _seal(version, now))

    def all_of(self, tables: Iterable[Table]) -> dict[str, dict[str, object]]:
        """The seals of the latest versions, by name of table, as a manifest has them."""
        return {t.name: asdict(self.of(t, self._lake.version(t))) for t in tables}

    def broken(self, table: Table, sealed: Mapping[str, object]) -> list[str]:
        """What of a sealed version is not as it was, a sentence each; every file is read."""
        version = sealed["version"]
        if version is None:
            return []
        known = self._known(table)
        try:
            now = self._sums(table, int(str(version)), {})
        except NoSuchObject as lost:
            return [f"{table.name}, version {version}: a data file is gone. {lost}"]
        if asdict(_seal(int(str(version)), now)) == sealed:
            return []
        changed = [p for p, digest in now.items() if known.get(p, digest) != digest]
        where = f": {', '.join(changed)}" if changed else ""
        return [f"{table.name}, version {version}: its rows are not those of then{where}"]

    def _sums(self, table: Table, version: int | None, known: Mapping[str, str]) -> dict[str, str]:
        if version is None:
            return {}
        paths = self._lake.data_files(table, version)

        def digest(path: str) -> str:
            return known.get(path) or self._lake.data_file_sha256(table, path)

        with ThreadPoolExecutor(_READERS) as readers:
            return dict(zip(paths, readers.map(digest, paths), strict=True))

    def _known(self, table: Table) -> dict[str, str]:
        try:
            return dict(json.loads(self._store.get(_key(table))))
        except NoSuchObject:
            return {}


def _seal(version: int | None, files: Mapping[str, str]) -> Seal:
    text = "\n".join(f"{digest}  {path}" for path, digest in sorted(files.items()))
    return Seal(version, len(files), hashlib.sha256(text.encode()).hexdigest())


def _key(table: Table) -> str:
    return f"state/seals/{table.name}.json"
