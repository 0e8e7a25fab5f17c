"""Short holds on accounts, before their cards were ordered to be arrested, or for nothing."""

import numpy as np
import polars as pl

from infra.synthetic.dice import picks, rng
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told, amount_text
from transforms.periods import holidays

_BEFORE_AN_ORDER = 0.05
_IN_VAIN = 0.03
_FORGOTTEN = 0.04
_ROUND_TO_TIYN = 100_00


def payment_holds(seed: int, orders: pl.DataFrame) -> Told:
    """Each hold as it was first told, and once more when it ended.

    Args:
        orders: rows of `card_arrest_orders` as told: some of their accounts had been held in the
            days before, some for nothing weeks before; a few holds are never ended by anybody.
    """
    dice = rng(seed, "payment holds")
    chance = pl.Series(dice.random(orders.height))
    held = orders.filter(chance < _BEFORE_AN_ORDER + _IN_VAIN)
    is_in_vain = chance.filter(chance < _BEFORE_AN_ORDER + _IN_VAIN) >= _BEFORE_AN_ORDER
    days = pl.Series(dice.integers(0, 5, held.height))
    weeks_before = pl.Series(dice.integers(15, 40, held.height))
    is_forgotten = pl.Series(dice.random(held.height) < _FORGOTTEN)
    amounts = np.exp(dice.normal(11.6, 0.9, held.height)).astype(np.int64) * _ROUND_TO_TIYN
    ended_as = pl.Series(picks(dice, held.height, {"released": 0.6, "returned": 0.4}))
    ended_on = pl.when(is_in_vain).then(_moved(EVENT_ON, -weeks_before)).otherwise(EVENT_ON)
    holds = (
        held.with_columns(
            BLOCKED_BY=pl.Series(picks(dice, held.height, {"bank": 0.7, "anti_fraud_centre": 0.3})),
            AMOUNT_KZT=amount_text(pl.lit(pl.Series(amounts))),
            _ended_on=ended_on,
            _ended_as=pl.when(is_in_vain).then(ended_as).otherwise(pl.lit("arrested")),
            _is_ended=~(is_in_vain & is_forgotten),
        )
        .with_columns(_blocked_on=_moved("_ended_on", -days))
        .sort("_blocked_on", "ACCOUNT", maintain_order=True)
        .with_columns(HOLD_NO=_numbers())
    )
    return Told("payment_holds", _twice(holds).sort(EVENT_ON, maintain_order=True))


def _moved(day: str, working_days: pl.Series) -> pl.Expr:
    return pl.col(day).dt.add_business_days(working_days, holidays=holidays(), roll="backward")


def _numbers() -> pl.Expr:
    year = pl.col("_blocked_on").dt.strftime("%y")
    serial = pl.int_range(1, pl.len() + 1).over(year)
    return pl.lit("АФ-") + serial.cast(pl.String).str.zfill(6) + pl.lit("/") + year


def _twice(holds: pl.DataFrame) -> pl.DataFrame:
    """As held on its first day; as ended on its last."""
    nobody = pl.lit(None, pl.String)
    is_arrested = pl.col("_ended_as") == "arrested"
    begun = holds.with_columns(
        STATUS=pl.lit("held"), ENDED_ON=nobody, ORDER_NO=nobody, on=pl.col("_blocked_on")
    )
    ended = holds.filter("_is_ended").with_columns(
        STATUS="_ended_as",
        ENDED_ON=pl.col("_ended_on").cast(pl.String),
        ORDER_NO=pl.when(is_arrested).then("ORDER_NO"),
        on=pl.col("_ended_on"),
    )
    return pl.concat([begun, ended]).select(
        "HOLD_NO",
        pl.col("_blocked_on").cast(pl.String).alias("BLOCKED_ON"),
        "BLOCKED_BY",
        "BANK_BIC",
        "ACCOUNT",
        "CARD_TOKEN",
        "AMOUNT_KZT",
        "STATUS",
        "ENDED_ON",
        "ORDER_NO",
        "KATO",
        pl.col("on").alias(EVENT_ON),
        pl.lit("nbk").alias(INSTITUTION),
    )
