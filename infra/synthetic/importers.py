"""What the register of legal entities answers about importers, and whom it makes suspicious."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from infra.synthetic.dice import mixed, number
from infra.synthetic.goods import company_name
from infra.synthetic.identities import iins
from infra.synthetic.scenario import FIRST_DAY
from infra.synthetic.told import EVENT_ON, INSTITUTION, Told

_NEW, _UNKNOWN, _OF = 0, 1, 9
_DAYS_NEW = 40


def legal_entities(seed: int, goods: pl.DataFrame, planted: pl.DataFrame) -> Told:
    """Every consignee once, told on the day of its first import.

    Of nine who import without a licence one was founded forty days before its first violation,
    and one the register does not know; all others stand for years.

    Args:
        goods: `firm`, `CONSIGNEE_BIN` and the day of each item.
        planted: `firm` and `on` of each violation.
    """
    firms = goods.group_by("firm", "CONSIGNEE_BIN").agg(pl.col(EVENT_ON).min()).sort("firm")
    first = dict(planted.group_by("firm").agg(pl.col("on").min()).iter_rows())
    numbers = firms["firm"].to_list()
    chance = mixed(np.array(numbers), number(seed, "heads of firms"))
    told = {
        "HEAD_IIN": iins(chance),
        "ADDRESS": pl.Series([f"ул. Абая, {1 + n % 180}, офис {n}" for n in numbers]),
        "NAME": pl.Series([company_name(n) for n in numbers]),
    }
    rows = firms.with_columns(
        STATUS=pl.Series(["not_found" if is_unknown(n, first) else "active" for n in numbers]),
        REGISTERED_ON=pl.Series([_founded(n, first) for n in numbers], dtype=pl.Date).cast(
            pl.String
        ),
        ENDED_ON=pl.lit(None, pl.String),
        **{INSTITUTION: pl.lit("minjust")},
    ).rename({"CONSIGNEE_BIN": "BIN"})
    rows = rows.with_columns(**told).with_columns(
        pl.when(pl.col("STATUS") == "active").then(pl.col(*told)).name.keep()
    )
    return Told("legal_entities", rows.drop("firm").sort(EVENT_ON, "BIN", maintain_order=True))


def is_new(firm: int, first_violations: dict[int, date]) -> bool:
    """One of nine violators was founded shortly before."""
    return firm in first_violations and firm % _OF == _NEW


def is_unknown(firm: int, first_violations: dict[int, date]) -> bool:
    """One of nine violators is not in the register."""
    return firm in first_violations and firm % _OF == _UNKNOWN


def _founded(firm: int, first_violations: dict[int, date]) -> date | None:
    if is_unknown(firm, first_violations):
        return None
    if is_new(firm, first_violations):
        return first_violations[firm] - timedelta(days=_DAYS_NEW)
    return FIRST_DAY - timedelta(days=700 + firm * 3)
