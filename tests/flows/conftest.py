"""A lake of its own for steps of a night that are tested over a real object store."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from flows import arrests, compute
from infra.changes import Changes
from infra.lake import Lake
from infra.ledger import Ledger
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings


@pytest.fixture
def at(monkeypatch, tmp_path) -> Iterator[SimpleNamespace]:
    """What facts and lives of arrests find as their installation."""
    chosen = Settings(_env_file=None, home=tmp_path)
    with object_server(chosen) as address:
        connection = Connection.of(chosen, address)
        lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
        here = SimpleNamespace(lake=lake, changes=Changes(lake, store), ledger=Ledger(store))
        for steps in (arrests, compute):
            monkeypatch.setattr(steps, "installation", lambda: here)
        yield here
