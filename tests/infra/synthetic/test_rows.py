"""Rows: identifiers are valid and nobody's, cells are readable, bad rows are the planted ones."""

import json
from datetime import date

import polars as pl
import pytest

from infra.synthetic.scenario import STORY_DAY
from tests.infra.synthetic.conftest import Delivery
from transforms.feeds import FEED_BY_NAME
from transforms.identifiers import (
    is_bin,
    is_bitcoin_address,
    is_ethereum_address,
    is_hs_code,
    is_iin,
    is_kz_iban,
    is_tron_address,
)
from transforms.reference import reference
from transforms.sentences import sentence

LAST_WEEK = (date(2025, 8, 12), STORY_DAY)
MOST_BAD = 0.05
ONLY_AS_MESSAGES = {
    "account_movements",
    "exchange_rates",
    "fiat_transfers",
    "interbank_payments",
    "travel_rule_transfers",
    "wallet_labels",
}
FEEDS = sorted(FEED_BY_NAME.keys() - ONLY_AS_MESSAGES)
PEOPLE = {
    "card_transactions": ("IIN",),
    "card_arrest_orders": ("IIN",),
    "account_holders": ("HOLDER_IIN",),
    "p2p_orders": ("maker_iin", "taker_iin"),
    "crypto_transfers": ("user_iin",),
}
ACCOUNTS = {
    "card_transactions": ("ACCOUNT", "COUNTERPARTY_ACCOUNT"),
    "card_arrest_orders": ("ACCOUNT",),
    "payment_holds": ("ACCOUNT",),
    "account_holders": ("ACCOUNT",),
    "p2p_orders": ("pay_account",),
}


def distinct(story: Delivery, columns: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    """Every different value of the columns, bad rows left out."""
    return (
        pl.concat(
            story.good_rows(feed).select(pl.col(column).alias("value"))
            for feed, names in columns.items()
            for column in names
        )
        .drop_nulls()
        .unique()
    )


def test_people_are_of_the_1800s_and_their_numbers_valid(story: Delivery) -> None:
    people = distinct(story, PEOPLE)

    # Some clients of banks are small firms.
    persons = people.filter(~is_bin(pl.col("value")))
    judged = persons.filter(~is_iin(pl.col("value")))

    assert judged.height == 0
    assert persons["value"].str.slice(6, 1).is_in(["1", "2"]).all()


def test_companies_have_valid_numbers(story: Delivery) -> None:
    companies = distinct(
        story, {"import_declarations": ("CONSIGNEE_BIN",), "precursor_licences": ("BIN",)}
    )

    assert companies.select(is_bin(pl.col("value")).all()).item()


def test_accounts_are_valid_and_of_real_banks(story: Delivery) -> None:
    accounts = distinct(story, ACCOUNTS)

    assert accounts.select(is_kz_iban(pl.col("value")).all()).item()
    assert set(accounts["value"].str.slice(4, 3)) <= set(reference("banks")["iban_bank_code"])


def test_wallets_have_right_checksums(story: Delivery) -> None:
    columns = ("network", "address")
    wallets = pl.concat(
        story.good_rows(feed).select(columns) for feed in ("wallet_freezes", "crypto_transfers")
    ).unique()

    is_right = (
        pl.when(pl.col("network") == "bitcoin")
        .then(is_bitcoin_address(pl.col("address")))
        .when(pl.col("network") == "tron")
        .then(is_tron_address(pl.col("address")))
        .otherwise(is_ethereum_address(pl.col("address")))
    )
    assert set(wallets["network"]) == {"bitcoin", "ethereum", "tron"}
    assert wallets.select(is_right.all()).item()


def test_every_account_of_bank_traffic_has_its_holder_told(story: Delivery) -> None:
    told = story.rows("account_holders").select("institution", "ACCOUNT", IIN="HOLDER_IIN")
    used = story.good_rows("card_transactions").select("institution", "ACCOUNT", "IIN").unique()

    assert used.height > 3_000
    assert used.join(told, on=used.columns, how="anti").height == 0


def test_telephones_and_addresses_bring_droppers_together_more_than_others(
    story: Delivery,
) -> None:
    members = pl.read_parquet(story.truth / "members.parquet")
    first = story.rows("account_holders").unique("ACCOUNT", keep="first")
    who = first.join(
        members.select(ACCOUNT="iban", network="network", role="role"), on="ACCOUNT", how="left"
    ).with_columns(
        (pl.col("HOLDER_IIN").n_unique().over(said)).alias(f"at_{said}")
        for said in ("PHONE", "ADDRESS")
    )
    droppers = who.filter(pl.col("role") == "dropper").group_by("network").max().sort("network")
    innocent = who.filter(pl.col("role").is_null())

    assert droppers.filter(pl.col("at_PHONE") > 20)["network"].to_list() == ["network-2"]
    assert droppers.filter(pl.col("at_ADDRESS") > 4)["network"].to_list() == ["network-1"]
    assert innocent["at_PHONE"].max() == 3
    # Hostels look like them.
    assert (innocent["at_ADDRESS"] >= 20).mean() < 0.05 < (innocent["at_ADDRESS"] == 3).mean()


def test_goods_have_readable_codes(story: Delivery) -> None:
    goods = distinct(story, {"import_declarations": ("HS_CODE",)})

    assert goods.select(is_hs_code(pl.col("value")).all()).item()


def test_case_numbers_have_fifteen_digits_and_are_known(story: Delivery) -> None:
    known = story.good_rows("criminal_cases").select("CASE_NO")

    used = distinct(
        story,
        {
            "card_arrest_orders": ("CASE_NO",),
            "asset_arrests": ("CASE_NO",),
            "seizures": ("CASE_NO",),
            "field_reports": ("CASE_NO",),
            "wallet_freezes": ("case_no",),
        },
    )

    assert known["CASE_NO"].n_unique() == known.height
    assert known["CASE_NO"].str.contains(r"^\d{15}$").all()
    assert used.join(known, left_on="value", right_on="CASE_NO", how="anti").height == 0


@pytest.mark.parametrize("feed", FEEDS)
def test_every_cell_can_be_read_but_those_planted(story: Delivery, feed: str) -> None:
    rows = story.rows(feed).with_columns(delivery=pl.col("file"))

    staged = FEED_BY_NAME[feed].staged(rows.lazy()).collect()

    bad = pl.read_parquet(story.truth / "bad_rows.parquet").filter(pl.col("feed") == feed)
    unreadable = staged.filter(pl.col("as_delivered").is_not_null())
    missing = [
        column.name
        for column in FEED_BY_NAME[feed].staged_table.columns
        if not column.nullable and column.name in staged.columns
    ]
    incomplete = staged.filter(pl.any_horizontal(pl.col(missing).is_null()))
    for found in (unreadable, incomplete):
        strangers = found.join(
            bad, left_on=["delivery", "line"], right_on=["file", "line"], how="anti"
        )
        assert strangers.height == 0
    assert staged.height == rows.height


@pytest.mark.parametrize("feed", FEEDS)
def test_keys_are_unique_among_good_rows(story: Delivery, feed: str) -> None:
    declared = FEED_BY_NAME[feed]
    rows = story.good_rows(feed).with_columns(delivery=pl.col("file"))

    key = declared.key
    if feed == "account_holders":  # who has another telephone is told again
        key = (*key, "business_date")
    staged = declared.staged(rows.lazy()).select(key).collect()

    if feed == "precursor_licences":  # a withdrawal repeats its licence
        staged = staged.filter(rows["STATUS"] == "issued")
    if feed == "payment_holds":  # its end repeats the hold
        staged = staged.filter(rows["STATUS"] == "held")
    assert staged.n_unique() == staged.height


def test_bad_rows_are_few_and_of_the_last_week(story: Delivery) -> None:
    bad = pl.read_parquet(story.truth / "bad_rows.parquet")

    of_a_feed = bad.group_by("feed").len()

    assert bad["business_date"].is_between(*LAST_WEEK).all()
    assert of_a_feed["len"].is_between(2, 12).all()
    for (feed, file), rows in bad.group_by("feed", "file"):
        delivered = story.rows(str(feed)).filter(pl.col("file") == file)
        assert rows.height <= delivered.height * MOST_BAD, file
    reasons = set(bad["reason"])
    assert len(reasons) >= 9, reasons


def test_the_truth_names_every_planted_fault(story: Delivery) -> None:
    faults = json.loads((story.truth / "faults.json").read_text(encoding="utf-8"))

    assert {f["kind"] for f in faults} == {
        "late",
        "missing",
        "broken_off",
        "sent_twice",
        "corrected",
        "miscounted",
    }


def test_a_networks_members_never_pass_on_more_than_came_in(story: Delivery) -> None:
    edges = pl.concat(
        pl.read_parquet(path) for path in sorted((story.truth / "edges").glob("*.parquet"))
    )
    members = pl.read_parquet(story.truth / "members.parquet")

    received = edges.group_by(iban="to_iban").agg(into=pl.col("amount_tiyn").sum())
    passed = edges.group_by(iban="from_iban").agg(out=pl.col("amount_tiyn").sum())
    flows = members.join(received, on="iban").join(passed, on="iban")

    assert (flows["out"] < flows["into"]).all()
    assert set(flows["role"]) == {"dropper", "shop", "collector", "operator"}
    assert set(members["role"]) == {*flows["role"], "organizer"}


def test_every_edge_of_the_truth_stands_in_the_banks_files(story: Delivery) -> None:
    day = date(2025, 8, 16)
    edges = pl.read_parquet(story.truth / "edges" / f"{day}.parquet").drop_nulls("to_iban")

    rows = story.good_rows("card_transactions").filter(pl.col("business_date") == day)

    for side, own, other in (("debit", "from", "to"), ("credit", "to", "from")):
        entries = rows.filter(pl.col("DIRECTION") == side)
        unmatched = edges.with_columns(AMOUNT=sentence("{}.00", pl.col("amount_tiyn") // 100)).join(
            entries,
            left_on=[f"{own}_iban", f"{other}_iban", "AMOUNT"],
            right_on=["ACCOUNT", "COUNTERPARTY_ACCOUNT", "AMOUNT"],
            how="anti",
        )
        assert unmatched.height == 0


def test_bought_crypto_follows_the_payment_within_minutes(story: Delivery) -> None:
    edges = pl.read_parquet(story.truth / "edges" / "2025-08-18.parquet").filter(
        pl.col("step") == "crypto"
    )
    orders = story.good_rows("p2p_orders").filter(pl.col("business_date") == STORY_DAY)
    at = pl.col("completed_at").str.slice(11, 8).str.to_time()

    matched = edges.with_columns(fiat_amount=sentence("{}.00", pl.col("amount_tiyn") // 100)).join(
        orders.with_columns(second=at.cast(pl.Int64) // 1_000_000_000),
        left_on=["to_iban", "from_iin", "fiat_amount"],
        right_on=["pay_account", "taker_iin", "fiat_amount"],
    )

    assert matched.height == edges.height > 0
    assert (matched["second"] - matched["second_of_day"]).is_between(1, 600).all()


def test_a_networks_crypto_ends_in_its_wallets(story: Delivery) -> None:
    wallets = json.loads((story.truth / "wallets.json").read_text(encoding="utf-8"))
    operators = pl.read_parquet(story.truth / "members.parquet").filter(
        pl.col("role") == "operator"
    )

    withdrawn = story.good_rows("crypto_transfers").join(
        operators, left_on="user_iin", right_on="iin"
    )

    assert set(withdrawn["direction"]) == {"withdrawal"}
    assert set(withdrawn["network_right"]) == set(wallets)
    for row in withdrawn.iter_rows(named=True):
        assert row["address"] in wallets[row["network_right"]]


def test_cards_ordered_on_the_storys_day_were_at_work_before(story: Delivery) -> None:
    orders = story.good_rows("card_arrest_orders").filter(
        pl.col("ORDERED_ON") == STORY_DAY.isoformat()
    )
    before = story.good_rows("card_transactions").filter(pl.col("business_date") < STORY_DAY)

    at_work = orders.join(before, on=["CARD_TOKEN", "ACCOUNT", "IIN"], how="semi")

    assert at_work.height >= 20


def test_innocents_are_paid_by_strangers_and_the_truth_knows_them(story: Delivery) -> None:
    innocents = pl.read_parquet(story.truth / "innocents.parquet")
    members = pl.read_parquet(story.truth / "members.parquet")
    rows = story.good_rows("card_transactions").filter(pl.col("OPERATION") == "transfer")

    payers = (
        rows.filter(pl.col("DIRECTION") == "credit")
        .join(innocents, left_on="ACCOUNT", right_on="iban")
        .group_by("kind", "ACCOUNT")
        .agg(pl.col("COUNTERPARTY_ACCOUNT").n_unique())
        .group_by("kind")
        .agg(pl.col("COUNTERPARTY_ACCOUNT").max())
    )

    known = dict(payers.iter_rows())
    assert {"seller", "driver", "shop", "treasurer", "collection"} <= known.keys()
    assert known["shop"] > known["driver"] > 10
    assert not set(innocents["iban"]) & set(members["iban"])


def test_droppers_of_one_network_share_a_device(story: Delivery) -> None:
    members = pl.read_parquet(story.truth / "members.parquet")
    rows = story.good_rows("card_transactions").drop_nulls("DEVICE")

    devices = (
        rows.join(members.filter(pl.col("role") == "dropper"), left_on="ACCOUNT", right_on="iban")
        .group_by("network")
        .agg(pl.col("DEVICE").n_unique(), pl.col("ACCOUNT").n_unique())
        .sort("network")
    )

    assert devices["DEVICE"].to_list()[2] == 1
    assert (devices["DEVICE"] == devices["ACCOUNT"]).to_list() == [True, True, False]


def test_orders_name_the_shop_and_its_droppers_in_one_case_of_their_region(
    story: Delivery,
) -> None:
    members = pl.read_parquet(story.truth / "members.parquet")

    named = story.good_rows("card_arrest_orders").join(
        members.rename({"kato": "home"}), left_on="CARD_TOKEN", right_on="token"
    )

    of_networks = named.filter(
        pl.col("ORDERED_ON") == STORY_DAY.isoformat(), pl.col("KATO") == pl.col("home")
    ).group_by("network")
    cases = of_networks.agg(pl.col("CASE_NO").unique(), pl.col("role").unique().sort(), pl.len())
    assert cases["CASE_NO"].list.len().to_list() == [1, 1, 1]
    assert cases["role"].to_list() == [["dropper", "shop"]] * 3
    assert cases["len"].min() >= 7  # type: ignore[operator]
