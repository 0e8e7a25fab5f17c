"""Where money crosses from tenge to crypto and back: a P2P order and the transfer that pays it.

At an exchange the crypto goes from the seller to the buyer; the tenge go from the buyer's account
to the account that the order names, at some bank, and nobody says that the two belong together.
They are tied by that account, the exact amount, the time and the payer.

The confidence is *closeness x party x share*, each at most 1:

- closeness is 1 / (1 + distance in time / half-life);
- party is 1 where the payer is the buyer, less where that is not known or it is another;
- share is what this payment weighs among all candidates of its order, or this order among all
  candidates of its payment, whichever is less; a candidate weighs closeness x party.

One candidate at the very second, paid by the buyer, has confidence 1; two alike have a half each.
The measure is this project's: no published one for this tie was found. It ranks and is not a
probability.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from transforms.contracts import Column, Table
from transforms.periods import CIVIL_TIME_ZONE
from transforms.trail.exchange_legs import completed_orders

CROSSINGS = Table(
    name="trail.crossings",
    grain="one P2P order and the transfer that pays for it",
    key=("order_transfer_id",),
    columns=(
        Column(
            "business_date",
            pl.Date(),
            "Day, in Almaty, of both; of the first of the two where midnight lies between them.",
        ),
        Column(
            "order_transfer_id", pl.String(), "The crypto of the order, as in `facts.transfers`."
        ),
        Column("transfer_id", pl.String(), "The payment, as in `facts.transfers`."),
        Column("lag_s", pl.Int64(), "From the payment to the order; negative: after.", "seconds"),
        Column("candidates", pl.Int64(), "Payments that the order could be tied to.", "transfers"),
        Column("confidence", pl.Float64(), "Above 0, at most 1.", unit="ratio"),
    ),
)


@dataclass(frozen=True, slots=True)
class Ties:
    """How far a payment may lie from its order, and what that and its payer count."""

    pays_before: timedelta
    pays_after: timedelta
    half_life: timedelta
    other_payer_share: float
    unknown_payer_share: float
    least_confidence: float


_PAIR = ("transfer_id", "order_transfer_id")


def crossings(transfers: pl.LazyFrame, p2p_orders: pl.LazyFrame, *, ties: Ties) -> pl.LazyFrame:
    """Each order with the payment that fits it best, where it is also the order that fits best.

    Midnight parts nothing: a payment of the evening is tied to its order of the night.

    Args:
        transfers: `facts.transfers` of the days wanted.
        p2p_orders: accepted rows of those days.
        ties: what counts.

    Returns:
        `CROSSINGS`, in order of its key.
    """
    # Sums of floats depend on their order, and a night must find what the night before found.
    candidates = _candidates(transfers, p2p_orders, ties).sort(_PAIR)
    weight = pl.col("weight")
    share = pl.min_horizontal(weight / weight.sum().over(end) for end in _PAIR)
    best = [
        pl.struct(-weight, "lag_abs", other).rank("ordinal").over(end) == 1
        for end, other in (_PAIR, _PAIR[::-1])
    ]
    return (
        candidates.with_columns(
            confidence=weight * share,
            candidates=pl.len().over("order_transfer_id").cast(pl.Int64),
        )
        .filter(*best)
        .select(CROSSINGS.schema.names())
        .sort(CROSSINGS.key)
        .pipe(CROSSINGS.require)
    )


def days_to_tie(told: Iterable[date], known: Iterable[date]) -> list[date]:
    """Days whose `CROSSINGS` can change when these days are told: they, and those beside each.

    Args:
        told: days whose transfers changed.
        known: days that have transfers.
    """
    changed = set(told)
    beside = {near for day in changed for near in days_beside(day)}
    return sorted(changed | beside.intersection(known))


def days_beside(day: date) -> list[date]:
    """The day with the days before and after it, whose rows its `CROSSINGS` rest on."""
    return [day + timedelta(days=n) for n in (-1, 0, 1)]


def crossings_of(
    day: date, transfers: pl.LazyFrame, p2p_orders: pl.LazyFrame, *, ties: Ties
) -> pl.LazyFrame:
    """`CROSSINGS` of one day: the same rows whichever of the days around it was told first.

    Args:
        transfers: `facts.transfers` of `days_beside` the day, as far as they are told.
        p2p_orders: accepted rows of those days.
    """
    start, end = (
        datetime(on.year, on.month, on.day, tzinfo=ZoneInfo(CIVIL_TIME_ZONE)).astimezone(UTC)
        for on in (day, day + timedelta(days=1))
    )
    # A tie of the day reaches so far, and what competes for its two ends as far again.
    reach = ties.pays_before + ties.pays_after
    is_near = pl.col("at").is_between(start - reach, end + reach)
    return crossings(transfers.filter(is_near), p2p_orders, ties=ties).filter(
        pl.col("business_date") == day
    )


def is_sure(ties: Ties) -> pl.Expr:
    """A trail goes over where the tie is at least so confident."""
    return pl.col("confidence") >= ties.least_confidence


def crossed(transfers: pl.LazyFrame, ties_found: pl.LazyFrame, *, ties: Ties) -> pl.LazyFrame:
    """Transfers as a trail follows them: what each side of a tied order gave became what it got.

    The payment leads from the buyer's account to the buyer at the exchange, and the crypto from
    the seller there to the seller's account; so tainted money changes its form and is neither
    doubled nor lost. Both have the confidence of the tie. Orders whose tie is less confident
    than asked for stay as told: tenge lead to the seller, crypto to the buyer.

    Args:
        transfers: `facts.transfers`.
        ties_found: `CROSSINGS` of the same days.
        ties: the least confidence.

    Returns:
        `TRANSFERS`, in no order.
    """
    sure = ties_found.filter(is_sure(ties)).select(*_PAIR, tied="confidence")
    ends = transfers.select("transfer_id", "to_kind", "to_id", "to_iin")
    partner = pl.concat(
        [sure.select("tied", transfer_id=own, partner=other) for own, other in (_PAIR, _PAIR[::-1])]
    ).join(ends, left_on="partner", right_on="transfer_id", how="inner", validate="1:1")
    return (
        transfers.join(partner, on="transfer_id", how="left", suffix="_tied", validate="1:1")
        .with_columns(
            **{
                c: pl.when(pl.col("tied").is_not_null()).then(f"{c}_tied").otherwise(c)
                for c in ("to_kind", "to_id", "to_iin")
            },
            confidence=pl.coalesce("tied", "confidence"),
        )
        .select(transfers.collect_schema().names())
    )


def _candidates(transfers: pl.LazyFrame, p2p_orders: pl.LazyFrame, ties: Ties) -> pl.LazyFrame:
    paid_for = p2p_orders.pipe(completed_orders).select(
        "currency_code",
        "amount_minor",
        "buyer_iin",
        "pay_account_iban",
        order_transfer_id=pl.concat_str("institution", "p2p_order_id", separator="/"),
    )
    orders = (
        transfers.filter(pl.col("operation_code") == "p2p_order")
        .select(ordered_on="business_date", order_at="at", order_transfer_id="transfer_id")
        .join(paid_for, on="order_transfer_id", how="inner", validate="1:1")
        .filter(pl.col("currency_code") == "KZT")
    )
    payments = transfers.filter(
        pl.col("operation_code") == "transfer", pl.col("asset_code") == "KZT"
    ).select("transfer_id", "at", "from_iin", "to_id", "amount_tiyn", paid_on="business_date")
    lag = pl.col("order_at") - pl.col("at")
    closeness = 1 / (1 + lag.abs() / ties.half_life)
    is_buyer = pl.col("from_iin") == pl.col("buyer_iin")
    party = (
        pl.when(is_buyer)
        .then(1.0)
        .when(~is_buyer)
        .then(ties.other_payer_share)
        .otherwise(ties.unknown_payer_share)
    )
    return (
        orders.join(
            payments,
            left_on=["pay_account_iban", "amount_minor"],
            right_on=["to_id", "amount_tiyn"],
            how="inner",
            validate="m:m",
        )
        .filter(lag.is_between(-ties.pays_after, ties.pays_before))
        .with_columns(
            business_date=pl.min_horizontal("ordered_on", "paid_on"),
            lag_s=lag.dt.total_seconds(),
            lag_abs=lag.abs(),
            weight=closeness * party,
        )
    )
