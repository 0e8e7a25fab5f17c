"""The step that makes facts, over a real object store."""

import json
from datetime import date

import polars as pl
from typer.testing import CliRunner

from flows import compute
from flows.links import links
from transforms.feeds import FEED_BY_NAME
from transforms.feeds.crypto_prices import FEED as PRICES
from transforms.seizures.items import SEIZURES

DAY = date(2026, 3, 2)


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


def test_a_word_of_an_analyst_changes_what_the_next_night_counts(at, monkeypatch):
    table = FEED_BY_NAME["seizures"].accepted_table
    row = {"asset_code": "drug", "substance_code": "heroin", "place_text": "г. Жезказган"}
    row |= {"item_no": 1, "net_kg": "2.363410", "business_date": DAY, "seized_on": DAY}
    acts = [row | {"agency_code": agency, "act_no": "1"} for agency in ("police", "customs")]
    schema = {**table.schema, "net_kg": pl.String}
    rows = pl.DataFrame(acts, schema=schema).cast({"net_kg": table.schema["net_kg"]})
    at.lake.replace(table, rows.lazy(), partitions={"business_date": [DAY]})
    monkeypatch.setattr("infra.installation.installation", lambda: at)

    def counted() -> int:
        for fact in ("facts.seizures", "facts.seizure_links"):
            compute.facts.fn(fact, DAY)
        return at.lake.read(SEIZURES).collect()["is_counted"].sum()

    assert counted() == 1
    said = CliRunner().invoke(links, ["list", "--json"])
    (link,) = json.loads(said.stdout)["links"]
    assert (link["act_id"], link["status_code"]) == ("customs/1", "joined")
    assert "same place" in link["reason"]

    word = ["part", "police/1", "customs/1", "--who", "I. Ivanov", "--why", "two bags"]
    assert CliRunner().invoke(links, word).exit_code == 0
    assert counted() == 2
    assert compute.facts.fn("facts.seizures", DAY).dates == 0  # nothing is done twice

    word[0] = "release"
    assert CliRunner().invoke(links, word).exit_code == 0
    assert counted() == 1
    assert CliRunner().invoke(links, ["part", "1", "2", "--who", "a", "--why", "b"]).exit_code == 2
