"""Rules that one file cannot keep or break alone: what a night's rows say beside other rows.

They warn, and set nothing aside: which of two feeds is wrong is for people to find out. Rows of
the night's own business date are judged; what they are held against may be of any date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from transforms.contracts import Column, Table

AGAIN_WITHIN = timedelta(days=7)
"""How far back a transaction is looked for that a bank sends twice."""


_MOST_LINES = 20

Frames = Mapping[str, pl.LazyFrame]

CROSS_CHECKS_TABLE = Table(
    name="cross_checks",
    grain="one rule between feeds and one delivery of one night that breaks it",
    key=("night", "code", "institution", "delivery"),
    partitioned_by=("night",),
    columns=(
        Column("night", pl.Date(), "Business date of the rows."),
        Column("code", pl.String(), "Rule."),
        Column("feed", pl.String(), "Feed whose rows are judged."),
        Column("institution", pl.String(), "Who delivered them."),
        Column("delivery", pl.String(), "SHA-256 of the file, hexadecimal."),
        Column("rows_broken", pl.Int64(), "Accepted rows that break the rule.", unit="rows"),
        Column("lines", pl.List(pl.Int64()), "The first of them, as rows of the file."),
    ),
)


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """A rule between feeds.

    `broken` gives, of the night's rows of the first of `feeds`, those that break it. It gets the
    night's rows as `tonight`, and all accepted rows of each feed by its name.
    """

    code: str
    says: str
    source: str
    feeds: tuple[str, ...]
    broken: Callable[[pl.LazyFrame, Frames, date], pl.LazyFrame]

    def found(self, accepted: Frames, night: date) -> pl.LazyFrame:
        """`CROSS_CHECKS_TABLE` for one night."""
        tonight = accepted[self.feeds[0]].filter(pl.col("business_date") == night)
        return (
            self.broken(tonight, accepted, night)
            .group_by("institution", "delivery")
            .agg(
                rows_broken=pl.len().cast(pl.Int64),
                lines=pl.col("line").bottom_k(_MOST_LINES).sort(),
            )
            .with_columns(night=pl.lit(night), code=pl.lit(self.code), feed=pl.lit(self.feeds[0]))
            .select(CROSS_CHECKS_TABLE.schema.names())
        )


def _confirmation_without_order(
    tonight: pl.LazyFrame, accepted: Frames, _night: date
) -> pl.LazyFrame:
    return tonight.join(accepted["card_arrest_orders"], on=["order_id", "card_token"], how="anti")


def _transaction_again(tonight: pl.LazyFrame, accepted: Frames, night: date) -> pl.LazyFrame:
    earlier = accepted["card_transactions"].filter(
        (pl.col("business_date") < night) & (pl.col("business_date") >= night - AGAIN_WITHIN)
    )
    key = ["institution", "transaction_id"]
    # What is held in memory is the night, not the week.
    again = earlier.select(key).join(tonight.select(key), on=key, how="semi")
    return tonight.join(again, on=key, how="semi")


def _account_not_in_reference(
    tonight: pl.LazyFrame, accepted: Frames, _night: date
) -> pl.LazyFrame:
    """Of banks that have sent a reference of accounts; the others cannot be held to it."""
    key = ["institution", "account_iban"]
    told = accepted["account_holders"].select("institution", account_iban="account_id")
    # What is held in memory are the accounts of the night, not those of every reference sent.
    known = told.join(tonight.select(key).unique(), on=key, how="semi").unique()
    heard = told.select("institution").unique()
    return tonight.join(heard, on="institution", how="semi").join(known, on=key, how="anti")


def _case_not_registered(tonight: pl.LazyFrame, accepted: Frames, _night: date) -> pl.LazyFrame:
    return tonight.filter(pl.col("case_no").is_not_null()).join(
        accepted["criminal_cases"], on="case_no", how="anti"
    )


_STATEMENT = ["institution", "account_id", "currency_code", "business_date", "statement_id"]


def _statements(movements: pl.LazyFrame) -> pl.LazyFrame:
    """Opening and closing balance of each statement, what moved, and where its first row is."""
    sign = pl.when(pl.col("direction_code") == "debit").then(-1).otherwise(1)
    moved = pl.col("amount") * sign
    return movements.group_by(_STATEMENT).agg(
        pl.col("opening_balance", "closing_balance").first(),
        moved=moved.filter(pl.col("status_code") == "booked").sum(),
        delivery=pl.col("delivery").first(),
        line=pl.col("line").min(),
    )


def _balance_not_reached(tonight: pl.LazyFrame, _accepted: Frames, _night: date) -> pl.LazyFrame:
    return _statements(tonight).filter(
        pl.col("opening_balance") + pl.col("moved") != pl.col("closing_balance")
    )


def _balance_not_continued(tonight: pl.LazyFrame, accepted: Frames, night: date) -> pl.LazyFrame:
    account = ["institution", "account_id", "currency_code"]
    earlier = accepted["account_movements"].filter(pl.col("business_date") < night)
    before = (
        _statements(earlier.join(tonight, on=account, how="semi"))
        .drop_nulls("closing_balance")
        .sort("business_date")
        .group_by(account)
        .agg(
            # Of several statements of one day it is not known which was the last.
            closed=pl.col("closing_balance")
            .filter(pl.col("business_date") == pl.col("business_date").max())
            .unique()
        )
    )
    return (
        _statements(tonight)
        .join(before, on=account, how="inner", validate="m:1")
        .filter(~pl.col("opening_balance").is_in(pl.col("closed")))
    )


_CASES = "Rules of the Unified Register of Pre-trial Investigations (parts assumed)"
_STATEMENTS = "ISO 20022, camt.053, Bal: opening and closing booked balance"

CROSS_CHECKS: tuple[CrossCheck, ...] = (
    CrossCheck(
        "XCK-01",
        "The order that a bank answers is in the register, with this card.",
        "Exchange agreement, annex 3 (assumed)",
        ("card_arrest_confirmations", "card_arrest_orders"),
        _confirmation_without_order,
    ),
    CrossCheck(
        "XCK-02",
        "A transaction is sent once: its number was not in a file of the seven days before.",
        "Exchange agreement, annex 2 (assumed)",
        ("card_transactions",),
        _transaction_again,
    ),
    CrossCheck(
        "XCK-03",
        "The account of a transaction is in the bank's own reference of accounts.",
        "Exchange agreement, annex 2 (assumed)",
        ("card_transactions", "account_holders"),
        _account_not_in_reference,
    ),
    CrossCheck(
        "XCK-04",
        "The case of a card arrest order is in the register of cases.",
        _CASES,
        ("card_arrest_orders", "criminal_cases"),
        _case_not_registered,
    ),
    CrossCheck(
        "XCK-05",
        "The case of an asset arrest is in the register of cases.",
        _CASES,
        ("asset_arrests", "criminal_cases"),
        _case_not_registered,
    ),
    CrossCheck(
        "XCK-06",
        "The opening balance of a statement and its booked entries make its closing balance.",
        _STATEMENTS,
        ("account_movements",),
        _balance_not_reached,
    ),
    CrossCheck(
        "XCK-07",
        "A statement opens with the balance that the account's one before it closed with.",
        _STATEMENTS,
        ("account_movements",),
        _balance_not_continued,
    ),
)

FEEDS_JUDGED = tuple(dict.fromkeys(feed for check in CROSS_CHECKS for feed in check.feeds))
CROSS_CHECK_BY_CODE = {check.code: check for check in CROSS_CHECKS}


def cross_checks(accepted: Frames, night: date) -> pl.LazyFrame:
    """Every rule that is broken by rows of the night.

    Args:
        accepted: accepted rows of all feeds that the rules name, by name.
        night: the business date.

    Returns:
        `CROSS_CHECKS_TABLE`.
    """
    found = pl.concat(check.found(accepted, night) for check in CROSS_CHECKS)
    return found.sort("code", "institution", "delivery").pipe(CROSS_CHECKS_TABLE.require)
