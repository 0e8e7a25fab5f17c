"""An installation for one measured night: its catalogue, the eve, and the files of the night."""

import json
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

from flows import orchestrator
from infra.catalogue import Catalogue
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from infra.synthetic import deliver

_IN_BULK = ("card_transactions", "crypto_transfers", "fiat_transfers", "p2p_orders")
_SINCE = re.compile(r"^since = .*$", re.MULTILINE)


class Home:
    """A home of its own below a folder; the first bulk files are those of the night."""

    def __init__(self, folder: Path, night: date, rows: int, *, banks_alone: bool) -> None:
        self.folder, self.night, self.rows = folder, night, rows
        self.banks_alone = banks_alone
        folder.mkdir(parents=True, exist_ok=True)
        self.sources = folder / "sources.toml"
        self.sources.write_text(_catalogue(night, banks_alone=banks_alone), encoding="utf-8")
        self.settings = Settings(_env_file=None, home=folder, sources=self.sources)

    @property
    def environment(self) -> dict[str, str]:
        """What a process is told that works in this home."""
        return {"AQSHA_HOME": str(self.folder), "AQSHA_SOURCES": str(self.sources)}

    @property
    def bank_files(self) -> list[Path]:
        """Transactions of the night as the banks hand them over."""
        every = self.settings.outside.glob(f"*/card_transactions/*_{self.night:%Y%m%d}.csv.gz")
        return sorted(every)

    def hand_over(self, until: date) -> None:
        """What institutions hand over by a date: of the night itself as many rows as are asked."""
        truth, catalogue = self.folder / "truth", Catalogue.read(self.sources)
        deliver(until, self.settings.outside, truth, catalogue, transactions=self.rows)

    @property
    def eve(self) -> date:
        return self.night - timedelta(days=1)

    @contextmanager
    def serving(self) -> Iterator[dict[str, str]]:
        """The object store and Prefect, for processes of their own; yields their environment."""
        told = orchestrator.environment(self.settings) | self.environment
        (self.folder / "prefect").mkdir(exist_ok=True)
        with object_server(self.settings), orchestrator.serving(self.settings) as api:
            yield told | {"PREFECT_API_URL": api}

    def store_cpu_s(self) -> float:
        """CPU seconds that the object server has taken since it began."""
        noted = json.loads((self.folder / "object-store" / "server.json").read_text("utf-8"))
        stat = Path(f"/proc/{noted['pid']}/stat").read_text(encoding="utf-8")
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def stored(self) -> dict[str, int]:
        """Bytes of every object, by its bucket and key."""
        with object_server(self.settings) as endpoint:
            connection = Connection.of(self.settings, endpoint)
            return {
                f"{bucket}/{found.key}": found.bytes
                for bucket in self.settings.buckets
                for found in connection.bucket(bucket).listed()
            }

    def twin(self, folder: Path) -> "Home":
        """The same installation once more, its deliveries behind the door not copied."""
        shutil.copytree(self.folder, folder, copy_function=_linked, dirs_exist_ok=True)
        return Home(folder, self.night, self.rows, banks_alone=self.banks_alone)


def _linked(source: str, target: str) -> None:
    if "/outside/" in source:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


def _catalogue(night: date, *, banks_alone: bool) -> str:
    text = files("infra").joinpath("sources.toml").read_text(encoding="utf-8")
    chosen = []
    for entry in text.split("[[source]]")[1:]:
        [told] = tomllib.loads(f"[[source]]{entry}")["source"]
        if not banks_alone or told["feed"] == _IN_BULK[0]:
            is_bulk = told["feed"] in _IN_BULK
            chosen.append(_SINCE.sub(f"since = {night}", entry) if is_bulk else entry)
    return "".join(f"[[source]]{entry}" for entry in chosen)
