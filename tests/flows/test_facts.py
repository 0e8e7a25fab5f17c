"""The step that makes facts, over a real object store."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from flows import compute
from infra.changes import Changes
from infra.lake import Lake
from infra.object_server import object_server
from infra.object_store import Connection
from infra.settings import Settings
from transforms.feeds.crypto_prices import FEED as PRICES

DAY = date(2026, 3, 2)


@pytest.fixture
def at(monkeypatch, tmp_path) -> Iterator[SimpleNamespace]:
    chosen = Settings(_env_file=None, home=tmp_path)
    with object_server(chosen) as address:
        connection = Connection.of(chosen, address)
        lake, store = Lake(connection, chosen.lake_bucket), connection.bucket(chosen.ledger_bucket)
        here = SimpleNamespace(lake=lake, changes=Changes(lake, store))
        monkeypatch.setattr(compute, "installation", lambda: here)
        yield here


def test_rows_that_touch_no_fact_leave_it_as_it_is(at):
    price = {"business_date": DAY, "institution": "NBK", "price_on": DAY, "asset_code": "BTC"}
    at.lake.replace(
        PRICES.accepted_table,
        pl.DataFrame([price], schema=PRICES.accepted_table.schema).lazy(),
        partitions={"business_date": [DAY]},
    )

    made = compute.facts.fn("facts.wallet_freezes", DAY)

    assert (made.dates, made.version) == (0, None)
    assert at.changes.before("facts.wallet_freezes").keys() == {
        "wallet_freezes",
        "crypto_prices",
        "exchange_rates",
    }
