"""Arrests as each register tells them, in the columns that all have in common.

Cards and accounts come from the arrest orders with the banks' answers; property and accounts from
the register of measures; wallets from the exchanges, with the order where the register has one.
"""

import polars as pl

from transforms.arrests.accounts import with_account
from transforms.arrests.cards import is_carried_out
from transforms.arrests.identity import asset_identity, card_identity
from transforms.droppers.parameters import in_force
from transforms.money import total
from transforms.periods import civil_date

ASSET_OF_MEASURE = ("asset_code", "measure_id", "asset_id")

SOURCE_COLUMNS: dict[str, pl.DataType] = {
    "business_date": pl.Date(),
    "asset_code": pl.String(),
    "measure_id": pl.String(),
    "asset_id": pl.String(),
    "told_id": pl.String(),  # as a decision names it: the token alone, where banks share tokens
    "account_id": pl.String(),  # that a card is on; null for others
    "case_no": pl.String(),
    "agency_code": pl.String(),
    "region_code": pl.String(),
    "executor_code": pl.String(),
    "holder_iin": pl.String(),
    "ordered_on": pl.Date(),
    "sent_on": pl.Date(),
    "answered_on": pl.Date(),
    "result_code": pl.String(),
    "term_on": pl.Date(),
    "held_tiyn": pl.Int64(),
    "amount_minor": pl.Int64(),
    "currency_code": pl.String(),
}


def sources(
    card_arrests: pl.LazyFrame,
    account_arrests: pl.LazyFrame,
    asset_arrests: pl.LazyFrame,
    wallet_freezes: pl.LazyFrame,
    *,
    card_arrest_orders: pl.LazyFrame,
    parameters: pl.DataFrame,
) -> pl.LazyFrame:
    """Each asset under each arrest, in `SOURCE_COLUMNS`; what a register does not tell is null.

    Args:
        card_arrests: `facts.card_arrests`.
        account_arrests: `facts.account_arrests`.
        asset_arrests: `facts.asset_arrests`; what is only investigated is no arrest.
        wallet_freezes: `facts.wallet_freezes`.
        card_arrest_orders: accepted rows, the whole feed: on which account each card is.
        parameters: dated numbers of the law.
    """
    crypto = pl.col("asset_code") == "crypto"
    ordered = asset_arrests.filter(pl.col("stage_code") != "under_investigation")
    parts = [
        _cards(card_arrests, card_arrest_orders),
        _accounts(account_arrests),
        _registered(ordered.filter(~crypto), parameters),
        _wallets(wallet_freezes, ordered.filter(crypto), parameters),
    ]
    # Two registers may have one arrest: the first to tell of it, in this order, speaks for it.
    return pl.concat([_whole(part) for part in parts]).unique(
        subset=ASSET_OF_MEASURE, keep="first", maintain_order=True
    )


def _whole(part: pl.LazyFrame) -> pl.LazyFrame:
    told = part.collect_schema()
    absent = [pl.lit(None, t).alias(c) for c, t in SOURCE_COLUMNS.items() if c not in told]
    return part.with_columns(absent).select(
        pl.col(c).cast(dtype) for c, dtype in SOURCE_COLUMNS.items()
    )


def _cards(card_arrests: pl.LazyFrame, card_arrest_orders: pl.LazyFrame) -> pl.LazyFrame:
    """Cards hold no money of their own: what is held is the account's."""
    iban = asset_identity(pl.lit("bank_account"), pl.col("account_iban"))
    return (
        with_account(card_arrests, card_arrest_orders)
        .with_columns(
            account_id=iban,
            asset_code=pl.lit("card"),
            measure_id="order_id",
            asset_id=card_identity(),
            told_id="card_token",
            executor_code="bank_bic",
            answered_on=pl.coalesce("executed_on", "answered_on"),
            result_code=_unless_pending(),
        )
        .drop("held_tiyn")
    )


def _accounts(account_arrests: pl.LazyFrame) -> pl.LazyFrame:
    iban = asset_identity(pl.lit("bank_account"), pl.col("account_iban"))
    return account_arrests.with_columns(
        asset_code=pl.lit("bank_account"),
        measure_id="order_id",
        asset_id=iban,
        told_id=iban,
        executor_code="bank_bic",
        answered_on=civil_date(pl.col("settled_at")),
        result_code=_unless_pending(),
        held_tiyn=pl.when(is_carried_out()).then("held_tiyn"),
        amount_minor="held_tiyn",
        currency_code=pl.lit("KZT"),
    )


def _unless_pending() -> pl.Expr:
    return pl.when(pl.col("status_code") != "pending").then("status_code")


def _registered(asset_arrests: pl.LazyFrame, parameters: pl.DataFrame) -> pl.LazyFrame:
    """An asset without a number of its own is known by its measure."""
    told = asset_identity(pl.col("asset_code"), pl.col("asset_id"))
    is_in_force = pl.col("stage_code") != "ordered"
    return asset_arrests.with_columns(
        asset_id=pl.coalesce(told, "measure_id"),
        told_id=told,
        ordered_on="arrested_on",
        answered_on=pl.when(is_in_force).then("arrested_on"),
        result_code=pl.when(is_in_force).then(pl.lit("executed")),
        term_on=last_day_of_order(parameters),
        held_tiyn="value_tiyn",
    )


def last_day_of_order(parameters: pl.DataFrame) -> pl.Expr:
    """The last day that the order names; of a restriction at most that of the law."""
    most = in_force(parameters, "property_restriction_days", pl.col("arrested_on"))
    of_law = pl.col("arrested_on") + pl.duration(days=most)
    is_restricted = pl.col("stage_code") == "restricted"
    return pl.when(is_restricted).then(pl.min_horizontal("term_on", of_law)).otherwise("term_on")


def _wallets(
    wallet_freezes: pl.LazyFrame, ordered: pl.LazyFrame, parameters: pl.DataFrame
) -> pl.LazyFrame:
    """One row a wallet and measure: the exchange's word, beside the order of the case for it."""
    wallet, of_case = pl.lit("wallet"), ["case_no", "asset_id"]
    orders = (
        ordered.drop_nulls("asset_id")
        .with_columns(
            asset_id=asset_identity(wallet, pl.col("asset_id")),
            term_on=last_day_of_order(parameters),
        )
        .sort("arrested_on", "measure_id")
        .unique(subset=of_case, keep="first", maintain_order=True)
        .select(
            *of_case, "agency_code", "term_on", "arrested_on", *(_of_order(c) for c in _OF_BOTH)
        )
    )
    measure = ["measure_id", "asset_id"]
    frozen = (
        wallet_freezes.with_columns(asset_id=asset_identity(wallet, pl.col("address")))
        .sort(*measure, "frozen_on", "asset_code", "address")
        .group_by(measure, maintain_order=True)
        .agg(
            pl.col("case_no", "business_date", "region_code", "frozen_on").first(),
            is_arrested=(pl.col("stage_code") == "arrested").any(),
            held_tiyn=total("value_tiyn"),
        )
    )
    executed = pl.when("is_arrested")
    both = frozen.join(orders, on=of_case, how="full", coalesce=True, validate="m:1").with_columns(
        pl.coalesce(c, f"ordered_{c}").alias(c) for c in _OF_BOTH
    )
    # The number of an order may be that of a freeze for another case: then the freeze is first.
    in_order = both.sort(*measure, "frozen_on", "arrested_on", "case_no", nulls_last=True)
    return in_order.with_columns(
        asset_code=wallet,
        told_id="asset_id",
        ordered_on=pl.coalesce("arrested_on", "frozen_on"),
        sent_on="frozen_on",
        answered_on=executed.then("frozen_on"),
        result_code=executed.then(pl.lit("executed")),
        held_tiyn=executed.then("held_tiyn"),
        amount_minor="held_tiyn",
        currency_code=pl.lit("KZT"),
    )


def _of_order(column: str) -> pl.Expr:
    return pl.col(column).alias(f"ordered_{column}")


_OF_BOTH = ("measure_id", "business_date", "region_code")
