"""Short holds on accounts: blocked by a bank or the Anti-Fraud Centre, which is not arrested."""

import polars as pl

from transforms.contracts import Column, Table
from transforms.droppers.parameters import in_force
from transforms.redelivery import latest
from transforms.regions import region_or_unknown

HOLD = ("hold_id",)

PAYMENT_HOLDS = Table(
    name="facts.payment_holds",
    grain="one hold",
    key=HOLD,
    columns=(
        Column("business_date", pl.Date(), "Day of the last delivery of the hold."),
        Column("hold_id", pl.String(), "Number of the hold."),
        Column("blocked_by_code", pl.String(), "bank, or anti_fraud_centre."),
        Column("bank_bic", pl.String(), "Bank that holds the payment."),
        Column("account_iban", pl.String(), "Account of the payment, IBAN.", is_personal=True),
        Column("region_code", pl.String(), "Where the account is kept: KATO, or unknown."),
        Column("blocked_on", pl.Date(), "First day of the hold."),
        Column(
            "due_on",
            pl.Date(),
            "Last working day of the term in force on its first day; null where none was.",
            nullable=True,
        ),
        Column(
            "status_code",
            pl.String(),
            "held, released to its holder, returned to who was robbed, or arrested by an order.",
        ),
        Column(
            "ended_on",
            pl.Date(),
            "Day on which the hold was ended; null while nobody has told of an end.",
            nullable=True,
        ),
        Column("order_id", pl.String(), "Order that took its place; else null.", nullable=True),
        Column("blocked_tiyn", pl.Int64(), "What was held.", unit="tiyn"),
    ),
)


def payment_holds(
    payment_holds: pl.LazyFrame, *, parameters: pl.DataFrame, holidays: pl.Series
) -> pl.LazyFrame:
    """Each hold with its term and its end.

    Args:
        payment_holds: accepted rows, the whole feed; an end stands whatever is told after it
            without one.
        parameters: dated numbers; `payment_hold_days` in force on the first day is the term.
        holidays: days off on Monday to Friday.

    Returns:
        `PAYMENT_HOLDS`, in order of its key.
    """
    is_ended = pl.col("status_code") != "held"
    ended = payment_holds.filter(is_ended)
    still_held = payment_holds.filter(~is_ended).join(ended, on=HOLD, how="anti")
    term = in_force(parameters, "payment_hold_days", pl.col("blocked_on"))
    return (
        pl.concat([ended, still_held])
        .pipe(latest, HOLD)
        .with_columns(
            region_code=region_or_unknown(pl.col("region_code")),
            due_on=pl.col("blocked_on").dt.add_business_days(
                term, holidays=holidays, roll="backward"
            ),
            ended_on=pl.when(is_ended).then("ended_on"),
            order_id=pl.when(pl.col("status_code") == "arrested").then("order_id"),
        )
        .select(PAYMENT_HOLDS.schema.names())
        .sort(HOLD)
        .pipe(PAYMENT_HOLDS.require)
    )
