"""What a thing was worth on a day: official rates and reference prices, exactly.

Polars multiplies two `Decimal(38, 18)` only as long as the product has at most 38 digits and
raises above, and an `Int128` product wraps without a word. So nothing is multiplied as a
decimal here: each factor is split into its whole and its 18-decimal part, the partial products
are whole `Int128` numbers, and only the last digit asked for is rounded, half up. A result that
does not fit raises.
"""

import polars as pl

from transforms.feeds.cells import QUANTITY
from transforms.redelivery import latest

TENGE = "KZT"
US_DOLLAR = "USD"

_ONE = 10**18
_CENTS = 100
_MOST_INT128 = 1.6e38
_MOST_INT64 = 9.2e18
_TOO_LARGE = 2**64


def cents_of(quantity: pl.Expr, price_usd: pl.Expr) -> pl.Expr:
    """Whole cents of `quantity` units at `price_usd` each; half a cent is rounded up.

    Both are non-negative `QUANTITY`. Exact for every pair of them.

    Raises:
        polars.exceptions.InvalidOperationError: the value does not fit whole cents in Int64.
    """
    quantity_whole, quantity_part = _split(quantity)
    price_whole, price_part = _split(price_usd)
    estimate = quantity.cast(pl.Float64) * price_usd.cast(pl.Float64) * _CENTS
    part = (
        quantity_whole * price_part
        + quantity_part * price_whole
        + quantity_part * price_part // _wide(_ONE)
    )
    half_up = (part + _wide(_ONE // _CENTS // 2)) // _wide(_ONE // _CENTS)
    return _int64(quantity_whole * price_whole * _CENTS + half_up, estimate, _MOST_INT64)


def tiyn_of(amount_minor: pl.Expr, tenge_per_quant: pl.Expr, quant: pl.Expr) -> pl.Expr:
    """Whole tiyn of an amount in minor units of a currency; half a tiyn is rounded up.

    A minor unit is a hundredth in every currency of our feeds, so that the rate for one unit is
    also tiyn for one minor unit.

    Raises:
        polars.exceptions.InvalidOperationError: the value does not fit whole tiyn in Int64.
    """
    rate_whole, rate_part = _split(tenge_per_quant)
    units = quant.cast(pl.Int128)
    amount = amount_minor.cast(pl.Int128)
    estimate = amount_minor.cast(pl.Float64) * tenge_per_quant.cast(pl.Float64)
    twice_parts = 2 * ((amount * rate_part) % _wide(_ONE)) // _wide(_ONE)
    twice = 2 * (amount * rate_whole + amount * rate_part // _wide(_ONE)) + twice_parts
    return _int64((twice + units) // (2 * units), estimate / quant.cast(pl.Float64), _MOST_INT64)


def minor_units_of(value_tiyn: pl.Expr, tenge_per_quant: pl.Expr, quant: pl.Expr) -> pl.Expr:
    """Whole minor units of a currency that a value in tiyn buys; half a unit is rounded up.

    Raises:
        polars.exceptions.InvalidOperationError: the value is over 7 * 10^17 tiyn per `quant`.
    """
    rate = tenge_per_quant.cast(QUANTITY).to_physical()
    twice = 2 * value_tiyn.cast(pl.Int128) * quant.cast(pl.Int128) * _wide(_ONE)
    estimate = 2 * value_tiyn.cast(pl.Float64) * quant.cast(pl.Float64) * _ONE
    return _int64((twice + rate) // (2 * rate), estimate, _MOST_INT128)


def with_rate(
    rows: pl.LazyFrame, rates: pl.LazyFrame, *, day: str, currency: str | None
) -> pl.LazyFrame:
    """`rows` with `rate_on`, `tenge_per_quant`, `quant`: the official rate of the column `day`.

    Days without a rate (weekends) take the last rate before them; `rate_on` says of which day.
    All three are null where there is none yet. Tenge are not in the feed: one for one, any day.

    Args:
        rates: rows of `accepted.exchange_rates`; a day delivered twice counts as last delivered.
        currency: column of the currency; None for US dollars throughout.
    """
    of_currency = pl.lit(US_DOLLAR) if currency is None else pl.col(currency)
    is_tenge = pl.col("_currency") == TENGE
    known = rates.pipe(latest, ("currency_code", "rate_on")).select(
        "rate_on", "tenge_per_quant", "quant", _currency="currency_code"
    )
    return (
        rows.with_columns(_currency=of_currency)
        .pipe(_as_of, known, day=day, known_on="rate_on", by="_currency")
        .with_columns(
            rate_on=pl.when(is_tenge).then(day).otherwise("rate_on"),
            tenge_per_quant=pl.when(is_tenge)
            .then(pl.lit(1).cast(QUANTITY))
            .otherwise("tenge_per_quant"),
            quant=pl.when(is_tenge).then(1).otherwise("quant"),
        )
        .drop("_currency")
    )


def with_price(rows: pl.LazyFrame, prices: pl.LazyFrame, *, day: str) -> pl.LazyFrame:
    """`rows` with `price_on` and `price_usd` of their `asset_code` on the column `day`.

    The last price on or before the day; both are null where there is none yet.
    """
    known = prices.pipe(latest, ("asset_code", "price_on")).select(
        "asset_code", "price_on", "price_usd"
    )
    return rows.pipe(_as_of, known, day=day, known_on="price_on", by="asset_code")


def _as_of(
    rows: pl.LazyFrame, known: pl.LazyFrame, *, day: str, known_on: str, by: str
) -> pl.LazyFrame:
    return rows.sort(day).join_asof(
        known.sort(known_on),
        left_on=day,
        right_on=known_on,
        by=by,
        strategy="backward",
        coalesce=False,
        check_sortedness=False,
    )


def _split(decimal: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    unscaled = decimal.cast(QUANTITY).to_physical()
    return unscaled // _wide(_ONE), unscaled % _wide(_ONE)


def _wide(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.Int128)


def _int64(value: pl.Expr, estimate: pl.Expr, most: float) -> pl.Expr:
    return (
        pl.when(estimate < most)
        .then(value)
        .otherwise(pl.when(estimate.is_not_null()).then(_wide(_TOO_LARGE)))
        .cast(pl.Int64)
    )
