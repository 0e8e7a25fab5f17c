"""What becomes of arrests: numbers of the assets, orders for wallets, answers and decisions."""

from datetime import date

import numpy as np
import polars as pl

from infra.synthetic.card_arrests import FIRST_DROPPER
from infra.synthetic.dice import rng
from infra.synthetic.identities import BANKS, bins, clients, digits
from infra.synthetic.scenario import LAST_DAY
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told
from transforms.periods import holidays
from transforms.sentences import sentence

_TERM_DAYS, _SHARE_WITH_TERM = 150, 0.12
_SHARE_EXTENDED = 0.8
_SHARE_IN_A_SECOND_CASE = 0.01
_FIRST_OF_THE_REGISTER = 30_000_000
_REGISTERED = ("real_estate", "vehicle", "business_share")
# Of what is arrested: what becomes of it, and after how many days at least and at most.
_ENDS = {"lifted": (0.07, 20, 120), "confiscated": (0.05, 60, 200), "returned": (0.03, 30, 120)}
_SHARE_OF_CARD_ORDERS_DECIDED = 0.08


def with_numbers(seed: int, told: Told) -> Told:
    """`asset_arrests` with the number of each asset, and the term of some of the orders.

    A few accounts and vehicles are those that another case has arrested already.
    """
    rows, dice = told.rows, rng(seed, "numbers of assets")
    count = rows.height
    chance = dice.random(count)
    own = np.arange(count)
    seconds = chance < _SHARE_IN_A_SECOND_CASE
    # Numbers of droppers are those whose cards are ordered; an earlier row's number is its car's.
    of_account = np.where(seconds, FIRST_DROPPER + own, _FIRST_OF_THE_REGISTER + own)
    of_vehicle = np.where(seconds & (own > 100), own - 100, own)
    banks = np.array(list(BANKS))[own % len(BANKS)]
    accounts = pl.concat(
        clients(bank, of_account[banks == bank], seed).select(
            "iban", row=pl.Series(own[banks == bank])
        )
        for bank in BANKS
    ).sort("row")["iban"]
    numbers = {
        "bank_account": accounts,
        "vehicle": "KZ1AQ5J" + digits(of_vehicle, 10),
        "real_estate": "20-3"
        + digits(own % 90 + 10, 2)
        + "-"
        + digits(own % 997, 3)
        + "-"
        + digits(own, 5),
        "business_share": bins(own, seed),
    }
    has_term = pl.Series(dice.random(count) < _SHARE_WITH_TERM)
    term = pl.col(EVENT_ON).dt.offset_by(f"{_TERM_DAYS}d").cast(pl.String)
    asset = pl.coalesce(
        pl.when(pl.col("ASSET") == kind).then(pl.lit(values)) for kind, values in numbers.items()
    )
    return Told(
        told.feed,
        rows.with_columns(
            ASSET_ID=asset,
            TERM_ON=pl.when(has_term & (pl.col("STAGE") == "arrested")).then(term),
        ),
    )


def with_wallet_orders(told: Told, freezes: Told, cases: pl.DataFrame) -> Told:
    """`asset_arrests` with the order of each frozen wallet; its worth is the exchange's to tell."""
    agencies = cases.select("CASE_NO", "AGENCY")
    wallets = (
        freezes.rows.unique(subset=["case_no", "address"], keep="first", maintain_order=True)
        .join(agencies, left_on="case_no", right_on="CASE_NO", how="left", maintain_order="left")
        .with_row_index("n")
    )
    number = sentence("{}-{}", "measure_id", pl.col("n") + 1)
    orders = wallets.select(
        MEASURE_NO=number,
        CASE_NO="case_no",
        ARRESTED_ON=pl.col(EVENT_ON).cast(pl.String),
        STAGE=pl.lit("ordered"),
        ASSET=pl.lit("crypto"),
        AMOUNT=pl.lit("0.00"),
        CURRENCY=pl.lit("KZT"),
        AGENCY="AGENCY",
        KATO="kato",
        ASSET_ID="address",
        TERM_ON=pl.lit(None, pl.String),
        **{EVENT_ON: pl.col(EVENT_ON), INSTITUTION: pl.lit("kpssu")},
    )
    rows = pl.concat([told.rows, orders.select(told.rows.columns)])
    return Told(told.feed, rows.sort(EVENT_ON, maintain_order=True))


def measure_events(seed: int, assets: Told, orders: Told, answers: Told) -> Told:
    """Answers of the registrar on what it keeps, and decisions on some of all that is arrested."""
    arrested = assets.rows.filter(pl.col("STAGE") == "arrested").select(
        "MEASURE_NO", "ASSET", "ASSET_ID", "TERM_ON", EVENT_ON
    )
    dice = rng(seed, "what becomes of measures")
    found = [
        _answers(dice, arrested),
        _extensions(dice, arrested),
        _ends(dice, arrested),
        _ends(dice, _accounts(dice, orders, answers)),
    ]
    rows = pl.concat(found).filter(pl.col(EVENT_ON) <= LAST_DAY)
    serial = pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6)
    return Told(
        "measure_events",
        rows.sort(EVENT_ON, "MEASURE_NO", "EVENT").select(
            EVENT_NO=pl.lit("Р-") + serial,
            MEASURE_NO="MEASURE_NO",
            ASSET="ASSET",
            ASSET_ID="ASSET_ID",
            EVENT="EVENT",
            HAPPENED_ON=pl.col(EVENT_ON).cast(pl.String),
            UNTIL_ON="UNTIL_ON",
            AMOUNT=pl.lit(None, pl.String),
            CURRENCY=pl.lit(None, pl.String),
            DECISION=pl.when(pl.col("EVENT") == "confiscated").then(
                pl.lit("Суд № ")
                + (pl.int_range(pl.len()) % 17 + 1).cast(pl.String)
                + ", 1-"
                + serial
            ),
            **{EVENT_ON: pl.col(EVENT_ON), INSTITUTION: pl.col(INSTITUTION)},
        ),
    )


_SHAPE = ("MEASURE_NO", "ASSET", "ASSET_ID", "EVENT", "UNTIL_ON", EVENT_ON, INSTITUTION)


def _shaped(rows: pl.DataFrame, *, by: str) -> pl.DataFrame:
    absent = [pl.lit(None, pl.String).alias("UNTIL_ON")] if "UNTIL_ON" not in rows.columns else []
    return rows.with_columns(*absent, pl.lit(by).alias(INSTITUTION)).select(_SHAPE)


def _answers(dice: np.random.Generator, arrested: pl.DataFrame) -> pl.DataFrame:
    kept = arrested.filter(pl.col("ASSET").is_in(_REGISTERED))
    chance, later = pl.Series(dice.random(kept.height)), pl.Series(dice.integers(0, 3, kept.height))
    result = pl.when(chance < 0.004).then(pl.lit("not_found")).otherwise(pl.lit("executed"))
    answered = kept.with_columns(EVENT=result, **{EVENT_ON: _moved(EVENT_ON, later)})
    return _shaped(answered, by="gfc")


def _extensions(dice: np.random.Generator, arrested: pl.DataFrame) -> pl.DataFrame:
    """Most terms are extended in their last days, some are forgotten."""
    with_term = arrested.drop_nulls("TERM_ON").with_columns(_term=pl.col("TERM_ON").str.to_date())
    extended = with_term.filter(pl.Series(dice.random(with_term.height) < _SHARE_EXTENDED))
    decided = _moved("_term", pl.Series(-dice.integers(1, 8, extended.height)))
    until = pl.col("_term").dt.offset_by(f"{2 * _TERM_DAYS}d").cast(pl.String)
    rows = extended.with_columns(EVENT=pl.lit("extended"), UNTIL_ON=until, **{EVENT_ON: decided})
    return _shaped(rows, by="kpssu")


def _ends(dice: np.random.Generator, arrested: pl.DataFrame) -> pl.DataFrame:
    """Of some: one end, on a working day."""
    chance, parts, above = pl.Series(dice.random(arrested.height)), [], 0.0
    for event, (share, soonest, latest) in _ENDS.items():
        chosen = arrested.filter((chance >= above) & (chance < above + share))
        above += share
        later = pl.Series(dice.integers(soonest, latest, chosen.height)).cast(pl.String) + "d"
        day = pl.col(EVENT_ON).dt.offset_by(pl.lit(later))
        parts.append(
            chosen.with_columns(day.alias(EVENT_ON)).with_columns(
                _moved(EVENT_ON, pl.repeat(0, chosen.height, eager=True)).alias(EVENT_ON),
                EVENT=pl.lit(event),
            )
        )
    return _shaped(pl.concat(parts), by="kpssu")


def _accounts(dice: np.random.Generator, orders: Told, answers: Told) -> pl.DataFrame:
    """Accounts of some card orders, from the day of the bank's answer."""
    card = ["ORDER_NO", "CARD_TOKEN"]
    done = answers.rows.filter(pl.col("RESULT").is_in(["executed", "partly"]))
    held = orders.rows.select(*card, "ACCOUNT").join(
        done.select(*card, EVENT_ON), on=card, how="inner", maintain_order="left"
    )
    chosen = held.filter(pl.Series(dice.random(held.height) < _SHARE_OF_CARD_ORDERS_DECIDED))
    return chosen.unique(subset=["ORDER_NO", "ACCOUNT"], keep="first", maintain_order=True).select(
        EVENT_ON,
        MEASURE_NO="ORDER_NO",
        ASSET=pl.lit("bank_account"),
        ASSET_ID="ACCOUNT",
        TERM_ON=pl.lit(None, pl.String),
    )


def _moved(day: str, working_days: pl.Series) -> pl.Expr:
    return pl.col(day).dt.add_business_days(working_days, holidays=_HOLIDAYS, roll="backward")


_HOLIDAYS: list[date] = holidays()
