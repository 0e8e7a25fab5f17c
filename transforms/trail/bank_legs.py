"""What banks tell of their clients' transactions, as transfers between two nodes.

A bank tells its client's side. Where both ends are accounts of reporting banks, both sides come:
the k-th debit and the k-th credit between the same two accounts, in the same amount on the same
day, are one transfer; a side without a partner stands alone.
"""

import polars as pl

from transforms.droppers.movements import each_once
from transforms.feeds.feed import PROVENANCE
from transforms.periods import civil_date
from transforms.trail.client_accounts import with_clients_of_exchanges
from transforms.valuation import TENGE, tiyn_of, with_rate

_TRANSACTION = ("institution", "transaction_id")
_PAIR = ("business_date", "from_iban", "to_iban", "amount_minor", "currency_code")
_CASH = ("cash_withdrawal", "cash_deposit")
_PAYS_PEOPLE = ("salary", "social_payment")
_IS_PAID = ("utility", "purchase", "exchange_topup")
_NOT_NEEDED = (
    *(c.name for c in PROVENANCE if c.name not in ("business_date", "institution")),
    "device_id",
    "channel_code",
    "card_token",
    "purpose_code",
)
_BIN = r"^\d{4}[456]\d{7}$"
_SIDES = ("from", "to")


def told_by_banks(
    card_transactions: pl.LazyFrame, twice: pl.DataFrame | None = None
) -> pl.LazyFrame:
    """Both sides of a transfer as one movement between two nodes, in no order.

    Args:
        card_transactions: accepted rows, all that were booked on the days wanted between the same
            two accounts; a transaction delivered again is taken from its first delivery.
        twice: which may be told twice, as `told_twice` gives them; without it they are looked for.
    """
    return (
        card_transactions.pipe(rows_once, twice)
        .with_columns(business_date=civil_date(pl.col("booked_at")))
        .pipe(_sides)
        .pipe(_paired)
        .pipe(_with_nodes)
    )


def bank_legs(
    told: pl.LazyFrame, fiat_transfers: pl.LazyFrame, exchange_rates: pl.LazyFrame
) -> pl.LazyFrame:
    """Rows of `facts.transfers` from banks, in no order.

    Args:
        told: as `told_by_banks` gives them, of all accounts.
        fiat_transfers: accepted rows of exchanges of the same days.
        exchange_rates: accepted rows, the whole feed.
    """
    moved = told.pipe(with_clients_of_exchanges, fiat_transfers)
    is_tenge = pl.col("currency_code") == TENGE
    # Nearly all: whoever looks for a rate sorts its rows, which are then all in memory.
    at_a_rate = (
        moved.filter(~is_tenge)
        .pipe(with_rate, exchange_rates, day="business_date", currency="currency_code")
        .with_columns(
            amount_tiyn=tiyn_of(pl.col("amount_minor"), pl.col("tenge_per_quant"), pl.col("quant"))
        )
    )
    tenge = moved.filter(is_tenge).with_columns(amount_tiyn="amount_minor")
    return pl.concat([tenge, at_a_rate.select(tenge.collect_schema().names())])


def rows_once(rows: pl.LazyFrame, twice: pl.DataFrame | None = None) -> pl.LazyFrame:
    """What `told_by_banks` takes of the rows, each transaction once, so that they can be parted."""
    return rows.drop(_NOT_NEEDED, strict=False).pipe(each_once, twice)


def _sides(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Each row as a transfer from one account to the other, whoever told it."""
    is_debit = pl.col("direction_code") == "debit"
    own, other = pl.col("account_iban"), pl.col("counterparty_iban")
    own_iin, other_iin = pl.col("holder_iin"), pl.col("counterparty_iin")
    is_own = _is_own_a_service()
    is_service = pl.col("operation_code").is_in([*_PAYS_PEOPLE, *_IS_PAID])
    return rows.select(
        "business_date",
        "amount_minor",
        "currency_code",
        "operation_code",
        "institution",
        "transaction_id",
        "region_code",
        is_debit=is_debit,
        at="booked_at",
        from_iban=pl.when(is_debit).then(own).otherwise(other),
        to_iban=pl.when(is_debit).then(other).otherwise(own),
        from_iin=pl.when(is_debit).then(own_iin).otherwise(other_iin),
        to_iin=pl.when(is_debit).then(other_iin).otherwise(own_iin),
        is_from_service=is_service & (is_debit == is_own),
        is_to_service=is_service & (is_debit != is_own),
    )


def _is_own_a_service() -> pl.Expr:
    """The client is the firm that pays the wages or is paid, and not who deals with it."""
    pays = pl.col("operation_code").is_in(_PAYS_PEOPLE) & (pl.col("direction_code") == "debit")
    is_paid = pl.col("operation_code").is_in(_IS_PAID) & (pl.col("direction_code") == "credit")
    return (pays | is_paid) & pl.col("holder_iin").str.contains(_BIN)


def _paired(sides: pl.LazyFrame) -> pl.LazyFrame:
    has_pair = pl.col("from_iban").is_not_null() & pl.col("to_iban").is_not_null()
    ordered = (
        sides.filter(has_pair)
        .sort("at", *_TRANSACTION)
        .with_columns(k=pl.int_range(pl.len()).over(*_PAIR, "is_debit"))
    )
    key = [*_PAIR, "k"]
    both = ordered.filter(pl.col("is_debit")).join(
        ordered.filter(~pl.col("is_debit")),
        on=key,
        how="full",
        coalesce=True,
        validate="1:1",
    )
    told = ["at", "institution", "transaction_id", "from_iin", "to_iin", "region_code"]
    is_plain = pl.col("operation_code") == "transfer"
    operation = pl.coalesce(
        pl.when(~is_plain).then("operation_code"), "operation_code_right", "operation_code"
    )
    paired = both.select(
        *_PAIR,
        *(pl.coalesce(c, f"{c}_right") for c in told),
        operation_code=operation,
        **{
            f"is_{side}_service": pl.any_horizontal(
                pl.col(f"is_{side}_service", f"is_{side}_service_right").fill_null(value=False)
            )
            for side in _SIDES
        },
    )
    alone = sides.filter(~has_pair).select(paired.collect_schema().names())
    return pl.concat([paired, alone])


def _with_nodes(moved: pl.LazyFrame) -> pl.LazyFrame:
    return moved.with_columns(
        **{f"{side}_kind": _kind(side) for side in _SIDES},
    ).with_columns(
        **{f"{side}_id": _id(side) for side in _SIDES},
        transfer_id=pl.concat_str(*_TRANSACTION, separator="/"),
        asset_code="currency_code",
    )


def _kind(side: str) -> pl.Expr:
    iban = pl.col(f"{side}_iban")
    is_cash = pl.col("operation_code").is_in(_CASH) & iban.is_null()
    return (
        pl.when(is_cash)
        .then(pl.lit("cash"))
        .when(pl.col(f"is_{side}_service") | iban.is_null())
        .then(pl.lit("service"))
        .when(~iban.str.starts_with("KZ"))
        .then(pl.lit("abroad"))
        .otherwise(pl.lit("account"))
    )


def _id(side: str) -> pl.Expr:
    kind, iban, iin = (pl.col(f"{side}_{what}") for what in ("kind", "iban", "iin"))
    unnamed = pl.concat_str("operation_code", "institution", separator=" at ")
    return (
        pl.when(kind == "cash")
        .then("cash:" + pl.col("region_code").fill_null("unknown"))
        .when(kind == "service")
        .then("service:" + pl.coalesce(iin, iban, unnamed))
        .when(kind == "abroad")
        .then("abroad:" + iban)
        .otherwise(iban)
    )
