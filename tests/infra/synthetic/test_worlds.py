"""A world for measuring detectors: rows that banks could send, and the truth behind them."""

from datetime import date, timedelta
from functools import cache

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from expectations.screen import screen
from expectations.suites import SUITE_BY_FEED
from infra.synthetic.worlds import AGE_AHEAD_YEARS, World, world
from infra.synthetic.worlds.grey_zone import GREY_ZONE
from transforms.droppers.evaluation import TRUTH
from transforms.droppers.window_figures import age_years
from transforms.feeds import FEED_BY_NAME
from transforms.trail.bank_legs import told_by_banks
from transforms.trail.transfers import transfers

SINCE = date(2025, 6, 2)
DAYS = 34
TYPOLOGIES = 13
OF_PEOPLE = ("card_transactions", "p2p_orders", "crypto_transfers")
OF_TRAILS = (*OF_PEOPLE, "crypto_prices", "exchange_rates")
FEEDS = (*OF_TRAILS, "account_holders")
INNOCENT_KINDS = {
    "salaried",
    "pensioner",
    "student",
    "self-employed",
    "landlord",
    "seller",
    "driver",
    "treasurer",
    "crypto hobbyist",
    "quiet saver",
    "shop",
    "collection",
    "charity",
    "money changer",
    *GREY_ZONE,
    "fleet boss",
}


@cache
def small(seed: int = 1, days: int = DAYS) -> World:
    return world(seed, days=days, people=600, networks=TYPOLOGIES, since=SINCE)


def of(typology: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Transfers and members of one typology's network."""
    truth = small().truth
    return (
        truth.transfers.filter(typology=typology),
        truth.members.filter(typology=typology),
    )


def almaty_hour() -> pl.Expr:
    return pl.col("at").dt.convert_time_zone("Asia/Almaty").dt.hour()


@pytest.mark.parametrize("feed", FEEDS)
def test_rows_have_the_schema_of_what_was_accepted(feed: str) -> None:
    rows = getattr(small(), feed)

    assert rows.schema == FEED_BY_NAME[feed].accepted_table.schema
    assert rows["as_delivered"].null_count() == rows.height > 0


@pytest.mark.parametrize("feed", (*OF_PEOPLE, "account_holders"))
def test_no_row_breaks_a_rule_that_rejects(feed: str) -> None:
    rows = getattr(small(), feed)

    screened = screen(rows.lazy(), SUITE_BY_FEED[feed])

    assert screened.quarantined.collect().height == 0


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    again = world(1, days=5, people=600, networks=TYPOLOGIES, since=SINCE)

    assert_frame_equal(again.card_transactions, small(days=5).card_transactions)
    assert_frame_equal(again.truth.transfers, small(days=5).truth.transfers)
    other = small(seed=2, days=5).card_transactions
    assert not set(other["account_iban"]) & set(again.card_transactions["account_iban"])


@pytest.mark.parametrize("feed", OF_PEOPLE)
def test_a_shorter_world_is_the_beginning_of_a_longer_one(feed: str) -> None:
    short, long = getattr(small(days=5), feed), getattr(small(), feed)

    within = long.filter(pl.col("business_date") < SINCE + timedelta(days=5))

    key = list(FEED_BY_NAME[feed].key)
    assert_frame_equal(within.sort(key), short.sort(key))


def test_too_small_a_world_is_not_made() -> None:
    with pytest.raises(ValueError, match="at least 300 people"):
        world(1, days=5, people=50, networks=1, since=SINCE)


def test_the_truth_knows_every_account_that_banks_tell_of() -> None:
    truth = small().truth.accounts

    assert truth.schema == TRUTH.schema
    told = set(small().card_transactions["account_iban"])
    assert set(truth["account_iban"]) == told
    assert truth["account_iban"].is_unique().all()
    assert truth.filter("is_member")["network"].n_unique() == TYPOLOGIES
    assert set(truth.filter(~pl.col("is_member"))["role"]) >= INNOCENT_KINDS


def test_every_planted_transfer_stands_in_the_rows_of_a_bank() -> None:
    rows = small().card_transactions.with_columns(
        transfer_id=pl.concat_str("institution", "transaction_id", separator="/")
    )

    found = small().truth.transfers.join(rows, on="transfer_id", how="left", validate="1:1")

    assert (found["amount_tiyn"] == found["amount_minor"]).all()
    assert (found["at"] == found["booked_at"]).all()
    assert (
        found.select(pl.coalesce("from_iban", "to_iban") == pl.col("account_iban"))
        .to_series()
        .all()
    )


def test_every_planted_transfer_is_one_of_the_trails_transfers() -> None:
    a_world = small(days=5)
    feeds = {feed: getattr(a_world, feed).lazy() for feed in OF_TRAILS}

    fiat = FEED_BY_NAME["fiat_transfers"].accepted_table
    by_banks = told_by_banks(feeds.pop("card_transactions"))
    told = transfers(by_banks, **feeds, fiat_transfers=pl.LazyFrame(schema=fiat.schema)).collect()

    found = a_world.truth.transfers.join(told, on="transfer_id", how="left", validate="1:1")
    assert (found["amount_tiyn"] == found["amount_tiyn_right"]).all()
    is_between_accounts = pl.col("step").is_in(["payment", "collection", "delivery", "share"])
    between = found.filter(is_between_accounts)
    assert (between["to_iban"] == between["to_id"]).all()


def test_nobody_of_a_network_passes_on_more_than_came_or_before_it_came() -> None:
    truth = small().truth
    # What recruits are tried with is the operator's own.
    moved = truth.transfers.filter(pl.col("step") != "test").with_row_index("turn")

    entries = pl.concat(
        [
            moved.select("turn", "at", account_iban="to_iban", change="amount_tiyn"),
            moved.select("turn", "at", account_iban="from_iban", change=-pl.col("amount_tiyn")),
        ]
    )
    balances = (
        entries.join(truth.members, on="account_iban", how="semi")
        .sort("at", "change", descending=[False, True])
        .with_columns(balance=pl.col("change").cum_sum().over("account_iban"))
    )

    assert balances["balance"].min() == 0


def test_people_are_as_old_as_their_kind_of_life() -> None:
    truth, rows = small().truth, small().card_transactions
    ages = (
        rows.select("account_iban", "holder_iin")
        .unique()
        .with_columns(age=age_years(pl.col("holder_iin"), SINCE) - AGE_AHEAD_YEARS)
        .join(truth.accounts, on="account_iban", validate="1:1")
    )

    recruits = ages.filter(pl.col("network") == "recruits-1", pl.col("role") == "dropper")["age"]
    pensioners = ages.filter(pl.col("role") == "pensioner")["age"]

    assert recruits.is_between(17, 22).all()
    assert pensioners.is_between(62, 84).all()
    assert ages.filter(pl.col("role") == "charity")["age"].null_count() == 1


def test_sums_run_through_a_chain_within_minutes() -> None:
    moved, _ = of("pass_through")

    hops = moved.filter(pl.col("step").str.starts_with("hop")).sort("at")
    onward = hops.join(moved, left_on="to_iban", right_on="from_iban").filter(
        pl.col("at_right").is_between(pl.col("at"), pl.col("at") + pl.duration(minutes=10)),
        pl.col("amount_tiyn_right") < pl.col("amount_tiyn"),
    )

    assert set(hops["step"]) >= {"hop 1", "hop 2", "hop 6"}
    assert onward["transfer_id"].n_unique() == hops.height


def test_what_is_scattered_is_gathered_the_same_day() -> None:
    moved, _ = of("scatter_gather")

    scattered, gathered = (moved.filter(step=step) for step in ("scatter", "gather"))

    assert 5 * (DAYS - 1) <= scattered.height == gathered.height
    assert set(scattered["to_iban"]) == set(gathered["from_iban"])


def test_structured_sums_lie_just_under_the_thresholds() -> None:
    moved, _ = of("structuring")

    sent = moved.filter(step="collection")["amount_tiyn"]
    cash = moved.filter(step="cash")["amount_tiyn"]

    assert (sent.is_between(440_000_00, 499_000_00)).mean() > 0.8  # type: ignore[operator]
    assert (cash.is_between(185_000_00, 199_000_00)).mean() > 0.7  # type: ignore[operator]


def test_couriers_take_cash_at_night() -> None:
    moved, members = of("night_cash")

    cash = moved.filter(step="cash")

    assert set(cash["from_iban"]) == set(members.filter(role="courier")["account_iban"])
    assert cash.select(almaty_hour().is_between(0, 5)).to_series().all()


def test_takings_become_crypto_of_the_networks_wallets() -> None:
    moved, members = of("p2p_cash_out")
    operators = members.filter(role="operator")["iin"]

    orders = small().p2p_orders.filter(pl.col("taker_iin").is_in(operators.to_list()))
    out = small().crypto_transfers.filter(pl.col("user_iin").is_in(operators.to_list()))

    paid = moved.filter(step="crypto")
    assert abs(orders.height - paid.height) <= 1
    assert orders["amount_minor"].sum() == pytest.approx(paid["amount_tiyn"].sum(), rel=0.02)
    wallets = small().truth.networks.filter(typology="p2p_cash_out")["wallets"].explode()
    assert set(out["address"]) == set(wallets)


def test_dormant_accounts_sleep_before_they_burst() -> None:
    moved, members = of("dormant_burst")
    rows = small().card_transactions.join(members.filter(role="dropper"), on="account_iban")

    gaps = rows.sort("business_date").select(
        gap=pl.col("business_date").diff().dt.total_days().over("account_iban")
    )

    awake = moved.filter(step="delivery")["from_iban"].n_unique()
    assert gaps.filter(pl.col("gap") > 14).height >= awake - 1 >= 4


def test_a_holder_of_many_cards_brings_together_what_came_to_many_banks() -> None:
    moved, members = of("many_cards")
    holders = members.filter(role="dropper").group_by("iin").agg(pl.col("bank_bic").n_unique())

    own = moved.filter(step="own").join(members, left_on="from_iban", right_on="account_iban")

    assert holders["bank_bic"].to_list() == [5, 5, 5]
    assert own.filter(role="dropper")["iin"].n_unique() == 3


def test_all_droppers_of_one_network_are_led_from_one_device() -> None:
    _, members = of("shared_device")
    rows = small().card_transactions.join(members.filter(role="dropper"), on="account_iban")

    assert rows["device_id"].drop_nulls().n_unique() == 1
    assert rows["account_iban"].n_unique() == 10


def test_the_slow_network_holds_money_for_days() -> None:
    moved, _ = of("slow")
    came, went = (moved.filter(step=step) for step in ("payment", "collection"))

    assert went["at"].min() - came["at"].min() >= timedelta(days=1)  # type: ignore[operator]
    assert came.height < small().truth.transfers.filter(step="payment").height / 30


def test_money_of_a_round_trip_comes_home() -> None:
    moved, members = of("round_trip")
    home = members.filter(role="organizer")["account_iban"].item()

    rounds = moved.filter(pl.col("step").str.starts_with("round"))

    back = rounds.filter(to_iban=home)["amount_tiyn"].sum()
    assert back > 0.85 * rounds.filter(from_iban=home)["amount_tiyn"].sum() > 0


def test_recruits_start_one_handful_after_the_other() -> None:
    _, members = of("recruits")

    starts = members.filter(role="dropper").drop_nulls("first_on")["first_on"].value_counts()

    waves = [SINCE + timedelta(days=n) for n in (3, 15, 27)]
    assert sorted(starts["first_on"]) == waves
    assert set(starts["count"]) == {5}


def test_a_bag_of_cards_is_emptied_card_by_card_at_one_machine() -> None:
    moved, members = of("card_bag")
    rows = small().card_transactions.join(members.filter(role="dropper"), on="account_iban")

    cash = rows.filter(operation_code="cash_withdrawal").sort("booked_at")

    evenings = cash.group_by("business_date").agg(
        pl.col("machine_id").n_unique(), pl.col("account_iban").n_unique()
    )
    assert moved.filter(step="cash").height == cash.height
    assert (evenings["machine_id"] == 1).all()
    assert evenings["account_iban"].mean() > 3  # type: ignore[operator]


def test_households_hostels_and_bought_sims_share_what_banks_are_told() -> None:
    told, truth = small().account_holders, small().truth.accounts
    known = told.join(truth, left_on="account_id", right_on="account_iban", validate="1:1")
    innocents = known.filter(~pl.col("is_member"))

    persons = pl.col("holder_iin").n_unique()
    assert innocents.group_by("phone").agg(n=persons)["n"].max() > 1  # type: ignore[operator]
    assert innocents.group_by("postal_address").agg(n=persons)["n"].max() > 5  # type: ignore[operator]
    bought = known.filter(scheme="shared_device", role="dropper")
    assert bought["phone"].n_unique() < bought.height


def test_nobody_uses_an_account_before_it_is_opened() -> None:
    first = small().card_transactions.group_by("account_iban").agg(pl.col("business_date").min())

    used = first.join(small().account_holders, left_on="account_iban", right_on="account_id")

    assert used.filter(pl.col("opened_on") > SINCE).height > 0
    assert (used["business_date"] >= used["opened_on"]).all()
