"""Tenge that a bank tells of and an exchange tells of: one movement, to or from a client there.

A bank says that its client topped up an exchange, and not whose account there; the exchange says
which client's money came, and not from where. The k-th of the one and the k-th of the other with
the same person, amount and day are one movement. Without its other half the exchange is a
service, where a trail ends.
"""

import polars as pl

from transforms.periods import civil_date
from transforms.redelivery import earliest

_SAME = ("business_date", "direction_code", "person", "amount_minor", "currency_code")
_BIN = r"^\d{4}[456]\d{7}$"


def with_clients_of_exchanges(told: pl.LazyFrame, fiat_transfers: pl.LazyFrame) -> pl.LazyFrame:
    """Movements told by banks, with the client of the exchange where one told of the same.

    Args:
        told: by banks, each once, between two nodes, with `amount_minor` and `currency_code`.
        fiat_transfers: accepted rows of the same days; those that were not completed, or that
            do not say whose IIN or which way, tie nothing.

    Returns:
        The columns of `told`, in no order.
    """
    columns = told.collect_schema().names()
    ways = told.with_columns(direction_code=_way()).with_columns(person=_person())
    at_exchanges = _nth(_completed(fiat_transfers), "fiat_transfer_id").select(
        *_SAME, "k", client=pl.concat_str("institution", "person", separator="/")
    )
    tied = _nth(ways.drop_nulls("direction_code"), "transfer_id").join(
        at_exchanges, on=[*_SAME, "k"], how="left", validate="1:1"
    )
    alone = ways.filter(pl.col("direction_code").is_null())
    return pl.concat(
        [
            alone.select(columns),
            tied.with_columns(*_client("to", "deposit"), *_client("from", "withdrawal")).select(
                columns
            ),
        ]
    )


def _way() -> pl.Expr:
    """A top-up of an exchange, or a transfer from a firm: what exchanges pay out looks like it."""
    is_topup = (pl.col("operation_code") == "exchange_topup") & (pl.col("to_kind") == "service")
    is_from_firm = (pl.col("operation_code") == "transfer") & pl.col("from_iin").str.contains(_BIN)
    return (
        pl.when(is_topup)
        .then(pl.lit("deposit"))
        .when(is_from_firm)
        .then(pl.lit("withdrawal"))
        .otherwise(pl.lit(None, pl.String))
    )


def _person() -> pl.Expr:
    is_deposit = pl.col("direction_code") == "deposit"
    return pl.when(is_deposit).then("from_iin").otherwise("to_iin")


def _completed(fiat_transfers: pl.LazyFrame) -> pl.LazyFrame:
    is_completed = (pl.col("status_code") == "completed").fill_null(value=True)
    at = pl.coalesce("completed_at", "created_at")
    return (
        fiat_transfers.filter(is_completed)
        .pipe(earliest, ("institution", "fiat_transfer_id"))
        .with_columns(at=at, business_date=civil_date(at), person="user_iin")
        .filter(pl.col("direction_code").is_in(["deposit", "withdrawal"]))
    )


def _nth(movements: pl.LazyFrame, number: str) -> pl.LazyFrame:
    """Those of a known person, numbered among their likes in order of time."""
    return movements.sort("at", number).with_columns(k=pl.int_range(pl.len()).over(_SAME))


def _client(side: str, direction: str) -> list[pl.Expr]:
    """The client in place of the exchange, whose BIN is what the bank tells."""
    is_tied = pl.col("client").is_not_null() & (pl.col("direction_code") == direction)
    client = {"kind": pl.lit("exchange_client"), "id": pl.col("client"), "iin": pl.col("person")}
    return [
        pl.when(is_tied).then(told).otherwise(f"{side}_{what}").alias(f"{side}_{what}")
        for what, told in client.items()
    ]
