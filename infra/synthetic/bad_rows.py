"""Rows planted to be set aside: copies of good ones, each broken in one way.

They come on top of what the figures count, in the last week before the story's day, and are never
more than a twentieth of a file.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from infra.synthetic.scenario import STORY_DAY
from infra.synthetic.told import EVENT_ON, INSTITUTION, WHY_BAD, Told

_PLACE = "_place"


@dataclass(frozen=True, slots=True)
class _Broken:
    """One way to break a row, on which days before the story's, and in whose file."""

    feed: str
    institution: str
    days_before: tuple[int, ...]
    reason: str
    cells: dict[str, pl.Expr]


def _other(column: str, digit: int = -1) -> pl.Expr:
    """The number with another control digit."""
    last = (pl.col(column).str.slice(digit).cast(pl.Int64, strict=False) + 1) % 10
    return pl.col(column).str.head(digit) + last.cast(pl.String)


def _turned(column: str) -> pl.Expr:
    """Another card's token."""
    return pl.lit("tok_") + pl.col(column).str.slice(4).str.reverse()


def _raised(column: str, by: int) -> pl.Expr:
    return (pl.col(column).cast(pl.Int64) + by).cast(pl.String)


_NEW_TRANSACTION = {"TXN_ID": pl.col("TXN_ID").str.head(10) + "9" + pl.col("TXN_ID").str.slice(11)}
_NEW_CARD = {"CARD_TOKEN": _turned("CARD_TOKEN")}
_NEW_ITEM = {"ITEM_NO": _raised("ITEM_NO", 40)}
_THREE_DECIMALS = pl.lit("18250.125")

_WRONG_IIN = "the IIN's control digit is wrong"
_DECIMALS = "the amount has three decimals"
_NO_REGION = "there is no region 99"
_NO_ORDER = "the order has no number"

_BROKEN = (
    _Broken(
        "card_transactions",
        "CASPKZKA",
        (2, 1, 0),
        _WRONG_IIN,
        {**_NEW_TRANSACTION, "IIN": _other("IIN")},
    ),
    _Broken(
        "card_transactions",
        "HSBKKZKX",
        (2, 1, 0),
        _DECIMALS,
        {**_NEW_TRANSACTION, "AMOUNT": _THREE_DECIMALS},
    ),
    _Broken("card_arrest_orders", "kpssu", (6, 3), _NO_REGION, {**_NEW_CARD, "KATO": pl.lit("99")}),
    _Broken(
        "card_arrest_orders", "kpssu", (5, 0), _NO_ORDER, {**_NEW_CARD, "ORDER_NO": pl.lit("")}
    ),
    _Broken("card_arrest_orders", "kpssu", (4, 0), _WRONG_IIN, {**_NEW_CARD, "IIN": _other("IIN")}),
    _Broken(
        "card_arrest_confirmations",
        "CASPKZKA",
        (6, 4, 0),
        "there is no result «done»",
        {**_NEW_CARD, "RESULT": pl.lit("done")},
    ),
    _Broken(
        "card_arrest_confirmations",
        "HSBKKZKX",
        (5, 0),
        _DECIMALS,
        {**_NEW_CARD, "HELD_KZT": _THREE_DECIMALS},
    ),
    _Broken(
        "criminal_cases",
        "kpssu",
        (5, 3),
        "the register number has 14 digits",
        {"CASE_NO": pl.col("CASE_NO").str.head(14)},
    ),
    _Broken(
        "criminal_cases",
        "kpssu",
        (0,),
        _NO_REGION,
        {
            "KATO": pl.lit("99"),
            "CASE_NO": pl.col("CASE_NO").str.head(9) + "9" + pl.col("CASE_NO").str.slice(10),
        },
    ),
    _Broken(
        "asset_arrests",
        "kpssu",
        (5, 0),
        _DECIMALS,
        {"MEASURE_NO": pl.col("MEASURE_NO") + "-2", "AMOUNT": _THREE_DECIMALS},
    ),
    _Broken(
        "import_declarations",
        "kgd",
        (6, 0),
        "the HS code holds letters",
        {**_NEW_ITEM, "HS_CODE": pl.lit("29I4AA0000")},
    ),
    _Broken(
        "import_declarations",
        "kgd",
        (5, 3),
        "the weight is negative",
        {**_NEW_ITEM, "NET_KG": pl.lit("-") + pl.col("NET_KG")},
    ),
    _Broken(
        "precursor_licences",
        "mvd",
        (5, 5),
        "the licence ends before it begins",
        {"LICENCE_NO": pl.col("LICENCE_NO") + "-К", "VALID_TO": pl.lit("2025-01-31")},
    ),
    _Broken(
        "seizures",
        "mvd",
        (6, 3),
        "the weight is negative",
        {
            **_NEW_ITEM,
            "ASSET": pl.lit("drug"),
            "SUBSTANCE": pl.lit("hashish"),
            "NET_KG": pl.lit("-0.350000"),
            "AMOUNT": pl.lit(None, pl.String),
            "CURRENCY": pl.lit(None, pl.String),
        },
    ),
    _Broken(
        "field_reports",
        "gp",
        (5, 3),
        _NO_REGION,
        {"LINE_NO": _raised("LINE_NO", 40), "KATO": pl.lit("99")},
    ),
    _Broken(
        "crypto_transfers",
        "EXCH01",
        (1, 0),
        "the address's checksum is wrong",
        {
            "id": pl.col("id") + "A",
            "network": pl.lit("tron"),
            "asset": pl.lit("USDT"),
            "address": pl.lit("TJCnKsPa7y5okkXvQAidZBzqx3QyQ6sxMX"),
        },
    ),
    _Broken(
        "p2p_orders",
        "EXCH01",
        (1, 0),
        _WRONG_IIN,
        {"order_no": pl.col("order_no") + "A", "taker_iin": _other("taker_iin")},
    ),
)


def with_bad_rows(told: Told) -> Told:
    """The rows told, with the planted bad ones among them and why they are bad."""
    rows = told.rows.with_row_index(_PLACE).with_columns(
        pl.col(_PLACE).cast(pl.Float64), pl.lit(None, pl.String).alias(WHY_BAD)
    )
    broken = [
        _copy(rows, broken, STORY_DAY - timedelta(days=days), turn)
        for broken in _BROKEN
        if broken.feed == told.feed
        for turn, days in enumerate(broken.days_before)
    ]
    every = pl.concat([rows, *broken]).sort(_PLACE, maintain_order=True)
    return Told(told.feed, every.drop(_PLACE))


def _copy(rows: pl.DataFrame, broken: _Broken, day: date, turn: int) -> pl.DataFrame:
    of_the_day = rows.filter(pl.col(EVENT_ON) == day, pl.col(INSTITUTION) == broken.institution)
    return of_the_day.slice(of_the_day.height * (turn + 2) // (turn + 5), 1).with_columns(
        pl.col(_PLACE) + 0.5, pl.lit(broken.reason).alias(WHY_BAD), **broken.cells
    )
