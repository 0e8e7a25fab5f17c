"""Every target, counted anew from the delivered files, is the scenario's to the last tiyn."""

import json
from datetime import date
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from infra.synthetic.days import all_days
from infra.synthetic.scenario import STORY_DAY, THE_YEAR_BEFORE, THE_YEAR_TO_THE_STORY, Stretch
from tests.infra.synthetic.conftest import Delivery
from tests.transforms.drawings import accepted
from transforms.facts import FACT_BY_NAME
from transforms.feeds import FEED_BY_NAME
from transforms.periods import is_working_day
from transforms.reference import reference
from transforms.seizures.links import seizure_links

TARGETS = THE_YEAR_TO_THE_STORY.figures
ALL_REGIONS = 20
CASE_REGIONS = ["47", "62", "71", "75", "79"]

both_years = pytest.mark.parametrize(
    "stretch", [THE_YEAR_TO_THE_STORY, THE_YEAR_BEFORE], ids=lambda s: s.name
)


def day(column: str) -> pl.Expr:
    return pl.col(column).str.slice(0, 10).str.to_date()


def day_of(frame: pl.DataFrame, column: str) -> pl.Series:
    return frame.select(day(column)).to_series()


def during(column: str, stretch: Stretch = THE_YEAR_TO_THE_STORY) -> pl.Expr:
    return day(column).is_between(stretch.since, stretch.until)


def minor(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Decimal(38, 2)) * 100).cast(pl.Int64)


def total(frame: pl.DataFrame, value: pl.Expr) -> int:
    return int(frame.select(value.cast(pl.Int128).sum()).item())


def rates(story: Delivery) -> pl.DataFrame:
    found = []
    for path in story.files("exchange_rates"):
        for document in ET.parse(path).getroot().iter("rates"):  # noqa: S314
            on = document.findtext("date", "")
            for item in document.iter("item"):
                cells = (item.findtext(tag, "") for tag in ("title", "description", "quant"))
                found.append((f"{on[6:]}-{on[3:5]}-{on[:2]}", *cells))
    columns = ["on", "CURRENCY", "tenge", "quant"]
    return pl.DataFrame(found, schema=columns, orient="row").with_columns(day("on")).sort("on")


def in_tiyn(story: Delivery, measures: pl.DataFrame) -> pl.DataFrame:
    """Measures with their `tiyn` at the last official rate of the day of arrest, half up."""
    priced = (
        measures.with_columns(on=day("ARRESTED_ON"))
        .sort("on")
        .join_asof(rates(story), on="on", by="CURRENCY", check_sortedness=False)
    )
    exact = minor("AMOUNT") * minor("tenge")
    per = pl.col("quant").cast(pl.Int64) * 100
    at_rate = (exact * 2 + per) // (per * 2)
    is_tenge = pl.col("CURRENCY") == "KZT"
    return priced.with_columns(tiyn=pl.when(is_tenge).then(minor("AMOUNT")).otherwise(at_rate))


def in_cents(story: Delivery, wallets: pl.DataFrame) -> pl.DataFrame:
    prices = story.good_rows("crypto_prices").select(
        pl.col("ASSET").alias("asset"), pl.col("PRICE_USD"), on=day("PRICE_ON")
    )
    cents = pl.col("quantity").cast(pl.Decimal(38, 12)) * pl.col("PRICE_USD").cast(
        pl.Decimal(38, 6)
    )
    return (
        wallets.with_columns(on=day("frozen_at"))
        .sort("on")
        .join_asof(prices.sort("on"), on="on", by="asset", check_sortedness=False)
        .with_columns(cents=(cents * 100).round(0, mode="half_away_from_zero").cast(pl.Int64))
    )


@both_years
def test_arrested_cards_and_what_was_held_on_them(story: Delivery, stretch: Stretch) -> None:
    answers = story.good_rows("card_arrest_confirmations").filter(during("ANSWERED_AT", stretch))

    arrested = answers.filter(pl.col("RESULT").is_in(["executed", "partly"]))

    assert arrested["CARD_TOKEN"].n_unique() == arrested.height == stretch.figures.cards_arrested
    assert total(arrested, minor("HELD_KZT")) == stretch.figures.cards_held_tiyn
    refused = answers.filter(pl.col("RESULT").is_in(["refused", "not_found"]))
    assert refused.height == stretch.figures.cards_refused
    assert total(refused, minor("HELD_KZT")) == 0


def test_a_card_is_in_one_order_and_every_answer_has_its_order(story: Delivery) -> None:
    orders = story.good_rows("card_arrest_orders")
    answers = story.good_rows("card_arrest_confirmations")

    unknown = answers.join(orders, on=["ORDER_NO", "CARD_TOKEN"], how="anti")

    assert unknown.height == 0
    assert orders["CARD_TOKEN"].n_unique() == orders.height
    assert orders.filter(during("ORDERED_ON"))["KATO"].n_unique() == ALL_REGIONS


def test_orders_are_answered_at_once_or_late_or_never(story: Delivery) -> None:
    orders = story.good_rows("card_arrest_orders").filter(during("ORDERED_ON"))
    answers = story.good_rows("card_arrest_confirmations").select(
        "ORDER_NO", "CARD_TOKEN", on=day("ANSWERED_AT")
    )
    working = pl.Series([d for d in all_days(date(2025, 1, 1), STORY_DAY) if is_working_day(d)])

    known = orders.join(answers, on=["ORDER_NO", "CARD_TOKEN"], how="left")
    lag = pl.Series(working.search_sorted(known["on"])).cast(pl.Int64) - pl.Series(
        working.search_sorted(day_of(known, "ORDERED_ON"))
    ).cast(pl.Int64)

    is_settled = day_of(known, "ORDERED_ON") < date(2025, 8, 11)
    answered = known["on"].is_not_null()
    assert lag.filter(answered).min() == 0
    assert 0.95 < (lag.filter(answered) <= 1).mean() < 0.98  # type: ignore[operator]
    assert 0.005 < (~answered).filter(is_settled).mean() < 0.01  # type: ignore[operator]
    of_today = day_of(known, "ORDERED_ON") == STORY_DAY
    assert 0.4 < (~answered).filter(of_today).mean() < 0.7  # type: ignore[operator]


@both_years
def test_cases_of_special_prosecutors(story: Delivery, stretch: Stretch) -> None:
    measures = story.good_rows("asset_arrests").filter(
        during("ARRESTED_ON", stretch),
        pl.col("STAGE") == "arrested",
        pl.col("AGENCY") == "special_prosecutors",
        pl.col("ASSET") != "crypto",
    )

    valued = in_tiyn(story, measures)

    assert total(valued, pl.col("tiyn")) == stretch.figures.case_tiyn
    assert sorted(valued["KATO"].unique()) == list(stretch.figures.case_regions)
    assert set(valued["CURRENCY"]) == {"KZT", "USD", "EUR"}


@both_years
def test_intercepted_cash_out(story: Delivery, stretch: Stretch) -> None:
    cases = story.good_rows("criminal_cases").filter(pl.col("SCHEME") == "cash_out")
    measures = story.good_rows("asset_arrests").filter(during("ARRESTED_ON", stretch))

    of_cash_out = in_tiyn(story, measures.join(cases, on="CASE_NO", how="semi"))

    by_asset = {
        asset: total(rows, pl.col("tiyn")) for (asset,), rows in of_cash_out.group_by("ASSET")
    }
    assert by_asset == {
        "cash": stretch.figures.cashout_cash_tiyn,
        "bank_account": stretch.figures.cashout_account_tiyn,
    }
    assert sorted(of_cash_out["KATO"].unique()) == ["47", "79"]
    assert set(of_cash_out["AGENCY"]) == {"special_prosecutors"}


@both_years
def test_crypto_wallets(story: Delivery, stretch: Stretch) -> None:
    wallets = story.good_rows("wallet_freezes").filter(during("frozen_at", stretch))

    valued = in_cents(story, wallets)

    figures = stretch.figures
    arrested = valued.filter(pl.col("stage") == "arrested")
    measures = valued.filter(pl.col("stage") == "measures_taken")
    assert set(arrested["kato"]) == {"62"}
    assert set(measures["kato"]) == {"71"}
    assert arrested["cents"].sum() == figures.wallets_arrested_cents
    assert measures["cents"].sum() == figures.wallets_measures_cents
    assert measures["address"].n_unique() == figures.wallets_measures < measures.height


@both_years
def test_crypto_cases_without_a_region(story: Delivery, stretch: Stretch) -> None:
    known = story.good_rows("asset_arrests").filter(
        during("ARRESTED_ON", stretch), pl.col("ASSET") == "crypto", pl.col("STAGE") != "ordered"
    )

    assert total(known, minor("AMOUNT")) == stretch.figures.crypto_case_cents
    assert known["KATO"].null_count() == known.height
    assert set(known["AGENCY"]) == {"national_security", "police"}
    assert set(known["STAGE"]) == {"under_investigation"}
    assert set(known["CURRENCY"]) == {"USD"}


@both_years
def test_field_reports(story: Delivery, stretch: Stretch) -> None:
    lines = story.good_rows("field_reports").filter(during("REPORTED_ON", stretch))

    objects = {
        event: total(rows, pl.col("OBJECTS").cast(pl.Int64))
        for (event,), rows in lines.group_by("EVENT")
    }
    regions = {event: sorted(set(rows["KATO"])) for (event,), rows in lines.group_by("EVENT")}

    figures = stretch.figures
    assert objects["laboratory_dismantled"] == figures.laboratories
    assert objects["participant_arrested"] == figures.participants
    assert objects["member_detained"] == figures.members
    assert objects["advertiser_detained"] == figures.advertisers
    assert objects["advert_removed"] == figures.adverts_removed
    assert regions["laboratory_dismantled"] == regions["participant_arrested"] == ["79"]
    assert regions["member_detained"] == ["47", "79"]
    assert len(regions["advert_removed"]) == ALL_REGIONS
    accounts = lines.filter(pl.col("EVENT") == "shop_account_examined")
    assert set(accounts["KATO"]) == {"79"}
    assert total(accounts, pl.col("TRANSACTIONS").cast(pl.Int64)) == figures.shop_transactions
    assert total(accounts, minor("AMOUNT_KZT")) == figures.shop_tiyn


@both_years
def test_advert_cases(story: Delivery, stretch: Stretch) -> None:
    cases = story.good_rows("criminal_cases").filter(during("REGISTERED_ON", stretch))

    adverts = cases.filter(pl.col("ARTICLE") == "299-1")

    assert adverts["CASE_NO"].n_unique() == stretch.figures.advert_cases
    assert set(adverts["SCHEME"]) == {"drug_advert"}


def unlicensed(story: Delivery) -> pl.DataFrame:
    """Items of substances controlled on the day, for home use, without a licence in force on it."""
    listed = (
        reference("precursors")
        .filter(pl.col("kind").str.starts_with("un_scheduled"))
        .join(reference("precursor_control"), left_on="id", right_on="substance_id")
    )
    is_named = pl.col("hs6_basis").str.starts_with("named")
    items = story.good_rows("import_declarations").filter(pl.col("PROCEDURE") == "40")
    alike = items.with_columns(hs6=pl.col("HS_CODE").str.slice(0, 6)).join(
        listed.select("hs6", "id", "cas", "controlled_from", is_named=is_named), on="hs6"
    )
    has_cas = pl.col("GOODS").str.contains(pl.col("cas"), literal=True).fill_null(value=False)
    controlled = alike.filter(
        pl.col("is_named") | has_cas, day("REGISTERED_ON") >= day("controlled_from")
    )
    licences = story.good_rows("precursor_licences")
    key = ["LICENCE_NO", "BIN", "SUBSTANCE"]
    ended = licences.filter(pl.col("STATUS") == "withdrawn").select(*key, ends="business_date")
    issued = licences.filter(pl.col("STATUS") == "issued").join(ended, on=key, how="left")
    covered = controlled.join(
        issued, left_on=["CONSIGNEE_BIN", "id"], right_on=["BIN", "SUBSTANCE"]
    ).filter(
        day("REGISTERED_ON").is_between(day("VALID_FROM"), day("VALID_TO")),
        pl.col("ends").is_null() | (day("REGISTERED_ON") < pl.col("ends")),
    )
    return controlled.join(covered, on=["DECLARATION_NO", "ITEM_NO"], how="anti")


@both_years
def test_unlicensed_imports_of_precursors(story: Delivery, stretch: Stretch) -> None:
    found = unlicensed(story).filter(during("REGISTERED_ON", stretch))

    planted = pl.read_parquet(story.truth / "violations.parquet").filter(
        pl.col("registered_on").is_between(stretch.since, stretch.until)
    )
    assert set(found["DECLARATION_NO"]) == set(planted["DECLARATION_NO"])
    assert found.height == sum(v.facts for v in stretch.figures.violations)
    assert found["CONSIGNEE_BIN"].n_unique() == sum(v.entities for v in stretch.figures.violations)
    regions_of_a_firm = found.group_by("CONSIGNEE_BIN").agg(pl.col("CONSIGNEE_KATO").n_unique())
    assert regions_of_a_firm["CONSIGNEE_KATO"].max() == 1
    kinds = dict(planted.group_by("kind").len().iter_rows())
    assert kinds == {v.kind: v.facts for v in stretch.figures.violations}


def test_the_headlines_are_those_of_the_announcement() -> None:
    billion, million = 1_000_000_000_00, 1_000_000_00

    assert TARGETS.cards_arrested > 85_000
    assert round(TARGETS.cards_held_tiyn / billion, 1) == 2.3
    assert TARGETS.case_tiyn > 9.2 * billion
    assert TARGETS.case_tiyn + TARGETS.cards_held_tiyn > 11.5 * billion
    assert round(TARGETS.cashout_cash_tiyn / billion, 1) == 1.2
    assert round(TARGETS.cashout_account_tiyn / billion, 1) == 1.1
    assert round(TARGETS.wallets_arrested_cents / million, 1) == 6.0
    assert round(TARGETS.wallets_measures_cents / million, 1) == 3.8
    assert round(TARGETS.crypto_case_cents / million, 1) == 12.0
    assert TARGETS.shop_transactions > 500_000
    assert round(TARGETS.shop_tiyn / billion) == 70
    assert list(TARGETS.case_regions) == CASE_REGIONS
    assert TARGETS.adverts_removed > 35_000
    assert sum(v.facts for v in TARGETS.violations) == 58
    assert sum(v.entities for v in TARGETS.violations) == 37
    exact = (TARGETS.wallets_measures, TARGETS.laboratories, TARGETS.participants, TARGETS.members)
    assert exact == (88, 2, 24, 9)
    assert (TARGETS.advertisers, TARGETS.advert_cases) == (22, 133)


def test_the_storys_day_has_something_of_everything(story: Delivery) -> None:
    today = {
        feed: story.good_rows(feed).filter(pl.col("business_date") == STORY_DAY).height
        for feed in (
            "card_arrest_orders",
            "card_arrest_confirmations",
            "criminal_cases",
            "asset_arrests",
            "wallet_freezes",
            "import_declarations",
            "seizures",
            "field_reports",
            "p2p_orders",
            "crypto_transfers",
        )
    }

    assert min(today.values()) > 0, today


def test_seizures_are_known_from_all_regions_and_some_from_none(story: Delivery) -> None:
    acts = story.good_rows("seizures").filter(during("SEIZED_ON"))

    assert acts["KATO"].drop_nulls().n_unique() == ALL_REGIONS
    assert 0 < acts["KATO"].null_count() < acts.height * 0.05
    assert set(acts["AGENCY"]) == {
        "police",
        "customs",
        "national_security",
        "special_prosecutors",
    }


def test_seizures_told_twice_are_found_by_the_facts_and_only_they(story: Delivery) -> None:
    delivered = story.good_rows("seizures").with_columns(delivery=pl.lit("a"))
    rows = FEED_BY_NAME["seizures"].staged(delivered.lazy()).collect().lazy()
    truth = pl.read_parquet(story.truth / "double_seizures.parquet")
    acts = set(delivered.select(pl.concat_str("AGENCY", "ACT_NO", separator="/")).to_series())
    planted = {
        tuple(sorted((f"{agency}/{act}", f"{first_agency}/{first}")))
        for act, agency, first, first_agency in truth.iter_rows()
    }
    planted = {pair for pair in planted if acts.issuperset(pair)}

    found = seizure_links(seizures=rows).collect()

    assert len(planted) > 300
    assert set(found.select("act_id", "act_id_other").rows()) == planted


def test_what_is_seized_is_what_was_planted_to_the_gram(story: Delivery) -> None:
    delivered = story.good_rows("seizures").with_columns(delivery=pl.lit("a"))
    rows = FEED_BY_NAME["seizures"].staged(delivered.lazy()).collect().lazy()
    seconds = pl.read_parquet(story.truth / "double_seizures.parquet").select("AGENCY", "ACT_NO")
    drugs = pl.col("ASSET") == "drug"
    first = delivered.join(seconds, on=["AGENCY", "ACT_NO"], how="anti").filter(drugs)
    milligrams = (pl.col("NET_KG").cast(pl.Decimal(18, 6)) * 1_000_000).cast(pl.Int64)

    none = {name: accepted(name) for name in FACT_BY_NAME["facts.seizures"].feeds}
    items = FACT_BY_NAME["facts.seizures"].rows(**{**none, "seizures": rows}).collect()

    weighed = items.filter(
        "is_counted", pl.col("asset_code") == "drug", pl.col("quantity").is_null()
    )
    assert weighed["net_g"].sum() == first.select(((milligrams + 500) // 1000).sum()).item()
    acts = delivered.select("AGENCY", "ACT_NO", "OPERATION_NO").unique()
    raids = acts.filter(pl.col("OPERATION_NO").is_not_null())
    joined = seconds.join(acts, on=["AGENCY", "ACT_NO"]).height
    operations = raids["OPERATION_NO"].n_unique()
    assert operations > 20
    assert items["seizure_id"].n_unique() == acts.height - joined - raids.height + operations


def test_what_is_counted_has_its_weight_by_the_factor_of_its_unit(story: Delivery) -> None:
    delivered = story.good_rows("seizures").with_columns(delivery=pl.lit("a"))
    rows = FEED_BY_NAME["seizures"].staged(delivered.lazy()).collect().lazy()
    grams_of_one = {"mdma": 0.3, "methadone": 1.0, "cannabis_plants": 100.0, "lsd": 0.00005}

    none = {name: accepted(name) for name in FACT_BY_NAME["facts.seizures"].feeds}
    items = FACT_BY_NAME["facts.seizures"].rows(**{**none, "seizures": rows}).collect()

    told = items.filter(pl.col("quantity").is_not_null(), pl.col("asset_code") == "drug")
    assert set(told["substance_code"]) == set(grams_of_one)
    for quantity, substance, grams in told.select(
        pl.col("quantity").cast(pl.Float64), "substance_code", "net_g"
    ).iter_rows():
        assert abs(grams - quantity * grams_of_one[substance]) <= 0.5 + 1e-6
    assert items.filter(pl.col("asset_code") == "crypto").height > 10


def test_the_truth_names_the_targets(story: Delivery) -> None:
    words = json.loads((story.truth / "targets.json").read_text(encoding="utf-8"))

    assert words[THE_YEAR_TO_THE_STORY.name]["cards_arrested"] == TARGETS.cards_arrested
