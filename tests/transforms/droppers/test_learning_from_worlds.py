"""The whole way: simulated worlds, days, windows, a model, and what it finds in an unseen world."""

from datetime import date, timedelta
from functools import cache

import polars as pl

from infra.synthetic.networks import Traffic, members, traffic
from infra.synthetic.transactions import day_of_transactions
from transforms.droppers.activity import account_days, account_links
from transforms.droppers.boosted import model_reasons, model_scores
from transforms.droppers.contacts import CONTACTS
from transforms.droppers.evaluation import TRUTH, evaluation
from transforms.droppers.learned import Model, feature_names, fitted, training_rows
from transforms.droppers.model_card import Way
from transforms.droppers.parameters import parameters_of_activity
from transforms.droppers.window_figures import windows_from_days
from transforms.feeds import FEED_BY_NAME

NIGHT = date(2025, 8, 12)
DAYS = [NIGHT - timedelta(days=n) for n in (2, 1, 0)]
ROWS_A_DAY = 9_000
FEED = FEED_BY_NAME["card_transactions"]
NO_ORDERS = pl.LazyFrame(schema=FEED_BY_NAME["p2p_orders"].accepted_table.schema)
NOBODY = pl.LazyFrame(schema={"account_iban": pl.String})
WAY = Way(
    trees=40,
    most_leaves=8,
    learning_rate=0.1,
    fewest_rows_in_a_leaf=10,
    folds=3,
    least_precision=0.8,
    seed=1,
)


def booked(seed: int, day: date) -> pl.LazyFrame:
    moved: Traffic = traffic(seed, members(seed), day)
    wire = pl.concat(list(day_of_transactions(seed, day, ROWS_A_DAY, moved)))
    return FEED.staged(
        wire.lazy()
        .rename({"_institution": "institution"})
        .with_row_index("line", offset=2)
        .with_columns(
            pl.col("line").cast(pl.Int64), business_date=pl.lit(day), delivery=pl.lit("0" * 64)
        )
    )


@cache
def windows(seed: int) -> pl.DataFrame:
    parameters = parameters_of_activity()
    rows = {day: booked(seed, day).collect() for day in DAYS}
    days = [
        account_days(r.lazy(), NO_ORDERS, parameters=parameters).collect() for r in rows.values()
    ]
    links = [account_links(r.lazy(), parameters=parameters).collect() for r in rows.values()]
    return windows_from_days(
        pl.concat(days).lazy(),
        pl.concat(links).lazy(),
        NIGHT,
        known=NOBODY,
        contacts=pl.LazyFrame(schema=CONTACTS.schema),
        parameters=parameters,
    ).collect()


@cache
def truth(seed: int) -> pl.DataFrame:
    """The truth of all accounts that were seen: those of networks, and everybody else."""
    planted = members(seed).select("network", "role", account_iban="iban", is_member=True)
    return (
        windows(seed)
        .select("account_iban")
        .join(planted, on="account_iban", how="left", validate="1:1")
        .with_columns(
            pl.col("is_member").fill_null(value=False),
            pl.col("role").fill_null("ordinary"),
            scheme=pl.lit(None, pl.String),
        )
        .select(TRUTH.schema.names())
    )


@cache
def model() -> Model:
    worlds = [
        training_rows(windows(seed).lazy(), truth(seed).lazy(), world=f"seed-{seed}")
        for seed in (1, 2)
    ]
    rows = pl.concat(worlds)
    return fitted(rows, features=feature_names(rows), way=WAY, fitted_on=NIGHT)


def test_six_networks_of_two_worlds_are_held_out_whole():
    data = model().card.filter(pl.col("section_code") == "data")

    counts = dict(data.select("name", "value").iter_rows())
    assert counts["networks"] == 6
    assert counts["member_rows"] == sum(t["is_member"].sum() for t in map(truth, (1, 2)))


def test_a_model_finds_the_networks_of_a_world_that_it_has_not_seen():
    seed = 3
    scores = model_scores(windows(seed).lazy(), model().trees, model().steps)
    listed = scores.filter(pl.col("probability") >= 0.5).select(
        "night", "account_iban", score="log_odds"
    )
    no_evidence = pl.LazyFrame(
        schema={
            "night": pl.Date,
            "account_iban": pl.String,
            "typology_code": pl.String,
            "points": pl.Int64,
        }
    )

    found = evaluation(
        listed,
        no_evidence,
        truth(seed).lazy(),
        rule_version=model().version,
        tops=(20,),
        seed=1,
    ).collect()

    whole = found.row(by_predicate=pl.col("part_code") == "list", named=True)
    assert whole["precision"] > 0.8
    assert whole["recall"] > 0.7
    assert found.filter(pl.col("part_code") == "network")["recall"].min() > 0.5


def test_each_listed_account_has_its_reasons():
    seed = 3
    scores = model_scores(windows(seed).lazy(), model().trees, model().steps).collect()
    listed = scores.filter(pl.col("probability") >= 0.5)
    of_listed = windows(seed).lazy().join(listed.lazy(), on="account_iban", how="semi")

    reasons = model_reasons(of_listed, model().trees, most=3).collect()

    assert reasons["account_iban"].n_unique() == listed.height > 0
    strongest = reasons.filter(pl.col("rank") == 1)
    assert (strongest["contribution"] > 0).mean() > 0.9
